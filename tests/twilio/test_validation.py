"""A bad message is refused as Twilio refuses it."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.twilio.accounts import DEFAULT
from pytest_botpenguin_otp.twilio.phones import NUMBER
from pytest_botpenguin_otp.twilio.validation import CHECKS, Draft, check

TO = "+14155550123"
WEB = "https://bot.example/x"


@pytest.mark.parametrize(
    ("params", "code", "text"),
    [
        ({"To": None}, 21604, "A 'To' phone number is required."),
        ({"To": ""}, 21604, "A 'To' phone number is required."),
        ({"From": None}, 21603, "A 'From' phone number is required."),
        ({"Body": None}, 21619, "A text message body or media urls must be specified."),
        ({"Body": ""}, 21619, "A text message body or media urls must be specified."),
        ({"To": "+14155551"}, 21211, "Invalid 'To' Phone Number: +1415XXXX"),
        ({"To": "banana"}, 21211, "Invalid 'To' Phone Number: baXXXX"),
        ({"To": "+918120512345"[:-1]}, 21265, "'To' number cannot be a Short Code: +9181205XXXX"),
        (
            {"From": "+1415"},
            21212,
            "The 'From' number +1415 is not a valid phone number, shortcode, or alphanumeric sender ID.",
        ),
        ({"To": NUMBER}, 21266, "'To' and 'From' number cannot be the same"),
        ({"Body": "a" * 1601}, 21617, "The concatenated message body exceeds the 1600 character limit."),
        ({"Body": "\U0001f600" * 801}, 21617, "The concatenated message body exceeds the 1600 character limit."),
        ({"MediaUrl": "file:///etc/motd"}, 21620, "Invalid media URL(s)"),
        ({"StatusCallback": "ftp://bot.example/"}, 21609, "Invalid 'StatusCallback'"),
        ({"StatusCallback": "https://a_b.example/"}, 21609, "Invalid 'StatusCallback'"),
        ({"StatusCallback": "https://bot.example:port/"}, 21609, "Invalid 'StatusCallback'"),
        ({"StatusCallback": "https:///x"}, 21609, "Invalid 'StatusCallback'"),
        ({"StatusCallback": WEB + "x" * 4000}, 21609, "Invalid 'StatusCallback'"),
        ({"ValidityPeriod": "0"}, 21624, "Invalid validity period value"),
        ({"ValidityPeriod": "36001"}, 21624, "Invalid validity period value"),
        ({"ValidityPeriod": "soon"}, 21624, "Invalid validity period value"),
        (
            {"From": "+14155550199"},
            21659,
            "'From' +14155550199 is not a Twilio phone number or Short Code country mismatch",
        ),
        ({"From": "12345"}, 21659, "'From' 12345 is not a Twilio phone number or Short Code country mismatch"),
        (
            {"From": "MyShop"},
            21612,
            (
                "Message cannot be sent with the current combination of 'To' (+1415555XXXX) and/or 'From' (MyShop)"
                " parameters"
            ),
        ),
        ({"MessagingServiceSid": "MG1"}, 21705, "The Messaging Service is invalid"),
        ({"MessagingServiceSid": "MG" + "0" * 32}, 21701, "The Messaging Service does not exist"),
        (
            {"From": "+15005550001"},
            21212,
            "The 'From' number +15005550001 is not a valid phone number, shortcode, or alphanumeric sender ID.",
        ),
        (
            {"From": "+15005550007"},
            21606,
            (
                "The 'From' phone number provided (+15005550007) is not a valid message-capable Twilio phone number for"
                " this destination"
            ),
        ),
        ({"To": "+15005550001"}, 21211, "Invalid 'To' Phone Number: +1500555XXXX"),
        (
            {"To": "+15005550003"},
            21408,
            "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: +1500555XXXX",
        ),
        ({"To": "+15005550004"}, 21610, "Attempt to send to unsubscribed recipient"),
        ({"To": "+15005550009"}, 21614, "To number: +15005550009, is not a mobile number"),
    ],
)
def test_refused(client, twilio, params, code, text):
    """Each fault has Twilio's code and text, and nothing is sent."""
    answer = client.create(**params)

    assert answer.status == 400
    assert answer.json()["code"] == code
    assert answer.json()["message"] == text
    assert answer.header("x-twilio-error-code") == str(code)
    assert twilio.messages == ()


