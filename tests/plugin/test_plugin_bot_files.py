"""Bot files under pytest: one item per rule, explored once, with the chat that breaks it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_botpenguin_otp.profile import PROFILES, to_json
from pytest_botpenguin_otp.rules import CATALOGUE, DECIDABLE

pytestmark = pytest.mark.usefixtures("no_sockets")

TESTS = Path(__file__).parents[1]
BOTS = TESTS / "bots"


@pytest.fixture
def broken(project):
    """Put a bot into the project that breaks AU02; its properties are looked at elsewhere."""
    project.ini("otp_no_properties = true")
    shutil.copy(BOTS / "AU02-breaks.bot.yaml", project.path / "login.bot.yaml")
    return project


def test_one_item_per_rule(broken):
    """Each rule that can be decided on a bot is an item, and advice and promises of the tool are none."""
    told = broken.run("login.bot.yaml", "--collect-only", "-q").stdout.str()

    assert [line for line in told.splitlines() if "::" in line] == [f"login.bot.yaml::{code}" for code in DECIDABLE]
    assert "LK06" not in told


def test_only_where_named(broken):
    """A folder of bots turns no suite red; a path or the setting otp_bots collects them."""
    assert broken.run().ret == pytest.ExitCode.NO_TESTS_COLLECTED
    broken.ini("otp_bots = *.bot.yaml", "otp_no_properties = true")
    assert "login.bot.yaml::AU02" in broken.run("--collect-only", "-q").stdout.str()
    broken.ini("otp_bots = other/*.bot.yaml", "otp_no_properties = true")
    assert broken.run("--collect-only", "-q").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_failure_tells_all(broken):
    """The rule, why it matters, the chat with its times and calls, the remedy, and how to play it again."""
    result = broken.run("login.bot.yaml")
    told = result.stdout.str()

    result.assert_outcomes(failed=1, passed=len(DECIDABLE) - 2, skipped=1)
    for part in (
        "login.bot.yaml:36: AU02 (critical) After 'verify', someone is let in",
        "    why: Services may answer a wrong code with 200",
        "let an If/Else behind the 200 decide by it.",
        "5.0 s  call     Verify OTP: POST",
        "bot      Welcome!",
        "    play it again: botpenguin-otp explore ",
        " --replay otp1-",
        "FAILED login.bot.yaml::AU02",
    ):
        assert part in told
    assert "Traceback" not in told


def test_counterexamples_are_saved(broken):
    """The chat file fails until the bot is mended."""
    broken.run("login.bot.yaml", "-k", "AU02", "--otp-save-counterexamples", "found")
    (file,) = (broken.path / "found").iterdir()

    assert file.name == "test_login_AU02_36.chat.yaml"
    broken.run("found").assert_outcomes(failed=1)
    shutil.copy(BOTS / "AU02-keeps.bot.yaml", broken.path / "login.bot.yaml")
    broken.run("found").assert_outcomes(passed=1)


def test_switched_off(broken):
    """A rule that the bot switches off is skipped, with the reason from the file."""
    run = broken.run("login.bot.yaml", "-k", "LK08", "-rs")

    run.assert_outcomes(skipped=1, deselected=len(DECIDABLE) - 1)
    run.stdout.fnmatch_lines(
        ["SKIPPED*switched off in login.bot.yaml: A newsletter; a code that the platform can read*"]
    )


def test_strict(broken):
    """What only an own backend can mend fails where it is strict, and is told beside a pass otherwise."""
    passing = broken.run("login.bot.yaml", "-k", "AU12", "-rA")

    passing.assert_outcomes(passed=1, deselected=len(DECIDABLE) - 1)
    assert "AU12 (high)" in passing.stdout.str()
    broken.run("login.bot.yaml", "-k", "AU12", "--otp-strict").assert_outcomes(failed=1, deselected=len(DECIDABLE) - 1)


def test_a_mapping_that_nothing_leads_to_fails(broken):
    """What must be possible, and never is, fails an item of its own."""
    shutil.copy(BOTS / "SO02-breaks.bot.yaml", broken.path / "login.bot.yaml")
    run = broken.run("login.bot.yaml", "-k", "SO02")

    run.assert_outcomes(failed=1, deselected=len(DECIDABLE) - 1)
    assert "No chat comes to what 'verify_2' maps" in run.stdout.str()


def test_a_profile_is_chosen(broken):
    """Where the user names a profile, what holds under it counts."""
    shutil.copy(BOTS / "AU04-breaks.bot.yaml", broken.path / "login.bot.yaml")
    kept = broken.run("login.bot.yaml", "-k", "AU04")
    named = broken.run("login.bot.yaml", "-k", "AU04", "--otp-profile", "pessimist")

    kept.assert_outcomes(passed=1, deselected=len(DECIDABLE) - 1)
    named.assert_outcomes(failed=1, deselected=len(DECIDABLE) - 1)


def test_a_profile_is_named_as_the_user_did(broken):
    """The command that plays a chat again has the path of a profile of the user's own."""
    ours = to_json(replace(PROFILES["mismatch-200"], name="ours"))
    (broken.path / "ours.json").write_text(json.dumps(ours), encoding="utf-8")
    told = broken.run("login.bot.yaml", "-k", "AU02", "--otp-profile", "ours.json").stdout.str()

    assert "play it again: botpenguin-otp explore login.bot.yaml --profile ours.json --replay otp1-" in told


