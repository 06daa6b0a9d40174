"""Paths mean what they mean at Twilio."""

import pytest

from pytest_botpenguin_otp.twilio.routes import Route, read_path

AC = "AC" + "0" * 32
SM = "SM" + "a" * 32
BASE = f"/2010-04-01/Accounts/{AC}"


@pytest.mark.parametrize(
    ("path", "route"),
    [
        (f"{BASE}/Messages.json", Route("messages", AC)),
        (f"{BASE}/Messages/{SM}.json", Route("message", AC, SM)),
        (f"{BASE}/Messages/MM{'a' * 32}.json", Route("message", AC, "MM" + "a" * 32)),
        (f"{BASE}/Messages/{SM}/Media.json", Route("media", AC, SM)),
        (f"{BASE}/Messages", Route("format", AC)),
        (f"{BASE}/Messages.csv", Route("format", AC)),
        (f"{BASE}/Messages/{SM}", Route("format", AC, SM)),
        (f"{BASE}/messages.json", Route("nothing")),
        (f"{BASE}/Messages/SM1.json", Route("nothing")),
        (f"{BASE}/Messages.json\n", Route("nothing")),
        ("/2010-04-01/Accounts/invalid_sid/Messages.json", Route("nothing")),
        ("/", Route("nothing")),
    ],
)
def test_path(path, route):
    """Paths are case-sensitive, sids well formed, and only .json is answered."""
    assert read_path(path) == route
