"""How many SMS a text takes, counted as Twilio's own calculator does."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Encoded", "count_segments", "encode_text", "utf16_units"]

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The GSM-7 alphabet, as Twilio has it: no backtick, no tab, no small c-cedilla."""

EXTENSION = "^{}\\[~]|€\f"
"""Characters of GSM-7 that cost two septets."""

LIMITS = {"GSM-7": (160, 153), "UCS-2": (70, 67)}
"""Units in a message of one segment, and in each segment of several (Twilio docs, SMS character limit)."""

LAST_OF_ONE_UNIT = "\uffff"

_ONE_PLAIN = re.compile(f"[{re.escape(BASIC)}]{{0,160}}").fullmatch
_GSM = re.compile(f"[{re.escape(BASIC + EXTENSION)}]*").fullmatch


class Encoded(NamedTuple):
    """How a text goes over the air: `units` are septets in GSM-7 and 16-bit code units in UCS-2."""

    encoding: str
    units: int
    segments: int


def utf16_units(text: str) -> int:
    """Count 16-bit code units, the measure of UCS-2 and of Twilio's limit on bodies."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def encode_text(text: str) -> Encoded:
    """Choose the encoding of `text` and count its units and segments.

    A character of two units never straddles two segments, so a long text may need more segments than its units
    divided by their size. Characters joined into one sign (an emoji family) are counted one by one.
    """
    encoding = "GSM-7" if _GSM(text) else "UCS-2"
    sizes = [_size(character, encoding) for character in text]
    units = sum(sizes)
    alone, each = LIMITS[encoding]
    return Encoded(encoding, units, 1 if units <= alone else _pack(sizes, each))


def count_segments(text: str) -> int:
    """Count the segments of `text`; the empty text still takes one."""
    return 1 if _ONE_PLAIN(text) else encode_text(text).segments


def _size(character: str, encoding: str) -> int:
    if encoding == "GSM-7":
        return 2 if character in EXTENSION else 1
    return 2 if character > LAST_OF_ONE_UNIT else 1


def _pack(sizes: list[int], each: int) -> int:
    segments, free = 1, each
    for size in sizes:
        if size > free:
            segments, free = segments + 1, each
        free -= size
    return segments
