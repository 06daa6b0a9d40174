"""One thing that may happen next: by a user, by a service, or by time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from pytest_botpenguin_otp.explorer.bounds import Cost
from pytest_botpenguin_otp.machine import Did, Passed, Said, Started

if TYPE_CHECKING:
    from pytest_botpenguin_otp.explorer.services import Reply
    from pytest_botpenguin_otp.faults import Fault
    from pytest_botpenguin_otp.machine import Event

__all__ = ["LEFT_OVER", "STEP", "Kind", "Move", "inheriting", "passing", "pressing", "typing"]

Kind = Literal["start", "say", "early", "press", "silence", "time", "answer"]
STEP = Cost(steps=1)
TURN = Cost(turns=1, steps=1)
BEYOND = Cost(beyond=1, steps=1)
LEFT_OVER = "left over"
PRESSED = {
    "skip": ("k", "the user skips the question", TURN),
    "back": ("h", "the user goes back", TURN),
    "restart": ("R", "the user begins the chat anew", Cost(beyond=1, turns=1, steps=1)),
}


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


def inheriting(number: int, name: str, text: str, label: str) -> Move:
    """Make the move by which a chat begins with `text` left over in the attribute `name`."""
    happens = Started(now_ms=0, left_over=((name, text),))
    return Move(key=f"L{number}", kind="start", label=label, cost=BEYOND, happens=happens, input=LEFT_OVER, text=text)


def typing(key: str, name: str, text: str, *, odd: bool, early: bool = False) -> Move:
    """Make the move by which the user types `text`, which is called `name`: to a question, or else too early."""
    return Move(
        key=key,
        kind="early" if early else "say",
        label=f"the user types {name}{' during the delay' if early else ''}",
        cost=TURN,
        happens=Said(now_ms=0, text=text),
        input=name,
        odd=odd,
        text=text,
    )


def pressing(name: str) -> Move:
    """Make the move by which the user skips, goes back or begins anew."""
    key, label, cost = PRESSED[name]
    return Move(key=key, kind="press", label=label, cost=cost, happens=Did(now_ms=0, action=name), input=name, odd=True)
