"""Texts that know where they come from, and texts that do not show themselves.

Origins and values are named tuples: states are made of them, and a search makes and hashes states by the thousand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

if TYPE_CHECKING:
    from typing import SupportsIndex

    from pytest_botpenguin_otp.discretion import Printer

__all__ = [
    "EMPTY",
    "LITERAL",
    "UNSET",
    "Masked",
    "MaskedParts",
    "Origin",
    "OriginKind",
    "Text",
    "Value",
    "covered",
    "handed_out",
    "plain",
    "shown",
]

OriginKind = Literal["typed", "received", "literal", "secret", "left_over", "unset"]


class Origin(NamedTuple):
    """Where a text comes from.

    | kind        | place                       | number                    |
    |-------------|-----------------------------|---------------------------|
    | `typed`     | the question's component    | the user's turn, from 1   |
    | `received`  | the path into the response  | the call, from 1          |
    | `literal`   |                             |                           |
    | `secret`    | the name in `${NAME}`       |                           |
    | `left_over` | the attribute               |                           |
    | `unset`     | the attribute               |                           |
    """

    kind: OriginKind
    place: str = ""
    number: int = 0


LITERAL = Origin("literal")
UNSET = Origin("unset")


class Value(NamedTuple):
    """A text and its origin; the `repr` keeps the text to itself, since it may be a code or a number."""

    text: str
    origin: Origin = LITERAL

    def __repr__(self) -> str:
        return f"<{len(self.text)} characters, {self.origin.kind}>"

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:  # noqa: FBT001  # as `Discreet`, no base of tuples
        del cycle
        printer.text(repr(self))


Text = tuple[Value, ...]
"""A rendered text: its parts in order, each with its own origin."""

EMPTY = Value("", UNSET)


def plain(text: Text) -> str:
    """Return the rendered text as one string, origins forgotten."""
    return text[0].text if len(text) == 1 else "".join([part.text for part in text])


PART = re.compile(r"(?<!\w)\+?\d(?:[\W_]{0,3}\d){3,}(?!\w)|\b(?=\w{4})[^\W\d]*\d\w*")
"""What of a text may be a code, a number or a key: digits in a row, or a word of four signs that has one."""
WORDS = re.compile(r"[a-z_-]*")
"""A text that is surely none of these: a word of an answer, as `true` or `pending`."""


class Masked(str):
    """A code, a number or a secret that a test is given: a text like any other, but for its `repr`.

    So neither `--showlocals` nor the explanation of a failed assertion shows it. What is cut from it, and what it is
    added to, is masked too; `str(text)` and an f-string give it in clear.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} characters, masked>"

    def __getitem__(self, key: SupportsIndex | slice) -> Self:
        return type(self)(super().__getitem__(key))

    def __add__(self, other: str) -> Self:
        return type(self)(super().__add__(other))

    def __radd__(self, other: str) -> Self:
        return type(self)(other + str(self))


class MaskedParts(Masked):
    """A text that holds codes or numbers among words, such as an SMS; its `repr` covers these alone."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(covered(self))


def covered(text: str) -> str:
    """Return a text with everything in it covered that may be a code, a number or a key."""
    return PART.sub(lambda found: f"[{len(found[0])} characters]", text)


def shown(text: str) -> str:
    """Return a text as it may be handed out: one that holds a code or a number does not show it."""
    return MaskedParts(text) if PART.search(text) else text


def handed_out(value: Value) -> str:
    """Return the text of an attribute as it may be handed out, by where it comes from."""
    known = value.origin.kind in ("literal", "unset") or (value.origin.kind != "secret" and WORDS.fullmatch(value.text))
    return value.text if known else Masked(value.text)
