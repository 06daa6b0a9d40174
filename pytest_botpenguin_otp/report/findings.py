"""What `check` found, as lines, as JSON and as annotations of GitHub."""

from __future__ import annotations

import re
import shlex
from dataclasses import asdict
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.profile import DEFAULT, PROFILES
from pytest_botpenguin_otp.report.folding import folded
from pytest_botpenguin_otp.rules import HEADINGS, grouped, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_botpenguin_otp.rules import Finding, Note

__all__ = ["briefly", "for_github", "lines", "replaying", "summary", "to_json", "told"]

FORMAT = "botpenguin-otp/check@1"
PLACED = re.compile(r"(?:(?P<file>.+?):(?:(?P<line>[0-9]+):(?P<column>[0-9]+):)? )?(?P<message>.*)", re.DOTALL)
PLACES = (("file", "file"), ("line", "line"), ("col", "column"))
TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = TEXT | str.maketrans({":": "%3A", ",": "%2C"})


def lines(findings: Iterable[Finding], profile: str | None = None, *, verbose: bool = False) -> Iterator[str]:
    """Yield each finding as `file:line: CODE (severity) message`, those that fail first, the others under headings.

    `profile` is the one that the user named, if any. What a finding takes, and the chat that shows it, follow it where
    it fails the check, or all are told so.
    """
    for verdict, found in grouped(findings, profile).items():
        if HEADINGS[verdict]:
            yield f"{HEADINGS[verdict]}:"
        for finding in found:
            yield from told(finding) if verbose or verdict == "fails" else [briefly(finding)]


def briefly(finding: Finding) -> str:
    """Return a finding on one line, with what it takes at its end."""
    takes = f" [takes: {_taken(finding)}]" if finding.needs != "nothing" else ""
    return f"{finding.place}: {finding.rule} ({finding.severity}) {finding.message}{takes}"


def told(finding: Finding) -> Iterator[str]:
    """Yield the lines about one finding: what is wrong, what it takes, and the chat that shows it."""
    yield f"{finding.place}: {finding.rule} ({finding.severity}) {finding.message}"
    if finding.profiles:
        yield f"    holds under: {', '.join(finding.profiles)}"
    if finding.needs != "nothing":
        yield f"    takes: {_taken(finding)}"
    yield from (f"    {line}" for line in folded(finding.counterexample))
    if finding.token is not None:
        yield f"    play it again: {replaying(finding)}"


def _taken(finding: Finding) -> str:
    return ", and ".join((finding.needs, *finding.also))


def replaying(finding: Finding) -> str:
    """Return the command that plays the chat of a finding again, to be pasted into a shell."""
    profile = f" --profile {shlex.quote(finding.under)}" if finding.under not in (None, DEFAULT) else ""
    return f"botpenguin-otp explore {shlex.quote(finding.file)}{profile} --replay {finding.token}"


def summary(files: int, faults: int, failing: int, listed: int = 0) -> str:
    """Return the sentence at the end; `listed` counts the findings that do not fail the check."""
    checked = f"{files} file{'' if files == 1 else 's'} checked"
    if faults:
        told = f"{faults} fault{'' if faults == 1 else 's'} to mend first"
        return f"{checked}: {told}{f', and {failing} to think about' if failing else ''}."
    if failing:
        told = f"{failing} finding{'' if failing == 1 else 's'}"
        return f"{checked}: {told}{f', and {listed} listed' if listed else ''}."
    return f"{checked}: {f'nothing that fails, {listed} listed' if listed else 'nothing found'}."


def for_github(findings: Iterable[Finding], profile: str | None = None, faults: Iterable[str] = ()) -> Iterator[str]:
    """Yield workflow commands of GitHub: an error for each fault and what fails the check, a notice for the rest."""
    for fault in map(_fault, faults):
        placed = [f"{name}={str(fault[key]).translate(PROPERTY)}" for name, key in PLACES if fault[key] is not None]
        yield f"::error {','.join([*placed, 'title=unreadable'])}::{str(fault['message']).translate(TEXT)}"
    for finding in findings:
        kind = "error" if judge(finding, profile) == "fails" else "notice"
        file, title = finding.file.translate(PROPERTY), finding.rule.translate(PROPERTY)
        yield f"::{kind} file={file},line={finding.line},title={title}::{finding.message.translate(TEXT)}"


def to_json(
    files: Sequence[str],
    faults: Iterable[str],
    findings: Iterable[Finding],
    profile: str | None = None,
    notes: Iterable[Note] = (),
) -> dict[str, object]:
    """Return the same for machines, what fails apart from what is listed; a fault may have no line."""
    every = grouped(findings, profile)
    return {
        "format": FORMAT,
        "files": list(files),
        "faults": [_fault(fault) for fault in faults],
        "findings": [_finding(finding, profile) for finding in every.get("fails", ())],
        "listed": [
            _finding(finding, profile) for verdict, found in every.items() if verdict != "fails" for finding in found
        ],
        "notes": [_fault(f"{note.place}:1: {note.message}") | {"column": None} for note in notes],
    }


def _finding(finding: Finding, profile: str | None) -> dict[str, object]:
    """Return all of a finding; its place as file and line, and each profile that it holds under by name."""
    every = {name: value for name, value in asdict(finding).items() if name != "place"}
    every["profiles"] = list(finding.profiles or (PROFILES if profile is None else [profile]))
    return {"file": finding.file, "line": finding.line, "verdict": judge(finding, profile)} | every


def _fault(fault: str) -> dict[str, object]:
    (told,) = (found.groupdict() for found in [PLACED.fullmatch(fault)] if found)
    return {name: int(text) if text and name in ("line", "column") else text for name, text in told.items()}
