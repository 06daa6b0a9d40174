"""Texts know where they come from, and do not show themselves."""

from pytest_botpenguin_otp.values import EMPTY, UNSET, Origin, Value, plain


def test_repr():
    """A value's `repr` keeps the text to itself, since it may be a code or a number."""
    assert repr(Value("012345", Origin("received", "data.otp", 1))) == "<6 characters, received>"


def test_plain():
    """A rendered text is its parts in order."""
    assert plain((Value("a"), Value("b", Origin("typed", "ask", 1)))) == "ab"
    assert plain(()) == plain((EMPTY,)) == ""
    assert EMPTY.origin == UNSET
