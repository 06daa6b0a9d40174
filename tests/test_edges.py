"""Odd inputs at the edges: none of them breaks a step, a fake or a door."""

import json
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from pytest_botpenguin_otp import bot, chat, profile
from pytest_botpenguin_otp.bot import Compare
from pytest_botpenguin_otp.botpenguin import TOKEN, FakeBotPenguin
from pytest_botpenguin_otp.chat import Conversation, Inject
from pytest_botpenguin_otp.clock import Clock
from pytest_botpenguin_otp.errors import (
    ArgumentError,
    ChatError,
    FaultError,
    FileError,
    NoResponseError,
    UnmatchedRequestError,
)
from pytest_botpenguin_otp.faults import Fault, FaultPlan
from pytest_botpenguin_otp.machine import Machine, Passed, Replied, Said, Started, State, step
from pytest_botpenguin_otp.machine.conditions import holds
from pytest_botpenguin_otp.machine.paths import at, read
from pytest_botpenguin_otp.player import ExpectationError, play
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES
from pytest_botpenguin_otp.rules import check_file
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.transports.doors import door_for
from pytest_botpenguin_otp.transports.http import AsyncOtpTransport, OtpTransport, through, through_async
from pytest_botpenguin_otp.transports.otp_server import OtpServer
from pytest_botpenguin_otp.transports.respx_routes import mounted
from pytest_botpenguin_otp.values import Value, plain
from pytest_botpenguin_otp.wire import Request, Response
from pytest_botpenguin_otp.world import World

HEAD = """
format: botpenguin-otp/bot@1
name: B
apis: {P: {method: POST, url: 'https://a.test/', body: 'x{{v}}', save: {v: v}}}
"""


def machine(components, **choices):
    """Compile the default profile, with other choices, and a bot of these components."""
    made = bot.parse(f"{HEAD}flows: {{main: {{start: a, components: {components}}}}}")
    return Machine(bot=made, profile=replace(PROFILES[DEFAULT], **choices))


def run(made, *events):
    """Step through the events."""
    state = State()
    for event in events:
        state, _ = step(made, state, event)
    return state


@pytest.mark.parametrize("depth", [450, 900])
def test_deep_json(depth):
    """A deep JSON answer is saved, or counts as nothing; it raises nothing."""
    saved = at({"a": read(b"[" * depth + b"]" * depth)}, "a")

    assert saved in (None, "[" * depth + "]" * depth)


def test_long_index():
    """A path part of thousands of digits is not there."""
    assert at(["x"], "9" * 5000) is None


def test_half_a_character():
    """A lone surrogate in an answer can be sent on."""
    made = machine("{a: {type: api, api: P, responses: {others: a}}}")
    run(made, Started(now_ms=0), Replied(now_ms=0, status=200, body=b'{"v": "\\ud800"}'))


def test_half_a_character_typed():
    """A lone surrogate that is typed can be sent in a URL and in a body."""
    made = machine("{a: {type: text_question, message: x, save: v, next: b}, b: {type: api, api: P}}")
    run(made, Started(now_ms=0), Said(now_ms=0, text="\ud800"))


def test_many_early_answers():
    """However many answers were typed early, all meet a question."""
    made = machine(
        "{a: {type: message, delay: 5, message: x, next: b}, b: {type: email, message: x, save: v, next: c}, "
        "c: {type: end_chat}}",
        early_answer="kept",
    )
    run(made, Started(now_ms=0), *[Said(now_ms=1, text="x")] * 2000, Passed(now_ms=5000))


def test_started_twice():
    """Started where a chat has begun changes nothing but the time, as step's docstring says of such events."""
    made = machine("{a: {type: end_chat}}")
    state = run(made, Started(now_ms=0))
    assert step(made, state, Started(now_ms=0)) == (state, ())


def test_numbers_are_json_or_typed():
    """`greater` takes what a person calls a number: 1_000 is none."""
    assert not holds(Compare("a", "greater", ((Value("1"),),)), {"a": Value("1_000")}, plain)


def test_long_codes_as_numbers():
    """Two texts of thousands of digits are compared."""
    profile = replace(PROFILES[DEFAULT], comparison="number")
    fake = FakeBotPenguin(profile=profile, wire=None, clock=Clock(), seed=0, faults=FaultPlan())
    url = "https://api.v7.botpenguin.com/integrations/custom-feature/verify-user-otp"
    body = json.dumps({"systemOtp": "9" * 5000, "userOtp": "9" * 5000}).encode()
    assert fake(Request(method="POST", url=url, headers=(("Authorization", TOKEN),), body=body)).status == 200


def test_mount_stops_at_the_host():
    """What is mounted for one host does not answer for another whose name begins the same."""
    world = World()
    world.mount("https://crm.example.test", lambda _: Response(status=204))
    with pytest.raises(UnmatchedRequestError):
        world(Request(method="GET", url="https://crm.example.test.other.test/"))


def test_respx_keeps_lost():
    """Lost stays lost through respx."""
    world = World()
    world.botpenguin.fail(send={"lost": True})
    url = "https://api.v7.botpenguin.com/integrations/custom-feature/send-otp-sms"
    with mounted(world), httpx.Client() as client, pytest.raises(NoResponseError) as caught:
        through(client)(Request(method="POST", url=url))
    assert caught.value.kind == "lost"


