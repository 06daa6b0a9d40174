"""Texts know where they come from, and do not show themselves."""

import copy
import json
import pickle
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.values import (
    EMPTY,
    LITERAL,
    UNSET,
    Masked,
    MaskedParts,
    Origin,
    Value,
    covered,
    handed_out,
    plain,
    shown,
)


def test_repr():
    """A value's `repr` keeps the text to itself, since it may be a code or a number."""
    assert repr(Value("012345", Origin("received", "data.otp", 1))) == "<6 characters, received>"


def test_plain():
    """A rendered text is its parts in order."""
    assert plain((Value("a"), Value("b", Origin("typed", "ask", 1)))) == "ab"
    assert plain(()) == plain((EMPTY,)) == ""
    assert EMPTY.origin == UNSET


@given(st.text(), st.text())
def test_masked_is_a_text(text, other):
    """A masked text is the same as its text for whatever uses it, and never shows it by its `repr`."""
    masked = Masked(text)

    assert masked == text
    assert hash(masked) == hash(text)
    assert {text: 1}[masked] == 1
    assert (masked < other) is (text < other)
    assert json.dumps({"a": masked}) == json.dumps({"a": text})
    assert urlencode({"a": masked}, errors="replace") == urlencode({"a": text}, errors="replace")
    assert f"{masked}" == str(masked) == text
    assert repr(masked) == f"<{len(text)} characters, masked>"
    assert [type(same) for same in (copy.copy(masked), copy.deepcopy(masked))] == [Masked, Masked]


@given(st.text(), st.text())
def test_what_is_made_of_a_masked_text(text, other):
    """What is cut from it or added to it is masked too, and so is what was pickled."""
    made = (Masked(text) + other, other + Masked(text), Masked(text)[1:], Masked(text)[::-1])

    assert made == (text + other, other + text, text[1:], text[::-1])
    assert {type(one) for one in made} == {Masked}
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        kept = pickle.loads(pickle.dumps(Masked(text), protocol))  # noqa: S301  # made here
        assert (kept, type(kept)) == (text, Masked)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Your code is 483920.", "Your code is [6 characters]."),
        ("Call +1 (415) 555-0123 now", "Call [17 characters] now"),
        ("K7F9QX is for you", "[6 characters] is for you"),
        ("key AC" + "fa4e" * 8, "key [34 characters]"),
        ("at 4155550123@x", "at [10 characters]@x"),
        ("Enter the code we sent you: 3 tries", "Enter the code we sent you: 3 tries"),
        ("", ""),
    ],
)
def test_covered(text, told):
    """Of a text with words, codes and numbers are covered; one without them is handed out as it is."""
    assert covered(text) == told
    assert shown(text) == text
    assert repr(shown(text)) == repr(told)
    assert isinstance(shown(text), MaskedParts) is (text != told)


@pytest.mark.parametrize(
    ("text", "origin", "masked"),
    [
        ("483920", Origin("received", "data.otp", 1), True),
        ("KFQXAB", Origin("received", "data.otp", 1), True),
        ("+14155550123", Origin("typed", "main/ask", 1), True),
        ("hush", Origin("secret", "TOKEN"), True),
        ("true", Origin("received", "success", 1), False),
        ("pending", Origin("left_over", "status"), False),
        ("111111", LITERAL, False),
        ("", UNSET, False),
    ],
)
def test_attributes_are_masked_by_their_origin(text, origin, masked):
    """An attribute that came from a user, an answer or a secret is masked, but for plain words of an answer."""
    told = handed_out(Value(text, origin))

    assert told == text
    assert isinstance(told, Masked) is masked
