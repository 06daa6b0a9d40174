"""One world on loopback, asked by clients that we did not write."""

import json
import socket
import threading

import pytest
import requests
from otp_clients import CLIENTS, PATIENCE_S, Backend, behind_a_proxy, by_requests

from pytest_botpenguin_otp.transports.otp_server import OtpServer
from pytest_botpenguin_otp.transports.server import ServerError
from pytest_botpenguin_otp.world import World

SHORT_S = 0.15
NUMBER = "+14155550123"


@pytest.fixture
def server(otp_server, monkeypatch):
    """Give the server, in an environment with a proxy, configured as documented."""
    behind_a_proxy(monkeypatch, otp_server.no_proxy)
    return otp_server


@pytest.fixture(params=CLIENTS, ids=lambda client: client.name)
def client(request):
    """Give each client in turn."""
    return request.param


@pytest.fixture
def backend(client, server, otp_world):
    """Give a backend that uses the client."""
    return Backend(client, server, otp_world)


def test_flow(backend, handset, fake_botpenguin, fake_twilio):
    """Every client sends a code, and is told whether it is right, whatever proxy the environment names."""
    status, body = backend.send()
    code = handset.code()

    assert (status, json.loads(body)["data"]["otp"]) == (200, code)
    assert [message.to for message in fake_twilio.messages] == [NUMBER]
    right, wrong = backend.verify(code, code), backend.verify(code, "0000")
    assert (right[0], json.loads(right[1])["success"]) == (200, True)
    assert (wrong[0], json.loads(wrong[1])["success"]) == (400, False)
    assert len(fake_botpenguin.verified) == 1


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ({"status": 503}, lambda status, body: status == 503 and json.loads(body)["success"] is False),
        ({"status": 429, "body": "slow down"}, lambda *answer: answer == (429, b"slow down")),
        ({"code": 21211}, lambda status, body: status >= 400 and b"Twilio error 21211" in body),
        ({"malformed": True}, lambda status, body: (status, body[:1]) == (200, b"{") and _json(body) is None),
        ({"empty": True}, lambda *answer: answer == (200, b"")),
        ({"huge": True}, lambda status, body: status == 200 and len(json.loads(body)["padding"]) == 1 << 20),
        ({"wrong_type": True}, lambda status, body: status == 200 and json.loads(body)[0]["success"] is True),
        ({"slow": True}, lambda status, body: status == 200 and json.loads(body)["success"] is True),
        ({"delay": 3600}, lambda status, body: status == 200 and json.loads(body)["success"] is True),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)  # fmt: skip
def test_faults(backend, fake_botpenguin, fault, seen):
    """Each client sees what the fault says, and nobody waits for virtual time."""
    fake_botpenguin.fail(send=fault)

    assert seen(*backend.send())


def _json(body):
    try:
        return json.loads(body)
    except ValueError:
        return None


@pytest.mark.parametrize(("fault", "sent"), [("timeout", 0), ("lost", 1)])
def test_silence(backend, fake_botpenguin, fake_twilio, fault, sent):
    """Each client gives up by its own time-out; where the answer was lost, the SMS was sent all the same."""
    fake_botpenguin.fail(send={fault: True})

    with pytest.raises(backend.client.timeout):
        backend.send(patience_s=SHORT_S)
    assert len(fake_twilio.messages) == sent


def test_reset(backend, fake_botpenguin, fake_twilio):
    """Each client sees a connection that breaks, and goes on with the next."""
    fake_botpenguin.fail(send={"reset": True})

    with pytest.raises(backend.client.reset):
        backend.send()
    assert fake_twilio.messages == ()
    assert backend.send()[0] == 200


def test_proxy(otp_server, otp_world, monkeypatch):
    """Where the environment names a proxy and nothing goes past it, that proxy is asked: so `no_proxy` is needed."""
    behind_a_proxy(monkeypatch, "elsewhere.example")

    with pytest.raises(requests.exceptions.ProxyError):
        Backend(CLIENTS[0], otp_server, otp_world).send()
    assert otp_world.journal.events == ()


SEND = "/integrations/custom-feature/send-otp-sms"


@pytest.mark.parametrize(
    ("method", "base", "path", "told"),
    [
        ("POST", "botpenguin_url", SEND[:-4], "'send-otp' where 'send-otp-sms' belongs"),
        ("GET", "botpenguin_url", SEND, "send is a POST"),
        ("POST", "twilio_url", "/2010-04-01/accounts/AC1/Messages.json", "'accounts' where 'Accounts' belongs"),
        ("POST", "twilio_url", "/2010-04-01/Accounts/AC1/Messages.json", "'AC1' is not AC and 32 hexadecimal"),
    ],
)
def test_no_route(server, otp_world, method, base, path, told):  # noqa: PLR0917  # a table
    """What matches nothing says what would have, in the body, in the journal and in the transcript's words."""
    answer = requests.request(method, getattr(server, base) + path, timeout=PATIENCE_S)

    assert answer.status_code == 404
    assert told in answer.json()["message"]
    (served,) = otp_world.journal.events
    assert told in served.unmatched
    assert server.unexpected == ()


def test_wrong_method(server, otp_world, fake_twilio):
    """Twilio's fake keeps Twilio's four keys and first sentence for a method that is not there."""
    url = f"{server.twilio_url}/2010-04-01/Accounts/{fake_twilio.account_sid}/Messages.json"
    answer = requests.put(url, auth=(fake_twilio.account_sid, fake_twilio.auth_token), timeout=PATIENCE_S)

    assert answer.status_code == 405
    assert answer.json() == {
        "code": 20004,
        "message": "Method not allowed. PUT is not answered here; create is a POST, list is a GET.",
        "more_info": "https://www.twilio.com/docs/errors/20004",
        "status": 405,
    }
    assert [event.unmatched for event in otp_world.journal.events] == [
        "PUT is not answered here; create is a POST, list is a GET."
    ]


