"""OtpMachine and services: each planted bug is found with every seed, and nothing is found in a sound one."""

import json
import re
from inspect import currentframe
from pathlib import Path

import otp_services
import planted
import pytest
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from pytest_botpenguin_otp.errors import NoResponseError, OtpError
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES
from pytest_botpenguin_otp.stateful import (
    PROMISES,
    Asking,
    BrokenPromiseError,
    MachineError,
    OtpMachine,
    UncheckedPromiseWarning,
)
from pytest_botpenguin_otp.stateful.guesses import typed
from pytest_botpenguin_otp.stateful.phones import FIXED
from pytest_botpenguin_otp.stateful.services import ServiceTalk
from pytest_botpenguin_otp.transports.otp_server import OtpServer
from pytest_botpenguin_otp.wire import Request, Response
from pytest_botpenguin_otp.world import World

SLOW = {
    planted.ComparesNumbers,
    planted.AcceptsBlanks,
    planted.ComparesPrefix,
    planted.UsableTwice,
    planted.OldCodeLives,
    planted.YesToNoText,
    planted.YesOnItsOwnError,
    planted.MagicCode,
}
"""Found late, so that each seed takes long."""
SEEDED = [(made, number) for made in planted.PLANTED for number in range(3 if made in SLOW else 5)]
MOST_CALLS = 14
CALL = re.compile(r"^ +[0-9]+\. (.+)$", re.MULTILINE)
NUMBER = re.compile(r"[0-9]{5,}")


def machine(service, **how):
    """Return the machine of a service that shows its codes on its phones and has a clock."""
    shown = {} if isinstance(service, planted.AcceptsAnything | planted.Stateless) else {"code": service.inbox_of}
    return OtpMachine.of(service=service, pass_time=service.pass_time, reset=service.reset, **(shown | how))


def broken(made, number):
    """Run a machine with a seed, as CI would with another; return what it tells, or None."""
    chosen = settings(made.TestCase.settings, derandomize=False, max_examples=100)
    try:
        run_state_machine_as_test(seed(number)(made), settings=chosen)
    except BrokenPromiseError as error:
        return "\n".join([str(error), *getattr(error, "__notes__", [])])  # hypothesis' own notes would hold codes
    return None


def promise_of(told):
    """Return the name of the promise that a failure tells."""
    assert told is not None
    return next(name for name, promise in PROMISES.items() if told.startswith(f"{promise}\n"))


@pytest.mark.parametrize(("service", "number"), SEEDED, ids=lambda told: getattr(told, "__name__", str(told)))
def test_planted_bug_is_found(service, number):
    """Each bug is found within 100 examples, told by its promise in a few calls, without a code or a number."""
    told = broken(machine(service()), number)

    assert told is not None
    assert promise_of(told) in planted.PLANTED[service]
    assert 1 <= len(CALL.findall(told)) <= MOST_CALLS
    assert set(NUMBER.findall(told)) <= {"10000", "000000", "123456", "111111", "424242"} | set(
        NUMBER.findall(str(PROMISES))
    )


@pytest.mark.parametrize("number", range(2))
@pytest.mark.parametrize("service", otp_services.SOUND, ids=lambda made: made.__name__)
def test_sound_service_keeps_every_promise(service, number):
    """A service that is single use, expires, counts and answers whatever comes is let alone."""
    assert broken(machine(service()), number) is None


def test_failure_is_the_numbered_calls():
    """A failure tells the promise, its reasons, what was wrong, and the calls in the order in which to make them."""
    told = broken(machine(planted.UsableTwice(), promises=["once"]), 0)

    head, what, *calls = told.splitlines()
    assert head.startswith("A code is used once. (once; CWE-294, NIST SP 800-63B-4 3.1.3.2")
    assert what.startswith("In the last of these calls the code was accepted although it was used before.")
    assert calls == [
        "   1. Send OTP for contact 1: 200, a code was sent",
        "   2. Verify OTP for contact 1, the right code: 200, yes",
        "   3. Verify OTP for contact 1, the right code: 200, yes",
    ]


def test_service_that_counts_nothing_is_told_as_such():
    """Guesses over a resend blame the resend only where those without one are bounded; the calls are enough to see."""
    service = planted.Unbounded()
    talk = ServiceTalk(
        Asking(service=service, profile=PROFILES[DEFAULT], code=service.inbox_of), FIXED, {"attempts", "resend"}, 5
    )
    talk.send(0)
    for number in range(6):
        talk.verify(0, "another code", typed("another code", service.inbox_of(FIXED[0]), number))
    talk.send(0)
    with pytest.raises(BrokenPromiseError) as failure:
        talk.verify(0, "the right code", service.inbox_of(FIXED[0]))

    calls = CALL.findall(str(failure.value))
    assert promise_of(str(failure.value)) == "attempts"
    assert len(calls) == 7
    assert {re.search("contact [0-9]", call)[0] for call in calls} == {"contact 2"}


