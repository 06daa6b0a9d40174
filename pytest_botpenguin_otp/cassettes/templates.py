"""An answer made a template: places for code, message and status, and what remains of the rest to compare."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes.names import is_fake
from pytest_botpenguin_otp.profile import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

__all__ = [
    "CODE",
    "CODE_KEY",
    "NOT_JSON",
    "Path",
    "Tree",
    "candidates",
    "denies",
    "dotted",
    "find_code",
    "is_flat",
    "is_flat_body",
    "is_scrubbed",
    "leaves",
    "likely",
    "place_of",
    "shape",
    "template",
    "text_of",
    "tree_of",
]

Path = tuple[str | int, ...]
Tree = object

NOT_JSON: Tree = object()
"""What a body is that is no JSON, or none that a profile can hold."""
DEEPEST = 32
ERROR = 400
LEAST = 4
CODE_KEY = re.compile(r"(?:\w*_)?(?:otp|pin|passcode)(?:_?code)?|(?:verification|security)?_?code", re.IGNORECASE)
"""What a field that holds a code is called, as far as one can tell by the name."""
CODE = re.compile(r"[0-9]{4,10}")
USED = re.compile(r"\S{4,12}")
"""What a code may be that is used as one: no sentence in which one stands, and no id of a session."""
PLAIN = re.compile(r"[^. \t\r\n]+")
PSEUDONYM = re.compile(r".*\bword-[0-9]+\b.*|x{2,}", re.DOTALL)
MESSAGE_KEYS = frozenset(["message", "msg", "error_message", "errorMessage", "detail", "description"])
STATUS_KEYS = frozenset(["code", "status", "statusCode", "status_code"])
FLAGS = ("success", "verified", "valid", "isValid", "match", "matched", "approved", "ok", "status", "result")
"""Keys under which a flag is looked for first, in this order."""
NO = frozenset(["false", "no", "error", "fail", "failed", "failure", "invalid", "mismatch", "denied", "rejected"])
NO_CODE_KEYS = STATUS_KEYS - {"code"} | {"error_code", "errorCode"}


def _no_constant(name: str) -> object:
    raise ValueError(name)


def tree_of(body: bytes) -> Tree:
    """Return the JSON value of a body; `NOT_JSON` where it is none, nested too deep, or cannot be written again."""
    try:
        tree: Tree = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
        json.dumps(tree, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return NOT_JSON
    return tree if is_flat(tree) else NOT_JSON


def is_flat(tree: Tree) -> bool:
    """Say whether a JSON value is nested as little as a body ever is; what is not, no recursion here survives."""
    level = [tree]
    for _ in range(DEEPEST):
        level = [inside for one in level for inside in _inside(one)]
        if not level:
            return True
    return False


def is_flat_body(body: bytes) -> bool:
    """Say the same of a body; what is no JSON is flat."""
    try:
        return is_flat(json.loads(body.decode()))
    except ValueError:
        return True
    except RecursionError:
        return False


def _inside(tree: Tree) -> list[Tree]:
    if isinstance(tree, dict):
        return list(tree.values())
    return tree if isinstance(tree, list) else []


def leaves(tree: Tree, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Yield each value that holds no other, with its path, in the order in which they stand."""
    match tree:
        case dict():
            for key, value in tree.items():
                yield from leaves(value, (*path, key))
        case list():
            for number, value in enumerate(tree):
                yield from leaves(value, (*path, number))
        case _:
            yield path, tree


def dotted(path: Path) -> str | None:
    """Return a path as a profile writes it; None where it cannot be written so."""
    parts = [str(part) for part in path]
    return ".".join(parts) if parts and all(PLAIN.fullmatch(part) for part in parts) else None


def text_of(value: object) -> str:
    """Return the text that an attribute gets of a JSON value."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def find_code(tree: Tree, status: int, used: AbstractSet[str]) -> tuple[Path, object] | None:
    """Return where the code of Send OTP is, and its value: what is `used` as systemOtp later, else the only such one.

    Without a later use, that is the only text or number of 4 to 10 digits, or the only one that is named like a code.
    """
    for path, value in leaves(tree):
        if (
            _may_be_code(value)
            and text_of(value) in used
            and USED.fullmatch(text_of(value))
            and dotted(path) is not None
        ):
            return path, value
    found = candidates(tree, status)
    named = [(path, value) for path, value in found if CODE_KEY.fullmatch(str(path[-1]))]
    return next((these[0] for these in (found, named) if len({text_of(value) for _, value in these}) == 1), None)


def place_of(tree: Tree, used: AbstractSet[str]) -> str | None:
    """Return where a value stands that is `used` later; None where none is."""
    return next((dotted(path) for path, value in leaves(tree) if _may_be_code(value) and text_of(value) in used), None)


def candidates(tree: Tree, status: int) -> list[tuple[Path, object]]:
    """Return what might be the code, by its form; nothing in the answer of an error, or in one that says no."""
    return [
        (path, value)
        for path, value in (leaves(tree) if status < ERROR and not denies(tree) else ())
        if _may_be_code(value) and CODE.fullmatch(text_of(value)) and value != status
        if dotted(path) is not None and path[-1] not in NO_CODE_KEYS
    ]


def _may_be_code(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) >= LEAST


def template(status: int, tree: Tree, code: str | None) -> Answer:
    """Return an answer as a profile holds it; the code, wherever it stands in a value, becomes its place."""
    return Answer(status, json.dumps(_made(tree, "", status, code), ensure_ascii=False))


def _made(tree: Tree, key: str | int, status: int, code: str | None) -> Tree:
    match tree:
        case dict():
            return {name: _made(value, name, status, code) for name, value in tree.items()}
        case list():
            return [_made(value, number, status, code) for number, value in enumerate(tree)]
        case str() | int() if not isinstance(tree, bool):
            return _place(tree, key, status, code)
        case _:
            return tree


def _place(value: str | int, key: str | int, status: int, code: str | None) -> str | int:
    if code is not None and text_of(value) == code:
        return "{{code}}"
    if isinstance(value, int):
        return "{{status}}" if key in STATUS_KEYS and value == status else value
    if key in MESSAGE_KEYS and value:
        return "{{message}}"
    return value if code is None else value.replace(code, "{{code}}")


def shape(answer: Answer) -> tuple[object, ...]:
    """Return what two recordings of the same answer share: the status, the paths, the types, the plain words."""
    return (answer.status, *((path, _likeness(value)) for path, value in leaves(json.loads(answer.body))))


def _likeness(value: object) -> object:
    match value:
        case str() if is_scrubbed(value) or any(char.isdecimal() for char in value):
            return str
        case int() | float() if isinstance(value, float) or abs(value) >= 10 ** (LEAST - 1):
            return float
        case _:
            return type(value), value


def is_scrubbed(text: str) -> bool:
    """Say whether a text is no longer the one that was sent."""
    return is_fake(text) or PSEUDONYM.fullmatch(text) is not None


def likely(path: Path) -> tuple[bool, int, int]:
    """Return a key that sorts what is likeliest to be a flag first, by its name and depth."""
    known = [FLAGS.index(part) for part in path if isinstance(part, str) and part in FLAGS]
    return not known, min(known, default=0), len(path)


def denies(tree: Tree) -> bool:
    """Say whether an answer says no in so many words: by the likeliest of its flags that are plain words or truths."""
    flags = {
        path: value for path, value in leaves(tree) if path and path[-1] in FLAGS and isinstance(value, bool | str)
    }
    told = flags[min(flags, key=likely)] if flags else True
    return told is False or (isinstance(told, str) and told.lower() in NO)
