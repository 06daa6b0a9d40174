"""The table of metamorphic checks, and all of them as one property."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.properties import relations
from pytest_botpenguin_otp.properties.telling import broken, conversation, showing

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_botpenguin_otp.properties.cases import Case
    from pytest_botpenguin_otp.properties.relations import Differs
    from pytest_botpenguin_otp.properties.subject import Subject
    from pytest_botpenguin_otp.properties.telling import Broken

__all__ = ["RELATIONS", "Relation", "metamorphic"]


@dataclass(frozen=True, slots=True)
class Relation:
    """One metamorphic check: what is to make no difference, how that is found out, and what helps where it does."""

    promise: str
    differs: Callable[[Subject, Case], Differs | None]
    remedy: str


COMPARE = "Let no component compare a code with anything; the verify call does that."
TEXT = "Keep codes as text all the way: no Numeric Input, no greater or less."
RESET = "Let each chat ask for its own code, and decide by the answer of its own calls alone."
SAVE = "Save single values by their path, and decide by these."

RELATIONS: dict[str, Relation] = {
    "digits": Relation("other digits in all codes change no branch", relations.other_digits, f"{COMPARE} {TEXT}"),
    "number": Relation("another number is treated alike", relations.other_number, "Let no component name a number."),
    "blanks": Relation("blanks around a right code count alike for every code", relations.blanks, TEXT),
    "later": Relation("hours later all is the same", relations.later, RESET),
    "second": Relation("a second chat of a contact goes as its first", relations.second_chat, RESET),
    "two": Relation("two contacts at a time do not meet each other", relations.interleaved, RESET),
    "order": Relation("the order of keys in an answer changes nothing", relations.turned_keys, SAVE),
    "fields": Relation("unknown fields in an answer change nothing", relations.more_fields, SAVE),
    "failure": Relation(
        "the right code after a wrong one does what it does alone",
        relations.one_failure,
        "Lead each attempt's yes to where the first one's leads.",
    ),
}
"""Every metamorphic check, by name."""


def metamorphic(subject: Subject, case: Case) -> Broken | None:
    """Hold one conversation to all checks; tell the first that does not hold."""
    for relation in RELATIONS.values():
        differs = relation.differs(subject, case)
        if differs is not None:
            return _told(subject, case, relation, differs)
    return None


def _told(subject: Subject, case: Case, relation: Relation, differs: Differs) -> Broken:
    found = broken(differs.session, relation.promise, differs.told, relation.remedy)
    steps = case.steps if differs.steps is None else differs.steps
    chat = conversation(
        subject, steps, case.seed, name=relation.promise, expect=differs.expect if differs.steps else None
    )
    return showing(found, chat)
