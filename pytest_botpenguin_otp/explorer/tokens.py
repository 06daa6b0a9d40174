"""A way as one short word, and back: `otp1-Sr...`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.errors import ChatError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_botpenguin_otp.explorer.moves import Move

__all__ = ["decode", "encode"]

HEAD = "otp1-"
KEYS = re.compile(r"[A-Za-z][0-9]*")
TOKEN = re.compile(r"otp1-((?:[A-Za-z][0-9]*)+)")


def encode(moves: Iterable[Move]) -> str:
    """Return the token of a way: letters and digits, no secret, the same in every run."""
    return HEAD + "".join(move.key for move in moves)


def decode(token: str) -> tuple[str, ...]:
    """Return the keys of the moves in a token; raise `ChatError` for what is none."""
    found = TOKEN.fullmatch(token.strip())
    if found is None:
        raise ChatError(f"{token!r} is no replay token: those begin with {HEAD!r}, letters and digits follow.")
    return tuple(KEYS.findall(found[1]))
