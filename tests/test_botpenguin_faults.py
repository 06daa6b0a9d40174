"""What the fake BotPenguin makes of faults: planned, refused, struck and unmatched."""

import pytest
from asked_botpenguin import HOST, SEND, VERIFY, Service, message

from pytest_botpenguin_otp.errors import FaultError
from pytest_botpenguin_otp.wire import Request


@pytest.mark.parametrize(
    ("url", "status", "code", "expected", "told"),
    [
        (SEND, 500, None, 500, "send failed"),
        (VERIFY, None, None, 400, "verify failed"),
        (f"{HOST}/x", 503, None, 503, "request failed"),
        (SEND, None, 21211, 400, "Twilio error 21211"),
        (SEND, 429, 21211, 429, "Twilio error 21211"),
    ],
)
def test_refuse(url, status, code, expected, told):
    """A planned error has the shape of the profile's own."""
    answer = Service().fake.refuse(Request(method="POST", url=url), status=status, code=code)

    assert (answer.status, message(answer)) == (expected, told)


def test_fail():
    """Faults are planned by operation, as a number or as fields."""
    service = Service()
    service.fake.fail(send=500, verify={"timeout": True, "nth": 2})

    assert service.plan.unused() == (
        "botpenguin send: status 500: struck 0 of 1",
        "botpenguin verify: timeout, from call 2: struck 0 of 1",
    )


@pytest.mark.parametrize(
    ("faults", "told"),
    [
        ({"sned": 500}, "botpenguin has no operation 'sned'. Did you mean 'send'?"),
        ({"send": "500"}, "A fault is a number or a mapping of fields, not str."),
        ({"send": {"timeot": True}}, "Did you mean 'timeout'?"),
        ({"send": {"timeout": "yes"}}, "The field 'timeout' of a fault is true or false, not of type str."),
        ({"send": 42}, "42 is no HTTP status"),
        ({"verify": 21211}, "21211 is a Twilio error code, which only a send can fail by."),
        ({"verify": 500, "nth": 2}, "Of which call? A field goes with its call: fail(verify={'nth': ...})."),
        ({"send": 500, "verify": "500"}, "A fault is a number or a mapping of fields, not str."),
        ({"send": {}}, "This fault changes nothing"),
    ],
)
def test_fail_badly(faults, told):
    """A fault that makes no sense is refused when it is planned."""
    service = Service()

    with pytest.raises(FaultError) as caught:
        service.fake.fail(**faults)
    assert told in str(caught.value)
    assert not service.plan.waiting


def test_unmatched():
    """Where a route is, there is nothing to say of one that is missing."""
    assert Service().fake.unmatched(Request(method="POST", url=SEND)) is None
