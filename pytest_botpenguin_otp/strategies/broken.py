"""A value that is valid but for exactly one fault, and where that fault is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pytest_botpenguin_otp.errors import OtpError

__all__ = ["Broken", "Spoil", "StrategyError", "without"]

Spoil = Callable[[Mapping[str, object]], Mapping[str, object]]
"""Makes a broken copy of a valid body."""


class StrategyError(OtpError):
    """A strategy was asked for values that it cannot make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A `body` with one fault: `field` is the key that is wrong, missing or too many, `what` says how, in words.

    `code` is the Twilio error that tells it, where Twilio does. `tolerated` marks what breaks the contract alone: HTTP
    does not mind, so no service refuses it. The `repr` hides the body, which may hold a number or a code.
    """

    body: Mapping[str, object] = field(repr=False)
    field: str
    what: str
    code: int | None = None
    tolerated: bool = False


def without(body: Mapping[str, object], key: str) -> dict[str, object]:
    """Return a copy of `body` that has no `key`."""
    return {name: value for name, value in body.items() if name != key}
