"""Pseudonyms: for each sensitive value one of the same form, the same throughout a cassette, and nobody's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unicodedata import decimal

from pytest_botpenguin_otp.cassettes.model import check_count
from pytest_botpenguin_otp.cassettes.spellings import digits_in
from pytest_botpenguin_otp.twilio.phones import MAGIC_FROM, MAGIC_TO, NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "CHANNEL",
    "FAKE",
    "PUBLIC_NUMBERS",
    "RESERVED",
    "SECRETS",
    "Names",
    "Seen",
    "bland",
    "digits_of",
    "is_fake",
    "is_number",
    "spelled",
    "tail_of",
]

FAKE = "fa4e"
"""What the hexadecimal digits of every pseudonym consist of, but for the last four."""

PUBLIC_NUMBERS = frozenset([NUMBER, *MAGIC_FROM, *MAGIC_TO])
"""Twilio's magic numbers: nobody's, and the same for everyone, so they stay what they are."""

RESERVED = re.compile(r"\+?(?:1[2-9][0-9]{2}55501[0-9]{2}|447700900[0-9]{3}|1500555000[0-9])")
"""Numbers that will never be anybody's."""

IS_FAKE = re.compile(rf"(?:[A-Z]{{2}})?(?:{FAKE}){{3,}}[0-9a-f]{{1,7}}|fake-(?:token-)?x*[0-9]+")
SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
HEX = re.compile(r"[0-9a-fA-F]{16,}")
DIGITS = re.compile(r"[0-9]")
CHANNEL = re.compile(r"(?i)(?:whatsapp|messenger|tel|sms):")
"""What may stand before a phone number, and stays."""
SECRETS = frozenset(["auth", "header", "name", "secret", "token"])
"""The kinds of values that are looked for in the middle of other words, since no form tells where they begin."""
LEAST_SECRET = 6
BROKEN = re.compile(r"[\s\"'<>(){}\[\],;!?|]")
NEVER = r"(?!)"
SPOTS = (
    r"[A-Z]{2}[0-9a-fA-F]{32}",
    r"[0-9a-fA-F]{16,}",
    r"[+]?[0-9]{4,}(?:[().,/_:|-]{1,2}[0-9]+){0,12}",
    r"[+]?[0-9]{1,3}(?:[().,/_:|-]{1,2}[0-9]+){1,12}",
)
"""What has the form of a value wherever it stands."""
SERIES = {
    "segment": "segment-{}",
    "url": "https://callback-{}.example.invalid/",
    "word": "word-{}",
}
"""What is kept of some kinds: nothing, not even the length."""
TOKENS = ("fake-token-", "fake-")
PHONE_DIGITS = range(7, 16)
TAIL = 10
LONGEST_CODE = 12
LEAST_ALIGNED = 8
"""From this length a value is looked for in the middle of base64 too, where its last digit cannot be told."""
UK_DIGITS = 12
UK_LINES = 999
NUMBER_CHARS = frozenset("0123456789+() .-,/_:|")
PUNCTUATION = frozenset("#*-.,:;/+_|()!?'\"")
LONGEST_OTHER = 40
LETTERS = "xyzabcdefghijklmnopqrstuvw"
LETTERINGS = 1000
"""How many letterings of one form are tried, so that two texts typed never become one."""
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


def digits_of(text: str) -> str:
    """Return the digits of a text, one after another."""
    return "".join(DIGITS.findall(text))


