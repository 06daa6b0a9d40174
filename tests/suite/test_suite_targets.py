"""The suite's parts: which scenario a request is, how a service is asked for it, and what is wrong with an answer."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from recordings import PATH, post, send_request, verify_request
from replays import cassette

from pytest_botpenguin_otp import profile
from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.consent import Consents
from pytest_botpenguin_otp.errors import MissingExtraError, NoCodeError, OtpError
from pytest_botpenguin_otp.suite import choosing, scenario
from pytest_botpenguin_otp.suite.asking import Asked, Caller
from pytest_botpenguin_otp.suite.check import Check
from pytest_botpenguin_otp.suite.recorded import Recorded
from pytest_botpenguin_otp.suite.target import NotShownError, faults
from pytest_botpenguin_otp.wire import Request, Response, json_response
from pytest_botpenguin_otp.world import TWILIO_URL

M400 = profile.PROFILES["mismatch-400"]
VERIFY = f"{PATH}/verify-user-otp"
CALLER = Caller(
    base_url="https://a.test",
    authorization="fake-token",
    send={"accountSID": "AC", "authToken": "", "fromNumber": "", "toNumber": "+14155550123"},
)
YES = json_response(200, {"success": True, "message": "", "code": 200})


def asked(answer, under=M400, **settings):
    """Return a target of a service that always gives one answer, and the requests that it gets."""
    got = []

    def service(request):
        got.append(request)
        return answer

    return Asked(service, under, CALLER, evidence="a test", **settings), got


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        (send_request(), "send"),
        (verify_request("1", "1"), "right code"),
        (verify_request("1", "2"), "wrong code"),
        (verify_request("1", ""), "empty code"),
        (verify_request("", ""), "empty code"),
        (replace(send_request(), headers=()), "send without Authorization"),
        (verify_request("1", "1", authorization=" "), "verify with a blank Authorization"),
        (post(VERIFY, {"systemOtp": "1"}), "verify without userOtp"),
        (post(VERIFY, {}), None),
        (post(VERIFY, {"systemOtp": "1", "more": 1}), None),
        (post(VERIFY, []), None),
        (replace(post(VERIFY, {}), body=b"no JSON"), None),
        (Request(method="GET", url=f"{TWILIO_URL}/2010-04-01/Accounts/AC/Messages.json"), None),
    ],
)
def test_scenario_of(request_, name):
    """A request is one scenario at most."""
    assert scenario.of(request_) == name


def test_every_scenario_is_asked_as_it_is_recognised():
    """What is asked for a scenario would be recognised as it in a recording, but for values that no contract takes."""
    answer = json_response(200, {"data": {"otp": "271828"}})
    for name in scenario.EXPECTED:
        target, got = asked(answer)
        target.shown(name)
        body = json.loads(got[-1].body)

        assert (scenario.operation_of(name) == "send") is got[-1].url.endswith("/send-otp-sms")
        if scenario.operation_of(name) == "verify":
            assert scenario.of(got[-1]) == name
        else:
            assert len(body) == (3 if "without" in name and "Authorization" not in name else 4)


def test_code_of_a_command():
    """Where no answer tells the code, a command does; once, for all scenarios."""
    codes = iter(["271828"])
    target, got = asked(json_response(200, {}), command=lambda: next(codes))
    for name in (scenario.RIGHT, scenario.WRONG):
        target.shown(name)

    assert [json.loads(request.body).get("userOtp") for request in got] == [None, "271828", "382939"]


def test_no_code():
    """Without a code a scenario cannot be shown, and the reason says what helps."""

    def broken():
        raise NoCodeError("The command of --otp-code-command gave no code: OSError.")

    for settings, told in (({}, "--otp-code-command"), ({"command": broken}, "gave no code: OSError")):
        target, _ = asked(json_response(200, {}), **settings)
        with pytest.raises(NotShownError, match=told):
            target.shown(scenario.RIGHT)


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        (scenario.WRONG, YES, "this was accepted"),
        (scenario.EMPTY, YES, "this was accepted"),
        (scenario.RIGHT, json_response(400, {}), "HTTP status: answered 400, the profile says 200"),
        (scenario.RIGHT, Response(status=200, body=b"<html>"), "breaks its contract"),
        (scenario.unsigned("verify"), YES, "this was accepted"),
        (scenario.lacking("verify", "userOtp"), json_response(400, {}), "does not name the field"),
        (scenario.SEND, YES, "no code at 'data.otp'"),
    ],
)
def test_faults(name, answer, told):
    """Each fault is a sentence that names the scenario."""
    target, _ = asked(answer, naming=True, command=lambda: "271828")
    found = faults(target, name)

    assert any(told in fault for fault in found)
    assert all(fault.startswith(f"https://a.test: {name}: ") for fault in found)


ELSE = json_response(422, {"detail": [{"msg": "no"}]})
BODY = "the body is another than the profile assumes; learn a recording of such a refusal"
KEYS = "the answer lacks body.code, body.message, body.success and has body.detail besides; the profile says otherwise"


@pytest.mark.parametrize(
    ("name", "kind", "status", "body"),
    [
        (scenario.lacking("verify", "userOtp"), "assumed", 400, BODY),
        (scenario.unsigned("verify"), "assumed", 401, BODY),
        (scenario.unsigned("verify"), "recorded", 401, KEYS),
    ],
)
def test_refusals_that_were_not_learned(name, kind, status, body):
    """What a refusal looks like is told key by key, in one line, once it was learned; before, that it is another."""
    known = tuple((field, profile.Provenance(kind=kind, source="x")) for field in ("unauthorized", "bad_request"))
    target, _ = asked(ELSE, under=replace(M400, provenance=known))

    assert faults(target, name) == tuple(
        f"https://a.test: {name}: {line}" for line in (f"HTTP status: answered 422, the profile says {status}", body)
    )


def test_an_answer_of_another_shape_is_told_in_a_line():
    """Keys that an answer lacks, and those that it has besides, are one line, and no other repeats them."""
    target, _ = asked(json_response(200, {"status": "success"}), command=lambda: "271828")
    told = KEYS.replace("detail", "status")

    assert faults(target, scenario.RIGHT) == (f"https://a.test: right code: {told}",)


def test_a_recorded_request_without_a_code_that_was_accepted(tmp_path):
    """It is told as accepted, though a replay would not play it: nobody could tell which code it was about."""
    asked = replace(post(VERIFY, {"systemOtp": "483920"}), headers=(("Authorization", "some-token-of-a-user"),))
    form.write(cassette((asked, YES)), tmp_path / "it.yaml")
    found = faults(Recorded(tmp_path / "it.yaml", M400), scenario.lacking("verify", "userOtp"))

    assert f"{tmp_path / 'it.yaml'}:10: verify without userOtp: this was accepted" in found


def test_profile_without_a_place_for_a_message():
    """A field need not be named where the profile has no place for it, and there may be no contract."""
    own = replace(M400, name="own", bad_request=profile.Answer(400, '{"success": false}'))
    target, _ = asked(json_response(400, {"success": False}), under=own, naming=True)

    assert faults(target, scenario.lacking("send", "toNumber")) == ()


def test_check_shows_nothing():
    """The fixture's value tells what is checked, and nothing of an answer."""
    target, _ = asked(YES)

    assert repr(Check(target)) == "<check of a test under mismatch-400>"
    assert "AC" not in repr(CALLER)


