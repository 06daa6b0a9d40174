"""Every error that this package raises, and how it tells a typo."""

from __future__ import annotations

from difflib import SequenceMatcher, get_close_matches
from itertools import zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING, Self, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

__all__ = [
    "ArgumentError",
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
    "check_callable",
    "check_type",
    "did_you_mean",
    "nothing_matches",
]

REST = "..."
"""The last part of a place that stands for whatever follows."""
LONGEST = 80
CLOSE = 0.5

Shapes: TypeAlias = "Mapping[str, tuple[Callable[[str], object], str]]"


def did_you_mean(name: str, known: Collection[str]) -> str:
    """Return the nearest fit and every valid choice, as sentences to put after an error."""
    if not known:
        return "None is defined."
    by_case = {one.casefold(): one for one in sorted(known)}
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    close = close or [by_case[one] for one in get_close_matches(name.casefold(), by_case, n=1, cutoff=0.5)]
    hint = f"Did you mean {close[0]!r}? " if close else ""
    return f"{hint}Known: {', '.join(sorted(known))}."


def nothing_matches(
    method: str, place: str, routes: Mapping[tuple[str, str], str], shapes: Shapes = MappingProxyType({})
) -> str:
    """Say which route comes nearest to a request, where it first differs, and what would have matched.

    `routes` maps method and place to the operation there; places are compared between their slashes. `shapes` says of
    a part that stands for many what fits it, and how that is told; a last part `...` stands for whatever follows.
    """
    compared = {route: _Compared(place, route[1], shapes) for route in routes}
    there = [f"{routes[route]} is a {route[0]}" for route, found in compared.items() if found.difference is None]
    if there:
        return f"{method} is not answered here; {', '.join(there)}."
    nearest = max(compared, key=lambda route: (*compared[route].nearness, route[0] == method))
    found = compared[nearest]
    verb, pattern = nearest
    hint = f"Did you mean {pattern!r} ({verb})?" if found.nearness[1] >= CLOSE else f"Nearest is {pattern!r} ({verb})."
    would = f" {verb} {found.mended} would have matched." if found.mended != pattern else ""
    return f"{hint} First difference: {found.difference}.{would}"


class _Compared:
    """A place held against one pattern: the first `difference` if any, how near it is, and the place `mended`."""

    def __init__(self, place: str, pattern: str, shapes: Shapes) -> None:
        self._shapes = shapes
        wanted = pattern.split("/")
        asked = place.split("/")
        if wanted[-1] == REST:
            wanted.pop()
            del asked[len(wanted) :]
        pairs = list(zip_longest(asked, wanted))
        wrong = [pair for pair in pairs if not self._fits(*pair)]
        self.difference = self._told(*wrong[0]) if wrong else None
        self.nearness = (len(pairs) - len(wrong), _likeness(*wrong[0]) if wrong else 1.0)
        self.mended = "/".join(
            (part if self._fits(part, known) else known) or "" for part, known in pairs if known is not None
        )

    def _fits(self, part: str | None, known: str | None) -> bool:
        if part is None or known is None:
            return False
        return part == known or (known in self._shapes and bool(self._shapes[known][0](part)))

    def _told(self, part: str | None, known: str | None) -> str:
        if part is None:
            return f"it ends where {f'/{known}'!r} belongs"
        shown = part if len(part) <= LONGEST else f"{part[:LONGEST]}..."
        if known is None:
            return f"it goes on with {f'/{shown}'!r}"
        if known in self._shapes:
            return f"{shown!r} is not {self._shapes[known][1]}"
        return f"{shown!r} where {known!r} belongs"


def _likeness(part: str | None, known: str | None) -> float:
    if part is None or known is None:
        return CLOSE
    return SequenceMatcher(None, part[:LONGEST], known).ratio()


class OtpError(Exception):
    """The root: catch this to catch all of ours."""


class ArgumentError(OtpError):
    """A Python call was given an argument of another kind than it takes."""


def check_type(what: str, value: object, kinds: type | tuple[type, ...], wanted: str) -> None:
    """Raise `ArgumentError` where `value` is none of `kinds`; it is not shown, since it may be a code or a number.

    True and False are no numbers here, whatever Python says.
    """
    told = kinds if isinstance(kinds, tuple) else (kinds,)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in told):
        raise ArgumentError(f"{what} wants {wanted}; it got a value of type {type(value).__name__}.")


def check_callable(what: str, value: object, wanted: str) -> None:
    """Raise `ArgumentError` where `value` cannot be called."""
    if not callable(value):
        raise ArgumentError(f"{what} wants {wanted}; it got a value of type {type(value).__name__}.")


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


class MissingExtraError(OtpError, ModuleNotFoundError):
    """A feature needs an optional dependency that is not installed; who expects an `ImportError` catches it, too."""

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
