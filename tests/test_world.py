"""One test's world: wired, alone, and honest about what went wrong in it."""

import json
from base64 import b64encode
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from pytest_botpenguin_otp import bot
from pytest_botpenguin_otp.errors import FaultError, NoCodeError, NoResponseError, UnmatchedRequestError
from pytest_botpenguin_otp.faults import Fault
from pytest_botpenguin_otp.journal import Breach, Failed, Served
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES
from pytest_botpenguin_otp.template import SecretRef
from pytest_botpenguin_otp.wire import Request, Response
from pytest_botpenguin_otp.world import BOTPENGUIN_URL, TWILIO_URL, World

SEND = f"{BOTPENGUIN_URL}/integrations/custom-feature/send-otp-sms"
VERIFY = f"{BOTPENGUIN_URL}/integrations/custom-feature/verify-user-otp"
PHONE, OTHER = "+14155550123", "+14155550124"
HOOK = "https://hooks.example.test/x"


def ask(world, url, body, method="POST"):
    """Ask the OTP service in that world."""
    headers = (("Authorization", world.botpenguin.token),)
    return world(Request(method=method, url=url, headers=headers, body=json.dumps(body).encode()))


def send(world, to=PHONE, url=SEND):
    """Ask for a code."""
    account = {"accountSID": world.twilio.account_sid, "authToken": world.twilio.auth_token}
    return ask(world, url, account | {"fromNumber": world.twilio.number, "toNumber": to})


@pytest.mark.parametrize("told", [99999, {"code": 20999, "nth": 2}])
def test_unknown_code_of_twilio(told):
    """A code that none of the fakes has a text for is refused where it is planned, whichever service it is for."""
    world = World()
    for plan in (world.botpenguin.fail, lambda send: world.twilio.fail(create=send)):
        with pytest.raises(FaultError, match=r"has no text for Twilio error [0-9]{5}: give its HTTP status"):
            plan(send=told)

    assert not world.faults.waiting
    world.botpenguin.fail(send={"code": 20999, "status": 503})
    world.botpenguin.fail(send=30400)
    assert world.faults.waiting


def test_wired():
    """A code asked for reaches the handset through the fake Twilio, and all of it is in the journal."""
    world = World()
    answer = send(world)

    assert world.handset().code() == answer.json()["data"]["otp"]
    assert [(event.service, event.operation) for event in world.journal.of(Served)] == [
        ("twilio", "create"),
        ("botpenguin", "send"),
    ]
    assert world.failures() == ()
    assert repr(world) == f"<World under mismatch-400, seed 0, {len(world.journal)} events>"


def test_alone():
    """Two worlds share nothing: no message, code, fault, time or journal."""
    first, second = World(), World()
    send(first)
    first.clock.advance_to(5000)
    first.botpenguin.fail(send=500)
    first.botpenguin.serve("https://own.example.test/otp", "send")
    first.mount("https://crm.example.test", lambda _: Response(status=204))

    assert (len(second.journal), second.clock.now_ms, second.twilio.messages) == (0, 0, ())
    assert send(second).status == 200
    for url in ("https://own.example.test/otp", "https://crm.example.test/"):
        with pytest.raises(UnmatchedRequestError):
            ask(second, url, {})


@pytest.mark.parametrize("name", PROFILES)
def test_same_seed(name):
    """The same seed gives the same codes, another one others."""
    codes = []
    for seed in (1, 1, 2):
        world = World(PROFILES[name], seed)
        send(world)
        codes.append(world.handset().code())
        assert world.failures() == ()

    assert codes[0] == codes[1] != codes[2]


def test_unmatched():
    """A request for a host that nothing answers for says what would have matched, and the way out."""
    world = World()

    with pytest.raises(UnmatchedRequestError) as caught:
        ask(world, "https://api.v8.botpenguin.com/x?y=1", {})
    told = str(caught.value)
    assert told.startswith("Nothing here answers POST https://api.v8.botpenguin.com/x. ")
    assert "Did you mean 'https://api.v7.botpenguin.com" in told
    assert "https://api.twilio.com" in told
    assert "Give the api a role (send or verify)" in told
    assert "otp_world.mount('https://api.v8.botpenguin.com/x', service)" in told
    assert [(event.service, event.operation) for event in world.journal.of(Served)] == [("api.v8.botpenguin.com", None)]


def test_broken_url():
    """A URL that cannot be taken apart is a request for nowhere."""
    with pytest.raises(UnmatchedRequestError, match="Nothing here answers"):
        World()(Request(method="GET", url="https://[broken"))


def test_mount():
    """A mounted service answers what begins with its URL."""
    world = World()
    world.mount("https://hooks.example.test/", lambda request: Response(status=207, body=request.path.encode()))
    request = Request(method="POST", url=HOOK)

    assert world(request) == Response(status=207, body=b"/x")


def create_with_callback(world):
    """Have Twilio send a message whose status is called back, and let a minute pass."""
    account = world.twilio.account_sid
    secret = b64encode(f"{account}:{world.twilio.auth_token}".encode()).decode()
    form = {"To": PHONE, "From": world.twilio.number, "Body": "x", "StatusCallback": HOOK}
    world(
        Request(
            method="POST",
            url=f"{TWILIO_URL}/2010-04-01/Accounts/{account}/Messages.json",
            headers=(("Authorization", f"Basic {secret}"),),
            body=urlencode(form).encode(),
        )
    )
    world.clock.advance_to(60_000)


def test_mounted_callback():
    """A status callback of the fake Twilio reaches what is mounted for it, and nothing else that is mounted."""
    world, seen = World(), []

    def hook(request):
        seen.append(dict(request.form())["MessageStatus"])
        return Response(status=204)

    world.mount("https://crm.example.test/", lambda _: Response(status=500))
    world.mount("https://hooks.example.test/", hook)
    create_with_callback(world)

    assert seen[-1] == "delivered"


