"""Requests out of the bytes of HTTP/1.1: a parser without I/O that refuses whatever is ambiguous."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from pytest_botpenguin_otp.transports.syntax import (
    BAD_BYTE,
    LIMITS,
    WORD,
    Limits,
    RefusedError,
    check_size,
    content_length,
    field,
    is_bad,
)

__all__ = ["Continue", "Event", "Message", "Parser", "Refused", "origin"]

Headers: TypeAlias = tuple[tuple[str, str], ...]

REQUEST_LINE = re.compile(rf"({WORD}) ([!-~]+) HTTP/([0-9]\.[0-9])")
ABSOLUTE = re.compile(r"(?i:https?)://[^/?]+(.*)")
CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?")
FRAMING = frozenset({"connection", "content-length", "expect", "host", "transfer-encoding"})
LINE = 4096
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One whole request: `path` in origin form with its query, `keep_alive` whether the client wants more."""

    method: str
    path: str
    headers: Headers
    body: bytes
    http10: bool
    keep_alive: bool


@dataclass(frozen=True, slots=True)
class Continue:
    """The client asks to be told `100 Continue` before it sends its body."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What came is no request that may be answered; nothing after it can be understood."""

    status: int
    reason: str


Event = Message | Continue | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A request before its body: `length` bytes of it, or None where it comes in chunks."""

    method: str
    path: str
    headers: Headers
    http10: bool
    keep_alive: bool
    expects: bool
    length: int | None


class Parser:
    """Bytes in by `feed`, events out by `next_event`; how the bytes were split makes no difference to the requests."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._buffer = bytearray()
        self._scanned = 0
        self._head: Head | None = None
        self._known: tuple[bytes, Head] | None = None
        self._chunks: Chunks | None = None
        self._invited = False
        self._dead = False

    @property
    def waiting(self) -> int:
        """How many bytes have come and were not used yet."""
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        """Take what came from the client."""
        if not self._dead:
            self._buffer += data

    def next_event(self) -> Event | None:
        """Return the next event, or None until more bytes come; after `Refused` there is never another."""
        if self._dead:
            return None
        try:
            return self._next()
        except RefusedError as error:
            self._dead = True
            self._buffer.clear()
            return Refused(error.status, str(error))

    def _next(self) -> Event | None:
        head = self._head or self._take_head()
        if head is None:
            return None
        body = self._take_body(head)
        if body is None:
            if self._invited or not head.expects:
                return None
            self._invited = True
            return Continue()
        self._head = None
        self._invited = False
        return Message(
            method=head.method,
            path=head.path,
            headers=head.headers,
            body=body,
            http10=head.http10,
            keep_alive=head.keep_alive,
        )

    def _take_head(self) -> Head | None:
        buffer = self._buffer
        while buffer.startswith(b"\r\n"):  # RFC 9112 2.2: empty lines before a request are to be ignored
            del buffer[:2]
            self._scanned = 0
        if not buffer:
            return None
        end = buffer.find(END_OF_HEAD, max(0, self._scanned - 3))
        if end < 0:
            self._check_head(len(buffer), limit=self._limits.head + len(END_OF_HEAD) - 1)
            self._scanned = len(buffer)
            return None
        text = bytes(buffer[:end])
        if self._known is None or self._known[0] != text:  # a client that stays mostly says the same again
            self._check_head(end, limit=self._limits.head)
            self._known = text, _head(text.decode("latin-1"), self._limits)
        head = self._known[1]
        del buffer[: end + len(END_OF_HEAD)]
        self._scanned = 0
        self._head = head
        self._chunks = Chunks(self._limits) if head.length is None else None
        return head

    def _check_head(self, end: int, *, limit: int) -> None:
        most = self._limits.head
        if BAD_BYTE.search(self._buffer, max(0, self._scanned - 1), min(end, most) + 1):
            raise RefusedError(400, "The head of a request holds a control character or a bare line feed.")
        if end > limit:
            raise RefusedError(431, f"The head of a request is longer than {most} bytes.")

    def _take_body(self, head: Head) -> bytes | None:
        if self._chunks is not None:
            return self._chunks.take(self._buffer)
        length = head.length or 0
        if len(self._buffer) < length:
            return None
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        return body


