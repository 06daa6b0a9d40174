"""What must be so of one contact's codes, by what was sent and tried: pure, and knows no service."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from unicodedata import decimal, normalize

if TYPE_CHECKING:
    from pytest_botpenguin_otp.stateful.asking import Issued
    from pytest_botpenguin_otp.stateful.verdicts import Verdict

__all__ = ["ATTEMPTS", "LIFETIME_S", "Broken", "Ledger", "Tried", "meant"]

ATTEMPTS = 5
"""So many wrong codes in a row are borne at most, as Twilio Verify does (error 60202), and PSD2 RTS article 4."""
LONGEST = 100
LIFETIME_S = 600
"""How long a code is good: NIST SP 800-63B-4 3.1.3.2."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise by its name, and in words how it was broken.

    With `uncounted` wrong codes were not bounded over a resend; whether they are without one is not known.
    """

    promise: str
    told: str
    uncounted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One try: what was typed, when (virtual seconds), and what the service said.

    `current` where it came with the answer of the newest send, not of an older one.
    """

    typed: str = field(repr=False)
    at: float
    said: Verdict
    current: bool = True


def meant(typed: str) -> str:
    """Return what a person means by a text: digits of any script in ASCII, without blanks and separators.

    A service may take `123 456` for `123456`, or not; that is no promise.
    """
    if len(typed) > LONGEST:
        return typed
    digits = (str(decimal(char, -1)) if char.isdecimal() else char for char in normalize("NFKC", typed))
    return "".join(char for char in digits if char not in " \t\n-.\N{ZERO WIDTH SPACE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The codes of one contact, oldest first, and when wrong ones were refused since the last success.

    `resent` once a new code was sent after such a refusal; `clean` while nothing was ever refused.
    """

    issued: tuple[Issued, ...] = ()
    wrong_at: tuple[float, ...] = ()
    resent: bool = False
    clean: bool = True

    def sent(self, issued: Issued | None) -> Ledger:
        """Return the ledger after an answer of Send OTP; a refused one leaves open what the old code is worth."""
        if issued is None:
            return replace(self, clean=False)
        return replace(self, issued=(*self.issued, issued), resent=self.resent or bool(self.wrong_at))

    def refused(self) -> Ledger:
        """Return the ledger after something else was refused, so that the service may have locked the contact."""
        return replace(self, clean=False)

    def tried(self, tried: Tried) -> Ledger:
        """Return the ledger after a try."""
        newest = self.issued[-1] if self.issued else None
        if tried.said == "yes":
            known = newest is not None and meant(tried.typed) == newest.code
            used = (replace(newest, used=True),) if newest is not None and known else self.issued[-1:]
            return replace(self, issued=(*self.issued[:-1], *used), wrong_at=(), resent=False)
        good = newest is not None and tried.current and not self._used and tried.at - self._since < LIFETIME_S
        guess = good and newest is not None and _is_guess(tried.typed, newest.code)
        return replace(self, wrong_at=(*self.wrong_at, tried.at) if guess else self.wrong_at, clean=False)

    def broken(self, tried: Tried, attempts: int) -> Broken | None:
        """Return which promise the answer to a try breaks; `attempts` wrong ones in 10 minutes are borne at most."""
        if tried.said == "neither":
            return Broken("mapped", "the answer is neither the yes nor a no of the profile")
        if not self.issued:
            return Broken("order", "a code was accepted although none was sent") if tried.said == "yes" else None
        if tried.said == "no":
            return self._refused_wrongly(tried)
        return self._wrong(tried) or self._late(tried) or self._too_often(tried, attempts)

    def _refused_wrongly(self, tried: Tried) -> Broken | None:
        newest = self.issued[-1]
        good = self.clean and not self._used and tried.at - self._since < LIFETIME_S
        if good and tried.typed == newest.code:
            return Broken("right-code", "the right code was refused, in time and at the first try")
        return None

    def _wrong(self, tried: Tried) -> Broken | None:
        *older, newest = self.issued
        typed = meant(tried.typed)
        if typed == newest.code:
            return None
        if any(typed == one.code for one in older):
            return Broken("resend", "the old code was accepted although a new one was sent")
        return Broken("wrong-code", "a code was accepted that is not the one that was sent")

    def _late(self, tried: Tried) -> Broken | None:
        if self._used:
            return Broken("once", "the code was accepted although it was used before")
        age = tried.at - self._since
        if age > LIFETIME_S:
            return Broken("expiry", f"the code was accepted after {age:g} s; it is good for {LIFETIME_S} s")
        return None

    def _too_often(self, tried: Tried, attempts: int) -> Broken | None:
        if len(_recent(self._looked_at(attempts), tried.at)) < attempts:
            return None
        wrong = _recent(self.wrong_at, tried.at)
        told = f"the code was accepted after {len(wrong)} wrong ones in a row; at most {attempts} are borne"
        if self.resent:
            return Broken("resend", f"{told}, over a resend too", uncounted=True)
        return Broken("attempts", told)

    def _looked_at(self, attempts: int) -> tuple[float, ...]:
        """When wrong codes were typed that count: a service may refuse what comes while it is locked, and forget it."""
        counted: tuple[float, ...] = ()
        for at in self.wrong_at:
            if len(_recent(counted, at)) < attempts:
                counted = (*counted, at)
        return counted

    @property
    def _same(self) -> tuple[Issued, ...]:
        """The newest code, and those just before it that are the same: a resend may send the old code again."""
        first = len(self.issued)
        while first and self.issued[first - 1].code == self.issued[-1].code:
            first -= 1
        return self.issued[first:]

    @property
    def _since(self) -> float:
        return self._same[0].at

    @property
    def _used(self) -> bool:
        return any(one.used for one in self._same)


def _is_guess(typed: str, code: str) -> bool:
    """Say whether a wrong text looks like a code, so that a service must count it."""
    return typed != code and len(typed) == len(code) and typed.isascii() and typed.isdecimal()


def _recent(wrong_at: tuple[float, ...], now: float) -> tuple[float, ...]:
    return tuple(at for at in wrong_at if now - at < LIFETIME_S)
