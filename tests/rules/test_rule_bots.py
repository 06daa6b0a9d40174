"""For each static rule a bot that breaks it and one that keeps it; sound bots of many shapes are left in peace."""

from pathlib import Path

import pytest

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.bot import Choice
from pytest_botpenguin_otp.journal import BotSaid
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import CATALOGUE, STATIC, check, exit_code, judge
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.world import World

BOTS = Path(__file__).parents[1] / "bots"
PAIRS = sorted(path.name for path in BOTS.glob("*.bot.yaml"))
SOUND = sorted(path.name for path in (BOTS / "sound").glob("*.bot.yaml"))


@pytest.mark.parametrize("name", PAIRS)
def test_exactly_that_rule(name):
    """The bot that breaks a rule breaks no other, and the one that keeps it none at all."""
    code, _, kind = name.removesuffix(".bot.yaml").partition("-")

    assert {finding.rule for finding in check(bots.load(BOTS / name))} == ({code} if kind == "breaks" else set())


def test_a_pair_for_every_static_rule():
    """No rule is without its two bots, and the catalogue says which rules a file can decide."""
    wanted = sorted(f"{code}-{kind}.bot.yaml" for code in STATIC for kind in ("breaks", "keeps"))

    assert wanted == PAIRS
    assert set(STATIC) == {code for code, rule in CATALOGUE.items() if "static" in rule.decided}


@pytest.mark.parametrize("name", SOUND)
def test_no_false_alarm(name):
    """Nothing of high or critical severity that the flow could mend is found in a sound bot."""
    findings = check(bots.load(BOTS / "sound" / name))

    assert [finding for finding in findings if judge(finding) == "fails"] == []
    assert exit_code(findings) == 0


ANSWERS = {"phone_number": "+1 415 555 0123", "email": "someone@example.com", "name": "Robin"}


def played(name, profile, code=None):
    """Play a bot to its end, or until it has verified; type the code on the handset, or `code`."""
    world = World(PROFILES[profile])
    handset = world.handset()
    bot = bots.load(BOTS / "sound" / name)
    chat = FlowRunner(world).start(bot)
    while chat.ended == "waiting" and not chat.verified:
        *_, last = (event for event in world.journal.of(BotSaid) if event.question)
        asked = bot.components[last.component]
        if isinstance(asked, Choice):
            chat.user(asked.options[0].text)
        else:
            chat.user(ANSWERS.get(asked.kind) or code or handset.code())
    return chat


@pytest.mark.parametrize("profile", ["mismatch-400", "mismatch-200"])
@pytest.mark.parametrize("name", sorted(set(SOUND) - {"own-backend.bot.yaml"}))
def test_they_are_sound(name, profile):
    """The right code is let in, and a wrong one leads to an end of the chat."""
    right, wrong = played(name, profile), played(name, profile, "12")

    assert right.verified
    assert (wrong.verified, wrong.ended in ("end_chat", "live_chat")) == (False, True)


def test_ten_shapes():
    """There are at least ten sound bots."""
    assert len(SOUND) >= 10


def test_no_finding_says_a_secret():
    """What is found written out is named by its kind only."""
    (finding,) = check(bots.load(BOTS / "SE01-breaks.bot.yaml"))

    assert "the secret of 'Authorization'" in finding.message
    assert "4711" not in repr(finding)
