"""The texts by which the conditions of a bot tell one answer from another."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import Choice, Question
from pytest_botpenguin_otp.machine import conditions, render
from pytest_botpenguin_otp.template import Ref, SecretRef, references
from pytest_botpenguin_otp.values import Value, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from pytest_botpenguin_otp.bot import Compare
    from pytest_botpenguin_otp.machine import Machine
    from pytest_botpenguin_otp.template import Template

__all__ = ["GENERAL", "UNKNOWN", "WORD", "Texts", "around", "other", "short"]

WORD = "hello"
GENERAL = {"email": "user@example.com", "numeric_input": "7"}
"""What is typed at a question of a kind where nothing is asked of it; elsewhere `WORD`."""
UNKNOWN = "unknown"
"""What stands for every text of a service that no condition names."""
ORDERS = ("greater", "less")
LONG = 15
"""Numbers of more digits are told apart by their size alone."""
MOST_DIGITS = 9
LAST_DIGIT = 9


def around(given: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers among `given`, and one below, between and above them each; whole ones as far as they do."""
    marks = sorted({number for number in map(conditions.number, given) if number is not None})
    found = [near for mark in marks for near in _near(mark)]
    for low, high in pairwise(marks):
        if high.adjusted() <= LONG and high - low > 0:
            whole = low.to_integral_value("ROUND_FLOOR") + 1
            found.append(whole if whole < high else (low + high) / 2)
    texts = dict.fromkeys(_written(number) for number in found)
    return tuple(text for text in texts if conditions.number(text) is not None)


def short(given: Iterable[str], length: int) -> tuple[str, ...]:
    """Return numbers near and beyond those of `given` that are too long to be typed, with an exponent instead."""
    marks = [number for number in map(conditions.number, given) if number is not None]
    long = [mark for mark in marks if len(_written(mark)) > length and mark.adjusted() <= LONG]
    found: list[str] = []
    for mark in long:
        first, size, sign = mark.as_tuple().digits[0], mark.adjusted(), "-" if mark < 0 else ""
        after = f"{first + 1}e{size}" if first < LAST_DIGIT else f"1e{size + 1}"
        found += [f"{sign}{first}e{size}", f"{sign}{after}", f"{sign}{LAST_DIGIT}e{LAST_DIGIT}"]
    return tuple(text for text in dict.fromkeys(found) if len(text) <= length)


def _near(mark: Decimal) -> tuple[Decimal, ...]:
    if abs(mark.adjusted()) > LONG:
        return (mark, mark * 2, mark / 2, -mark)
    below, above = mark.to_integral_value("ROUND_FLOOR"), mark.to_integral_value("ROUND_CEILING")
    return (mark, above + 1, below - 1) if below == above else (mark, above, below)


def _written(number: Decimal) -> str:
    return str(number) if abs(number.adjusted()) > LONG else f"{number.normalize():f}"


def other(kind: str, taken: Iterable[str], word: str = WORD) -> str:
    """Return what may be typed at a question of `kind` and is none of `taken`."""
    known = frozenset(taken)
    first = GENERAL.get(kind, word)
    if first not in known:
        return first
    numbers = range(len(known) + 2)
    others = {"email": "user{}@example.com", "numeric_input": "{}"}.get(kind, word + " {}")
    return next(text for text in (others.format(number + 1) for number in numbers) if text not in known)


