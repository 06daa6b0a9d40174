"""Texts that people read: words from a short list stay, dates keep their form, all else gets a pseudonym."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes.encodings import JSON_STARTS, folded, peeled
from pytest_botpenguin_otp.cassettes.names import SECRETS, bland, digits_of, is_number
from pytest_botpenguin_otp.cassettes.words import WORDS
from pytest_botpenguin_otp.twilio.errors import DELIVERY_ERRORS, ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.cassettes.names import Names

__all__ = ["FORMS", "HEX", "JWT", "MORE_INFO", "PUBLIC", "TWILIO_CODES", "Phrases", "some_day"]

DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,6})?Z?(?![0-9A-Za-z])"
NUMBER = r"[+]?[(]?[0-9]+(?:[ ().,/_:|-]{1,3}[0-9]+){0,24}(?![().,/_:|-]{0,3}[0-9A-Za-z%@=&_+\\])"
TOKEN = re.compile(rf"{DAY}|{NUMBER}|[^\s\"'<>(){{}}\[\],;!?|]+|\s+|.", re.DOTALL)
DATE = re.compile(DAY)
CHUNK = re.compile(r"[^\s\"'<>(){}\[\],;!?|\\]+")
PIECE = re.compile(r"([A-Za-z0-9+/_-]{6,}={1,2}(?![^&;,])|[^=&?#;@]+)")
FINER = re.compile(r"([^=&?#;@+/:,]+)")
ATOM = re.compile(r"([^\W_]+)")
DIGITS = re.compile(r"([0-9]+)")
JWT = re.compile(r"ey[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9._-]*")
PUNCTUATION = frozenset(" '\"()[]{}<>|,.;:!?-/")
PHONE = re.compile(r"\+[0-9() .-]{6,24}|[0-9(][0-9() .-]{6,22}[0-9]")
CODE = re.compile(r"[0-9]{4,12}")
PAIRS = re.compile(r"(?:[0-9a-fA-F]{2}){4,}")
HEX = re.compile(r"(?:[A-Z]{2})?[0-9a-fA-F]{16,}")
FORMS = (("code", CODE), ("sid", HEX), ("phone", PHONE))
MORE_INFO = re.compile(r"https://www\.twilio\.com/docs/(?:api/)?errors/([0-9]{5})")
PUBLIC = frozenset(["2010-04-01", "USD"])
TWILIO_CODES = frozenset([*ERRORS, *DELIVERY_ERRORS])
RFC_DAY = re.compile(r"[A-Z][a-z]{2}, ")
SOME_DAY = "2000-01-01T00:00:00.000000"
SOME_RFC_DAY = "Sat, 01 Jan 2000 00:00:00 "
LEAST_SECRET = 4
MOST_GROUPS = 15
LONGEST = 2000

Opener = Callable[[str, int], str | None]
"""Renames what a text encodes, some levels deep; None where it encodes nothing."""


class Phrases:
    """Rewrites what is no value as a whole, word for word, with the pseudonyms of one cassette."""

    def __init__(self, names: Names, opened: Opener) -> None:
        self._names = names
        self._opened = opened

    def told(self, text: str, depth: int) -> str:
        """Return the words of a text that are on the list, and pseudonyms of everything else in it."""
        parts = self._names.cut(text[:LONGEST])
        return "".join(
            self._names.of(self._names.known(part) or "secret", part)
            if number % 2
            else "".join(self._token(token, depth) for token in TOKEN.findall(part))
            for number, part in enumerate(parts)
        )

    def holds(self, text: str, depth: int, *, words: bool = True) -> bool:
        """Say whether a known value stands in a text, in whatever encoding; words only where `words` are to count."""
        if depth and text.startswith(JSON_STARTS):
            try:
                return any(self.holds(leaf, depth - 1, words=words) for leaf in _leaves(json.loads(text)))
            except (ValueError, RecursionError):
                pass
        text = folded(text)
        if any(self._met(part) for part in self._names.split(text)[1::2]):
            return True
        chunks = {text, *CHUNK.findall(text)}
        pieces = chunks.union(*(split.findall(chunk) for chunk in chunks for split in (PIECE, FINER)))
        itself = {text} if self._names.known(text) == "segment" else set()
        atoms = {atom for atom in pieces.union(ATOM.findall(text)) - itself if len(atom) >= LEAST_SECRET}
        if {self._names.known(atom) for atom in atoms} - {None, None if words else "word"}:
            return True
        found = [peeled(piece) for piece in pieces] if depth else []
        return any(one is not None and self.holds(one.inner, depth - 1, words=words) for one in found)

    def encodes(self, digits: str, depth: int) -> bool:
        """Say whether hexadecimal digits are a text in which a known value stands."""
        found = peeled(digits) if depth and PAIRS.fullmatch(digits) else None
        return found is not None and self.holds(found.inner, depth - 1)

    def _met(self, part: str) -> bool:
        known = self._names.known(part) is not None
        return known or (is_number(part) and any(kind for kind, _ in self._runs(part)))

    def _token(self, token: str, depth: int) -> str:
        if token.isspace():
            return " "
        if token in PUNCTUATION or token in PUBLIC or MORE_INFO.fullmatch(token):
            return token
        if DATE.fullmatch(token):
            return some_day(token)
        if is_number(token) and digits_of(token) and not self.encodes(token, depth):
            return self._run(token)
        opened = None if token.isalpha() and self._names.known(token) else self._opened(token, depth)
        if opened is not None:
            return opened
        core = token.strip(".:'-/")
        before, _, after = token.partition(core) if core else ("x", "", "")
        return before + (self._core(core, depth) if core else "") + after

    def _core(self, core: str, depth: int) -> str:
        kind = self._names.known(core)
        if kind is not None and kind in SECRETS and not self.encodes(core, depth):
            return self._names.of(kind, core)
        if all(part.lower() in WORDS for part in re.split(r"[-/_.:']", core) if part):
            return core
        form = next((kind for kind, form in FORMS if form.fullmatch(core)), None)
        whole = (form and not self.encodes(core, depth)) or JWT.fullmatch(core)
        opened = None if whole else self._opened(core, depth)
        if opened is not None:
            return opened
        if whole or not self.holds(core, depth):
            return self._names.of(kind or form or "word", core)
        split = FINER if "%" in core else PIECE
        return "".join(
            self._piece(part, depth) if number % 2 else _delimiter(part)
            for number, part in enumerate(split.split(core))
        )

    def _piece(self, piece: str, depth: int) -> str:
        """Return a part of what holds a known value somewhere: that is renamed where it stands, the rest is blank."""
        kind = self._names.known(piece)
        if kind is not None and not self.encodes(piece, depth):
            return self._names.of(kind, piece)
        if piece.lower() in WORDS:
            return piece
        opened = self._opened(piece, depth)
        return self._spots(piece, depth) if opened is None else opened

    def _spots(self, text: str, depth: int) -> str:
        parts = self._names.split(text)
        told: list[str] = []
        for number, part in enumerate(parts):
            if number % 2 == 0 or (is_number(part) and len(digits_of(part)) < LEAST_SECRET):
                told.append(self._gap(part, depth, after=number > 0, before=number < len(parts) - 1))
            elif is_number(part):
                told.append(self._run(part))
            else:
                told.append(self._names.of(self._names.known(part) or "sid", part))
        return "".join(told)

    def _gap(self, text: str, depth: int, *, after: bool, before: bool) -> str:
        """Blank what stands `after` or `before` a value, but for words that are known or tell nothing."""
        atoms = ATOM.split(text)
        stuck = {1} if after and not atoms[0] else set()
        stuck |= {len(atoms) - 2} if before and not atoms[-1] else set()
        return "".join(
            self._atom(part, depth, free=number not in stuck) if number % 2 else _delimiter(part)
            for number, part in enumerate(atoms)
        )

    def _atom(self, atom: str, depth: int, *, free: bool) -> str:
        if atom.lower() in WORDS:
            return atom
        kind = self._names.known(atom)
        if kind is not None and free:
            return self._names.of(kind, atom)
        opened = self._opened(atom, depth) if free and self.holds(atom, depth) else None
        return "".join(map(bland, atom)) if opened is None else opened

    def _run(self, token: str) -> str:
        """Return digits in groups: a known value in them is renamed, else short numbers stay, and all else is one."""
        if token in PUBLIC:
            return token
        runs = tuple(self._runs(token))
        if any(kind for kind, _ in runs):
            return "".join(self._names.of(kind, text) if kind else self._plain_run(text) for kind, text in runs)
        return self._plain_run(token)

    def _plain_run(self, token: str) -> str:
        groups = DIGITS.findall(token)
        if all(len(group) < LEAST_SECRET or int(group) in TWILIO_CODES for group in groups) and (
            len("".join(groups)) < LEAST_SECRET or any(len(group) >= LEAST_SECRET for group in groups)
        ):
            return token
        if ", " in token:
            return ", ".join(map(self._plain_run, token.split(", ")))
        return self._names.of("phone" if PHONE.fullmatch(token) else "code", token)

    def _runs(self, token: str) -> Iterator[tuple[str | None, str]]:
        """Yield the known values in groups of digits, longest first, each with its kind, and what is between."""
        parts = DIGITS.split(token)
        rest, start = "", 1
        while start < len(parts):
            lead = parts[start - 1] if start == 1 and parts[0].endswith("+") else ""
            ends = (
                end
                for end in range(min(len(parts) - 2, start + 2 * MOST_GROUPS), start - 1, -2)
                if self._known("".join(parts[start : end + 1]))
            )
            end = next(ends, None)
            if end is None:
                rest += parts[start - 1] + parts[start]
                start += 2
                continue
            if not lead:
                rest += parts[start - 1]
            if rest:
                yield None, rest
            text = lead + "".join(parts[start : end + 1])
            yield self._known(text), text
            rest, start = "", end + 2
        if rest + parts[-1]:
            yield None, rest + parts[-1]

    def _known(self, text: str) -> str | None:
        return self._names.known(text) if len(digits_of(text)) >= LEAST_SECRET else None


def _leaves(tree: object) -> Iterator[str]:
    match tree:
        case dict():
            yield from tree
            for value in tree.values():
                yield from _leaves(value)
        case list():
            for value in tree:
                yield from _leaves(value)
        case bool() | None:
            return
        case _:
            yield str(tree)


def _delimiter(text: str) -> str:
    return "".join(char if char.isascii() and char.isprintable() else "x" for char in text)


def some_day(text: str) -> str:
    """Return a day that is nobody's, written as `text` writes one."""
    if RFC_DAY.match(text):
        return SOME_RFC_DAY + text.rpartition(" ")[2]
    zone = text[-1:] if text.endswith("Z") else ""
    fraction = text.partition(".")[2].rstrip("Z")
    shown = SOME_DAY[: len(text.partition(".")[0].removesuffix("Z")[:19])]
    return shown.replace("T", " " if " " in text else "T") + (f".{'0' * len(fraction[:6])}" if fraction else "") + zone
