"""Lists come in pages, newest first."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_botpenguin_otp.clock import Clock
from pytest_botpenguin_otp.faults import FaultPlan
from pytest_botpenguin_otp.journal import Journal
from pytest_botpenguin_otp.twilio import FakeTwilio
from pytest_botpenguin_otp.twilio.listing import read_wanted

META = {
    "first_page_uri",
    "end",
    "previous_page_uri",
    "uri",
    "page_size",
    "start",
    "next_page_uri",
    "page",
}


def pages(client, path):
    """Follow the links from one page to the last."""
    while path:
        page = client.get(path).json()
        yield page
        path = (page["next_page_uri"] or "").replace("/2010", "https://api.twilio.com/2010")


def sids(pages_):
    """Return the sids on all pages."""
    return [message["sid"] for page in pages_ for message in page["messages"]]


def test_empty(client):
    """An empty list has exactly Twilio's keys."""
    page = client.get("/Messages.json").json()

    assert page.keys() == META | {"messages"}
    assert page["messages"] == []
    assert (page["start"], page["end"], page["page"], page["page_size"]) == (0, 0, 0, 50)
    assert page["next_page_uri"] is page["previous_page_uri"] is None


def test_two_pages(client, twilio):
    """A page names the next one by number and token; `end` is the last index."""
    made = [client.create().json()["sid"] for _ in range(3)]
    first, second = pages(client, "/Messages.json?PageSize=2")
    base = f"/2010-04-01/Accounts/{twilio.account_sid}/Messages.json?PageSize=2"

    assert first["next_page_uri"] == f"{base}&Page=1&PageToken=PA{made[1]}"
    assert first["first_page_uri"] == first["uri"] == f"{base}&Page=0"
    assert (first["start"], first["end"]) == (0, 1)
    assert second["previous_page_uri"] == f"{base}&Page=0"
    assert (second["start"], second["end"], second["next_page_uri"]) == (2, 2, None)
    assert sids([first, second]) == made[::-1]


@pytest.mark.parametrize(("given_", "size"), [("0", 1), ("5000", 1000), ("x", 50), ("9" * 30, 50), ("7", 7)])
def test_page_size(given_, size):
    """A page holds 1 to 1000 messages."""
    assert read_wanted("AC1", [("PageSize", given_)]).size == size


def test_page_without_token(client):
    """A page can be asked for by number alone, with filters and without."""
    made = [client.create().json()["sid"] for _ in range(5)]

    assert sids([client.get("/Messages.json?PageSize=2&Page=1").json()]) == [made[2], made[1]]
    assert sids([client.get("/Messages.json?PageSize=2&Page=1&From=%2B15005550006").json()]) == [made[2], made[1]]
    assert sids([client.get("/Messages.json?PageSize=2&Page=9").json()]) == []


def test_token_holds(client):
    """What is sent between two pages does not shift the second."""
    made = [client.create().json()["sid"] for _ in range(4)]
    walk = pages(client, "/Messages.json?PageSize=2")
    first = next(walk)
    client.create()

    assert sids([first, *walk]) == made[::-1]


def test_lost_token(client):
    """Where the token's message was deleted, the page number counts."""
    made = [client.create().json()["sid"] for _ in range(4)]
    walk = pages(client, "/Messages.json?PageSize=2")
    first = next(walk)
    client.send("DELETE", f"/Messages/{made[2]}.json")

    assert sids([first, *walk]) == [made[3], made[2], made[0]]


def test_numbers(client, twilio):
    """To and From are filters, and stay in the links."""
    twilio.own("+14155550199")
    ours = client.create(To="+14155550101", From="+14155550199").json()["sid"]
    client.create(To="+14155550101")
    client.create(To="+14155550102", From="+14155550199")
    (page,) = pages(client, "/Messages.json?To=%2B14155550101&From=%2B14155550199")

    assert sids([page]) == [ours]
    assert "To=%2B14155550101&From=%2B14155550199" in page["uri"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("DateSent=2026-01-15", "012"),
        ("DateSent=2026-01-16", ""),
        ("DateSent%3E=2026-01-15", "012"),
        ("DateSent%3E=2026-01-15T09:00:10Z", "12"),
        ("DateSent%3C=2026-01-15T09:00:10Z", "01"),
        ("DateSent%3E=2026-01-15T09:00:05Z&DateSent%3C=2026-01-15T09:00:15Z", "1"),
        ("DateSent%3C=2026-01-14", ""),
    ],
)
def test_dates(client, clock, query, found):
    """DateSent is a day or a moment; before and after include it."""
    made = []
    for second in (0, 10, 20):
        clock.advance_to(second * 1000)
        made.append(client.create().json()["sid"])
    clock.advance_to(30_000)

    assert sids(pages(client, f"/Messages.json?{query}")) == [made[int(place)] for place in reversed(found)]


def test_not_yet_sent(client):
    """What is queued has no date to be found by."""
    client.create()

    assert sids(pages(client, "/Messages.json?DateSent=2026-01-15")) == []


def test_no_date(client):
    """A date that is none is refused."""
    assert client.get("/Messages.json?DateSent=yesterday").status == 400


def test_own_messages_only(client, client_of, twilio):
    """An account sees its own messages."""
    other = twilio.add_account("+14155550199")
    client.create()

    assert sids(pages(client_of(twilio, other.sid, other.auth_token), "/Messages.json")) == []


def test_media(client):
    """The media of a message are an empty list."""
    sid = client.create().json()["sid"]
    page = client.get(f"/Messages/{sid}/Media.json").json()

    assert page.keys() == META | {"media_list"}
    assert page["media_list"] == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(0, 12), size=st.integers(1, 5))
def test_every_message_once(client_of, count, size):
    """Following the links shows every message once, whatever the page size."""
    client = client_of(FakeTwilio(clock=Clock(), journal=Journal(), seed=1, faults=FaultPlan()))
    made = [client.create().json()["sid"] for _ in range(count)]

    assert sids(pages(client, f"/Messages.json?PageSize={size}")) == made[::-1]
