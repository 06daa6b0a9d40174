"""The official SDK cannot tell the fake from Twilio."""

import asyncio
import logging
from base64 import b64encode
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import AsyncHttpClient, HttpClient
from twilio.http.response import Response as SdkResponse
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from pytest_botpenguin_otp.wire import Request

USER = "+14155550123"
LOGGER = logging.getLogger("test")


def answer(service, method, url, **kwargs):
    """Carry one request of the SDK to `service`."""
    query = urlencode(kwargs.get("params") or {}, doseq=True)
    secret = b64encode(":".join(kwargs["auth"]).encode()).decode()
    request = Request(
        method=method,
        url=f"{url}?{query}" if query else url,
        headers=(*(kwargs.get("headers") or {}).items(), ("Authorization", f"Basic {secret}")),
        body=urlencode(kwargs.get("data") or {}, doseq=True).encode(),
    )
    response = service(request)
    return SdkResponse(response.status, response.body.decode(), dict(response.headers))


class InProcess(HttpClient):
    """The SDK's own way to another HTTP client."""

    def __init__(self, service):
        super().__init__(LOGGER, is_async=False)
        self.service = service

    def request(self, method, uri, **kwargs):
        """Answer from the fake."""
        return answer(self.service, method, uri, **kwargs)


class AsyncInProcess(AsyncHttpClient):
    """The same for the SDK's async methods."""

    def __init__(self, service):
        super().__init__(LOGGER, is_async=True)
        self.service = service

    async def request(self, method, uri, **kwargs):
        """Answer from the fake."""
        return answer(self.service, method, uri, **kwargs)


@pytest.fixture
def sdk(twilio):
    """Give the official client."""
    return Client(twilio.account_sid, twilio.auth_token, http_client=InProcess(twilio))


@pytest.fixture
def async_sdk(twilio):
    """Give the official client for async methods."""
    return Client(twilio.account_sid, twilio.auth_token, http_client=AsyncInProcess(twilio))


def create(sdk, twilio, **params):
    """Send a message that is fine, but for what `params` say."""
    return sdk.messages.create(**{"to": USER, "from_": twilio.number, "body": "Your code is 123456"} | params)


def test_create(sdk, twilio):
    """Every field is read as the SDK promises."""
    message = create(sdk, twilio)

    assert (message.to, message.from_, message.body) == (USER, twilio.number, "Your code is 123456")
    assert (message.status, message.direction, message.num_segments) == ("queued", "outbound-api", "1")
    assert message.date_created == datetime(2026, 1, 15, 9, tzinfo=UTC)
    assert message.date_sent is message.price is message.error_code is None
    assert message.sid == twilio.messages[0].sid


def test_create_with_media(sdk, twilio):
    """A list of media is read as such."""
    assert create(sdk, twilio, media_url=["https://bot.example/1", "https://bot.example/2"]).num_media == "2"


def test_fetch(sdk, twilio, clock):
    """A message is fetched, and its status has moved on."""
    sid = create(sdk, twilio).sid
    clock.advance_to(2000)
    message = sdk.messages(sid).fetch()

    assert (message.status, message.date_sent) == ("delivered", datetime(2026, 1, 15, 9, tzinfo=UTC))


def test_list(sdk, twilio):
    """A list goes over all pages, newest first."""
    sids = [create(sdk, twilio).sid for _ in range(7)]

    assert [message.sid for message in sdk.messages.list(page_size=3)] == sids[::-1]
    assert [message.sid for message in sdk.messages.list(limit=2)] == sids[:-3:-1]
    assert sdk.messages.list(to="+14155550199") == []


def test_list_by_date(sdk, twilio, clock):
    """Dates go out as the SDK writes them, and are understood."""
    sids = []
    for second in (0, 60):
        clock.advance_to(second * 1000)
        sids.append(create(sdk, twilio).sid)
    clock.advance_to(120_000)
    moment = datetime(2026, 1, 15, 9, 0, 30, tzinfo=UTC)

    assert [message.sid for message in sdk.messages.list(date_sent_after=moment)] == sids[1:]
    assert [message.sid for message in sdk.messages.list(date_sent_before=moment)] == sids[:1]
    assert len(sdk.messages.list(date_sent=datetime(2026, 1, 15, 9, tzinfo=UTC))) == 1


