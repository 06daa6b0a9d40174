"""The fake OTP service: its contract, its codes, and every undocumented answer as the profile says."""

import json

import pytest
from asked_botpenguin import AUTH, BODY, HOST, SEND, VERIFY, Service, message
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.botpenguin import MAGIC_CODES, TOKEN
from pytest_botpenguin_otp.errors import NoResponseError
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.wire import Request, Response, json_response

ALL = pytest.mark.parametrize("name", PROFILES)


def test_send():
    """Send OTP has Twilio send an SMS with a fresh code, and tells the code."""
    service = Service()
    answer = service.send()
    (asked,) = service.asked
    (sent,) = service.fake.sent

    assert (answer.status, answer.json()) == (
        200,
        {"success": True, "message": "", "data": {"otp": sent.code}, "code": 200},
    )
    assert asked.url == f"https://api.twilio.com/2010-04-01/Accounts/{BODY['accountSID']}/Messages.json"
    assert asked.basic_auth() == (BODY["accountSID"], BODY["authToken"])
    assert dict(asked.form()) == {
        "To": BODY["toNumber"],
        "From": BODY["fromNumber"],
        "Body": f"Your verification code is {sent.code}.",
    }
    assert sent.code not in repr(sent)
    assert sent.to not in repr(sent)


def test_verify():
    """Verify OTP says yes to two equal codes, and keeps no state of what was sent."""
    service = Service()

    assert service.verify("111111", "111111").json() == {"success": True, "message": "", "code": 200}
    assert [verified.code for verified in service.fake.verified] == ["111111"]
    assert "111111" not in repr(service.fake.verified)
    assert service.fake.sent == ()


@pytest.mark.parametrize(
    ("policy", "header", "told"),
    [
        ("any-scheme", None, "The Authorization header is missing."),
        ("any-scheme", " ", "The Authorization header is missing."),
        ("any-scheme", "fake-other", "The Authorization header holds no known token."),
        ("any-scheme", "Bearer", "The Authorization header holds no known token."),
        ("any-scheme", f"Basic {TOKEN}", "The Authorization header holds no known token."),
        ("any-scheme", TOKEN, None),
        ("any-scheme", f" {TOKEN} ", None),
        ("any-scheme", f"bearer  {TOKEN}", None),
        ("bearer", f"Bearer {TOKEN}", None),
        ("bearer", TOKEN, "The Authorization header is to be of the form: bearer."),
        ("bare", TOKEN, None),
        ("bare", f"Bearer {TOKEN}", "The Authorization header is to be of the form: bare."),
    ],
)
def test_authorization(policy, header, told):
    """The Authorization header is asked for in the form that the profile says, before the body is looked at."""
    headers = () if header is None else (("authorization", header),)
    answer = Service(authorization=policy).ask(SEND, BODY if told is None else b"{", headers)

    assert answer.status == (200 if told is None else 401)
    assert told is None or message(answer) == told


@pytest.mark.parametrize(
    ("url", "body", "field"),
    [
        *((SEND, {key: text for key, text in BODY.items() if key != name}, name) for name in BODY),
        *((SEND, BODY | {name: ""}, name) for name in BODY),
        *((SEND, BODY | {name: 5}, name) for name in BODY),
        (SEND, BODY | {"toNumber": "4155550123"}, "toNumber"),
        (SEND, BODY | {"toNumber": "+14155550123\n"}, "toNumber"),
        (SEND, BODY | {"phone": "x"}, "phone"),
        (VERIFY, {"systemOtp": "1"}, "userOtp"),
        (VERIFY, {"userOtp": "1"}, "systemOtp"),
        (VERIFY, {"systemOtp": 1, "userOtp": "1"}, "systemOtp"),
        (VERIFY, {"systemOtp": None, "userOtp": "1"}, "systemOtp"),
        (VERIFY, [], "mapping"),
        (VERIFY, b"", "mapping"),
        (VERIFY, b"{", "mapping"),
        (VERIFY, b"\xff", "mapping"),
        (VERIFY, b"[" * 100_000, "mapping"),
    ],
)
def test_contract(url, body, field):
    """A body that breaks the contract gets 400 with the field that is wrong, and no SMS is sent."""
    service = Service()
    answer = service.ask(url, body)

    assert answer.status == 400
    assert field in message(answer)
    assert service.asked == []


@ALL
@pytest.mark.parametrize(
    ("content_type", "taken"),
    [
        (None, True),
        ("", True),
        ("application/json", True),
        ("Application/JSON ; charset=utf-8", True),
        ("application/problem+json", True),
        ("text/plain", False),
        ("text/json", False),
        ("application/xml", False),
        ("application/jsonp", False),
        ("application/x-www-form-urlencoded", False),
        ("multipart/form-data; boundary=application/json", False),
        ("+json", False),
    ],
)
def test_content_type(name, content_type, taken):
    """A body said to be no JSON gets the profile's 400 with the header's name; one without the header passes."""
    service = Service(PROFILES[name])
    headers = AUTH if content_type is None else (*AUTH, ("content-type", content_type))
    codes = {"systemOtp": "111111", "userOtp": "111111"}

    answers = [service.ask(VERIFY, codes, headers), service.ask(SEND, BODY, headers)]

    assert [answer.status for answer in answers] == ([200, 200] if taken else [400, 400])
    assert (len(service.fake.verified), len(service.asked)) == ((1, 1) if taken else (0, 0))
    assert (
        taken or [message(answer) for answer in answers] == ["The Content-Type header is to be application/json."] * 2
    )


