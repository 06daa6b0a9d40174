"""Status callbacks: what Twilio tells a StatusCallback, when, and how often it tries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, urlencode
from uuid import NAMESPACE_URL, uuid5

from pytest_botpenguin_otp.errors import FaultError, NoResponseError, did_you_mean
from pytest_botpenguin_otp.twilio.dates import done_date
from pytest_botpenguin_otp.twilio.lifecycle import CALLBACKS
from pytest_botpenguin_otp.twilio.signature import sign
from pytest_botpenguin_otp.wire import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_botpenguin_otp.clock import Clock
    from pytest_botpenguin_otp.faults import Fault, FaultPlan
    from pytest_botpenguin_otp.twilio.messages import Message
    from pytest_botpenguin_otp.wire import Service

__all__ = ["KINDS", "Callbacks", "Posted", "Retries", "check_fault", "params_of", "read_retries"]

KINDS = ("late", "duplicate", "missing", "reordered")
LATE_MS = 60_000
"""How late a late callback is where its fault names no delay."""

_DONE = ("delivered", "undelivered")
_BROKEN = ("failed", "undelivered")
_KNOWN_CAUSES = frozenset({"4xx", "5xx", "ct", "rt", "all"})


class Retries(NamedTuple):
    """Where to post, how many times `more`, and after what: `ct` and `rt` (connect, read), `4xx`, `5xx` or `all`."""

    url: str
    more: int
    causes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One attempt to tell a status; `outcome` is the HTTP status, or `timeout`, `reset` or `lost`."""

    now_ms: int
    sid: str
    status: str
    attempt: int
    outcome: int | str


@lru_cache(maxsize=1024)
def read_retries(url: str) -> Retries:
    """Read `https://x/cb#rc=2&rp=5xx,rt` (Twilio docs, connection overrides).

    Without it: one more attempt, after connection failures only. A count is held between 0 and 5, and causes that
    Twilio does not know are left out. The fragment is neither sent nor signed.
    """
    address, _, fragment = url.partition("#")
    given = parse_qs(fragment)
    count = given.get("rc", ["1"])[-1]
    causes = frozenset(given.get("rp", ["ct"])[-1].split(",")) & _KNOWN_CAUSES
    return Retries(address, min(int(count), 5) if count.isascii() and count.isdigit() else 1, causes)


def check_fault(fault: Fault) -> None:
    """Raise `FaultError` unless `fault` says something that can go wrong with a callback: its kind, or a delay."""
    if fault.callback not in (*KINDS, None):
        raise FaultError(f"A callback cannot be {fault.callback!r}. {did_you_mean(str(fault.callback), KINDS)}")
    if fault.callback is None and not fault.delay:
        raise FaultError(f"{fault}: a callback can have a delay, or be one of {', '.join(sorted(KINDS))}.")


def params_of(message: Message, status: str, now_ms: int) -> tuple[tuple[str, str], ...]:
    """Return the form of a status callback (Twilio docs, outbound message status)."""
    optional = {
        "MessagingServiceSid": message.messaging_service_sid,
        "ErrorCode": str(message.failure) if status in _BROKEN and message.failure else None,
        "RawDlrDoneDate": done_date(now_ms) if status in _DONE else None,
    }
    return (
        ("SmsSid", message.sid),
        ("SmsStatus", status),
        ("MessageStatus", status),
        ("To", message.to),
        ("MessageSid", message.sid),
        ("AccountSid", message.account_sid),
        ("From", message.from_),
        ("ApiVersion", "2010-04-01"),
        *((name, value) for name, value in optional.items() if value is not None),
    )


class Callbacks:
    """Posts what messages go through to their StatusCallback, at virtual times, through `service`.

    `current` finds a message by sid as it is by then, `token` the auth token of an account to sign with.
    """

    def __init__(self, *, clock: Clock, faults: FaultPlan, service: Service, token: Callable[[str], str]) -> None:
        self._clock = clock
        self._faults = faults
        self._service = service
        self._token = token
        self._canceled: set[str] = set()
        self.posted: list[Posted] = []

    def follow(self, message: Message) -> None:
        """Have every later status of a message told; the first one never is (Twilio docs)."""
        told = [(message.created_ms + after, status) for after, status in message.course[1:] if status in CALLBACKS]
        for place, (due_ms, status) in enumerate(told):
            following = told[place + 1][0] if place + 1 < len(told) else None
            self._clock.at(due_ms, partial(self._due, message, status, following))

    def cancel(self, message: Message) -> None:
        """Have it told that a scheduled message was canceled, and nothing else any more."""
        self._canceled.add(message.sid)
        self._clock.at(self._clock.now_ms, partial(self._due, message, "canceled", None))

    def _due(self, message: Message, status: str, following_ms: int | None) -> None:
        if message.sid in self._canceled and status != "canceled":
            return
        fault = self._faults.meet("twilio", "callback", message.to) if self._faults.waiting else None
        for due_ms in _moments(fault, self._clock.now_ms, following_ms):
            if due_ms > self._clock.now_ms:
                self._clock.at(due_ms, partial(self._post, message, status))
            else:
                self._post(message, status)

    def _post(self, message: Message, status: str) -> None:
        url, more, causes = read_retries(message.status_callback or "")
        request = self._request(message, status, url)
        for attempt in range(1, more + 2):
            outcome = self._try(request)
            self.posted.append(
                Posted(now_ms=self._clock.now_ms, sid=message.sid, status=status, attempt=attempt, outcome=outcome)
            )
            if not causes & _causes(outcome):
                return

    def _try(self, request: Request) -> int | str:
        try:
            return self._service(request).status
        except NoResponseError as silence:
            return silence.kind

    def _request(self, message: Message, status: str, url: str) -> Request:
        params = params_of(message, status, self._clock.now_ms)
        headers = (
            ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
            ("User-Agent", "TwilioProxy/1.1"),
            ("Accept", "*/*"),
            ("X-Twilio-Signature", sign(self._token(message.account_sid), url, params)),
            ("I-Twilio-Idempotency-Token", str(uuid5(NAMESPACE_URL, f"{message.sid}/{status}"))),
        )
        return Request(method="POST", url=url, headers=headers, body=urlencode(params).encode())


def _moments(fault: Fault | None, now_ms: int, following_ms: int | None) -> tuple[int, ...]:
    """Return when a callback that is due now is posted: once, later, twice or never.

    A fault of any call that says nothing about callbacks leaves them alone.
    """
    if fault is None or (fault.operation is None and fault.callback is None):
        return (now_ms,)
    check_fault(fault)
    match fault.callback:
        case "missing":
            return ()
        case "duplicate":
            return (now_ms, now_ms)
        case "reordered":
            return (now_ms if following_ms is None else following_ms + 1,)
        case _:
            return (now_ms + (fault.delay * 1000 or LATE_MS),)


def _causes(outcome: int | str) -> set[str]:
    """Name what went wrong as a retry policy does; empty where nothing did."""
    if isinstance(outcome, str):
        return {"ct" if outcome == "reset" else "rt", "all"}
    kind = f"{outcome // 100}xx"
    return {kind, "all"} if kind in ("4xx", "5xx") else set()
