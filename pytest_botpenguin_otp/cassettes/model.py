"""What a cassette holds: exchanges, and where they come from; all frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes.errors import CassetteError

if TYPE_CHECKING:
    from datetime import date

    from pytest_botpenguin_otp.wire import Request, Response

__all__ = ["FORMAT", "MOST_VALUES", "Cassette", "Exchange", "Provenance", "check_count"]

FORMAT = "botpenguin-otp/cassette@1"
MOST_VALUES = 5000
"""How many different values a cassette may have pseudonyms of, each of which was looked for everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a cassette comes from.

    `kind` is `recorded`, `documented`, `observed` or `assumed`; `target` is `real`, `fake` or `unknown`: only a
    recording of a real target counts as the real thing. `made` is the day in UTC; `contracts` the version of the
    contracts (`v1`); `scrubber` the version of this package that scrubbed it, or None where nothing did.
    """

    kind: str
    target: str
    made: date
    contracts: str
    scrubber: str | None = None
    source: str = ""

    @property
    def real(self) -> bool:
        """Whether this counts as the real thing."""
        return self.kind == "recorded" and self.target == "real"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its response, as recorded; every sensitive value is a pseudonym. `line` is its place."""

    request: Request
    response: Response
    line: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cassette:
    """A cassette file; its provenance is None where it is an old vcrpy file that says nothing of it."""

    file: str
    exchanges: tuple[Exchange, ...]
    provenance: Provenance | None = None


def check_count(values: int) -> None:
    """Raise `CassetteError` for more values than a cassette may have pseudonyms of."""
    if values > MOST_VALUES:
        raise CassetteError(
            f"The cassette holds more than {MOST_VALUES} different values, each of which had to be replaced; split it."
        )
