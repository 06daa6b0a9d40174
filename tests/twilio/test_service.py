"""The fake as a whole: who is let in, what is answered, what a test can look at and set up."""

import pytest

from pytest_botpenguin_otp.clock import Clock
from pytest_botpenguin_otp.errors import FaultError
from pytest_botpenguin_otp.faults import Fault, FaultPlan
from pytest_botpenguin_otp.journal import Journal
from pytest_botpenguin_otp.twilio import FakeTwilio
from pytest_botpenguin_otp.wire import Request

USER = "+14155550123"
GONE = "/Messages/SM" + "0" * 32 + ".json"


def code_of(answer):
    """Return status and code of an error."""
    assert answer.json().keys() == {"code", "message", "more_info", "status"}
    assert answer.json()["status"] == answer.status
    return answer.status, answer.json()["code"]


def test_create(client, twilio):
    """A message is created with 201, its request id bearing the message's own digits."""
    answer = client.create(Body="Your code is 123456 \u2713")
    shown = answer.json()

    assert answer.status == 201
    assert shown["body"] == "Your code is 123456 \u2713"
    assert (shown["to"], shown["from"], shown["status"]) == (USER, twilio.number, "queued")
    assert shown["date_created"] == shown["date_updated"] == "Thu, 15 Jan 2026 09:00:00 +0000"
    assert answer.header("twilio-request-id") == "RQ" + shown["sid"][2:]
    assert [message.sid for message in twilio.messages] == [shown["sid"]]


def test_fetch(client, clock):
    """A message is fetched as it is by then."""
    sid = client.create().json()["sid"]
    clock.advance_to(2000)
    shown = client.get(f"/Messages/{sid}.json").json()

    assert (shown["status"], shown["date_sent"]) == ("delivered", "Thu, 15 Jan 2026 09:00:00 +0000")
    assert shown["price"] == "-0.00750"


def test_redact(client):
    """An empty Body takes the text out for good."""
    sid = client.create().json()["sid"]
    answer = client.send("POST", f"/Messages/{sid}.json", Body="")

    assert (answer.status, answer.json()["body"]) == (200, "")
    assert client.get(f"/Messages/{sid}.json").json()["body"] == ""


def test_update_nothing(client):
    """An update that names nothing changes nothing."""
    shown = client.create().json()

    assert client.send("POST", f"/Messages/{shown['sid']}.json").json()["body"] == shown["body"]


@pytest.mark.parametrize("change", [{"Body": "other"}, {"Status": "delivered"}, {"Status": "canceled"}])
def test_update_refused(client, change):
    """No text can be put into a message, no status but canceled, and that only before it is sent."""
    sid = client.create().json()["sid"]

    assert code_of(client.send("POST", f"/Messages/{sid}.json", **change)) == (400, 20400)


def test_delete(client, twilio):
    """A deleted message is gone, with 204 and no body."""
    sid = client.create().json()["sid"]
    answer = client.send("DELETE", f"/Messages/{sid}.json")

    assert (answer.status, answer.body) == (204, b"")
    assert code_of(client.get(f"/Messages/{sid}.json")) == (404, 20404)
    assert twilio.messages == twilio.to(USER) == ()


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", GONE), ("POST", GONE), ("DELETE", GONE), ("GET", "/Nothing.json"), ("POST", "/messages.json")],
)
def test_not_found(client, method, path):
    """What does not exist is not found, and the path is named."""
    answer = client.send(method, path)

    assert code_of(answer) == (404, 20404)
    assert answer.json()["message"].startswith("The requested resource /2010-04-01/Accounts/AC")
    assert answer.json()["message"].partition(". ")[0].endswith(f"{path} was not found")


def test_someone_elses_message(client, client_of, twilio):
    """Another account's message does not exist."""
    sid = client.create().json()["sid"]
    other = twilio.add_account()

    assert code_of(client_of(twilio, other.sid, other.auth_token).get(f"/Messages/{sid}.json")) == (404, 20404)


def test_path_before_credentials(client_of, twilio):
    """A malformed account sid is a path that is not found, whatever the token."""
    answer = client_of(twilio, "nobody", "wrong", account_sid="invalid_sid").create()

    assert code_of(answer) == (404, 20404)
    assert "/2010-04-01/Accounts/invalid_sid/Messages.json was not found" in answer.json()["message"]