def test_callback_to_nowhere():
    """A status callback that nothing is mounted for fails no test."""
    world = World()
    create_with_callback(world)

    assert world.failures() == ()


BOT = """format: botpenguin-otp/bot@1
name: B
apis:
  Own send: {method: POST, role: send, url: "https://own.example.test/send"}
  White label: {method: POST, url: "https://chat.example.test/integrations/custom-feature/verify-user-otp"}
  CRM: {method: POST, url: "https://crm.example.test/"}
  Somewhere: {method: POST, role: send, url: "{{url}}"}
flows: {main: {start: a, components: {a: {type: end_chat}}}}
"""


def test_serve():
    """A bot's own URLs are answered where the API has a role."""
    world = World()
    world.serve(bot.parse(BOT))

    assert send(world, url="https://own.example.test/send").status == 200
    white_label = "https://chat.example.test/integrations/custom-feature/verify-user-otp"
    assert ask(world, white_label, {"systemOtp": "1", "userOtp": "1"}).status == 200
    with pytest.raises(UnmatchedRequestError):
        ask(world, "https://crm.example.test/", {})


def test_secrets():
    """A bot's secrets are the fakes' own credentials, by the field they stand in."""
    world = World()
    fields = ("accountSID", "authToken", "authorization", "x")

    assert [world.secrets.of(SecretRef("ANY", field)) for field in fields] == [
        world.twilio.account_sid,
        world.twilio.auth_token,
        world.botpenguin.token,
        "fake-any",
    ]


def test_handsets():
    """Each contact has a handset of its own; the first to type a number has it."""
    world = World()
    world.claim("user", PHONE)
    world.claim("anna", OTHER)
    world.claim("anna", PHONE)
    send(world, PHONE)

    assert world.handset() is world.handset("user")
    assert len(world.handset().messages) == 1
    assert world.handset("anna").messages == ()
    with pytest.raises(NoCodeError):
        world.handset("bob").code()


def test_any_handset():
    """Until the first contact has typed a number, its handset shows every message."""
    world = World()
    send(world, OTHER)

    assert len(world.handset().messages) == 1


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"service": "botpenguin", "operation": "send", "status": 503}, 503),
        ({"service": "botpenguin", "operation": "send", "code": 21211}, 400),
        ({"service": "twilio", "operation": "create", "code": 21211}, 400),
        ({"service": "twilio", "operation": "create", "timeout": True}, 400),
        ({"service": "botpenguin", "operation": "send", "malformed": True}, 200),
        ({"service": "botpenguin", "operation": "send", "status": 500, "phone": OTHER}, 200),
    ],
)
def test_faults(fault, status):
    """A planned fault strikes in either service, is in the journal, and breaks no contract."""
    world = World()
    planned = world.faults.add(Fault(**fault))
    assert send(world).status == status
    struck = [event.fault for event in world.journal.of(Served) if event.fault is not None]

    assert struck == ([] if planned.phone == OTHER else [str(planned)])
    assert world.failures() == tuple(f"A fault never struck as planned: {told}" for told in world.faults.unused())
    assert world.failures(unused_faults=False) == ()


def test_silence():
    """A fault that lets no answer arrive raises, and is in the journal."""
    world = World()
    world.botpenguin.fail(send={"lost": True})

    with pytest.raises(NoResponseError):
        send(world)
    (_, event) = world.journal.of(Served)
    assert (event.response, event.fault) == (None, "botpenguin send: lost")
    assert len(world.twilio.messages) == 1


def test_unused_fault():
    """A fault that never struck is told, unless that is not asked for."""
    world = World()
    world.botpenguin.fail(verify=500)

    assert world.failures() == ("A fault never struck as planned: botpenguin verify: status 500: struck 0 of 1",)
    assert world.failures(unused_faults=False) == ()


def test_breaches():
    """A breach by the flow or by a fake is told; one by a foreign client is not."""
    world = World()
    for by in ("flow", "fake", "client"):
        world.journal.append(Breach(now_ms=0, contract="c", by=by, faults=("one", "two")))

    assert world.failures() == (
        "The flow broke the contract c: one",
        "The flow broke the contract c: two",
        "A fake broke the contract c: one",
        "A fake broke the contract c: two",
    )


@pytest.mark.parametrize("more", ["", "x" * 5000])
def test_broken_fake(more):
    """An answer of a fake that breaks its own contract is a breach, however long it is and in every world anew."""
    default = PROFILES[DEFAULT]
    body = f'{{"otp": "{{{{code}}}}", "more": "{more}"}}'
    for _ in range(2):
        world = World(replace(default, send_ok=replace(default.send_ok, body=body)))
        send(world)

        assert world.failures()
        assert all(line.startswith("A fake broke the contract botpenguin/send-response: ") for line in world.failures())


def test_own_profile():
    """A profile of one's own has no contract to keep but its own word."""
    default = PROFILES[DEFAULT]
    world = World(replace(default, name="mine", send_ok=replace(default.send_ok, body='{"otp": "{{code}}"}')))
    send(world)

    assert world.failures() == ()


@pytest.mark.parametrize("url", [f"{BOTPENGUIN_URL}/x", f"{TWILIO_URL}/x"])
def test_no_route(url):
    """A path that a fake does not know gets the fake's own error, which keeps its contract."""
    world = World()

    assert ask(world, url, {}).status == 404
    assert world.failures() == ()


def test_failed():
    """An expectation that did not hold is in the journal."""
    world = World()
    world.failed("x")

    assert [event.expectation for event in world.journal.of(Failed)] == ["x"]