class Texts:
    """What the conditions of one bot compare each attribute with."""

    def __init__(self, machine: Machine, compared: Mapping[str, Sequence[Compare]]) -> None:
        self._machine, self._compared = machine, compared
        self._within: dict[str, dict[tuple[Compare, Template], None]] = {}
        self._about: dict[str, dict[tuple[Compare, Template], None]] = {}
        every = ((one, template) for known in compared.values() for one in known for template in one.values)
        for compare, template in every:
            if any(isinstance(part, SecretRef) for part in template):
                self._about.setdefault(compare.attribute, {})[compare, template] = None
            for name in references(template):
                if name != compare.attribute:
                    self._about.setdefault(compare.attribute, {})[compare, template] = None
                    self._within.setdefault(name, {})[compare, template] = None

    def literals(self, attribute: str) -> tuple[str, ...]:
        """Return the fixed texts that `attribute` is compared with; for a number also the next ones to it."""
        found = (text for compare in self._compared.get(attribute, ()) for text in _fixed(compare))
        return tuple(dict.fromkeys((*found, *around(self.orders(attribute)))))

    def orders(self, attribute: str) -> tuple[str, ...]:
        """Return the fixed texts by which the values of `attribute` are ordered."""
        compares = (compare for compare in self._compared.get(attribute, ()) if compare.operator in ORDERS)
        return tuple(text for compare in compares for text in _fixed(compare))

    def partners(self, attribute: str) -> tuple[str, ...]:
        """Return the attributes that are compared with `attribute`, or beside it with a third."""
        pairs = (*self._about.get(attribute, ()), *self._within.get(attribute, ()))
        names = (name for compare, template in pairs for name in (compare.attribute, *references(template)))
        return tuple(sorted({name for name in names if name != attribute}))

    def rounds(self) -> tuple[str, ...]:
        """Return the attributes whose texts are made of each other, and could grow without end."""
        grown = {
            attribute: {name for _, template in found if len(template) > 1 for name in references(template)}
            for attribute, found in self._about.items()
        }
        alike = {attribute: set(self.partners(attribute)) for attribute in (*self._about, *self._within)}
        return tuple(sorted(name for name, parts in grown.items() if _comes_back(name, parts, alike, grown)))

    def made(self, attribute: str, held: Mapping[str, Value], digits: int | None = None) -> Iterator[tuple[str, str]]:
        """Yield the texts, named, that make a difference beside what other attributes hold now.

        Where sizes are compared, a number of up to `digits` digits stands for all that are larger than any other, and
        one for all that are smaller.
        """
        for compare, template in self._about.get(attribute, ()):
            for text in self._filled(template, held):
                yield f"what {attribute!r} is compared with", text
            yield from _ends(compare, digits)
        for compare, template in self._within.get(attribute, ()):
            solved = self._solved(template, attribute, compare.attribute, held)
            if solved is not None:
                yield f"what {compare.attribute!r} is compared with", solved
            yield from _ends(compare, digits)

    def _filled(self, template: Template, held: Mapping[str, Value]) -> tuple[str, ...]:
        """Fill a template with what is held; an attribute that is unset also with what it may come to hold."""
        if self._is_filled_already(template, held):
            return ()
        empty = self._machine.profile.unset_in_message
        missing = {name: Value(self._sample(name)) for name in references(template) if name not in held}
        found = (render.fill(template, attributes, self._machine, empty) for attributes in (held, {**held, **missing}))
        return tuple(dict.fromkeys(plain(text) for text in found))

    @staticmethod
    def _is_filled_already(template: Template, held: Mapping[str, Value]) -> bool:
        """Say whether a value is itself made with this template: again and again, it would grow without end."""
        fixed = [part.text for part in template if isinstance(part, Value)]
        values = (held[name].text for name in references(template) if name in held)
        return bool(fixed) and any(all(text in value for text in fixed) for value in values)

    def _solved(self, template: Template, wanted: str, whole: str, held: Mapping[str, Value]) -> str | None:
        """Return what `wanted` must be, so that the template becomes what the attribute `whole` holds."""
        at = [number for number, part in enumerate(template) if isinstance(part, Ref) and part.attribute == wanted]
        if whole not in held or len(at) != 1:
            return None
        text, empty = held[whole].text, self._machine.profile.unset_in_message
        before, after = (
            plain(render.fill(part, held, self._machine, empty)) for part in (template[: at[0]], template[at[0] + 1 :])
        )
        fits = text.startswith(before) and text.endswith(after) and len(text) >= len(before) + len(after)
        return text[len(before) : len(text) - len(after)] if fits else None

    def _sample(self, attribute: str) -> str:
        """Return one of the texts that an attribute may come to hold."""
        for part in self._machine.bot.components.values():
            if isinstance(part, Question) and part.save == attribute:
                return other(part.kind, self.literals(attribute))
            if isinstance(part, Choice) and part.save == attribute:
                return part.options[0].text
        return UNKNOWN


def _comes_back(name: str, parts: Iterable[str], alike: Mapping[str, set[str]], grown: Mapping[str, set[str]]) -> bool:
    """Say whether what is made of `parts` is itself made of `name`, by any other way than the one just taken."""
    frontier = list(parts)
    met = set(frontier)
    while frontier:
        at = frontier.pop()
        if name in grown.get(at, ()) or at == name:
            return True
        onward = alike.get(at, set()) - met - ({name} if at in parts else set())
        met |= onward
        frontier += onward
    return False


def _fixed(compare: Compare) -> Iterator[str]:
    for template in compare.values:
        values = tuple(part for part in template if isinstance(part, Value))
        if len(values) == len(template):
            yield plain(values)


def _ends(compare: Compare, digits: int | None) -> Iterator[tuple[str, str]]:
    """Yield a number larger than most, one smaller, and one between."""
    if compare.operator in ORDERS:
        count = min(digits or MOST_DIGITS, MOST_DIGITS)
        yield "a large number", "9" * count
        yield "a number", GENERAL["numeric_input"]
        yield "a small number", "-" + "9" * max(count - 1, 1)
