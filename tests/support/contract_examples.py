"""The examples of every contract, and what can be changed in one."""

import copy
import json
from collections.abc import Iterator

from pytest_botpenguin_otp import contracts

__all__ = ["EXAMPLES", "ROOT", "VALID", "changed", "contract_of", "leaves", "shown"]

ROOT = contracts.directory()
EXAMPLES = ROOT / "examples"
VALID = {path: json.loads(path.read_text(encoding="utf-8")) for path in sorted(EXAMPLES.rglob("valid/*.json"))}


def contract_of(path):
    """Return the contract that the example at `path` is of."""
    return path.parent.parent.relative_to(EXAMPLES).as_posix()


def shown(path):
    """Name the example as a test id."""
    return path.relative_to(EXAMPLES).as_posix()


def leaves(value, path=()) -> Iterator[tuple]:
    """Yield the path of everything in `value`, itself included."""
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from leaves(inner, (*path, key))


def changed(value, path, new):
    """Return a copy of `value` with `new` at `path`."""
    if not path:
        return new
    value = copy.deepcopy(value)
    at = value
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = new
    return value
