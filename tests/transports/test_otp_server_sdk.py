"""The official Twilio SDK, its address changed as Twilio documents, cannot tell the server from Twilio."""

import asyncio

import httpx
import pytest
import requests
from otp_clients import behind_a_proxy
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from pytest_botpenguin_otp.transports.http import through
from pytest_botpenguin_otp.transports.server import LoopbackServer
from pytest_botpenguin_otp.wire import Response

pytestmark = [  # how the SDK calls aiohttp
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning"),
]

USER = "+14155550123"
TWILIO = "https://api.twilio.com"
BOT = "https://bot.example"
SHORT_S = 0.15


class Loopback(TwilioHttpClient):
    """The SDK's own client, at another address."""

    def __init__(self, url, **settings):
        super().__init__(**settings)
        self.url = url

    def request(self, method, url, *args, **kwargs):
        """Ask the server."""
        return super().request(method, url.replace(TWILIO, self.url, 1), *args, **kwargs)


class AsyncLoopback(AsyncTwilioHttpClient):
    """The same, for the SDK's async methods."""

    def __init__(self, url, **settings):
        super().__init__(**settings)
        self.url = url

    async def request(self, method, url, *args, **kwargs):
        """Ask the server."""
        return await super().request(method, url.replace(TWILIO, self.url, 1), *args, **kwargs)


@pytest.fixture
def url(otp_server, monkeypatch):
    """Give the address, in an environment with a proxy, configured as documented."""
    behind_a_proxy(monkeypatch, otp_server.no_proxy)
    return otp_server.twilio_url


@pytest.fixture
def sdk(url, fake_twilio):
    """Give the official client."""
    http_client = Loopback(url)
    yield Client(fake_twilio.account_sid, fake_twilio.auth_token, http_client=http_client)
    http_client.session.close()


@pytest.fixture
def create(sdk, fake_twilio):
    """Send a message that is fine, but for what is said."""
    usual = {"to": USER, "from_": fake_twilio.number, "body": "Your code is 135790"}
    return lambda **params: sdk.messages.create(**usual | params)


def test_messages(sdk, create, fake_twilio, handset):
    """Messages are created, listed across pages, fetched, redacted and deleted."""
    sids = [create(body=f"Your code is 13579{number}").sid for number in range(5)]

    assert handset.code() == "135794"
    assert [message.sid for message in sdk.messages.list(page_size=2)] == sids[::-1]
    assert [message.sid for message in sdk.messages.list(to=USER, limit=1)] == sids[-1:]
    fetched = sdk.messages(sids[0]).fetch()
    assert (fetched.body, fetched.to, fetched.status) == ("Your code is 135790", USER, "queued")
    assert fetched.update(body="").body == ""
    assert fetched.delete()
    assert [message.sid for message in fake_twilio.messages] == sids[1:]
    with pytest.raises(TwilioRestException) as error:
        fetched.fetch()
    assert (error.value.status, error.value.code) == (404, 20404)


@pytest.mark.parametrize(
    ("params", "expected"),
    [({"to": "banana"}, (400, 21211)), ({"to": "+15005550009"}, (400, 21614)), ({"body": ""}, (400, 21619))],
)
def test_errors(create, params, expected):
    """An error is the SDK's own exception with status and code."""
    with pytest.raises(TwilioRestException) as error:
        create(**params)

    assert (error.value.status, error.value.code) == expected


def test_wrong_route(sdk, create, otp_world):
    """What matches nothing is the SDK's own exception too, with what would have matched."""
    sid = create().sid
    with pytest.raises(TwilioRestException, match=r"was not found\. Nearest is .+ First difference: ") as error:
        sdk.messages(f"{sid}0").fetch()

    assert (error.value.status, error.value.code) == (404, 20404)
    assert otp_world.journal.events[-1].unmatched is not None


def test_wrong_token(url, fake_twilio):
    """A wrong token is told as Twilio tells it."""
    http_client = Loopback(url)
    sdk = Client(fake_twilio.account_sid, "wrong", http_client=http_client)

    with pytest.raises(TwilioRestException) as error:
        sdk.messages.create(to=USER, from_=fake_twilio.number, body="135790")
    assert (error.value.status, error.value.code) == (401, 20003)
    with pytest.raises(TwilioException, match="Unable to fetch page"):
        sdk.messages.list()
    http_client.session.close()


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (21610, (400, 21610)),
        (429, (429, 20429)),
        ({"status": 503}, (503, 20503)),
        ({"code": 21211, "status": 409}, (409, 21211)),
    ],
)
def test_faults(create, fake_twilio, fault, expected):
    """A planned error is the same exception as one of Twilio's own."""
    fake_twilio.fail(create=fault)

    with pytest.raises(TwilioRestException) as error:
        create()
    assert (error.value.status, error.value.code) == expected
    assert fake_twilio.messages == ()


