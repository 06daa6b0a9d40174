"""What a finding means for the exit code."""

from dataclasses import replace

import pytest

from pytest_botpenguin_otp.rules import HEADINGS, NEEDS, Finding, exit_code, grouped, judge

FINDING = Finding.of("AU02", "a.bot.yaml:3", "Told.")
TABLE = [
    ({}, None, "fails"),
    ({"fix": "F"}, None, "fails"),
    ({"fix": "C", "severity": "high"}, None, "fails"),
    ({"severity": "medium"}, None, "advice"),
    ({"severity": "info", "fix": ""}, None, "advice"),
    ({"fix": ""}, None, "advice"),
    ({"fix": "B"}, None, "own backend"),
    ({"fix": "F/B"}, None, "in part"),
    ({"fix": "C/B", "severity": "low"}, None, "in part"),
    ({"fix": "B", "needs": "codes that come as numbers"}, None, "if BotPenguin"),
    ({"fix": "C/B", "needs": "text that is pasted into a body unescaped"}, None, "if BotPenguin"),
    ({"fix": "B", "needs": "typed references that are filled in"}, None, "if BotPenguin"),
    ({"fix": "F/B", "needs": "attributes left over from an earlier chat"}, None, "if BotPenguin"),
    ({"fix": "B", "profiles": ("pessimist",)}, None, "if BotPenguin"),
    ({"fix": "C/B", "needs": "codes that come as numbers", "profiles": ("numeric-code",)}, "numeric-code", "in part"),
    ({"fix": "B", "needs": "more than one chat"}, None, "own backend"),
    ({"profiles": ("mismatch-200", "pessimist")}, None, "fails"),
    ({"profiles": ("pessimist",)}, None, "if BotPenguin"),
    ({"profiles": ("pessimist",)}, "pessimist", "fails"),
    ({"profiles": ("mismatch-400",)}, "pessimist", "if BotPenguin"),
    ({"needs": "a user's odd input"}, None, "fails"),
    ({"needs": "one fault"}, None, "fails"),
    ({"needs": "several faults"}, None, "fails"),
    ({"needs": "a service that lies"}, None, "if BotPenguin"),
    ({"needs": "a service that lies"}, "pessimist", "if BotPenguin"),
    ({"needs": "a service that lies"}, "mismatch-400", "if BotPenguin"),
    ({"needs": "codes that come as numbers"}, None, "if BotPenguin"),
    ({"needs": "another rendering of the phone"}, None, "if BotPenguin"),
    ({"needs": "answers that are kept when they come too early"}, None, "if BotPenguin"),
    ({"needs": "a next step for calls without an answer"}, "pessimist", "if BotPenguin"),
    ({"needs": "codes that come as numbers", "profiles": ("numeric-code",)}, "numeric-code", "fails"),
    ({"needs": "codes that come as numbers", "profiles": ("numeric-code",)}, "mismatch-400", "if BotPenguin"),
    ({"rule": "SO03", "fix": "", "severity": "high"}, None, "fails"),
    ({"rule": "SO03", "fix": "", "severity": "high"}, "pessimist", "fails"),
    ({"needs": "attributes left over from an earlier chat"}, "pessimist", "if BotPenguin"),
    ({"needs": "more than one chat"}, None, "if BotPenguin"),
]


@pytest.mark.parametrize(("changes", "profile", "verdict"), TABLE)
def test_judge(changes, profile, verdict):
    """Only what the flow or a setting mends, and what can happen to anyone, fails; strict fails on all."""
    finding = replace(FINDING, **changes)

    assert judge(finding, profile) == verdict
    assert exit_code([finding], profile) == (verdict == "fails")
    assert exit_code([finding], profile, strict=True) == 1


def test_nothing_found():
    """Without a finding nothing fails, however strict."""
    assert exit_code([], strict=True) == 0
    assert grouped([]) == {}


def test_grouped():
    """What fails comes first, the rest in the order of the headings."""
    listed = [replace(FINDING, fix="B"), replace(FINDING, severity="low"), FINDING]

    assert list(grouped(listed)) == ["fails", "own backend", "advice"]
    assert list(HEADINGS) == ["fails", "in part", "own backend", "if BotPenguin", "advice"]
    assert set(NEEDS.values()) == {"always", "named", "never"}


def test_of():
    """A finding brings along what the catalogue says, and knows its file and line."""
    assert (FINDING.severity, FINDING.fix, FINDING.needs) == ("critical", "C/F", "nothing")
    assert FINDING.why
    assert FINDING.remedy
    assert (FINDING.file, FINDING.line) == ("a.bot.yaml", 3)
