"""A journal as a chat that people read: who said what when, each call, each fault; nothing sensitive in clear."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import journal as j

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_botpenguin_otp.journal import Event, Journal
    from pytest_botpenguin_otp.wire import Request, Response

__all__ = ["Mask", "transcript"]

WIDTH = 160
PHONE = re.compile(r"(?<![0-9A-Za-z])\+?[0-9][0-9() .-]{6,22}[0-9](?![0-9A-Za-z])")
DIGITS = re.compile(r"\d{4,}")
TYPED = re.compile(r"\d(?:[\s.-]?\d){3,}")
LONG_DIGITS = re.compile(r"\d{6,}")
SID = re.compile(r"\b([A-Z]{2})[0-9a-fA-F]{32}\b")
TOKEN = re.compile(r"\b[0-9a-fA-F]{32}\b")
NUMERAL = re.compile(r"\d")
LEAST_PHONE = 8
TAIL = 10


class Mask:
    """Replaces numbers, codes, SIDs and secrets by names; the same value has the same name throughout a journal."""

    def __init__(self, journal: Journal, secrets: Iterable[tuple[str, str]] = ()) -> None:
        self._secrets = [(text, f"[{name}]") for name, text in secrets if text]
        self._phones: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        self._typed: set[str] = set()
        for event in journal.events:
            if isinstance(event, j.SmsArrived):
                self._phone(event.to)
                for code in DIGITS.findall(event.text):
                    self._codes.setdefault(code, f"[code {len(self._codes) + 1}]")
            elif isinstance(event, j.UserSaid):
                self._typed.update(TYPED.findall(event.text))

    def __call__(self, text: str) -> str:
        """Return `text` with everything sensitive replaced."""
        for secret, name in self._secrets:
            text = text.replace(secret, name)
        text = SID.sub(lambda found: f"[{found[1]}...]", text)
        text = TOKEN.sub("[32 hex digits]", text)
        text = PHONE.sub(lambda found: self._maybe_phone(found[0]), text)
        for code, name in self._codes.items():
            text = text.replace(code, name)
        for typed in sorted(self._typed, key=len, reverse=True):
            text = text.replace(typed, f"[{len(re.findall(NUMERAL, typed))} digits]")
        return LONG_DIGITS.sub(lambda found: f"[{len(found[0])} digits]", text)

    def _maybe_phone(self, text: str) -> str:
        digits = "".join(re.findall("[0-9]", text))
        if digits in self._codes or (len(digits) < LEAST_PHONE and text == digits):
            return text
        return self._phone(digits)

    def _phone(self, number: str) -> str:
        tail = "".join(re.findall("[0-9]", number))[-TAIL:]
        return self._phones.setdefault(tail, f"[phone {len(self._phones) + 1}]")


def transcript(journal: Journal, secrets: Iterable[tuple[str, str]] = ()) -> str:
    """Return the journal as lines of a chat, with virtual seconds; `secrets` pairs a name with a text to hide."""
    mask = Mask(journal, secrets)
    events = journal.events
    several = len({event.contact for event in events if isinstance(event, j.BotSaid | j.UserSaid)}) > 1
    lines: list[str] = []
    last = None
    for event in events:
        for who, text in _lines(event, mask, several=several):
            stamp = f"{event.now_ms / 1000:7.1f} s" if event.now_ms != last else " " * 9
            lines.append(f"{stamp}  {who:<8} {text}".rstrip())
            last = event.now_ms
    return "\n".join(lines)


def _lines(event: Event, mask: Mask, *, several: bool) -> Iterator[tuple[str, str]]:
    tell = _TELLERS.get(type(event))
    if tell is None:
        return
    contact = getattr(event, "contact", "")
    for who, text in tell(event, mask):
        named = f"{contact}: {text}" if several and who in ("bot", "user") and contact else text
        yield who, named


def _said(event: j.BotSaid, mask: Mask) -> Iterator[tuple[str, str]]:
    yield "bot", mask(event.text)


def _typed(event: j.UserSaid, mask: Mask) -> Iterator[tuple[str, str]]:
    early = "  (while the bot waited for a delay)" if event.early else ""
    yield "user", (mask(event.text) or "(nothing)") + early


def _did(event: j.UserDid, _: Mask) -> Iterator[tuple[str, str]]:
    yield "user", f"({event.action})"


def _calling(event: j.Calling, mask: Mask) -> Iterator[tuple[str, str]]:
    yield "call", f"{event.api}: {_request(event.request)} {_short(mask(_text(event.request.body)))}"


def _answered(event: j.Answered, mask: Mask) -> Iterator[tuple[str, str]]:
    if event.response is None:
        yield "answer", f"{event.api}: none ({event.silence})"
    else:
        yield "answer", f"{event.api}: {_response(event.response, mask)}"


def _served(event: j.Served, mask: Mask) -> Iterator[tuple[str, str]]:
    if event.fault is not None:
        yield "fault", event.fault
    if event.operation is None:
        yield event.service[:8], f"{_request(event.request)}: no route"
    elif event.service == "twilio":
        answer = "no answer" if event.response is None else _response(event.response, mask, quiet=True)
        yield "twilio", f"{event.operation}: {answer}"


def _sms(event: j.SmsArrived, mask: Mask) -> Iterator[tuple[str, str]]:
    yield "sms", f"to {mask(event.to)}: {mask(event.text)}"


def _breach(event: j.Breach, mask: Mask) -> Iterator[tuple[str, str]]:
    for fault in event.faults:
        yield "CONTRACT", f"{event.contract} broken by the {event.by}: {mask(fault)}"


def _failed(event: j.Failed, mask: Mask) -> Iterator[tuple[str, str]]:
    for line in event.expectation.splitlines():
        yield "FAILED", mask(line)


def _ended(event: j.Ended, _: Mask) -> Iterator[tuple[str, str]]:
    yield "end", event.how


_TELLERS: dict[type[Event], Callable[..., Iterator[tuple[str, str]]]] = {
    j.BotSaid: _said,
    j.UserSaid: _typed,
    j.UserDid: _did,
    j.Calling: _calling,
    j.Answered: _answered,
    j.Served: _served,
    j.SmsArrived: _sms,
    j.Breach: _breach,
    j.Failed: _failed,
    j.Ended: _ended,
}


def _request(request: Request) -> str:
    path = SID.sub(lambda found: f"[{found[1]}...]", request.path)
    return f"{request.method} {request.host}{path}"


def _response(response: Response, mask: Mask, *, quiet: bool = False) -> str:
    body = "" if quiet and response.status < 300 else _short(mask(_text(response.body)))  # noqa: PLR2004
    return f"{response.status} {body}".rstrip()


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDTH else f"{line[:WIDTH]}..."
