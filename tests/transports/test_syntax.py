"""What may stand in an HTTP message is taken, and nothing else."""

import pytest

from pytest_botpenguin_otp.transports.syntax import Limits, RefusedError, content_length, field, is_bad


@pytest.mark.parametrize(("text", "length"), [("0", 0), ("7", 7), ("007", 7), ("10", 10)])
def test_content_length(text, length):
    """A length is a plain whole number."""
    assert content_length(text, Limits(body=10)) == length


@pytest.mark.parametrize(
    ("text", "status"),
    [("11", 413), ("9" * 5000, 413), ("", 400), ("+1", 400), ("-1", 400), ("1_0", 400), ("\u0663", 400), ("1\n", 400)],
)
def test_no_content_length(text, status):
    """A length of too many bytes, or digits, is refused otherwise than what is no number."""
    with pytest.raises(RefusedError) as caught:
        content_length(text, Limits(body=10))

    assert caught.value.status == status


@pytest.mark.parametrize("line", ["A: b", "A:b", "A:\t b \t"])
def test_field(line):
    """Blanks around a value do not belong to it."""
    assert field(line) == ("A", "b")


@pytest.mark.parametrize("line", ["", "A", ":b", " A: b", "A : b", "\xe9: b", "A(: b"])
def test_no_field(line):
    """A name is a token that ends at the colon."""
    with pytest.raises(RefusedError, match="a name, a colon and a value"):
        field(line)


def test_is_bad():
    """Control characters are bad, but for the tab; every other byte is left to whoever reads it."""
    assert {byte for byte in range(256) if is_bad(b"a%cb" % byte)} == {*range(32), 127} - {9}
