"""Encodings that a value may stand in: taken off one at a time, and put on again around what has become of it."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode, b64encode
from binascii import Error as BinasciiError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DEEPEST", "JSON_STARTS", "Peeled", "debased", "folded", "legible", "peeled", "unescaped"]

DEEPEST = 5
"""How many encodings, one in another, are taken off before a text counts as none that anybody can read."""

JSON_STARTS = ("{", "[", '"')
BASE64 = re.compile(r"[A-Za-z0-9+/]{6,}={0,2}|[A-Za-z0-9_-]{6,}={0,2}")
WRAPPED = re.compile(r"(?:[A-Za-z0-9+/_-]{4,}\s{1,3})+[A-Za-z0-9+/_-]+={0,2}\s*")
HEX = re.compile(r"(?:[0-9a-fA-F]{2}){4,}")
ESCAPE = re.compile(r"\\{1,8}(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
RAW = re.compile(r"[=&?#;@+/:,\s]")
"""What stands between the parts of a URL or a form, each of which is encoded for itself."""
SURE = 16
INVISIBLE = ("Cf", "Cc", "Cs", "Mn")
BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Peeled:
    """What a text encodes, and how to encode another `again`; `sure` where it can hardly be anything else."""

    inner: str = field(repr=False)
    again: Callable[[str], str] = field(repr=False)
    sure: bool = True


def folded(text: str) -> str:
    """Return a text in the plainest letters and digits that read the same: no wide ones, none that nobody sees."""
    if text.isascii() and (text.isprintable() or not any(char < " " and char not in BLANKS for char in text)):
        return text
    return "".join(_plain(char) for char in unicodedata.normalize("NFKC", text))


def _plain(char: str) -> str:
    if char in BLANKS:
        return char
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    return "" if kind in INVISIBLE else " " if kind in ("Zs", "Zl", "Zp") else char


def peeled(text: str) -> Peeled | None:
    """Take off the outermost encoding of a whole text; None where it has none, or encodes no text."""
    if ESCAPE.search(text):
        return Peeled(unescaped(text), str)
    if PERCENT.search(text):
        return None if RAW.search(text) else Peeled(unquote(text), _quoted)
    read = legible(bytes.fromhex(text)) if HEX.fullmatch(text) else None
    if read is not None:
        return Peeled(read, _hexed, sure=not text.isdecimal())
    whole = "".join(text.split()) if WRAPPED.fullmatch(text) else text
    read = debased(whole) if BASE64.fullmatch(whole) else None
    if read is None or not _is_legible(read):
        return None
    url_safe = "-" in whole or "_" in whole
    bare = not whole.endswith("=") and len(whole) % 4 != 0
    sure = whole.endswith("=") or len(whole) >= SURE
    return Peeled(read, lambda told: _based(told, url_safe=url_safe, bare=bare), sure=sure)


def debased(text: str) -> str | None:
    """Return the text that base64, of either alphabet and with or without its padding, encodes; None where none."""
    digits = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return b64decode(digits + "=" * (-len(digits) % 4), validate=True).decode()
    except (BinasciiError, UnicodeDecodeError, ValueError):
        return None


def unescaped(text: str) -> str:
    r"""Return a text without escapes of the forms \u0041 and \x41."""
    told = ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    return told.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def legible(raw: bytes) -> str | None:
    """Return the text that bytes are; None where they are none that anybody could read."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    return text if _is_legible(text) else None


def _is_legible(text: str) -> bool:
    return bool(text) and all(char.isprintable() or char in BLANKS for char in text)


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _hexed(text: str) -> str:
    return text.encode().hex()


def _based(text: str, *, url_safe: bool, bare: bool) -> str:
    told = b64encode(text.encode()).decode()
    if url_safe:
        told = told.replace("+", "-").replace("/", "_")
    return told.rstrip("=") if bare else told
