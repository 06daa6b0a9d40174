"""Every rule there is, by its code."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.errors import OtpError, did_you_mean
from pytest_botpenguin_otp.rules.families import abuse, credentials, inputs, outcomes, possible, secrecy, verified

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_botpenguin_otp.rules.rule import Rule

__all__ = ["CATALOGUE", "FAMILIES", "UnknownRuleError", "find"]

FAMILIES: Mapping[str, str] = {
    "AU": "who becomes verified",
    "AB": "guessing and abuse",
    "LK": "secrecy of the code and the phone",
    "SE": "credentials and transport",
    "IN": "input and data shape",
    "ER": "errors, and what the user is told",
    "SO": "what must be possible, or the check proves nothing",
}
"""The letters of a code, and what such rules are about."""

CATALOGUE: Mapping[str, Rule] = MappingProxyType(
    {
        rule.code: rule
        for family in (verified, abuse, secrecy, credentials, inputs, outcomes, possible)
        for rule in family.RULES
    }
)
"""All rules by code, family by family."""


class UnknownRuleError(OtpError):
    """No rule has this code."""


def find(code: str) -> Rule:
    """Return the rule of `code`, in capital letters or small ones; raise `UnknownRuleError`."""
    known = CATALOGUE.get(code.upper())
    if known is None:
        raise UnknownRuleError(f"There is no rule {code!r}. {did_you_mean(code.upper(), CATALOGUE)}")
    return known
