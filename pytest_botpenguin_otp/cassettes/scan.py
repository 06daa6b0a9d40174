"""Finished bytes, searched for what must not be in them: values that are known, and forms that betray a value."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode, b64encode
from binascii import Error as BinasciiError
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from pytest_botpenguin_otp import documents
from pytest_botpenguin_otp.cassettes.encodings import DEEPEST, JSON_STARTS, debased, folded, peeled, unescaped
from pytest_botpenguin_otp.cassettes.form import CAP
from pytest_botpenguin_otp.cassettes.names import RESERVED, Seen, is_fake, is_number
from pytest_botpenguin_otp.documents import as_map

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Finding", "scan", "scan_text"]

PHONE = "phone number"
HEXADECIMAL = "32 hexadecimal digits"
PATTERNS = (
    ("Twilio SID", re.compile(r"(?<![0-9A-Za-z])(?:AC|SK|SM|MM|VA|VE|VL|MG|PN|CA)[0-9a-fA-F]{32}(?![0-9A-Za-z])")),
    (HEXADECIMAL, re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32}(?![0-9A-Za-z])")),
    ("JSON web token", re.compile(r"(?<![0-9A-Za-z_-])ey[A-Za-z0-9_-]{10,}\.ey[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*")),
    ("authorization", re.compile(r"(?i)(?<![a-z])(?:bearer|basic)[ \t]{1,4}([A-Za-z0-9._~+/-]{8,}=*)")),
    (PHONE, re.compile(r"(?<![0-9A-Za-z+])(?:\+|%2B)([1-9][0-9]{6,14})(?![0-9])")),
)
NOBODYS = re.compile(rf"{RESERVED.pattern}|1000[0-9]{{3,11}}")
"""A number for fiction, or a code after a plus that stands for a blank: no area begins with a nought."""
CONSTANTS = re.compile(r"2010-04-01|2000-01-01[T ]00:00:00[.0]*Z?|01 Jan 2000 00:00:00")
PAIR = re.compile(r"([^:]+):([^:]+)")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}")
WRAPPED = re.compile(r"(?:[A-Za-z0-9+/_-]{4,76}\s{1,3}){1,}[A-Za-z0-9+/_-]{2,}={0,2}")
HEX = re.compile(r"(?:[0-9a-fA-F]{2}){4,}")
SEPARATED = re.compile(r"(?<=[0-9])[^0-9A-Za-z]{1,3}(?=[0-9])")
ENDLESS = "endless"
GARBLED = "\ufffd"
"""What stands for bytes that are no text: such a view is searched, and not decoded again."""
SCATTERED = re.compile(r"(?<=[0-9])[^0-9]{1,7}(?=[0-9])")
BLANKS = " \t\r\n"
READABLE = re.compile(r"[0-9A-Za-z]{4}")
GZIP = b"\x1f\x8b"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
UNPACKED = 1_000_000
WIDEST = 20_000
TAIL = 10
LEAST_ALIGNED = 8
LONG_NUMBER = 6
LEAST_KNOWN = 4
MOST_PARTS = 16
PROVENANCE = "botpenguin_otp"


@dataclass(frozen=True, slots=True)
class Finding:
    """Where something sensitive stands and of what kind it is; never what it is."""

    place: str
    kind: str

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}"


def scan(text: str, seen: Iterable[Seen] = (), *, file: str = "the cassette") -> tuple[Finding, ...]:
    """Return every place of a cassette's text that holds a value of `seen`, in any encoding, or a telling form.

    Looks at the parsed tree and at every decoded view of each of its texts, not at the lines of the file. Raises
    `FileError` where the text is no cassette's.
    """
    tree = as_map(documents.parse(text, file, CAP).tree)
    source = as_map(tree.get(PROVENANCE)).get("source", "")
    leaves = [
        *_leaves({key: value for key, value in tree.items() if key not in (PROVENANCE, "version")}, ""),
        ("source", str(source)),
    ]
    return _found(leaves, seen)


def scan_text(text: str, seen: Iterable[Seen] = (), *, place: str = "text") -> tuple[Finding, ...]:
    """Search one text in the same way."""
    return _found([(place, text)], seen)


def _found(leaves: Iterable[tuple[str, str]], seen: Iterable[Seen]) -> tuple[Finding, ...]:
    views = [(where, view, *_joined(view)) for place, leaf in leaves for where, view in _views(place, leaf)]
    known = _standing([*seen], "\n".join(text for _, *texts in views for text in texts))
    found: dict[Finding, None] = {}
    for where, view, clean, joined, digits in views:
        if view is ENDLESS:
            found[Finding(where, "a text encoded too often to be searched")] = None
        for kind, needle, long in known:
            if needle.search(clean) or needle.search(joined) or (long and needle.search(digits)):
                found[Finding(where, f"a known {kind}")] = None
        found.update(dict.fromkeys(Finding(where, kind) for kind in _patterns(clean)))
    return tuple(found)


def _joined(view: str) -> tuple[str, str, str]:
    """Return a view without our constants, and that with digits drawn together over signs, and over short words."""
    clean = CONSTANTS.sub(" ", view)
    return clean, SEPARATED.sub("", clean), SCATTERED.sub("", clean)


def _standing(seen: list[Seen], whole: str) -> list[tuple[str, re.Pattern[str], bool]]:
    """Return the kind and the needle of each value that stands somewhere in the whole, and whether it is a long number.

    To look for plain texts in one long text is a hundred times as fast as to search each view by expression.
    """
    told: list[tuple[str, re.Pattern[str], bool]] = []
    for one in seen:
        plain, numeric = _spellings(one)
        if any(text in whole for text in plain):
            bounded = [
                rf"(?<![0-9]){re.escape(text)}(?![0-9])" if numeric and is_number(text) else re.escape(text)
                for text in plain
            ]
            digits = re.sub(r"[^0-9]", "", one.value)
            if len(digits) > TAIL and one.kind == "phone":
                bounded.append(rf"{digits[-TAIL:]}(?![0-9])")
            told.append((one.kind, re.compile("|".join(bounded)), numeric and len(digits) >= LONG_NUMBER))
    return told


def _patterns(text: str) -> Iterator[str]:
    for kind, pattern in PATTERNS:
        for found in pattern.finditer(text):
            core = found[found.lastindex or 0]
            nobodys = NOBODYS.fullmatch(core) if kind == PHONE else kind == HEXADECIMAL and peeled(core)
            if not nobodys and not is_fake(core) and not _is_fake_pair(core):
                yield kind


def _is_fake_pair(text: str) -> bool:
    pair = PAIR.fullmatch(debased(text) or "")
    return pair is not None and is_fake(pair[1]) and is_fake(pair[2])


def _leaves(tree: object, place: str) -> Iterator[tuple[str, str]]:
    match tree:
        case dict():
            for key, value in tree.items():
                yield f"{place}.(key)".lstrip("."), str(key)
                yield from _leaves(value, f"{place}.{_shown(str(key))}".lstrip("."))
        case list():
            for number, value in enumerate(tree):
                yield from _leaves(value, f"{place}[{number}]")
        case bool() | None:
            return
        case _:
            yield place, str(tree)


def _shown(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z_-]{1,30}", key) else "(key)"


def _views(place: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield a text and all that it decodes to, level for level, each view once; `ENDLESS` where there is no end."""
    level, seen = [(place, text)], {text}
    for _ in range(DEEPEST + 3):
        yield from level
        fresh: list[tuple[str, str]] = []
        for where, view in level:
            for inner, plain in _decoded(where, view):
                if GARBLED in plain:
                    yield inner, plain
                elif plain not in seen:
                    seen.add(plain)
                    fresh.append((inner, plain))
        if not fresh:
            return
        if len(seen) > WIDEST:
            break
        level = fresh
    yield place, ENDLESS


