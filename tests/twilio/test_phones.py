"""Numbers are read as Twilio reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.twilio.phones import MAGIC_FROM, MAGIC_TO, check_sender, check_to, is_e164, mask, normalise


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("+14155550123", None),
        ("+447700900123", None),
        ("+15005550006", None),
        ("+12025550100", None),
        ("banana", 21211),
        ("123", 21211),
        ("", 21211),
        ("14155550123", 21211),
        (" 14155550123", 21211),
        ("+1 415 555 0123", 21211),
        ("+14155550123\n", 21211),
        ("+1415555012", 21211),
        ("+141555501234", 21211),
        ("+9991234567", 21211),
        ("+1415555\u0660123", 21211),
        ("+15005550001", 21211),
        ("+44770090012", None),
        ("+447700", 21265),
        ("+91812051234", 21265),
        ("+9181205", 21265),
    ],
)
def test_recipient(to, code):
    """Only strict E.164 that is possible for its country is a recipient; one too short is told apart."""
    assert check_to(to) == code


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("+15005550006", "number"),
        ("12345", "short code"),
        ("MyShop", "alphanumeric"),
        ("My Shop 24", "alphanumeric"),
        ("TwelveLetters", None),
        ("+1415", None),
        ("12", None),
        ("+999123456", None),
        ("", None),
    ],
)
def test_sender(sender, kind):
    """A sender is a number, a short code or up to eleven signs with a letter among them."""
    assert check_sender(sender) == kind


@pytest.mark.parametrize("spelling", ["+1 415 555 0123", "+1 (415) 555-0123", "+14155550123", "tel:+1-415-555-0123"])
def test_normalise(spelling):
    """Every spelling of an international number is one number."""
    assert normalise(spelling) == "+14155550123"


def test_no_number():
    """What is no number stays as it is."""
    assert normalise(" banana ") == "banana"


@pytest.mark.parametrize(("number", "masked"), [("+14155550123", "+1415555XXXX"), ("12", "XXXX"), ("", "XXXX")])
def test_mask(number, masked):
    """The last four characters never show."""
    assert mask(number) == masked


def test_magic():
    """The magic numbers of Twilio's test credentials, each with its code."""
    assert MAGIC_FROM == {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
    assert sorted(MAGIC_TO.values()) == [21211, 21408, 21610, 21612, 21614]


@given(st.text())
def test_any_text(text):
    """No text breaks the checks; one without refusal is E.164."""
    assert check_to(text) in (None, 21211, 21265)
    assert check_to(text) is not None or is_e164(text)