def test_unauthorized(client_of, twilio):
    """Wrong credentials are refused before anything else is looked at."""
    answer = client_of(twilio, password="wrong").create(To="banana")

    assert code_of(answer) == (401, 20003)
    assert answer.json()["message"] == "Authenticate"


def test_no_credentials(client, twilio):
    """Without credentials the text says so."""
    request = client.create_request()
    answer = twilio(Request(method="POST", url=request.url, body=request.body))

    assert answer.json()["message"] == "Authentication Error - No credentials provided"


def test_api_key(client_of, twilio):
    """An API key works with the account's sid in the path."""
    key = twilio.add_api_key()

    assert client_of(twilio, key.sid, key.secret, account_sid=twilio.account_sid).create().status == 201


@pytest.mark.parametrize(("method", "path"), [("PUT", "/Messages.json"), ("DELETE", "/Messages.json")])
def test_method(client, method, path):
    """A method that a path does not have is told with 405."""
    assert code_of(client.send(method, path)) == (405, 20004)


@pytest.mark.parametrize(
    ("method", "path", "params", "said"),
    [
        ("POST", "/Messages", {}, "answers in JSON only"),
        ("GET", "/Messages.csv", {}, "answers in JSON only"),
        ("POST", "/Messages.json", {"To": "whatsapp:+14155550123"}, "no other channel"),
        ("POST", "/Messages.json", {"To": USER, "ContentSid": "HX1"}, "no Content templates"),
    ],
)
def test_unsupported(client, method, path, params, said):
    """What only the real Twilio can do is told as such, not guessed."""
    answer = client.send(method, path, **params)

    assert answer.status == 501
    assert said in answer.json()["message"]


def test_rate_limit(client, clock, twilio):
    """What goes beyond the limit is never processed, and passes a second later."""
    twilio.limit(1)

    assert client.create().status == 201
    assert code_of(client.create()) == (429, 20429)
    assert len(twilio.messages) == 1
    clock.advance_to(1000)
    assert client.create().status == 201


def test_test_credentials(client_of, twilio, clock, journal):
    """Test credentials send nothing, keep nothing, send from one number only, and can do nothing else."""
    account = twilio.add_test_account()
    client = client_of(twilio, account.sid, account.auth_token)
    answer = client.create(StatusCallback="https://bot.example/")
    clock.advance_to(10_000)

    assert answer.status == 201
    assert code_of(client.get(f"/Messages/{answer.json()['sid']}.json")) == (403, 20008)
    assert code_of(client.get("/Messages.json")) == (403, 20008)
    assert code_of(client.create(From="+14155550199")) == (400, 21606)
    assert code_of(client.create(To="+15005550009")) == (400, 21614)
    assert twilio.messages == twilio.posted == journal.events == ()


def test_to(client, twilio):
    """Messages to a number are found by any spelling of it."""
    client.create()
    client.create(To="+14155550124")

    assert [message.to for message in twilio.to("+1 (415) 555-0123")] == [USER]
    assert twilio.to("banana") == ()


def test_worlds_share_nothing(client, client_of):
    """What one fake sends, the next never sees; equal seeds give equal answers."""
    other = FakeTwilio(clock=Clock(), journal=Journal(), seed=7, faults=FaultPlan())
    first = client.create()

    assert other.messages == ()
    assert client_of(other).create() == first


def test_repr(client, twilio):
    """No repr shows an account SID or a token."""
    client.create()

    assert repr(twilio) == "<FakeTwilio, 1 messages>"
    assert twilio.auth_token not in repr((twilio, twilio.messages))


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("POST", "/Messages.json", "create"),
        ("GET", "/Messages.json", "list"),
        ("GET", GONE, "fetch"),
        ("POST", GONE, "update"),
        ("DELETE", GONE, "delete"),
        ("PUT", GONE, None),
        ("GET", GONE.replace(".json", "/Media.json"), None),
        ("GET", "/Nothing.json", None),
    ],
)
def test_operation(client, twilio, method, path, operation):
    """A request's operation follows from method and path."""
    assert twilio.operation(client.request(method, path)) == operation


def test_phone(client, twilio):
    """A request to create is about its recipient; others are about nobody."""
    assert twilio.phone(client.create_request(To="+1 415 555 0123")) == USER
    assert twilio.phone(client.create_request(To=None)) is None
    assert twilio.phone(client.request("GET", "/Messages.json")) is None


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (None, 21211, (400, 21211)),
        (500, 21211, (500, 21211)),
        (503, None, (503, 20503)),
        (418, None, (418, 20418)),
        (None, None, (500, 20500)),
        (400, 29999, (400, 29999)),
    ],
)
def test_refuse(client, twilio, status, code, expected):
    """A refusal has Twilio's shape, whether it is asked for by code or by status, and sends nothing."""
    answer = twilio.refuse(client.create_request(), status=status, code=code)

    assert code_of(answer) == expected
    assert twilio.messages == ()


