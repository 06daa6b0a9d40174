"""What the commands check and rules print of rules and findings."""

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from checking import check_all
from commandline import GUIDE, run, told

import pytest_botpenguin_otp
from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.profile import PROFILES, to_json
from pytest_botpenguin_otp.report import findings as report
from pytest_botpenguin_otp.report.folding import folded
from pytest_botpenguin_otp.rules import CATALOGUE, HEADINGS, Finding

BOTS = Path(__file__).parents[1] / "bots"
FINDING = Finding.of("AU02", "a,b.bot.yaml:3", "50 % off\nor so.")


def test_rules():
    """Every rule with its title, by family, and what the columns mean."""
    result = run("rules")

    assert result.exit_code == 0
    for rule in CATALOGUE.values():
        assert f"  {rule.code}  {rule.severity:<8}  {rule.fix or '-':<3}  {rule.title}\n" in result.stdout
    assert "AU: who becomes verified" in result.stdout
    assert "  B         an own backend;" in result.stdout
    assert result.stdout.isascii()


@pytest.mark.parametrize("code", CATALOGUE)
def test_one_rule(code):
    """Why it matters, what to do, who mends it, how it is decided, by which standards."""
    result, rule = run("rules", code), CATALOGUE[code]

    assert result.exit_code == 0
    for text in (f"{code} ({rule.severity})", rule.why, rule.remedy, *rule.reasons, "measured against"):
        assert text in result.stdout
    assert ("nothing in the bot" in result.stdout) == (rule.fix == "")


def test_rules_as_json():
    """The same for machines."""
    every, one = (json.loads(run("rules", *args, "--json").stdout) for args in ((), ("au12",)))

    assert every["format"] == one["format"] == "botpenguin-otp/rules@1"
    assert [rule["code"] for rule in every["rules"]] == list(CATALOGUE)
    assert one["rules"] == [rule for rule in every["rules"] if rule["code"] == "AU12"]


def test_no_such_rule():
    """A typo is told with the nearest fit."""
    assert "There is no rule 'AU1'. Did you mean" in told(run("rules", "AU1"))


def test_check_lists_the_rest_under_headings(monkeypatch):
    """What fails comes first; what the bot cannot mend, and what is unsure, follows under its heading."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    result = run("check", str(GUIDE))
    lines = [line for line in result.stdout.splitlines() if line.rstrip(":") in HEADINGS.values()]

    assert lines == ["needs an own backend:", "if BotPenguin ...:", "worth a look:"]
    unsure = result.stdout.partition("if BotPenguin ...:")[2]
    (number,) = (line for line in unsure.splitlines() if ": IN04 (" in line)
    assert number.endswith(" [takes: attributes left over from an earlier chat, and codes that come as numbers]")
    assert "[takes: a next step for calls without an answer]" in result.stdout
    assert "    takes: a next step for calls without an answer" in run("check", str(GUIDE), "--verbose").stdout
    assert result.stderr == ""


def test_chats_of_what_is_listed():
    """What fails has its chat; what is listed has one line, and its chat where all are asked for."""
    shown = {way: run("check", str(GUIDE), *way).stdout for way in ((), ("--verbose",))}

    for way, text in shown.items():
        assert f"{': AU02 (critical)'}" in text
        assert text.count("    play it again: ") > (2 if way else 0)
        assert ("The chats that show what is listed" in text) == (not way)
    listed = shown[()].partition("the flow can do part of it:")[2].splitlines()
    assert not [line for line in listed if line.startswith("    ")]


def test_rounds_are_folded():
    """Rounds that differ in times and numbers alone are told once; two alike are left as they are."""
    say = "           bot      Again?"
    rounds = [line for number in range(1, 6) for line in (f" {number}.0 s user     [code {number}]", say)]

    assert list(folded(rounds)) == [*rounds[:2], "           ... the same again, 4 times"]
    assert list(folded(["begin", *rounds[:4], "end"])) == ["begin", *rounds[:4], "end"]
    assert list(folded([*rounds[:6], "end"]))[-2:] == ["           ... the same again, 2 times", "end"]
    assert list(folded([])) == []


def test_the_catalogue_as_a_document():
    """The Markdown beside the rules is what the command prints; one rule can be printed so, too."""
    printed = run("rules", "--markdown").stdout

    assert printed == (Path(pytest_botpenguin_otp.__file__).parent / "rules" / "README.md").read_text(encoding="utf-8")
    assert [line[4:8] for line in printed.splitlines() if line.startswith("### ")] == list(CATALOGUE)
    assert run("rules", "AU12", "--markdown").stdout.count("### ") == 1


def test_check_strictly():
    """What is listed fails where it is strict; of a bot with an own backend that is what its yes leaves open."""
    listed, kept = str(BOTS / "LK08-breaks.bot.yaml"), str(BOTS / "LK08-keeps.bot.yaml")

    assert [run("check", listed).exit_code, run("check", listed, "--strict").exit_code] == [0, 1]
    assert [run("check", kept).exit_code, run("check", kept, "--strict").exit_code] == [0, 1]
    assert [finding["rule"] for finding in json.loads(run("check", kept, "--json").stdout)["listed"]] == ["SO03"]


@pytest.mark.parametrize("code", ["SO01", "SO02"])
def test_what_proves_nothing_fails(code):
    """A bot that lets nobody in, or of which a mapping is never come to, keeps all else, and fails the check."""
    breaks, keeps = (run("check", str(BOTS / f"{code}-{kind}.bot.yaml"), "--json") for kind in ("breaks", "keeps"))

    assert [finding["rule"] for finding in json.loads(breaks.stdout)["findings"]] == [code]
    assert (breaks.exit_code, keeps.exit_code) == (1, 0)


def test_a_key_that_the_documented_call_does_not_have(tmp_path):
    """Where a call is refused for a key of its own, the key is named, and the refusal called an assumption."""
    sound = (BOTS / "SO01-keeps.bot.yaml").read_text(encoding="utf-8")
    path = tmp_path / "lang.bot.yaml"
    path.write_text(re.sub(r"(?m)^( *)(toNumber: .*)$", r"\1\2\n\1lang: en", sound, count=1), encoding="utf-8")
    (found,) = json.loads(run("check", str(path), "--profile", "mismatch-400", "--json").stdout)["findings"]

    assert (found["rule"], found["line"]) == ("SO01", 5)
    assert "Send OTP sends 'lang', which the documented request does not have" in found["message"]
    assert "every profile assumes" in found["message"]


def test_check_under_a_profile():
    """A profile can be named, and a wrong name is told."""
    assert run("check", str(GUIDE), "--profile", "pessimist").exit_code == 1
    assert "There is no profile" in told(run("check", str(GUIDE), "--profile", "pesimist"))


def test_check_as_json():
    """One object for each finding, with all there is to it; what fails apart from the rest."""
    document = json.loads(run("check", "--json", str(GUIDE)).stdout)
    first = document["findings"][0]

    assert contracts.check("output/check", document) == ()
    assert {finding["verdict"] for finding in document["findings"]} == {"fails"}
    assert {finding["rule"] for finding in document["listed"]} == {
        "AB02",
        "AB07",
        "AU04",
        "AU12",
        "ER01",
        "ER09",
        "IN04",
        "LK04",
        "LK08",
    }
    assert (first["file"], first["rule"], first["severity"], first["fix"]) == (str(GUIDE), "AU13", "high", "F")
    assert first["profiles"] == list(PROFILES)
    named = json.loads(run("check", "--json", str(GUIDE), "--profile", "pessimist").stdout)
    assert {name for finding in named["findings"] for name in finding["profiles"]} == {"pessimist"}
    assert {"line", "message", "why", "remedy", "profiles", "needs", "counterexample", "token", "chat"} <= first.keys()


def test_on_github(monkeypatch):
    """Each finding is an annotation on stderr: an error where it fails, else a notice."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    lines = run("check", "--json", str(GUIDE)).stderr.splitlines()

    kinds = [line.partition(" ")[0] for line in lines]
    assert (kinds.count("::error"), kinds.count("::notice"), len(lines)) == (4, 9, 13)
    assert f"::error file={GUIDE},line=26,title=AU13::Send OTP runs before the phone number" in lines[1]