class Config:
    """What the suite reads of pytest's configuration."""

    def __init__(self, target):
        self._target = target
        self.invocation_params = pytest.Config.InvocationParams(args=(), plugins=None, dir=Path.cwd())

    def getoption(self, name):
        """Return the target, and nothing else."""
        return self._target if name == "otp_target" else None

    def getini(self, _):
        """Return nothing."""
        return ""


def test_without_httpx(tmp_path, monkeypatch):
    """Without httpx a service cannot be asked, and the line that installs it is told."""
    monkeypatch.setitem(sys.modules, "httpx", None)

    with pytest.raises(MissingExtraError, match=r"pip install .*\[http\]"):
        choosing.chosen(Config("http://localhost:9"), M400, dict, tmp_path, Consents())


@pytest.mark.parametrize("url", ["https://a.test", "http://127.0.0.1.a.test", "http://10.0.0.1:80", "http://[::2]"])
def test_what_is_not_this_machine(url, monkeypatch):
    """Only loopback goes without consents; a name that looks like it does not."""
    monkeypatch.delenv("BOTPENGUIN_OTP_LIVE", raising=False)

    for marker in (False, True):
        with pytest.raises(OtpError, match="A live call was refused") as told:
            choosing.consents(Config(url), marker=marker)

        assert ("the marker @pytest.mark.otp(live=True)" in str(told.value)) is not marker


@pytest.mark.parametrize(
    "target", ["fake", "cassettes", "http://127.0.0.1:8000", "https://localhost/x", "http://[::1]"]
)
def test_what_needs_no_consent(target):
    """Fakes, recordings and a service on this machine need none."""
    assert not choosing.consents(Config(target), marker=False).option
