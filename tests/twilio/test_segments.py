"""Texts are counted as Twilio's own calculator counts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.twilio.segments import BASIC, EXTENSION, LIMITS, count_segments, encode_text, utf16_units

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("[" * 76 + "a" * 8, 1),
        ("a" * 152 + "€" + "a" * 10, 2),
        ("\u0434" * 70, 1),
        ("\u0434" * 71, 2),
        ("\u0434" * 134, 2),
        ("\u0434" * 135, 3),
        ("\U0001f600" * 35, 1),
        ("\U0001f600" * 36, 2),
        ("\U0001f600" * 67, 3),
        (FAMILY * 7, 2),
        ("\u201cYour code is 123456\u201d", 1),
        ("", 1),
    ],
)
def test_vectors(text, segments):
    """Each text takes as many segments as Twilio's calculator says."""
    assert count_segments(text) == encode_text(text).segments == segments


@pytest.mark.parametrize("character", ["`", "\t", "ç", "\u201c", "\U0001f600"])
def test_not_gsm(character):
    """Backtick, tab and small c-cedilla turn a text to UCS-2, as any foreign character does."""
    assert encode_text(f"code{character}").encoding == "UCS-2"


@pytest.mark.parametrize("character", ["Ç", "@", "\n", "à", "€", "\f"])
def test_gsm(character):
    """The GSM-7 alphabet and its extension stay GSM-7."""
    assert encode_text(f"code{character}").encoding == "GSM-7"


def test_alphabet():
    """GSM-7 has 127 signs besides the escape, and 10 that take two septets."""
    assert len(set(BASIC)) == len(BASIC) == 127
    assert len(set(EXTENSION)) == len(EXTENSION) == 10


@given(st.text(max_size=700) | st.text(alphabet=BASIC + EXTENSION, max_size=700))
def test_bounds(text):
    """No text takes fewer segments than its units need, nor more than one unit of waste in each explains."""
    encoding, units, segments = encode_text(text)
    alone, each = LIMITS[encoding]

    assert count_segments(text) == segments
    assert (segments == 1) == (units <= alone)
    assert segments == 1 or (segments - 1) * (each - 1) < units <= segments * each


@given(st.text())
def test_units(text):
    """A character beyond the first plane counts as two units."""
    assert utf16_units(text) == sum(2 if ord(character) > 0xFFFF else 1 for character in text)
