"""Which live value each recorded one stands for in a replay: one for one, codes in every spelling."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes.names import digits_of, is_number, spelled, tail_of
from pytest_botpenguin_otp.cassettes.parts import BODIES
from pytest_botpenguin_otp.cassettes.spellings import spellings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Binding"]

_Key = tuple[str, str]
"""How a value is spelled, and the value so: `text` as it stands, or one of `spellings`."""

TEXT = "text"
CODES = tuple(f"body.{name}" for name in BODIES["verify"])
LEAST_PHONE = 9
MOST_DIGITS = 15
DIGIT = re.compile(r"[0-9]")


class Binding:
    """Binds each recorded value to the first live one that it meets, to no other, and no two to the same one.

    A code is bound by its spellings too: what was recorded as one code with and without blanks must be one code live.
    """

    def __init__(self) -> None:
        self._live: dict[_Key, _Key] = {}
        self._recorded: dict[_Key, _Key] = {}
        self._digits: dict[str, str] = {}
        self._met: dict[_Key, str] = {}
        self._number = 0

    def live_of(self, recorded: str) -> str | None:
        """Return what a recorded value stands for, as it stands; None where it is bound to nothing yet."""
        known = self._live.get((TEXT, recorded))
        return None if known is None else known[1]

    def add(self, recorded: str, live: str) -> None:
        """Bind two values, and their spellings where it is a bare number, as far as those are free."""
        place = CODES[0] if recorded.isascii() and recorded.isdecimal() else ""
        for wanted, given in _bindings(place, recorded, live):
            if wanted not in self._live:
                self._bind(wanted, given, f"one in the answer to interaction {self._number}")

    def _bind(self, wanted: _Key, given: _Key, where: str) -> None:
        self._live[wanted] = given
        self._met[wanted] = where
        self._recorded[given] = wanted
        (how, recorded), (_, live) = wanted, given
        plain = how == TEXT and is_number(recorded) and is_number(live)
        if plain and live.startswith("+") is recorded.startswith("+"):
            self._digits.setdefault(_key(digits_of(recorded)), digits_of(live))

    def respelled(self, recorded: str) -> str | None:
        """Return the live number or code that is meant by another spelling of a recorded one; None where none is."""
        digits = digits_of(recorded)
        live = self._digits.get(_key(digits))
        if live is None or self.live_of(recorded) is not None or len(digits) > MOST_DIGITS:
            return None
        if len(digits) >= LEAST_PHONE:
            return spelled(recorded, live)
        rest = iter(live)
        fits = len(live) == len(digits)
        return "".join(next(rest) if DIGIT.fullmatch(char) else char for char in recorded) if fits else live

    def difference(self, recorded: Mapping[str, str], live: Mapping[str, str], number: int) -> str | None:
        """Bind the values of an interaction; return the first place that cannot be, or None, and bind none then."""
        fresh: dict[_Key, _Key] = {}
        back: dict[_Key, _Key] = {}
        met: dict[_Key, str] = {}
        for place, told in recorded.items():
            if place not in live:
                return f"{place}: a value was recorded here, and now there is none"
            for wanted, given in _bindings(place, told, live[place]):
                bound = self._live.get(wanted) or fresh.get(wanted)
                if bound is None:
                    taken = self._recorded.get(given) or back.get(given)
                    if taken is not None:
                        return _falls_together(place, self._met.get(taken) or met[taken])
                    fresh[wanted], back[given], met[wanted] = given, wanted, place
                elif bound != given:
                    return _falls_apart(place, self._met.get(wanted) or met[wanted])
        self._number = number
        for wanted, given in fresh.items():
            self._bind(wanted, given, f"{met[wanted]} of interaction {number}")
        return None

    def of_answer(self, recorded: str) -> str:
        """Return the live value of one in an answer; an unbound one is given as recorded, unless that is taken."""
        meant = self.meant(recorded)
        if self.live_of(recorded) is None:
            self.add(recorded, meant)
        return meant

    def meant(self, recorded: str) -> str:
        """Return the live value of a recorded one, or one that may become it; bind nothing."""
        known = self.live_of(recorded)
        if known is not None:
            return known
        told = self._live.get(("digits", recorded), ("", ""))[1]
        if told and (TEXT, told) not in self._recorded:
            return told
        return next(one for one in _followings(recorded) if not self._is_taken(recorded, one))

    def _is_taken(self, recorded: str, live: str) -> bool:
        """Say whether a live value, or a spelling of it, stands for another recorded one already."""
        pairs = _bindings(CODES[0], recorded, live)
        return any(self._recorded.get(given, wanted) != wanted for wanted, given in pairs)


def _falls_together(place: str, other: str) -> str:
    told = f"{place}: this was recorded with another value than {other}, and now has the same"
    return f"{told}. Give another value, or record the conversation again"


def _falls_apart(place: str, other: str) -> str:
    told = f"{place}: this was recorded with the same value as {other}, and now has another"
    code = ", such as otp_cassette.code(chat) or {{code}}" if place.startswith(CODES) else ""
    return f"{told}. Give the same value{code}, or record the conversation again"


def _bindings(place: str, recorded: str, live: str) -> Iterator[tuple[_Key, _Key]]:
    """Yield what is bound with a value: itself, and for a code its spellings."""
    yield (TEXT, recorded), (TEXT, live)
    if place.startswith(CODES):
        yield from zip(spellings(recorded), spellings(live), strict=True)


def _key(digits: str) -> str:
    return tail_of(digits) if len(digits) >= LEAST_PHONE else digits


def _followings(text: str) -> Iterator[str]:
    """Yield a text, then others of the same form, by the digits of the next numbers; then longer ones, without end."""
    for more in count():
        form = text + "0" * more
        digits = digits_of(form)
        for number in range(10 ** len(digits)):
            following = iter(f"{(int(digits or 0) + number) % 10 ** len(digits):0{len(digits)}d}")
            yield "".join(next(following) if DIGIT.fullmatch(char) else char for char in form)
