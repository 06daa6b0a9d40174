"""Single edits of a component's own settings: delays, texts, what an answer must be, what a user may press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.documents import as_list, as_map, as_text
from pytest_botpenguin_otp.mutants.trees import Change, components, dropped, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.documents import Tree

__all__ = ["countries", "delays", "error_messages", "flags", "lengths", "option_texts", "texts"]

QUESTIONS = ("phone_number", "text_question", "numeric_input", "name", "email", "question")
FLAGS = ("allow_skip", "allow_back", "skip_if_answered")
ELSE = "Something else."


def delays(tree: Tree) -> Iterator[Change]:
    """Leave a delay out, or make it a second shorter or longer."""
    for part in components(tree):
        seconds = int(part.text("delay") or "0")
        if seconds:
            path = (*part.path, "delay")
            told = f"{part.name} waits no longer, instead of {seconds} s"
            yield Change(path=path, told=told, tree=dropped(tree, path))
            for other in (seconds - 1, seconds + 1):
                if other:
                    told = f"{part.name} waits {other} s, not {seconds} s"
                    yield Change(path=path, told=told, tree=put(tree, path, str(other)))


def texts(tree: Tree) -> Iterator[Change]:
    """Say something else."""
    for part in components(tree):
        if part.text("message"):
            path = (*part.path, "message")
            yield Change(path=path, told=f"{part.name} says something else", tree=put(tree, path, ELSE))


def option_texts(tree: Tree) -> Iterator[Change]:
    """Call an option something else."""
    for part in components(tree, "single_choice"):
        for index, option in enumerate(as_list(part.tree.get("options"))):
            path = (*part.path, "options", index, "text")
            told = f"{part.name} calls the option {as_text(as_map(option).get('text'))!r} something else"
            yield Change(path=path, told=told, tree=put(tree, path, ELSE))


def error_messages(tree: Tree) -> Iterator[Change]:
    """Say nothing, or something else, to an answer that is not taken."""
    for part in components(tree, *QUESTIONS):
        if part.text("error_message"):
            path = (*part.path, "error_message")
            told = f"{part.name} has no error message"
            yield Change(path=path, told=told, tree=dropped(tree, path))
            told = f"{part.name} says something else to an answer that it does not take"
            yield Change(path=path, told=told, tree=put(tree, path, ELSE))


def lengths(tree: Tree) -> Iterator[Change]:
    """Take answers of any length, or one sign more or less."""
    for part in components(tree, *QUESTIONS):
        most = int(part.text("max_length") or "0")
        if most:
            path = (*part.path, "max_length")
            yield Change(path=path, told=f"{part.name} takes an answer of any length", tree=dropped(tree, path))
            for other in (most + 1, most - 1):
                if other:
                    told = f"{part.name} takes {other} signs, not {most}"
                    yield Change(path=path, told=told, tree=put(tree, path, str(other)))


def countries(tree: Tree) -> Iterator[Change]:
    """Take numbers of any country, or of one country less."""
    for part in components(tree, "phone_number"):
        path = (*part.path, "countries")
        known = as_list(part.tree.get("countries"))
        if known:
            yield Change(path=path, told=f"{part.name} takes numbers of any country", tree=dropped(tree, path))
        for index, country in enumerate(known if len(known) > 1 else ()):
            told = f"{part.name} takes no numbers of {as_text(country)}"
            yield Change(path=(*path, index), told=told, tree=dropped(tree, (*path, index)))


def flags(tree: Tree) -> Iterator[Change]:
    """Turn a setting of a question on or off."""
    for part in components(tree, *QUESTIONS):
        for name in FLAGS:
            path, on = (*part.path, name), part.text(name) == "true"
            told = f"{part.name} has {name} turned {'off' if on else 'on'}"
            yield Change(
                path=path if name in part.tree else part.path, told=told, tree=put(tree, path, str(not on).lower())
            )
