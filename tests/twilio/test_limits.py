"""A rate limit counts in virtual time."""

from pytest_botpenguin_otp.twilio.limits import RateLimit


def test_no_limit():
    """Without a limit everything passes."""
    limit = RateLimit()

    assert all(limit.admits(0) for _ in range(100))


def test_window():
    """What goes beyond the limit is refused until the next window."""
    limit = RateLimit(2, per_ms=1000)

    assert [limit.admits(now_ms) for now_ms in (0, 1, 999, 1000)] == [True, True, False, True]
