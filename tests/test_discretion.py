"""Values that hide something show their `repr` alone, whatever prints them."""

import pytest
from hypothesis.vendor.pretty import pretty

from pytest_botpenguin_otp import journal, values
from pytest_botpenguin_otp.botpenguin import Sent
from pytest_botpenguin_otp.machine import Secrets
from pytest_botpenguin_otp.twilio.accounts import ApiKey
from pytest_botpenguin_otp.wire import Request, Response

HIDDEN = "hush-483920"


@pytest.mark.parametrize(
    "value",
    [
        Request(method="GET", url="https://a.test", headers=(("Authorization", HIDDEN),), body=HIDDEN.encode()),
        Response(status=200, headers=(("Set-Cookie", HIDDEN),), body=HIDDEN.encode()),
        values.Value(HIDDEN),
        values.Masked(HIDDEN),
        journal.SmsArrived(now_ms=0, to=HIDDEN, text=HIDDEN, sid="SM1"),
        Sent(now_ms=0, to=HIDDEN, code=HIDDEN),
        ApiKey(sid="SK1", secret=HIDDEN),
        Secrets({"authToken": HIDDEN}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_hypothesis_prints(value):
    """Hypothesis, which looks into the fields of a dataclass, prints the `repr` of ours."""
    assert pretty([value]) == repr([value])
    assert HIDDEN not in pretty(value)
