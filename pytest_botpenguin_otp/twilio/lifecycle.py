"""Which statuses a message goes through, and at which virtual moment after its creation."""

from __future__ import annotations

__all__ = ["CALLBACKS", "DIRECT", "FINAL", "INBOUND", "STILL", "Course", "course_of"]

Course = tuple[tuple[int, str], ...]
"""Milliseconds after creation, and the status from then on; earliest first."""

# Twilio documents the order of the statuses and no times: these are assumed.
QUEUED_MS = 50
SENDING_MS = 100
SENT_MS = 500
DONE_MS = 2000

DIRECT: Course = ((0, "queued"), (SENDING_MS, "sending"), (SENT_MS, "sent"), (DONE_MS, "delivered"))
STILL: Course = ((0, "queued"),)
INBOUND: Course = ((0, "received"),)

_MIDDLES = {"number": DIRECT[:1], "service": ((0, "accepted"), (QUEUED_MS, "queued"))}
_ENDS = {
    "delivered": DIRECT[1:],
    "undelivered": (*DIRECT[1:3], (DONE_MS, "undelivered")),
    "failed": ((SENDING_MS, "sending"), (SENT_MS, "failed")),
}
_COURSES: dict[tuple[str, str], Course] = {
    (via, end): middle + rest for via, middle in _MIDDLES.items() for end, rest in _ENDS.items()
}

FAILED = frozenset({30001, 30002, 30022, 30023, 30032, 30034})
"""Codes that end in `failed`, before a carrier had the message; others end in `undelivered`. Assumed."""

CALLBACKS = frozenset({"queued", "sent", "delivered", "undelivered", "failed", "canceled"})
"""Statuses that are told to a StatusCallback (Twilio docs, outbound message status), save the first of a message."""

FINAL = frozenset({"delivered", "undelivered", "failed", "canceled", "received"})
"""Statuses that a message never leaves."""


def course_of(*, via: str, failure: int | None, wait_ms: int = 0) -> Course:
    """Return the course of a message sent by a `number` or a `service`, `wait_ms` after its creation.

    A message that waits is `scheduled` until then; `failure` is the delivery error it ends with, if any.
    """
    course = _COURSES[via, _end(failure)]
    if not wait_ms:
        return course
    return ((0, "scheduled"), *((wait_ms + after, status) for after, status in course if status != "accepted"))


def _end(failure: int | None) -> str:
    if failure is None:
        return "delivered"
    return "failed" if failure in FAILED else "undelivered"
