"""What may be kept of a response: its structure, words from a short list, and pseudonyms of all the rest."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.cassettes.encodings import DEEPEST, JSON_STARTS, folded, legible, peeled
from pytest_botpenguin_otp.cassettes.names import CHANNEL, SECRETS, is_number
from pytest_botpenguin_otp.cassettes.parts import LITERALS
from pytest_botpenguin_otp.cassettes.phrases import FORMS, HEX, JWT, MORE_INFO, PUBLIC, TWILIO_CODES, Phrases, some_day
from pytest_botpenguin_otp.cassettes.spellings import is_bare
from pytest_botpenguin_otp.cassettes.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_botpenguin_otp.cassettes.names import Names

__all__ = ["Texts"]

KEY = re.compile(r"[A-Za-z_][A-Za-z_-]{0,39}[0-9]{0,2}")
ISO_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9:]{4,6})?)?"
)
RFC_DATE = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} (\+0000|GMT)")
SHORT_NUMBER = re.compile(r"[0-9]{1,3}")
AMOUNT = re.compile(r"-?0\.[0-9]{1,5}")
TWILIO_URI = re.compile(r"/2010-04-01/[^ ]*")
KINDS = (
    ("keep", AMOUNT),
    ("keep", SHORT_NUMBER),
    ("keep", MORE_INFO),
    ("date", ISO_DATE),
    ("date", RFC_DATE),
    ("uri", TWILIO_URI),
    *FORMS,
)
"""What a text is by its form: the first that fits."""
STATUSES = range(100, 600)
STATUS_KEYS = frozenset(["code", "status", "statusCode", "status_code", "error_code", "errorCode"])
TYPED = {"to": "phone", "from": "phone", "sid": "sid", "account_sid": "sid", "messaging_service_sid": "sid"}
TWILIO_SHAPES = ("twilio/message", "twilio/message-page", "twilio/error")
NESTED = ("subresource_uris",)
LEAST_SECRET = 4
LONGEST_SHOWN = 12
BYTES = 256
NOT_TEXT = "[not text]"
WHOLE = SECRETS | {"url", "sid", "id"}
"""The kinds of values that are never looked into: the whole is the value."""


class Texts:
    """Rewrites texts with the pseudonyms of one cassette, in whatever they are encoded."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._phrases = Phrases(names, self.opened)

    def body(self, body: bytes, *, twilio: bool) -> str:
        """Return a body: JSON keeps its structure (of Twilio only what its contracts name), other text its words."""
        if not body:
            return ""
        text = _decoded(body)
        if "\0" in text:
            return NOT_TEXT
        try:
            return _dumped(self._tree(json.loads(text), "", _named() if twilio else None, DEEPEST))
        except (ValueError, RecursionError):
            return self._phrases.told(folded(text), DEEPEST)

    def field(self, kind: str, text: str) -> str:
        """Return the value of a field that a contract names, or of a part of a path."""
        if kind == "text":
            return self.text("", text)
        met = self._names.known(text) == "word" or (is_bare(text) and not text.isascii())
        typed = (kind == "code" and met) or (kind == "phone" and CHANNEL.match(text))
        whole = kind in WHOLE or typed or self._is_whole(text, DEEPEST)
        if whole or not self._phrases.holds(text, DEEPEST):
            return self._names.of(kind, text)
        return self.opened(text, DEEPEST) or self._phrases.told(text, DEEPEST)

    def _is_whole(self, text: str, depth: int) -> bool:
        """Say whether a text is one value and not what encodes one, or holds one among other things."""
        whole = self._names.known(text) in WHOLE or is_number(text)
        return whole and not self._phrases.encodes(text, depth)

    def _tree(self, tree: object, key: str, named: frozenset[str] | None, depth: int) -> object:
        match tree:
            case list() if _spells(tree):
                return [0] * len(tree)
            case dict():
                return self._map(tree, None if key in NESTED else named, depth)
            case list():
                return [self._tree(inside, key, named, depth) for inside in tree]
            case str():
                return self.text(key, tree, depth)
            case bool() | None:
                return tree
            case _:
                return self._number(key, tree)

    def _map(self, tree: Mapping[str, object], named: frozenset[str] | None, depth: int) -> dict[str, object]:
        told: dict[str, object] = {}
        if all(map(str.isdecimal, tree)) and _spells([*tree.values()]):
            tree = dict.fromkeys(tree, 0)
        for key, value in tree.items():
            if named is not None and key not in named:
                continue
            kept = self._key(key, depth)
            told[f"key_{len(told) + 1}" if kept is None or kept in told else kept] = self._tree(
                value, key, named, depth
            )
        return told

    def _key(self, key: str, depth: int) -> str | None:
        """Return a key as it may be kept: a plain name, or what stands for the known value in it; None for others."""
        known = self._names.known(key)
        if known not in (None, "word") or self._phrases.holds(key, depth, words=not KEY.fullmatch(key)):
            return self.text("", key, depth)
        plain = KEY.fullmatch(key) and not HEX.fullmatch(key) and not self._names.hides(key)
        return key if plain else None

    def _number(self, key: str, number: object) -> object:
        shown = json.dumps(number)
        if not isinstance(number, int):
            return 0.5
        if abs(number) < 10 ** (LEAST_SECRET - 1) and self._names.known(shown) is None:
            return number
        public = key in STATUS_KEYS and (number in STATUSES or number in TWILIO_CODES)
        if public and self._names.known(shown) is None:
            return number
        return int(self._names.of("code", shown.removeprefix("-"))) if len(shown) <= LONGEST_SHOWN else 0

    def text(self, key: str, text: str, depth: int = DEEPEST) -> str:
        """Return one text of a response as it may be kept; `key` is the one it stands under."""
        text = folded(text)
        known = self._names.known(text)
        if known is not None and self._is_whole(text, depth):
            return self._names.of(known, text)
        kind = _kind(key, text)
        if kind == "keep":
            return text
        if kind == "date":
            return some_day(text)
        if kind == "uri":
            return "".join(self._uri_part(part, depth) for part in re.split(r"([/?&=.])", text))
        opened = self.opened(text, depth, key)
        if opened is not None:
            return opened
        several = kind is None or (is_number(text) and self._phrases.holds(text, 0))
        return self._phrases.told(text, depth) if several else self._names.of(kind or "word", text)

    def _uri_part(self, part: str, depth: int) -> str:
        if HEX.fullmatch(part) or self._names.known(part):
            return self._names.of(self._names.known(part) or "sid", part)
        plain = re.fullmatch(r"2010-04-01|[A-Z]?[A-Za-z]{0,11}|[0-9]{1,3}|[/?&=.]", part)
        return part if plain else (self.opened(part, depth) or self._names.of("id", part))

    def opened(self, text: str, depth: int, key: str = "") -> str | None:
        """Return a text with what it encodes renamed, and encoded again; None where it encodes nothing."""
        if not depth or JWT.fullmatch(text):
            return None
        if text.startswith(JSON_STARTS):
            try:
                return _dumped(self._tree(json.loads(text), key, None, depth - 1))
            except (ValueError, RecursionError):
                return None
        found = peeled(text)
        if found is None or not (found.sure or self._phrases.holds(found.inner, depth - 1)):
            return None
        return found.again(self.text(key, found.inner, depth - 1))


def _dumped(tree: object) -> str:
    return json.dumps(tree, ensure_ascii=False)


def _decoded(body: bytes) -> str:
    """Return a body as text, without a byte order mark; one that is no UTF-8 only if it is JSON in Latin-1."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return "\0"
    return text


def _spells(numbers: list[object]) -> bool:
    """Say whether numbers are the bytes of a text, which is how Node tells a buffer."""
    small = [one for one in numbers if isinstance(one, int) and one in range(BYTES)]
    return len(small) == len(numbers) >= LEAST_SECRET and legible(bytes(small)) is not None


def _named() -> frozenset[str]:
    found = [contracts.schema(name).get("properties") for name in TWILIO_SHAPES]
    return frozenset(key for named in found if isinstance(named, dict) for key in named)


def _kind(key: str, text: str) -> str | None:
    """Say what a text is by its form: `keep` for what is nobody's; None for free text."""
    if text in LITERALS or text in PUBLIC or text.lower() in WORDS:
        return "keep"
    kind = next((kind for kind, form in KINDS if form.fullmatch(text)), None)
    return TYPED[key] if key in TYPED and kind in ("sid", "code", "phone") else kind
