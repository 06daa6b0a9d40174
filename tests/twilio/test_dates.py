"""Dates are written and read as Twilio does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.twilio.dates import DAY_MS, done_date, read_date, rfc2822

NINE_HOURS = 9 * 3_600_000


@pytest.mark.parametrize(
    ("now_ms", "text"),
    [(0, "Thu, 15 Jan 2026 09:00:00 +0000"), (1999, "Thu, 15 Jan 2026 09:00:01 +0000")],
)
def test_rfc2822(now_ms, text):
    """A date in an answer is RFC 2822 in UTC, in whole seconds."""
    assert rfc2822(now_ms) == text


def test_done_date():
    """A callback's RawDlrDoneDate is YYMMDDhhmm."""
    assert done_date(61_000) == "2601150901"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-01-15", -NINE_HOURS, -NINE_HOURS + DAY_MS - 1),
        ("2026-01-15T09:00:01Z", 1000, 1999),
        ("2026-01-15T10:00:01+01:00", 1000, 1999),
        ("2026-01-15 09:00:01", 1000, 1999),
    ],
)
def test_read_date(text, first, last):
    """A day covers its 24 hours in UTC, a moment its second."""
    assert read_date(text) == (first, last)


@given(st.integers(min_value=0, max_value=10**12))
def test_same_second(now_ms):
    """Two moments of one second look the same, and the next second looks different."""
    assert rfc2822(now_ms) == rfc2822(now_ms - now_ms % 1000) != rfc2822(now_ms + 1000)
