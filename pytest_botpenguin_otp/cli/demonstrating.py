"""The command `demo`: one bot, three chats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.cli import choosing, starting
from pytest_botpenguin_otp.cli.screen import Screen
from pytest_botpenguin_otp.runner import FlowRunner

if TYPE_CHECKING:
    from pytest_botpenguin_otp.world import World

__all__ = ["demo"]

PHONE = "+1 415 555 0123"
WRONG = "0000"
REFUSED = 21211
CODE = "{{code}}"
CHATS = (
    ("The right code", None, (PHONE, CODE)),
    ("A wrong code, then the right one", None, (PHONE, WRONG, CODE)),
    (f"Twilio refuses the number (error {REFUSED})", REFUSED, (PHONE,)),
)
"""Heading, Twilio's error, what the user types."""


def demo(profile: str | None, seed: int) -> None:
    """Play the starter bot three times, each time in a world of its own, and print what happened."""
    screen = Screen()
    bot = bots.parse(starting.content("bot.yaml"), "phone-login.bot.yaml")
    for number, (heading, error, typed) in enumerate(CHATS, 1):
        world = choosing.world(profile, seed)
        if error is not None:
            world.twilio.fail(create=error)
        screen.line(f"{number}. {heading}", "bold")
        screen.line(_played(world, bot, typed))
        screen.line()
    screen.line(
        f"Profile {world.profile.name}, seed {seed}; numbers and codes are masked, seconds are virtual, no network.",
        "dim",
    )
    screen.line("Next: botpenguin-otp init DIR writes this bot and its tests into a folder, ready for pytest.", "bold")


def _played(world: World, bot: bots.Bot, typed: tuple[str, ...]) -> str:
    handset = world.handset()
    chat = FlowRunner(world).start(bot)
    for text in typed:
        if chat.ended == "waiting":
            chat.user(handset.code() if text == CODE else text)
    verdict = "verified" if chat.verified else "not verified"
    return f"{chat.transcript()}\n           => {verdict}, {chat.ended}"
