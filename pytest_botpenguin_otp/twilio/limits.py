"""A limit on requests per virtual time."""

from __future__ import annotations

from pytest_botpenguin_otp.errors import ArgumentError, check_type

__all__ = ["RateLimit"]


class RateLimit:
    """At most `requests` in each window of `per_ms` virtual milliseconds; None: no limit."""

    def __init__(self, requests: int | None = None, *, per_ms: int = 1000) -> None:
        for told in (requests or 0, per_ms):
            check_type("limit(requests, per_seconds=...)", told, int, "whole numbers, or None for no limit")
        if (requests or 0) < 0 or per_ms < 1:
            raise ArgumentError("limit(requests, per_seconds=...) takes at least 0 requests in at least 1 second.")
        self.requests = requests
        self.per_ms = per_ms
        self._window = 0
        self._used = 0

    def admits(self, now_ms: int) -> bool:
        """Count a request at `now_ms` and say whether the limit lets it pass."""
        if self.requests is None:
            return True
        window = now_ms // self.per_ms
        if window != self._window:
            self._window, self._used = window, 0
        self._used += 1
        return self._used <= self.requests
