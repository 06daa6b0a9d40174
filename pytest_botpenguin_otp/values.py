"""Texts that know where they come from, and texts that do not show themselves.

Origins and values are named tuples: states are made of them, and a search makes and hashes states by the thousand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from pytest_botpenguin_otp.masks import WORDS, Masked, MaskedParts, covered, shown

if TYPE_CHECKING:
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


def handed_out(value: Value) -> str:
    """Return the text of an attribute as it may be handed out, by where it comes from."""
    known = value.origin.kind in ("literal", "unset") or (value.origin.kind != "secret" and WORDS.fullmatch(value.text))
    return value.text if known else Masked(value.text)
