"""The journal keeps every event in order, and shows no text that may hold a secret."""

import pytest

from pytest_botpenguin_otp import journal as j
from pytest_botpenguin_otp.journal import Journal
from pytest_botpenguin_otp.wire import Request, Response

SECRET = "012345"
ASKED = Request(method="POST", url=f"https://a.test/?a={SECRET}", headers=(("A", SECRET),), body=SECRET.encode())
EVENTS = [
    j.BotSaid(now_ms=0, contact="user", component="main/a", text=SECRET),
    j.UserSaid(now_ms=0, contact="user", component="main/a", text=SECRET),
    j.UserDid(now_ms=0, contact="user", component="main/a", action="skip"),
    j.Calling(now_ms=0, contact="user", component="main/a", api="A", role=None, call=1, request=ASKED),
    j.Answered(
        now_ms=0,
        contact="user",
        component="main/a",
        api="A",
        call=1,
        response=Response(status=200, body=SECRET.encode()),
    ),
    j.Served(now_ms=0, service="twilio", operation="create", request=ASKED),
    j.SmsArrived(now_ms=0, to=SECRET, text=SECRET, sid="SM1"),
    j.Breach(now_ms=0, contract="bot", by="flow", faults=("f",)),
    j.Failed(now_ms=0, expectation=SECRET),
    j.Ended(now_ms=0, contact="user", component="main/a", how="end_chat"),
]


def test_order():
    """Events stay in the order in which they came, and can be had by kind."""
    journal = Journal()
    for event in EVENTS:
        journal.append(event)

    assert journal.events == tuple(EVENTS)
    assert len(journal) == len(EVENTS)
    assert [list(journal.of(type(event))) for event in EVENTS] == [[event] for event in EVENTS]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_repr(event):
    """No `repr` of an event shows what was typed, said, sent or answered."""
    assert SECRET not in repr(event)