def test_failing_test_case_is_a_message_alone():
    """What pytest shows is the calls, and neither a traceback nor hypothesis' steps."""
    made = machine(planted.Unsigned())
    with pytest.raises(pytest.fail.Exception, match="without its Authorization") as failure:
        made.TestCase("runTest").runTest()

    assert failure.value.pytrace is False


@pytest.mark.parametrize(
    ("service", "promises"),
    [(planted.OneTooMany, {"attempts", "resend"}), (planted.FailsWithServerError, {"mapped"})],
)
def test_lesser_bug_is_found(service, promises):
    """A lock that comes one wrong code late, and an error of the server, are found."""
    assert promise_of(broken(machine(service()), 0)) in promises


def test_refused_sends_check_nothing():
    """A service that sends nothing fails, or all else would pass for nothing."""
    service = otp_services.Sound()
    service.send = lambda _: None

    assert "nothing can be checked" in broken(machine(service), 0)


def test_right_code_that_is_refused():
    """A service that never says yes is of no use."""
    service = otp_services.Sound()
    service.verify = lambda *_: False

    assert promise_of(broken(machine(service), 0)) == "right-code"


def test_raising_service():
    """A service that raises is told by the name of what it raised."""
    service = otp_services.Sound()
    service.verify = lambda *_: {}["secret 123456"]
    told = broken(machine(service), 0)

    assert promise_of(told) == "mapped"
    assert "the service raised KeyError" in told
    assert "secret" not in told.partition("\n")[2]


def test_dropped_connection_is_no_answer():
    """A service that hangs up on a wrong code answers nothing that a bot could map, and that is told."""
    service = otp_services.Sound()

    def hangs_up(request):
        answer = service(request)
        if answer.status == 400:
            raise NoResponseError("reset")
        return answer

    made = OtpMachine.of(service=hangs_up, code=service.inbox_of, reset=service.reset, pass_time=service.pass_time)
    told = broken(made, 0)

    assert promise_of(told) == "mapped"
    assert "nothing came back" in told


def test_time_that_cannot_pass_is_told():
    """Without pass_time the promise about time is not held, and a warning says so where the machine was made."""
    service = planted.NeverExpires()
    made, line = OtpMachine.of(service=service, code=service.inbox_of), currentframe().f_lineno
    made.TestCase.settings = settings(made.TestCase.settings, max_examples=10)
    with pytest.warns(UncheckedPromiseWarning, match="A code expires after 10 minutes") as caught:
        made.TestCase("runTest").runTest()

    assert [(warning.filename, warning.lineno) for warning in caught] == [(__file__, line)]


def test_service_without_reset_gets_new_numbers():
    """Without reset, no conversation has the numbers of another, so that locks of one do not reach the next."""
    service = otp_services.Sound()
    phones = []
    service.send = lambda phone, send=service.send: phones.append(phone) or send(phone)
    made = OtpMachine.of(service=service, code=service.inbox_of, pass_time=service.pass_time)
    run_state_machine_as_test(seed(1)(made), settings=settings(made.TestCase.settings, max_examples=20))

    assert len(set(phones)) > 20
    assert all(re.fullmatch(r"\+1[0-9]{3}55501[0-9]{2}|\+447700900[0-9]{3}", phone) for phone in phones)


def test_own_shape():
    """A service of another shape is asked in its own words."""
    service = otp_services.Sound()
    references = {}

    def own(request):
        if request.header("authorization") != "key-1":
            return Response(status=401)
        try:
            body = json.loads(request.body)
            phone = body["to"]
        except (ValueError, TypeError, KeyError):
            return Response(status=422)
        if request.url == "https://own.example/codes":
            answer = service(documented(request, "send-otp-sms", {"toNumber": phone}))
            references[phone] = answer.json()["data"]["otp"]
            return Response(status=200, body=b'{"success": true}')
        known = {"systemOtp": references.get(phone, ""), "userOtp": body.get("code")}
        return service(documented(request, "verify-user-otp", known))

    made = OtpMachine.of(
        service=own,
        base_url="https://own.example",
        send_path="/codes",
        verify_path="/codes/check",
        send={"to": "{{phone}}"},
        verify={"to": "{{phone}}", "code": "{{user_otp}}"},
        token="key-1",
        code=service.inbox_of,
        pass_time=service.pass_time,
    )
    assert broken(made, 0) is None


def documented(request, path, body):
    """Return a request of the documented shape."""
    return Request(
        method="POST",
        url=f"https://x.example/{path}",
        headers=request.headers,
        body=json.dumps(body).encode(),
    )