class Chunks:
    """A chunked body on its way; trailers are checked and dropped."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._body = bytearray()
        self._size: int | None = None
        self._trailers = 0

    def take(self, buffer: bytearray) -> bytes | None:
        """Use up what is whole in `buffer`; return the body once its end has come."""
        while True:
            if self._size is None:
                self._size = self._next_size(buffer)
            if self._size is None:
                return None
            if self._size == 0:
                return self._finish(buffer)
            if not self._take_data(buffer, self._size):
                return None
            self._size = None

    def _next_size(self, buffer: bytearray) -> int | None:
        line = _line(buffer)
        if line is None:
            return None
        match = CHUNK.fullmatch(line)
        if match is None:
            raise RefusedError(400, "A chunk does not begin with its size.")
        size = int(match[1], 16)
        check_size(len(self._body) + size, self._limits)
        return size

    def _take_data(self, buffer: bytearray, size: int) -> bool:
        if len(buffer) < size + 2:
            return False
        if buffer[size : size + 2] != b"\r\n":
            raise RefusedError(400, "A chunk is longer than its size.")
        self._body += buffer[:size]
        del buffer[: size + 2]
        return True

    def _finish(self, buffer: bytearray) -> bytes | None:
        while (line := _line(buffer)) is not None:
            if not line:
                return bytes(self._body)
            if is_bad(line):
                raise RefusedError(400, "A trailer holds a control character.")
            field(line.decode("latin-1"))
            self._trailers += 1
            if self._trailers > self._limits.headers:
                raise RefusedError(431, f"There are more than {self._limits.headers} trailers.")
        return None


def origin(method: str, target: str) -> str:
    """Return a request target as path and query, encoded as it came; raise `RefusedError` (400) for any other form.

    `//`, `..` and encoded slashes stay as they are: to make sense of them is up to the service.
    """
    absolute = ABSOLUTE.fullmatch(target)
    path = absolute[1] if absolute else target
    if absolute and not path.startswith("/"):
        path = f"/{path}"
    if method == "CONNECT" or not path.startswith("/") or "#" in path:
        raise RefusedError(400, f"{method} needs a path that begins with / and has no fragment.")
    return path


def _head(text: str, limits: Limits) -> Head:
    first, *lines = text.split("\r\n")
    match = REQUEST_LINE.fullmatch(first)
    if match is None:
        raise RefusedError(400, "The first line of a request is a method, a target and a version.")
    method, target, version = match.groups()
    if version not in ("1.0", "1.1"):
        raise RefusedError(505, f"HTTP/{version} is not spoken here; HTTP/1.0 and HTTP/1.1 are.")
    if len(lines) > limits.headers:
        raise RefusedError(431, f"A request has more than {limits.headers} headers.")
    path = origin(method, target)
    headers = tuple(map(field, lines))
    framing = _framing(headers)
    http10 = version == "1.0"
    if len(framing.get("host", ())) != 1 and not (http10 and "host" not in framing):
        raise RefusedError(400, "A request has one Host header.")
    wishes = {token.strip().lower() for value in framing.get("connection", ()) for token in value.split(",")}
    return Head(
        method=method,
        path=path,
        headers=headers,
        http10=http10,
        keep_alive="keep-alive" in wishes if http10 else "close" not in wishes,
        expects=not http10 and "100-continue" in (value.lower() for value in framing.get("expect", ())),
        length=_length(framing, limits, http10=http10),
    )


def _framing(headers: Headers) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        lower = name.lower()
        if lower in FRAMING:
            found.setdefault(lower, []).append(value)
    return found


def _length(framing: dict[str, list[str]], limits: Limits, *, http10: bool) -> int | None:
    codings, lengths = framing.get("transfer-encoding"), framing.get("content-length")
    if codings is not None:
        if lengths is not None or http10:
            raise RefusedError(400, "Transfer-Encoding goes with neither Content-Length nor HTTP/1.0.")
        if ",".join(codings).lower() != "chunked":
            raise RefusedError(501, "The only transfer coding understood here is chunked.")
        return None
    if lengths is None:
        return 0
    values = {value.strip(" \t") for line in lengths for value in line.split(",")}
    text = values.pop()
    return content_length("" if values else text, limits)


def _line(buffer: bytearray) -> bytes | None:
    end = buffer.find(b"\r\n")
    if end > LINE or (end < 0 and (b"\n" in buffer or len(buffer) >= LINE + 2)):
        raise RefusedError(400, "A line of a chunked body is too long, or ends without CRLF.")
    if end < 0:
        return None
    line = bytes(buffer[:end])
    del buffer[: end + 2]
    return line
