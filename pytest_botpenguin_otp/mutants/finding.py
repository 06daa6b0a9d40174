"""The conversations of a bot: in chat files that are named, and in folders of them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp import documents
from pytest_botpenguin_otp.documents import as_map, as_text
from pytest_botpenguin_otp.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_botpenguin_otp.chat import Conversation

__all__ = ["Chats", "find"]

PATTERN = "*.chat.yaml"
FORMAT = "botpenguin-otp/chat@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chats:
    """What was found: the `files` that name the bot, their conversations, and how many `others` name another bot."""

    files: tuple[Path, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    others: int = 0


def find(bot: Path, named: Sequence[Path], *, pattern: str = PATTERN, skipped: Sequence[str] = (".*",)) -> Chats:
    """Read the chat files among `named`, and in the folders among them, whose `bot:` is this one.

    Folders whose name matches one of `skipped` are not looked into. Raises `FileError` with every fault in what was
    named and in every file of this bot.
    """
    own: list[Path] = []
    others, faults = 0, list[str]()
    for path in dict.fromkeys(_files(named, pattern, skipped)):
        try:
            is_own = _names(path, bot)
        except FileError as error:
            faults.extend(error.faults if path in named else ())
            continue
        if is_own:
            own.append(path)
        else:
            others += 1
    conversations: list[Conversation] = []
    for path in own:
        try:
            conversations.extend(chats.load(path).conversations)
        except FileError as error:
            faults.extend(error.faults)
    if faults:
        raise FileError(dict.fromkeys(faults))
    return Chats(files=tuple(own), conversations=tuple(conversations), others=others)


def _files(named: Iterable[Path], pattern: str, skipped: Sequence[str]) -> Iterator[Path]:
    for path in named:
        if not path.is_dir():
            yield path
            continue
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(name for name in folders if not any(fnmatch(name, skip) for skip in skipped))
            yield from (Path(folder, name) for name in sorted(files) if fnmatch(name, pattern))


def _names(path: Path, bot: Path) -> bool:
    """Say whether a chat file is one of ours, and of this bot."""
    tree = as_map(documents.read(path).tree)
    if not as_text(tree.get("format")).startswith(FORMAT):
        return False
    return (path.parent / as_text(tree.get("bot"))).resolve() == bot.resolve()
