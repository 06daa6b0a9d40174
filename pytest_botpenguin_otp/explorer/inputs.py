"""What a user may type at a question: a few classes that make a difference, each with its text."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from pytest_botpenguin_otp.bot import Choice
from pytest_botpenguin_otp.explorer.codes import dotted, hyphened, one_off, spaced, wide
from pytest_botpenguin_otp.explorer.reserved import PHONES
from pytest_botpenguin_otp.explorer.texts import GENERAL, WORD, other, short
from pytest_botpenguin_otp.machine.answers import phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_botpenguin_otp.bot import Question
    from pytest_botpenguin_otp.explorer.bindings import Bindings
    from pytest_botpenguin_otp.explorer.codes import Pool
    from pytest_botpenguin_otp.explorer.ghost import Ghost
    from pytest_botpenguin_otp.values import Value

__all__ = ["PHONES", "Input", "classes", "early", "untried"]

ANYWHERE = ("+44 7700 900123", "+1 415 555 0123")
NO_ZERO = "1"
"""The country code in which no number is written with a zero in front."""
JSON_BREAK = '1","systemOtp":"1'


class Input(NamedTuple):
    """A class of input: its key in a move, its name, and the text of it; `odd` if no cooperative user types it."""

    key: str
    name: str
    text: str
    odd: bool = True


def classes(
    asked: Question | Choice,
    ghost: Ghost,
    bindings: Bindings,
    pool: Pool,
    *,
    alone: bool,
    held: Mapping[str, Value] = MappingProxyType({}),
) -> Iterator[Input]:
    """Yield what a user may type at the question `asked`, each text once; `alone` where no phone is known yet.

    `held` are the attributes that a condition compares the answer with.
    """
    met: set[str] = set()
    for found in (*_classes(asked, ghost, bindings, pool, alone=alone), *_made(asked, bindings, held)):
        if found.text not in met:
            met.add(found.text)
            yield found


def early(ghost: Ghost, bindings: Bindings) -> Iterator[Input]:
    """Yield what a user may type while the bot waits for a delay."""
    yield Input("E", "a word", f"{WORD}?")
    if ghost.newest is not None and bindings.profile.early_answer == "kept":
        yield Input("F", "right code", ghost.newest, odd=False)


def _classes(asked: Question | Choice, ghost: Ghost, bindings: Bindings, pool: Pool, *, alone: bool) -> Iterator[Input]:
    if isinstance(asked, Choice):
        for number, option in enumerate(asked.options):
            yield Input(f"o{number}", f"option {option.text!r}", option.text, odd=False)
        yield Input("w", "a word", WORD)
        return
    if asked.kind == "phone_number" or asked.save in bindings.phones:
        yield from _phones(asked, bindings, alone=alone)
    if asked.save in bindings.user:
        yield from _codes(ghost, bindings, pool)
    brief = () if asked.max_length is None else short(bindings.texts.orders(asked.save), asked.max_length)
    for number, text in enumerate((*bindings.literals(asked.save), *brief)):
        yield Input(f"c{number}", f"the text {text!r}", text, odd=False)
    yield Input("e", "empty", "")
    if asked.kind == "phone_number":
        return
    if asked.save not in (*bindings.user, *bindings.phones):
        yield from _general(asked, bindings)


def _made(asked: Question | Choice, bindings: Bindings, held: Mapping[str, Value]) -> Iterator[Input]:
    if isinstance(asked, Choice):
        return
    for number, (name, text) in enumerate(bindings.texts.made(asked.save, held, asked.max_length)):
        yield Input(f"m{number}", name, text, odd=False)


def _phones(asked: Question, bindings: Bindings, *, alone: bool) -> Iterator[Input]:
    first, second = _numbers(asked, bindings)
    yield Input("A", "phone A", first, odd=False)
    if not alone:
        yield Input("B", "phone B", second, odd=False)
    yield Input("p", "phone without plus", "".join(sign for sign in first if sign.isdecimal()))
    taken = [found for found in (phone(first, asked.countries), phone(second, asked.countries)) if found is not None]
    for known in [found for found in taken if found.country != NO_ZERO][:1]:
        yield Input("z", "phone with national zero", f"+{known.country} 0 {known.national}")
        yield Input("l", "national number with its zero", f"0{known.national}")
    yield Input("w", "a word", WORD)


def _numbers(asked: Question, bindings: Bindings) -> tuple[str, str]:
    """Return two reserved numbers that a question takes, rather none that a condition names."""
    named = bindings.literals(asked.save)
    taken = [text for text, told in _reserved(asked, bindings) if told not in named]
    taken = taken or [text for text, _ in _reserved(asked, bindings)]
    return (taken[0], taken[-1]) if taken else ANYWHERE


def _reserved(asked: Question, bindings: Bindings) -> Iterator[tuple[str, str]]:
    """Yield the reserved numbers that a question takes, each as typed and as it is saved."""
    known = [pair for country in asked.countries for pair in PHONES.get(country, ())]
    for text in known if asked.countries else ANYWHERE:
        found = phone(text, asked.countries)
        if found is not None:
            yield text, found.render(bindings.profile.phone_rendering)


def untried(questions: Iterable[Question], bindings: Bindings) -> Iterator[str]:
    """Yield what no chat tries: numbers where a condition names all reserved ones, and texts that grow without end."""
    for asked in questions:
        named, known = bindings.literals(asked.save), [told for _, told in _reserved(asked, bindings)]
        if named and asked.kind == "phone_number" and all(told in named for told in known):
            yield f"a number at {asked.name!r} that no condition names is not known"
    for name in bindings.texts.rounds():
        yield f"texts of {name!r} that are made of themselves are not tried"


def _codes(ghost: Ghost, bindings: Bindings, pool: Pool) -> Iterator[Input]:
    if ghost.newest is not None:
        yield Input("r", "right code", ghost.newest, odd=False)
    if bindings.profile.unset_rendering:
        yield Input("U", "what an unset attribute becomes", bindings.profile.unset_rendering)
    if ghost.previous is not None:
        yield Input("v", "previous code", ghost.previous)
    yield Input("x", "code of another contact", pool.others)
    if ghost.newest is not None:
        yield Input("d", "one digit off", one_off(ghost.newest), odd=False)
        yield Input("b", "right code with blanks", spaced(ghost.newest), odd=False)
        yield Input("g", "right code with a hyphen", hyphened(ghost.newest), odd=False)
        yield Input("i", "right code with a dot", dotted(ghost.newest), odd=False)
        yield Input("f", "right code in full-width digits", wide(ghost.newest), odd=False)
    yield Input("j", "text that breaks JSON", JSON_BREAK)
    for name in bindings.system[:1]:
        yield Input("a", "a typed reference", f"{{{{{name}}}}}")


def _general(asked: Question, bindings: Bindings) -> Iterator[Input]:
    text = other(asked.kind, bindings.literals(asked.save))
    yield Input("w", "an answer" if asked.kind in GENERAL else "a word", text, odd=False)
    if asked.save in bindings.sent:
        yield Input("j", "text that breaks JSON", JSON_BREAK)