def test_service_at_a_url():
    """A service on loopback is asked over HTTP; the fake one compares what it is told, and that is found."""
    with OtpServer(World()) as server:
        made = OtpMachine.of(url=server.botpenguin_url, promises=["wrong-code", "order"])
        told = broken(made, 0)

    assert promise_of(told) == "order"


STATELESS = ("order", "once", "expiry", "attempts", "resend")


@pytest.mark.parametrize("promise", STATELESS)
def test_fake_botpenguin_must_fail(promise):
    """The fake keeps nothing between its calls: what it cannot hold is found, and said where a user would try it."""
    world = World()
    made = OtpMachine.of(
        service=world,
        promises=[promise],
        pass_time=lambda seconds: world.clock.advance_to(world.clock.now_ms + 1000 * seconds),
    )
    assert promise_of(broken(made, 0)) == promise

    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for text in (OtpMachine.of.__doc__, readme):
        sentences = " ".join(text.split()).split(". ")
        (sentence,) = (one for one in sentences if "fake BotPenguin" in one and "must fail" in one)
        assert re.findall("`([a-z]+)`", sentence)[-len(STATELESS) :] == list(STATELESS)


@pytest.mark.parametrize("url", ["https://api.v7.botpenguin.com", "http://10.0.0.7:8000"])
def test_real_service_needs_every_consent(url):
    """A URL elsewhere is refused, naming each consent, before anything is sent."""
    with pytest.raises(OtpError, match=r"(?s)A live call was refused.*--otp-live.*budget.*Nothing was sent"):
        OtpMachine.of(url=url)


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({}, "one of three"),
        ({"service": World(), "url": "http://127.0.0.1"}, "one of three"),
        ({"service": World(), "promises": ["onec"]}, "Did you mean 'once'"),
        ({"service": World(), "promises": ["expiry"]}, "give pass_time="),
        ({"service": World(), "promises": ["delays"]}, "no promise 'delays' of a service"),
        ({"service": World(), "phones": ["+14155550123"]}, "two numbers"),
        ({"service": World(), "phones": ["+14155550123", "+14155550145"]}, "phones= need reset="),
        ({"bot": "x.bot.yaml", "promises": ["once"]}, "no promise 'once' of a bot: it is one of services only"),
        ({"service": World(), "attempts": "3"}, "attempts= is how many .* not '3'"),
        ({"service": World(), "attempts": 0}, "from 1 on; not 0"),
        ({"service": World(), "pass_time": 5}, "pass_time= is a function: it is called with seconds"),
        ({"service": 5}, "service= is a function: .* type int was given"),
        ({"url": 5}, "url= is a text, such as"),
        ({"bot": 5}, "The bot is the path of its file"),
        ({"service": World(), "profile": 5}, "profile= is the name"),
        ({"service": World(), "phones": "+14155550123"}, "phones= is a list of numbers"),
        ({"service": World(), "phones": ["+14155550123", "0123"]}, "number 2 of them is not"),
        ({"service": World(), "promises": []}, "promises= is empty"),
        ({"service": World(), "promises": "once"}, r"such as \['once'\]"),
        ({"service": World(), "send": {"to": "{{phon}}"}}, "send= has {{phon}}, which nothing .* mean 'phone'"),
        ({"service": World(), "verify": {"code": ["{{code}}"]}}, "verify= has {{code}}"),
        ({"service": World(), "verify": {"to": "{{phone}}"}}, "verify= has no {{user_otp}}"),
        ({"service": World(), "send": "{{phone}}"}, "send= is the body as a dict"),
        ({"service": 5, "attempts": 0}, "(?s)service= .*\nattempts= "),
        ({"service": World(), "coed": print}, "Did you mean 'code'"),
        ({"bot": "x.bot.yaml", "pass_time": print}, "needs no pass_time"),
        ({"url": "127.0.0.1:8000"}, "reached at a URL"),
    ],
)
def test_senseless_machine(how, told):
    """What makes no sense is refused at once, with the way out."""
    with pytest.raises(MachineError, match=told):
        OtpMachine.of(**how)


def test_machine_is_made_by_of():
    """`OtpMachine()` says how a machine is made."""
    with pytest.raises(MachineError, match=r"made by OtpMachine\.of"):
        OtpMachine()


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"service": lambda _: None}, "service= returned a value of type NoneType, and not a Response"),
        ({"service": World(), "code": lambda _: 123456}, "code= returned a value of type int"),
    ],
)
def test_senseless_answer(how, told):
    """What a function of the user returns is told where it is of another kind."""
    with pytest.raises(pytest.fail.Exception, match=told):
        OtpMachine.of(promises=["right-code"], **how).TestCase("runTest").runTest()
