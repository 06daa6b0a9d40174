"""HTTP as values: whatever answers, here or anywhere else, is a function from `Request` to `Response`."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from binascii import Error as BinasciiError
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple, Self
from urllib.parse import unquote, urlsplit

from pytest_botpenguin_otp.discretion import Discreet
from pytest_botpenguin_otp.frozen import quick
from pytest_botpenguin_otp.masks import Masked, MaskedBytes, covered, handed, masked, shown

__all__ = [
    "SID",
    "AsyncService",
    "Middleware",
    "Request",
    "Response",
    "Service",
    "address",
    "json_response",
    "read_json",
    "stack",
]


SID = re.compile(r"\b([A-Z]{2})[0-9a-fA-F]{32}\b")
"""A Twilio SID, account SIDs among them."""
SECRETIVE_URL = re.compile(r"[?@#]")
"""A URL that may hold a secret beside its path: it has a query, a password or a fragment."""
VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|v[0-9.]+")
"""A segment of a path that is a version, and no code."""
OPEN = frozenset(["accept", "accept-encoding", "connection", "content-length", "content-type", "date", "server"])
"""Headers whose values are no secrets, whoever sends them."""


class Address(NamedTuple):
    """A URL taken apart; `host` is in lower case and holds the port only where it is not the scheme's own.

    What cannot be taken apart (a bracket never closed) has neither scheme nor host, and itself as its path.
    """

    scheme: str
    host: str
    path: str
    query: str


@lru_cache(maxsize=1024)
def address(url: str) -> Address:
    """Take a URL apart; the parts of a masked one are plain, since an equal one has the same parts."""
    url = str(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return Address("", "", url, "")
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = parts.hostname or ""
    try:
        port = parts.port
    except ValueError:
        port = None
    if port is not None and port != usual:
        host = f"{host}:{port}"
    return Address(parts.scheme, host, parts.path or "/", parts.query)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Discreet):
    """One HTTP request. Headers keep their order and spelling; names compare without case.

    Its `repr` shows neither headers nor body, so that a traceback holds no secret. What is read out of one that was
    handed to a test, by `shown`, is masked too.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def __repr__(self) -> str:
        path = "/".join(map(_covered, SID.sub(r"\1...", address(self.url).path).split("/")))
        return f"<{self.method} {self.address.scheme}://{self.host}{path}, {len(self.body)} bytes>"

    @property
    def address(self) -> Address:
        """The URL, taken apart."""
        told = address(self.url)
        return told if type(self.url) is str else told._replace(path=shown(told.path), query=Masked(told.query))

    @property
    def host(self) -> str:
        """The host in lower case, with its port where that is unusual."""
        return address(self.url).host

    @property
    def path(self) -> str:
        """The path as it was sent, still percent-encoded; never empty."""
        path = address(self.url).path
        return path if type(self.url) is str else shown(path)

    def header(self, name: str, default: str | None = None) -> str | None:
        """Return the first header of that name, in any case, or `default`."""
        return _header(self.headers, name, default)

    def json(self) -> object:
        """Return the body read as JSON in UTF-8; raise `ValueError` where it is none."""
        told = read_json(self.body)
        return handed(told) if isinstance(self.body, MaskedBytes) else told

    def form(self) -> tuple[tuple[str, str], ...]:
        """Return the body read as `application/x-www-form-urlencoded`, in order, blanks kept."""
        pairs = _pairs(bytes.decode(self.body, "utf-8", "replace"))
        return _handed_pairs(pairs) if isinstance(self.body, MaskedBytes) else pairs

    def params(self) -> tuple[tuple[str, str], ...]:
        """Return the query of the URL, in order, blanks kept."""
        pairs = _pairs(address(self.url).query)
        return pairs if type(self.url) is str else tuple([(shown(name), Masked(value)) for name, value in pairs])

    def basic_auth(self) -> tuple[str, str] | None:
        """Return user and password of an `Authorization: Basic` header, or None where there is no such thing."""
        scheme, _, encoded = (self.header("authorization") or "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, colon, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
        except (BinasciiError, UnicodeDecodeError):
            return None
        if not colon:
            return None
        return (Masked(user), Masked(password)) if isinstance(encoded, Masked) else (user, password)

    def segments(self) -> tuple[str, ...]:
        """Return the path's segments, percent-decoded, without the empty first one."""
        parts = tuple(unquote(part) for part in address(self.url).path.split("/")[1:])
        return parts if type(self.url) is str else tuple(map(shown, parts))

    def shown(self) -> Self:
        """Return this request as it is handed to a test: an equal one that shows no code, number or secret."""
        url = Masked(self.url) if SECRETIVE_URL.search(self.url) else shown(self.url)
        return type(self)(
            method=self.method, url=url, headers=_handed_headers(self.headers), body=MaskedBytes(self.body)
        )

    def plain(self) -> Self:
        """Return this request as it was before it was handed to a test."""
        if type(self.url) is str and type(self.body) is bytes:
            return self
        headers = tuple([(name, str(text)) for name, text in self.headers])
        return type(self)(method=self.method, url=str(self.url), headers=headers, body=bytes(self.body))


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Discreet):
    """One HTTP response.

    `elapsed_ms` is the virtual time that the service took to give all of it; the body of a `slow` one trickles.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    elapsed_ms: int = 0
    slow: bool = False

    def __repr__(self) -> str:
        return f"<{self.status}, {len(self.body)} bytes>"

    def header(self, name: str, default: str | None = None) -> str | None:
        """Return the first header of that name, in any case, or `default`."""
        return _header(self.headers, name, default)

    def json(self) -> object:
        """Return the body read as JSON in UTF-8; raise `ValueError` where it is none."""
        told = read_json(self.body)
        return handed(told) if isinstance(self.body, MaskedBytes) else told

    def shown(self) -> Self:
        """Return this response as it is handed to a test: an equal one that shows no code, number or secret."""
        return replace(self, headers=_handed_headers(self.headers), body=MaskedBytes(self.body))

    def plain(self) -> Self:
        """Return this response as it was before it was handed to a test."""
        if type(self.body) is bytes:
            return self
        headers = tuple([(name, str(text)) for name, text in self.headers])
        return replace(self, headers=headers, body=bytes(self.body))


Service = Callable[[Request], Response]
AsyncService = Callable[[Request], Awaitable[Response]]
Middleware = Callable[[Service], Service]


def stack(service: Service, *layers: Middleware) -> Service:
    """Wrap `service` so that the first layer sees each request first."""
    for layer in reversed(layers):
        service = layer(service)
    return service


_DECODER = json.JSONDecoder()
JSON = ("Content-Type", "application/json; charset=utf-8")


def json_response(status: int, value: object, *, headers: tuple[tuple[str, str], ...] = (JSON,)) -> Response:
    """Return `value` as a JSON response."""
    return Response(status=status, headers=headers, body=json.dumps(value, ensure_ascii=False).encode())


def read_json(body: bytes, decoder: json.JSONDecoder = _DECODER) -> object:
    """Return the JSON value in `body`; raise `ValueError` where it is none.

    A body that is one value and nothing else is read without the look for blanks around it, which costs as much.
    """
    text = bytes.decode(body)
    try:
        value, end = decoder.raw_decode(text)
    except json.JSONDecodeError:
        end = -1
    return value if end == len(text) else decoder.decode(text)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Read `a=1&b=2`; what holds neither percent nor plus is taken as it is, which most of a form is."""
    pairs = [piece.partition("=") for piece in text.split("&") if piece]
    return tuple([(_decoded(name), _decoded(value)) for name, _, value in pairs])


def _decoded(text: str) -> str:
    text = text.replace("+", " ")
    return _unquoted(text) if "%" in text else text


_unquoted = lru_cache(maxsize=1024)(unquote)


def _handed_pairs(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple([(shown(name), masked(name, value)) for name, value in pairs])


@lru_cache(maxsize=1024)
def _handed_headers(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Mask the values of all headers but those that hold no secret in any service."""
    return tuple([(name, shown(str(text)) if name.lower() in OPEN else Masked(text)) for name, text in headers])


def _covered(segment: str) -> str:
    """Return a segment of a path with what may be a code or a number covered; a date there is a version."""
    return segment if VERSION.fullmatch(segment) else covered(segment)


def _header(headers: tuple[tuple[str, str], ...], name: str, default: str | None) -> str | None:
    wanted, size = name.lower(), len(name)
    for key, value in headers:
        if len(key) == size and key.lower() == wanted:
            return value
    return default
