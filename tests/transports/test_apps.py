"""ASGI and WSGI applications answer as the services do, inside a server or test client of somebody else."""

import asyncio
import io
import json
from urllib.parse import unquote
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import httpx
import pytest

from pytest_botpenguin_otp.errors import NoResponseError, OtpError, UnmatchedRequestError
from pytest_botpenguin_otp.transports.apps import AsgiError, asgi_app, wsgi_app
from pytest_botpenguin_otp.transports.doors import BaseUrlError
from pytest_botpenguin_otp.wire import Response, json_response

BASE = "https://api.twilio.com"
RAISED = {
    "timeout": NoResponseError("timeout"),
    "reset": NoResponseError("reset"),
    "lost": NoResponseError("lost"),
    "nowhere": UnmatchedRequestError("Nothing here answers GET /nowhere."),
    "ours": OtpError("A message of ours."),
    "theirs": KeyError("a secret"),
}


def echo(request):
    """Answer with what was asked, or as the path asks for."""
    name = request.path.strip("/")
    if name in RAISED:
        raise RAISED[name]
    if name.isdigit():
        return Response(status=int(name), headers=(("X-Test", "1"), ("connection", "close")), body=b"a body")
    said = {"url": request.url, "body": request.body.decode("latin-1"), "x": request.header("x-test")}
    return json_response(201, said)


def ask_asgi(method, target, failures=None, **settings):
    """Ask the ASGI app through httpx."""

    async def ask():
        transport = httpx.ASGITransport(asgi_app(echo, BASE, failures=failures))
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.request(method, f"http://a.test{target}", **settings)

    return asyncio.run(ask())


def ask_wsgi(method, target, failures=None, **settings):
    """Ask the WSGI app through httpx, with the standard library's watchdog between."""
    transport = httpx.WSGITransport(wsgi_app(echo, BASE, failures=failures))
    with httpx.Client(transport=transport) as client:
        return client.request(method, f"http://a.test{target}", **settings)


BOTH = pytest.mark.parametrize("ask", [ask_asgi, ask_wsgi])


@BOTH
def test_mapping(ask):
    """The service sees its own URL, the headers and the bytes of the body."""
    answer = ask("POST", "/2010-04-01/a%20b?c=d%20e&f", content=b"\xff", headers={"X-Test": "1"})

    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json() == {"url": f"{BASE}/2010-04-01/a%20b?c=d%20e&f", "body": "\xff", "x": "1"}


@BOTH
@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("timeout", 504, {"error": "no answer: timeout", "fault": "timeout"}),
        ("reset", 504, {"error": "no answer: reset", "fault": "reset"}),
        ("lost", 504, {"error": "no answer: lost", "fault": "lost"}),
        ("nowhere", 404, {"error": "Nothing here answers GET /nowhere."}),
        ("ours", 500, {"error": "OtpError", "message": "A message of ours."}),
        ("theirs", 500, {"error": "KeyError"}),
    ],
)
def test_failing_service(ask, name, status, said):
    """An app cannot break a connection, so it names the fault; what a service raises is answered for and kept."""
    failures = []
    answer = ask("GET", f"/{name}", failures)

    assert answer.status_code == status
    assert said.items() <= answer.json().items()
    assert "a secret" not in answer.text
    assert failures == ([] if status == 504 else [RAISED[name]])


@BOTH
@pytest.mark.parametrize(
    ("method", "status", "length", "body"),
    [
        ("GET", 200, "6", b"a body"),
        ("HEAD", 200, "6", b""),
        ("GET", 204, None, b""),
        ("GET", 304, None, b""),
        ("GET", 799, "6", b"a body"),
    ],
)
def test_framing(ask, method, status, length, body):
    """Responses without a body have none, and headers of the connection stay out."""
    answer = ask(method, f"/{status}")

    assert (answer.status_code, answer.headers.get("content-length"), answer.content) == (status, length, body)
    assert answer.headers["x-test"] == "1"
    assert "connection" not in answer.headers


@BOTH
@pytest.mark.parametrize("method", ["GET", "CONNECT"])
def test_refused(ask, method):
    """A body too long is refused with 413, a method without a path with 400."""
    answer = ask(method, "/", content=b"x" * 1_048_577)

    assert answer.status_code == (400 if method == "CONNECT" else 413)
    assert answer.json()["error"]


def drive(scope, *messages):
    """Run the ASGI app by hand: return what it sends."""
    waiting, sent = list(messages), []

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    asyncio.run(asgi_app(echo, BASE)(scope, receive, send))
    return sent


