"""The respx door: whatever uses httpx talks to the fakes for one test, and other hosts notice nothing."""

import sys

import pytest

pytestmark = pytest.mark.usefixtures("no_sockets", "no_httpx2")

CLIENT = """
import httpx
import pytest

BASE = "https://api.v7.botpenguin.com/integrations/custom-feature"

def send(world):
    body = {
        "accountSID": world.twilio.account_sid, "authToken": world.twilio.auth_token,
        "fromNumber": world.twilio.number, "toNumber": "+14155550123",
    }
    return httpx.post(f"{BASE}/send-otp-sms", json=body, headers={"Authorization": world.botpenguin.token})

def verify(world, system, user):
    body = {"systemOtp": system, "userOtp": user}
    return httpx.post(f"{BASE}/verify-user-otp", json=body, headers={"Authorization": world.botpenguin.token})

def create(world):
    url = f"https://api.twilio.com/2010-04-01/Accounts/{world.twilio.account_sid}/Messages.json"
    form = {"To": "+14155550123", "From": world.twilio.number, "Body": "Your code is 443322"}
    return httpx.post(url, data=form, auth=(world.twilio.account_sid, world.twilio.auth_token))
"""
TRAP = "reached for the network: crm.example"


@pytest.fixture
def no_httpx2(monkeypatch):
    """Forget that a test before may have imported httpx2, of which the door warns."""
    monkeypatch.delitem(sys.modules, "httpx2", raising=False)


def test_fakes(project):
    """`httpx.post` to the two hosts reaches the fakes, and the named routes count what came."""
    project.file(
        "test_it.py",
        CLIENT
        + """
def test_it(otp_respx, otp_world, handset):
    sent = send(otp_world)
    assert sent.json()["data"]["otp"] == handset.code()
    assert verify(otp_world, handset.code(), handset.code()).json()["success"] is True
    assert verify(otp_world, handset.code(), "0000").status_code == 400
    assert create(otp_world).status_code == 201
    assert handset.code() == "443322"
    counts = {name: otp_respx[name].call_count for name in ("send_otp", "verify_otp", "create_message")}
    assert counts == {"send_otp": 1, "verify_otp": 2, "create_message": 1}

def test_rest(otp_respx, otp_world):
    assert httpx.get("https://api.v7.botpenguin.com/elsewhere").status_code == 404
    assert httpx.get(f"{BASE}/send-otp-sms").status_code == 404
    assert not otp_respx["send_otp"].called

def test_fault(otp_respx, otp_world):
    otp_world.botpenguin.fail(send={"timeout": True})
    with pytest.raises(httpx.ReadTimeout):
        send(otp_world)

@pytest.mark.asyncio
async def test_async(otp_respx, otp_world):
    async with httpx.AsyncClient() as client:
        assert (await client.post(f"{BASE}/send-otp-sms")).status_code == 401
""",
    )

    project.run("-W", "error").assert_outcomes(passed=4)


def test_unused_routes(project):
    """No route has to be used."""
    project.file("test_it.py", "def test_it(otp_respx): pass")

    project.run().assert_outcomes(passed=1)


def test_other_hosts(project):
    """Another host is neither answered nor refused: the request goes where it would have gone."""
    project.file("test_it.py", "import httpx\ndef test_it(otp_respx): httpx.get('https://crm.example/')")

    result = project.run()

    result.assert_outcomes(failed=1)
    assert TRAP in result.stdout.str()


def test_own_transport(project):
    """A client with a transport of its own keeps it."""
    project.file(
        "test_it.py",
        """
import httpx

def test_it(otp_respx):
    transport = httpx.MockTransport(lambda request: httpx.Response(418))
    with httpx.Client(transport=transport) as client:
        assert client.get("https://api.twilio.com").status_code == 418
    assert not otp_respx["twilio"].called
""",
    )

    project.run().assert_outcomes(passed=1)


