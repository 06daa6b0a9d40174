"""Virtual time: a number that only moves when somebody moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.errors import check_callable, check_type

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["EPOCH", "Clock"]

EPOCH = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
"""What a calendar shows at virtual second 0; services that print dates add the virtual time to it."""


class Clock:
    """Virtual milliseconds since the start of one test, and what is due at which of them."""

    def __init__(self) -> None:
        self.now_ms = 0
        self._timers: list[tuple[int, int, Callable[[], None]]] = []
        self._order = count()

    @property
    def date(self) -> datetime:
        """The virtual moment as a date in UTC."""
        return EPOCH + timedelta(milliseconds=self.now_ms)

    def at(self, due_ms: int, action: Callable[[], None]) -> None:
        """Have `action` called when the clock reaches `due_ms`; a moment already past means the next move."""
        check_type("at(due_ms, action)", due_ms, int, "a whole number of virtual milliseconds since the start")
        check_callable("at(due_ms, action)", action, "a function without arguments")
        heappush(self._timers, (due_ms, next(self._order), action))

    def advance_to(self, now_ms: int) -> None:
        """Move to `now_ms`, running what falls due in order, each at its own moment; never backwards."""
        check_type("advance_to(now_ms)", now_ms, int, "a whole number of virtual milliseconds since the start")
        while self._timers and self._timers[0][0] <= now_ms:
            due_ms, _, action = heappop(self._timers)
            self.now_ms = max(self.now_ms, due_ms)
            action()
        self.now_ms = max(self.now_ms, now_ms)
