"""The command `cassettes verify`: contract, recording and fake held against each other."""

from __future__ import annotations

import json as jsons
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pytest_botpenguin_otp.cassettes import shelf, triangle
from pytest_botpenguin_otp.cli import choosing
from pytest_botpenguin_otp.cli.errors import UNUSABLE, tell_error
from pytest_botpenguin_otp.cli.screen import Screen
from pytest_botpenguin_otp.errors import FileError
from pytest_botpenguin_otp.report import triangle as report

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pytest_botpenguin_otp.cassettes.model import Cassette
    from pytest_botpenguin_otp.cassettes.triangle import Verification

__all__ = ["verify"]


def verify(
    paths: Iterable[str],
    profile: str | None = None,
    *,
    max_age: int | None = None,
    values: Collection[str] = (),
    json: bool = False,
) -> int:
    """Verify the cassettes at `paths`, files or folders, and return the exit code.

    It is 0 where all that was checked is the same, 1 for drift, for what is too old and where nothing was checked, and
    2 for files that cannot be used. Without a profile, each is held against the one that its source names.
    """
    chosen = choosing.chosen_profile(profile)
    cassettes, faults = _read(paths)
    today = datetime.now(UTC).date()  # noqa: TID251  # how old a recording is depends on the day
    under = [(one, chosen if profile else triangle.made_under(one) or chosen) for one in cassettes]
    found = [triangle.verify(one, given, today=today, max_age=max_age, values=values) for one, given in under]
    for fault in faults:
        tell_error(fault)
    if json:
        typer.echo(jsons.dumps(report.to_json(found, faults), indent=2, ensure_ascii=False))
    else:
        unnamed = (one for one, of in zip(found, cassettes, strict=True) if triangle.made_under(of) is None)
        _show(found, guessed=profile is None and any(one.verdict == "drift" for one in unnamed))
    return UNUSABLE if faults else int(report.failed(found))


def _show(found: Sequence[Verification], *, guessed: bool) -> None:
    """Print each verdict and the summary; with `guessed`, how to say which profile was recorded."""
    screen = Screen()
    for one in found:
        first, *rest = report.lines(one)
        screen.line(first, "bold" if one.failed else "")
        for line in rest:
            screen.line(line)
    if guessed:
        screen.line(report.guess("--profile NAME"))
    screen.line(report.summary(found), "bold")


def _read(paths: Iterable[str]) -> tuple[list[Cassette], list[str]]:
    """Return every cassette that can be read, and the faults of the others, each once."""
    cassettes: list[Cassette] = []
    faults: list[str] = []
    for path in dict.fromkeys(file for named in paths for file in shelf.files(Path(named))):
        try:
            cassettes.append(shelf.load(path))
        except FileError as error:
            faults.extend(error.faults)
    return cassettes, list(dict.fromkeys(faults))