def test_unmounted(project):
    """After the test nothing stays mounted, whether it passed or failed."""
    project.file(
        "test_it.py",
        """
import httpx

def test_passes(otp_respx): pass
def test_fails(otp_respx): assert False

def test_after():
    httpx.get("https://api.twilio.com/")
""",
    )

    result = project.run()

    result.assert_outcomes(passed=1, failed=2)
    assert "reached for the network: api.twilio.com" in result.stdout.str()


OWN = """
    respx_mock.get("https://crm.example/").respond(202)
    assert httpx.get("https://crm.example/").status_code == 202
    assert send(otp_world).status_code == 200
    assert otp_respx["send_otp"].call_count == 1
"""


@pytest.mark.parametrize("order", ["respx_mock, otp_respx", "otp_respx, respx_mock"])
def test_beside_respx(project, order):
    """The user's own `respx_mock` answers its routes, whichever of the two was mounted first."""
    project.file("test_it.py", f"{CLIENT}\ndef test_it({order}, otp_world):{OWN}")

    project.run().assert_outcomes(passed=1)


def test_beside_strict_respx(project):
    """What the user's own strict `respx_mock` refuses is not let out to the network by ours."""
    project.file("test_it.py", "import httpx\ndef test_it(respx_mock, otp_respx): httpx.get('https://crm.example/')")

    result = project.run()

    result.assert_outcomes(failed=1)
    assert "not mocked" in result.stdout.str()
    assert TRAP not in result.stdout.str()


def test_beside_pytest_httpx(project):
    """pytest-httpx answers the hosts it is told to, and leaves ours to us."""
    project.file(
        "test_it.py",
        CLIENT
        + """
@pytest.mark.httpx_mock(should_mock=lambda request: request.url.host == "crm.example")
def test_it(httpx_mock, otp_respx, otp_world):
    httpx_mock.add_response(url="https://crm.example/", status_code=202)
    assert httpx.get("https://crm.example/").status_code == 202
    assert send(otp_world).status_code == 200
""",
    )

    project.run().assert_outcomes(passed=1)


def test_flow_through_http(project):
    """A flow can be sent through a real httpx client, so that its calls are counted too."""
    project.file(
        "test_it.py",
        """
import httpx
from pytest_botpenguin_otp.transports.http import through

def test_it(otp_respx, flow_runner, handset):
    with httpx.Client() as client:
        chat = flow_runner.start("phone-login.bot.yaml", service=through(client))
        chat.user("+1 415 555 0123")
        chat.user(handset.code())
    assert chat.verified
    assert otp_respx["send_otp"].call_count == otp_respx["verify_otp"].call_count == 1
""",
    )

    project.run().assert_outcomes(passed=1)


@pytest.mark.parametrize(("action", "outcome"), [("default", "passed"), ("error", "errors")])
def test_httpx2(project, action, outcome):
    """Where httpx2 is imported, a warning says that respx does not see it; a strict project fails on it."""
    project.file("test_it.py", "import sys\nsys.modules.setdefault('httpx2', sys)\ndef test_it(otp_respx): pass")

    result = project.run("-W", f"{action}::UserWarning")

    assert result.parseoutcomes()[outcome] == 1
    result.stdout.fnmatch_lines(["*httpx2 is imported, and respx does not see its requests*otp_server*"])


def test_without_respx(project):
    """Where respx is missing, the fixture says which line installs it."""
    project.file(
        "test_it.py",
        """
import sys
import pytest
from pytest_botpenguin_otp import transports

@pytest.fixture(autouse=True)
def gone(monkeypatch):
    monkeypatch.delattr(transports, "respx_routes")
    monkeypatch.setitem(sys.modules, "pytest_botpenguin_otp.transports.respx_routes", None)

def test_it(otp_respx): pass
""",
    )

    result = project.run()

    result.assert_outcomes(errors=1)
    assert "\nThe fixture otp_respx needs an extra: pip install 'pytest-botpenguin-otp[http]'\n" in result.stdout.str()
    assert "collecting.py" not in result.stdout.str()