@pytest.mark.parametrize("key", ["delay"])
def test_endless_number(key):
    """A number of thousands of digits in a bot file is refused."""
    with pytest.raises(FileError):
        machine(f"{{a: {{type: end_chat, {key}: {'9' * 5000}}}}}")


SOUND = (Path(__file__).parent / "examples" / "sound" / "phone-login.bot.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "rule", "what"),
    [
        ("{{phone}}", "{{phne}}", "AU13", "'phne'"),
        ("attribute: verified", "attribute: verfied", "AU13", "'verfied'"),
        (
            'Please begin anew later.", next: bye',
            'Please begin anew later.", next: too_often',
            "AB09",
            "too_often -> too_often",
        ),
    ],
)
def test_one_wrong_letter_fails_the_check(old, new, rule, what):
    """An attribute that nothing sets, and a round that nothing leads out of, fail the check, told by name."""
    assert old in SOUND
    found = [item for item in check_file(bot.parse(SOUND.replace(old, new))) if item.rule == rule]

    assert found
    assert all(item.severity == "high" and what in item.message for item in found)


def test_numbers_left_over_are_the_contact_s():
    """A number of an earlier chat is the contact's own: its handset gets what is sent there."""
    world = World()
    made = bot.parse(SOUND.replace("start: ask_phone", "start: send_code"))
    FlowRunner(world).start(made, attributes={"phone": "+14155550123"})

    assert len(world.handset().code()) == 6


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_odd_waits(seconds):
    """Nobody stays silent for less than no time, or for ever."""
    chat = FlowRunner(World()).start(bot.parse(SOUND))

    with pytest.raises(ChatError, match="0 or more"):
        chat.wait(seconds)


def test_a_code_that_twilio_does_not_have():
    """A chat file's Twilio code of which nothing is known is told at once, not as a fault that never struck."""
    world = World()
    step = Inject(place="x:1", faults=(Fault(service="twilio", operation="create", code=99999),))

    with pytest.raises(ExpectationError, match=r"x:1: .* 99999"):
        play(Conversation(name="x", place="x:1", steps=(step,)), bot.parse(SOUND), world)


def test_a_number_as_text_is_no_fault():
    """`fail(create="21211")` is refused, instead of being taken for something else."""
    with pytest.raises(FaultError, match="a number or a mapping"):
        World().twilio.fail(create="21211")


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda: World("mismatch-200"), "World(profile) wants a profile, such as "),
        (lambda: World(seed="7"), "World(seed=...) wants a whole number"),
        (lambda: World().mount("notaurl", print), "'notaurl' begins no URL: mount('https://crm.example.test/api', "),
        (lambda: World().mount("https:///x", print), "begins no URL"),
        (lambda: World().mount(5, print), "mount(base_url, service) wants the beginning of a URL"),
        (lambda: World().mount("https://a.test", None), "wants a function from Request to Response"),
        (lambda: World().mount("https://api.twilio.com/x", print), "api.twilio.com is answered by its fake already"),
        (lambda: World().handset(5), "handset(contact) wants the name of a contact"),
        (lambda: World().handset("+14155550123"), "wants a name; fake_twilio.to(number) tells what reached a number."),
        (lambda: World().twilio.to(14155550123), "What takes a phone number wants a text, in quotes and with its plus"),
        (lambda: World().twilio.make_trial(daily="5"), "make_trial(daily=...) wants a whole number, or None"),
        (lambda: World().twilio.limit("5"), "limit(requests, per_seconds=...) wants whole numbers"),
        (lambda: World().twilio.limit(1, per_seconds=0), "takes at least 0 requests in at least 1 second"),
        (lambda: World().twilio.limit(-1), "takes at least 0 requests in at least 1 second"),
        (lambda: OtpTransport(None), "OtpTransport(service) wants the world, or another function"),
        (lambda: AsyncOtpTransport(None), "AsyncOtpTransport(service) wants the world, or another function"),
        (lambda: through(None), "through(client) wants an httpx.Client (through_async() takes an AsyncClient)"),
        (lambda: through_async(None), "through_async(client) wants an httpx.AsyncClient (through() takes a Client)"),
        (lambda: door_for("x", "https://a.test"), "The service of a door wants a world, or another function"),
        (lambda: OtpServer(None), "OtpServer(world) wants a world"),
        (lambda: OtpServer(World(), real_time_scale="1"), "real_time_scale wants a number of real seconds"),
        (lambda: bot.load(None), "load(path) wants the path of a bot file"),
        (lambda: bot.parse(None), "parse(text) wants YAML text"),
        (lambda: chat.load(5), "load(path) wants the path of a chat file"),
        (lambda: profile.find(None), "find(name) wants the name of a profile, or the path of one in JSON"),
    ],
)
def test_wrong_arguments(act, told):
    """What a Python call cannot take is refused where it is called, with what it wants, and not shown."""
    with pytest.raises(ArgumentError) as caught:
        act()
    assert told in str(caught.value)
    assert "14155550123" not in str(caught.value)
