"""Pseudonyms: for each sensitive value one of the same form, the same throughout a cassette, and nobody's."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as BinasciiError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from pytest_botpenguin_otp.twilio.phones import MAGIC_FROM, MAGIC_TO, NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["FAKE", "PUBLIC_NUMBERS", "RESERVED", "Names", "Seen", "is_fake"]

FAKE = "fa4e"
"""What the hexadecimal digits of every pseudonym consist of, but for the last four."""

PUBLIC_NUMBERS = frozenset([NUMBER, *MAGIC_FROM, *MAGIC_TO])
"""Twilio's magic numbers: nobody's, and the same for everyone, so they stay what they are."""

RESERVED = re.compile(r"\+?(?:1[2-9][0-9]{2}55501[0-9]{2}|447700900[0-9]{3}|1500555000[0-9])")
"""Numbers that will never be anybody's."""

IS_FAKE = re.compile(rf"(?:[A-Z]{{2}})?(?:{FAKE}){{3,}}[0-9a-f]{{1,7}}|fake-token-[0-9]+")
SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
HEX = re.compile(r"[0-9a-fA-F]{16,}")
DIGITS = re.compile(r"[0-9]")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
SERIES = {
    "auth": "fake-token-{}",
    "secret": "fake-token-{}",
    "segment": "segment-{}",
    "url": "https://callback-{}.example.invalid/",
    "word": "word-{}",
}
"""What is kept of some kinds: nothing, not even the length."""
PHONE_DIGITS = range(7, 16)
TAIL = 10
LONGEST_CODE = 12
UK = "44"
AREAS = range(212, 1000)
AREA_CODES = tuple(str(area) for area in AREAS if str(area)[1:] != "11" and str(area) != "500")


@dataclass(frozen=True, slots=True)
class Seen:
    """A sensitive value that a run has met; the `repr` keeps it to itself."""

    kind: str
    value: str = field(repr=False)


def is_fake(text: str) -> bool:
    """Say whether a text is one of our own pseudonyms, or of the fakes' credentials."""
    return IS_FAKE.fullmatch(text) is not None


def _digits(text: str) -> str:
    return "".join(DIGITS.findall(text))


