"""What the user and the services see of a session, so that two of them can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_botpenguin_otp.journal import Answered, BotSaid, Calling, Ended, UserSaid
from pytest_botpenguin_otp.machine.answers import E164, phone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.journal import Event
    from pytest_botpenguin_otp.properties.session import Session

__all__ = ["Sight", "branches", "difference", "sights"]


class Sight(NamedTuple):
    """One thing that is seen: `kind`, the component or api it is about, what is shown of it, and when."""

    kind: str
    where: str
    shown: str = ""
    at_ms: int = 0

    def told(self) -> str:
        """Say it in words."""
        name = self.where.rpartition("/")[2]
        match self.kind:
            case "said":
                return f"the bot comes to {name}" + (f" and says {self.shown!r}" if self.shown else "")
            case "call":
                return f"{name} is called" + (f" with {self.shown}" if self.shown else "")
            case "answer":
                return f"{name} answers {self.shown}"
            case "ended":
                return f"the chat is over ({self.shown})"
            case _:
                return f"the user is {self.shown}"


def sights(session: Session, contact: str, *, since: int = 0) -> tuple[Sight, ...]:
    """Return what is seen in a contact's chat, texts included; codes and the contact's numbers are told by name."""
    names = _names(session, contact)
    seen = [
        Sight(kind, where, _named(shown, names) if kind in ("said", "call") else shown, at_ms - session.began_ms)
        for kind, where, shown, at_ms in _seen(session, contact, since)
    ]
    return (*seen, _verdict(session, contact))


def branches(session: Session, contact: str, *, since: int = 0) -> tuple[Sight, ...]:
    """Return the way that the chat takes: components, calls and answers, without their texts and times."""
    seen = [
        Sight(kind, where, "" if kind in ("said", "call") else shown)
        for kind, where, shown, _ in _seen(session, contact, since)
    ]
    return (*seen, _verdict(session, contact))


def _verdict(session: Session, contact: str) -> Sight:
    return Sight("verdict", "", "let in" if session.of(contact).verified else "not let in")


def _seen(session: Session, contact: str, since: int) -> Iterator[Sight]:
    for event in session.world.journal.plain[since:]:
        if getattr(event, "contact", None) == contact:
            yield from _sight(event)


def _sight(event: Event) -> Iterator[Sight]:
    match event:
        case BotSaid():
            yield Sight("said", event.component, event.text, event.now_ms)
        case Calling():
            body = event.request.body.decode("utf-8", "replace")
            yield Sight("call", event.api, body, event.now_ms)
        case Answered():
            status = event.silence if event.response is None else str(event.response.status)
            yield Sight("answer", event.api, status or "", event.now_ms)
        case Ended():
            yield Sight("ended", event.component, event.how, event.now_ms)


def _names(session: Session, contact: str) -> list[tuple[str, str]]:
    """Pair each spelling of a code, and of a number that the contact typed, with a name; longest first."""
    codes = {code for sent in session.world.botpenguin.sent for code in (session.read(sent.code), sent.code)}
    found = dict.fromkeys(codes, "[code]")
    said = [event for event in session.world.journal.plain if isinstance(event, UserSaid)]
    for event in said:
        known = phone(event.text) if event.contact == contact else None
        if known is not None and E164.fullmatch(known.e164):
            found |= dict.fromkeys([known.e164, known.e164[1:], known.national], "[phone]")
    return sorted(found.items(), key=lambda pair: -len(pair[0]))


def _named(text: str, names: list[tuple[str, str]]) -> str:
    for spelt, name in names:
        text = text.replace(spelt, name)
    return text


def difference(one: tuple[Sight, ...], other: tuple[Sight, ...]) -> str | None:
    """Say where two chats first differ, or None where they are the same."""
    for first, second in zip(one, other, strict=False):
        if first != second:
            late = first[:3] == second[:3]
            if late:
                return f"{first.told()} after {first.at_ms / 1000:g} s, and then after {second.at_ms / 1000:g} s"
            return f"{first.told()}, and then {second.told()}"
    return None if len(one) == len(other) else "one of the two goes on where the other stops"
