"""A response as the bytes of HTTP/1.1, or a refusal to break the protocol."""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.transports.syntax import NAME, RefusedError, is_bad

if TYPE_CHECKING:
    from pytest_botpenguin_otp.wire import Response

__all__ = ["BODILESS", "HOP_BY_HOP", "PHRASES", "encode", "response_head"]

HOP_BY_HOP = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"})
BODILESS = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
PHRASES = {status.value: status.phrase for status in HTTPStatus}
FINAL_STATUS = range(200, 1000)


def encode(response: Response, *, method: str = "GET", keep_alive: bool = True, http10: bool = False) -> bytes:
    """Return `response` as the bytes that answer a request of that method; raise `RefusedError` where none can."""
    parts = [response_head(response.status, response.headers)]
    if response.status not in BODILESS:
        parts.append(b"Content-Length: %d\r\n" % len(response.body))
    if not keep_alive:
        parts.append(b"Connection: close\r\n")
    elif http10:
        parts.append(b"Connection: keep-alive\r\n")
    parts.append(b"\r\n")
    if method != "HEAD" and response.status not in BODILESS:
        parts.append(response.body)
    return b"".join(parts)


@lru_cache(maxsize=256)
def response_head(status: int, headers: tuple[tuple[str, str], ...]) -> bytes:
    """Return the first lines of a response, without those that frame it; raise `RefusedError` where it has none."""
    if status not in FINAL_STATUS:
        raise RefusedError(500, f"The service answered with status {status!r}; a response has one from 200 to 999.")
    lines = [f"HTTP/1.1 {status} {PHRASES.get(status, '')}"]
    lines += [f"{name}: {value}" for name, value in headers if name.lower() not in HOP_BY_HOP]
    try:
        encoded = [line.encode("latin-1") for line in lines]
    except UnicodeEncodeError as error:
        raise RefusedError(500, "The service answered with a header that is not latin-1.") from error
    if any(map(is_bad, encoded)) or not all(NAME.fullmatch(name) for name, _ in headers):
        raise RefusedError(500, "The service answered with a character in a header that none can hold.")
    return b"\r\n".join((*encoded, b""))
