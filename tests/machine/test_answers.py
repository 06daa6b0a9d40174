"""Which answers a question takes, and what it saves."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.bot import Question
from pytest_botpenguin_otp.machine.answers import E164, Phone, accept, phone
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES

PROFILE = PROFILES[DEFAULT]
KINDS = ("phone_number", "text_question", "numeric_input", "name", "email", "question")


def question(kind, **fields):
    """Make a question."""
    return Question(id="main/a", place="x:1", kind=kind, message=(), save="s", next="main/b", **fields)


@pytest.mark.parametrize(
    ("kind", "text", "saved"),
    [
        ("phone_number", "+1 415 555 0123", "+14155550123"),
        ("phone_number", "+44 (0)7700 900123", "+447700900123"),
        ("phone_number", "tel:+1-415-555-0123", "+14155550123"),
        ("phone_number", "\uff0b14155550123", "+14155550123"),
        ("phone_number", "4155550123", None),
        ("phone_number", "+1 415", None),
        ("phone_number", "+0 415 555 0123", None),
        ("phone_number", "+999 415 555 0123", None),
        ("phone_number", "my number", None),
        ("phone_number", "", None),
        ("text_question", "", ""),
        ("text_question", " a ", " a "),
        ("question", "x\ny", "x\ny"),
        ("numeric_input", " 012.50 ", "012.50"),
        ("numeric_input", "-5", "-5"),
        ("numeric_input", "+5", "+5"),
        ("numeric_input", "1e5", None),
        ("numeric_input", "1,5", None),
        ("numeric_input", "5.", None),
        ("numeric_input", "\u0661\u0662", None),
        ("numeric_input", "5\n", "5"),
        ("numeric_input", "", None),
        ("email", " a@b.example ", "a@b.example"),
        ("email", "a@b", None),
        ("email", "a b@c.example", None),
        ("email", "a@b@c.example", None),
        ("email", "", None),
        ("name", " Anna ", "Anna"),
        ("name", " ", None),
    ],
)
def test_accept(kind, text, saved):
    """Each kind of question takes what it is for, trimmed where blanks mean nothing, and nothing else."""
    assert accept(question(kind), text, PROFILE) == saved


@pytest.mark.parametrize(("length", "saved"), [(4, "1234"), (5, "1234"), (3, None)])
def test_max_length(length, saved):
    """An answer longer than the question allows is not taken."""
    assert accept(question("text_question", max_length=length), "1234", PROFILE) == saved


@pytest.mark.parametrize(
    ("text", "saved"),
    [("012", "12"), ("000", "0"), ("-007", "-7"), ("+5", "5"), ("0.50", "0.50"), ("-0", "-0"), ("00.1", "0.1")],
)
def test_number(text, saved):
    """A Numeric Input that is kept as a number loses its zeros in front, as a code would."""
    assert accept(question("numeric_input"), text, replace(PROFILE, numeric_storage="number")) == saved


@pytest.mark.parametrize(
    ("how", "saved"),
    [
        ("e164", "+447700900123"),
        ("digits", "447700900123"),
        ("national", "7700900123"),
        ("e164-national-zero", "+4407700900123"),
        ("blank", ""),
        ("braces", "{}"),
    ],
)
def test_rendering(how, saved):
    """The profile says how a phone attribute is written."""
    assert accept(question("phone_number"), "+44 7700 900123", replace(PROFILE, phone_rendering=how)) == saved


@pytest.mark.parametrize(
    ("text", "countries", "found"),
    [
        ("415 555 0123", ("US",), Phone("1", "4155550123")),
        ("07700 900123", ("GB", "US"), Phone("44", "7700900123")),
        ("+1 415 555 0123", ("GB", "US"), Phone("1", "4155550123")),
        ("+1 415 555 0123", ("GB",), None),
        ("07700 900123", ("US", "GB"), None),
        ("07700 900123", (), None),
        ("415 555 0123", ("ZZ",), None),
    ],
)
def test_countries(text, countries, found):
    """A number without a plus is of the first country; a number of another country than those is not taken."""
    assert phone(text, countries) == found


@given(st.sampled_from(KINDS), st.text(st.characters()) | st.from_regex(r"[+0-9 ().-]{0,20}", fullmatch=True))
def test_any_answer(kind, text):
    """Whatever is typed, it is taken or not; a number taken is strict E.164."""
    saved = accept(question(kind), text, PROFILE)

    assert saved is None or kind != "phone_number" or E164.fullmatch(saved)
