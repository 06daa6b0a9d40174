"""Twilio's dates: RFC 2822 in answers, ISO 8601 in requests, virtual milliseconds within."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache

from pytest_botpenguin_otp.clock import EPOCH

__all__ = ["DAY_MS", "done_date", "read_date", "rfc2822"]

DAY_MS = 86_400_000
_MILLISECOND = timedelta(milliseconds=1)


@lru_cache(maxsize=1024)
def _at_second(second: int) -> str:
    return format_datetime(EPOCH + timedelta(seconds=second))


def rfc2822(now_ms: int) -> str:
    """Return a virtual moment as `Fri, 03 Nov 2023 17:23:23 +0000`."""
    return _at_second(now_ms // 1000)


def done_date(now_ms: int) -> str:
    """Return a virtual moment as the `RawDlrDoneDate` of a status callback: `YYMMDDhhmm`."""
    return (EPOCH + now_ms * _MILLISECOND).strftime("%y%m%d%H%M")


def read_date(text: str) -> tuple[int, int]:
    """Return the first and the last virtual millisecond of an ISO 8601 date (a day) or moment (a second) in UTC.

    Raise `ValueError` where `text` is neither.
    """
    moment = datetime.fromisoformat(text)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    first = (moment - EPOCH) // _MILLISECOND
    return first, first + (DAY_MS if "T" not in text and ":" not in text else 1000) - 1
