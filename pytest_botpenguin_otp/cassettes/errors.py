"""What can go wrong with a cassette; no text here ever holds a recorded value."""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb

from pytest_botpenguin_otp.errors import FileError, OtpError

__all__ = ["CassetteError", "ConsentError", "LeakError", "MissError", "bare"]


class CassetteError(OtpError):
    """A cassette cannot be made, found or used."""


class LeakError(CassetteError):
    """A cassette would have held something sensitive and was not written; the text names places and kinds."""


class ConsentError(CassetteError):
    """A live call was refused; the text names everything that is missing, and nothing was sent."""


class MissError(CassetteError, AssertionError):
    """A request is not the one that was recorded; nothing went live."""


def bare(error: BaseException) -> BaseException:
    """Return an error without the frames and causes below it, which hold what no traceback may show.

    One that is none of ours becomes one of ours that tells its name and place, since its text may hold a value.
    """
    if isinstance(error, Exception) and not isinstance(error, OtpError | FileError):
        place = extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
        return CassetteError(
            f"A call through a cassette, or the writing of one, failed: {what}. Its values stay untold."
        )
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
