"""Paths into a JSON response, and the text that an attribute gets from there."""

from __future__ import annotations

import json

from pytest_botpenguin_otp.wire import read_json

__all__ = ["at", "read"]


MOST_DIGITS = 6


class Number(str):
    """A JSON number in the digits in which it was sent: `0.10` stays `0.10`."""

    __slots__ = ()


_DECODER = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=Number)


def read(body: bytes) -> object:
    """Return the JSON value in `body`, numbers as the text they were sent as; None where it is no JSON."""
    try:
        return read_json(body, _DECODER)
    except (ValueError, RecursionError):
        return None


def at(tree: object, path: str) -> str | None:
    """Return the text at the dotted `path`, or None where there is nothing.

    A JSON `true` is the text `true`, a number its own digits, an object or a list compact JSON; a part of the path
    that is a number counts into a list. What is nested some hundred deep counts as nothing.
    """
    for part in path.split("."):
        if isinstance(tree, dict) and part in tree:
            tree = tree[part]
        elif (
            isinstance(tree, list)
            and part.isdecimal()
            and part.isascii()
            and len(part) <= MOST_DIGITS
            and int(part) < len(tree)
        ):
            tree = tree[int(part)]
        else:
            return None
    try:
        return tree if isinstance(tree, str) else _compact(tree)
    except RecursionError:
        return None


def _compact(tree: object) -> str:
    match tree:
        case Number():
            return str(tree)
        case dict():
            inside = ",".join(f"{json.dumps(key, ensure_ascii=False)}:{_compact(value)}" for key, value in tree.items())
            return f"{{{inside}}}"
        case list():
            return f"[{','.join(_compact(value) for value in tree)}]"
        case _:
            return json.dumps(tree, ensure_ascii=False)
