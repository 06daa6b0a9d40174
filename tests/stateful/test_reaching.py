"""A service at a URL is asked freely on loopback, and elsewhere past a guard and over https alone."""

import socket
from threading import Thread

import pytest

from pytest_botpenguin_otp.cassettes.errors import ConsentError
from pytest_botpenguin_otp.errors import NoResponseError
from pytest_botpenguin_otp.stateful import MachineError, reaching
from pytest_botpenguin_otp.stateful.reaching import on_loopback, reached
from pytest_botpenguin_otp.transports.server import LoopbackServer
from pytest_botpenguin_otp.wire import Request, Response

ELSEWHERE = "https://otp.example.com"


class Guard:
    """Notes what it is asked, and refuses where it is told to."""

    def __init__(self, *, refuses=False):
        self.asked = []
        self.refuses = refuses

    def check(self, request, operation):
        """Note it."""
        self.asked.append((request.url, operation))
        if self.refuses:
            raise ConsentError("no budget")


def asked(url):
    """Return a request to a URL."""
    return Request(method="POST", url=f"{url}/send-otp-sms?y=1", body=b"{}")


@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000", True),
        ("http://localhost", True),
        ("http://127.0.0.1.example.com", False),
        ("http://10.0.0.7", False),
        ("https://api.v7.botpenguin.com", False),
        ("http://", False),
    ],
)
def test_on_loopback(url, near):
    """Only this machine is loopback, however the host is written."""
    assert on_loopback(url) is near


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1:8000", "https://", "/path"])
def test_no_url(url):
    """What is no URL of a service is refused, with an example of one."""
    with pytest.raises(MachineError, match=r"such as 'http://127\.0\.0\.1:8000'"):
        reached(url, None, lambda _: None)


def test_no_plain_http_elsewhere():
    """A guard that would allow it does not let a call go over plain http."""
    with pytest.raises(ConsentError, match="never asked over plain http"):
        reached("http://otp.example.com", Guard(), lambda _: "send")


def test_a_guard_that_refuses():
    """What the guard refuses is not sent: it does not even come to the trap for networks."""
    guard = Guard(refuses=True)
    with pytest.raises(ConsentError, match="no budget"):
        reached(ELSEWHERE, guard, lambda _: "send")(asked(ELSEWHERE))

    assert guard.asked == [(f"{ELSEWHERE}/send-otp-sms?y=1", "send")]


def test_a_guard_is_asked_before_each_call():
    """Elsewhere each call is put before the guard, with its operation, and only then sent."""
    guard = Guard()
    for _ in range(2):
        with pytest.raises(AssertionError, match=r"reached for the network: otp\.example\.com"):
            reached(ELSEWHERE, guard, lambda _: "send")(asked(ELSEWHERE))

    assert guard.asked == [(f"{ELSEWHERE}/send-otp-sms?y=1", "send")] * 2


def test_what_a_service_answers():
    """On loopback the service's own answer comes back; it is asked with path, query and body."""
    with LoopbackServer({ELSEWHERE: lambda request: Response(status=203, body=request.url.encode())}) as server:
        answer = reached(server.url(ELSEWHERE), None, lambda _: None)(asked(server.url(ELSEWHERE)))

    assert (answer.status, answer.body) == (203, f"{ELSEWHERE}/send-otp-sms?y=1".encode())


def test_no_answer():
    """A connection that nobody takes, and one that is closed without an answer, are no answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def hang_up():
            listener.accept()[0].close()

        closing = Thread(target=hang_up)
        closing.start()
        with pytest.raises(NoResponseError, match="reset"):
            reached(url, None, lambda _: None)(asked(url))
        closing.join()

    with pytest.raises(NoResponseError, match="reset"):
        reached(url, None, lambda _: None)(asked(url))


def test_a_service_that_takes_too_long(monkeypatch):
    """Who does not answer in time has timed out."""
    monkeypatch.setattr(reaching, "PATIENCE_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(NoResponseError, match="timeout"):
            reached(url, None, lambda _: None)(asked(url))