class Names:
    """Hands out pseudonyms in order of first appearance; none of them is a value in `avoid`."""

    def __init__(self, avoid: Iterable[Seen] = ()) -> None:
        self._real = {seen.value for seen in avoid}
        self._real |= {_digits(seen.value) for seen in avoid}
        self._given: dict[str, str] = {}
        self._kinds: dict[str, str] = {seen.value: seen.kind for seen in avoid}
        self._taken: set[str] = set()
        self._people: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        for seen in avoid:
            if seen.kind == "phone" and seen.value.startswith("+"):
                self._number(_digits(seen.value))

    @property
    def seen(self) -> tuple[Seen, ...]:
        """Every value that has a pseudonym, by first appearance."""
        return tuple(Seen(self._kinds[value], value) for value in self._given)

    def known(self, text: str) -> str | None:
        """Return the kind of a value met before, in this cassette or in the run; None for any other."""
        if self._is_person(text):
            return "phone"
        kind = self._kinds.get(text)
        spaced = kind is None and _is_number(text) and self._kinds.get(_digits(text)) == "code"
        return "code" if spaced else kind

    def of(self, kind: str, text: str) -> str:
        """Return the pseudonym of a value; Twilio's magic numbers are their own."""
        if text in PUBLIC_NUMBERS:
            return text
        given = self._given.get(text)
        if given is None:
            met = "phone" if self._is_person(text) else self._kinds.get(text, "secret")
            kind = self._kinds[text] = kind.removesuffix(" number") if met == "secret" else met
            given = self._given[text] = self._made(kind, text)
            self._taken.add(given)
        return given

    def _made(self, kind: str, text: str) -> str:
        match kind:
            case "code":
                return self._code(text)
            case "phone":
                return self._phone(text)
            case "id" | "sid" | "token":
                return self._hex(text)
            case "auth" if HEX.fullmatch(text):
                return self._hex(text)
            case _ if kind in SERIES:
                return self._first_free(kind, SERIES[kind].format)
            case _:
                return self._other(text)

    def inside(self, token: str) -> str | None:
        """Return `token` with the known value that it encodes (percent or base64) replaced; None where it is none."""
        plain = unquote(token)
        if plain != token and plain in self._kinds:
            return quote(self.of(self._kinds[plain], plain), safe="")
        if BASE64.fullmatch(token):
            try:
                plain = b64decode(token + "=" * (-len(token) % 4), validate=True).decode()
            except (BinasciiError, UnicodeDecodeError, ValueError):
                return None
            parts = plain.split(":")
            if all(part in self._kinds for part in parts):
                return b64encode(":".join(self.of(self._kinds[part], part) for part in parts).encode()).decode()
        return None

    def _next(self, series: str) -> int:
        self._counts[series] = self._counts.get(series, 0) + 1
        return self._counts[series]

    def _first_free(self, series: str, make: Callable[[int], str]) -> str:
        while True:
            name = make(self._next(series))
            if name not in self._taken and name not in self._real:
                return name

    def _hex(self, text: str) -> str:
        prefix = text[:2] if SID.fullmatch(text) else ""
        length = max(len(text) - len(prefix), 16)
        body = (FAKE * length)[: length - 4]
        return self._first_free("hex", lambda number: f"{prefix}{body}{number:04x}")

    def _code(self, text: str) -> str:
        """Give a code of the same length, with its leading zero and whatever stands between its digits."""
        told = _digits(text)
        if not told or len(told) > LONGEST_CODE:
            return self._other(text)
        digits = self._given.get(told, "") if told != text else ""
        if not digits:
            digits = self._fresh(told)
            self._given.setdefault(told, digits)
            self._kinds.setdefault(told, "code")
            self._taken.add(digits)
        rest = iter(digits)
        return "".join(next(rest) if DIGITS.fullmatch(char) else _bland(char) for char in text)

    def _fresh(self, told: str) -> str:
        length = len(told)
        least = 0 if told[0] == "0" and length > 1 else 10 ** (length - 1)
        return self._first_free(f"code {length} {least}", lambda number: f"{least + number:0{length}d}")

    def _phone(self, text: str) -> str:
        told = _digits(text)
        if len(told) not in PHONE_DIGITS:
            return self._other(text)
        number = self._number(told)
        if text.startswith(("+", "00")):
            return f"+{number}"
        return number[-TAIL:] if len(told) <= TAIL < len(number) else number

    def _number(self, told: str) -> str:
        tail = _tail(told)
        if tail not in self._people:
            british = told.startswith(UK) and len(told) > TAIL
            make = _british if british and self._counts.get("uk", 0) < 999 else _american  # noqa: PLR2004  # 0 to 999
            self._people[tail] = self._first_free("uk" if make is _british else "us", make)
        return self._people[tail]

    def _is_person(self, text: str) -> bool:
        digits = _digits(text)
        known = len(digits) >= TAIL - 1 and len(digits) in PHONE_DIGITS and _is_number(text)
        return known and _tail(digits) in self._people

    def _other(self, text: str) -> str:
        """Give a text of the same length and classes of characters, for what was typed and is no code."""
        told = "".join(_bland(char) for char in text[:40])
        if told in self._taken or told in self._real or told == text:
            return self._first_free("word", SERIES["word"].format)
        return told


def _tail(digits: str) -> str:
    return digits.removeprefix("00").lstrip("0")[-TAIL:]


def _is_number(text: str) -> bool:
    return all(char in "0123456789+() .-" for char in text)


def _bland(char: str) -> str:
    if char.isdigit():
        return "7"
    return char if char in " -.,:/+" else "x"


def _american(number: int) -> str:
    area, line = divmod(number - 1, 100)
    return f"1{AREA_CODES[area]}55501{line:02d}"


def _british(number: int) -> str:
    return f"447700900{number:03d}"
