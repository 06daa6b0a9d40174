"""What the monitor of a run remembers of a chat."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_botpenguin_otp.journal import Answered

__all__ = ["Chat", "Sms", "is_number_at", "is_whole", "plain_digits"]


@dataclass(slots=True)
class Sms:
    """A message that came to a handset, and the code in it."""

    to: str
    code: str
    now_ms: int
    used: bool = False


@dataclass(slots=True)
class Chat:
    """What is known since the chat was last begun anew."""

    sms: list[Sms] = field(default_factory=list)
    good: Sms | None = None
    send_failed: bool = False
    wrong: int = 0
    wrong_since_sms: int = 0
    flaw: str | None = None
    checked: bool = False
    verified: bool = False
    phone: str = ""
    typed: str | None = None
    early: bool = False
    said: tuple[str, ...] = ()
    """The components that spoke since the user did, or a service; and the question that the user answered."""
    last: str = ""
    """What happened last: a role whose call was answered, or `user`."""
    failed: Answered | None = None
    spoken: bool = True
    wrong_said: frozenset[str] = frozenset()


def is_number_at(body: bytes, path: str) -> bool:
    """Say whether a JSON body has a number at a dotted path."""
    try:
        tree: object = json.loads(body)
    except (ValueError, RecursionError):
        return False
    for part in path.split("."):
        tree = tree.get(part) if isinstance(tree, dict) else None
    return isinstance(tree, int)


def plain_digits(text: str) -> str:
    """Return the digits of a text that a human typed, whatever the keyboard."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def is_whole(body: bytes) -> bool:
    """Say whether a body is empty, or JSON in which no key stands twice."""
    twice: list[int] = []

    def counted(pairs: list[tuple[str, object]]) -> object:
        twice.append(len(pairs) - len(dict(pairs)))
        return dict(pairs)

    if not body:
        return True
    try:
        json.loads(body, object_pairs_hook=counted)
    except ValueError:
        return False
    return not any(twice)
