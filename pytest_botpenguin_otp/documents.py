"""YAML files read safely: every scalar as text, every fault with its place, nothing executed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.errors import FileError, check_type, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "Cap",
    "Document",
    "Key",
    "Tree",
    "as_list",
    "as_map",
    "as_text",
    "in_order",
    "parse",
    "read",
]

MAX_BYTES = 1_000_000
MAX_DEPTH = 24
MAX_NODES = 50_000
OURS = re.compile(r"botpenguin-otp/([a-z]+)@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """How large a file may be, in bytes and in values; `what` is what messages call its kind."""

    size: int = MAX_BYTES
    values: int = MAX_NODES
    what: str = "a bot or chat file"


SMALL = Cap()
Tree = object
"""What a file holds: `str`, `list` of trees or `dict` of trees by text."""
Key = str | int
Place = tuple[int, int]

INDENTED = (
    "What belongs together begins under each other: look at the blanks in front of this line. A text with a quote or "
    "a bracket in it needs quotes around the whole."
)
HINTS = (
    (
        "are not allowed",
        "Look at the blanks in front of this line; a text that holds ': ', or begins with '- ', needs quotes.",
    ),
    ("cannot start any token", "Indent with blanks, not with a tab; a text that begins with @, ` or % needs quotes."),
    ("expected ',' or", "A bracket is not closed, or a text that holds a comma, a colon or a bracket needs quotes."),
    ("did not find expected key", INDENTED),
    ("did not find expected '-'", INDENTED),
    ("expected <block end>", INDENTED),
    ("could not find expected ':'", "A key has a colon and a blank behind it."),
    ("unexpected end of stream", "A quote is opened and never closed."),
    ("unknown escape character", "Put a text that holds a backslash in single quotes."),
)
"""What part of a parser's words mostly means."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def as_map(tree: Tree) -> dict[str, Tree]:
    """Return `tree` if it is a mapping, else an empty one; what is wrong with its shape is told elsewhere."""
    return tree if isinstance(tree, dict) else {}


def as_list(tree: Tree) -> list[Tree]:
    """Return `tree` if it is a list, else an empty one."""
    return tree if isinstance(tree, list) else []


def as_text(tree: Tree) -> str:
    """Return `tree` if it is a text, else an empty one."""
    return tree if isinstance(tree, str) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file's tree and where each of its parts stands: lines and columns count from 1."""

    file: str
    tree: Tree
    keys: dict[tuple[Key, ...], Place]
    values: dict[tuple[Key, ...], Place]

    def where(self, *path: Key, value: bool = False) -> str:
        """Return `file:line:column` of a key, or of its value; of the nearest part around it where it is not there."""
        places = self.values if value else self.keys
        while path and path not in places:
            path = path[:-1]
        line, column = places.get(path, (1, 1))
        return f"{self.file}:{line}:{column}"

    def line(self, *path: Key) -> int:
        """Return the line of a key."""
        return self.keys.get(path, (1, 1))[0]

    def breaches(self, contract: str) -> Iterator[tuple[str, str]]:
        """Yield (place, message) for each way in which the file breaks its contract."""
        for fault in contracts.check(contract, self.tree):
            if fault.key is not None and fault.known:
                yield self.where(*fault.path, fault.key), f"{fault.message} {did_you_mean(fault.key, fault.known)}"
            elif fault.known:
                value = as_text(self.at(fault.path))
                yield self.where(*fault.path, value=True), f"{fault.message} {did_you_mean(value, fault.known)}"
            else:
                missing = (fault.key,) if fault.key is not None else ()
                yield self.where(*fault.path, *missing, value=fault.key is None), fault.message

    def must_be(self, kind: str) -> None:
        """Raise `FileError` where the format line says that this is another kind of file of ours."""
        told = as_text(as_map(self.tree).get("format"))
        found = OURS.match(told)
        if found is not None and found[1] != kind:
            its = as_text(as_map(self.tree).get(kind))
            also = f" Its {kind} is {its!r}." if its else ""
            raise FileError(
                [f"{self.where('format', value=True)}: This is a {found[1]} file; a {kind} file is wanted.{also}"]
            )

    def at(self, path: tuple[Key, ...]) -> Tree:
        """Return the part of the tree at `path`, or None where there is no such part."""
        tree = self.tree
        for key in path:
            if isinstance(tree, dict) and isinstance(key, str):
                tree = tree.get(key)
            elif isinstance(tree, list) and isinstance(key, int) and key < len(tree):
                tree = tree[key]
            else:
                return None
        return tree

    def unknown(self, kind: str, name: str, known: Collection[str], *path: Key) -> tuple[str, str]:
        """Return place and message for a name that exists nowhere."""
        return self.where(*path, value=True), f"There is no {kind} {name!r}. {did_you_mean(name, known)}"


