"""What a user may type at a question of two bots: what makes a difference to either, or between both."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_botpenguin_otp.bot import Question
from pytest_botpenguin_otp.explorer.inputs import PHONES, classes
from pytest_botpenguin_otp.explorer.texts import WORD, around
from pytest_botpenguin_otp.machine.answers import phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pytest_botpenguin_otp.bot import Choice
    from pytest_botpenguin_otp.explorer.bindings import Bindings
    from pytest_botpenguin_otp.explorer.codes import Pool
    from pytest_botpenguin_otp.explorer.ghost import Ghost
    from pytest_botpenguin_otp.values import Value

__all__ = ["Text", "typed", "unknown_countries"]

REFERENCE = "a typed reference"
GENERAL = ((WORD, "a word"), ("7", "a digit"), ("1.5", "a fraction"), ("user@example.com", "an address"))
ODD = ((f" {WORD} ", "a word with blanks"), ("+1 415 555 0123", "a phone number"), ("", "empty"))


class Text(NamedTuple):
    """What is typed to the old bot and to the new one: only the name of an attribute may differ."""

    name: str
    old: str
    new: str
    odd: bool = True


def typed(
    asked: tuple[Question | Choice, Question | Choice],
    bindings: tuple[Bindings, Bindings],
    ghost: Ghost,
    pool: Pool,
    *,
    alone: bool,
    held: tuple[Mapping[str, Value], Mapping[str, Value]],
) -> tuple[Text, ...]:
    """Return what a user may type where both bots ask, each name once and each text once; `held` is for `classes`."""
    known: dict[str, str] = {}
    found: list[Text] = []
    sides = [
        list(classes(one, ghost, bound, pool, alone=alone, held=kept))
        for one, bound, kept in zip(asked, bindings, held, strict=True)
    ]
    plain = [(given.text, given.name, given.odd) for side in sides for given in side if given.name != REFERENCE]
    for text, name, odd in (
        *plain,
        *((text, name, True) for text, name in (*_between(*asked), *_ordered(asked, bindings))),
    ):
        if text not in known:
            known[text] = name
            found.append(Text(_numbered(name, [one.name for one in found]), text, text, odd))
    old, new = (next((given.text for given in side if given.name == REFERENCE), "") for side in sides)
    references = [Text(REFERENCE, old or new, new or old)] if old or new else []
    return tuple(sorted((*found, *references), key=lambda one: one.odd))


def _ordered(asked: Iterable[Question | Choice], bindings: Iterable[Bindings]) -> Iterator[tuple[str, str]]:
    """Yield the numbers between those by which either bot orders the answers."""
    texts = [text for one, bound in zip(asked, bindings, strict=True) for text in bound.texts.orders(one.save or "")]
    yield from ((text, f"the text {text!r}") for text in around(texts))


def _numbered(name: str, taken: Sequence[str]) -> str:
    """Return `name`, with a number where two texts have it."""
    number = 1 + sum(known == name or known.startswith(f"{name} (") for known in taken)
    return name if number == 1 else f"{name} ({number})"


def _between(one: Question | Choice, other: Question | Choice) -> Iterator[tuple[str, str]]:
    """Yield texts that only the difference between two questions makes worth typing."""
    if not (isinstance(one, Question) and isinstance(other, Question)):
        yield from (*GENERAL, *ODD) if type(one) is not type(other) else ()
        return
    if one.kind != other.kind:
        yield from (*GENERAL, *ODD)
    if one.max_length != other.max_length:
        limits = sorted({limit for limit in (one.max_length, other.max_length) if limit is not None})
        for length in dict.fromkeys(length for limit in limits for length in (limit, limit + 1)):
            for kind in dict.fromkeys((one.kind, other.kind)):
                yield _long(kind, length, one.countries), f"a text of {length} characters"
    if one.countries != other.countries:
        yield from _numbers()


def _long(kind: str, length: int, countries: tuple[str, ...]) -> str:
    """Return a text of so many characters that a question of this kind takes."""
    if kind == "numeric_input":
        return "1" * length
    if kind == "email":
        return f"{'a' * max(length - len('@x.y'), 1)}@x.y"
    if kind == "phone_number":
        number = PHONES[next((known for known in countries if known in PHONES), "US")][0].replace(" ", "")
        return number.ljust(length)
    return "x" * length


def _numbers() -> Iterator[tuple[str, str]]:
    for country, (first, _) in PHONES.items():
        found = phone(first)
        yield first, f"a number of {country}"
        if found is not None:
            yield found.national, f"a number of {country} without its country code"


def unknown_countries(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    """Return the countries that only one of two questions takes, and of which no reserved number is known."""
    return tuple(sorted(set(one).symmetric_difference(other) - PHONES.keys()))
