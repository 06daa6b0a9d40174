"""The respx door: named routes for the two hosts, and no hand on any other."""

import sys
from types import ModuleType

import httpx
import pytest
import respx

from pytest_botpenguin_otp.transports.respx_routes import httpx2_warning, mounted
from pytest_botpenguin_otp.world import BOTPENGUIN_URL, TWILIO_URL, World

SEND = f"{BOTPENGUIN_URL}/integrations/custom-feature/send-otp-sms"
VERIFY = f"{BOTPENGUIN_URL}/integrations/custom-feature/verify-user-otp"
SENDING = "send_otp"


def body(world):
    """Make the body of Send OTP."""
    account = {"accountSID": world.twilio.account_sid, "authToken": world.twilio.auth_token}
    return account | {"fromNumber": world.twilio.number, "toNumber": "+14155550123"}


def test_send():
    """A client of one's own is answered by the world, and the route knows that it was called."""
    world = World()
    with mounted(world) as router:
        answer = httpx.post(SEND, json=body(world), headers={"Authorization": world.botpenguin.token})

        assert answer.json()["data"]["otp"] == world.handset().code()
        assert router[SENDING].called
        assert not router["verify_otp"].called


@pytest.mark.parametrize(
    ("method", "url", "name", "status"),
    [
        ("POST", SEND, "send_otp", 401),
        ("POST", VERIFY, "verify_otp", 401),
        ("GET", SEND, "botpenguin", 404),
        ("POST", f"{BOTPENGUIN_URL}/x", "botpenguin", 404),
        ("POST", f"{TWILIO_URL}/2010-04-01/Accounts/AC1/Messages.json", "create_message", 404),
        ("GET", f"{TWILIO_URL}/2010-04-01/Accounts/AC1/Messages.json", "twilio", 404),
        ("GET", f"{TWILIO_URL}/x", "twilio", 404),
    ],
)
def test_names(method, url, name, status):
    """Each call is counted by the route of its name; the rest of each host is answered too."""
    with mounted(World()) as router:
        answer = httpx.request(method, url)

        assert answer.status_code == status
        assert [route.name for route in router.routes if route.called] == [name]


def test_unused():
    """Routes that nobody calls are no failure, and nothing stays behind."""
    with mounted(World()):
        pass

    with respx.mock(assert_all_called=False) as router:
        router.get(SEND).respond(204)
        assert httpx.get(SEND).status_code == 204


def test_silence():
    """A fault shows to the client as httpx's own error."""
    world = World()
    world.botpenguin.fail(send={"timeout": True})

    with mounted(world), pytest.raises(httpx.ReadTimeout):
        httpx.post(SEND, json=body(world))


def test_elsewhere():
    """A request to another host is left to the test's own router, whichever began first."""
    url = "https://elsewhere.example.test/"
    with respx.mock() as router:
        router.get(url).respond(204)
        with mounted(World()) as ours:
            assert httpx.get(url).status_code == 204
            assert not ours["botpenguin"].called
    with mounted(World()), respx.mock() as router:
        router.get(url).respond(204)
        assert httpx.get(url).status_code == 204


def test_passed_on():
    """Where there is no other router, a request to another host passes through: here nobody listens."""
    with mounted(World()), pytest.raises(httpx.ConnectError):
        httpx.get("http://127.0.0.1:1/")


def test_httpx2(monkeypatch):
    """Where httpx2 is imported, a warning says what respx cannot see, and the way out."""
    monkeypatch.delitem(sys.modules, "httpx2", raising=False)
    assert httpx2_warning() is None

    monkeypatch.setitem(sys.modules, "httpx2", ModuleType("httpx2"))

    assert "otp_server" in httpx2_warning()
