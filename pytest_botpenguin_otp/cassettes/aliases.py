"""Aliases in an old file of vcrpy's, written out: PyYAML makes one wherever two calls share a list of header values."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from pytest_botpenguin_otp.cassettes.form import CAP
from pytest_botpenguin_otp.errors import FileError

__all__ = ["BINARY", "quoted", "written_out"]

BINARY = "tag:yaml.org,2002:binary"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def written_out(text: str, file: str) -> str:
    """Return YAML without anchors, each alias being what it stands for, on one line: all lines stay where they are.

    Raises `FileError` for an alias that stands for nothing yet, and where all of them are more than a cassette holds.
    """
    if "&" not in text or "*" not in text:
        return text
    writer = _Writer(text, file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            writer.take(event)
    except yaml.YAMLError:
        return text  # whoever reads it next tells what is wrong, and where
    return writer.text()


def quoted(text: str) -> str:
    """Return a text as a double-quoted scalar on one line."""
    shown = (char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08x}" for char in text)
    return f'"{"".join(shown)}"'


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet; its text begins at `start` of all fragments."""

    close: str
    anchor: str | None
    start: int
    inside: int = 0


class _Writer:
    """Writes a document anew, without recursion, as fragments of one line, from which each anchor takes its part."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._pieces: list[str] = []
        self._done = 0
        self._fragments: list[str] = []
        self._size = 0
        self._open: list[_Open] = []
        self._known: dict[str, str] = {}

    def take(self, event: yaml.Event) -> None:
        """Go on by one event."""
        match event:
            case yaml.AliasEvent():
                self._part(event)
                self._add(event, self._meant(event))
            case yaml.ScalarEvent():
                start = self._part(event)
                self._add(event, f"!!binary {quoted(event.value)}" if event.tag == BINARY else quoted(event.value))
                self._name(event, event.anchor, start)
            case yaml.CollectionStartEvent():
                start = self._part(event)
                mapping = isinstance(event, yaml.MappingStartEvent)
                self._add(event, "{" if mapping else "[")
                self._open.append(_Open("}" if mapping else "]", event.anchor, start))
            case yaml.CollectionEndEvent():
                done = self._open.pop()
                self._add(event, done.close)
                self._name(event, done.anchor, done.start)

    def text(self) -> str:
        """Return the document, with what has become of its aliases."""
        return "".join([*self._pieces, self._text[self._done :]])

    def _part(self, event: yaml.NodeEvent) -> int:
        """Begin a part of the innermost collection, take its anchor away, and return where its text begins."""
        if self._open:
            around = self._open[-1]
            value = around.close == "}" and around.inside % 2
            self._add(event, ": " if value else ", " if around.inside else "")
            around.inside += 1
        mark, anchor = event.start_mark, f"&{event.anchor}"
        if mark is not None and self._text.startswith(anchor, mark.index):
            self._replace(mark.index, mark.index + len(anchor), "")
        return len(self._fragments)

    def _meant(self, event: yaml.AliasEvent) -> str:
        told = self._known.get(event.anchor or "")
        if told is None or event.start_mark is None or event.end_mark is None:
            raise self._fault(event, f"The alias *{event.anchor} stands for nothing that ends before it")
        self._replace(event.start_mark.index, event.end_mark.index, told)
        return told

    def _replace(self, start: int, end: int, told: str) -> None:
        self._pieces += [self._text[self._done : start], told]
        self._done = end

    def _name(self, event: yaml.Event, anchor: str | None, start: int) -> None:
        if anchor is not None:
            self._known[anchor] = told = "".join(self._fragments[start:])
            self._weigh(event, told)

    def _add(self, event: yaml.Event, told: str) -> None:
        self._fragments.append(told)
        self._weigh(event, told)

    def _weigh(self, event: yaml.Event, told: str) -> None:
        self._size += len(told)
        if self._size > 2 * CAP.size:
            raise self._fault(event, "What the aliases stand for is more than a cassette may hold")

    def _fault(self, event: yaml.Event, message: str) -> FileError:
        mark = event.start_mark
        place = "" if mark is None else f":{mark.line + 1}:{mark.column + 1}"
        return FileError([f"{self._file}{place}: {message}; write it out."])
