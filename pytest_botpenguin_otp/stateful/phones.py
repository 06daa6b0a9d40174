"""Numbers for the contacts of each conversation with a service, which may remember those it has seen."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.strategies.phones import reserved

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["FIXED", "fresh", "same"]

FIXED = ("+14155550123", "+14155550145", "+447700900123", "+447700900145")
CONTACTS = len(FIXED)


def same(phones: Sequence[str] = FIXED) -> Callable[[], Sequence[str]]:
    """Return what gives the same numbers for each conversation."""
    return lambda: phones


def fresh() -> Callable[[], Sequence[str]]:
    """Return what gives four numbers of fiction that it has not given before, until there are no more."""
    numbers = itertools.cycle(reserved())
    return lambda: tuple(itertools.islice(numbers, CONTACTS))
