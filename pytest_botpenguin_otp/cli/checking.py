"""The command `check`: every fault of every file, and every rule that a bot breaks."""

from __future__ import annotations

import json as jsons
import os
from time import perf_counter
from typing import TYPE_CHECKING

import typer

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp import documents, rules
from pytest_botpenguin_otp.cli import choosing
from pytest_botpenguin_otp.cli.errors import UNUSABLE, tell_error
from pytest_botpenguin_otp.cli.screen import Screen
from pytest_botpenguin_otp.documents import as_map, as_text
from pytest_botpenguin_otp.errors import FileError, did_you_mean
from pytest_botpenguin_otp.report import findings as report
from pytest_botpenguin_otp.rules import exit_code, judge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.explorer import Bounds
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.rules import Finding, Note

__all__ = ["check"]

BOT = "botpenguin-otp/bot@"
CHAT = "botpenguin-otp/chat@"
FORMATS = (f"{BOT}1", f"{CHAT}1")


def check(
    files: list[str],
    profile: str | None = None,
    bounds: Bounds | None = None,
    *,
    strict: bool = False,
    json: bool = False,
    verbose: bool = False,
) -> int:
    """Tell what is wrong with `files`, and return the exit code: 2 for faults, 1 for findings, else 0.

    Findings that fail the check are those of `rules.judge`, under the profile that the user named, if any; the others
    are listed, and fail it where it is `strict`; their chats are shown where it is `verbose`.
    """
    chosen = None if profile is None else choosing.chosen_profile(profile)
    named = None if chosen is None else chosen.name
    wanted = list(dict.fromkeys(files))
    faults, found, notes = _all(wanted, chosen, bounds)
    failing = sum(judge(finding, named) == "fails" for finding in found)
    for fault in faults:
        tell_error(fault)
    if os.environ.get("GITHUB_ACTIONS"):
        for line in report.for_github(found, named):
            tell_error(line)
    if json:
        typer.echo(jsons.dumps(report.to_json(wanted, faults, found, named, notes), indent=2, ensure_ascii=False))
    else:
        screen = Screen()
        for line in report.lines(found, named, verbose=verbose):
            screen.line(line)
        for note in notes:
            screen.line(f"{note.place}: note: {note.message}")
        screen.line(report.summary(len(wanted), len(faults), failing, len(found) - failing), "bold")
        if not verbose and any(finding.counterexample for finding in found if judge(finding, named) != "fails"):
            screen.line("The chats that show what is listed: --verbose.", "dim")
    return UNUSABLE if faults else exit_code(found, named, strict=strict)


def _all(
    files: Iterable[str], profile: Profile | None, bounds: Bounds | None
) -> tuple[list[str], list[Finding], list[Note]]:
    """Return the faults of all files, each once, and the findings and notes of those that can be read."""
    faults: list[str] = []
    found: list[Finding] = []
    notes: list[Note] = []
    for file in files:
        try:
            bot = _read(file)
        except FileError as error:
            faults.extend(error.faults)
            continue
        if bot is not None:
            found.extend(rules.check(bot, None if profile is None else [profile], bounds, clock=perf_counter))
            notes.extend(rules.notes(bot))
    return list(dict.fromkeys(faults)), found, notes


def _read(file: str) -> Bot | None:
    """Return the bot of a bot file, None for a chat file without faults; raise `FileError` with those of any file."""
    path = choosing.file(file)
    document = documents.read(path)
    told = as_text(as_map(document.tree).get("format"))
    if told.startswith(BOT):
        return bots.load(path)
    if told.startswith(CHAT):
        chats.load(path)
        return None
    where = document.where("format", value=True)
    what = f"{told!r} is no format of ours." if told else "This is no bot or chat file: it has no line 'format: ...'."
    raise FileError([f"{where}: {what} {did_you_mean(told, FORMATS)}"])
