"""What may stand in an HTTP message, and the error for what may not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_botpenguin_otp.errors import OtpError

__all__ = [
    "BAD_BYTE",
    "LIMITS",
    "NAME",
    "WORD",
    "Limits",
    "RefusedError",
    "check_size",
    "content_length",
    "field",
    "is_bad",
]

WORD = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
NAME = re.compile(WORD)
LENGTH = re.compile(r"0*([0-9]{1,15})")
BAD_BYTE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n|\Z)|(?<!\r)\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one request may bring: bytes of head, header lines, bytes of body."""

    head: int = 65_536
    headers: int = 100
    body: int = 1_048_576


LIMITS = Limits()


class RefusedError(OtpError):
    """A request, or a response, that cannot be passed on; `status` is the HTTP status that says so."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


def is_bad(line: bytes) -> bool:
    """Return whether a line holds what no header may hold: a control character, or its own end."""
    return b"\r" in line or BAD_BYTE.search(line) is not None


def field(line: str) -> tuple[str, str]:
    """Return name and value of a header line; raise `RefusedError` (400) where it is none."""
    name, colon, value = line.partition(":")
    if not colon or NAME.fullmatch(name) is None:
        raise RefusedError(400, "A header is a name, a colon and a value, on one line.")
    return name, value.strip(" \t")


def content_length(text: str, limits: Limits = LIMITS) -> int:
    """Return how long a body says it is; raise `RefusedError` for no number (400) or one too large (413)."""
    if not (text.isascii() and text.isdigit()):
        raise RefusedError(400, "Content-Length is one whole number.")
    match = LENGTH.fullmatch(text)
    length = int(match[1]) if match else limits.body + 1
    check_size(length, limits)
    return length


def check_size(size: int, limits: Limits = LIMITS) -> None:
    """Raise `RefusedError` (413) for a body that is too long."""
    if size > limits.body:
        raise RefusedError(413, f"The body of a request is longer than {limits.body} bytes.")
