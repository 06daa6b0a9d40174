"""The loopback server on the wire, for clients that we did not write."""

import http.client
import json
import re
from contextlib import closing

import httpx
import pytest
import requests
from loopback import (
    BASE,
    CLIENTS,
    JUST_HEAD,
    OTHER,
    PATIENCE_S,
    dial,
    echo,
    get,
    send_by_aiohttp,
    send_by_httpx,
    send_by_httpx2,
    send_by_requests,
    send_by_urllib,
    talk,
)

from pytest_botpenguin_otp.transports.server import LoopbackServer
from pytest_botpenguin_otp.wire import json_response


@pytest.fixture
def server():
    """Serve `echo` at two base URLs."""
    with LoopbackServer({BASE: echo, OTHER: lambda _: json_response(200, "other")}) as server:
        yield server


@pytest.fixture
def ask(server):
    """Send raw bytes, and return everything that comes back until the server closes."""
    return lambda data, **settings: talk(server, data, **settings)


@pytest.mark.parametrize("send", CLIENTS)
def test_clients(server, send):
    """Clients that we did not write reach the service, and it sees its own URL, the body and the headers."""
    status, said = send(f"{server.url(BASE)}/2010-04-01/a%2Fb?c=d%20e", b"{\xff}", {"X-Test": "1"})

    assert status == 201
    assert said["method"] == "POST"
    assert said["url"] == "https://api.twilio.com/2010-04-01/a%2Fb?c=d%20e"
    assert (said["body"], said["x"]) == ("{\xff}", "1")
    assert said["host"] == server.url(BASE).removeprefix("http://")


def test_no_proxy(server, monkeypatch):
    """With `no_proxy` in the environment a client goes past any proxy."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", LoopbackServer.no_proxy)
    monkeypatch.setenv("no_proxy", server.no_proxy)

    assert requests.get(server.url(BASE), timeout=PATIENCE_S).status_code == 201
    assert httpx.get(server.url(BASE), timeout=PATIENCE_S).status_code == 201


def test_writing_pauses(ask):
    """A client that asks for much before it reads gets all of it, in order."""
    said = ask(JUST_HEAD % b"huge" * 8 + JUST_HEAD % b"fine")

    assert said.count(b"HTTP/1.1 200 OK") == 8
    assert len(said) > 8 << 20
    assert said.endswith(b"}")


def test_pipelining(ask):
    """Requests sent in one go are answered in order; HEAD and 204 have no body."""
    head = (JUST_HEAD % b"1").replace(b"GET", b"HEAD")
    said = ask(JUST_HEAD % b"0" + head + JUST_HEAD % b"empty" + JUST_HEAD % b"3" + b"\r\nGET /trunc")

    assert said.count(b"HTTP/1.1") == 4
    assert said.index(b"twilio.com/0") < said.index(b"204 No Content") < said.index(b"twilio.com/3")
    assert b"twilio.com/1" not in said
    assert b"ignored" not in said


def test_keep_alive(server):
    """One connection serves many requests."""
    with closing(http.client.HTTPConnection(server.url(BASE).removeprefix("http://"), timeout=PATIENCE_S)) as client:
        client.connect()
        local = client.sock.getsockname()
        for number in range(3):
            client.request("POST", f"/{number}", b"x" * number)
            with client.getresponse() as answer:
                assert json.load(answer)["url"] == f"{BASE}/{number}"
        assert client.sock.getsockname() == local


@pytest.mark.parametrize(
    ("lines", "connection"),
    [
        (b"GET / HTTP/1.0\r\n\r\n", b"Connection: close"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"Connection: close"),
    ],
)
@pytest.mark.parametrize("half_close", [True, False])
def test_close(ask, lines, connection, half_close):
    """A client that wants one answer gets it, and the end of the connection."""
    said = ask(lines + JUST_HEAD % b"never", half_close=half_close)

    assert said.count(b"HTTP/1.1 ") == 1
    assert connection in said


def test_continue(server):
    """A client that asks first is told to go on."""
    with dial(server) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(99) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"ok")
        assert client.recv(99).startswith(b"HTTP/1.1 201 ")


@pytest.mark.parametrize("send", CLIENTS[:4])
def test_chunked_upload(server, send):
    """A body of unknown length arrives whole."""
    if send is send_by_urllib:
        assert send(server.url(BASE), iter([b"a", b"b"]), {"Content-Type": "x/y"})[1]["body"] == "ab"
    else:
        assert send(server.url(BASE), (piece for piece in (b"a", b"b")), {})[1]["body"] == "ab"


@pytest.mark.parametrize("send", [send_by_requests, send_by_httpx, send_by_httpx2, send_by_aiohttp])
def test_huge_body(server, send):
    """A client that sends 10 MB too much can still read why it was refused."""
    status, said = send(server.url(BASE), b"x" * 10_000_000, {})

    assert status == 413
    assert "1048576 bytes" in said["error"]


BAD = {
    "garbage": (b"hello\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "CONNECT": (b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "smuggling": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0", 400),
    "coding": (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
    "long": (b"GET /" + b"x" * 70_000, 431),
    "long body": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n" + b"x" * 99_999, 413),
}


@pytest.mark.parametrize(("data", "status"), BAD.values(), ids=BAD)
@pytest.mark.parametrize("half_close", [True, False])
def test_bad_input(ask, server, data, status, half_close):
    """Bad input is refused with a reason, once, and the connection closed; the server lives on."""
    said = ask(data + JUST_HEAD % b"never", half_close=half_close)

    assert said.startswith(b"HTTP/1.1 %d " % status)
    assert len(re.findall(rb"HTTP/1\.1 [0-9]{3} ", said)) == 1
    assert json.loads(said.partition(b"\r\n\r\n")[2])["error"]
    assert get(server, "fine").status_code == 201
    assert server.failures == []


@pytest.mark.parametrize("data", [b"", b"GET", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"])
def test_truncated(ask, data):
    """A client that goes away in the middle of a request gets a plain end."""
    assert ask(data) == b""


def test_path_tricks(ask):
    """No request target changes which host the service believes to be."""
    tricks = [b"//evil.test/a", b"/../a", b"/%2e%2e/%00", b"http://evil.test/a", b"/@evil.test"]
    said = ask(b"".join(b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % target for target in tricks))
    bodies = [json.loads(line) for line in said.replace(b"HTTP/1.1", b"\r\n").split(b"\r\n") if line[:1] == b"{"]

    assert [body["url"].removeprefix(BASE) for body in bodies] == [
        "//evil.test/a",
        "/../a",
        "/%2e%2e/%00",
        "/a",
        "/@evil.test",
    ]
