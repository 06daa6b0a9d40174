"""Signatures are Twilio's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from pytest_botpenguin_otp.twilio.signature import sign

CALL = {"Digits": "1234", "CallSid": "CA1234567890ABCDE", "To": "+18005551212"}
VECTORS = [
    ("https://mycompany.com/myapp.php?foo=1&bar=2", "+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("https://example.com/myapp.php?foo=1&bar=2", "+14158675310", "L/OH5YylLD5NRKLltdqwSvS0BnU="),
]


@pytest.mark.parametrize(("url", "caller", "signature"), VECTORS)
@pytest.mark.parametrize("fragment", ["", "#rc=2&rp=5xx"])
def test_vectors(url, caller, signature, fragment):
    """The examples of Twilio's documentation come out; a fragment is not signed."""
    params = CALL | {"Caller": caller, "From": caller}

    assert sign("12345", url + fragment, params.items()) == signature


@given(st.dictionaries(st.text(min_size=1), st.text()), st.text(alphabet="0123456789abcdef", min_size=1))
def test_validator(params, token):
    """Whatever is signed here, the official SDK accepts."""
    url = "https://bot.example/status?x=1"

    assert RequestValidator(token).validate(url, params, sign(token, url, params.items()))


def test_repeated_parameter():
    """A parameter given twice with one value is signed once."""
    url = "https://bot.example/status"

    assert sign("t", url, [("a", "1"), ("a", "1")]) == sign("t", url, [("a", "1")])
