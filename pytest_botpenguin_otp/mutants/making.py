"""The mutants of a bot file: every single edit that still makes a bot, each once, in a fixed order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.errors import FileError
from pytest_botpenguin_otp.mutants import api_edits, condition_edits, setting_edits, way_edits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.documents import Document, Tree
    from pytest_botpenguin_otp.mutants.trees import Change

__all__ = ["EDITS", "Mutant", "Mutants", "built", "made"]

EDITS: dict[str, Callable[[Tree], Iterator[Change]]] = {
    "delay": setting_edits.delays,
    "mapping dropped": way_edits.mappings_dropped,
    "mappings swapped": way_edits.mappings_swapped,
    "mapping led elsewhere": way_edits.mappings_led_elsewhere,
    "attribute": api_edits.mappings_of_attributes,
    "body field": api_edits.body_fields,
    "header": api_edits.headers,
    "save": api_edits.saves,
    "operator": condition_edits.operators,
    "value": condition_edits.values,
    "group": condition_edits.groups,
    "branches": condition_edits.branches,
    "attempts": way_edits.attempts,
    "question skipped": way_edits.questions_skipped,
    "call skipped": way_edits.calls_skipped,
    "order": way_edits.order,
    "options": way_edits.options,
    "redirect": way_edits.redirects,
    "end": way_edits.ends,
    "protected": way_edits.protected,
    "countries": setting_edits.countries,
    "length": setting_edits.lengths,
    "error message": setting_edits.error_messages,
    "setting": setting_edits.flags,
    "text": setting_edits.texts,
    "option text": setting_edits.option_texts,
}
"""Every kind of edit, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A bot with one edit: `kind` names it in `EDITS`, `told` in words, `place` is its `file:line` in the original.

    `source` is the whole bot file after it, as JSON, which is YAML.
    """

    kind: str
    told: str
    place: str
    file: str
    source: str = field(repr=False)

    def bot(self) -> Bot:
        """Read the mutant."""
        return bots.parse(self.source, self.file)

    def __str__(self) -> str:
        return f"{self.told} ({self.place})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutants:
    """All mutants of a bot; `invalid` counts the edits after which it is no bot that could be run."""

    mutants: tuple[Mutant, ...]
    invalid: int


def built(document: Document, tree: Tree) -> str | None:
    """Return a tree as the source of a bot, or None where it cannot be run."""
    source = json.dumps(tree, ensure_ascii=False)
    try:
        bots.parse(source, document.file)
    except FileError:
        return None
    return source


def made(document: Document) -> Mutants:
    """Make every mutant of a bot file that can be read."""
    found: dict[str, Mutant] = {}
    known, invalid = {json.dumps(document.tree, ensure_ascii=False)}, 0
    for kind, edit in EDITS.items():
        for change in edit(document.tree):
            source = built(document, change.tree)
            if source is None:
                invalid += 1
            elif source not in known:
                known.add(source)
                place = f"{document.file}:{document.line(*change.path)}"
                found[source] = Mutant(kind=kind, told=change.told, place=place, file=document.file, source=source)
    return Mutants(mutants=tuple(found.values()), invalid=invalid)