def in_order(faults: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return (place, message) pairs by line and column; those without a place of this file come last, as they came."""

    def position(fault: tuple[str, str]) -> tuple[int, ...]:
        numbers = fault[0].split(":")[-2:]
        return tuple(int(number) for number in numbers) if all(map(str.isdecimal, numbers)) else (MAX_BYTES,)

    return sorted(faults, key=position)


def read(path: Path) -> Document:
    """Read the file at `path`; raise `FileError` with place and remedy where it is no plain YAML file of sane size."""
    file = str(path)
    try:
        if path.is_dir():
            raise FileError([f"{file}: this is a folder; name a file in it."])
        if not path.is_file():
            raise FileError([f"{file}: there is no such file."])
        if path.stat().st_size > MAX_BYTES:
            raise FileError([f"{file}: larger than {MAX_BYTES // 1000} kB; a bot or chat file is never that large."])
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError([f"{file}: not UTF-8 text (byte {error.start}); save it as UTF-8."]) from error
    except OSError as error:
        raise FileError([f"{file}: cannot be read: {error.strerror}."]) from error
    return parse(text, file)


def parse(text: str, file: str, cap: Cap = SMALL) -> Document:
    """Read YAML `text`; `file` is what messages call it. Raises `FileError`."""
    check_type("parse(text)", text, str, "YAML text")
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise FileError([f"{file}: holds half a character (at {error.start}); save it as UTF-8."]) from error
    if size > cap.size:
        raise FileError([f"{file}: larger than {cap.size // 1000} kB; {cap.what} is never that large."])
    builder = _Builder(file, cap)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else file
        context = f" {error.context}" if error.context else ""
        builder.faults.append((place, f"Not valid YAML: {error.problem}{context}.{_hint(error)}"))
    except yaml.YAMLError as error:
        builder.faults.append((file, f"Not a text file in YAML: {' '.join(str(error).split())}."))
    if not builder.faults and builder.tree is None:
        builder.faults.append((f"{file}:1:1", "The file is empty."))
    if builder.faults:
        raise FileError(f"{place}: {message}" for place, message in builder.faults)
    return Document(file=file, tree=builder.tree, keys=builder.keys, values=builder.values)


def _hint(error: yaml.MarkedYAMLError) -> str:
    """Say in a writer's words what a parser's error mostly comes from; empty where nobody knows."""
    told = next((f" {hint}" for part, hint in HINTS if part in (error.problem or "")), "")
    began, ended = error.context_mark, error.problem_mark
    far = began is not None and ended is not None and began.line != ended.line
    return f"{told} What is meant begins in line {began.line + 1}." if far and began and told else told


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    path: tuple[Key, ...]
    tree: dict[str, Tree] | list[Tree]
    key: str | None = None


class _Builder:
    """Makes the tree from YAML events, without recursion, and notes every fault."""

    def __init__(self, file: str, cap: Cap) -> None:
        self.file = file
        self._cap = cap
        self.tree: Tree = None
        self.keys: dict[tuple[Key, ...], Place] = {}
        self.values: dict[tuple[Key, ...], Place] = {}
        self.faults: list[tuple[str, str]] = []
        self._stack: list[_Open] = []
        self._documents = 0
        self._nodes = 0

    def take(self, event: yaml.Event) -> None:
        """Go on by one event; raise `FileError` where going on makes no sense."""
        self._refuse_specials(event)
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self._stop(event, "A second document begins here; a file holds one.")
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent():
                self._begin(event, {})
            case yaml.SequenceStartEvent():
                self._begin(event, [])
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._stack.pop()

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)

    def _fault(self, event: yaml.Event, message: str) -> None:
        line, column = self._place(event)
        self.faults.append((f"{self.file}:{line}:{column}", message))

    def _stop(self, event: yaml.Event, message: str) -> None:
        self._fault(event, message)
        raise FileError(f"{place}: {text}" for place, text in self.faults)

    def _refuse_specials(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._stop(event, f"An alias (*{event.anchor}) is not read here; write the value out.")
        if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            return
        if event.anchor is not None:
            self._fault(event, f"An anchor (&{event.anchor}) is not read here; take it away.")
        if event.tag is not None:
            self._fault(event, f"A tag ({event.tag}) is not read here; every scalar is text anyway.")

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        inside = self._stack[-1] if self._stack else None
        if inside is not None and isinstance(inside.tree, dict) and inside.key is None:
            self._key(event, inside)
        else:
            self._put(event, event.value)

    def _key(self, event: yaml.ScalarEvent, inside: _Open) -> None:
        key = event.value
        path = (*inside.path, key)
        if key == "<<" and event.implicit[0]:
            self._fault(event, "A merge key (<<) is not read here; write the keys out.")
        elif key in inside.tree:
            self._fault(event, f"The key {key!r} stands here for the second time (first in line {self.keys[path][0]}).")
        else:
            self.keys[path] = self._place(event)
        inside.key = key

    def _begin(self, event: yaml.CollectionStartEvent, tree: dict[str, Tree] | list[Tree]) -> None:
        if len(self._stack) == MAX_DEPTH:
            self._stop(event, f"Nested more than {MAX_DEPTH} deep; {self._cap.what} never is.")
        inside = self._stack[-1] if self._stack else None
        if inside is not None and isinstance(inside.tree, dict) and inside.key is None:
            self._stop(event, "A list or mapping cannot be a key; a text that begins with {{ needs quotes.")
        self._stack.append(_Open(path=self._put(event, tree), tree=tree))

    def _put(self, event: yaml.Event, tree: Tree) -> tuple[Key, ...]:
        self._nodes += 1
        if self._nodes > self._cap.values:
            self._stop(event, f"More than {self._cap.values} values; {self._cap.what} never has so many.")
        path: tuple[Key, ...] = ()
        if not self._stack:
            self.tree = tree
        else:
            inside = self._stack[-1]
            if isinstance(inside.tree, list):
                path = (*inside.path, len(inside.tree))
                self.keys[path] = self._place(event)
                inside.tree.append(tree)
            else:
                path = (*inside.path, inside.key or "")
                inside.tree[inside.key or ""] = tree
                inside.key = None
        self.values[path] = self._place(event)
        return path
