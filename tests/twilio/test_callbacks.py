"""Status callbacks are told as Twilio tells them, and go wrong on demand."""

from urllib.parse import urlsplit

import pytest
from twilio.request_validator import RequestValidator

from pytest_botpenguin_otp.clock import Clock
from pytest_botpenguin_otp.errors import FaultError, NoResponseError
from pytest_botpenguin_otp.faults import Fault, FaultPlan
from pytest_botpenguin_otp.journal import Journal
from pytest_botpenguin_otp.twilio import FakeTwilio
from pytest_botpenguin_otp.twilio.callbacks import LATE_MS, Retries, read_retries

URL = "https://bot.example/status?chat=1"
DEFAULT = frozenset({"ct"})


@pytest.fixture
def statuses(client, clock, told):
    """Give what sends a message and tells the statuses that were called back, in order."""

    def run(url=URL, **params):
        client.create(StatusCallback=url, **params)
        clock.advance_to(200_000)
        return [dict(request.form())["MessageStatus"] for request in told]

    return run


def test_statuses(statuses, twilio):
    """The first status is never told; sent and delivered are, at their moments."""
    assert statuses() == ["sent", "delivered"]
    assert [(posted.now_ms, posted.status, posted.outcome) for posted in twilio.posted] == [
        (500, "sent", 200),
        (2000, "delivered", 200),
    ]


def test_service(statuses, twilio):
    """With a Messaging Service, queued is told too."""
    service = twilio.add_messaging_service("+14155550198")

    assert statuses(From=None, MessagingServiceSid=service.sid) == ["queued", "sent", "delivered"]


def test_service_callback(client, clock, told, twilio):
    """A Messaging Service's own callback holds where the message names none."""
    service = twilio.add_messaging_service("+14155550198", status_callback="https://bot.example/service")
    client.create(From=None, MessagingServiceSid=service.sid)
    clock.advance_to(100)
    client.create(From=None, MessagingServiceSid=service.sid, StatusCallback=URL)
    clock.advance_to(160)

    assert [request.url for request in told] == ["https://bot.example/service", URL]
    assert dict(told[0].form())["MessagingServiceSid"] == service.sid


def test_no_receiver(client_of):
    """A fake without a receiver sends nothing and still takes messages."""
    twilio = FakeTwilio(clock=Clock(), journal=Journal(), seed=1, faults=FaultPlan())

    assert client_of(twilio).create(StatusCallback=URL).status == 201
    assert twilio.posted == ()


def test_request(statuses, told, twilio):
    """A callback is a signed form POST with Twilio's parameters and headers, and no text."""
    statuses()
    (message,) = twilio.messages
    sent, delivered = told

    assert (delivered.method, delivered.url) == ("POST", URL)
    assert dict(delivered.form()) == {
        "SmsSid": message.sid,
        "SmsStatus": "delivered",
        "MessageStatus": "delivered",
        "To": message.to,
        "MessageSid": message.sid,
        "AccountSid": twilio.account_sid,
        "From": twilio.number,
        "ApiVersion": "2010-04-01",
        "RawDlrDoneDate": "2601150900",
    }
    assert "RawDlrDoneDate" not in dict(sent.form())
    assert delivered.header("user-agent") == "TwilioProxy/1.1"
    assert delivered.header("content-type") == "application/x-www-form-urlencoded; charset=UTF-8"
    assert sent.header("i-twilio-idempotency-token") != delivered.header("i-twilio-idempotency-token")


def test_signature(statuses, told, twilio):
    """The official SDK accepts every signature, and not after a change."""
    statuses(url=f"{URL}#rc=3")
    validator = RequestValidator(twilio.auth_token)

    assert len(told) == 2
    for request in told:
        params = dict(request.form())
        signature = request.header("x-twilio-signature")
        assert validator.validate(request.url, params, signature)
        assert not validator.validate(request.url, params | {"MessageStatus": "failed"}, signature)


@pytest.mark.parametrize(("code", "told_"), [(30003, ["sent", "undelivered"]), (30001, ["failed"])])
def test_failure(client, told, code, told_):
    """A delivery error is told with its code, at the end."""
    client.twilio.refuse(client.create_request(StatusCallback=URL), status=None, code=code)
    client.clock.advance_to(10_000)
    forms = [dict(request.form()) for request in told]

    assert [form["MessageStatus"] for form in forms] == told_
    assert forms[-1]["ErrorCode"] == str(code)
    assert all("ErrorCode" not in form for form in forms[:-1])


