"""How a command ends when something is wrong: plain lines on stderr and an exit code, never a traceback."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pytest_botpenguin_otp.errors import OtpError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["UNUSABLE", "clean", "plainly", "tell_error"]

UNUSABLE = 2
INTERRUPTED = 130
PIPE_CLOSED = 141
TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""What turns the direction of the text after it, so that a line reads as another."""
VISIBLE = {code: "\ufffd" for code in (*range(32), *range(127, 160), *TURNING) if chr(code) not in "\n\t"}


def clean(text: str) -> str:
    """Return `text` without control characters, which a file could use to play tricks on a terminal or a reader."""
    return text.translate(VISIBLE)


def tell_error(text: str) -> None:
    """Print `text` on stderr."""
    typer.echo(clean(text), err=True)


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what goes wrong in a command into words and an exit code."""
    try:
        yield
        sys.stdout.flush()
    except OtpError as error:
        tell_error(str(error))
        raise typer.Exit(UNUSABLE) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        _silence()
        raise typer.Exit(PIPE_CLOSED) from None
    except OSError as error:
        _silence()
        tell_error(f"{error.filename or 'The output'}: {error.strerror}.")
        raise typer.Exit(UNUSABLE) from None


def _silence() -> None:
    """Let what is still in the buffer go nowhere, or Python complains when it leaves."""
    with suppress(OSError, ValueError), Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
