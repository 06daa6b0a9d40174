"""Which answers a question takes, and what it saves."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import phonenumbers

if TYPE_CHECKING:
    from pytest_botpenguin_otp.bot import Question
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["E164", "Phone", "accept", "phone"]

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


class Phone(NamedTuple):
    """A number taken apart: country code and national number, both digits only."""

    country: str
    national: str

    @property
    def e164(self) -> str:
        """The number in E.164, with its plus."""
        return f"+{self.country}{self.national}"

    def render(self, how: str) -> str:
        """Write the number as a profile's `phone_rendering` says."""
        return {
            "e164": self.e164,
            "digits": f"{self.country}{self.national}",
            "national": self.national,
            "e164-national-zero": f"+{self.country}0{self.national}",
            "blank": "",
            "braces": "{}",
        }[how]


@lru_cache(maxsize=4096)
def phone(text: str, countries: tuple[str, ...] = ()) -> Phone | None:
    """Read a number as people type it; None where it is not possible for its country.

    `countries` are ISO 3166 codes; the first is taken for a number without a plus. Possible is
    `phonenumbers.is_possible_number`: `is_valid_number` refuses the ranges reserved for tests.
    """
    try:
        parsed = phonenumbers.parse(text, countries[0] if countries else None)
    except phonenumbers.NumberParseException:
        return None
    found = Phone(str(parsed.country_code), phonenumbers.national_significant_number(parsed))
    allowed = {phonenumbers.country_code_for_region(country) for country in countries}
    if allowed and parsed.country_code not in allowed:
        return None
    possible = phonenumbers.is_possible_number(parsed) and E164.fullmatch(found.e164) is not None
    return found if possible else None


def accept(question: Question, text: str, profile: Profile) -> str | None:
    """Return what the question saves for the answer `text`, or None where it does not take it."""
    if question.max_length is not None and len(text) > question.max_length:
        return None
    match question.kind:
        case "phone_number":
            found = phone(text, question.countries)
            return None if found is None else found.render(profile.phone_rendering)
        case "numeric_input":
            return _number(text.strip(), profile)
        case "email":
            return text.strip() if EMAIL.fullmatch(text.strip()) else None
        case "name":
            return text.strip() or None
        case _:
            return text


def _number(text: str, profile: Profile) -> str | None:
    if NUMBER.fullmatch(text) is None:
        return None
    if profile.numeric_storage == "text":
        return text
    whole, point, rest = text.lstrip("+").partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{whole.lstrip('-').lstrip('0') or '0'}{point}{rest}"
