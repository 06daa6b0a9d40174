"""The table of errors is complete and consistent."""

from string import Formatter

import pytest

from pytest_botpenguin_otp.twilio.errors import DELIVERY_ERRORS, ERRORS, by_status

MESSAGES = """
20003 20004 20008 20009 20404 20429 20500 20503 21211 21212 21265 21266 21267 21268 21408 21601 21602 21603 21604 21606
21607 21608 21609 21610 21611 21612 21614 21617 21619 21620 21624 21635 21659 21660 21661 21701 21703 21704 21705 63038
"""


def test_complete():
    """Every error that a Messages request is known to meet is in the table, once, in order."""
    assert list(ERRORS) == [int(code) for code in MESSAGES.split()]


@pytest.mark.parametrize("error", ERRORS.values(), ids=str)
def test_row(error):
    """Each row has an error status, a text with known names only, and says where it is from."""
    names = {name for _, name, _, _ in Formatter().parse(error.text) if name}

    assert 400 <= error.status < 600
    assert names <= {"to", "to_masked", "from", "account_sid", "path", "n"}
    assert error.provenance.split(",")[0].split(";")[0] in ("REC", "OBS", "RT", "DOC", "title")


def test_delivery_errors():
    """Delivery errors are those that no request is refused with."""
    assert all(30001 <= code < 30500 for code in DELIVERY_ERRORS)
    assert not ERRORS.keys() & DELIVERY_ERRORS.keys()


@pytest.mark.parametrize(
    ("status", "code", "text"),
    [
        (401, 20003, "Authenticate"),
        (403, 20008, "Resource not accessible with Test Account Credentials"),
        (404, 20404, "The requested resource {path} was not found"),
        (405, 20004, "Method not allowed"),
        (429, 20429, "Too Many Requests"),
        (500, 20500, "Internal Server Error"),
        (503, 20503, "Service unavailable"),
        (400, 20400, "Bad Request"),
        (599, 20599, "Unknown error"),
    ],
)
def test_by_status(status, code, text):
    """A bare HTTP status has a code and a text too."""
    assert by_status(status)[:3] == (code, status, text)
