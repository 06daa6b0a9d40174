"""Rounds of a transcript that are like each other, told once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["folded"]

WHEN = re.compile(r"^\s*[0-9.]+ s ")
NUMBERED = re.compile(r"\[([^\[\]]*?) [0-9]+\]")
ROUNDS = 3
"""So many rounds in a row are folded: two alike may be what it is about."""


def folded(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a transcript, each further round that only differs in its time and in numbers left out."""
    alike = [NUMBERED.sub(r"[\1]", WHEN.sub("", line)).strip() for line in lines]
    at = 0
    while at < len(lines):
        length, rounds = _rounds(alike, at)
        yield from lines[at : at + length]
        if rounds > 1:
            yield f"           ... the same again, {rounds - 1} times"
        at += length * rounds


def _rounds(alike: Sequence[str], start: int) -> tuple[int, int]:
    """Return the length of the round that begins here, and how often it comes; 1 and 1 where none does."""
    best = (1, 1)
    for length in range(2, (len(alike) - start) // ROUNDS + 1):
        first, rounds = alike[start : start + length], 1
        while alike[start + rounds * length : start + (rounds + 1) * length] == first:
            rounds += 1
        if rounds >= ROUNDS and length * (rounds - 1) > best[0] * (best[1] - 1):
            best = (length, rounds)
    return best
