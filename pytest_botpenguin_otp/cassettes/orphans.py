"""Cassettes that no test names: by a marker's text, or by the name that a test's own cassette has."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import documents
from pytest_botpenguin_otp.cassettes.audit import Finding
from pytest_botpenguin_otp.cassettes.fixture import FOLDER, SUFFIX, is_named_after, slug
from pytest_botpenguin_otp.documents import as_map, as_text
from pytest_botpenguin_otp.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["Names", "names_in", "orphans"]

TESTS = ("*.py", "*.chat.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What tests name: `texts`, any text of theirs, and `tests`, the folder and the name that a test's own has."""

    texts: frozenset[str]
    tests: frozenset[tuple[str, str]]


def names_in(folder: Path) -> Names:
    """Return what the tests below a folder name; what is no Python, or no chat file, names nothing."""
    texts: set[str] = set()
    tests: set[tuple[str, str]] = set()
    for pattern in TESTS:
        for path in sorted(folder.rglob(pattern)):
            named, own = _python(path) if path.suffix == ".py" else _chats(path)
            texts.update(name.removesuffix(SUFFIX) for name in named)
            tests.update((slug(path.stem), test) for test in own)
    return Names(texts=frozenset(texts), tests=frozenset(tests))


def _python(path: Path) -> tuple[set[str], set[str]]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError, OSError):
        return set(), set()
    texts = {one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    tests = {name for statement in tree.body for name in _tests(statement, "")}
    return texts, tests | _inherited(tree)


def _tests(node: ast.AST, within: str) -> Iterator[str]:
    """Yield the names of functions as their cassettes have them: with their class, wherever they are defined."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield f"{within}{name}"
        case ast.ClassDef(name=name, body=body):
            for statement in body:
                yield from _tests(statement, f"{within}{name}.")
        case _:
            for inside in ast.iter_child_nodes(node):
                yield from _tests(inside, within)


def _inherited(tree: ast.Module) -> set[str]:
    """Return the tests that classes of a file may have from classes of the same file."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return {
        f"{heir.name}.{test}"
        for heir in classes
        for base in classes
        if any(isinstance(one, ast.Name) and one.id == base.name for one in heir.bases)
        for statement in base.body
        for test in _tests(statement, "")
    }


def _chats(path: Path) -> tuple[set[str], set[str]]:
    try:
        tree = documents.read(path).tree
    except FileError:
        return set(), set()
    conversations = as_map(as_map(tree).get("conversations"))
    texts = {as_text(as_map(one).get("cassette")) for one in conversations.values()}
    return texts, {*conversations}


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
    folder, _, stem = inside.rpartition("/")
    return inside in named.texts or any(folder == where and is_named_after(stem, test) for where, test in named.tests)
