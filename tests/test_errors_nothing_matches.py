"""A request that matches nothing is told what would have matched."""

import re

import pytest

from pytest_botpenguin_otp.errors import nothing_matches

ROUTES = {
    ("POST", "/accounts/{Sid}/messages.json"): "create",
    ("GET", "/accounts/{Sid}/messages.json"): "list",
    ("GET", "/accounts/{Sid}/messages/{Sid}.json"): "fetch",
    ("GET", "/crm/..."): "service",
}
SHAPES = {"{Sid}": (re.compile("AC[0-9]+").fullmatch, "AC and digits")}


@pytest.mark.parametrize(
    ("method", "place", "told"),
    [
        ("PUT", "/accounts/AC1/messages.json", "PUT is not answered here; create is a POST, list is a GET."),
        ("PUT", "/crm/a/b", "PUT is not answered here; service is a GET."),
        (
            "POST",
            "/accounts/AC1/message.json",
            (
                "Did you mean '/accounts/{Sid}/messages.json' (POST)? First difference: 'message.json' where"
                " 'messages.json' belongs. POST /accounts/AC1/messages.json would have matched."
            ),
        ),
        (
            "GET",
            "/accounts/1/messages.json",
            "Nearest is '/accounts/{Sid}/messages.json' (GET). First difference: '1' is not AC and digits.",
        ),
        (
            "GET",
            "/accounts/AC1",
            (
                "Did you mean '/accounts/{Sid}/messages.json' (GET)? First difference: it ends where '/messages.json'"
                " belongs. GET /accounts/AC1/messages.json would have matched."
            ),
        ),
        (
            "POST",
            "/accounts/AC1/messages.json/x",
            (
                "Did you mean '/accounts/{Sid}/messages.json' (POST)? First difference: it goes on with '/x'."
                " POST /accounts/AC1/messages.json would have matched."
            ),
        ),
        ("GET", "/" + "z" * 200, f"First difference: '{'z' * 80}...' where "),
    ],
)
def test_told(method, place, told):
    """The nearest route, the first difference, and the request as it would have been right."""
    assert told in nothing_matches(method, place, ROUTES, SHAPES)
