"""Values whose `repr` is all that may be said of them, also to printers that would look into their fields."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Discreet", "Printer"]


class Printer(Protocol):
    """What hypothesis and IPython print values with."""

    def text(self, text: str) -> None:
        """Print a text."""


class Discreet:
    """Prints itself by its `repr`; hypothesis would else print every field of a dataclass, hidden ones too."""

    __slots__ = ()

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:  # noqa: FBT001  # their protocol
        del cycle
        printer.text(repr(self))
