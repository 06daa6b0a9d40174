"""The httpx doors: a world as a transport, and a client as the service of a runner."""

import asyncio

import httpx
import pytest

from pytest_botpenguin_otp.errors import NoResponseError
from pytest_botpenguin_otp.transports.http import AsyncOtpTransport, OtpTransport, through, through_async
from pytest_botpenguin_otp.wire import Request, Response

URL = "https://a.test/x?y=1"
ASKED = Request(method="POST", url=URL, headers=(("X-A", "1"),), body=b"body")


def echo(request):
    """Answer with what was asked."""
    told = f"{request.method} {request.url} {request.header('x-a')}".encode() + request.body
    return Response(status=207, headers=(("X-B", "1"), ("X-B", "2")), body=told, elapsed_ms=7)


def raising(error):
    """Return a service that raises."""

    def service(_):
        raise error

    return service


def ask(service, request=ASKED):
    """Ask a service through an httpx client."""
    with httpx.Client(transport=OtpTransport(service)) as client:
        return through(client)(request)


def ask_awaited(service, request=ASKED):
    """Ask a service through an awaited httpx client."""

    async def asking():
        async with httpx.AsyncClient(transport=AsyncOtpTransport(service)) as client:
            return await through_async(client)(request)

    return asyncio.run(asking())


BOTH = pytest.mark.parametrize("ask", [ask, ask_awaited])


@BOTH
def test_there_and_back(ask):
    """Method, URL, headers, body, status and virtual time come through unchanged."""
    answer = ask(echo)

    assert (answer.status, answer.elapsed_ms) == (207, 7)
    assert answer.body == f"POST {URL} 1body".encode()
    assert [text for name, text in answer.headers if name.lower() == "x-b"] == ["1", "2"]


@BOTH
@pytest.mark.parametrize("kind", ["timeout", "reset", "lost"])
def test_silence(ask, kind):
    """Silence stays the silence that it is, with the time it took."""
    with pytest.raises(NoResponseError) as caught:
        ask(raising(NoResponseError(kind, elapsed_ms=9)))
    assert (caught.value.kind, caught.value.elapsed_ms) == (kind, 9)


@BOTH
@pytest.mark.parametrize(
    ("error", "kind"),
    [(httpx.ConnectTimeout("x"), "timeout"), (httpx.ConnectError("x"), "reset"), (httpx.ReadError("x"), "reset")],
)
def test_other_silence(ask, error, kind):
    """What another transport raises is silence too."""
    with pytest.raises(NoResponseError) as caught:
        ask(raising(error))
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("kind", "error"), [("timeout", httpx.ReadTimeout), ("lost", httpx.ReadTimeout), ("reset", httpx.ReadError)]
)
def test_errors(kind, error):
    """A client of one's own sees silence as the error that httpx has for it."""
    transport = OtpTransport(raising(NoResponseError(kind)))

    with httpx.Client(transport=transport) as client, pytest.raises(error) as caught:
        client.get(URL)
    assert isinstance(caught.value.__cause__, NoResponseError)


def test_stream():
    """A request whose body is streamed is read before it is answered."""
    with httpx.Client(transport=OtpTransport(echo)) as client:
        assert client.post(URL, content=iter([b"a", b"b"])).content.endswith(b"Noneab")
