"""One thing that may happen next: by a user, by a service, or by time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from pytest_botpenguin_otp.explorer.bounds import Cost
from pytest_botpenguin_otp.machine import Passed

if TYPE_CHECKING:
    from pytest_botpenguin_otp.explorer.services import Reply
    from pytest_botpenguin_otp.faults import Fault
    from pytest_botpenguin_otp.machine import Event

__all__ = ["STEP", "TURN", "Kind", "Move", "passing"]

Kind = Literal["start", "say", "early", "press", "silence", "time", "answer"]
STEP = Cost(steps=1)
TURN = Cost(turns=1, steps=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One thing that may happen next.

    `key` is a letter, perhaps with a number: short, and the same for the same class of thing in every state and bot.
    `label` is for people. `odd` marks what no cooperative user types. `input` names the class of a text (`right code`),
    or what was pressed. `happens` is the machine's event where it begins at millisecond 0, `after_ms` how long it
    takes; `fault` is what makes a service do it, None where it answers so by itself; `reply` what it then did.
    """

    key: str
    kind: Kind
    label: str
    cost: Cost
    happens: Event
    after_ms: int = 0
    input: str = ""
    odd: bool = False
    text: str = field(default="", repr=False)
    fault: Fault | None = None
    reply: Reply | None = None

    def event(self, now_ms: int) -> Event:
        """Return the machine's event, where this begins at virtual millisecond `now_ms`."""
        then_ms = now_ms + self.after_ms
        return self.happens if self.happens.now_ms == then_ms else replace(self.happens, now_ms=then_ms)


def passing(after_ms: int, key: str, kind: Kind, label: str) -> Move:
    """Make the move by which so many milliseconds pass."""
    return Move(key=key, kind=kind, label=label, cost=STEP, happens=Passed(now_ms=after_ms), after_ms=after_ms)
