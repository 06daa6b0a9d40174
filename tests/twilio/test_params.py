"""A body is read as what its Content-Type says it is."""

from dataclasses import replace

import httpx
import pytest

from pytest_botpenguin_otp.twilio.params import form_of
from pytest_botpenguin_otp.wire import Request

TO = "+14155550123"
FORM = b"To=%2B14155550123&Body=a+b&Body=%E2%9C%93"
READ = (("To", TO), ("Body", "a b"), ("Body", "✓"))


def asked(body, *content_type):
    """Return a request with that body, of that type if one is given."""
    headers = tuple(("content-type", told) for told in content_type)
    return Request(method="POST", url="https://api.twilio.com/x", headers=headers, body=body)


@pytest.mark.parametrize(
    "content_type",
    [(), ("application/x-www-form-urlencoded",), ("Application/X-WWW-Form-URLEncoded; charset=UTF-8",)],
)
def test_form(content_type):
    """A form is read, blanks and repeated names kept, with or without a charset."""
    assert form_of(asked(FORM, *content_type)) == READ


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "multipart/mixed", "form"])
def test_no_form(content_type):
    """What is labelled as something else has no parameters, whatever it looks like."""
    assert form_of(asked(FORM, content_type)) == ()


def test_multipart():
    """The parts of multipart/form-data are read, as httpx writes them."""
    made = httpx.Request("POST", "https://x.test", files=[(name, (None, value)) for name, value in READ])

    assert form_of(asked(made.read(), made.headers["content-type"])) == READ


@pytest.mark.parametrize("told", ["multipart/form-data", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\n\r\n--x--", b"\xff\x00"])
def test_broken_multipart(told, body):
    """Parts that cannot be told apart, or have no name, raise nothing."""
    assert all(name == "" for name, _ in form_of(asked(body, told)))


@pytest.mark.parametrize("content_type", ["text/plain", "application/json"])
def test_new_message(client, twilio, content_type):
    """A message that is asked for in another type has no recipient: 21604, and nothing is sent."""
    request = client.create_request()
    answer = twilio(replace(request, headers=(*request.headers, ("Content-Type", content_type))))

    assert (answer.status, answer.json()["code"]) == (400, 21604)
    assert twilio.messages == ()
