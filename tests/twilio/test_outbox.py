"""Messages reach handsets, and users answer."""

import pytest

from pytest_botpenguin_otp.journal import SmsArrived
from pytest_botpenguin_otp.twilio.outbox import START, STOP

USER = "+14155550123"


def test_arrives_at_once(client, twilio, journal):
    """A message is on its handset when the request is answered, and the journal knows."""
    sid = client.create(Body="Code 123456").json()["sid"]

    assert list(journal.of(SmsArrived)) == [SmsArrived(now_ms=0, to=USER, text="Code 123456", sid=sid)]
    assert [message.sid for message in twilio.arrivals(None)] == [sid]


def test_repeatable(client):
    """The same seed gives the same sids, which reading does not change."""
    first = client.create().json()["sid"]
    client.get("/Messages.json")
    second = client.create().json()["sid"]

    assert first == "SM6513270e269e0d37f2a74de452e6b438"
    assert first != second


def test_redacted_message_stays_on_the_handset(client, twilio):
    """Redacting is for the API; the user has read it already."""
    sid = client.create(Body="Code 123456").json()["sid"]
    client.send("POST", f"/Messages/{sid}.json", Body="")

    assert twilio.messages[0].body == ""
    assert next(twilio.arrivals(None)).body == "Code 123456"


def test_service_sends(client, twilio):
    """A Messaging Service sends from the first number of its pool."""
    service = twilio.add_messaging_service("+14155550198", "+14155550199")
    shown = client.create(From=None, MessagingServiceSid=service.sid).json()

    assert (shown["status"], shown["from"], shown["messaging_service_sid"]) == ("accepted", None, service.sid)
    assert twilio.messages[0].from_ == "+14155550198"


def test_scheduled(client, clock, twilio):
    """A scheduled message arrives at its time."""
    service = twilio.add_messaging_service("+14155550198")
    when = {"MessagingServiceSid": service.sid, "SendAt": "2026-01-15T09:10:00Z", "ScheduleType": "fixed"}
    shown = client.create(From=None, **when).json()
    clock.advance_to(599_999)

    assert shown["status"] == "scheduled"
    assert list(twilio.arrivals(None)) == []
    clock.advance_to(610_000)
    assert [message.status for message in twilio.messages] == ["delivered"]
    assert len(list(twilio.arrivals(None))) == 1


def test_canceled(client, clock, twilio):
    """A canceled message never arrives; one that is gone cannot be canceled."""
    service = twilio.add_messaging_service("+14155550198")
    when = {"MessagingServiceSid": service.sid, "SendAt": "2026-01-15T09:10:00Z"}
    sid = client.create(From=None, **when).json()["sid"]
    shown = client.send("POST", f"/Messages/{sid}.json", Status="canceled").json()
    clock.advance_to(700_000)

    assert shown["status"] == twilio.messages[0].status == "canceled"
    assert list(twilio.arrivals(None)) == []
    assert client.send("POST", f"/Messages/{sid}.json", Status="canceled").status == 400


@pytest.mark.parametrize("send_at", ["2026-01-15T08:00:00Z", "soon"])
def test_no_time_to_wait_for(client, twilio, send_at):
    """A time that has passed, or is none, is now."""
    service = twilio.add_messaging_service("+14155550198")

    assert client.create(MessagingServiceSid=service.sid, SendAt=send_at).json()["status"] == "accepted"


def test_deleted_before_its_time(client, clock, twilio):
    """A scheduled message that was deleted never arrives."""
    service = twilio.add_messaging_service("+14155550198")
    sid = client.create(MessagingServiceSid=service.sid, SendAt="2026-01-15T09:10:00Z").json()["sid"]
    client.send("DELETE", f"/Messages/{sid}.json")
    clock.advance_to(700_000)

    assert list(twilio.arrivals(None)) == []


@pytest.mark.parametrize("stop", sorted(STOP))
def test_stop(client, twilio, stop):
    """Whoever sends STOP or the like gets no more from that number."""
    twilio.receive(USER, twilio.number, f" {stop.lower()} ")

    assert client.create().json()["code"] == 21610
    assert client.create(To="+14155550124").status == 201


@pytest.mark.parametrize("start", sorted(START))
def test_start(client, twilio, start):
    """START undoes STOP."""
    twilio.receive(USER, twilio.number, "STOP")
    twilio.receive(USER, twilio.number, start)

    assert client.create().status == 201


def test_stop_to_a_service(client, twilio):
    """STOP to one number of a Messaging Service is STOP to all of them."""
    service = twilio.add_messaging_service("+14155550198", "+14155550199")
    twilio.receive(USER, "+14155550199", "STOP")

    assert client.create(From=None, MessagingServiceSid=service.sid).json()["code"] == 21610
    assert client.create().status == 201


def test_inbound(client, twilio):
    """An inbound SMS is in Twilio's list and not among what was sent."""
    received = twilio.receive("+1 415 555 0123", twilio.number, "hello")
    (shown,) = client.get("/Messages.json").json()["messages"]

    assert (shown["direction"], shown["status"], shown["from"]) == ("inbound", "received", USER)
    assert shown["sid"] == received.sid
    assert twilio.messages == twilio.to(twilio.number) == ()


def test_trial_prefix(client, twilio):
    """A trial account's messages say so first."""
    twilio.make_trial(USER)

    assert client.create(Body="460583").json()["body"] == "Sent from your Twilio trial account - 460583"


def test_media(client):
    """A message with media is an MMS."""
    shown = client.create(MediaUrl="https://bot.example/a.png").json()

    assert shown["sid"].startswith("MM")
    assert shown["num_media"] == "1"
