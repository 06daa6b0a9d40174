"""The command `generate`: chats that take every way through a bot and notice every change to it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pytest_botpenguin_otp import mutants
from pytest_botpenguin_otp.cli import choosing
from pytest_botpenguin_otp.cli.errors import clean, tell_error
from pytest_botpenguin_otp.errors import FileError
from pytest_botpenguin_otp.report import generated as report

if TYPE_CHECKING:
    from pytest_botpenguin_otp.explorer import Bounds

__all__ = ["generate"]


def generate(bot: str, output: str | None = None, profile: str | None = None, bounds: Bounds | None = None) -> int:
    """Write chats for a bot on stdout, or as a file; what is left uncovered is told on stderr. Return the exit code.

    It is 1 where a budget cut the search, so that chats may be missing.

    Raises `FileError` for a bot that cannot be read, and where `output` is a file that this did not write.
    """
    path, chosen = choosing.file(bot), choosing.chosen_profile(profile)
    file = None if output is None else Path(output)
    if file is not None:
        _free(file)
    found = mutants.generate(path, chosen, bounds)
    folder = Path() if file is None else file.parent
    text = report.chat_file(found, _way(path, folder))
    if file is None:
        typer.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8", newline="\n")
    for line in report.summary(found):
        tell_error(line)
    if file is not None:
        tell_error(f"wrote {file}{'' if _is_collected(file) else '; pytest collects it as test_*.chat.yaml only'}")
    if found.cut:
        tell_error(f"The search was cut by {' and '.join(found.cut)}: chats may be missing. Give more with --states.")
    return int(bool(found.cut))


def _way(path: Path, folder: Path) -> str:
    """Return the path to a bot from the folder of a chat file."""
    try:
        return clean(Path(os.path.relpath(path, folder)).as_posix())
    except ValueError:  # another drive
        return path.resolve().as_posix()


def _free(file: Path) -> None:
    """Raise `FileError` where a file stands that is not ours to overwrite, or no folder that it could stand in."""
    if file.is_dir():
        raise FileError([f"{file}: this is a folder. Name a file in it, such as {file / 'test_login.chat.yaml'}."])
    if not file.parent.is_dir():
        raise FileError([f"{file.parent}: there is no such folder."])
    if file.exists() and not file.read_bytes().startswith(report.MARK.encode()):
        raise FileError([f"{file}: is there already, and was not written by generate. Move it, or name another file."])


def _is_collected(file: Path) -> bool:
    return file.name.startswith("test_") and file.name.endswith(".chat.yaml")