class Names:
    """Hands out pseudonyms in order of first appearance; none of them is a value in `avoid`."""

    def __init__(self, avoid: Iterable[Seen] = ()) -> None:
        self._real = {seen.value for seen in avoid}
        self._real |= {digits_of(seen.value) for seen in avoid}
        self._starts = {value[:-1] for value in self._real}
        self._given: dict[str, str] = {}
        self._kinds: dict[str, str] = {seen.value: seen.kind for seen in avoid}
        self._taken: set[str] = set()
        self._people: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._secrets = {seen.value for seen in avoid if _is_secret(seen.kind, seen.value)}
        self._glued: re.Pattern[str] | None = None
        self._secret: re.Pattern[str] | None = None
        for seen in avoid:
            if seen.kind == "phone" and seen.value.startswith("+"):
                self._number(digits_of(seen.value))

    @property
    def seen(self) -> tuple[Seen, ...]:
        """Every value that has a pseudonym, by first appearance."""
        return tuple(Seen(self._kinds[value], value) for value in self._given)

    def known(self, text: str) -> str | None:
        """Return the kind of a value met before, in this cassette or in the run; None for any other."""
        if self._is_person(text):
            return "phone"
        kind = self._kinds.get(text)
        spaced = kind is None and is_number(text) and self._kinds.get(digits_of(text)) == "code"
        return "code" if spaced else kind

    def hides(self, text: str) -> bool:
        """Say whether a known value that is no mere word stands anywhere in a text, cut out or not."""
        return not text.isalpha() and any(
            len(value) >= LEAST_SECRET and not value.isalpha() and value in text for value in self._kinds
        )

    def split(self, text: str) -> list[str]:
        """Cut a text at what may be a value in it: each second part is a known secret, a SID or a number."""
        if self._glued is None:
            self._glued = re.compile(f"({'|'.join([*self._longest_first(), *SPOTS])})")
        return self._glued.split(text)

    def cut(self, text: str) -> list[str]:
        """Cut a text at the known secrets in it that are no single word: each second part is one."""
        if self._secret is None:
            several = [one for one in self._longest_first() if BROKEN.search(one)]
            self._secret = re.compile(f"({'|'.join(several) or NEVER})")
        return self._secret.split(text)

    def _longest_first(self) -> list[str]:
        return [re.escape(one) for one in sorted(self._secrets, key=lambda secret: (-len(secret), secret))]

    def of(self, kind: str, text: str) -> str:
        """Return the pseudonym of a value; Twilio's magic numbers are their own."""
        if text in PUBLIC_NUMBERS:
            return text
        given = self._given.get(text)
        if kind == "code" and self._kinds.get(text) == "word":
            self._kinds[text] = kind
        if given is None:
            check_count(len(self._given))
            met = "phone" if self._is_person(text) else self._kinds.get(text, "secret")
            kind = self._kinds[text] = kind.removesuffix(" number") if met == "secret" else met
            given = self._given[text] = self._made(kind, text)
            self._taken.add(given)
            if _is_secret(kind, text):
                self._secrets.add(text)
                self._glued = self._secret = None
        return given

    def _made(self, kind: str, text: str) -> str:
        match kind:
            case "code":
                return self._code(text)
            case "phone":
                return self._phone(text)
            case "id" | "sid" | "token" | "auth" | "secret":
                return self._hex(text) if SID.fullmatch(text) or HEX.fullmatch(text) else self._token(text)
            case _ if kind in SERIES:
                return self._first_free(kind, SERIES[kind].format)
            case _:
                return self._other(text)

    def _next(self, series: str) -> int:
        self._counts[series] = self._counts.get(series, 0) + 1
        return self._counts[series]

    def _first_free(self, series: str, make: Callable[[int], str]) -> str:
        while True:
            name = make(self._next(series))
            if name not in self._taken and name not in self._real:
                return name

    def _token(self, text: str) -> str:
        """Give a token of the same length, `fake-token-xxxx1`; one that would be too short to look fake gets longer."""
        start = next((start for start in TOKENS if len(start) < len(text)), TOKENS[-1])
        return self._first_free("token", lambda number: f"{start}{number:x>{max(len(text) - len(start), 1)}}")

    def _hex(self, text: str) -> str:
        prefix = text[:2] if SID.fullmatch(text) else ""
        length = len(text) - len(prefix)
        body = (FAKE * length)[: length - 4]
        return self._first_free("hex", lambda number: f"{prefix}{body}{self._apart(number):04x}")

    def _apart(self, number: int) -> int:
        """Return a number that written in four digits is no real code."""
        return number if f"{number:04x}" not in self._real else self._apart(self._next("hex"))

    def _code(self, text: str) -> str:
        """Give a code of the same length, with its leading zero and whatever stands between its digits."""
        told = digits_in(text)
        if not told or len(told) > LONGEST_CODE:
            return self._other(text)
        digits = self._given.get(told, "") if told != text else ""
        if not digits:
            digits = self._fresh(told)
            self._given.setdefault(told, digits)
            self._kinds.setdefault(told, "code")
            self._taken.add(digits)
        if told == text:
            return digits
        return self._shaped(text, digits) or self._other(text)

    def _fresh(self, told: str) -> str:
        length = len(told)
        least = 0 if told[0] == "0" and length > 1 else 10 ** (length - 1)
        while True:
            code = self._first_free(f"code {length} {least}", lambda number: f"{least + number:0{length}d}")
            if length < LEAST_ALIGNED or code[:-1] not in self._starts:
                return code

    def _phone(self, text: str) -> str:
        """Give a reserved number in the form of `text`: with its plus, `00` or leading zero, and what stands between.

        Reserved are numbers of 11 digits (+1) and of 12 (+44) only; for another length the nearest of them is given.
        """
        channel = CHANNEL.match(text)
        if channel:
            return channel[0] + self.of("phone", text[channel.end() :])
        told = digits_of(text)
        return spelled(text, self._number(told)) if len(told) in PHONE_DIGITS else self._other(text)

    def _number(self, told: str) -> str:
        tail = tail_of(told)
        if tail not in self._people:
            british = len(_bare(told)) >= UK_DIGITS or (told.startswith("0") and not told.startswith("00"))
            make = _british if british and self._counts.get("uk", 0) < UK_LINES else _american
            self._people[tail] = self._first_free("uk" if make is _british else "us", make)
        return self._people[tail]

    def _is_person(self, text: str) -> bool:
        digits = digits_of(text)
        known = len(digits) >= TAIL - 1 and len(digits) in PHONE_DIGITS and is_number(text)
        return known and tail_of(digits) in self._people

    def _other(self, text: str) -> str:
        """Give a text of the same length and classes of characters, for what was typed and is no code."""
        told = text[:LONGEST_OTHER]
        shaped = self._shaped(told, "7" * len(told))
        return shaped or self._first_free("word", SERIES["word"].format)

    def _shaped(self, text: str, digits: str) -> str | None:
        """Return a text of the same classes of characters with these digits, other letters for other letters."""
        for number in range(LETTERINGS):
            told = _lettered(text, digits, number)
            if told is None:
                break
            if told not in self._taken and told not in self._real and told != text:
                return told
        return None


