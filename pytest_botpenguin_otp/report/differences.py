"""Two values of ours side by side: the fields that differ, with nothing sensitive in clear."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import zip_longest
from urllib.parse import parse_qsl

from pytest_botpenguin_otp import secretive
from pytest_botpenguin_otp.transcript import PHONE, TOKEN, TYPED
from pytest_botpenguin_otp.values import Masked, covered
from pytest_botpenguin_otp.wire import SID

__all__ = ["differences"]

PACKAGE = "pytest_botpenguin_otp"
MOST = 20
"""How many lines are shown."""
WIDTH = 100


def differences(operator: str, left: object, right: object) -> list[str] | None:
    """Return what pytest shows below a failed comparison; None where it may show it as ever.

    The same text has the same name on both sides: `[phone 1]`, `[code 2]`.
    """
    if isinstance(left, Masked) or isinstance(right, Masked):
        return _of_masked(operator, left, right)
    if operator != "==" or not (_ours(left) and _ours(right)):
        return None
    names = _Names()
    if isinstance(left, tuple) and isinstance(right, tuple):
        lines = _of_tuples(left, right, names)
    else:
        lines = _of_values(left, right, names)
    told = list(lines)
    more = [f"... and {len(told) - MOST} more"] if len(told) > MOST else []
    return [f"{_title(left)} == {_title(right)}", *told[:MOST], *more]


def _of_masked(operator: str, left: object, right: object) -> list[str]:
    """Tell how texts differ of which one must not be shown: where, not what."""
    told = [f"{_covered(left)} {operator} {_covered(right)}"]
    if operator == "==" and isinstance(left, str) and isinstance(right, str):
        apart = next((at for at, (one, other) in enumerate(zip(left, right, strict=False)) if one != other), None)
        place = min(len(left), len(right)) if apart is None else apart
        told.append(f"{len(left)} and {len(right)} characters; the first difference is at {place + 1}")
    return told


def _covered(value: object) -> str:
    text = repr(value) if isinstance(value, Masked) else covered(repr(value))
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}..."


def _ours(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_ours, value))
    return type(value).__module__.partition(".")[0] == PACKAGE and is_dataclass(value)


def _title(value: object) -> str:
    return f"{len(value)} values" if isinstance(value, tuple) else type(value).__name__


class _Names:
    """Replaces whatever is sensitive by a name, the same for the same text."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def show(self, path: str, value: object) -> str:
        """Return `value` as one short line; `path` is the field that holds it."""
        own_number = isinstance(value, int) and "body" not in path
        if value is None or value is ABSENT or isinstance(value, bool) or own_number:
            return repr(value)
        if secretive.is_secret(path):
            return self._name("secret", str(value))
        plain = repr(str(value)) if isinstance(value, Masked) else repr(value)
        text = SID.sub(lambda found: self._name(found[1], found[0]), plain)
        text = TOKEN.sub(lambda found: self._name("secret", found[0]), text)
        text = PHONE.sub(lambda found: self._name("phone", re.sub(r"\D", "", found[0])), text)
        text = TYPED.sub(lambda found: self._name("code", re.sub(r"\D", "", found[0])), text)
        return text if len(text) <= WIDTH else f"{text[:WIDTH]}..."

    def _name(self, kind: str, text: str) -> str:
        if (kind, text) not in self._known:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._known[kind, text] = f"[{kind} {self._counts[kind]}]"
        return self._known[kind, text]


def _of_tuples(left: tuple[object, ...], right: tuple[object, ...], names: _Names) -> Iterator[str]:
    missing = object()
    for place, (one, other) in enumerate(zip_longest(left, right, fillvalue=missing)):
        if one is missing or other is missing:
            side, extra = ("right", other) if one is missing else ("left", one)
            yield f"[{place}] only on the {side}: {_summary(extra, names)}"
        elif one != other:
            yield from _of_values(one, other, names, f"[{place}]")


def _of_values(left: object, right: object, names: _Names, place: str = "") -> Iterator[str]:
    if type(left) is not type(right):
        yield f"{place or 'type'}: {_title(left)} is no {_title(right)}"
        return
    here, there = dict(_leaves(place, left)), dict(_leaves(place, right))
    for path in {**here, **there}:
        one, other = here.get(path, ABSENT), there.get(path, ABSENT)
        if one != other:
            shown = names.show(path, one), names.show(path, other)
            note = "" if shown[0] != shown[1] else " (they differ further on)"
            yield f"{path}: {shown[0]} != {shown[1]}{note}"


def _summary(value: object, names: _Names) -> str:
    given = ((path, leaf) for path, leaf in _leaves("", value) if leaf not in (None, "", ()))
    return f"{_title(value)}({', '.join(f'{path}={names.show(path, leaf)}' for path, leaf in given)})"


class _Absent:
    def __repr__(self) -> str:
        return "(none)"


ABSENT = _Absent()


def _leaves(path: str, value: object) -> Iterator[tuple[str, object]]:
    """Yield each leaf of `value` with the way to it; a body is read as JSON, or as a form, where it is one."""
    if is_dataclass(value):
        parts: Mapping[str, object] = {field.name: getattr(value, field.name) for field in fields(value)}
    elif isinstance(value, bytes):
        yield from _leaves(path, _body(value.decode("utf-8", "replace")))
        return
    elif isinstance(value, Mapping):
        parts = value
    elif path.endswith("headers") and isinstance(value, tuple):
        parts = dict(value)
    else:
        yield path, list(value) if isinstance(value, tuple) else value
        return
    for name, part in parts.items():
        yield from _leaves(f"{path}.{name}" if path else name, part)


def _body(text: str) -> object:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return _form(text)
    return read if isinstance(read, dict) else text


def _form(text: str) -> object:
    try:
        return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))
    except ValueError:
        return text