def test_content_type_of_no_body():
    """Without a body, what is missing is told and not how it is called."""
    answer = Service().ask(VERIFY, b"", (*AUTH, ("Content-Type", "text/plain")))

    assert "mapping" in message(answer)


@pytest.mark.parametrize(
    ("method", "url", "told"),
    [
        ("POST", f"{HOST}/send-otp", "Nothing is at /integrations/custom-feature/send-otp. Did you mean '"),
        ("POST", f"{SEND}/", "Nothing is at /integrations/custom-feature/send-otp-sms/. Did you mean '"),
        ("GET", SEND, "GET is not answered here; send is a POST."),
        ("PUT", VERIFY, "PUT is not answered here; verify is a POST."),
    ],
)
def test_no_route(method, url, told):
    """A wrong path or method explains itself."""
    answer = Service().ask(url, BODY, method=method)

    assert answer.status == 404
    assert message(answer).startswith(told)


@given(st.integers(0, 1 << 32))
def test_codes(seed):
    """Codes are fresh, of the asked length, never one that careless services accept, and the same for the same seed."""
    first, second = Service(seed=seed), Service(seed=seed)
    for service in (first, second):
        for _ in range(6):
            service.send()
    codes = [sent.code for sent in first.fake.sent]

    assert codes == [sent.code for sent in second.fake.sent]
    assert len(set(codes)) == 6
    assert all(len(code) == 6 and code.isdecimal() and code.isascii() for code in codes)
    assert not MAGIC_CODES & set(codes)


def test_short_codes():
    """However short a code is, none is like the last ones."""
    service = Service(code_length=1)
    codes = [service.send().json()["data"]["otp"] for _ in range(50)]

    assert all(code not in codes[max(0, at - 8) : at] for at, code in enumerate(codes))


def test_zeros_in_front():
    """Codes with zeros in front happen, and stay as they are where the code comes as text."""
    codes = [Service(seed=seed).send().json()["data"]["otp"] for seed in range(60)]

    assert any(code.startswith("0") for code in codes)
    assert {len(code) for code in codes} == {6}


def test_lost_zeros():
    """Where the code comes as a JSON number, its zeros in front are lost."""
    found = []
    for seed in range(60):
        service = Service(PROFILES["numeric-code"], seed=seed)
        found.append((service.send().json()["data"]["otp"], service.fake.sent[0].code))

    assert all(number == int(code) for number, code in found)
    assert any(code.startswith("0") for _, code in found)


@ALL
def test_profiles(name):
    """Each profile's answers have the status and the shape that it says."""
    profile = PROFILES[name]
    service = Service(profile)
    answers = {
        "send_ok": service.send(),
        "verify_ok": service.verify("1", "1"),
        "verify_mismatch": service.verify("1", "2"),
        "bad_request": service.ask(SEND, {}),
        "unauthorized": service.ask(SEND, BODY, ()),
        "not_found": service.ask(f"{HOST}/x", BODY),
        "send_refused": Service(profile, json_response(400, {"code": 21211, "message": "no"})).send(),
    }

    for field, answer in answers.items():
        assert answer.status == getattr(profile, field).status
        assert answer.json().keys() == json.loads(getattr(profile, field).body).keys()
        assert answer.header("content-type") == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("twilio", "told"),
    [
        (json_response(400, {"code": 21211, "message": "Invalid 'To'"}), "Twilio error 21211: Invalid 'To'"),
        (json_response(401, {"code": 20003}), "Twilio error 20003: "),
        (json_response(500, {"message": "x"}), "Twilio answered 500 without a code."),
        (json_response(500, []), "Twilio answered 500 without a code."),
        (Response(status=502, body=b"<html>"), "Twilio answered 502 without a code."),
        (Response(status=502, body=b"[" * 100_000), "Twilio answered 502 without a code."),
        (NoResponseError("timeout", elapsed_ms=7), "Twilio did not answer."),
    ],
)
def test_refused(twilio, told):
    """What Twilio refuses is told on, and the code counts as never sent."""
    service = Service(twilio=twilio)
    answer = service.send()

    assert (answer.status, message(answer)) == (400, told)
    assert answer.elapsed_ms == twilio.elapsed_ms
    assert service.fake.sent == ()


@pytest.mark.parametrize(
    ("comparison", "system", "user", "same"),
    [
        ("nonempty-text", "012345", "012345", True),
        ("nonempty-text", "012345", "12345", False),
        ("nonempty-text", "", "", False),
        ("any-text", "", "", True),
        ("any-text", "{}", "{}", True),
        ("any-text", "", "1", False),
        ("number", "012345", "12345", True),
        ("number", "1", "2", False),
        ("number", "", "", False),
        ("number", "x", "x", False),
        ("number", "1", "", False),
    ],
)
def test_comparison(comparison, system, user, same):
    """How two codes are compared is the profile's choice; the pessimist says yes to two empty ones."""
    service = Service(comparison=comparison)

    assert service.verify(system, user).status == (200 if same else 400)
    assert len(service.fake.verified) == same
    assert PROFILES["pessimist"].comparison == "any-text"


def test_serve():
    """A white-label host is answered like the real one."""
    service = Service()
    service.fake.serve("https://Chat.example.test/otp?x=1", "send")

    assert service.ask("https://chat.example.test/otp", BODY).status == 200
    assert service.fake.routes["chat.example.test/otp"] == "send"


@pytest.mark.parametrize(("body", "phone"), [(BODY, BODY["toNumber"]), ({"toNumber": 5}, None), ([], None), ({}, None)])
def test_phone(body, phone):
    """The number that a request is about is its `toNumber`."""
    request = Request(method="POST", url=SEND, body=json.dumps(body).encode())

    assert Service().fake.phone(request) == phone