def _is_secret(kind: str, text: str) -> bool:
    return kind in SECRETS and len(text) >= LEAST_SECRET


def _bare(digits: str) -> str:
    return digits.removeprefix("00").lstrip("0")


def tail_of(digits: str) -> str:
    """Return by what two spellings of a phone number are one: its last ten digits, without noughts before it."""
    return _bare(digits)[-TAIL:]


def spelled(text: str, number: str) -> str:
    """Return a number, the digits of one with its country, in the form in which `text` writes another."""
    told = digits_of(text)
    international = text.lstrip("( ").startswith("+")
    if not international:
        number = _domestic(told, number)
    if len(number) != len(told) or not is_number(text):
        return f"+{number}" if international else number
    rest = iter(number)
    return "".join(next(rest) if DIGITS.fullmatch(char) else char for char in text)


def _domestic(told: str, number: str) -> str:
    if told.startswith("00"):
        return f"00{number}"
    if told.startswith("0"):
        return f"0{number[-TAIL:]}"
    return number[-TAIL:] if len(told) <= TAIL else number


def is_number(text: str) -> bool:
    """Say whether a text consists of digits and of what people put between digits."""
    return all(char in NUMBER_CHARS for char in text)


def bland(char: str) -> str:
    """Return what is left of a character of which nothing but its class may be told."""
    if char.isdigit():
        return "7"
    return char if char in PUNCTUATION or char == " " else "x"


def _lettered(text: str, digits: str, number: int) -> str | None:
    """Return a text of the same classes of characters: these digits, and the letters that count to `number` from x.

    What is neither stays, or a full stop stands for it; None where there are too few letters to count so far.
    """
    told: list[str] = []
    rest = reversed(digits)
    for char in reversed(text):
        if char.isdecimal():
            told.append(chr(ord(char) - decimal(char) + int(next(rest))))
        elif char.isalnum():
            number, letter = divmod(number, len(LETTERS))
            told.append(LETTERS[letter].upper() if char.isupper() else LETTERS[letter])
        else:
            told.append(char if char in PUNCTUATION or char.isspace() else ".")
    return None if number else "".join(reversed(told))


def _american(number: int) -> str:
    area, line = divmod(number - 1, 100)
    return f"1{AREA_CODES[area]}55501{line:02d}"


def _british(number: int) -> str:
    return f"447700900{number:03d}"
