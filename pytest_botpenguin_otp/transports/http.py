"""httpx doors: a world as a transport, sync and async, and an httpx client as the service of a runner."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.errors import MissingExtraError, NoResponseError, check_callable, check_type
from pytest_botpenguin_otp.wire import Request, Response

try:
    import httpx
except ModuleNotFoundError as error:
    raise MissingExtraError.of("pytest_botpenguin_otp.transports.http", "http") from error

if TYPE_CHECKING:
    from pytest_botpenguin_otp.wire import AsyncService, Service

__all__ = ["AsyncOtpTransport", "OtpTransport", "answer", "through", "through_async"]

ELAPSED = "otp_elapsed_ms"
SILENCE = "otp_silence"
"""A list that travels with a request through every door, for what httpx has no exception for: `lost`."""


def answer(service: Service, request: httpx.Request) -> httpx.Response:
    """Let `service` answer an httpx request whose body is read.

    Silence becomes `httpx.ReadTimeout` (a time-out, or an answer that was lost) or `httpx.ReadError` (a reset).
    """
    asked = Request(
        method=request.method,
        url=str(request.url),
        headers=tuple(map(_header, request.headers.raw)),
        body=request.content,
    )
    try:
        given = service(asked)
    except NoResponseError as error:
        request.extensions.get(SILENCE, []).append(error)
        kind = httpx.ReadError if error.kind == "reset" else httpx.ReadTimeout
        raise kind(str(error), request=request) from error
    return httpx.Response(
        given.status,
        headers=_headers(given.headers, len(given.body)),
        stream=httpx.ByteStream(given.body),
        request=request,
        extensions={ELAPSED: given.elapsed_ms},
    )


@lru_cache(maxsize=256)
def _header(raw: tuple[bytes, bytes]) -> tuple[str, str]:
    """Return a header as text; a client sends most of its headers again and again, and a journal keeps them all."""
    name, text = raw
    return name.decode("latin-1"), text.decode("latin-1")


@lru_cache(maxsize=256)
def _headers(headers: tuple[tuple[str, str], ...], length: int) -> httpx.Headers:
    """Return the headers as httpx keeps them, which costs more than the rest of a response; it copies what it gets."""
    return httpx.Headers([*headers, ("Content-Length", str(length))])


ANSWERS = "the world, or another function from Request to Response"


class OtpTransport(httpx.BaseTransport):
    """`httpx.Client(transport=OtpTransport(otp_world))` talks to the fakes, and to nothing else."""

    def __init__(self, service: Service) -> None:
        check_callable("OtpTransport(service)", service, ANSWERS)
        self._service = service

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        request.read()
        return answer(self._service, request)


class AsyncOtpTransport(httpx.AsyncBaseTransport):
    """`httpx.AsyncClient(transport=AsyncOtpTransport(otp_world))` talks to the fakes, and to nothing else."""

    def __init__(self, service: Service) -> None:
        check_callable("AsyncOtpTransport(service)", service, ANSWERS)
        self._service = service

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        await request.aread()
        return answer(self._service, request)


def through(client: httpx.Client) -> Service:
    """Return a service for `flow_runner.start(bot, service=through(client))`: each call becomes a real HTTP message.

    The client's transport decides who answers: the fakes, respx routes, a server.
    """
    check_type("through(client)", client, httpx.Client, "an httpx.Client (through_async() takes an AsyncClient)")

    def send(request: Request) -> Response:
        try:
            return _response(client.send(asked := _request(client, request)))
        except httpx.TransportError as error:
            raise _silence(asked, error) from error

    return send


def through_async(client: httpx.AsyncClient) -> AsyncService:
    """Return the same for an `httpx.AsyncClient` and the async flow runner."""
    check_type("through_async(client)", client, httpx.AsyncClient, "an httpx.AsyncClient (through() takes a Client)")

    async def send(request: Request) -> Response:
        try:
            return _response(await client.send(asked := _request(client, request)))
        except httpx.TransportError as error:
            raise _silence(asked, error) from error

    return send


def _request(client: httpx.Client | httpx.AsyncClient, request: Request) -> httpx.Request:
    return client.build_request(
        request.method,
        request.url,
        headers=list(request.headers),
        content=request.body or None,
        extensions={SILENCE: []},
    )


def _response(given: httpx.Response) -> Response:
    return Response(
        status=given.status_code,
        headers=tuple(given.headers.multi_items()),
        body=given.content,
        elapsed_ms=given.extensions.get(ELAPSED, 0),
    )


def _silence(asked: httpx.Request, error: httpx.TransportError) -> NoResponseError:
    for known in asked.extensions[SILENCE]:
        if isinstance(known, NoResponseError):
            return known
    return NoResponseError("timeout" if isinstance(error, httpx.TimeoutException) else "reset")