def test_refusal_is_about_its_request(client, twilio):
    """A refusal names the numbers of its request, masked where Twilio masks them."""
    answer = twilio.refuse(client.create_request(), status=None, code=21612)

    assert answer.json()["message"] == (
        f"Message cannot be sent with the current combination of 'To' (+1415555XXXX) and/or 'From' ({twilio.number})"
        " parameters"
    )


def test_refused_later(client, clock, twilio):
    """A delivery error is no refusal: the message is taken, never arrives, and fails later."""
    answer = twilio.refuse(client.create_request(), status=None, code=30003)
    clock.advance_to(10_000)
    (message,) = twilio.undelivered(None)

    assert (answer.status, answer.json()["error_code"]) == (201, None)
    assert (message.status, message.error_code) == ("undelivered", 30003)
    assert list(twilio.arrivals(None)) == []


def test_refused_later_and_bad(client, twilio):
    """A message that could not even be taken is refused at once."""
    assert code_of(twilio.refuse(client.create_request(To="banana"), status=None, code=30003)) == (400, 21211)


def test_refuse_unknown(client, twilio):
    """A code without a text is not guessed."""
    with pytest.raises(FaultError, match="no text for Twilio error 29999: give its HTTP status"):
        twilio.refuse(client.create_request(), status=None, code=29999)


def fault(operation, **fields):
    """Make a fault of Twilio."""
    return Fault(service="twilio", operation=operation, **fields)


@pytest.mark.parametrize(
    ("args", "fields", "planned"),
    [
        ((21211,), {}, [fault("create", code=21211)]),
        ((), {"code": 21211}, [fault("create", code=21211)]),
        (("fetch", 20404), {}, [fault("fetch", code=20404)]),
        ((), {"create": 21211}, [fault("create", code=21211)]),
        ((), {"create": 503, "nth": 2}, [fault("create", status=503, nth=2)]),
        ((), {"create": {"timeout": True}}, [fault("create", timeout=True)]),
        ((), {"timeout": True, "times": 3}, [fault("create", timeout=True, times=3)]),
        (("list",), {"status": 500}, [fault("list", status=500)]),
        ((), {"create": 30003, "fetch": 20500}, [fault("create", code=30003), fault("fetch", code=20500)]),
        ((), {"callback": "late"}, [fault("callback", callback="late")]),
        (("callback",), {"callback": "missing", "times": 2}, [fault("callback", callback="missing", times=2)]),
        ((), {"create": {"code": 29999, "status": 400}}, [fault("create", code=29999, status=400)]),
    ],
)
def test_fail(twilio, faults, args, fields, planned):
    """A fault is planned as it was said, and only planned."""
    assert list(twilio.fail(*args, **fields)) == planned
    assert faults.waiting


@pytest.mark.parametrize(
    ("args", "fields", "said"),
    [
        ((), {}, "changes nothing"),
        (("send", 1), {}, "twilio has no operation 'send'"),
        ((), {"create": 29999}, "no text for Twilio error 29999"),
        ((), {"timeuot": True}, "Did you mean 'timeout'"),
        ((), {"creat": 21211}, "Neither a call nor a field of a fault is 'creat'. Did you mean 'create'"),
        ((), {"create": None}, "not NoneType"),
        ((), {"callback": "latte"}, "Did you mean 'late'"),
        ((), {"callback": 500}, "a callback can have a delay, or be one of"),
    ],
)
def test_cannot_fail(twilio, faults, args, fields, said):
    """A fault that no Twilio could have is told at once, with the way out, and not planned."""
    with pytest.raises(FaultError, match=said):
        twilio.fail(*args, **fields)
    assert not faults.waiting


def test_linear(client, twilio):
    """Many messages stay findable; a page costs what is on it."""
    for last in range(3000):
        client.create(To=f"+1415555{100 + last % 100:04}")

    assert len(twilio.messages) == 3000
    assert len(twilio.to(USER)) == 30
    assert len(client.get("/Messages.json?PageSize=1000&Page=2").json()["messages"]) == 1000
