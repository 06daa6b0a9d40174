"""ASGI and WSGI: the same services, inside somebody else's server or test client."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

from pytest_botpenguin_otp.errors import NoResponseError, OtpError
from pytest_botpenguin_otp.transports.doors import Door, door_for, refusal
from pytest_botpenguin_otp.transports.encoding import BODILESS, HOP_BY_HOP, PHRASES
from pytest_botpenguin_otp.transports.http1 import origin
from pytest_botpenguin_otp.transports.syntax import LIMITS, RefusedError, check_size, content_length
from pytest_botpenguin_otp.wire import Response, Service, json_response

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

__all__ = ["AsgiError", "asgi_app", "wsgi_app"]

Headers: TypeAlias = tuple[tuple[str, str], ...]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]
WsgiApp: TypeAlias = Callable[[dict[str, Any], Callable[..., object]], Iterable[bytes]]

PATH_SAFE = "/:@!$&'()*+,;=~-._"


class AsgiError(OtpError):
    """A server asked an ASGI app for a protocol that it does not speak."""


def asgi_app(
    service: Service,
    base_url: str,
    *,
    lock: AbstractContextManager[object] | None = None,
    failures: list[BaseException] | None = None,
) -> AsgiApp:
    """Return an ASGI 3 app that maps each path to `base_url` and asks `service`.

    An app cannot break a connection off: a service that gives no answer (`NoResponseError`) is told as a 504 whose
    JSON names the fault. What the service raises is answered as by `LoopbackServer` and appended to `failures`.
    """
    door = door_for(service, base_url, lock=lock, failures=failures)

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                await _http(door, scope, receive, send)
            case "lifespan":
                await _lifespan(receive, send)
            case "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1000, "reason": ""})
            case kind:
                raise AsgiError(f"This app does not speak {kind!r}. Known: http, lifespan; websocket is refused.")

    return app


def wsgi_app(
    service: Service,
    base_url: str,
    *,
    lock: AbstractContextManager[object] | None = None,
    failures: list[BaseException] | None = None,
) -> WsgiApp:
    """Return a WSGI app that maps each path to `base_url` and asks `service`; see `asgi_app` for its failures.

    WSGI decodes the path; where the server does not pass the target as it came (`RAW_URI`, `REQUEST_URI`), an encoded
    slash arrives as a plain one.
    """
    door = door_for(service, base_url, lock=lock, failures=failures)

    def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        try:
            path, body = origin(method, _wsgi_target(environ)), _wsgi_body(environ)
        except RefusedError as error:
            response = refusal(error.status, str(error))
        else:
            response = _ask(door, method, path, _wsgi_headers(environ), body)
        headers, content = _framed(response, method)
        start_response(f"{response.status} {PHRASES.get(response.status, 'Unknown')}", list(headers))
        return [content]

    return app


async def _http(door: Door, scope: Message, receive: Receive, send: Send) -> None:
    method = scope["method"]
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    try:
        path, body = origin(method, _asgi_target(scope)), await _asgi_body(receive)
    except RefusedError as error:
        response = refusal(error.status, str(error))
    else:
        if body is None:
            return
        response = _ask(door, method, path, headers, body)
    framed, content = _framed(response, method)
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in framed]
    await send({"type": "http.response.start", "status": response.status, "headers": raw})
    await send({"type": "http.response.body", "body": content})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


def _asgi_target(scope: Message) -> str:
    raw = scope.get("raw_path")
    path = raw.decode("latin-1") if raw else quote(scope["path"], safe=PATH_SAFE)
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path


async def _asgi_body(receive: Receive) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        check_size(len(body))
        if not message.get("more_body", False):
            return bytes(body)


def _wsgi_target(environ: dict[str, Any]) -> str:
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if isinstance(raw, str) and not environ.get("SCRIPT_NAME"):
        return raw
    path = quote(environ.get("PATH_INFO") or "/", safe=PATH_SAFE, encoding="latin-1", errors="replace")
    query = environ.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def _wsgi_headers(environ: dict[str, Any]) -> Headers:
    names = {"CONTENT_TYPE": "Content-Type", "CONTENT_LENGTH": "Content-Length"}
    names |= {key: key[5:].replace("_", "-").title() for key in environ if key.startswith("HTTP_")}
    return tuple((name, environ[key]) for key, name in names.items() if environ.get(key))


def _wsgi_body(environ: dict[str, Any]) -> bytes:
    stream, said = environ["wsgi.input"], environ.get("CONTENT_LENGTH")
    if said:
        return bytes(stream.read(content_length(said)))
    body = bytes(stream.read(LIMITS.body + 1)) if environ.get("wsgi.input_terminated") else b""
    check_size(len(body))
    return body


def _ask(door: Door, method: str, path: str, headers: Headers, body: bytes) -> Response:
    try:
        return door.ask(method, path, headers, body)
    except NoResponseError as error:
        return json_response(504, {"error": str(error), "fault": error.kind})


def _framed(response: Response, method: str) -> tuple[Headers, bytes]:
    headers = tuple((name, value) for name, value in response.headers if name.lower() not in HOP_BY_HOP)
    if response.status in BODILESS:
        return headers, b""
    length = ("Content-Length", str(len(response.body)))
    return (*headers, length), b"" if method == "HEAD" else response.body
