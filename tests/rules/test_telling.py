"""What users are told when a call fails."""

import pytest
from checking import BOTS

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import chat, player
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import check
from pytest_botpenguin_otp.rules.monitor import monitor

USUAL = PROFILES["mismatch-400"]


def test_a_question_that_waits_is_asked_anyway():
    """ER02: a delay before the question hides it neither from the search, nor its chat, nor the monitor."""
    text = (BOTS / "ER02-breaks.bot.yaml").read_text(encoding="utf-8")
    bot = bots.parse(text.replace("ask_code: {", "ask_code: {delay: 2, "), str(BOTS / "ER02-breaks.bot.yaml"))
    (found,) = [one for one in check(bot, [USUAL]) if one.rule == "ER02"]
    (conversation,) = chat.parse(found.chat, str(BOTS / "test_er.chat.yaml")).conversations
    world = player.world_for(conversation, USUAL, 0)

    assert found.message.startswith("After 'send_code' has failed, ")
    with pytest.raises(player.ExpectationError):
        player.play(conversation, bot, world)
    assert "ER02" in monitor(world.journal.events, bot, USUAL)


def test_who_says_that_there_is_a_code_is_asked():
    """ER02: after a failed send that is told, a user may still say that a code is there, and is asked for it."""
    bot = bots.load(BOTS / "AU04-breaks.bot.yaml")

    assert "ER02" not in {one.rule for one in check(bot, [USUAL])}
