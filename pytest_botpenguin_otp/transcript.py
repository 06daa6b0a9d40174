"""A journal as a chat that people read: who said what when, each call, each fault; nothing sensitive in clear."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pytest_botpenguin_otp import journal as j
from pytest_botpenguin_otp import secretive
from pytest_botpenguin_otp.wire import SID, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_botpenguin_otp.journal import Event, Journal
    from pytest_botpenguin_otp.wire import Request

__all__ = ["Mask", "transcript"]

WIDTH = 160
PHONE = re.compile(
    r"(?P<url>(?<=//)(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?=[:/\s]|$)|(?<=/)[0-9]{4}-[0-9]{2}-[0-9]{2}(?=/))"
    r"|(?<![0-9A-Za-z])\+?[0-9][0-9() .-]{6,22}[0-9](?![0-9A-Za-z])"
)
"""What may be a phone number; the host of a `url` is none, nor is the date of its version."""
DIGITS = re.compile(r"\d{4,}")
TYPED = re.compile(r"\d(?:[\W_]{0,3}\d){3,}")
MIXED = re.compile(r"(?<![0-9A-Za-z])(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[0-9A-Za-z]{4,12}(?![0-9A-Za-z])")
"""A code of letters and digits."""
LONG_DIGITS = re.compile(r"\d{6,}")
MASKED = re.compile(r"\+?[0-9]{4,}X{4}")
TOKEN = re.compile(r"\b[0-9a-fA-F]{32}\b")
WEB_TOKEN = re.compile(r"\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*")
NUMERAL = re.compile(r"\d")
LEAST_CODE = 3
LEAST_PHONE = 8
TAIL = 10


class Mask:
    """Replaces numbers, codes, SIDs and secrets by names; the same value has the same name throughout a journal."""

    def __init__(self, journal: Journal, secrets: Iterable[tuple[str, str]] = ()) -> None:
        found = (pair for message in _messages(journal) for pair in secretive.secrets(message))
        known = [*secrets, *found][::-1]  # the first name of a text is the one that stays
        named = {spelt: f"[{name}]" for name, text in known if text for spelt in _spellings(text)}
        self._secrets = sorted(named.items(), key=lambda pair: len(pair[0]), reverse=True)
        self._phones: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        self._mixed: set[str] = set()
        typed: set[str] = set()
        for event in journal.plain:
            if isinstance(event, j.SmsArrived):
                self._phone(event.to)
                for code in (*DIGITS.findall(event.text), *MIXED.findall(event.text)):
                    self._code(code)
            elif isinstance(event, j.UserSaid):
                typed.update(spelt for found in TYPED.findall(event.text) for spelt in _spellings(found))
                self._mixed.update(MIXED.findall(event.text))
        self._codes_in_fields(journal, typed | self._mixed)
        self._typed = sorted(typed, key=lambda text: (-len(text), text))
        telling = [text for text in self._typed if len(_digits(text)) >= LEAST_PHONE or not text.isdecimal()]
        self._telling = [re.compile(rf"\+?(?<!\d){re.escape(text)}(?!\d)") for text in telling]

    def _codes_in_fields(self, journal: Journal, typed: set[str]) -> None:
        """Name the codes in fields; what a user only typed is told by its length."""
        for message in _messages(journal):
            for code in secretive.codes(message):
                if isinstance(message, Response) or code not in typed:
                    self._code(code)

    def __call__(self, text: str) -> str:
        """Return `text` with everything sensitive replaced."""
        for secret, name in self._secrets:
            text = text.replace(secret, name)
        text = SID.sub(lambda found: f"[{found[1]}...]", text)
        text = WEB_TOKEN.sub("[web token]", text)
        text = TOKEN.sub("[32 hex digits]", text)
        text = MASKED.sub("[masked number]", text)
        for telling in self._telling:
            text = telling.sub(lambda found: self._typed_name(_digits(found[0])), text)
        text = PHONE.sub(lambda found: found["url"] or self._maybe_phone(found[0]), text)
        for code in sorted(self._codes, key=len, reverse=True):
            text = text.replace(code, self._codes[code])
        for mixed in sorted(self._mixed - self._codes.keys(), key=len, reverse=True):
            text = text.replace(mixed, f"[{len(mixed)} characters]")
        for typed in self._typed:
            text = text.replace(typed, f"[{len(_digits(typed))} digits]")
        text = LONG_DIGITS.sub(lambda found: f"[{len(found[0])} digits]", text)
        return secretive.FIELD.sub(_field, text)

    def _typed_name(self, digits: str) -> str:
        if digits in self._codes:
            return self._codes[digits]
        return self._phone(digits) if len(digits) >= LEAST_PHONE else f"[{len(digits)} digits]"

    def _code(self, code: str) -> None:
        """Name a code, and what is left of it where it is told as a number."""
        name = self._codes.setdefault(code, f"[code {len(set(self._codes.values())) + 1}]")
        number = code.lstrip("0")
        if len(number) >= LEAST_CODE:
            self._codes.setdefault(number, name)

    def _maybe_phone(self, text: str) -> str:
        digits = _digits(text)
        if digits in self._codes or (len(digits) < LEAST_PHONE and text == digits):
            return text
        return self._phone(digits)

    def _phone(self, number: str) -> str:
        tail = _digits(number)[-TAIL:]
        return self._phones.setdefault(tail, f"[phone {len(self._phones) + 1}]")


def _field(found: re.Match[str]) -> str:
    """Return a field of JSON, its value covered where its name is that of a secret, or of a code that it may hold."""
    name, between, told = found.groups()
    value = secretive.held(told)
    masked = isinstance(value, str) and value.startswith("[") and value.endswith("]")
    if masked or value == "" or not (secretive.is_secret(name) or secretive.is_code(name, value)):
        return found[0]
    return f'"{name}"{between}"[{name}]"'


def _messages(journal: Journal) -> Iterator[Request | Response]:
    """Yield every request and response of a journal."""
    for event in journal.plain:
        for part in ("request", "response"):
            message = getattr(event, part, None)
            if message is not None:
                yield message


def _digits(text: str) -> str:
    """Return the digits in `text`, of whatever script, in ASCII."""
    return "".join(str(int(digit)) for digit in NUMERAL.findall(text))


def _spellings(text: str) -> tuple[str, str]:
    """Return `text` as it is, and as it stands inside JSON."""
    return text, json.dumps(text, ensure_ascii=False)[1:-1]


def transcript(journal: Journal, secrets: Iterable[tuple[str, str]] = ()) -> str:
    """Return the journal as lines of a chat, with virtual seconds; `secrets` pairs a name with a text to hide."""
    mask = Mask(journal, secrets)
    events = journal.plain
    several = len({event.contact for event in events if isinstance(event, j.BotSaid | j.UserSaid)}) > 1
    lines: list[str] = []
    last = None
    in_call = False
    for event in events:
        in_call = isinstance(event, j.Calling) or (in_call and not isinstance(event, j.Answered))
        for who, text in _lines(event, mask, several=several, in_call=in_call):
            stamp = f"{event.now_ms / 1000:7.1f} s" if event.now_ms != last else " " * 9
            lines.append(f"{stamp}  {who:<8} {text}".rstrip())
            last = event.now_ms
    return "\n".join(lines)


def _lines(event: Event, mask: Mask, *, several: bool, in_call: bool) -> Iterator[tuple[str, str]]:
    tell = _TELLERS.get(type(event))
    if tell is None:
        return
    if isinstance(event, j.Served) and event.service == "botpenguin" and event.operation and not in_call:
        yield "client", f"{event.operation}: {_outcome(event, mask)}"
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
    yield "call", f"{event.api}: {_request(event.request, mask)}"
    if event.request.body:
        yield "", _short(mask(_text(event.request.body)))


def _answered(event: j.Answered, mask: Mask) -> Iterator[tuple[str, str]]:
    if event.response is None:
        yield "answer", f"{event.api}: none ({event.silence})"
    else:
        yield "answer", f"{event.api}: {_response(event.response, mask)}"


def _served(event: j.Served, mask: Mask) -> Iterator[tuple[str, str]]:
    if event.fault is not None:
        yield "fault", event.fault
    if event.operation is None:
        yield event.service[:8], f"{_request(event.request, mask)}: no route"
        if event.unmatched is not None:
            yield "", mask(unquote(event.unmatched))
    elif event.service == "twilio":
        yield "twilio", f"{event.operation}: {_outcome(event, mask)}"


def _outcome(event: j.Served, mask: Mask) -> str:
    return "no answer" if event.response is None else _response(event.response, mask, quiet=True)


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


def _request(request: Request, mask: Mask) -> str:
    return f"{request.method} {request.host}{_short(mask(unquote(request.path)))}"


def _response(response: Response, mask: Mask, *, quiet: bool = False) -> str:
    body = "" if quiet and response.status < 300 else _short(mask(_text(response.body)))  # noqa: PLR2004
    return f"{response.status} {body}".rstrip()


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDTH else f"{line[:WIDTH]}..."
