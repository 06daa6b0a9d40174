"""The codes of an exploration: a small pool, what people make of them, and how one stands for another."""

from __future__ import annotations

import re
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.botpenguin import MAGIC_CODES
from pytest_botpenguin_otp.explorer.reserved import PHONES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Pool", "Renaming", "dotted", "hyphened", "number", "one_off", "pool", "spaced", "wide"]

MOST = 40
"""No chat holds more codes at once: each of them takes a send or an answer of its own. Of four digits there are few."""
NUMBERS = tuple("".join(filter(str.isdecimal, number)) for pair in PHONES.values() for number in pair)
WIDE = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}

Renaming = tuple[tuple[str, str], ...]
"""Which code becomes which."""


def one_off(code: str) -> str:
    """Return a code of the same length that differs in its last digit."""
    return f"{code[:-1]}{(int(code[-1]) + 1) % 10}"


def spaced(code: str) -> str:
    """Write a code as people do, in two groups, with blanks around."""
    middle = len(code) // 2
    return f" {code[:middle]} {code[middle:]} "


def hyphened(code: str) -> str:
    """Write a code in two groups, with a hyphen between."""
    middle = len(code) // 2
    return f"{code[:middle]}-{code[middle:]}"


def dotted(code: str) -> str:
    """Write a code in two groups, with a dot between."""
    middle = len(code) // 2
    return f"{code[:middle]}.{code[middle:]}"


def wide(code: str) -> str:
    """Write a code in full-width digits."""
    return code.translate(WIDE)


def number(code: str) -> str:
    """Return what is left of a code that was taken for a number."""
    return code.lstrip("0") or "0"


def _itself(code: str) -> str:
    return code


def _number_off(code: str) -> str:
    return number(one_off(code))


FORMS: tuple[Callable[[str], str], ...] = (
    _itself,
    one_off,
    spaced,
    wide,
    hyphened,
    dotted,
    number,
    _number_off,
)
"""What may be left of a code in an attribute: it is found again in each of these, the earlier first."""


class Pool:
    """Codes of one length: `plain` ones, `zeros` that begin with 0, a `stale` one, and `others`, of another contact."""

    def __init__(self, length: int, size: int) -> None:
        drawn = _draw(length, 2 * size + 2)
        self.plain = tuple(drawn[:size])
        self.zeros = tuple(f"0{code[1:]}" for code in drawn[size : 2 * size])
        self.stale, self.others = drawn[2 * size :]
        self.known = frozenset((*self.plain, *self.zeros))
        self._formed: dict[str, tuple[int, str]] = {}
        for form, make in enumerate(FORMS):
            for code in (*self.plain, *self.zeros):
                self._formed.setdefault(make(code), (form, code))
        self._within = re.compile("|".join(sorted(self.known)))
        self._found: dict[str, tuple[str, ...]] = {}
        self._renamed: dict[tuple[str, Renaming], str] = {}

    def fresh(self, used: Iterable[str]) -> tuple[str, str]:
        """Return the first code that is none of `used`, and the first of those with a zero in front."""
        taken = frozenset(used)
        plain = next(code for code in self.plain if code not in taken)
        return plain, next(code for code in self.zeros if code not in taken)

    def codes_in(self, text: str) -> tuple[str, ...]:
        """Return the codes of this pool that `text` is made of, in whatever form."""
        found = self._found.get(text)
        if found is None:
            formed = self._formed.get(text)
            found = (formed[1],) if formed else tuple(dict.fromkeys(self._within.findall(text)))
            self._found[text] = found
        return found

    def renaming(self, used: Iterable[str]) -> Renaming:
        """Return what each code of `used` becomes, so that they are the first ones of the pool in this order."""
        plain, zeros = iter(self.plain), iter(self.zeros)
        named = {code: next(zeros if code[0] == "0" else plain) for code in dict.fromkeys(used) if code in self.known}
        return tuple([(old, new) for old, new in named.items() if old != new])

    def rename(self, text: str, renaming: Renaming) -> str:
        """Return `text` with its codes replaced."""
        key = (text, renaming)
        renamed = self._renamed.get(key)
        if renamed is None:
            names = dict(renaming)
            formed = self._formed.get(text)
            if formed is None:
                renamed = self._within.sub(lambda found: names.get(found[0], found[0]), text)
            else:
                renamed = FORMS[formed[0]](names.get(formed[1], formed[1]))
            self._renamed[key] = renamed
        return renamed


def _draw(length: int, count: int) -> list[str]:
    """Return codes that do not begin with 0, no two of which are alike but for their first or last digit.

    None stands in a phone number, with a zero in front neither: it would be renamed there.
    """
    random = Random(length)
    met: set[str] = set()
    drawn: list[str] = []
    while len(drawn) < count:
        code = str(random.randrange(10 ** (length - 1), 10**length))
        if code[1:-1] in met or code[1] == "0" or code in MAGIC_CODES or _is_in_a_number(code):
            continue
        met.add(code[1:-1])
        drawn.append(code)
    return drawn


def _is_in_a_number(code: str) -> bool:
    return any(code in number or f"0{code[1:]}" in number for number in NUMBERS)


@lru_cache(maxsize=64)
def pool(length: int, size: int) -> Pool:
    """Return a pool with `size` plain codes, `MOST` at most, and as many with a zero in front, of so many digits."""
    return Pool(length, min(size, MOST))
