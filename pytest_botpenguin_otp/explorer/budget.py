"""What a search may use up, states, seconds and memory, and what of its bounds the ways to each state use up."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_botpenguin_otp.explorer.bounds import Bounds, Cost

__all__ = ["Budget", "Spent"]

EVERY = 256
"""So many states are searched between two looks at the size of one, after the first ones."""


class Budget:
    """Watches one search; `clock` gives seconds, without it no time budget holds."""

    def __init__(self, bounds: Bounds, clock: Callable[[], float] | None) -> None:
        self._bounds, self._clock = bounds, clock
        self._began = clock() if clock else 0.0
        self._looks = 0
        self._used_up: dict[str, None] = {}
        self.bytes_per_state = 0

    @property
    def seconds(self) -> float | None:
        """How long the search takes so far, as far as there is a clock."""
        return None if self._clock is None else self._clock() - self._began

    @property
    def cut(self) -> tuple[str, ...]:
        """The budgets that were used up."""
        return tuple(self._used_up)

    def is_used_up(self, state: tuple[object, ...], known: int, waiting: int) -> bool:
        """Say whether no more may be searched than the `known` states; `state` is the next one of those `waiting`."""
        bounds, seconds = self._bounds, self.seconds
        if self._looks % EVERY == 0 or self._looks & (self._looks - 1) == 0:
            self.bytes_per_state = max(self.bytes_per_state, _size(state, {}))
        self._looks += 1
        if seconds is not None and seconds >= bounds.seconds:
            self._used_up[f"the budget of {bounds.seconds:g} seconds"] = None
        if known >= bounds.states:
            self._used_up[f"the budget of {bounds.states} states"] = None
        if (known + waiting) * self.bytes_per_state > bounds.megabytes * 1_000_000:
            self._used_up[f"the budget of {bounds.megabytes} megabytes"] = None
        return bool(self._used_up)


class Spent:
    """What the ways that are known to each state spend of what is bounded: faults, and turns where those are.

    Whatever follows a state is seen from the way that spends least; one that spends less of the one and more of the
    other leads further, too.
    """

    def __init__(self, bounds: Bounds) -> None:
        self._faults, self._turns = bounds.faults, bounds.turns
        self._known: dict[object, tuple[Cost, ...]] = {}

    def of(self, state: object) -> tuple[Cost, ...]:
        """Return what each way that was noted costs."""
        return self._known.get(state, ())

    def add(self, state: object, cost: Cost) -> None:
        """Note a way."""
        self._known[state] = (*self.of(state), cost)

    def is_within(self, cost: Cost) -> bool:
        """Say whether a way that costs this is within the bounds."""
        return cost.faults <= self._faults and (self._turns is None or cost.turns <= self._turns)

    def covers(self, state: object, cost: Cost) -> bool:
        """Say whether a way is noted that spends no more than one that costs this."""
        return any(self._spends_no_more(known, cost) for known in self.of(state))

    def outdoes(self, state: object, cost: Cost) -> bool:
        """Say whether such a way is noted that is not dearer either, so that it comes first."""
        return any(known <= cost and self._spends_no_more(known, cost) for known in self.of(state))

    def _spends_no_more(self, known: Cost, cost: Cost) -> bool:
        return known.faults <= cost.faults and (self._turns is None or known.turns <= cost.turns)


def _size(part: object, met: dict[int, None]) -> int:
    """Return how many bytes a value takes with all that is inside it, as if it shared nothing with others."""
    if id(part) in met:
        return 0
    met[id(part)] = None
    inside: tuple[object, ...] = part if isinstance(part, tuple) else ()
    slots = getattr(type(part), "__slots__", ())
    fields = [getattr(part, name) for name in slots if hasattr(part, name)]
    return sys.getsizeof(part) + sum(_size(one, met) for one in (*inside, *fields))
