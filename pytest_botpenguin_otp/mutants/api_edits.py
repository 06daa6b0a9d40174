"""Single edits of what a bot sends to the services, and of what it keeps of their answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.documents import as_text
from pytest_botpenguin_otp.mutants.trees import Change, apis, components, dropped, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.documents import Tree
    from pytest_botpenguin_otp.mutants.trees import Part

__all__ = ["body_fields", "headers", "mappings_of_attributes", "saves"]

REFERENCE = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
OTHER_PATHS = ("message", "success")
"""What is saved instead: paths that an answer of BotPenguin mostly has."""


def headers(tree: Tree) -> Iterator[Change]:
    """Leave a header out, or send it with nothing in it."""
    for api in apis(tree):
        for name in api.map("headers"):
            path = (*api.path, "headers", name)
            yield Change(path=path, told=f"{api.name} is called without its header {name}", tree=dropped(tree, path))
            told = f"{api.name} is called with nothing in its header {name}"
            yield Change(path=path, told=told, tree=put(tree, path, ""))


def body_fields(tree: Tree) -> Iterator[Change]:
    """Leave a field of a body out."""
    for api in apis(tree):
        for name in api.map("body"):
            path = (*api.path, "body", name)
            yield Change(path=path, told=f"{api.name} is called without {name}", tree=dropped(tree, path))


def mappings_of_attributes(tree: Tree) -> Iterator[Change]:
    """Fill a field of a body from another attribute."""
    known = _attributes(tree)
    for api in apis(tree):
        for path, text, where in _texts(api):
            for named in dict.fromkeys(REFERENCE.findall(text)):
                for other in (other for other in known if other != named):
                    told = f"{api.name} takes {where or named} from {other}, not from {named}"
                    yield Change(path=path, told=told, tree=put(tree, path, _renamed(text, named, other)))


def _texts(api: Part) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield each text of a body: its path, itself, and the name of its field."""
    if api.text("body"):
        yield (*api.path, "body"), api.text("body"), ""
    for name, value in api.map("body").items():
        if as_text(value):
            yield (*api.path, "body", name), as_text(value), name


def _renamed(text: str, old: str, new: str) -> str:
    return REFERENCE.sub(lambda found: f"{{{{{new}}}}}" if found[1] == old else found[0], text)


def _attributes(tree: Tree) -> tuple[str, ...]:
    """Return every attribute that a component or an API saves, in the file's order."""
    saved = [name for api in apis(tree) for name in api.map("save")]
    asked = [part.text("save") for part in components(tree) if part.text("save")]
    return tuple(dict.fromkeys((*asked, *saved)))


def saves(tree: Tree) -> Iterator[Change]:
    """Save nothing of an answer, or another part of it."""
    for api in apis(tree):
        for name, value in api.map("save").items():
            path = (*api.path, "save", name)
            yield Change(path=path, told=f"{api.name} no longer saves {name}", tree=dropped(tree, path))
            for other in OTHER_PATHS:
                if other != value:
                    told = f"{api.name} saves {other} as {name}, not {value}"
                    yield Change(path=path, told=told, tree=put(tree, path, other))
