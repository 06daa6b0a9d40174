"""The work of the commands `cassettes ...`: files in, lines and files out."""

from __future__ import annotations

import json as jsons
import sys
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pytest_botpenguin_otp import documents
from pytest_botpenguin_otp.cassettes import audit as audits
from pytest_botpenguin_otp.cassettes import form, orphans, pasting
from pytest_botpenguin_otp.cassettes import learn as lessons
from pytest_botpenguin_otp.cassettes.errors import CassetteError
from pytest_botpenguin_otp.cassettes.reading import day_in, read, scrubbed
from pytest_botpenguin_otp.cassettes.samples import pasted, samples
from pytest_botpenguin_otp.cli import choosing
from pytest_botpenguin_otp.cli.errors import clean, tell_error
from pytest_botpenguin_otp.cli.screen import Screen
from pytest_botpenguin_otp.errors import FileError
from pytest_botpenguin_otp.profile import to_json
from pytest_botpenguin_otp.report import cassettes as report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_botpenguin_otp.cassettes.model import Cassette
    from pytest_botpenguin_otp.cassettes.reading import Source
    from pytest_botpenguin_otp.cassettes.samples import Sample

__all__ = ["Paste", "audit", "learn", "scrub", "show", "today"]

SUFFIXES = (".yaml", ".yml")
SCRUBBED = ".scrubbed.yaml"
STDIN = "-"
UNLEARNED = 1
OKAY = 200
UNTOLD = (
    "{}: say with which status a wrong code is told, such as --status 400: no document tells whether that is a 200."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paste:
    """What is said of a pasted answer; `status` is None where nothing is."""

    operation: str = ""
    status: int | None = None
    mismatch: bool = False


def today() -> date:
    """Return the day, in UTC."""
    return datetime.now(UTC).date()  # noqa: TID251  # ages are counted from it; nothing else is


def audit(paths: list[str], *, max_age: int | None, tests: str | None, profile: str | None, json: bool) -> int:
    """Audit cassettes, and return the exit code; raise `FileError` where there is nothing to audit."""
    known = None if profile is None else choosing.chosen_profile(profile)
    found = list(dict.fromkeys(_cassettes(paths)))
    faults: list[str] = []
    audited: list[audits.Audited] = []
    for path, root in found:
        try:
            audited.append(audits.audit(read(path, root=root), today=today(), max_age=max_age, profile=known))
        except FileError as error:
            faults.extend(error.faults)
    lonely = () if tests is None else orphans.orphans(_ours(found, audited), _named(tests))
    findings = [*(finding for one in audited for finding in one.findings), *lonely]
    for fault in faults:
        tell_error(fault)
    if json:
        _print(report.audit_json(audited, findings, faults))
    else:
        screen = Screen()
        for line in report.audit_lines(audited, lonely):
            screen.line(line)
        screen.line(report.audit_summary(len(found), len(findings), len(found) - len(audited)), "bold")
    return audits.exit_code(findings, faults)


def _ours(found: Iterable[tuple[Path, Path]], audited: Iterable[audits.Audited]) -> Iterator[Path]:
    foreign = {one.cassette.file for one in audited if one.foreign}
    yield from (path for path, _ in found if str(path) not in foreign)


def _named(tests: str) -> orphans.Names:
    folder = Path(tests)
    if not folder.is_dir():
        raise FileError([f"{tests}: there is no such folder of tests."])
    return orphans.names_in(folder)


def _cassettes(paths: Iterable[str]) -> Iterator[tuple[Path, Path]]:
    """Yield each cassette and the folder that it must lie in."""
    for name in paths:
        path = Path(name)
        if path.is_dir():
            inside = [one for one in sorted(path.rglob("*")) if one.suffix in SUFFIXES and not one.is_dir()]
            if not inside:
                raise FileError([f"{name}: there is no cassette (*.yaml) in this folder; nothing was checked."])
            yield from ((one, path) for one in inside)
        else:
            yield path, path.parent


def scrub(file: str, made: str | None) -> None:
    """Write a scrubbed copy beside a cassette; raise where that cannot be done, with nothing written."""
    path = Path(file)
    stem = path.name.removesuffix(path.suffix) if path.suffix in SUFFIXES else path.name
    target = path.with_name(stem + SCRUBBED)
    source = read(path)
    day, how = _day(source, path, made)
    text = form.dump(scrubbed(source.cassette, made=day))
    try:
        target.open("x").close()
    except FileExistsError:
        raise CassetteError(f"{target}: is there already. Nothing was written; move it away.") from None
    try:
        form.write_text(text, target)
    except BaseException:
        target.unlink()
        raise
    Screen().line(f"wrote {target}")
    if source.cassette.provenance is None:
        tell_error(
            f"Its provenance: recorded, from an unknown target, made {day.isoformat()} ({how}). Nobody can tell what "
            f"answered then, so it does not count as the real thing. {file} still holds what it held: delete it."
        )


def _day(source: Source, path: Path, made: str | None) -> tuple[date, str]:
    if made is not None:
        try:
            return date.fromisoformat(made), "as you say"
        except ValueError:
            raise CassetteError(f"--made {made}: a day is written YYYY-MM-DD.") from None
    told = day_in(source.cassette)
    if told is not None:
        return told, "by the Date of its first response"
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    return changed, "the day the file was last changed; --made YYYY-MM-DD says better"


def show(file: str, *, json: bool) -> None:
    """Print a cassette; one that holds anything sensitive is scrubbed first."""
    cassette = _clean(Path(file))
    if json:
        _print(report.show_json(cassette))
        return
    screen = Screen()
    for line in report.show_lines(cassette):
        screen.line(line)


def _clean(path: Path) -> Cassette:
    """Return a cassette without anything sensitive, and say on stderr where that is not what the file holds."""
    source = read(path)
    cassette = source.cassette
    told = cassette.provenance
    found = audits.secrets(source)
    if not found and told is not None and (told.scrubber is not None or told.kind != "recorded"):
        return cassette
    tell_error(f"{path}: is not scrubbed; its values are replaced here, not in the file.")
    return replace(scrubbed(cassette, made=today()), provenance=told)


def learn(files: list[str], paste: Paste, *, output: str | None, name: str, base: str | None) -> int:
    """Print or write the profile that files teach, and return the exit code."""
    if output is not None and any(_same(output, file) for file in (*files, *([base] if base else []))):
        raise CassetteError(f"{output}: is one of the files to learn from; name another by -o.")
    known = choosing.chosen_profile(base)
    found = [sample for file in dict.fromkeys(files) for sample in _samples(file, paste)]
    learned = lessons.learn(found, base=known, name=name)
    text = jsons.dumps(to_json(learned.profile), indent=2, ensure_ascii=False)
    for line in report.learned_lines(learned, known):
        tell_error(line)
    if not learned.learned:
        tell_error("Nothing was learned, so no profile was made.")
        return UNLEARNED
    if output is None:
        typer.echo(clean(text))
    else:
        done = "replaced" if Path(output).exists() else "wrote"
        form.write_text(f"{text}\n", Path(output))
        Screen().line(f"{done} {output}: the profile {learned.profile.name!r}; use it by --otp-profile {output}")
    return UNLEARNED if learned.contradictions else 0


def _same(one: str, other: str) -> bool:
    if other == STDIN:
        return False
    here, there = Path(one), Path(other)
    return here.resolve() == there.resolve() or (here.exists() and there.exists() and here.samefile(there))


def _samples(file: str, paste: Paste) -> tuple[Sample, ...]:
    """Return what one file shows: a cassette's answers, or the one that is pasted in it."""
    if file != STDIN and not Path(file).is_file():
        raise FileError([f"{file}: there is no such file."])
    body = sys.stdin.buffer.read(documents.MAX_BYTES + 1) if file == STDIN else _start(Path(file))
    if len(body) > documents.MAX_BYTES:
        raise FileError([f"{file}: larger than {documents.MAX_BYTES // 1000} kB."])
    if file == STDIN or not _is_cassette(Path(file), body):
        name = "stdin" if file == STDIN else file
        if paste.mismatch and paste.status is None:
            raise FileError([UNTOLD.format(name)])
        return (pasted(body, name, paste.operation, paste.status or OKAY, mismatch=paste.mismatch, made=today()),)
    return samples(_clean(Path(file)))


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(documents.MAX_BYTES + 1)


def _is_cassette(path: Path, body: bytes) -> bool:
    """Say whether a file is a cassette, whatever is wrong with it, rather than a pasted answer."""
    return pasting.is_cassette(body) or path.suffix in SUFFIXES


def _print(tree: object) -> None:
    typer.echo(clean(jsons.dumps(tree, indent=2, ensure_ascii=False)))
