"""Answers have the shape of recorded ones."""

from pytest_botpenguin_otp.twilio.replies import error_reply, reply, unsupported


def test_headers():
    """An answer carries the headers of a recording."""
    answer = reply(200, {"a": "é"}, request_id="RQ1")

    assert answer.header("content-type") == "application/json"
    assert answer.header("twilio-request-id") == "RQ1"
    assert answer.header("x-api-domain") == "api.twilio.com"
    assert answer.json() == {"a": "é"}


def test_no_body():
    """An answer without a value has no body."""
    assert reply(204, None, request_id="RQ1").body == b""


def test_error():
    """An error has exactly Twilio's four keys, and its code in a header."""
    answer = error_reply(21211, {"to_masked": "+1415555XXXX"}, request_id="RQ1")

    assert answer.status == 400
    assert answer.header("x-twilio-error-code") == "21211"
    assert answer.json() == {
        "code": 21211,
        "message": "Invalid 'To' Phone Number: +1415555XXXX",
        "more_info": "https://www.twilio.com/docs/errors/21211",
        "status": 400,
    }


def test_other_status():
    """The status in the body is the status of the response."""
    answer = error_reply(21611, {}, request_id="RQ1", status=400)

    assert answer.status == answer.json()["status"] == 400


def test_unsupported():
    """What only the real Twilio can do is told as a limit of this fake."""
    answer = unsupported("cannot fly.", request_id="RQ1")

    assert answer.status == 501
    assert answer.json()["message"] == "This fake Twilio cannot fly."
