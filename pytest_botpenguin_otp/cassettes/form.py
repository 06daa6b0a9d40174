"""The file: YAML that vcrpy can read too, with our provenance beside; read without executing anything."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from pytest_botpenguin_otp import documents
from pytest_botpenguin_otp.cassettes.errors import CassetteError
from pytest_botpenguin_otp.cassettes.model import FORMAT, Cassette, Exchange, Provenance
from pytest_botpenguin_otp.documents import as_list, as_map, as_text
from pytest_botpenguin_otp.errors import FileError, did_you_mean
from pytest_botpenguin_otp.wire import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.documents import Document, Key

__all__ = ["CAP", "KINDS", "MAX_EXCHANGES", "TARGETS", "dump", "load", "loads", "ready", "write"]

OURS = "botpenguin_otp"
KINDS = ("recorded", "documented", "observed", "assumed")
TARGETS = ("real", "fake", "unknown")
NEEDED = ("format", "kind", "target", "made", "contracts")
VERSION = "1"
MAX_EXCHANGES = 2000
CAP = documents.Cap(size=10_000_000, values=200_000, what="a cassette")
"""Room for as many interactions with long answers, and no more than can be read in a few seconds."""
NOTHING = ("null", "~", "")
STATUS = re.compile(r"[1-9][0-9]{2}")
PHRASES = {status.value: status.phrase for status in HTTPStatus}
WIDTH = 1 << 20
MODE = 0o644
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def load(path: Path, *, root: Path | None = None) -> Cassette:
    """Read a cassette; raise `FileError`, with places, for whatever is none.

    The file must lie in `root` (its own folder when not given), links followed. An old file of vcrpy's has no
    provenance.
    """
    file = str(path)
    if not _lies_in(path, root or path.parent):
        raise FileError([f"{file}: leads out of its folder by a link; a cassette is a file of its own."])
    try:
        if not path.is_file():
            raise FileError([f"{file}: there is no such cassette."])
        if path.stat().st_size > CAP.size:
            raise FileError([f"{file}: larger than {CAP.size // 1000} kB; split the recording."])
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError([f"{file}: not UTF-8 text (byte {error.start}); a cassette is written in UTF-8."]) from error
    except OSError as error:
        raise FileError([f"{file}: cannot be read: {error.strerror}."]) from error
    return loads(text, file)


def _lies_in(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a link that leads to itself
        return False


def loads(text: str, file: str) -> Cassette:
    """Read the text of a cassette; `file` is what messages call it."""
    return _Reader(documents.parse(text, file, CAP)).cassette()


class _Reader:
    """Makes a cassette of a document, and notes every fault."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._faults: list[str] = []

    def cassette(self) -> Cassette:
        tree = as_map(self._document.tree)
        provenance = self._provenance(as_map(tree[OURS])) if OURS in tree else None
        if tree.get("version") != VERSION:
            self._fault("This is no cassette of a version that is read here; that is: version: 1.", "version")
        found = as_list(tree.get("interactions"))
        if not isinstance(tree.get("interactions"), list):
            self._fault("The list of interactions is missing; is this half a file?", "interactions")
        if len(found) > MAX_EXCHANGES:
            self._fault(f"More than {MAX_EXCHANGES} interactions; split the recording.", "interactions")
        exchanges = tuple(self._exchange(as_map(one), number, ours=OURS in tree) for number, one in enumerate(found))
        if self._faults:
            raise FileError(self._faults)
        return Cassette(file=self._document.file, exchanges=exchanges, provenance=provenance)

    def _fault(self, message: str, *path: Key) -> None:
        self._faults.append(f"{self._document.where(*path)}: {message}")

    def _provenance(self, told: dict[str, object]) -> Provenance | None:
        missing = [key for key in NEEDED if not as_text(told.get(key))]
        for key in missing:
            self._fault(f"The key {key!r} is missing.", OURS, key)
        if as_text(told.get("format")) not in (FORMAT, ""):
            self._fault(f"A cassette of another version; this package reads {FORMAT}. Upgrade it.", OURS, "format")
        for key, known in (("kind", KINDS), ("target", TARGETS)):
            if as_text(told.get(key)) not in (*known, ""):
                self._fault(f"This is no {key}. {did_you_mean(as_text(told[key]), known)}", OURS, key)
        try:
            made = date.fromisoformat(as_text(told.get("made")))
        except ValueError:
            self._fault("The day it was made is to be YYYY-MM-DD.", OURS, "made")
            return None
        texts = {key: as_text(told.get(key)) for key in ("kind", "target", "contracts", "source")}
        scrubber = as_text(told.get("scrubber"))
        return Provenance(**texts, made=made, scrubber=None if scrubber in NOTHING else scrubber)

    def _exchange(self, told: dict[str, object], number: int, *, ours: bool) -> Exchange:
        at = ("interactions", number)
        asked, given = as_map(told.get("request")), as_map(told.get("response"))
        for key, wanted in (("method", asked), ("uri", asked)):
            if not as_text(wanted.get(key)):
                self._fault(f"The request has no {key}.", *at, "request", key)
        code = as_text(as_map(given.get("status")).get("code") or given.get("status_code"))
        if not STATUS.fullmatch(code):
            self._fault("The response has no status code from 100 to 999.", *at, "response", "status", "code")
            code = "500"
        return Exchange(
            request=Request(
                method=as_text(asked.get("method")) or "GET",
                url=as_text(asked.get("uri")),
                headers=tuple(self._headers(asked.get("headers"), *at, "request")),
                body=self._body(asked.get("body"), ours=ours, path=(*at, "request", "body")),
            ),
            response=Response(
                status=int(code),
                headers=tuple(self._headers(given.get("headers"), *at, "response")),
                body=self._body(_answered(given), ours=ours, path=(*at, "response")),
            ),
            line=self._document.values.get(at, (1, 1))[0],
        )

    def _body(self, told: object, *, ours: bool, path: tuple[Key, ...]) -> bytes:
        if told is None or told == {}:
            return b""
        if not isinstance(told, str):
            self._fault("A body is to be a text.", *path)
            return b""
        return b"" if not ours and told in NOTHING else told.encode()

    def _headers(self, told: object, *path: Key) -> Iterator[tuple[str, str]]:
        for name, values in as_map(told).items():
            for value in as_list(values) or [values]:
                if isinstance(value, str):
                    yield name, value
                elif value:
                    self._fault("The value of a header is to be a text.", *path, "headers", name)