def test_redact_and_delete(sdk, twilio):
    """A message is redacted, then deleted, then gone."""
    message = create(sdk, twilio)

    assert message.update(body="").body == ""
    assert message.delete()
    with pytest.raises(TwilioRestException) as error:
        message.fetch()
    assert (error.value.status, error.value.code) == (404, 20404)


def test_cancel(sdk, twilio):
    """A scheduled message is canceled."""
    service = twilio.add_messaging_service("+14155550198")
    message = create(
        sdk,
        twilio,
        messaging_service_sid=service.sid,
        send_at=datetime(2026, 1, 15, 10, tzinfo=UTC),
        schedule_type="fixed",
    )

    assert message.status == "scheduled"
    assert message.update(status="canceled").status == "canceled"


@pytest.mark.parametrize(
    ("params", "expected", "text"),
    [
        ({"to": "banana"}, (400, 21211), "Invalid 'To' Phone Number: baXXXX"),
        ({"to": "+15005550009"}, (400, 21614), "To number: +15005550009, is not a mobile number"),
        ({"from_": "+15005550008"}, (429, 21611), "SMS queue is full."),
        ({"body": ""}, (400, 21619), "A text message body or media urls must be specified."),
    ],
)
def test_errors(sdk, twilio, params, expected, text):
    """An error is the SDK's own exception with status, code and text."""
    with pytest.raises(TwilioRestException) as error:
        create(sdk, twilio, **params)

    assert (error.value.status, error.value.code) == expected
    assert error.value.msg == f"Unable to create record: {text}"


def test_wrong_token(twilio):
    """A wrong token is told by create as an exception, and by list as the SDK tells that."""
    sdk = Client(twilio.account_sid, "wrong", http_client=InProcess(twilio))

    with pytest.raises(TwilioRestException) as error:
        create(sdk, twilio)
    assert (error.value.status, error.value.code) == (401, 20003)
    with pytest.raises(TwilioException, match="Unable to fetch page"):
        sdk.messages.list()


def test_api_key(twilio):
    """An API key signs in for its account."""
    key = twilio.add_api_key()
    sdk = Client(key.sid, key.secret, twilio.account_sid, http_client=InProcess(twilio))

    assert create(sdk, twilio).account_sid == twilio.account_sid


def test_callback(sdk, twilio, clock, told):
    """The SDK's validator accepts our callbacks."""
    create(sdk, twilio, status_callback="https://bot.example:8443/status?chat=1#rc=2")
    clock.advance_to(10_000)
    validator = RequestValidator(twilio.auth_token)

    assert len(told) == 2
    for request in told:
        assert validator.validate(request.url, dict(request.form()), request.header("x-twilio-signature"))


def test_async(async_sdk, twilio):
    """The async client does all of it too."""

    async def talk():
        made = [await async_sdk.messages.create_async(to=USER, from_=twilio.number, body="1234") for _ in range(3)]
        listed = await async_sdk.messages.list_async(page_size=2)
        fetched = await async_sdk.messages(made[0].sid).fetch_async()
        redacted = await fetched.update_async(body="")
        deleted = await made[1].delete_async()
        return made, listed, redacted, deleted

    made, listed, redacted, deleted = asyncio.run(talk())

    assert [message.sid for message in listed] == [message.sid for message in reversed(made)]
    assert redacted.body == ""
    assert deleted
    assert [message.sid for message in twilio.messages] == [made[0].sid, made[2].sid]


def test_async_error(async_sdk, twilio):
    """The async client raises the same exception."""
    with pytest.raises(TwilioRestException) as error:
        asyncio.run(async_sdk.messages.create_async(to="banana", from_=twilio.number, body="1234"))

    assert (error.value.status, error.value.code) == (400, 21211)
