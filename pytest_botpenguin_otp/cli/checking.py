"""The command `check`: every fault of every file, and every rule that a bot breaks."""

from __future__ import annotations

import json as jsons
import os
from dataclasses import dataclass, replace
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
from pytest_botpenguin_otp.rules import Note, exit_code, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.explorer import Bounds
    from pytest_botpenguin_otp.rules import Finding

__all__ = ["check"]

BOT = "botpenguin-otp/bot@"
CHAT = "botpenguin-otp/chat@"
FORMATS = (f"{BOT}1", f"{CHAT}1")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is wrong with the `files` that were wanted; `profile` is the name of the one that the user named, if any."""

    files: tuple[str, ...]
    faults: tuple[str, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    profile: str | None

    @property
    def failing(self) -> int:
        """How many findings fail the check."""
        return sum(judge(finding, self.profile) == "fails" for finding in self.findings)


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
    found = _all(files, profile, bounds)
    for fault in found.faults:
        tell_error(fault)
    if os.environ.get("GITHUB_ACTIONS"):
        for line in report.for_github(found.findings, found.profile, found.faults):
            tell_error(line)
    if json:
        told = report.to_json(found.files, found.faults, found.findings, found.profile, found.notes)
        typer.echo(jsons.dumps(told, indent=2, ensure_ascii=False))
    else:
        _show(found, verbose=verbose)
    return UNUSABLE if found.faults else exit_code(found.findings, found.profile, strict=strict)


def _show(found: _Found, *, verbose: bool) -> None:
    screen = Screen()
    for line in report.lines(found.findings, found.profile, verbose=verbose):
        screen.line(line)
    for note in found.notes:
        screen.line(f"{note.place}: note: {note.message}")
    listed = [finding for finding in found.findings if judge(finding, found.profile) != "fails"]
    screen.line(report.summary(len(found.files), len(found.faults), found.failing, len(listed)), "bold")
    if not verbose and any(finding.counterexample for finding in listed):
        screen.line("The chats that show what is listed: --verbose.", "dim")


def _all(files: Iterable[str], profile: str | None, bounds: Bounds | None) -> _Found:
    """Return the faults of all files, each once, and the findings and notes of those that can be read.

    Chats are played again under the profile as the user has named it: by its path, where it has one.
    """
    chosen = None if profile is None else choosing.chosen_profile(profile)
    wanted = tuple(dict.fromkeys(files))
    faults: list[str] = []
    found: list[Finding] = []
    notes: list[Note] = []
    for file in wanted:
        try:
            bot = _read(file)
        except FileError as error:
            faults.extend(error.faults)
            continue
        if bot is not None:
            now = rules.checked(bot, None if chosen is None else [chosen], bounds, clock=perf_counter)
            found.extend(now.findings)
            notes.extend([*rules.notes(bot), *_switched_off(bot, {finding.rule for finding in now.findings})])
            notes.extend(rules.relied_on(bot, now.explorations))
    if profile is not None:
        found = [finding if finding.under is None else replace(finding, under=profile) for finding in found]
    return _Found(
        files=wanted,
        faults=tuple(dict.fromkeys(faults)),
        findings=tuple(found),
        notes=tuple(notes),
        profile=None if chosen is None else chosen.name,
    )


def _switched_off(bot: Bot, told: set[str]) -> Iterator[Note]:
    """Yield a note for each rule that a bot switches off, but for the switches that are findings themselves."""
    for off in bot.ignored:
        if off.rule not in told:
            yield Note(place=f"{bot.file}:1", message=f"{off.rule} is switched off: {off.reason}")


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