def _answered(given: dict[str, object]) -> object:
    """Return the body of a response; the `content` of what vcrpy wrote of httpx until its version 5."""
    body = given.get("body", given.get("content"))
    return as_map(body).get("string", body)


def dump(cassette: Cassette) -> str:
    """Return the text of a cassette's file: the same for the same cassette."""
    provenance = cassette.provenance
    head: dict[str, object] = {}
    if provenance is not None:
        head[OURS] = {
            "format": FORMAT,
            "kind": provenance.kind,
            "target": provenance.target,
            "made": provenance.made.isoformat(),
            "contracts": provenance.contracts,
            "scrubber": provenance.scrubber or "",
            "source": provenance.source,
        }
    tree = head | {"interactions": [_told(exchange) for exchange in cassette.exchanges], "version": 1}
    return str(
        yaml.dump(tree, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, default_flow_style=False, width=WIDTH)
    )


def _told(exchange: Exchange) -> dict[str, object]:
    request, response = exchange.request, exchange.response
    return {
        "request": {
            "method": request.method,
            "uri": request.url,
            "headers": _grouped(request.headers),
            "body": request.body.decode("utf-8", "replace"),
        },
        "response": {
            "status": {"code": response.status, "message": PHRASES.get(response.status, "")},
            "headers": _grouped(response.headers),
            "body": {"string": response.body.decode("utf-8", "replace")},
        },
    }


def _grouped(headers: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in headers:
        grouped.setdefault(name, []).append(value)
    return grouped


def beside(path: Path) -> Path:
    """Return where a recording goes whose test did not pass; no run plays such a file."""
    return path.with_name(f"{path.name}.failed")


def ready(path: Path, root: Path) -> None:
    """Raise `CassetteError` where a cassette cannot be written to `path`, without a link, in the folder `root`.

    It is asked before a recording begins, since what was sent cannot be sent again for nothing.
    """
    ways = [path, *(above for above in path.parents if above.is_relative_to(root))]
    for way in ways:
        if way.is_symlink():
            raise CassetteError(f"{way}: is a link; a cassette is never written through one. Nothing was sent.")
    there = next(above for above in path.parents if above.exists())
    if path.is_dir() or not there.is_dir() or not os.access(there, os.W_OK):
        wrong = path if path.is_dir() else there
        what = "is no folder that can be written into" if wrong is there else "is a folder"
        raise CassetteError(f"{wrong}: {what}, so there is no place for the cassette. Nothing was sent.")


def write(cassette: Cassette, path: Path) -> None:
    """Write a cassette in one step, so that a reader sees the old file or the new one, never half of either."""
    write_text(dump(cassette), path)


def write_text(text: str, path: Path) -> None:
    """Write a file in one step, never through a link; raise `CassetteError` where that cannot be."""
    if path.is_symlink() or path.parent.is_symlink():
        raise CassetteError(f"{path}: is a link, or lies in one; a cassette is never written through a link.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with open(handle, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123  # a descriptor has no path
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(MODE)
            Path(name).replace(path)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise CassetteError(f"{path}: cannot be written: {error.strerror}.") from error