HTTP = {"type": "http", "method": "POST", "path": "/a b/\u00e9", "headers": []}


def test_asgi_body_in_pieces():
    """A body may come in pieces, and a path without its raw form is encoded again."""
    first = {"type": "http.request", "body": b"a", "more_body": True}
    start, body = drive(HTTP, first, {"type": "http.request", "body": b"b"})

    assert start["status"] == 201
    assert json.loads(body["body"])["body"] == "ab"
    assert json.loads(body["body"])["url"] == f"{BASE}/a%20b/%C3%A9"


def test_asgi_client_leaves():
    """A client that leaves before its request is whole is not answered."""
    assert drive(HTTP, {"type": "http.request", "more_body": True}, {"type": "http.disconnect"}) == []


def test_asgi_raw_path():
    """Encoded slashes stay encoded; a target in absolute form counts by its path."""
    request = {"type": "http.request"}
    scope = {**HTTP, "query_string": b"x=1"}
    plain = drive({**scope, "raw_path": b"/a%2Fb"}, request)
    absolute = drive({**scope, "raw_path": b"http://evil.test/a%2Fb"}, request)

    assert json.loads(plain[1]["body"])["url"] == f"{BASE}/a%2Fb?x=1"
    assert plain == absolute


def test_asgi_lifespan():
    """Start-up and shutdown are acknowledged."""
    sent = drive({"type": "lifespan"}, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})

    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_asgi_websocket():
    """A websocket is refused before it is accepted."""
    assert drive({"type": "websocket"}, {"type": "websocket.connect"})[0]["type"] == "websocket.close"


def test_asgi_unknown():
    """Any other protocol is an error, as ASGI asks."""
    with pytest.raises(AsgiError, match="does not speak 'mqtt'"):
        drive({"type": "mqtt"})


def call(**environ):
    """Run the WSGI app by hand under wsgiref's validator: return status and JSON."""
    environ = {"QUERY_STRING": "", **environ}
    setup_testing_defaults(environ)
    told = []

    def start_response(status, _headers):
        told.append(status)
        return io.BytesIO().write

    answer = validator(wsgi_app(echo, BASE))(environ, start_response)
    body = b"".join(answer)
    answer.close()
    return told[0], json.loads(body)


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({"PATH_INFO": "/a b", "QUERY_STRING": "c=%20"}, "/a%20b?c=%20"),
        ({"PATH_INFO": ""}, "/"),
        ({"PATH_INFO": unquote("/%C3%A9", encoding="latin-1")}, "/%C3%A9"),
        ({"PATH_INFO": "/a/b", "RAW_URI": "/a%2Fb?c"}, "/a%2Fb?c"),
        ({"PATH_INFO": "/a/b", "REQUEST_URI": "http://a.test/a%2Fb?c"}, "/a%2Fb?c"),
        ({"PATH_INFO": "/a/b", "REQUEST_URI": "/app/a%2Fb", "SCRIPT_NAME": "/app"}, "/a/b"),
    ],
)
def test_wsgi_path(environ, path):
    """The path comes as it was sent where the server passes that on, and else encoded again."""
    environ = {"SCRIPT_NAME": "/x" if environ.get("PATH_INFO") == "" else "", **environ}

    assert call(**environ)[1]["url"] == BASE + path


@pytest.mark.parametrize(
    ("environ", "status", "body"),
    [
        ({"CONTENT_LENGTH": "2"}, "201 Created", "ab"),
        ({"CONTENT_LENGTH": ""}, "201 Created", ""),
        ({"wsgi.input_terminated": True}, "201 Created", "abc"),
        ({"CONTENT_LENGTH": "9" * 50}, "413 Request Entity Too Large", None),
    ],
)
def test_wsgi_body(environ, status, body):
    """The body is what its length says, or all there is where the server says that it ends."""
    said, answer = call(**environ, **{"wsgi.input": io.BytesIO(b"abc"), "REQUEST_METHOD": "POST"})

    assert said.startswith(status[:3])
    assert answer.get("body") == body


@pytest.mark.parametrize("length", ["x", "-1", "\u00b2", "1, 2"])
def test_wsgi_bad_length(length):
    """A length that is no number is refused."""
    environ = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": length, "wsgi.input": io.BytesIO()}
    told = []
    wsgi_app(echo, BASE)(environ, lambda status, _: told.append(status))

    assert told == ["400 Bad Request"]


@pytest.mark.parametrize("make", [asgi_app, wsgi_app])
def test_no_base(make):
    """What is no base URL is refused at once."""
    with pytest.raises(BaseUrlError, match="is no base URL"):
        make(echo, "api.twilio.com")
