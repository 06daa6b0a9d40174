"""Bots and chats for what changes a bot: README's small one, and files that are played as they stand."""

from functools import cache
from pathlib import Path

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp import documents, mutants, profile

__all__ = [
    "DEFAULT",
    "GUIDE",
    "PROFILES",
    "SMALL",
    "SMALL_CHAT",
    "SOUND",
    "SOUNDS",
    "document",
    "graded",
    "made",
    "read",
]

TESTS = Path(__file__).parents[1]
SMALL = TESTS / "examples" / "readme" / "phone-login.bot.yaml"
SMALL_CHAT = SMALL.with_name("login.chat.yaml")
SOUND = TESTS / "examples" / "sound" / "phone-login.bot.yaml"
GUIDE = TESTS / "examples" / "guide" / "phone-login.bot.yaml"
SOUNDS = TESTS / "bots" / "sound"
PROFILES = tuple(profile.PROFILES.values())
DEFAULT = profile.PROFILES[profile.DEFAULT]


@cache
def document(path=SMALL):
    """Read a bot file."""
    return documents.read(path)


@cache
def made(path=SMALL):
    """Return the mutants of a bot file."""
    return mutants.made(document(path)).mutants


@cache
def graded(path=SMALL, *tests):
    """Grade the chats among `tests`."""
    return mutants.grade(path, mutants.find(path, tests).conversations)


def read(text, bot, path):
    """Read conversations as they stand in a chat file at `path`."""
    head = f"format: botpenguin-otp/chat@1\nbot: {bot}\nconversations:\n"
    return chats.parse(head + text, str(path)).conversations
