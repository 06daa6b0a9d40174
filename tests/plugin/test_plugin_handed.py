"""Nothing that a test is handed shows a code, a number or a secret by its `repr`, however far one looks."""

import pytest
from recorded_project import README_BOT, ship
from walking import SEEN

from pytest_botpenguin_otp.botpenguin import TOKEN
from pytest_botpenguin_otp.masks import Masked, MaskedBytes
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.twilio.accounts import DEFAULT
from pytest_botpenguin_otp.wire import Request, Response
from pytest_botpenguin_otp.world import World

WALK = """
import pytest
from walking import SEEN, walk
from pytest_botpenguin_otp.wire import Request, json_response

FORM = b"To=%2B14155550123&From=%2B15005550006&Body=Your+code+is+314159"

def basic(fake):
    from base64 import b64encode
    return "Basic " + b64encode(f"{fake.account_sid}:{fake.auth_token}".encode()).decode()

def test_it(
    otp_world, fake_twilio, fake_botpenguin, handset, flow_runner, async_flow_runner, otp_profile, otp_server,
    otp_cassette,
):
    fixtures = {name: value for name, value in locals().items()}
    taken = []

    def service(request):
        taken.append(request)
        return otp_world(request)

    otp_world.mount("https://crm.example.test", lambda request: taken.append(request) or json_response(200, {}))
    otp_world(Request(method="POST", url="https://crm.example.test/of/+14155550123/483920?key=hush-hush", body=b"a"))
    chat = flow_runner.start("login.bot.yaml", service=service)
    chat.user("+1 415 555 0123")
    codes = [str(handset.code())]
    chat.user(handset.code())
    assert chat.verified
    again = otp_world(chat.calls()[0].request)
    codes.append(str(handset.code()))
    straight = fake_botpenguin(chat.calls()[0].request)
    codes.append(str(handset.code()))
    created = fake_twilio(
        Request(
            method="POST", url=f"https://api.twilio.com/2010-04-01/Accounts/{fake_twilio.account_sid}/Messages.json",
            headers=(("Authorization", basic(fake_twilio)),), body=FORM,
        )
    )
    assert (straight.status, created.status) == (200, 201)
    played = flow_runner.start("login.bot.yaml", service=otp_cassette.service, contact="anna")
    played.user("+447700900123")
    codes.append(str(otp_cassette.code(played)))
    played.user(otp_cassette.code(played))
    fixtures.update(
        chat=chat, played=played, taken=taken, again=again, straight=straight, created=created, code=handset.code(),
        account=fake_twilio.add_account("+14155550134"),
        trial=fake_twilio.add_messaging_service("+14155550134"), key=fake_twilio.add_api_key(),
        came=fake_twilio.receive("+1 415 555 0123", fake_twilio.number, "STOP"),
        read=[pair for call in taken for pair in (call.header("authorization"), call.params(), call.address)],
    )
    SEEN[:] = [codes, [(way, type(value), repr(value)) for way, value in walk(fixtures)]]
"""
KINDS = {Request: 10, Response: 8, Masked: 40, MaskedBytes: 15}
"""How many of each kind the walk comes by at least."""
HIDDEN = {
    *("4155550123", "555 0123", "5550123", "15005550006", "7700900123", "5550134", "hush-hush", "483920"),
    *(DEFAULT.sid, DEFAULT.auth_token, TOKEN),
}


@pytest.mark.parametrize("profile", ["mismatch-400", "numeric-code"])
def test_nothing_that_is_handed_out_shows_itself(project, profile):
    """Every value that can be reached from a fixture after a login keeps its codes, numbers and secrets to itself."""
    ship(project)
    project.file("test_module.py", WALK)
    project.file("login.bot.yaml", README_BOT)

    result = project.run(f"--otp-profile={profile}")

    result.assert_outcomes(passed=1)
    codes, seen = SEEN
    hidden = {*HIDDEN, *codes, *(code.lstrip("0") for code in codes)}
    assert len(set(codes)) == 4
    for kind, least in KINDS.items():
        assert sum(one is kind for _, one, _ in seen) >= least, kind
    assert [(way, text) for way, _, told in seen for text in hidden if text in told] == []


REPORTED = """
import pytest

@pytest.fixture
def chat(flow_runner):
    chat = flow_runner.start("login.bot.yaml")
    chat.user("+1 415 555 0123")
    return chat

def test_said(chat, handset, record_property):
    call = chat.calls()[0]
    record_property("code", handset.code())
    record_property("several", [handset.code(), {handset.code(): (call.request, call.response.json())}])
    record_property("attempts", 3)

def test_noted(chat, handset, request):
    request.node.user_properties.append((handset.code(), handset.code()))

def test_failing(chat, handset, record_property):
    code, request, body, told = handset.code(), chat.calls()[0].request, chat.calls()[0].request.body, chat.attributes
    record_property("code", code)
    assert request.json() == code

def test_expected(chat, handset):
    pytest.xfail(handset.code())

@pytest.mark.xfail
def test_unlike(chat, handset):
    assert handset.code() == chat.calls()[0].response.json()
"""


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "xdist"])
def test_masked_values_in_reports(project, workers):
    """What is masked is a property in its masked form, which xdist can send, and so is all else in a report."""
    project.file("test_module.py", REPORTED)
    project.file("login.bot.yaml", README_BOT)

    result = project.run(*workers, "-rA", "-vv", "--showlocals", "--junit-xml=out.xml", "-o", "junit_family=xunit1")

    told = (project.path / "out.xml").read_text(encoding="utf-8")
    result.assert_outcomes(passed=2, failed=1, xfailed=2)
    assert told.count('<property name="code" value="&lt;6 characters, masked&gt;"') == 2
    assert told.count('<property name="attempts" value="3"') == 1
    assert told.count('<property name="&lt;6 characters, masked&gt;"') == 1
    world = World()
    chat = FlowRunner(world).start(project.path / "login.bot.yaml")
    chat.user("+1 415 555 0123")
    hidden = {world.handset().code(), *HIDDEN}
    assert {text for text in hidden if text in told + result.stdout.str() + result.stderr.str()} == set()
