"""Phone numbers as Twilio reads them: E.164, magic numbers, masks."""

from __future__ import annotations

import re
from functools import lru_cache

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    ValidationResult,
    format_number,
    is_possible_number,
    is_possible_number_for_type_with_reason,
    is_possible_number_with_reason,
    parse,
)

from pytest_botpenguin_otp.errors import check_type

__all__ = ["MAGIC_FROM", "MAGIC_TO", "NUMBER", "check_sender", "check_to", "is_e164", "mask", "normalise"]

NUMBER = "+15005550006"
"""The magic number that passes every check; the default fake account owns it."""

MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
"""What a magic sender is refused with (Twilio docs, test credentials)."""

MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
"""What a magic recipient is refused with (Twilio docs, test credentials)."""

_INVALID = "+15005550001"
_E164 = re.compile(r"\+[1-9][0-9]{1,14}").fullmatch
_SHORT_CODE = re.compile(r"[0-9]{3,8}").fullmatch
_SENDER_ID = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}").fullmatch
_NORTH_AMERICA = 1
_TOO_SHORT = (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY)


def mask(number: str) -> str:
    """Return `number` with its last four characters as XXXX, as Twilio's newer texts do."""
    return f"{number[:-4]}XXXX"


@lru_cache(maxsize=65536)
def normalise(number: str) -> str:
    """Return the E.164 form of an international number in any spelling, or the text itself where it is none."""
    check_type("What takes a phone number", number, str, "a text, in quotes and with its plus")
    try:
        return str(format_number(parse(number, None), PhoneNumberFormat.E164))
    except NumberParseException:
        return number.strip()


@lru_cache(maxsize=65536)
def check_to(to: str) -> int | None:
    """Return what a recipient is refused with for its form alone, or None.

    Twilio error 21265 was seen for numbers too short for their country (+91), 21211 for a short +1 number and for
    whatever else is not a possible number.
    """
    if to == _INVALID or not _E164(to):
        return 21211
    try:
        number = parse(to, None)
    except NumberParseException:
        return 21211
    if _is_short(number) and number.country_code != _NORTH_AMERICA:
        return 21265
    return None if is_possible_number(number) and not _is_short(number) else 21211


@lru_cache(maxsize=4096)
def is_e164(number: str) -> bool:
    """Say whether a number is in strict ASCII E.164 and possible for its country."""
    try:
        return bool(_E164(number) and is_possible_number(parse(number, None)))
    except NumberParseException:
        return False


@lru_cache(maxsize=4096)
def check_sender(sender: str) -> str | None:
    """Return the kind of a sender, `number`, `short code` or `alphanumeric`, or None where it is none of them."""
    if is_e164(sender):
        return "number"
    if _SHORT_CODE(sender):
        return "short code"
    return "alphanumeric" if _SENDER_ID(sender) else None


def _is_short(number: PhoneNumber) -> bool:
    """Say whether a number is shorter than any landline or mobile number of its country."""
    subscriber = is_possible_number_for_type_with_reason(number, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    return is_possible_number_with_reason(number) in _TOO_SHORT or subscriber in _TOO_SHORT