def test_annotations_are_escaped():
    """What would end a command early is written as GitHub wants it."""
    assert list(report.for_github([FINDING])) == [
        "::error file=a%2Cb.bot.yaml,line=3,title=AU02::50 %25 off%0Aor so.",
    ]


BROKEN = sorted({path.name for path in BOTS.glob("*-breaks.bot.yaml")})


@pytest.mark.parametrize("name", BROKEN)
def test_the_command_that_is_printed_shows_it(name):
    """What a finding prints to play it again plays that very chat, whichever profiles it holds under."""
    shown = [one for one in check_all(BOTS / name).findings if one.rule == name[:4] and one.token is not None]
    for finding in shown:
        line = next(line for line in report.told(finding) if "play it again: " in line)
        program, *words = shlex.split(line.partition("play it again: ")[2])
        result = run(*words)

        assert (program, result.exit_code) == ("botpenguin-otp", 0), result.output
        assert [line.rstrip() for line in result.stdout.splitlines()] == [
            line.rstrip() for line in finding.counterexample
        ]
    assert shown or "exploration" not in CATALOGUE[name[:4]].decided or name[:4] in ("AU06", "IN11", "SO01", "SO02")


def test_a_profile_that_has_a_path(tmp_path):
    """A profile of the user's own is named by the path at which it is, so that the command works when it is pasted."""
    path = tmp_path / "our own.json"
    path.write_text(json.dumps(to_json(replace(PROFILES["mismatch-200"], name="ours"))), encoding="utf-8")
    printed = run("check", str(BOTS / "AU02-breaks.bot.yaml"), "--profile", str(path)).stdout
    command = printed.partition("play it again: botpenguin-otp ")[2].splitlines()[0]

    assert f" --profile '{path}' --replay otp1-" in command
    assert "Welcome!" in run(*shlex.split(command)).stdout


def test_a_counterexample_is_told():
    """The chat that shows it, the profiles under which it holds, and how to play it again under the one it is from."""
    found = replace(FINDING, profiles=("mismatch-200", "pessimist"), counterexample=("user: 1", "bot: Welcome!"))
    lines = list(report.lines([replace(found, token="otp1:x", under="pessimist")]))
    usual = replace(found, token="otp1:x", under="mismatch-400")

    assert lines[1:] == [
        "    holds under: mismatch-200, pessimist",
        "    user: 1",
        "    bot: Welcome!",
        f"    play it again: botpenguin-otp explore {FINDING.file} --profile pessimist --replay otp1:x",
    ]
    assert report.replaying(usual) == f"botpenguin-otp explore {FINDING.file} --replay otp1:x"


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ((1, 0, 0, 0), "1 file checked: nothing found."),
        ((2, 0, 0, 1), "2 files checked: nothing that fails, 1 listed."),
        ((1, 0, 1, 0), "1 file checked: 1 finding."),
        ((1, 0, 2, 3), "1 file checked: 2 findings, and 3 listed."),
        ((1, 2, 0, 3), "1 file checked: 2 faults to mend first."),
    ],
)
def test_summary(figures, sentence):
    """The last line counts what fails, and what is only listed."""
    assert report.summary(*figures) == sentence
