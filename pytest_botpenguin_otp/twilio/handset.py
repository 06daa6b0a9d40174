"""The user's phone: what reached it, and the code in the newest SMS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.errors import NoCodeError
from pytest_botpenguin_otp.twilio.phones import mask, normalise
from pytest_botpenguin_otp.values import Masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.twilio.messages import Message
    from pytest_botpenguin_otp.twilio.service import FakeTwilio

__all__ = ["Handset", "find_code"]

_CODE = re.compile(r"(?<![A-Za-z_+/\d])(?<!\d[.,:-])[0-9]{4,10}(?![A-Za-z_\d])(?![.,:/-]\d)").search


NAMED = 3
"""How many other numbers an error names."""


def find_code(text: str) -> str | None:
    """Return the first run of 4 to 10 ASCII digits that stands alone in `text`.

    Part of a word, a phone number, a date, an amount or a path is not alone; signs of other scripts may adjoin.
    """
    found = _CODE(text)
    return found[0] if found else None


class Handset:
    """A phone with one or several numbers, in any spelling; with `numbers` None it stands for every phone."""

    def __init__(self, twilio: FakeTwilio, numbers: frozenset[str] | None = None) -> None:
        self._twilio = twilio
        self._numbers = None if numbers is None else frozenset(map(normalise, numbers))

    def __repr__(self) -> str:
        return f"<Handset: {self._name()}, {len(self.messages)} SMS>"

    @property
    def messages(self) -> tuple[Message, ...]:
        """What reached this handset, oldest first, each as it was then."""
        return tuple(message.shown() for message in self._twilio.arrivals(self._numbers))[::-1]

    def add(self, number: str) -> None:
        """Let SMS to `number` reach this handset too; one that stood for every phone is from now on this one's."""
        self._numbers = (self._numbers or frozenset()) | {normalise(number)}

    def code(self) -> str:
        """Return the code in the newest SMS; raise `NoCodeError`, saying what there is instead."""
        newest = next(self._twilio.arrivals(self._numbers), None)
        if newest is None:
            raise NoCodeError(f"No SMS has reached {self._name()}. {self._elsewhere()}")
        code = find_code(newest.body)
        if code is None:
            older = "An older SMS there holds one." if next(self._codes(), None) else "Nor does an older one."
            raise NoCodeError(
                f"The newest SMS on {self._name()} ({newest.sid}, {len(newest.body)} characters) holds no code of 4 to"
                f" 10 digits standing alone. {older}"
            )
        return Masked(code)

    def previous_code(self) -> str:
        """Return the code in the SMS before the newest of those that hold one; raise `NoCodeError` without it."""
        codes = self._codes()
        newest, previous = next(codes, None), next(codes, None)
        if previous is not None:
            return Masked(previous)
        count = len(tuple(self._twilio.arrivals(self._numbers)))
        raise NoCodeError(
            f"There is no previous code on {self._name()}: of {count} SMS that reached it,"
            f" {'none' if newest is None else 'one'} holds a code."
        )

    def _codes(self) -> Iterator[str]:
        found = (find_code(message.body) for message in self._twilio.arrivals(self._numbers))
        return (code for code in found if code is not None)

    def _name(self) -> str:
        if self._numbers is None:
            return "any handset"
        return f"the handset {', '.join(sorted(map(mask, self._numbers))) or 'without a number'}"

    def _elsewhere(self) -> str:
        lost = self._twilio.undelivered(self._numbers)
        if lost:
            codes = ", ".join(sorted({str(message.failure or message.status) for message in lost}))
            return f"Twilio took {len(lost)} for it that did not arrive: {codes}."
        others = sorted(map(mask, self._twilio.arrived_at()))
        if not others:
            return "Twilio sent none at all."
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        return f"SMS did reach other numbers: {', '.join(others[:NAMED])}{more}."
