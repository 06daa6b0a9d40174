"""A message as a value, and as Twilio shows it in JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Self

from pytest_botpenguin_otp.discretion import Discreet
from pytest_botpenguin_otp.frozen import quick
from pytest_botpenguin_otp.twilio.dates import rfc2822
from pytest_botpenguin_otp.twilio.errors import DELIVERY_ERRORS
from pytest_botpenguin_otp.twilio.lifecycle import DIRECT, Course
from pytest_botpenguin_otp.twilio.phones import mask
from pytest_botpenguin_otp.values import Masked, shown

__all__ = ["Message", "as_json"]

PRICE_USD = 0.0075
"""The price of one outbound segment, as a recording shows it once sent."""

UNPICKED = ("accepted", "scheduled")
BROKEN = ("failed", "undelivered")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Discreet):
    """One SMS, as it is at one virtual moment; `at` gives it at another.

    `from_` and `to` are in E.164, times in virtual milliseconds. `failure` is the delivery error (Twilio errors 30001
    to 30499) it is bound to end with; `error_code` shows that only once it has. `sent_ms` and `error_code` are None
    until then. Its `repr` shows neither the body nor whole numbers.
    """

    sid: str
    account_sid: str
    to: str
    from_: str
    body: str
    created_ms: int
    updated_ms: int
    position: int
    course: Course = DIRECT
    status: str = "queued"
    sent_ms: int | None = None
    num_segments: int = 1
    num_media: int = 0
    messaging_service_sid: str | None = None
    direction: str = "outbound-api"
    failure: int | None = None
    status_callback: str | None = field(default=None)

    def __repr__(self) -> str:
        return f"<Message {self.sid} to {mask(self.to)} from {mask(self.from_)}, {self.status}>"

    @property
    def error_code(self) -> int | None:
        """Why it was not delivered, once that is known."""
        return self.failure if self.status in BROKEN else None

    @property
    def error_message(self) -> str | None:
        """The error code in words, as in Twilio's dictionary."""
        code = self.error_code
        return None if code is None else DELIVERY_ERRORS.get(code)

    @property
    def price(self) -> str | None:
        """What it cost, as Twilio prints it, once it was sent."""
        if self.sent_ms is None or self.direction == "inbound":
            return None
        return f"{-PRICE_USD * self.num_segments:.5f}"

    def at(self, now_ms: int) -> Self:
        """Return this message as it is at `now_ms`."""
        age = now_ms - self.created_ms
        passed = [step for step in self.course if step[0] <= age]
        if not passed or passed[-1][1] == self.status:
            return self
        sent = next((self.created_ms + after for after, status in passed if status == "sent"), None)
        updated = max(self.updated_ms, self.created_ms + passed[-1][0])
        return replace(self, status=passed[-1][1], sent_ms=sent, updated_ms=updated)

    def shown(self) -> Self:
        """Return this message as it is handed to a test: its texts show neither codes nor numbers."""
        sid, to, from_ = Masked(self.account_sid), Masked(self.to), Masked(self.from_)
        return replace(self, account_sid=sid, to=to, from_=from_, body=shown(self.body))

    def redact(self, now_ms: int) -> Self:
        """Return this message without its text."""
        return replace(self.at(now_ms), body="", updated_ms=now_ms)

    def cancel(self, now_ms: int) -> Self:
        """Return this scheduled message canceled."""
        course = (*self.course[:1], (now_ms - self.created_ms, "canceled"))
        return replace(self, course=course, status="canceled", updated_ms=now_ms)


def as_json(message: Message, *, created: bool = False) -> dict[str, object]:
    """Return the 20 fields of a message in the order of a recorded answer; one just `created` names no feedback yet."""
    uri = f"/2010-04-01/Accounts/{message.account_sid}/Messages/{message.sid}"
    unpicked = message.status in UNPICKED
    subresources = {"media": f"{uri}/Media.json"}
    if not created:
        subresources["feedback"] = f"{uri}/Feedback.json"
    return {
        "body": message.body,
        "num_segments": "0" if unpicked else str(message.num_segments),
        "direction": message.direction,
        "from": None if unpicked else message.from_,
        "date_updated": rfc2822(message.updated_ms),
        "price": message.price,
        "error_message": message.error_message,
        "uri": f"{uri}.json",
        "account_sid": message.account_sid,
        "num_media": str(message.num_media),
        "to": message.to,
        "date_created": rfc2822(message.created_ms),
        "status": message.status,
        "sid": message.sid,
        "date_sent": None if message.sent_ms is None else rfc2822(message.sent_ms),
        "messaging_service_sid": message.messaging_service_sid,
        "error_code": message.error_code,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "subresource_uris": subresources,
    }
