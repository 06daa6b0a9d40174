"""What a bot switches off, and what is told of a switch that switches nothing off."""

import pytest
from checking import BOTS

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.rules import STATIC, check_file, judge, settle

SOUND = (BOTS / "SO01-keeps.bot.yaml").read_text(encoding="utf-8")
IGNORE = 'ignore: [{rule: LK08, reason: "A newsletter; a code that the platform can read is enough."}'


def switching(old, new):
    """Return the sound bot with a text replaced."""
    assert old in SOUND
    return bots.parse(SOUND.replace(old, new))


def test_switches():
    """A switch leaves out its rule; one that switches nothing off, or no rule at all, is told."""
    ignore = 'ignore: [{rule: LK08, reason: "Fine."}'
    more = f'{ignore}, {{rule: AB07, reason: "Abroad."}}, {{rule: AB02, reason: "Later."}}, {{rule: LK98, reason: "?"}}'
    found = check_file(switching(IGNORE, more))
    unused, unknown = (finding for finding in found if finding.rule != "LK04")

    assert (unused.rule, unused.place) == ("AB07", "bot.yaml:1")
    assert "does not break it. Take the switch out" in unused.message
    assert "there is no such rule. Did you mean 'LK0" in unknown.message
    assert {judge(unused), judge(unknown)} == {"advice"}


@pytest.mark.parametrize("code", ["LK06", "SE04", "ER08"])
def test_switches_of_what_no_bot_decides(code):
    """A switch for a promise of the tool itself switches nothing off, and that is told."""
    (found,) = settle(switching("rule: LK08", f"rule: {code}"), (), STATIC)

    assert (found.rule, found.severity) == (code, "low")
    assert "is decided on no bot anyway" in found.message


def test_only_decided_rules_have_unused_switches():
    """Of a rule that was not decided nobody knows whether the switch is used."""
    bot = switching("rule: LK08", "rule: AB02")

    assert settle(bot, (), STATIC) == ()
    assert [finding.rule for finding in settle(bot, (), ["AB02"])] == ["AB02"]