def _decoded(place: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield what a text decodes to: JSON, percent, plus, escapes, plain digits, base64, hexadecimal digits, gzip."""
    try:
        tree = json.loads(text) if text.startswith(JSON_STARTS) else None
    except (ValueError, RecursionError):
        tree = None
    if tree is not None:
        told = [*_leaves(tree, place)]
        yield from told
        yield from ((place, digits) for digits in _side_by_side(text for where, text in told if where[-5:] != "(key)"))
        return
    for plain in (unquote(text), unquote_plus(text), unescaped(text).replace('\\"', '"'), folded(text)):
        yield place, plain
    for part in text.split("&") if "&" in text else ():
        yield place, part.partition("=")[2]
    for piece in (*BASE64.findall(text)[:WIDEST], *WRAPPED.findall(text)[:WIDEST]):
        raw = _raw("".join(piece.split()))
        if raw is not None and READABLE.search(raw):
            yield place, raw
    for piece in HEX.findall(text)[:WIDEST]:
        yield place, _text(bytes.fromhex(piece))


def _side_by_side(values: Iterable[str]) -> Iterator[str]:
    """Yield what short numbers that stand next to each other are together: a code may be told in parts."""
    for short, found in groupby(values, lambda text: text.isdecimal() and len(text) < LEAST_KNOWN):
        run = [*found] if short else []
        windows = combinations(range(len(run) + 1), 2) if len(run) <= MOST_PARTS else ()
        joined = ("".join(run[start:end]) for start, end in windows)
        yield from (digits for digits in joined if len(digits) >= LONG_NUMBER)


def _raw(text: str) -> str | None:
    digits = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return _text(b64decode(digits + "=" * (-len(digits) % 4), validate=True))
    except (BinasciiError, ValueError):
        return None


def _text(raw: bytes) -> str:
    """Return bytes as the text that they most likely are, unpacked and without what nobody sees."""
    if raw.startswith(GZIP):
        with suppress(zlib.error):
            raw = zlib.decompressobj(wbits=31).decompress(raw, UNPACKED)
    elif raw.startswith(UTF_16):
        return raw.decode("utf-16", "replace")
    text = raw.replace(b"\0", b"").decode("utf-8", "replace")
    return text if all(char.isprintable() or char in BLANKS for char in text) else GARBLED + text


def _spellings(seen: Seen) -> tuple[list[str], bool]:
    """Return a value in every encoding, and whether it is a number, which no other digit may touch."""
    text = seen.value
    plain = [text, quote(text, safe=""), quote_plus(text), json.dumps(text)[1:-1]]
    digits = re.sub(r"[^0-9]", "", text)
    numeric = len(digits) >= 4 and re.fullmatch(r"[+0-9 ().-]+", text) is not None  # noqa: PLR2004  # a code's least
    if numeric:
        plain.append(digits)
        if seen.kind == "phone" and len(digits) > TAIL:
            plain.append(digits[-TAIL:])
    if len(text.encode()) >= LEAST_ALIGNED:
        plain += [text.encode().hex(), text.encode().hex().upper(), *_aligned(text.encode())]
    return [*dict.fromkeys(plain)], numeric


def _aligned(raw: bytes) -> Iterator[str]:
    """Yield what base64 makes of the bytes inside a longer text, at each of the three places they may begin."""
    for shift in range(3):
        encoded = b64encode(b"\0" * shift + raw).decode().rstrip("=")
        inner = encoded[(0, 2, 3)[shift] : len(encoded) - (1 if (shift + len(raw)) % 3 else 0)]
        yield inner
        yield inner.replace("+", "-").replace("/", "_")
