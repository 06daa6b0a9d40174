"""Generated conversations as a chat file that tells what it covers, and what it cannot."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import chat as chats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.mutants import Generated

__all__ = ["MARK", "chat_file", "summary"]

MARK = "# Written by botpenguin-otp generate"
"""How each file begins that is written so: one that begins otherwise is somebody else's."""
WIDTH = 118


def chat_file(found: Generated, bot: str) -> str:
    """Return the chat file; `bot` is the path to the bot's file from where it will stand."""
    head = [f"{MARK}, and written anew by it: keep chats of your own in another file."]
    head += [f"# {line}" for told in summary(found) for line in wrap(told, WIDTH, subsequent_indent="  ")]
    return "\n".join(head) + "\n" + chats.written(found.conversations, bot)


def summary(found: Generated) -> Iterator[str]:
    """Yield what the conversations are good for, then what none of them covers."""
    ways = f"{_count(len(found.ways), 'way')} (response mappings, options, branches)"
    ends = f"{_count(len(found.outcomes), 'outcome')}"
    changes = f"{_count(found.noticed, 'change')} to the bot; {found.equivalent} more are proved to change nothing"
    chats = _count(len(found.conversations), "conversation")
    yield f"{chats}, irreducible: without any one of them, something is missed."
    yield f"Together they take {ways}, come to {ends}, and notice {changes}."
    reasons = dict.fromkeys(why for _, why in found.uncovered)
    for reason in reasons:
        yield f"Not covered: {reason}:"
        yield from (f"- {what}" for what, why in found.uncovered if why == reason)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
