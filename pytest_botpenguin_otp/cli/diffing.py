"""The command `diff`: what a change does to a bot."""

from __future__ import annotations

import json as jsons
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import typer

from pytest_botpenguin_otp import compare
from pytest_botpenguin_otp.cli import choosing
from pytest_botpenguin_otp.cli.errors import UNUSABLE, tell_error
from pytest_botpenguin_otp.cli.screen import Screen
from pytest_botpenguin_otp.errors import FileError
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.report import comparisons as report

if TYPE_CHECKING:
    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.explorer import Bounds

__all__ = ["diff"]

STYLES = {"+": "green", "-": "red"}


def diff(
    old: str,
    new: str,
    profile: str | None = None,
    bounds: Bounds | None = None,
    *,
    prove: bool = False,
    json: bool = False,
) -> int:
    """Compare two bots, each a file or `REV:path`, and return the exit code.

    0 if they are proved equal, 1 if they differ or a budget was used up before that was known, 2 if one cannot be
    read; then everything that is wrong with either is told.
    """
    profiles = tuple(PROFILES.values()) if profile is None else (choosing.chosen_profile(profile),)
    read = [_read(named) for named in (old, new)]
    bots = [bot for bot in read if not isinstance(bot, str)]
    for faults in (faults for faults in read if isinstance(faults, str)):
        tell_error(faults)
    if len(bots) < len(read):
        return UNUSABLE
    found = compare.compare_under(bots[0], bots[1], profiles, bounds, prove=prove, clock=perf_counter)
    if json:
        typer.echo(jsons.dumps(report.to_json(found), indent=2, ensure_ascii=False))
    else:
        _show(found)
    return int(not found.equal)


def _read(named: str) -> Bot | str:
    """Return the bot, or what is wrong with it."""
    try:
        if ":" not in named:
            choosing.file(named)
        return compare.load(named)
    except (FileError, compare.RevisionError) as error:
        return f"{error}{_at_revision(named)}"


def _at_revision(named: str) -> str:
    """Return how a bot is named in git, if `named` may be a revision without a path."""
    looks_so = not (":" in named or named.endswith(".yaml") or Path(named).exists())
    return f" A bot as it was at {named!r} in git is {named}:PATH." if looks_so else ""


def _show(found: compare.Comparison) -> None:
    screen = Screen()
    for number, line in enumerate(report.lines(found)):
        style = STYLES.get(line.strip()[:1], "") if number else "bold"
        screen.line(line, style)
