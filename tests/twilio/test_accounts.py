"""Only who may, gets in; nobody's token shows."""

from base64 import b64encode

import pytest

from pytest_botpenguin_otp.twilio.accounts import DEFAULT, Directory
from pytest_botpenguin_otp.wire import Request


def asking(user=None, password=None, *, header=None):
    """Make a request with these credentials."""
    if user is not None:
        header = "Basic " + b64encode(f"{user}:{password}".encode()).decode()
    headers = () if header is None else (("authorization", header),)
    return Request(method="GET", url="https://api.twilio.com/", headers=headers)


def test_default():
    """The default account is visibly fake and gets in."""
    assert DEFAULT.sid == "AC" + "fa4e" * 8
    assert len(DEFAULT.auth_token) == 32
    assert Directory().authenticate(asking(DEFAULT.sid, DEFAULT.auth_token), DEFAULT.sid) is DEFAULT


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (asking(), "Authentication Error - No credentials provided"),
        (asking(header=""), "Authentication Error - No credentials provided"),
        (asking(header="Bearer abc"), "Authentication Error - invalid username"),
        (asking(header="Basic ???"), "Authentication Error - invalid username"),
        (asking("user", "x"), "Authentication Error - invalid username"),
        (asking(DEFAULT.sid, "wrong"), "Authenticate"),
        (asking("AC" + "0" * 32, DEFAULT.auth_token), "Authenticate"),
    ],
)
def test_refused(request_, text):
    """Twilio error 20003 has three texts, by cause."""
    assert Directory().authenticate(request_, DEFAULT.sid) == text


def test_scheme_in_any_case():
    """The scheme's spelling does not matter."""
    header = asking(DEFAULT.sid, DEFAULT.auth_token).header("authorization").replace("Basic", "basic")

    assert Directory().authenticate(asking(header=header), DEFAULT.sid) is DEFAULT


def test_api_key():
    """An API key stands for its account, with the account's sid in the path."""
    directory = Directory()
    key = directory.add_key(DEFAULT)

    assert directory.authenticate(asking(key.sid, key.secret), DEFAULT.sid) is DEFAULT
    assert directory.authenticate(asking(key.sid, DEFAULT.auth_token), DEFAULT.sid) == "Authenticate"
    assert key.sid.startswith("SK")
    assert key.secret not in repr(key)


def test_other_account():
    """An account reaches its own path and no other's; it owns what it was given."""
    directory = Directory()
    other = directory.open(["+1 415 555 0199"])

    assert directory.authenticate(asking(other.sid, other.auth_token), other.sid) is other
    assert directory.authenticate(asking(other.sid, other.auth_token), DEFAULT.sid) == "Authenticate"
    assert directory.owners["+14155550199"] == other.sid
    assert other.auth_token not in repr(other)


def test_directories_share_nothing():
    """What one fake learns, the next does not know."""
    Directory().own(DEFAULT, "+14155550199")

    assert Directory().accounts == {DEFAULT.sid: DEFAULT}
    assert "+14155550199" not in Directory().owners


def test_service():
    """A Messaging Service belongs to its account, and so do its numbers."""
    directory = Directory()
    other = directory.open()
    service = directory.add_service(DEFAULT, ["+1 415 555 0199"], None)

    assert directory.service(DEFAULT, service.sid) is service
    assert directory.service(other, service.sid) is None
    assert directory.accounts[DEFAULT.sid].numbers >= {"+14155550199"}
