"""The state of one chat, the events that move it, and the effects that a driver carries out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from pytest_botpenguin_otp.frozen import quick

if TYPE_CHECKING:
    from pytest_botpenguin_otp.values import Text, Value
    from pytest_botpenguin_otp.wire import Request

__all__ = [
    "Ask",
    "Call",
    "Did",
    "Effect",
    "End",
    "Event",
    "Passed",
    "Phase",
    "Replied",
    "Said",
    "Say",
    "Silent",
    "Started",
    "State",
    "Wait",
]

Phase = Literal["new", "acting", "delayed", "asking", "calling", "ended"]
"""`acting` never leaves a step."""


class State(NamedTuple):
    """Where a chat is; a named tuple, since each step makes one, and a search hashes them by the thousand.

    `at` is a component's id; `due_ms` when it acts, in phase `delayed`; `attributes` are sorted by name; `turn` and
    `call` count from 1; `trail` holds the questions answered so far, for Back; `queued` what was typed too early;
    `unasked` how many components acted since the user was last asked.
    """

    at: str = ""
    phase: Phase = "new"
    now_ms: int = 0
    due_ms: int = 0
    attributes: tuple[tuple[str, Value], ...] = ()
    turn: int = 0
    call: int = 0
    verified: bool = False
    ended: str | None = None
    trail: tuple[str, ...] = ()
    queued: tuple[Value, ...] = ()
    unasked: int = 0

    def get(self, attribute: str) -> Value | None:
        """Return an attribute's value, or None where it is unset."""
        for name, value in self.attributes:
            if name == attribute:
                return value
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens to a chat at virtual millisecond `now_ms`."""

    now_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Event):
    """The chat begins; `left_over` are attributes of an earlier chat, by name."""

    left_over: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Event):
    """The user typed `text`."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Did(Event):
    """The user pressed `skip` or `back`, or began the chat anew with `restart`."""

    action: str


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Replied(Event):
    """The api answered."""

    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent(Event):
    """The api did not answer: `timeout`, `reset` or `lost`, which a chat cannot tell apart."""

    kind: str = "timeout"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Passed(Event):
    """Time passed."""


@quick
@dataclass(frozen=True, slots=True)
class Say:
    """Show a text."""

    component: str
    text: Text


@quick
@dataclass(frozen=True, slots=True)
class Ask:
    """Show a text and wait for the user."""

    component: str
    text: Text


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Send `request` for call number `number`; `body` is its body with the origins of its parts."""

    component: str
    api: str
    role: str | None
    number: int
    request: Request
    body: Text


@dataclass(frozen=True, slots=True)
class Wait:
    """Let time pass until `until_ms`; the user may speak meanwhile."""

    until_ms: int


@dataclass(frozen=True, slots=True)
class End:
    """The chat is over: `end_chat`, `live_chat`, `unmapped`, or `loop` where the flow goes round without asking."""

    component: str
    how: str


Effect = Say | Ask | Call | Wait | End
