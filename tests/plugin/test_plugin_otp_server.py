"""The fixture `otp_server`, and comparisons that fail, as a user meets them."""

ASK = """
import requests

def send(server, world):
    body = {
        "accountSID": world.twilio.account_sid, "authToken": world.twilio.auth_token,
        "fromNumber": world.twilio.number, "toNumber": "+14155550123",
    }
    url = f"{server.botpenguin_url}/integrations/custom-feature/send-otp-sms"
    with requests.Session() as session:
        session.trust_env = False
        return session.post(url, json=body, headers={"Authorization": world.botpenguin.token}, timeout=10)
"""


def test_worlds(project):
    """Each test has a server and a world of its own, across workers too, and nothing stays open."""
    tests = "\n".join(
        f"def test_{n}(otp_server, otp_world, handset):\n"
        "    assert otp_world.journal.events == ()\n"
        "    assert send(otp_server, otp_world).json()['data']['otp'] == handset.code()\n"
        for n in range(6)
    )
    project.file("test_it.py", ASK + tests)

    project.run("-W", "error").assert_outcomes(passed=6)
    project.run_alone("-W", "error", "-n", "2").assert_outcomes(passed=6)


BREAK = """
def test_it(otp_server, otp_world):
    otp_world.botpenguin.profile = None
    assert send(otp_server, otp_world).status_code == 500
"""


def test_unexpected(project):
    """A service that breaks fails the test by name, though the test itself saw nothing wrong."""
    project.file("test_it.py", ASK + BREAK)

    result = project.run()

    result.assert_outcomes(failed=1)
    assert "The service behind otp_server raised AttributeError: " in result.stdout.str()


def test_wrong_address(project):
    """A client's wrong address fails nothing by itself, and stands in the transcript of what does."""
    project.file(
        "test_it.py",
        """
import requests

def ask(server):
    with requests.Session() as session:
        session.trust_env = False
        return session.post(f"{server.botpenguin_url}/integrations/send-otp", timeout=10)

def test_fine(otp_server): assert ask(otp_server).status_code == 404
def test_fails(otp_server): assert ask(otp_server).status_code == 200
""",
    )

    result = project.run()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*no route", "*First difference: *"])


def test_comparison(project):
    """A failed comparison shows the fields that differ, and neither number nor code."""
    project.file(
        "test_it.py",
        """
from pytest_botpenguin_otp.botpenguin import Sent

def test_it():
    assert Sent(now_ms=0, to="+14155550123", code="13" "5790") == Sent(now_ms=0, to="+14155550123", code="24" "6801")

def test_tuples():
    assert (Sent(now_ms=0, to="", code="13" "5790"),) == ()

def test_others():
    assert (1, 2) == (1, 3)
""",
    )

    result = project.run()

    result.assert_outcomes(failed=3)
    assert {"135790", "246801"} & set(result.stdout.str().split("'")) == set()
    result.stdout.fnmatch_lines(
        [
            "E *Sent == Sent",
            "E *code: '?code 1?' != '?code 2?'",
            "E *?0? only on the left: Sent(*",
            "E *(1, 2) == (1, 3)",
        ]
    )
