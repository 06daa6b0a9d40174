"""Which fields hold a secret or a code, by their names; and what such fields of a message hold."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.masks import is_code, is_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_botpenguin_otp.wire import Request, Response

__all__ = ["FIELD", "codes", "held", "is_code", "is_secret", "secrets"]

FIELD = re.compile(r'"([^"\\]{1,80})"(\s*:\s*)("(?:[^"\\]|\\.)*"|-?[0-9][0-9.]*)')
"""A field of JSON with a text or a number, wherever it stands, also in what is no whole JSON."""

LEAST = 4
HARMLESS = frozenset(["true", "false", "null", "none", "bearer", "basic"])

Field = tuple[str, object]


def secrets(message: Request | Response) -> Iterator[tuple[str, str]]:
    """Yield the name and the value of each secret in the headers, the query and the body of a message."""
    for name, value in _fields(message):
        if is_secret(name):
            for text in {str(value), *str(value).split()}:
                if len(text) >= LEAST and text.lower() not in HARMLESS:
                    yield name, text


def codes(message: Request | Response) -> Iterator[str]:
    """Yield each code in the query and the body of a message."""
    return (str(value) for name, value in _fields(message) if is_code(name, value))


def _fields(message: Request | Response) -> Iterator[Field]:
    yield from message.headers
    yield from getattr(message, "params", tuple)()
    try:
        yield from _of_json("", message.json())
    except (ValueError, RecursionError):
        yield from _loose(message)


def _loose(message: Request | Response) -> Iterator[Field]:
    """Yield the fields of a form, and what looks like fields in any other text."""
    yield from getattr(message, "form", tuple)()
    for name, _, value in FIELD.findall(message.body.decode("utf-8", "replace")):
        yield name, held(value)


def held(told: str) -> object:
    """Return the value of a field as it stands in JSON; what is none is taken as a text."""
    try:
        value: object = json.loads(told)
    except ValueError:
        return told.strip('"')
    return value


def _of_json(name: str, tree: object) -> Iterator[Field]:
    if isinstance(tree, dict):
        yield from _of_all(tree.items())
    elif isinstance(tree, list):
        yield from _of_all((name, part) for part in tree)
    elif tree is not None and not isinstance(tree, bool):
        yield name, tree
        if isinstance(tree, str) and tree[:1] in ("{", "["):
            yield from _of_text(name, tree)


def _of_text(name: str, text: str) -> Iterator[Field]:
    """Yield the fields of JSON that stands in a text of JSON."""
    try:
        yield from _of_json(name, json.loads(text))
    except (ValueError, RecursionError):
        return


def _of_all(parts: Iterable[tuple[str, object]]) -> Iterator[Field]:
    for name, part in parts:
        yield from _of_json(str(name), part)
