"""What happened in one test, in order: the single source of everything that people look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from pytest_botpenguin_otp.discretion import Discreet
from pytest_botpenguin_otp.frozen import quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.wire import Request, Response

__all__ = [
    "Answered",
    "BotSaid",
    "Breach",
    "Calling",
    "Ended",
    "Event",
    "Failed",
    "Journal",
    "Served",
    "SmsArrived",
    "UserDid",
    "UserSaid",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Discreet):
    """Something that happened at virtual millisecond `now_ms`. No `repr` shows a text that may hold a secret."""

    now_ms: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class BotSaid(Event):
    """The bot showed `text`; `question` where it now waits for an answer."""

    contact: str
    component: str
    text: str = field(repr=False)
    question: bool = False


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class UserSaid(Event):
    """The contact typed `text`, where `component` was the bot's place; `early` during a delay."""

    contact: str
    component: str
    text: str = field(repr=False)
    early: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDid(Event):
    """The contact pressed skip or back, or began the chat anew."""

    contact: str
    component: str
    action: str


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Calling(Event):
    """The flow sent `request`: its call number `call`, from 1, counted for each contact."""

    contact: str
    component: str
    api: str
    role: str | None
    call: int
    request: Request


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Event):
    """What came back for a call: a response, or the kind of silence (`timeout`, `reset`, `lost`)."""

    contact: str
    component: str
    api: str
    call: int
    response: Response | None = None
    silence: str | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Served(Event):
    """What a fake did with a request.

    `operation` is None where the request asked for none that a fault could meet, `fault` names what was injected, and
    `unmatched` says what would have matched where no route did.
    """

    service: str
    operation: str | None
    request: Request
    response: Response | None = None
    fault: str | None = None
    unmatched: str | None = field(default=None, repr=False)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class SmsArrived(Event):
    """A handset got an SMS."""

    to: str = field(repr=False)
    text: str = field(repr=False)
    sid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach(Event):
    """A message did not keep its contract; `by` is `flow` (a runner's request), `fake` or `client` (anyone else)."""

    contract: str
    by: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Event):
    """An expectation that did not hold, in words."""

    expectation: str = field(repr=False)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Event):
    """The chat is over: `end_chat`, `live_chat`, `unmapped` or `loop`."""

    contact: str
    component: str
    how: str


AnyEvent = TypeVar("AnyEvent", bound=Event)


class Journal:
    """The append-only list of events of one run."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self.append = self._events.append

    @property
    def events(self) -> tuple[Event, ...]:
        """All events so far, oldest first, as they are handed to a test: no `repr` of any part shows a secret."""
        return tuple([event.shown() for event in self._events])

    @property
    def plain(self) -> tuple[Event, ...]:
        """The same as they were noted, for whatever masks them itself, or shows none."""
        return tuple(self._events)

    def of(self, kind: type[AnyEvent]) -> Iterator[AnyEvent]:
        """Yield the events of one kind, oldest first, as `events` has them."""
        return (event.shown() for event in self._events if isinstance(event, kind))

    def __len__(self) -> int:
        return len(self._events)
