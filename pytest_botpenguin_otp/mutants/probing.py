"""Probes: for each way out of a component, the bot that tells where a chat takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.documents import as_list, as_map, as_text
from pytest_botpenguin_otp.mutants.making import Mutant, built
from pytest_botpenguin_otp.mutants.trees import components, put, put_all
from pytest_botpenguin_otp.mutants.way_edits import arrows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.documents import Document
    from pytest_botpenguin_otp.mutants.trees import Part, Path

__all__ = ["KIND", "probes"]

KIND = "way"
PROBE = "probe"
SAID = "This is the probe, which nothing else says."


def probes(document: Document) -> Iterator[Mutant]:
    """Yield a bot for each response mapping, option, branch and `otherwise`, in which it leads to a text of its own.

    A conversation takes that way if, and only if, it notices the difference.
    """
    taken = {part.key for part in components(document.tree)}
    name = next(
        known for known in (PROBE, *(f"{PROBE}_{number}" for number in range(len(taken)))) if known not in taken
    )
    for part in components(document.tree, "api", "if_else", "single_choice"):
        for path, _ in arrows(part):
            flow = ("flows", part.flow, "components", name)
            tree = put_all(put(document.tree, path, name), {flow: {"type": "end_chat", "message": SAID}})
            source = built(document, tree)
            if source is not None:
                place = f"{document.file}:{document.line(*path)}"
                yield Mutant(kind=KIND, told=_told(part, path), place=place, file=document.file, source=source)


def _told(part: Part, path: Path) -> str:
    match path[len(part.path) :]:
        case ("responses", code):
            return f"{code} of {part.name}"
        case ("options", int() as index, "next"):
            return f"{as_text(as_map(as_list(part.tree['options'])[index])['text'])!r} of {part.name}"
        case ("branches", int() as index, "next"):
            branch = as_map(as_list(part.tree["branches"])[index])
            return f"the way from {part.name} to {as_text(branch['next'])}"
        case _:
            return f"otherwise of {part.name}"
