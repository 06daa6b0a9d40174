"""The loopback server: its life, its threads, and what becomes of services and clients that misbehave."""

import asyncio
import gc
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import pytest
import requests
from loopback import (
    BASE,
    JUST_HEAD,
    OTHER,
    PATIENCE_S,
    SHORT_S,
    dial,
    echo,
    get,
    send_by_requests,
    send_for_ever,
    talk,
)

from pytest_botpenguin_otp.errors import ArgumentError
from pytest_botpenguin_otp.transports.doors import BaseUrlError, door_for
from pytest_botpenguin_otp.transports.server import Connection, LoopbackServer, Manners, ServerError
from pytest_botpenguin_otp.transports.syntax import Limits
from pytest_botpenguin_otp.wire import json_response


@pytest.fixture
def server():
    """Serve `echo` at two base URLs."""
    with LoopbackServer({BASE: echo, OTHER: lambda _: json_response(200, "other")}) as server:
        yield server


def test_each_base_has_its_own_port(server):
    """Two services never answer for each other."""
    assert send_by_requests(server.url(OTHER) + "/x", b"", {}) == (200, "other")
    assert send_by_requests(server.url(BASE + "/") + "/x", b"", {})[0] == 201


def test_servers_never_mix():
    """Two servers at once answer for themselves alone."""
    services = [lambda _: json_response(200, "one"), lambda _: json_response(200, "two")]
    with LoopbackServer({BASE: services[0]}) as one, LoopbackServer({BASE: services[1]}) as two:
        answers = [send_by_requests(server.url(BASE), b"", {})[1] for server in (one, two, one)]

    assert answers == ["one", "two", "one"]


def test_only_loopback(server):
    """The port is open at 127.0.0.1, and at no other address."""
    assert server.url(BASE).startswith("http://127.0.0.1:")
    port = int(server.url(BASE).rpartition(":")[2])
    with pytest.raises(OSError, match=r".+"):
        socket.create_connection(("127.0.0.2", port), timeout=1)
    with pytest.raises(OSError, match=r".+"):
        socket.create_connection(("::1", port), timeout=1)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("nowhere", 404, {"error": "Nothing here answers GET /nowhere."}),
        ("ours", 500, {"error": "OtpError", "message": "A message of ours."}),
        ("theirs", 500, {"error": "KeyError"}),
        ("outcome", 500, {"error": "Failed"}),
        ("nothing", 500, {"error": "AttributeError"}),
        ("text", 500, {"error": "TypeError"}),
        ("split", 500, {"error": "RefusedError"}),
    ],
)
def test_failing_service(server, path, status, said):
    """A service that raises is answered for, shows no foreign message, is kept, and does not end the server."""
    answer = get(server, path)

    assert answer.status_code == status
    assert said.items() <= answer.json().items()
    assert "a secret" not in answer.text
    assert len(server.failures) == 1
    assert get(server, "fine").status_code == 201


@pytest.mark.parametrize("kind", ["silent", "lost"])
def test_silence(server, kind):
    """A client whose answer never comes waits until it gives up, and holds up nobody."""
    with closing(dial(server)) as waiting:
        waiting.sendall(JUST_HEAD % kind.encode() + JUST_HEAD % b"never")
        waiting.settimeout(SHORT_S)
        assert get(server, "fine").status_code == 201

        with pytest.raises(TimeoutError):
            waiting.recv(1)
        waiting.sendall(JUST_HEAD % b"never")
        waiting.shutdown(socket.SHUT_WR)
        waiting.settimeout(PATIENCE_S)
        assert waiting.recv(1) == b""


@pytest.mark.parametrize("scale", [0.0, 0.001])
def test_reset(scale):
    """A reset is a TCP reset, at once or after its delay, for whatever client."""
    with LoopbackServer({BASE: echo}, real_time_scale=scale) as server:
        with dial(server) as client:
            client.sendall(JUST_HEAD % b"reset")
            with pytest.raises(ConnectionResetError):
                client.recv(1)
        with pytest.raises(requests.ConnectionError):
            send_by_requests(f"{server.url(BASE)}/reset", b"", {})
        with pytest.raises(httpx.ReadError):
            get(server, "reset")


def test_stop_ends_silence():
    """A server that stops closes the connections it held open."""
    server = LoopbackServer({BASE: echo}).start()
    with dial(server) as client:
        client.sendall(JUST_HEAD % b"silent")
        with dial(server) as other:
            other.sendall(JUST_HEAD % b"fine")
            assert other.recv(1)
        server.stop()

        assert client.recv(1) == b""


def test_virtual_time_is_not_waited_for(server):
    """A virtual minute costs no real one."""
    assert get(server, "slow").text == "slow"


def test_real_time():
    """Virtual time in real time: a client can time out, others go on, and the order on one connection holds."""
    with LoopbackServer({BASE: echo}, real_time_scale=0.01) as server, pytest.raises(httpx.ReadTimeout):
        get(server, "slow", timeout=SHORT_S)
    with LoopbackServer({BASE: echo}, real_time_scale=0.001) as server:
        with dial(server) as client, client.makefile("rb") as answers:
            client.sendall(JUST_HEAD % b"slow" + JUST_HEAD % b"fine")
            client.shutdown(socket.SHUT_WR)
            assert get(server, "fine").status_code == 201
            said = answers.read()
        old = talk(server, b"GET /slow HTTP/1.0\r\n\r\n")

        assert old.endswith(b"\r\n\r\nslow")
        assert said.index(b"slow") < said.index(b"/fine")


