"""Property items of bot files: told in a bot author's words, with a chat to paste, and nothing of Hypothesis' own."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import settings

from pytest_botpenguin_otp.botpenguin import TOKEN
from pytest_botpenguin_otp.collecting_properties import NAMES
from pytest_botpenguin_otp.explorer.services import stream
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES, to_json
from pytest_botpenguin_otp.rules import DECIDABLE

pytestmark = pytest.mark.usefixtures("no_sockets")

BOT = "phone-login.bot.yaml"
HASTY = ("delay: 5", "delay: 1")
FEW = """
from hypothesis import settings
settings.register_profile("few", max_examples=5, derandomize=False)
settings.register_profile("fixed", max_examples=5, derandomize=True)
settings.load_profile("{}")
"""
CODES = [code for seed in range(64) for code in stream(PROFILES[DEFAULT], seed, 2)]


@pytest.fixture
def few(project):
    """Let few examples be tried, the same in every run."""
    project.file("conftest.py", FEW.format("fixed"))
    yield project
    settings.load_profile("ours")


def ids(told):
    """Return the items that were listed."""
    return [line.partition("::")[2] for line in told.splitlines() if "::" in line]


def test_one_item_per_property(project):
    """After the rules each property is an item; one option, or its ini twin, leaves them out."""
    wanted = [f"property[{name}]" for name in NAMES]
    told = project.run(BOT, "--collect-only", "-q").stdout.str()
    without = project.run(BOT, "--collect-only", "-q", "--otp-no-properties").stdout.str()
    project.ini("otp_no_properties = true")

    assert ids(told) == [*DECIDABLE, *wanted]
    assert ids(without) == list(DECIDABLE)
    assert ids(project.run(BOT, "--collect-only", "-q").stdout.str()) == list(DECIDABLE)


def test_a_sound_bot_passes(few):
    """All of them pass, chosen with -k, and JUnit has them by name."""
    few.run(BOT, "-k", "property", "--junitxml=told.xml").assert_outcomes(passed=6, deselected=len(DECIDABLE))

    assert 'name="property[metamorphic]"' in (few.path / "told.xml").read_text(encoding="utf-8")


def test_chats_are_saved(few):
    """Asked for, the chat that breaks a property is written as a file beside those of rules; it fails until mended."""
    name = few.changed_bot(HASTY)
    told = few.run(f"{name}::property[timing]", "--otp-save-counterexamples", "found").stdout.str()
    (file,) = (few.path / "found").iterdir()

    assert file.name == "test_changed_property_timing.chat.yaml"
    assert f"    written to found/{file.name}" in told
    few.run("found").assert_outcomes(failed=1)
    (few.path / name).write_text((few.path / BOT).read_text(encoding="utf-8"), encoding="utf-8")
    few.run("found").assert_outcomes(passed=1)


def test_a_failure_is_told_in_plain_words(few):
    """What was promised, what happened, what helps, the chat; neither a dump nor anything sensitive."""
    name = few.changed_bot(HASTY)
    result = few.run(f"{name}::property[timing]")
    told = result.stdout.str()

    result.assert_outcomes(failed=1)
    for part in (
        "changed.bot.yaml:48: property timing does not hold under the profile mismatch-400",  # as README has it
        "    promised: 5 s pass between a send and its verify, 2 s before another one",
        "    happened: verified 1 s after the send; the guide asks for 5 s (in Verify OTP)",
        "    remedy: Set the component's delay to 5 ",
        '      - user: "{{code}}"',
        "FAILED changed.bot.yaml::property[timing]",
    ):
        assert part in told
    for part in ("Falsifying", "Traceback", "reproduce", "@seed", "the same cases again", TOKEN, *CODES):
        assert part not in told


@pytest.mark.parametrize(
    ("held", "change"),
    [
        ("timing", HASTY),
        ("success", ("next: welcome}]", "next: colleague}]")),
        ("retry", ('"400": wrong_code,', '"400": welcome,')),
    ],
)
def test_the_chat_shows_it(few, held, change):
    """The chat of a failure, pasted, fails for this bot, and passes once it is mended."""
    name = few.changed_bot(change)
    result = few.run(f"{name}::property[{held}]")
    result.assert_outcomes(failed=1)
    chat = re.search(r"^format: .*?(?=^=)", result.stdout.str(), re.MULTILINE | re.DOTALL)[0]
    few.file("test_again.chat.yaml", chat)

    few.run("test_again.chat.yaml").assert_outcomes(failed=1)
    few.file(name, few.bot)
    few.run("test_again.chat.yaml").assert_outcomes(passed=1)


def test_the_profile_is_the_users(few):
    """The profile is that of the fixture, or each that the option names; the failure names the one it is about."""
    by_status = (r'"200": is_verified(_\d)?', '"200": welcome')
    name = f"{few.changed_bot(by_status)}::property[retry]"
    few.run(name).assert_outcomes(passed=1)
    several = few.run(name, "--otp-profile=mismatch-400,mismatch-200")
    conftest = (few.path / "conftest.py").read_text(encoding="utf-8")
    fixture = "import pytest\n@pytest.fixture\ndef otp_profile(): return 'mismatch-200'\n"
    few.file("conftest.py", conftest + fixture)

    several.assert_outcomes(failed=1)
    assert "under the profile mismatch-200" in several.stdout.str()
    few.run(name).assert_outcomes(failed=1)
    few.file("conftest.py", conftest + fixture.replace("mismatch-200", "mismatch-20"))
    assert "Did you mean 'mismatch-200'?" in few.run(name).stdout.str()


def test_a_profile_of_ones_own(few):
    """A profile from a file is named in the failure, and that the pasted chat needs it."""
    own = to_json(replace(PROFILES[DEFAULT], name="our-account", phone_rendering="digits"))
    few.file("ours.json", json.dumps(own))
    told = few.run(f"{BOT}::property[bodies]", "--otp-profile=ours.json").stdout.str()

    assert "property bodies does not hold under the profile our-account" in told
    assert "(the profile our-account is not among the shipped ones: choose it with --otp-profile)" in told
    assert "    profile:" not in told


def test_a_url_that_nothing_answers(few):
    """An error of ours is told as a sentence."""
    name = few.changed_bot(("https://api.v7.botpenguin.com/(.*)/send", r"https://${HOST}/\1/send"))
    result = few.run(f"{name}::property[auth]")

    result.assert_outcomes(failed=1)
    assert "Nothing here answers POST" in result.stdout.str()
    assert "Traceback" not in result.stdout.str()


def test_what_does_not_apply_is_skipped(few):
    """A bot without a verify call is skipped, and the reason says so."""
    name = few.changed_bot(("verify-user-otp", "verify-somebody"))
    result = few.run(name, "-k", "property", "-rs")

    result.assert_outcomes(skipped=6, deselected=len(DECIDABLE))
    assert "no api of role verify" in result.stdout.str()


def test_random_cases_can_be_had_again(project):
    """Where the loaded profile draws at random, a failure tells the seed; a seed of the user's own is kept to."""
    project.file("conftest.py", FEW.format("few"))
    name = f"{project.changed_bot(HASTY)}::property[timing]"

    told = project.run_alone(name).stdout.str()
    seeded = project.run_alone(name, "--hypothesis-seed=1").stdout.str()

    assert re.search(r"the same cases again: --hypothesis-seed=\d+", told)
    assert "1 failed" in seeded
    assert "the same cases again" not in seeded


def test_no_examples_are_kept(few):
    """No database of examples is left behind."""
    few.run(f"{few.changed_bot(HASTY)}::property[timing]")

    assert not (few.path / ".hypothesis" / "examples").exists()


def test_on_workers(few):
    """Workers of pytest-xdist collect and run them alike."""
    few.run_alone("-n", "2", BOT, "-k", "property and success").assert_outcomes(passed=1)