def test_slow_and_broken(create, fake_twilio):
    """A slow answer is read whole; one that is no JSON is the SDK's trouble, as it would be in earnest."""
    fake_twilio.fail(create={"slow": True})
    assert create().to == USER

    fake_twilio.fail(create={"malformed": True})
    with pytest.raises(ValueError, match=r".+"):
        create()


@pytest.mark.parametrize(("fault", "sent"), [("timeout", 0), ("lost", 1)])
def test_silence(url, fake_twilio, fault, sent):
    """The SDK gives up by its own time-out, and a message may be on its way all the same."""
    http_client = Loopback(url, timeout=SHORT_S)
    sdk = Client(fake_twilio.account_sid, fake_twilio.auth_token, http_client=http_client)
    fake_twilio.fail(create={fault: True})

    with pytest.raises(requests.Timeout):
        sdk.messages.create(to=USER, from_=fake_twilio.number, body="135790")
    assert len(fake_twilio.messages) == sent
    http_client.session.close()


def test_reset(create, fake_twilio):
    """A broken connection is an error of the SDK's library."""
    fake_twilio.fail(create={"reset": True})

    with pytest.raises(requests.ConnectionError):
        create()


def test_async(url, fake_twilio):
    """The async client does all of it too."""

    async def talk():
        async with AsyncLoopback(url) as http_client:
            sdk = Client(fake_twilio.account_sid, fake_twilio.auth_token, http_client=http_client)
            made = [await sdk.messages.create_async(to=USER, from_=fake_twilio.number, body="135790") for _ in range(3)]
            listed = await sdk.messages.list_async(page_size=2)
            redacted = await (await sdk.messages(made[0].sid).fetch_async()).update_async(body="")
            deleted = await made[1].delete_async()
            with pytest.raises(TwilioRestException) as error:
                await sdk.messages.create_async(to="banana", from_=fake_twilio.number, body="135790")
            return made, listed, redacted, deleted, error.value

    made, listed, redacted, deleted, error = asyncio.run(talk())

    assert [message.sid for message in listed] == [message.sid for message in reversed(made)]
    assert (redacted.body, deleted) == ("", True)
    assert [message.sid for message in fake_twilio.messages] == [made[0].sid, made[2].sid]
    assert (error.status, error.code) == (400, 21211)


def test_async_faults(url, fake_twilio):
    """The async client meets faults as its own exceptions."""
    fake_twilio.fail(create={"status": 429})

    async def talk():
        async with AsyncLoopback(url) as http_client:
            sdk = Client(fake_twilio.account_sid, fake_twilio.auth_token, http_client=http_client)
            with pytest.raises(TwilioRestException) as error:
                await sdk.messages.create_async(to=USER, from_=fake_twilio.number, body="135790")
            fake_twilio.fail(create={"lost": True})
            with pytest.raises(TimeoutError):  # the SDK's own time-out is not heeded by its async client
                async with asyncio.timeout(SHORT_S):
                    await sdk.messages.create_async(to=USER, from_=fake_twilio.number, body="135790")
            return error.value

    assert asyncio.run(talk()).code == 20429
    assert len(fake_twilio.messages) == 1


def test_callback_to_a_service(otp_server, otp_world, create, fake_twilio):
    """The SDK's validator accepts what is told to a mounted service, once the clock has moved."""
    told = []

    def receive(request):
        told.append(request)
        return Response(status=200)

    otp_world.mount(BOT, receive)
    create(status_callback=f"{BOT}/status?chat=1")
    with otp_server.lock:
        otp_world.clock.advance_to(10_000)

    assert [dict(request.form())["MessageStatus"] for request in told] == ["sent", "delivered"]
    validator = RequestValidator(fake_twilio.auth_token)
    for request in told:
        assert validator.validate(request.url, dict(request.form()), request.header("x-twilio-signature"))


def test_callback_over_loopback(otp_server, otp_world, create, fake_twilio):
    """It accepts what reaches a bot's own server as real HTTP, too."""
    told = []

    def receive(request):
        told.append(request)
        return Response(status=204)

    with LoopbackServer({BOT: receive}) as bot, httpx.Client(trust_env=False) as client:
        address = bot.url(BOT)
        otp_world.mount(address, through(client))
        create(status_callback=f"{address}/status?chat=1")
        with otp_server.lock:
            otp_world.clock.advance_to(10_000)

    assert [(posted.status, posted.outcome) for posted in fake_twilio.posted] == [("sent", 204), ("delivered", 204)]
    validator = RequestValidator(fake_twilio.auth_token)
    for request in told:
        seen = request.url.replace(BOT, address, 1)
        assert validator.validate(seen, dict(request.form()), request.header("x-twilio-signature"))
        assert not validator.validate(seen, dict(request.form()) | {"To": "x"}, request.header("x-twilio-signature"))
