"""A fault is a value that is checked when it is made, meets the calls it says, and does what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.errors import FaultError, NoResponseError
from pytest_botpenguin_otp.faults import Fault, FaultPlan, strike
from pytest_botpenguin_otp.wire import Request, Response, json_response

PHONE, OTHER = "+14155550123", "+14155550124"
ASKED = Request(method="POST", url="https://a.test/")


class Healthy:
    """A service that notes what it did."""

    def __init__(self):
        self.done = []

    def answer(self, request):
        """Answer well."""
        self.done.append(request)
        return Response(status=200, body=b'{"a": 1}', elapsed_ms=7)

    def refuse(self, request, *, status, code):
        """Answer with an error."""
        self.done.append((request.method, status, code))
        return json_response(status or 400, {"code": code})


def fault(**fields):
    """Make a fault of Send OTP."""
    return Fault(**({"service": "botpenguin", "operation": "send"} | fields))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"service": "twillio"}, "There is no service 'twillio'. Did you mean 'twilio'? Known: botpenguin, twilio."),
        ({"operation": "sent"}, "botpenguin has no operation 'sent'. Did you mean 'send'? Known: send, verify."),
        ({"nth": 0}, "A fault needs nth and times of at least 1"),
        ({"times": 0}, "A fault needs nth and times of at least 1"),
        ({"share": 0.0}, "a share in (0, 1]"),
        ({"share": 1.5}, "a share in (0, 1]"),
        ({"delay": -1}, "a delay of at least 0"),
        ({"status": None}, "This fault changes nothing"),
        ({"status": 99}, "99 is no HTTP status: those go from 100 to 599."),
        ({"status": 600}, "600 is no HTTP status"),
        ({"status": "500"}, "The field 'status' of a fault is a whole number, not of type str."),
        ({"nth": "2"}, "The field 'nth' of a fault is a whole number, not of type str."),
        ({"delay": True}, "The field 'delay' of a fault is a whole number, not of type bool."),
        ({"timeout": "true"}, "The field 'timeout' of a fault is true or false, not of type str."),
        ({"body": {"a": 1}}, "The field 'body' of a fault is a text, not of type dict."),
        (
            {"operation": "verify", "status": None, "code": 21211},
            "21211 is a Twilio error code, which only a send can fail by. Of any other call, say an HTTP status (100",
        ),
        ({"phone": 14155550123}, "The field 'phone' of a fault is a text, not of type int."),
        ({"phone": "+1 415 555 0123"}, "The field 'phone' of a fault is a number in strict E.164: a plus sign, then 7"),
        ({"phone": "14155550123"}, "strict E.164"),
        ({"phone": "+14155550123\n"}, "strict E.164"),
        ({"phone": ""}, "strict E.164"),
        ({"seed": 0.5}, "The field 'seed' of a fault is a whole number, not of type float."),
        ({"share": "0.5"}, "The field 'share' of a fault is a number, not of type str."),
    ],
)
def test_refusals(fields, told):
    """What no service could do is refused when it is asked for, with the way out."""
    with pytest.raises(FaultError) as caught:
        fault(**({"status": 500} | fields))
    assert told in str(caught.value)


@pytest.mark.parametrize("told", ["+1 415 555 0199", 14155550199, "0199", {"to": "+14155550199"}])
def test_refusal_keeps_the_number(told):
    """A number that is refused is not printed."""
    with pytest.raises(FaultError) as caught:
        fault(status=500, phone=told)
    assert "0199" not in str(caught.value)


def test_repr_keeps_the_number():
    """What a failed assertion shows of a fault has no number in it."""
    assert PHONE not in repr(fault(status=500, phone=PHONE))


@pytest.mark.parametrize(
    ("told", "made"),
    [
        (500, {"status": 500}),
        (999, None),
        (21211, {"code": 21211}),
        (-5, None),
        ({"timeout": True, "nth": 2}, {"timeout": True, "nth": 2}),
        ({"share": 1, "status": 500}, {"share": 1, "status": 500}),
        (True, "A fault is a number or a mapping of fields, not bool."),
        ("500", "A fault is a number or a mapping of fields, not str."),
        ({"timeot": True}, "A fault has no field 'timeot'. Did you mean 'timeout'?"),
        ({5: True}, "A fault has no field 5."),
        ({"service": "twilio"}, "A fault has no field 'service'."),
        ({}, "This fault changes nothing"),
    ],
)
def test_of(told, made):
    """A number is an HTTP status or, from 1000 on, a Twilio code; a mapping holds fields."""
    if isinstance(made, dict):
        assert Fault.of("botpenguin", "send", told) == fault(**made)
    else:
        with pytest.raises(FaultError) as caught:
            Fault.of("botpenguin", "send", told)
        assert (made or "is no HTTP status") in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"status": 500}, "botpenguin send: status 500"),
        ({"operation": None, "reset": True}, "botpenguin any call: reset"),
        ({"code": 30003, "nth": 2, "times": 3}, "botpenguin send: code 30003, from call 2, 3 times"),
        ({"body": "secret", "delay": 4, "lost": True}, "botpenguin send: body, delay 4 s, lost"),
        ({"reset": True, "phone": PHONE}, "botpenguin send: reset, for the number that ends in 23"),
        (
            {"reset": True, "phone": PHONE, "share": 0.25, "times": 9},
            "botpenguin send: reset, 9 times, for the number that ends in 23, a share of 0.25",
        ),
        ({"reset": True, "share": 0.5, "seed": 7}, "botpenguin send: reset, a share of 0.5 by seed 7"),
        ({"service": "twilio", "operation": "callback", "callback": "late"}, "twilio callback: callback late"),
    ],
)
def test_text(fields, told):
    """A fault reads as one line, without the body that it holds, and with no more of a number than its end."""
    assert str(fault(**fields)) == told


def struck(plan, calls):
    """Return which of so many calls of Send OTP are struck."""
    return [number for number in range(1, calls + 1) if plan.meet("botpenguin", "send", PHONE)]


@pytest.mark.parametrize(
    ("fields", "calls"),
    [
        ({}, [1]),
        ({"times": 2}, [1, 2]),
        ({"nth": 3}, [3]),
        ({"nth": 2, "times": 3}, [2, 3, 4]),
        ({"phone": PHONE}, [1]),
        ({"phone": OTHER}, []),
        ({"operation": "verify"}, []),
        ({"operation": None}, [1]),
        ({"service": "twilio", "operation": "create"}, []),
    ],
)
def test_meets(fields, calls):
    """A fault meets the calls of its operation and phone, from the nth on, so many times."""
    plan = FaultPlan()
    plan.add(fault(status=500, **fields))

    assert struck(plan, 6) == calls
    assert bool(plan.unused()) == (not calls)


def test_plan():
    """Faults strike in the order in which they were asked for, and what never struck is told."""
    plan = FaultPlan()
    assert not plan.waiting
    first, second = plan.add(fault(status=500, times=2)), plan.add(fault(status=503))
    assert plan.waiting

    met = [plan.meet("botpenguin", "send") for _ in range(2)]

    assert met == [first, first]
    assert plan.unused() == ("botpenguin send: status 503: struck 0 of 1",)
    assert plan.meet("botpenguin", "send") is second
    assert plan.unused() == ()


@pytest.mark.parametrize(
    ("faults", "met"),
    [
        ([{"status": 500}, {"code": 21211, "nth": 2}], [0, 1, None]),
        ([{"code": 21211, "nth": 2}, {"status": 500}], [1, 0, None]),
        ([{"status": 500, "times": 2}, {"status": 503, "nth": 2}], [0, 0, 1]),
        ([{"status": 500}, {"status": 503, "phone": OTHER}], [0, None, None]),
        ([{"status": 500, "operation": None}, {"status": 503, "nth": 3}], [0, None, 1]),
    ],
)
def test_every_fault_counts(faults, met):
    """A fault counts each call that it is about, also one that an earlier fault strikes."""
    plan = FaultPlan()
    planned = [plan.add(fault(**fields)) for fields in faults]

    found = [plan.meet("botpenguin", "send", PHONE) for _ in range(3)]
    assert found == [None if index is None else planned[index] for index in met]


@given(st.integers(0, 1000))
def test_share(seed):
    """A share is decided by the seed alone, and is content with having struck once."""
    plans = [FaultPlan(seed), FaultPlan(seed)]
    for plan in plans:
        plan.add(fault(status=500, share=0.5, times=100))
    found = [struck(plan, 40) for plan in plans]

    assert found[0] == found[1]
    assert 0 < len(found[0]) < 40
    assert plans[0].unused() == ()


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 1000))
def test_share_by_its_own_seed(seed, world, other):
    """A share with a seed of its own strikes the same calls in whatever world, at whatever place on the plan."""
    plans = [FaultPlan(world), FaultPlan(other)]
    plans[1].add(fault(operation="verify", status=503))
    for plan in plans:
        plan.add(fault(status=500, share=0.5, times=100, seed=seed))

    assert struck(plans[0], 40) == struck(plans[1], 40)


def test_seeds_differ():
    """Seeds of shares choose different calls, also in one world."""
    found = set()
    for seed in range(8):
        plan = FaultPlan()
        plan.add(fault(status=500, share=0.5, times=100, seed=seed))
        found.add(tuple(struck(plan, 40)))

    assert len(found) == 8


@pytest.mark.parametrize(
    ("fields", "status", "body", "done"),
    [
        ({"status": 503}, 503, b'{"code": null}', [("POST", 503, None)]),
        ({"code": 21211}, 400, b'{"code": 21211}', [("POST", None, 21211)]),
        ({"code": 21211, "status": 429}, 429, b'{"code": 21211}', [("POST", 429, 21211)]),
        ({"body": "<html>"}, 200, b"<html>", [ASKED]),
        ({"body": "<html>", "status": 502}, 502, b"<html>", [ASKED]),
        ({"malformed": True}, 200, b'{"a"', [ASKED]),
        ({"empty": True}, 200, b"", [ASKED]),
        ({"wrong_type": True}, 200, b'[{"a": 1}]', [ASKED]),
        ({"slow": True}, 200, b'{"a": 1}', [ASKED]),
    ],
)
def test_strike(fields, status, body, done):
    """Each fault gives the answer that it says, and the healthy service does what it would have done."""
    fake = Healthy()
    answer = strike(fake, fault(**fields), ASKED)

    assert (answer.status, answer.body, fake.done) == (status, body, done)


def test_huge():
    """A huge body is JSON of a megabyte."""
    answer = strike(Healthy(), fault(huge=True), ASKED)

    assert len(answer.json()["padding"]) == 1 << 20


def test_delay():
    """A delay is added to what the answer took by itself."""
    assert strike(Healthy(), fault(delay=4), ASKED).elapsed_ms == 4007


@pytest.mark.parametrize(("kind", "done"), [("timeout", []), ("reset", []), ("lost", [ASKED])])
def test_silence(kind, done):
    """Silence is told by its kind; only what is lost was done."""
    fake = Healthy()

    with pytest.raises(NoResponseError) as caught:
        strike(fake, fault(**{kind: True, "delay": 2}), ASKED)
    assert (caught.value.kind, caught.value.elapsed_ms, fake.done) == (kind, 2000, done)
