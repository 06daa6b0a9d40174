"""What may be kept of a response: its structure, words from a short list, and pseudonyms of all the rest."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.cassettes.parts import LITERALS
from pytest_botpenguin_otp.twilio.errors import DELIVERY_ERRORS, ERRORS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_botpenguin_otp.cassettes.names import Names

__all__ = ["WORDS", "Texts"]

WORDS = frozenset(
    """
    a about absent accept accepted access account accounts action active additional after again allowed already also an
    and api application approved are as at attempt attempts auth authenticate authentication authorization authorized
    bad balance be been before blocked body bot botpenguin but by call can canceled cannot carrier caused channel check
    code codes combination completed concurrent confirmation confirmed contact contain correct could country create
    created credentials current customer daily data day days delivered denied destination detail details did digits
    disabled do does done due duplicate empty enabled enter error errors exceeded exist exists expired expires fail
    failed failure false feature few field fields for forbidden format found from gateway generated geo get had handset
    has have header hour hours html http https id if in inactive incorrect input insufficient integration integrations
    internal invalid is it item json key later least limit list login match matched matches max maximum maybe media
    message messages messaging method minute minutes mismatch missing mobile more most must name needs new no not
    nothing null number numbers of off ok on one only or other otp our out outbound page parameter parameters parse
    password pending penguin permission permitted phone please provided provider purchase queued rate re read reached
    received record records region registered rejected request requests required resend resource response result retry
    route scheduled second seconds send sender sending sent server service session short shortcode sid sms state status
    string submitted success successful successfully support supported system temporarily temporary text than that the
    this time timeout to token too trial true try twilio type unable unauthorized undefined undelivered unexpected
    unknown unreachable unsupported unverified updated url usd use used user username valid validation value
    verification verified verify version via wait was went were whatsapp while with without wrong yes you your
    """.split()  # noqa: SIM905  # four hundred quotes would hide the words
)
"""Words that tell nothing about anybody; in a text of a response, every other word is replaced."""

KEY = re.compile(r"[A-Za-z_][A-Za-z_-]{0,39}[0-9]{0,2}")
TOKEN = re.compile(r"[+]?[0-9][0-9() .-]{5,20}[0-9]|[^\s\"'<>(){}\[\],;!?|]+|\s+|.", re.DOTALL)
PUNCTUATION = frozenset(" '\"()[],.;:!?-/")
ISO_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9:]{4,6})?)?"
)
RFC_DATE = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} (\+0000|GMT)")
SOME_DAY = "2000-01-01T00:00:00.000000"
SOME_RFC_DAY = "Sat, 01 Jan 2000 00:00:00 "
PHONE = re.compile(r"\+[0-9() .-]{6,24}|[0-9(][0-9() .-]{6,22}[0-9]")
CODE = re.compile(r"[0-9]{4,12}")
HEX = re.compile(r"(?:[A-Z]{2})?[0-9a-fA-F]{16,}")
SHORT_NUMBER = re.compile(r"[0-9]{1,3}")
AMOUNT = re.compile(r"-?0\.[0-9]{1,5}")
TWILIO_URI = re.compile(r"/2010-04-01/[^ ]*")
MORE_INFO = re.compile(r"https://www\.twilio\.com/docs/(?:api/)?errors/([0-9]{5})")
PUBLIC = frozenset(["2010-04-01", "USD"])
STATUSES = range(100, 600)
STATUS_KEYS = frozenset(["code", "status", "statusCode", "status_code", "error_code", "errorCode"])
TWILIO_CODES = frozenset([*ERRORS, *DELIVERY_ERRORS])
TYPED = {"to": "phone", "from": "phone", "sid": "sid", "account_sid": "sid", "messaging_service_sid": "sid"}
TWILIO_SHAPES = ("twilio/message", "twilio/message-page", "twilio/error")
NESTED = ("subresource_uris",)
LEAST_SECRET = 4
LONGEST = 2000
LEAST_PHONE = 8


class Texts:
    """Rewrites the bodies of responses with the pseudonyms of one cassette."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def body(self, body: bytes, *, twilio: bool) -> str:
        """Return a body: JSON keeps its structure (of Twilio only what its contracts name), other text its words."""
        if not body:
            return ""
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return "[not text]"
        try:
            tree = json.loads(text)
            return json.dumps(self._tree(tree, "", _named() if twilio else None), ensure_ascii=False)
        except (ValueError, RecursionError):
            return self.free(text)

    def _tree(self, tree: object, key: str, named: frozenset[str] | None) -> object:
        match tree:
            case dict():
                return self._map(tree, None if key in NESTED else named)
            case list():
                return [self._tree(inside, key, named) for inside in tree]
            case str():
                return self.text(key, tree)
            case bool() | None:
                return tree
            case _:
                return self._number(key, tree)

    def _map(self, tree: Mapping[str, object], named: frozenset[str] | None) -> dict[str, object]:
        told: dict[str, object] = {}
        for key, value in tree.items():
            if named is not None and key not in named:
                continue
            kept = KEY.fullmatch(key) and self._names.known(key) in (None, "word") and not HEX.fullmatch(key)
            told[key if kept else f"key_{len(told) + 1}"] = self._tree(value, key, named)
        return told

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

    def text(self, key: str, text: str) -> str:
        """Return one text of a response as it may be kept; `key` is the one it stands under."""
        kind = self._names.known(text) or _kind(key, text)
        if kind == "keep":
            return text
        if kind == "date":
            return _some_day(text)
        if kind == "uri":
            return "".join(self._uri_part(part) for part in re.split(r"([/?&=.])", text))
        if kind is not None:
            return self._names.of(kind, text)
        return self._names.inside(text) or self.free(text)

    def _uri_part(self, part: str) -> str:
        if HEX.fullmatch(part) or self._names.known(part):
            return self._names.of(self._names.known(part) or "sid", part)
        plain = re.fullmatch(r"2010-04-01|[A-Z]?[A-Za-z]{0,11}|[0-9]{1,3}|[/?&=.]", part)
        return part if plain else (self._names.inside(part) or self._names.of("id", part))

    def free(self, text: str) -> str:
        """Return the words of a text that are on the list, and pseudonyms of everything else in it."""
        return "".join(self._token(token) for token in TOKEN.findall(text[:LONGEST]))

    def _token(self, token: str) -> str:
        if token.isspace():
            return " "
        if token in PUNCTUATION:
            return token
        if MORE_INFO.fullmatch(token) or token in PUBLIC:
            return token
        core = token.strip(".:'-/")
        before, _, after = token.partition(core) if core else ("x", "", "")
        return before + (self._core(core) if core else "") + after

    def _core(self, core: str) -> str:
        kind = self._names.known(core)
        if kind is not None:
            return self._names.of(kind, core)
        pieces = core.split(" ")
        if len(pieces) > 1 and any(map(self._names.known, pieces)):
            return " ".join(self._core(piece) if piece else "" for piece in pieces)
        if core.isascii() and core.isdecimal() and (len(core) < LEAST_SECRET or int(core) in TWILIO_CODES):
            return core
        if all(part.lower() in WORDS for part in re.split(r"[-/_.:']", core) if part):
            return core
        found = next((kind for kind, form in FORMS if form.fullmatch(core)), None)
        return self._names.inside(core) or self._names.of(found or "word", core)


LONGEST_SHOWN = 12
FORMS = (("code", CODE), ("sid", HEX), ("phone", PHONE))
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


def _named() -> frozenset[str]:
    found = [contracts.schema(name).get("properties") for name in TWILIO_SHAPES]
    return frozenset(key for named in found if isinstance(named, dict) for key in named)


def _kind(key: str, text: str) -> str | None:
    """Say what a text is by its form: `keep` for what is nobody's; None for free text."""
    if text in LITERALS or text in PUBLIC or text.lower() in WORDS:
        return "keep"
    kind = next((kind for kind, form in KINDS if form.fullmatch(text)), None)
    return TYPED[key] if key in TYPED and kind in ("sid", "code", "phone") else kind


def _some_day(text: str) -> str:
    if RFC_DATE.fullmatch(text):
        return SOME_RFC_DAY + text.rpartition(" ")[2]
    zone = text[-1:] if text.endswith("Z") else ""
    fraction = text.partition(".")[2].rstrip("Z")
    shown = SOME_DAY[: len(text.partition(".")[0].removesuffix("Z")[:19])]
    return shown.replace("T", " " if " " in text else "T") + (f".{'0' * len(fraction[:6])}" if fraction else "") + zone