def test_worlds_never_mix():
    """Two servers serve two worlds, at ports of their own, on loopback only."""
    one, other = World(seed=1), World(seed=2)
    with OtpServer(one) as first, OtpServer(other) as second:
        urls = {first.twilio_url, first.botpenguin_url, second.twilio_url, second.botpenguin_url}
        assert len(urls) == 4
        assert all(url.startswith("http://127.0.0.1:") for url in urls)
        assert Backend(CLIENTS[0], first, one).send()[0] == 200
        assert first.failures == second.failures == ()

    assert (len(one.twilio.messages), len(other.twilio.messages)) == (1, 0)
    assert one.journal.events
    assert other.journal.events == ()


def test_not_running():
    """A server that does not run has no URL, and neither server nor world is in its repr's way."""
    server = OtpServer(World())

    assert repr(server) == "<OtpServer at 127.0.0.1>"
    with pytest.raises(ServerError, match="start it first"):
        assert server.twilio_url
    with server:
        assert server.twilio_url
    assert "otp-server" not in {thread.name for thread in threading.enumerate()}


def test_unexpected():
    """What breaks inside is a plain 500 for the client, and named for the test, in the journal too."""
    world = World()
    world.botpenguin.profile = None
    with OtpServer(world) as server:
        status, body = Backend(CLIENTS[0], server, world).send()

    assert (status, json.loads(body)["error"]) == (500, "AttributeError")
    assert len(server.failures) == 1
    assert server.unexpected[0].startswith("The service behind otp_server raised AttributeError: ")
    assert world.journal.events[-1].expectation.startswith(
        "POST api.v7.botpenguin.com/integrations/custom-feature/send-otp-sms: The service behind otp_server raised"
    )


def test_lock():
    """While a test holds the lock, no client is answered."""
    world = World()
    with OtpServer(world) as server:
        answers = []
        thread = threading.Thread(target=lambda: answers.append(Backend(CLIENTS[0], server, world).send()))
        with server.lock:
            thread.start()
            thread.join(SHORT_S)
            assert (answers, world.journal.events) == ([], ())
        thread.join()

    assert answers[0][0] == 200


def _dial(url):
    return socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=PATIENCE_S)


@pytest.mark.parametrize("scale", [0.0, 0.001])
@pytest.mark.parametrize("keep_alive", [True, False])
def test_slow(scale, keep_alive):
    """A slow body comes in many pieces and whole, before the answer to the next request on the same connection."""
    world = World()
    world.botpenguin.fail(verify={"slow": True, "times": 2})
    said = json.dumps({"systemOtp": "135790", "userOtp": "135790"})
    head = (
        "POST /integrations/custom-feature/verify-user-otp HTTP/1.1\r\nHost: a.test\r\n"
        f"Authorization: {world.botpenguin.token}\r\nContent-Length: {len(said)}\r\n"
    )
    last = "" if keep_alive else "Connection: close\r\n"
    with OtpServer(world, real_time_scale=scale) as server, _dial(server.botpenguin_url) as client:
        client.sendall(f"{head}\r\n{said}{head}{last}\r\n{said}".encode())
        client.shutdown(socket.SHUT_WR)
        pieces = list(iter(lambda: client.recv(4096), b""))

    answers = b"".join(pieces).split(b"HTTP/1.1 200 OK")
    assert len(pieces) > 5 or not scale  # without waits, what is written piece by piece may arrive at once
    assert [_json(answer.partition(b"\r\n\r\n")[2])["success"] for answer in answers[1:]] == [True, True]


def test_bytes_go_past_the_proxy(server):
    """A body that is no JSON is answered by the service, not by the client's library."""
    url = f"{server.botpenguin_url}/integrations/custom-feature/verify-user-otp"

    assert by_requests(url, b"\xff", {}, PATIENCE_S)[0] == 401


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        (None, 200),
        ("text/plain", 400),
        ("application/xml", 400),
        ("multipart/form-data", 400),
    ],
)
def test_content_type(server, fake_botpenguin, content_type, status):
    """A verify whose body is not said to be JSON gets 400 with the header's name, as in process."""
    url = f"{server.botpenguin_url}/integrations/custom-feature/verify-user-otp"
    headers = {"Authorization": str(fake_botpenguin.token)} | ({"Content-Type": content_type} if content_type else {})
    said = json.dumps({"systemOtp": "135790", "userOtp": "135790"}).encode()

    found, body = by_requests(url, said, headers, PATIENCE_S)

    assert found == status
    assert (b"Content-Type" in body) == (status == 400)
    assert len(fake_botpenguin.verified) == (status == 200)


def test_json_for_twilio(server, fake_twilio):
    """Twilio reads forms: what is sent to it as JSON holds no recipient, so nothing is sent."""
    url = f"{server.twilio_url}/2010-04-01/Accounts/{fake_twilio.account_sid}/Messages.json"
    said = {"To": NUMBER, "From": fake_twilio.number, "Body": "Hello"}
    signed = (str(fake_twilio.account_sid), str(fake_twilio.auth_token))
    found = requests.post(url, json=said, auth=signed, timeout=PATIENCE_S)

    assert (found.status_code, found.json()["code"]) == (400, 21604)
    assert fake_twilio.messages == ()
