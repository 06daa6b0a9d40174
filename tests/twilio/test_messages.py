"""A message is a value that shows itself as Twilio does."""

import pytest

from pytest_botpenguin_otp.twilio.lifecycle import course_of
from pytest_botpenguin_otp.twilio.messages import Message, as_json

KEYS = """
body num_segments direction from date_updated price error_message uri account_sid num_media to date_created status sid
date_sent messaging_service_sid error_code price_unit api_version subresource_uris
"""


def message(**fields):
    """Make a message."""
    given = {"sid": "SM1", "account_sid": "AC1", "to": "+14155550123", "from_": "+15005550006", "body": "Code 123456"}
    return Message(**given | {"created_ms": 0, "updated_ms": 0, "position": 1} | fields)


def test_keys():
    """The 20 fields stand in the order of a recorded answer."""
    assert list(as_json(message())) == KEYS.split()


def test_created():
    """A message just created has no price, no date_sent, and names no feedback yet."""
    shown = as_json(message(), created=True)

    assert shown["price"] is shown["date_sent"] is shown["error_code"] is shown["messaging_service_sid"] is None
    assert shown["num_segments"] == "1"
    assert shown["price_unit"] == "USD"
    assert shown["subresource_uris"] == {"media": "/2010-04-01/Accounts/AC1/Messages/SM1/Media.json"}
    assert list(as_json(message())["subresource_uris"]) == ["media", "feedback"]


@pytest.mark.parametrize(
    ("now_ms", "status", "sent_ms", "price"),
    [
        (0, "queued", None, None),
        (99, "queued", None, None),
        (100, "sending", None, None),
        (500, "sent", 500, "-0.00750"),
        (2000, "delivered", 500, "-0.00750"),
        (10**9, "delivered", 500, "-0.00750"),
    ],
)
def test_delivery(now_ms, status, sent_ms, price):
    """The status follows from the moment, and with it the date sent and the price."""
    moved = message().at(now_ms)

    assert (moved.status, moved.sent_ms, moved.price) == (status, sent_ms, price)


def test_failure():
    """An error shows only once the message has failed."""
    bound = message(course=course_of(via="number", failure=30003), failure=30003)

    assert bound.at(500).error_code is bound.at(500).error_message is None
    assert bound.at(2000).status == "undelivered"
    assert as_json(bound.at(2000))["error_code"] == 30003
    assert as_json(bound.at(2000))["error_message"] == "Unreachable destination handset"


def test_service():
    """Until a Messaging Service has picked a sender there is none, and no count of segments."""
    sent = message(course=course_of(via="service", failure=None), status="accepted", messaging_service_sid="MG1")

    assert (as_json(sent)["from"], as_json(sent)["num_segments"]) == (None, "0")
    assert (as_json(sent.at(50))["from"], as_json(sent.at(50))["num_segments"]) == ("+15005550006", "1")


def test_redact():
    """Redacting takes the text and leaves the rest, at a new date."""
    redacted = message().redact(5000)

    assert (redacted.body, redacted.status, redacted.updated_ms) == ("", "delivered", 5000)
    assert redacted.at(9000) == redacted


def test_cancel():
    """A canceled message stays so."""
    scheduled = message(course=course_of(via="service", failure=None, wait_ms=60_000), status="scheduled")

    assert scheduled.cancel(1000).at(10**9).status == "canceled"


def test_inbound_costs_nothing():
    """An inbound message has no price."""
    assert message(direction="inbound", sent_ms=1).price is None


def test_repr():
    """The repr shows neither the text nor whole numbers."""
    assert repr(message()) == "<Message SM1 to +1415555XXXX from +1500555XXXX, queued>"
