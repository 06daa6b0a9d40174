"""What a test is given of a code, a number or a secret: the same value, but for its `repr`; and which values those are.

So neither `--showlocals` nor the explanation of a failed assertion shows it.
"""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import SupportsIndex

__all__ = [
    "CODE",
    "Masked",
    "MaskedBytes",
    "MaskedDecimal",
    "MaskedNumber",
    "MaskedParts",
    "covered",
    "handed",
    "is_code",
    "is_secret",
    "masked",
    "plain",
    "shown",
    "told",
    "typed",
]

SECRET = re.compile(
    r"(?i)authori[sz]ation|auth.?token|token|secret|passw|passphrase|\bpwd\b|(?:api|access|private|auth|signing).?key"
    r"|credential|cookie|signature|bearer|jwt|session.?(?:id|key)"
)
"""Names of fields whose values are secrets, whoever names them so."""

CODE = re.compile(r"(?i)otp|passcode|(?:\b|_)pin(?:\b|_)|one.?time|verif.*code|security.?code|^code$")
"""Names of fields whose values may be codes; `code` alone is also where a status or an error stands."""

LIKE_CODE = re.compile(r"(?=[0-9A-Za-z]*[0-9]|[A-Z]+\Z)[0-9A-Za-z]{4,12}")
PART = re.compile(r"(?<!\w)\+?\d(?:[\W_]{0,3}\d){3,}(?!\w)|\b(?=\w{4})[^\W\d]*\d\w*")
"""What of a text may be a code, a number or a key: digits in a row, or a word of four signs that has one."""
PACKAGE = "pytest_botpenguin_otp"
WORDS = re.compile(r"[a-z_-]*")
"""A text that is surely none of these: a word of an answer, as `true` or `pending`."""
LEAST = 1000
"""The least number that may be a code: one of four digits."""


def is_secret(name: str) -> bool:
    """Say whether a field of this name holds a secret."""
    return SECRET.search(name) is not None


def is_code(name: str, value: object) -> bool:
    """Say whether a field holds a code: by its name, and by what it holds."""
    if CODE.search(name) is None or isinstance(value, bool):
        return False
    if isinstance(value, int):
        return name.lower() != "code" and value >= LEAST
    return isinstance(value, str) and LIKE_CODE.fullmatch(value) is not None


class Masked(str):
    """A code, a number or a secret that a test is given: a text like any other, but for its `repr`.

    What is cut from it, what is made of it and what it is added to is masked too; `str(text)` and an f-string give it
    in clear.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} characters, masked>"

    def __getitem__(self, key: SupportsIndex | slice) -> Self:
        return type(self)(super().__getitem__(key))

    def __radd__(self, other: str) -> Self:
        return type(self)(other + str(self))

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Return the bytes, masked too."""
        return MaskedBytes(super().encode(encoding, errors))


class MaskedParts(Masked):
    """A text that holds codes or numbers among words, such as an SMS; its `repr` covers these alone."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(covered(self))


class MaskedBytes(bytes):
    """A body that a test is given; `bytes(body)` and `str(body)` give it in clear, and its texts are masked."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} bytes, masked>"

    def __str__(self) -> str:
        return bytes.__repr__(self)

    def __getitem__(self, key: SupportsIndex | slice) -> int | Self:  # type: ignore[override]  # as that of bytes
        cut = super().__getitem__(key)
        return type(self)(cut) if isinstance(cut, bytes) else cut

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Return the text; its `repr` covers codes and numbers."""
        return shown(super().decode(encoding, errors))


class MaskedNumber(int):
    """A whole number that may be a code: a number like any other, but for its `repr`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(str(self))} digits, masked>"

    def __str__(self) -> str:
        return int.__repr__(self)


class MaskedDecimal(float):
    """A number with a point that may be a code, as JSON allows: a number like any other, but for its `repr`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(str(self))} signs, masked>"

    def __str__(self) -> str:
        return float.__repr__(self)


def covered(text: str) -> str:
    """Return a text with everything in it covered that may be a code, a number or a key."""
    return PART.sub(lambda found: f"[{len(found[0])} characters]", text)


def shown(text: str) -> str:
    """Return a text as it may be handed out: one that holds a code or a number does not show it."""
    return MaskedParts(text) if PART.search(text) else text


def masked(name: str, text: str) -> str:
    """Return the text of a field as it may be handed out, by the name of the field and by the text."""
    return Masked(text) if is_secret(name) or is_code(name, text) else shown(text)


def plain(value: object) -> object:
    """Return a value of JSON as it was before it was handed out."""
    match value:
        case Masked():
            return str(value)
        case MaskedNumber():
            return int(value)
        case MaskedDecimal():
            return float(value)
        case dict():
            return {plain(key): plain(part) for key, part in value.items()}
        case list():
            return [plain(part) for part in value]
    return value


def told(value: object) -> object:
    """Return a value for a report that leaves this process: whatever in it is masked is what it shows of itself."""
    if isinstance(value, dict):
        return {told(key): told(part) for key, part in value.items()}
    if isinstance(value, list | tuple | frozenset):
        return type(value)([told(part) for part in value])
    return repr(value) if type(value).__module__.partition(".")[0] == PACKAGE else value


def typed(text: str) -> str:
    """Return what somebody typed, or what stands in a field of its own: one word is masked, but for a plain one."""
    if isinstance(text, Masked) or WORDS.fullmatch(text):
        return text
    return shown(text) if " " in text else Masked(text)


def handed(value: object, name: str = "") -> object:
    """Return a value as it may be handed out, part by part: the same, but no `repr` shows a code, number or secret.

    `name` is that of the field which holds it.
    """
    if isinstance(value, dict):
        return {handed(key): handed(part, str(key)) for key, part in value.items()}
    if isinstance(value, list | tuple | frozenset):
        return type(value)([handed(part, name) for part in value])
    return _leaf(value, name)


def _leaf(value: object, name: str) -> object:
    match value:
        case Masked() | MaskedBytes() | bool():
            return value
        case str():
            return masked(name, value)
        case bytes():
            return MaskedBytes(value)
        case int() if abs(value) >= LEAST or _is_telling(name):
            return MaskedNumber(value)
        case float() if abs(value) >= LEAST or _is_telling(name):
            return MaskedDecimal(value)
    return value


def _is_telling(name: str) -> bool:
    """Say whether a number of this name is masked however small it is: as a number, 0042 is 42."""
    return is_secret(name) or (CODE.search(name) is not None and name.lower() != "code")


def _keep(kind: type[str | bytes], base: type, names: str) -> None:
    """Let what these methods of texts or bytes return be masked as that is which they are called on."""
    for name in names.split():
        setattr(kind, name, _kept(base, name))


def _kept(base: type, name: str) -> Callable[..., object]:
    method = getattr(base, name)

    @wraps(method)
    def made(self: object, *args: object, **kwargs: object) -> object:
        told, kind = method(self, *args, **kwargs), type(self)
        return kind(told) if isinstance(told, base) else type(told)(map(kind, told))  # type: ignore[call-arg]  # a text

    return made


BOTH = (
    "__add__ __mul__ __rmul__ __mod__ capitalize center expandtabs join ljust lower lstrip partition removeprefix "
    "removesuffix replace rjust rpartition rsplit rstrip split splitlines strip swapcase title translate upper zfill"
)
_keep(Masked, str, f"{BOTH} casefold format format_map")
_keep(MaskedBytes, bytes, BOTH)
