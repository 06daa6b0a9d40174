"""What the command explore prints."""

import json

import pytest
from commandline import GUIDE, SOUND, run, told

from pytest_botpenguin_otp import contracts


def test_explore():
    """Figures, bounds, whether all was seen, how chats come out, and what is never reached; for every profile."""
    result = run("explore", str(SOUND))

    assert result.exit_code == 0
    assert result.stdout.count("  exhaustive: yes\n") == 5
    assert "  within: faults <= 2, " in result.stdout
    assert "  comes out: end_chat, verified, such as otp1-" in result.stdout
    assert "  never reached: welcome" in result.stdout.partition("status-envelope")[2]
    assert result.stderr == ""


def test_a_budget_is_told():
    """What cut a search is never hidden."""
    result = run("explore", str(SOUND), "--profile", "mismatch-400", "--states", "9")

    assert "exhaustive: no: cut by the budget of 9 states" in result.stdout
    assert "  not seen within the budget: welcome" in result.stdout
    assert "never" not in result.stdout
    assert (result.exit_code, run("explore", str(SOUND), "--profile", "mismatch-400").exit_code) == (1, 0)


def test_a_budget_of_memory():
    """Memory is a budget as well."""
    result = run("explore", str(SOUND), "--profile", "pessimist", "--faults", "5", "--megabytes", "1")

    assert "exhaustive: no: cut by the budget of 1 megabytes" in result.stdout
    assert result.exit_code == 1


@pytest.mark.parametrize(("budget", "words"), [("9", "not seen within the budget"), ("9000", "never")])
def test_what_a_budget_hides_is_not_called_never(budget, words):
    """What was not looked at may still be reached: only a whole search says never."""
    args = ("explore", str(SOUND), "--profile", "mismatch-400", "--states", budget)
    lines = [line.strip() for line in run(*args).stdout.splitlines() if "seen within" in line or "never" in line]
    found = json.loads(run(*args, "--json").stdout)["profiles"]["mismatch-400"]
    cut = budget == "9"

    assert all(line.startswith(words) for line in lines)
    assert bool(lines) == cut
    assert {"unseen_mapped", "unseen_reached"}.isdisjoint(found) != cut
    assert {"never_mapped", "never_reached"}.isdisjoint(found) == cut


def test_a_cut_check_fails():
    """A bot of which only a part was seen is not checked: the command says so and leaves with 1."""
    assert run("check", str(SOUND), "--profile", "mismatch-400").exit_code == 0
    for budget, words in (("--states", "9 states"), ("--seconds", "0 seconds")):
        cut = run("check", str(SOUND), "--profile", "mismatch-400", budget, words[0])
        assert (cut.exit_code, f"ended by the budget of {words}" in cut.stdout) == (1, True)


def test_a_cut_check_tells_each_search():
    """A budget is one for each profile, and so is what was seen within it."""
    cut = run("check", str(SOUND), "--states", "9")

    assert "the budget of 9 states (under mismatch-400 after 9, under mismatch-200 after 9, " in cut.stdout


def test_a_cut_diff_fails(tmp_path):
    """So it is where two bots are compared."""
    other = tmp_path / "other.bot.yaml"
    other.write_text(SOUND.read_text(encoding="utf-8").replace("Welcome!", "Hello!"), encoding="utf-8")
    cut = run("diff", str(SOUND), str(other), "--profile", "mismatch-400", "--states", "3")

    assert (cut.exit_code, "cut by the budget of 3 states" in cut.stdout) == (1, True)


def test_as_json():
    """The same for machines."""
    document = json.loads(run("explore", str(GUIDE), "--profile", "pessimist", "--json").stdout)
    found = document["profiles"]["pessimist"]

    assert contracts.check("output/explore", document) == ()
    assert document["format"] == "botpenguin-otp/explore@1"
    assert (found["exhaustive"], found["cut"]) == (True, [])
    assert {"ended": "end_chat", "verified": True, "token": "otp1-SnAtn"} in found["outcomes"]
    assert len(found["mappings"]) == 6


def test_replay():
    """A token is played again as people read it, and one that leads nowhere is told."""
    result = run("explore", str(GUIDE), "--replay", "otp1-SnAts401")

    assert "fault    botpenguin verify: status 401" in result.stdout
    assert "is not offered here" in told(run("explore", str(GUIDE), "--replay", "otp1-Sr"))


@pytest.mark.parametrize(
    "args", [("missing.bot.yaml",), (str(GUIDE), "--profile", "nobody"), (str(GUIDE), "--seconds", "nan")]
)
def test_what_cannot_be_used(args):
    """A wrong file, profile or number ends with 2 and a sentence."""
    result = run("explore", *args)

    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
