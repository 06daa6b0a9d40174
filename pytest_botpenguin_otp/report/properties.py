"""A broken property as text: what was promised, what happened, what helps, and the chat that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import chat as chats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.properties import Broken

__all__ = ["lines"]

PASTE = "to play it again, paste this into a file test_*.chat.yaml beside the bot"


def lines(name: str, found: Broken, bot: Bot, profile: Profile, again: str | None = None) -> Iterator[str]:
    """Yield the lines that tell what broke the property `name` of `bot`; `again` is how to try the same cases again.

    The chat file stands at the margin, so that it can be copied as it is.
    """
    yield f"{found.place}: property {name} does not hold under the profile {profile.name}"
    yield f"    promised: {found.promise}"
    yield f"    happened: {found.happened}"
    yield f"    remedy: {found.remedy}"
    if again is not None:
        yield f"    the same cases again: {again}"
    yield ""
    yield from (f"    {line}" for line in found.lines.splitlines())
    yield ""
    if any(chat.profile is None for chat in found.chats):
        yield f"    (the profile {profile.name} is not among the shipped ones: choose it with --otp-profile)"
    yield f"    {PASTE}; {found.note or 'it fails until the bot is mended'}:"
    yield from chats.written(found.chats, Path(bot.file).name).splitlines()
