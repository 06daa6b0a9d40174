"""A user's project that records: its test, the secrets it knows, and what stands for the real service."""

from recordings import SHIPPED

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.wire import json_response

__all__ = ["ASKED", "CODE", "LOGIN", "README_BOT", "RECORD", "SECRETS", "SENSITIVE", "STAND_IN", "TEST", "real", "ship"]

LOGIN = """
import pytest

def login(flow_runner, otp_cassette, typed=None):
    chat = flow_runner.start("login.bot.yaml", service=otp_cassette.service)
    chat.user("+447700900123")
    chat.user(typed or otp_cassette.code(chat))
    return chat
"""
TEST = """
@pytest.mark.otp(live=True)
def test_it(flow_runner, otp_cassette):
    chat = login(flow_runner, otp_cassette)
    assert chat.verified
"""
RECORD = ["--otp-record", "--otp-live", "--otp-live-to=+447700900123", "--otp-sms-budget=2"]
SECRETS = {
    "TWILIO_ACCOUNT_SID": "AC" + "0badc0de" * 4,
    "TWILIO_AUTH_TOKEN": "feedface" * 4,
    "BOTPENGUIN_TOKEN": "s3cret-token-of-mine",
}
CODE = "483920"
SENSITIVE = (*SECRETS.values(), CODE, "cookie-canary-1", "header-canary-2", "AliceCanary")


README_BOT = (SHIPPED.parent / "tests" / "examples" / "readme" / "phone-login.bot.yaml").read_text(encoding="utf-8")


ASKED = []


def real(request):
    """Answer as the real service might: in a shape that no shipped profile has, with secrets everywhere."""
    ASKED.append(request)
    headers = (
        ("Content-Type", "application/json"),
        ("Set-Cookie", "session=cookie-canary-1"),
        ("X-Api-Token", "header-canary-2"),
    )
    if request.path.endswith("send-otp-sms"):
        return json_response(
            200, {"ok": True, "data": {"otp": CODE, "to": request.json()["toNumber"]}}, headers=headers
        )
    body = request.json()
    same = body["systemOtp"] == body["userOtp"]
    told = {"ok": same, "message": f"Dear AliceCanary, {body['userOtp']} is {'right' if same else 'wrong'}"}
    return json_response(200 if same else 400, told, headers=headers)


STAND_IN = """
import pytest
from httpcore._backends.sync import SyncBackend, SyncStream

@pytest.fixture(autouse=True)
def stand_in(monkeypatch):
    connect = SyncBackend.connect_tcp

    def connected(self, host, port, **more):
        return connect(self, "127.0.0.1", port if host == "127.0.0.1" else {port})

    monkeypatch.setattr(SyncBackend, "connect_tcp", connected)
    monkeypatch.setattr(SyncStream, "start_tls", lambda self, *_, **more: self)
"""


def ship(user, name="mismatch-400", test="test_it"):
    """Put a shipped cassette where the test's is looked for, its right login alone."""
    cassette = form.load(SHIPPED / f"login-{name}.yaml")
    exchanges = cassette.exchanges[2:]
    text = form.dump(type(cassette)(file="x", exchanges=exchanges, provenance=cassette.provenance))
    return user.file(f"cassettes/test_module/{test}.yaml", text)
