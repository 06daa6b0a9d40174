"""The screen: colour on a terminal, plain text where it is piped or NO_COLOR is set."""

from __future__ import annotations

import os

from rich.console import Console
from rich.text import Text

from pytest_botpenguin_otp.cli.errors import clean

__all__ = ["Screen"]

PIPED_WIDTH = 160


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command, rather than end the process here."""
        raise BrokenPipeError


class Screen:
    """Prints lines on stdout; nothing in them is read as markup."""

    def __init__(self) -> None:
        plain = bool(os.environ.get("NO_COLOR"))
        self.console = _Console(color_system=None if plain else "auto", highlight=False, markup=False, emoji=False)
        if not self.console.is_terminal and not os.environ.get("COLUMNS"):
            self.console = _Console(
                color_system=None, width=PIPED_WIDTH, highlight=False, markup=False, emoji=False, legacy_windows=False
            )

    @property
    def is_terminal(self) -> bool:
        """Whether a person looks at it."""
        return self.console.is_terminal

    def line(self, text: str = "", style: str = "") -> None:
        """Print `text` as it is, however long."""
        self.console.print(Text(clean(text), style=style), soft_wrap=True)