@pytest.mark.parametrize(
    "params",
    [
        {"To": "+447700900123"},
        {"Body": "a" * 1600},
        {"Body": "\U0001f600" * 800},
        {"Body": " "},
        {"StatusCallback": "http://127.0.0.1:5000/x"},
        {"StatusCallback": ""},
        {"ValidityPeriod": "36000"},
        {"To": "+447700900123", "From": "MyShop"},
        {"MediaUrl": WEB, "Body": None},
        {"NoSuchParameter": "1", "MessageIntent": "otp"},
    ],
)
def test_taken(client, params):
    """What Twilio takes is taken; parameters that nobody knows are ignored."""
    assert client.create(**params).status == 201


def test_queue_full(client):
    """A magic sender's full queue is told with 429."""
    answer = client.create(From="+15005550008")

    assert (answer.status, answer.json()["code"]) == (429, 21611)


def test_ten_media(client):
    """Ten media are fine, eleven are not."""
    assert client.create(*[("MediaUrl", WEB)] * 10).json()["num_media"] == "10"
    assert client.create(*[("MediaUrl", WEB)] * 11).json()["code"] == 21620


def test_someone_elses_number(client, twilio):
    """Another account's number is told apart from nobody's."""
    twilio.add_account("+14155550199")
    answer = client.create(From="+14155550199").json()

    assert answer["code"] == 21660
    assert answer["message"] == f"Mismatch between the 'From' number +14155550199 and the account {twilio.account_sid}"


def test_empty_pool(client, twilio):
    """A Messaging Service without numbers cannot send."""
    service = twilio.add_messaging_service()

    assert client.create(From=None, MessagingServiceSid=service.sid).json()["code"] == 21704


def test_trial(client, twilio):
    """A trial account sends to verified numbers only, from no name, and no more than its daily share."""
    twilio.make_trial("+1 415 555 0123", "+447700900123", daily=1)

    assert client.create(To="+14155550124").json()["message"].startswith("The number +1415555XXXX is unverified.")
    assert client.create(To="+447700900123", From="MyShop").json()["code"] == 21267
    assert client.create().status == 201
    assert client.create().json() == {
        "code": 63038,
        "message": "Account exceeded the 1 daily messages limit",
        "more_info": "https://www.twilio.com/docs/errors/63038",
        "status": 429,
    }


def test_next_day(client, clock, twilio):
    """The daily share is renewed at midnight, UTC."""
    twilio.make_trial("+14155550123", daily=1)
    client.create()
    clock.advance_to(24 * 3_600_000)

    assert client.create().status == 201


def test_trial_without_daily_limit(client, twilio):
    """A trial account without a cap goes on."""
    twilio.make_trial("+14155550123")

    assert [client.create().status for _ in range(3)] == [201] * 3


def test_order():
    """What is missing is told before what is malformed, and that before what is forbidden."""
    assert [made.__name__ for made in CHECKS] == [
        "_recipient_given",
        "_sender_given",
        "_content_given",
        "_recipient_form",
        "_service_usable",
        "_sender_form",
        "_not_to_oneself",
        "_body_length",
        "_media",
        "_status_callback",
        "_validity",
        "_ownership",
        "_magic_recipient",
        "_subscribed",
        "_trial",
    ]


@given(st.dictionaries(st.sampled_from(["To", "From", "Body", "StatusCallback", "ValidityPeriod"]), st.text()))
def test_any_parameters(params):
    """No parameters break the checks."""
    draft = Draft(
        account=DEFAULT,
        params=params,
        to=params.get("To", ""),
        sender=params.get("From", ""),
        service=None,
        media=(),
        owners={},
    )

    assert isinstance(check(draft), int)
    assert urlencode(draft.values())
