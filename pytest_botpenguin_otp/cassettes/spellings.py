"""One code, however it is typed: what services leave out of account when they compare two."""

from __future__ import annotations

from unicodedata import decimal, normalize

__all__ = ["alike", "digits_in", "is_bare", "spellings"]


def digits_in(text: str) -> str:
    """Return the decimal digits in a text as ASCII, whatever script and width they are written in."""
    return "".join(str(decimal(char)) for char in normalize("NFKC", text) if char.isdecimal())


def is_bare(text: str) -> bool:
    """Say whether a text is digits, in whatever script, and nothing but blanks and signs around them."""
    return digits_in(text) != "" and all(char.isdecimal() for char in normalize("NFKC", text) if char.isalnum())


def spellings(text: str) -> tuple[tuple[str, str], ...]:
    """Return what is left of a code without case and separators, and without all but its digits, each with its name.

    Where nothing would be left, less is left out, so that two texts are never alike for want of anything to compare.
    """
    plain = normalize("NFKC", text).casefold()
    letters = "".join(char for char in plain if char.isalnum()) or "".join(plain.split()) or text
    return ("letters", letters), ("digits", digits_in(text) or letters)


def alike(one: str, other: str) -> bool:
    """Say whether some service could take two texts for the same code."""
    return any(here == there for here, there in zip(spellings(one), spellings(other), strict=True))
