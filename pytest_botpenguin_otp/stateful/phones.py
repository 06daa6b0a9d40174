"""Numbers for the contacts of each conversation with a service, which may remember those it has seen."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["FIXED", "fresh", "same"]

FIXED = ("+14155550123", "+14155550145", "+447700900123", "+447700900145")
CONTACTS = len(FIXED)
RESERVED = (
    *(f"+1415555{last:04d}" for last in range(100, 200)),
    *(f"+447700900{last:03d}" for last in range(1000)),
    *(f"+1{area}555{last:04d}" for area in range(201, 1000) if area != 415 for last in range(100, 200)),  # noqa: PLR2004
)
"""Numbers that are reserved for fiction."""


def same(phones: Sequence[str] = FIXED) -> Callable[[], Sequence[str]]:
    """Return what gives the same numbers for each conversation."""
    return lambda: phones


def fresh() -> Callable[[], Sequence[str]]:
    """Return what gives four numbers of fiction that it has not given before, until there are no more."""
    numbers = itertools.cycle(RESERVED)
    return lambda: tuple(itertools.islice(numbers, CONTACTS))
