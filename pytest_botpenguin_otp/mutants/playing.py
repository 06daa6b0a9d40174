"""Plays a conversation as a test does, and tells why it would fail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import player
from pytest_botpenguin_otp.chat import Expect
from pytest_botpenguin_otp.errors import OtpError
from pytest_botpenguin_otp.transcript import Mask

if TYPE_CHECKING:
    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.chat import Conversation
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["expecting", "failure", "passes"]


def failure(
    conversation: Conversation, bot: Bot, profile: Profile, seed: int = 0, *, unused_faults: bool = True
) -> str | None:
    """Return why a conversation fails, nothing sensitive in clear; None where it passes.

    As under pytest, a broken contract is a failure, too, and with `unused_faults` a fault that never struck.
    """
    world = player.world_for(conversation, profile, seed)
    try:
        player.play(conversation, bot, world)
    except player.ExpectationError as error:
        told = str(error)
    except OtpError as error:
        told = f"{conversation.place}: {error}"
    else:
        told = "\n".join(world.failures(unused_faults=unused_faults))
    return Mask(world.journal, world.secrets.by_field.items())(told) if told else None


def passes(
    conversation: Conversation, bot: Bot, profile: Profile, seed: int = 0, *, unused_faults: bool = True
) -> bool:
    """Say whether a conversation passes."""
    world = player.world_for(conversation, profile, seed)
    try:
        player.play(conversation, bot, world)
    except OtpError:
        return False
    return not world.failures(unused_faults=unused_faults)


def expecting(conversation: Conversation, bot: Bot, profile: Profile) -> Conversation | None:
    """Return a conversation that also expects, in the end, all that is true then; None where it does not pass."""
    world = player.world_for(conversation, profile, 0)
    try:
        chat = player.play(conversation, bot, world)
    except OtpError:
        return None
    calls = tuple((name, len(chat.calls(name))) for name in bot.apis)
    truth = Expect(
        place=conversation.place,
        verified=chat.verified,
        ended=chat.ended,
        sms=len(world.twilio.messages),
        calls=calls,
        elapsed=chat.now or None,
    )
    return None if world.failures() else replace(conversation, steps=(*conversation.steps, truth))