def test_canceled(client, clock, told, twilio):
    """Of a canceled schedule that much is told, and nothing more."""
    service = twilio.add_messaging_service("+14155550198")
    when = {"MessagingServiceSid": service.sid, "SendAt": "2026-01-15T09:10:00Z", "StatusCallback": URL}
    sid = client.create(**when).json()["sid"]
    client.send("POST", f"/Messages/{sid}.json", Status="canceled")
    clock.advance_to(900_000)

    assert [dict(request.form())["MessageStatus"] for request in told] == ["canceled"]


@pytest.mark.parametrize(
    ("fragment", "more", "causes"),
    [
        ("", 1, DEFAULT),
        ("#rc=2&rp=5xx,ct,rt", 2, {"5xx", "ct", "rt"}),
        ("#rc=9", 5, DEFAULT),
        ("#rc=0", 0, DEFAULT),
        ("#rc=x&rp=all", 1, {"all"}),
        ("#rp=never", 1, set()),
    ],
)
def test_policy(fragment, more, causes):
    """The fragment of the URL says how often is retried, and after what."""
    assert read_retries(URL + fragment) == Retries(URL, more, frozenset(causes))


RESET, TIMEOUT, LOST = NoResponseError("reset"), NoResponseError("timeout"), NoResponseError("lost")


@pytest.mark.parametrize(
    ("fragment", "given", "outcomes"),
    [
        ("", [RESET, 200], ["reset", 200]),
        ("", [RESET, RESET, 200], ["reset", "reset"]),
        ("", [500], [500]),
        ("", [TIMEOUT], ["timeout"]),
        ("#rp=rt", [TIMEOUT, LOST], ["timeout", "lost"]),
        ("#rc=2&rp=5xx", [500, 503, 200], [500, 503, 200]),
        ("#rc=2&rp=5xx", [404], [404]),
        ("#rc=5&rp=4xx", [404] * 6, [404] * 6),
        ("#rc=2&rp=all", [RESET, 404, 500], ["reset", 404, 500]),
        ("#rc=2&rp=all", [302], [302]),
    ],
)
def test_retries(client, answers, fragment, given, outcomes):
    """Only what the policy names is tried again, and only so often; by default connection failures, once."""
    answers += given
    client.create(StatusCallback=URL + fragment)
    client.clock.advance_to(500)

    assert [posted.outcome for posted in client.twilio.posted] == outcomes


def test_same_token(client, clock, told, answers):
    """A retry carries the token of the first attempt and the same URL, without its fragment."""
    answers += [500]
    client.create(StatusCallback=f"{URL}#rp=all")
    clock.advance_to(500)
    first, second = told

    assert first == second
    assert urlsplit(first.url).fragment == ""


@pytest.mark.parametrize(
    ("fault", "told_"),
    [
        ({"callback": "missing"}, ["delivered"]),
        ({"callback": "missing", "times": 2}, []),
        ({"callback": "duplicate"}, ["sent", "sent", "delivered"]),
        ({"callback": "late"}, ["delivered", "sent"]),
        ({"callback": "late", "delay": 1}, ["sent", "delivered"]),
        ({"delay": 5}, ["delivered", "sent"]),
        ({"callback": "reordered"}, ["delivered", "sent"]),
        ({"callback": "reordered", "nth": 2}, ["sent", "delivered"]),
        ({"callback": "missing", "phone": "+14155550199"}, ["sent", "delivered"]),
    ],
)
def test_faults(statuses, twilio, fault, told_):
    """Callbacks are late, doubled, missing or out of order on demand."""
    twilio.fail(callback=fault)

    assert statuses() == told_


def test_fault_of_any_call(statuses, faults):
    """A fault of any call that is none of a callback's leaves callbacks alone."""
    faults.add(Fault(service="twilio", status=500, times=9))

    assert statuses() == ["sent", "delivered"]


def test_late(statuses, twilio):
    """Late means a minute, where nothing else is said."""
    twilio.fail(callback="late")
    statuses()

    assert [posted.now_ms for posted in twilio.posted] == [2000, 500 + LATE_MS]


def test_duplicate_is_the_same(statuses, twilio, told):
    """A duplicate cannot be told from the first but by its token being the same."""
    twilio.fail(callback="duplicate")
    statuses()

    assert told[0] == told[1]


def test_unknown_kind(client, clock, faults):
    """A plan that no callback could carry out is told, with what would fit."""
    faults.add(Fault(service="twilio", operation="callback", callback="latte"))
    client.create(StatusCallback=URL)

    with pytest.raises(FaultError, match=r"cannot be 'latte'\. Did you mean 'late'"):
        clock.advance_to(500)
