"""Cassettes that no test names: by a marker's text, or by the name that a test's own cassette has."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import documents
from pytest_botpenguin_otp.cassettes.audit import Finding
from pytest_botpenguin_otp.cassettes.fixture import FOLDER, slug
from pytest_botpenguin_otp.documents import as_map
from pytest_botpenguin_otp.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Names", "names_in", "orphans"]

Names = frozenset[str]
"""What tests name: `folder/stem` of a test's own cassette, or any text of theirs."""
TESTS = ("*.py", "*.chat.yaml")


def names_in(folder: Path) -> Names:
    """Return what the tests below a folder name; what is no Python, or no chat file, names nothing."""
    found: set[str] = set()
    for pattern in TESTS:
        for path in sorted(folder.rglob(pattern)):
            found |= _python(path) if path.suffix == ".py" else _chats(path)
    return frozenset(found)


def _python(path: Path) -> set[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError, OSError):
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(f"{slug(path.stem)}/{node.name}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value.removesuffix(".yaml"))
    return found


def _chats(path: Path) -> set[str]:
    try:
        tree = documents.read(path).tree
    except FileError:
        return set()
    return {f"{slug(path.stem)}/{slug(name)}" for name in as_map(as_map(tree).get("conversations"))}


def orphans(files: Iterable[Path], named: Names) -> tuple[Finding, ...]:
    """Return a finding for each file that nothing names; a test with parameters names every one that begins so."""
    return tuple(
        Finding(file=str(file), check="orphan", message="no test names it.")
        for file in files
        if not _is_named(file, named)
    )


def _is_named(file: Path, named: Names) -> bool:
    parts = file.resolve().with_suffix("").parts
    below = len(parts) - 1 - parts[::-1].index(FOLDER) if FOLDER in parts else len(parts) - 2
    inside = "/".join(parts[below + 1 :])
    return inside in named or any("/" in one and inside.startswith(f"{one}-") for one in named)
