"""Every error that this package raises, and how it tells a typo."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

__all__ = [
    "ChatError",
    "ContractError",
    "FaultError",
    "FileError",
    "MissingExtraError",
    "NoCodeError",
    "NoResponseError",
    "OtpError",
    "ProfileError",
    "UnmatchedRequestError",
    "did_you_mean",
]


def did_you_mean(name: str, known: Collection[str]) -> str:
    """Return the nearest fit and every valid choice, as sentences to put after an error."""
    if not known:
        return "None is defined."
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    hint = f"Did you mean {close[0]!r}? " if close else ""
    return f"{hint}Known: {', '.join(sorted(known))}."


class OtpError(Exception):
    """The root: catch this to catch all of ours."""


class FileError(OtpError):
    """A bot, chat or profile file cannot be used; `faults` holds one line for each reason."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class ProfileError(OtpError):
    """A profile is unknown or makes no sense."""

    @classmethod
    def unknown(cls, name: str, known: Collection[str]) -> Self:
        """Name the typo, the nearest fit and every profile there is."""
        return cls(f"There is no profile {name!r}. {did_you_mean(name, known)}")


class ContractError(OtpError):
    """A contract is missing from the installation, or its name is unknown."""


class FaultError(OtpError):
    """A fault is described in a way that no service could carry out."""


class ChatError(OtpError):
    """A conversation asks for something that cannot be done at this point of the chat."""


class NoCodeError(ChatError):
    """A handset was asked for a code and has none."""


class UnmatchedRequestError(OtpError):
    """A request went to a place that nothing here answers for; the message says what would have matched."""


class MissingExtraError(OtpError):
    """A feature needs an optional dependency that is not installed."""

    @classmethod
    def of(cls, what: str, extra: str) -> Self:
        """Say which `pip install` line helps."""
        return cls(f"{what} needs an extra: pip install 'pytest-botpenguin-otp[{extra}]'")


class NoResponseError(OtpError):
    """A service did not answer.

    `kind` is `timeout` (nothing came), `reset` (the connection broke before anything was done) or `lost` (it was
    done, and the answer never arrived); `elapsed_ms` is how long that took, in virtual milliseconds.
    """

    def __init__(self, kind: str = "timeout", *, elapsed_ms: int = 0) -> None:
        self.kind = kind
        self.elapsed_ms = elapsed_ms
        super().__init__(f"no answer: {kind}")
