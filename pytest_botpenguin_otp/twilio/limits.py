"""A limit on requests per virtual time."""

from __future__ import annotations

__all__ = ["RateLimit"]


class RateLimit:
    """At most `requests` in each window of `per_ms` virtual milliseconds; None: no limit."""

    def __init__(self, requests: int | None = None, *, per_ms: int = 1000) -> None:
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
