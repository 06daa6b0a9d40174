"""The command `mutate`: what the chats of a bot would miss."""

from __future__ import annotations

import json as jsons
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pytest_botpenguin_otp import mutants
from pytest_botpenguin_otp.cli import choosing
from pytest_botpenguin_otp.cli.screen import Screen
from pytest_botpenguin_otp.errors import FileError
from pytest_botpenguin_otp.report import mutants as report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_botpenguin_otp.explorer import Bounds

__all__ = ["mutate"]

SUFFIXES = {".yaml", ".yml"}
NO_CHAT = "this is not a chat file. Name files such as test_login.chat.yaml, or folders with such files."


def mutate(
    bot: str,
    tests: Sequence[str],
    profile: str | None = None,
    bounds: Bounds | None = None,
    *,
    floor: float | None = None,
    json: bool = False,
) -> int:
    """Grade the chats of a bot, and return the exit code: 1 below the floor, or for any survivor without one.

    1 also where a budget cut a comparison, since the score then does not speak of every change.
    """
    path, chosen = choosing.file(bot), choosing.chosen_profile(profile)
    named = [Path(test) for test in tests]
    missing = [f"{one}: there is no such file or folder." for one in named if not one.exists()]
    alien = [f"{one}: {NO_CHAT}" for one in named if one.is_file() and one.suffix not in SUFFIXES]
    if missing or alien:
        raise FileError([*missing, *alien])
    chats = mutants.find(path, named)
    grade = mutants.grade(path, chats.conversations, chosen, bounds)
    if json:
        typer.echo(jsons.dumps(report.to_json(grade, chats.files, floor), indent=2, ensure_ascii=False))
    else:
        _show(grade, chats, floor)
    missed = bool(grade.survived) if floor is None else grade.score < floor
    return int(missed or bool(grade.cut))


def _show(grade: mutants.Grade, chats: mutants.Chats, floor: float | None) -> None:
    screen = Screen()
    for number, line in enumerate(report.lines(grade, chats.files)):
        screen.line(line, "" if number else "bold")
    if floor is not None and grade.score < floor:
        screen.line()
        screen.line(f"below the floor: {report.percent(grade.score)} is less than {report.percent(floor)}", "red")
    if grade.cut:
        screen.line()
        told = f"the search was cut by {' and '.join(grade.cut)}: {len(grade.not_compared)} changes are not compared"
        screen.line(f"{told}. Give more with --states.", "red")