def test_a_budget(broken):
    """A search that was cut fails however lenient, and no rule that it decides passes."""
    cut = broken.run("login.bot.yaml", "--otp-states", "5", "-rs", "-v")
    told = cut.stdout.str()

    assert cut.ret == pytest.ExitCode.TESTS_FAILED
    assert "the budget of 5 states" in told
    assert "not proved: the search was cut" in told
    assert "::SO03 FAILED" in told
    decided = [code for code in DECIDABLE if "exploration" in CATALOGUE[code].decided]
    assert [code for code in decided if f"::{code} PASSED" in told] == []
    cut.assert_outcomes(failed=1, skipped=len(decided), passed=len(DECIDABLE) - len(decided) - 1)


@pytest.mark.parametrize("name", ["states", "seconds", "megabytes"])
@pytest.mark.parametrize("states", ["x", "0", "-1", "1.5"])
def test_a_budget_that_is_none(broken, name, states):
    """A budget that is no whole number of at least 1 is refused, before anything runs."""
    refused = broken.run("login.bot.yaml", f"--otp-{name}={states}", "--otp-seed=1")

    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    assert "wants a whole number of at least 1" in refused.stderr.str()
    alone = broken.run("login.bot.yaml", f"--otp-{name}={states}")
    assert alone.ret != pytest.ExitCode.OK
    assert "wants a whole number of at least 1" in alone.stdout.str() + alone.stderr.str()


def test_saved_under_names_of_their_own(broken):
    """Bots of one name in two folders, or with a dot in it, are saved apart; a second run writes the same files."""
    for name in ("a/login.bot.yaml", "b/login.bot.yaml", "login.v2.bot.yaml"):
        (broken.path / name).parent.mkdir(exist_ok=True)
        shutil.copy(BOTS / "AU02-breaks.bot.yaml", broken.path / name)
    words = ("a/login.bot.yaml", "b/login.bot.yaml", "login.v2.bot.yaml", "login.bot.yaml")
    for _ in range(2):
        broken.run(*words, "-k", "AU02", "--otp-profile=mismatch-200", "--otp-save-counterexamples", "found")

    assert len(list((broken.path / "found").iterdir())) == len(words)


def test_names_with_blanks_and_quotes(broken):
    """A bot is found, and its chat finds it, whatever stands in the names of its file and folder."""
    bot = broken.path / "my bots" / 'the "old" Gr\u00fc\u00dfe.bot.yaml'
    bot.parent.mkdir()
    shutil.copy(BOTS / "AU02-breaks.bot.yaml", bot)
    broken.run("--otp-bots=my bots/*.bot.yaml", "-k", "AU02", "--otp-save-counterexamples", "found").assert_outcomes(
        failed=1, deselected=len(DECIDABLE) - 1
    )

    broken.run("found").assert_outcomes(failed=1)


def test_a_profile_of_ones_own_is_told_in_the_file(broken):
    """A chat that fails under a profile that no chat file can name for every folder says which one it wants."""
    ours = to_json(replace(PROFILES["mismatch-200"], name="ours"))
    (broken.path / "ours.json").write_text(json.dumps(ours), encoding="utf-8")
    broken.run("login.bot.yaml", "-k", "AU02", "--otp-profile=ours.json", "--otp-save-counterexamples", "found")
    (file,) = (broken.path / "found").iterdir()

    assert "\n# It fails under this profile: --otp-profile ours.json\n" in file.read_text(encoding="utf-8")
    broken.run("found", "--otp-profile=ours.json").assert_outcomes(failed=1)


def test_a_file_of_somebody_else_is_kept(broken):
    """What the plugin did not write is never overwritten, and that is told."""
    theirs = broken.path / "found" / "test_login_AU02_36.chat.yaml"
    theirs.parent.mkdir()
    theirs.write_text("mine\n", encoding="utf-8")
    told = broken.run("login.bot.yaml", "-k", "AU02", "--otp-save-counterexamples", "found").stdout.str()

    assert theirs.read_text(encoding="utf-8") == "mine\n"
    assert "not written to found" in told


def test_a_file_that_cannot_be_read(project):
    """A fault in a bot is told without a traceback."""
    project.changed_bot(("next: ask_code}", "next: ask_cod}"), name="bad.bot.yaml")
    told = project.run("bad.bot.yaml").stdout.str()

    assert "Did you mean 'ask_code'?" in told
    assert "Traceback" not in told


def test_a_switch_for_no_rule_is_told(broken):
    """A switch for a rule that has no item is told by the last one, and fails with `--otp-strict`."""
    bot = broken.path / "login.bot.yaml"
    text = bot.read_text(encoding="utf-8").replace("ignore: [", 'ignore: [{rule: ZZ99, reason: "?"}, ')
    bot.write_text(text, encoding="utf-8")
    result = broken.run(f"login.bot.yaml::{DECIDABLE[-1]}", "--otp-strict")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*switches ZZ99 off, and there is no such rule*"])
