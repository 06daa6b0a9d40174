"""How far the search goes, and what a way costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pytest_botpenguin_otp.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FREE", "GAPS_S", "Bounds", "Cost"]

GAPS_S = (30, 40, 60, 90, 120)
"""How long each resend is to wait after the send before it, in seconds (Twilio, Verify retry advice)."""


class Cost(NamedTuple):
    """What a way takes, dearest first; costs are compared in this order.

    `beyond` counts what goes beyond a fresh contact in one chat with services that fail but do not lie: an attribute
    left over from an earlier chat, a restart, an answer that says something else than what was done. So a state that
    can be reached without any of these is always reached so. `faults` are a subset of the steps, lies among them.
    """

    beyond: int = 0
    faults: int = 0
    turns: int = 0
    steps: int = 0

    def plus(self, other: Cost) -> Cost:
        """Return the cost of both, one after the other."""
        return Cost(
            self.beyond + other.beyond, self.faults + other.faults, self.turns + other.turns, self.steps + other.steps
        )


FREE = Cost()
LEAST = {
    "faults": 0, "turns": 0, "restarts": 0, "backs": 0, "sends": 0, "fails": 0, "verifies": 0, "max_age_s": 0,
    "states": 1, "megabytes": 1,
}  # fmt: skip
MOST_CONTACTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far the search goes. Counters stop one past their limit, which bounds the states and cuts nothing off.

    `faults`, `turns` (None: as many as there are), `restarts` and `backs` are promises of the search: everything within
    them is seen. `states`, `seconds` and `megabytes` are budgets: reaching one cuts the search, and is told. `sends`,
    `fails` and `verifies` (None: not counted) are limits of counters; `max_age_s` is the age in seconds beyond which a
    code is old. `contacts` is told only: the one that chats, and one more, whose code is known. Its chat is not stepped
    beside this one: attributes are each contact's own, and the services keep nothing between two calls but which codes
    they have made, so its moves and those here come out alike in any order, and one order stands for all (the tests
    play both). `keep` names attributes that are never dropped from a state. Raises
    `ArgumentError` for numbers under which nothing would be searched.
    """

    faults: int = 2
    turns: int | None = None
    restarts: int = 1
    backs: int = 1
    sends: int = 5
    fails: int = 5
    verifies: int | None = None
    max_age_s: int = 600
    contacts: int = 2
    keep: frozenset[str] = frozenset()
    states: int = 200_000
    seconds: float = 60.0
    megabytes: int = 1024

    def __post_init__(self) -> None:
        wrong = [*self._too_low(), *(() if self.seconds >= 0 else (f"seconds is at least 0, not {self.seconds:g}",))]
        if not 1 <= self.contacts <= MOST_CONTACTS:
            wrong.append(f"contacts is 1 or {MOST_CONTACTS}, not {self.contacts}")
        if wrong:
            raise ArgumentError(f"No search has such bounds: {'; '.join(wrong)}.")

    def _too_low(self) -> Iterator[str]:
        for name, least in LEAST.items():
            number = getattr(self, name)
            if number is not None and number < least:
                yield f"{name} is at least {least}, not {number}"

    def __str__(self) -> str:
        turns = "" if self.turns is None else f"user turns <= {self.turns}, "
        pressed = f"restarts <= {self.restarts}, backs <= {self.backs}"
        others = "" if self.contacts == 1 else " (whose chats do not touch each other)"
        return f"faults <= {self.faults}, {turns}{pressed}, contacts <= {self.contacts}{others}"