def test_reading_pauses():
    """A client that sends on and on while its answer is due is not read without bound, and loses nothing."""
    limits = Limits(head=200, body=0)
    with LoopbackServer({BASE: echo}, real_time_scale=0.002, limits=limits) as server:
        said = talk(server, JUST_HEAD % b"slow" + JUST_HEAD % b"fine" * 50)

    assert said.count(b"HTTP/1.1 20") == 51


def test_lock():
    """Services work one at a time, and never while the test holds the lock."""
    lock, at_work, most = threading.Lock(), [], []

    def service(request):
        at_work.append(request.path)
        most.append(len(at_work))
        at_work.pop()
        return json_response(200, None)

    server = LoopbackServer({BASE: service, OTHER: service}, lock=lock)
    with server, ThreadPoolExecutor() as threads:
        assert server.lock is lock
        with lock:
            answers = [threads.submit(send_by_requests, server.url(base), b"", {}) for base in (BASE, OTHER) * 4]
            assert most == []
        assert {answer.result()[0] for answer in answers} == {200}

    assert most == [1] * 8


def test_stuck_service():
    """A server that cannot stop says so, and stops once it can."""
    entered, leave = threading.Event(), threading.Event()  # noqa: TID251  # two threads meet, and none waits for time

    def service(_):
        entered.set()
        leave.wait(PATIENCE_S)
        return json_response(200, None)

    server = LoopbackServer({BASE: service}).start()
    with dial(server) as client:
        client.sendall(JUST_HEAD % b"")
        assert entered.wait(PATIENCE_S)
        with pytest.raises(ServerError, match="a service is still at work"):
            server.stop(timeout_s=SHORT_S)
        leave.set()
        server.stop()
        server.stop()


def test_lingering_ends():
    """A client that keeps an answered connection open for too long loses it."""
    with LoopbackServer({BASE: echo}, linger_s=SHORT_S) as server, dial(server) as client:
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        with client.makefile("rb") as answers:
            assert answers.read().startswith(b"HTTP/1.1 201 ")
        with pytest.raises(OSError, match=r".+"):
            send_for_ever(client)


def test_starts_anew():
    """A server can be started again, knows when it does not run, and leaves no thread behind."""
    server = LoopbackServer({BASE: echo})
    server.stop()
    with pytest.raises(ServerError, match="start it first"):
        server.url(BASE)
    for _ in range(3):
        with server:
            with pytest.raises(ServerError, match="runs already"):
                server.start()
            assert send_by_requests(server.url(BASE), b"", {})[0] == 201
    with pytest.raises(ServerError, match=r"Did you mean 'https://api.twilio.com'\?"):
        server.url("https://api.twillio.com")

    assert "otp-server" not in {thread.name for thread in threading.enumerate()}


def test_stop_while_clients_connect():
    """Stopping in the middle of new connections leaks nothing: warnings are errors here."""
    for _ in range(20):
        server = LoopbackServer({BASE: echo}).start()
        clients = [dial(server) for _ in range(5)]
        server.stop()
        for client in clients:
            client.close()


@pytest.mark.parametrize("url", ["api.twilio.com", "ftp://a.test", "https://", "https://a.test?x", "https://a.test/#y"])
def test_no_base(url):
    """What is no base URL is refused when the server is made."""
    with pytest.raises(BaseUrlError, match="one looks like https://"):
        LoopbackServer({url: echo})


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: LoopbackServer(None), "LoopbackServer(services) wants a dict from base URL to service"),
        (lambda: LoopbackServer({5: echo}), "The base URL of a door wants a text, such as 'https://api.twilio.com'"),
        (lambda: LoopbackServer({BASE: None}), "The service of a door wants a world"),
        (lambda: LoopbackServer({BASE: echo}, real_time_scale="1"), "real_time_scale wants a number of real seconds"),
    ],
)
def test_no_server(make, told):
    """What no server can be made of is refused with what it wants."""
    with pytest.raises(ArgumentError) as caught:
        make()
    assert told in str(caught.value)


def test_no_delay():
    """No answer waits for an acknowledgement of the one before."""

    async def accept(bound, client):
        loop, manners = asyncio.get_running_loop(), Manners(scale=0, limits=Limits(), linger_s=1)
        with bound.accept()[0] as accepted, client:
            door = door_for(echo, BASE)
            transport, _ = await loop.connect_accepted_socket(lambda: Connection(door, set(), manners), accepted)
            transport.close()
            return accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    with socket.create_server(("127.0.0.1", 0)) as bound:
        assert asyncio.run(accept(bound, socket.create_connection(bound.getsockname()))) != 0


def test_within_a_running_loop(server):
    """A server may be started and stopped inside an asyncio test."""

    async def go():
        with LoopbackServer({BASE: echo}) as inner, dial(inner):
            return inner.url(BASE)

    assert asyncio.run(go()) != server.url(BASE)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="Open files are counted in /proc.")  # noqa: PTH112
def test_nothing_stays_open():
    """Start and stop give back every file descriptor."""
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with LoopbackServer({BASE: echo, OTHER: echo}) as server:
        assert send_by_requests(server.url(BASE), b"", {})[0] == 201

    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
