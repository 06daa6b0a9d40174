"""Values whose `repr` is all that may be said of them, also to printers that would look into their fields."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, Self

from pytest_botpenguin_otp.masks import handed, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

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

    def shown(self) -> Self:
        """Return this value as it is handed to a test: it equals this one, and what its `repr` hides is masked."""
        return type(self)(**dict(self._handed()))

    def _handed(self) -> Iterator[tuple[str, object]]:
        for name, hidden in _fields(type(self)):  # type: ignore[arg-type]  # a class has a hash, whatever its values have
            value = getattr(self, name)
            if hidden:
                yield name, typed(value) if isinstance(value, str) else handed(value, name)
            else:
                yield name, value.shown() if isinstance(value, Discreet) else value


@lru_cache(maxsize=256)
def _fields(kind: type) -> tuple[tuple[str, bool], ...]:
    """Name the fields of a dataclass, each with whether its `repr` leaves it out."""
    return tuple((field.name, not field.repr) for field in fields(kind))
