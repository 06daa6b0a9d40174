"""Fields of secrets and codes are known by their names, wherever in a message they stand."""

import pytest

from pytest_botpenguin_otp import secretive
from pytest_botpenguin_otp.wire import Request, Response

NAMES = (
    "accessToken",
    "apiKey",
    "authToken",
    "Authorization",
    "client-secret",
    "password",
    "secret",
    "token",
    "passwd",
)


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        *((name, True) for name in NAMES),
        ("X-Api-Key", True),
        ("x-bot-token", True),
        ("Set-Cookie", True),
        ("client_secret", True),
        ("userPassword", True),
        ("Content-Type", False),
        ("author", False),
        ("toNumber", False),
        ("message", False),
        ("success", False),
    ],
)
def test_names_of_secrets(name, secret):
    """Whatever a rule takes for the name of a secret is one here, and so are the usual names of services."""
    assert secretive.is_secret(name) is secret


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("otp", "483920", True),
        ("userOtp", "K7F9", True),
        ("systemOtp", "KFQXAB", True),
        ("pin", 4839, True),
        ("verification_code", "12ab34", True),
        ("code", "483920", True),
        ("code", 21211, False),
        ("code", 200, False),
        ("code", "INVALID_CODE", False),
        ("otp", "again", False),
        ("otp", "", False),
        ("otp", 300, False),
        ("otp", True, False),
        ("otp_sent", None, False),
        ("shipping", "123456", False),
    ],
)
def test_codes(name, value, code):
    """A code is known by the name of its field and by its form; statuses, errors and words are none."""
    assert secretive.is_code(name, value) is code


@pytest.mark.parametrize(
    ("message", "secrets", "codes"),
    [
        (
            Request(
                method="POST",
                url="https://a.test/x?api_key=hush-1&q=1",
                headers=(("Authorization", "Bearer hush-2"), ("Accept", "hush")),
                body=b'{"list": [{"token": "hush-3", "pin": 4711}], "n": {"password": 12345}, '
                b'"text": "{\\"secret\\": \\"hush-4\\"}"}',
            ),
            {"hush-1", "Bearer hush-2", "hush-2", "hush-3", "12345", "hush-4"},
            {"4711"},
        ),
        (
            Request(method="POST", url="https://a.test/", body=b"AuthToken=hush-5&otp=K7F9QX&token=abc"),
            {"hush-5"},
            {"K7F9QX"},
        ),
        (
            Response(
                status=200, headers=(("Set-Cookie", "null"),), body=b'{"token": "hush-6", "otp": 4839, "code": 21211,'
            ),
            {"hush-6"},
            {"4839"},
        ),
        (Response(status=200, body=b'{"otp": null, "token": true, "text": "{no JSON"}'), set(), set()),
        (Response(status=200, body=b"\xff[" + b"[" * 5000), set(), set()),
    ],
)
def test_what_messages_hold(message, secrets, codes):
    """Secrets and codes are found in headers, query, JSON of any depth, forms, and JSON that is cut."""
    assert {text for _, text in secretive.secrets(message)} == secrets
    assert set(secretive.codes(message)) == codes
