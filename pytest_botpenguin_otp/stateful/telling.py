"""A broken promise of a bot in words: which one, what happened, and the chat file that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.stateful.promises import PROMISES

if TYPE_CHECKING:
    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["failure"]


def failure(promise: str, told: str, bot: Bot, profile: Profile, shown: chats.Conversation) -> str:
    """Return the text of a failure, with the conversation that shows it as a chat file to paste."""
    file = Path(bot.file).name
    name = f"test_{promise.replace('-', '_')}.chat.yaml"
    own = "" if profile.name in PROFILES else f" Run it with the profile {profile.name}."
    how = f"Paste this into a file {name} beside {file}; it fails until the bot is mended.{own}"
    return f"{PROMISES[promise]}\n{told}\n{how}\n\n{chats.written([shown], file)}"
