"""What can go wrong with a cassette; no text here ever holds a recorded value."""

from __future__ import annotations

from pytest_botpenguin_otp.errors import OtpError

__all__ = ["CassetteError", "ConsentError", "LeakError", "MissError"]


class CassetteError(OtpError):
    """A cassette cannot be made, found or used."""


class LeakError(CassetteError):
    """A cassette would have held something sensitive and was not written; the text names places and kinds."""


class ConsentError(CassetteError):
    """A live call was refused; the text names everything that is missing, and nothing was sent."""


class MissError(CassetteError, AssertionError):
    """A request is not the one that was recorded; nothing went live."""
