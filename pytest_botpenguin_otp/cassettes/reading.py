"""A cassette as a person brings it: ours, or an old file of vcrpy's; read without executing anything."""

from __future__ import annotations

import zlib
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import UTC, date
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import yaml

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.aliases import BINARY, quoted, written_out
from pytest_botpenguin_otp.cassettes.errors import LeakError
from pytest_botpenguin_otp.cassettes.scan import scan
from pytest_botpenguin_otp.cassettes.scrub import Scrubber
from pytest_botpenguin_otp.cassettes.templates import is_flat_body
from pytest_botpenguin_otp.errors import FileError

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_botpenguin_otp.cassettes.model import Cassette

__all__ = ["Source", "day_in", "plain", "read", "scrubbed"]

PYTHON = "tag:yaml.org,2002:python/"
GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
COMPRESSED = (b"\x1f\x8b", b"\x78\x01", b"\x78\x9c", b"\x78\xda")
NOT_TEXT = "[not text]"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Source:
    """A cassette and the text that it was read from; the `repr` of an old one's text stays here."""

    cassette: Cassette = field(repr=False)
    text: str = field(repr=False)


def read(path: Path, *, root: Path | None = None) -> Source:
    """Read a cassette of ours or of vcrpy's; raise `FileError` for anything else.

    What vcrpy wrote as `!!binary` becomes text, and its aliases are written out.
    """
    source = _read(path, root)
    deep = [
        f"{path}: interactions[{number}]: a body is nested deeper than any answer; it is not read."
        for number, exchange in enumerate(source.cassette.exchanges)
        if not all(map(is_flat_body, (exchange.request.body, exchange.response.body)))
    ]
    if deep:
        raise FileError(deep)
    return source


def _read(path: Path, root: Path | None) -> Source:
    file = str(path)
    try:
        cassette = form.load(path, root=root)
        return Source(cassette, path.read_bytes().decode("utf-8-sig"))
    except FileError as error:
        text = _tagged(path, root or path.parent)
        if text is None:
            raise
        told = plain(written_out(text, file), file)
        cassette = form.loads(told, file)
        if cassette.provenance is not None:
            raise FileError(error.faults) from error
        return Source(cassette, told)


def _tagged(path: Path, root: Path) -> str | None:
    """Return the text of a file that can be read, lies in `root` and may hold a tag or an alias; None for any other."""
    try:
        inside = path.is_file() and path.resolve().is_relative_to(root.resolve())
        if not inside or path.stat().st_size > form.CAP.size:
            return None
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    return text if "!" in text or "*" in text else None


def plain(text: str, file: str) -> str:
    """Return YAML with each `!!binary` written out as text, unpacked where it is compressed, lines kept as they are.

    Raises `FileError` for any other tag: those that vcrpy wrote in the past name code for a loader to run.
    """
    pieces: list[str] = []
    faults: list[str] = []
    done = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            tag, start, end = getattr(event, "tag", None), event.start_mark, event.end_mark
            if tag is None or start is None or end is None:
                continue
            if tag == BINARY and isinstance(event, yaml.ScalarEvent):
                was = text[start.index : end.index]
                pieces += [text[done : start.index], quoted(_unpacked(event.value)), "\n" * was.count("\n")]
                done = end.index
            else:
                faults.append(f"{file}:{start.line + 1}:{start.column + 1}: {_refused(tag)}")
    except yaml.YAMLError:
        return text  # whoever reads it next tells what is wrong, and where
    if faults:
        raise FileError(faults)
    return "".join([*pieces, text[done:]])


def _refused(tag: str) -> str:
    short = tag.replace("tag:yaml.org,2002:", "!!")
    if tag.startswith(PYTHON):
        return (
            f"The tag {short} tells a loader to make a Python object; nothing in a cassette is ever run. "
            "Write the plain text in its place, or record again with vcrpy 8.2.1 or newer."
        )
    return f"The tag {short} is not read here; only !!binary is. Write the plain text in its place."


def _unpacked(encoded: str) -> str:
    """Return base64 as the text that it holds, unpacked within bounds; a note where it holds none."""
    try:
        raw = b64decode(encoded)
        if raw.startswith(COMPRESSED):
            raw = zlib.decompressobj(GZIP_OR_ZLIB).decompress(raw, form.CAP.size)
        return raw.decode()
    except (ValueError, zlib.error):
        return NOT_TEXT


def day_in(cassette: Cassette) -> date | None:
    """Return the first day, in UTC, that a response's Date header names; None where none does."""
    found: list[date] = []
    for exchange in cassette.exchanges:
        try:
            told = parsedate_to_datetime(exchange.response.header("date") or "")
            found.append((told if told.tzinfo is None else told.astimezone(UTC)).date())
        except (ValueError, OverflowError):
            continue
    return min(found, default=None)


def scrubbed(cassette: Cassette, *, made: date) -> Cassette:
    """Return a cassette with a pseudonym for each sensitive value; `made` is for one that has no provenance.

    Such a one becomes `recorded` from an `unknown` target, since nobody knows what answered. Raises `LeakError`,
    naming places and kinds, where the result would still tell anything, `CassetteError` for calls of no contract.
    """
    try:
        return _scrubbed(cassette, made)
    except RecursionError:
        raise LeakError(f"{cassette.file}: not used: a text in it is nested too deep to be searched.") from None


def _scrubbed(cassette: Cassette, made: date) -> Cassette:
    told = cassette.provenance
    done = Scrubber().scrub(
        ((exchange.request, exchange.response) for exchange in cassette.exchanges),
        file=cassette.file,
        made=made if told is None else told.made,
        kind="recorded" if told is None else told.kind,
        target="unknown" if told is None else told.target,
        source="" if told is None else told.source,
    )
    found = scan(form.dump(done.cassette), done.seen, file=cassette.file)
    if found:
        places = "\n".join(f"- {finding}" for finding in found)
        raise LeakError(f"{cassette.file}: not used, since after scrubbing it would still hold:\n{places}")
    return done.cassette
