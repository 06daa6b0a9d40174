"""A handset shows what reached it, and the newest code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.errors import NoCodeError
from pytest_botpenguin_otp.twilio import Handset
from pytest_botpenguin_otp.twilio.handset import find_code

USER, OTHER = "+14155550123", "+14155550124"


@pytest.fixture
def handset(twilio):
    """Give the handset of one number."""
    return Handset(twilio, frozenset({"+1 415 555 0123"}))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Your code is 123456", "123456"),
        ("123456", "123456"),
        ("1234 is it", "1234"),
        ("Code: 0123456789.", "0123456789"),
        ("G-123456 is your code", "123456"),
        ("code=12345", "12345"),
        ("@bot.example #123456", "123456"),
        ("\u9a8c\u8bc1\u7801123456\uff0c", "123456"),
        ("Sent from your Twilio trial account - 460583", "460583"),
        ("On 15.1.2026 at 10:30 use 4711", "4711"),
        ("2026-01-15: 98765", "98765"),
        ("Call +14155550123", None),
        ("Call +4477009", None),
        ("123", None),
        ("12345678901", None),
        ("A12345", None),
        ("12345A", None),
        ("123-456", None),
        ("1234-5678", None),
        ("1234.56", None),
        ("https://bot.example/123456", None),
        ("\u0661\u0662\u0663\u0664\u0665", None),
        ("no code", None),
        ("", None),
    ],
)
def test_find_code(text, code):
    """A code is 4 to 10 ASCII digits standing alone."""
    assert find_code(text) == code


@given(st.from_regex(r"[0-9]{4,10}", fullmatch=True))
def test_any_code(code):
    """Every code of 4 to 10 digits is found in a sentence."""
    assert find_code(f"Your code is {code}. Do not share it.") == code


def test_newest_code(client, handset):
    """The code is that of the newest message, the previous one that of the message before it."""
    client.create(Body="Code 111111")
    client.create(Body="Code 222222")
    client.create(Body="Code 999999", To=OTHER)

    assert handset.code() == "222222"
    assert handset.previous_code() == "111111"
    assert [message.body for message in handset.messages] == ["Code 111111", "Code 222222"]


def test_previous_code_passes_over_messages_without_one(client, handset):
    """A message without a code is no previous message."""
    client.create(Body="Code 111111")
    client.create(Body="Welcome")
    client.create(Body="Code 222222")

    assert handset.previous_code() == "111111"


def test_every_handset(client, twilio):
    """A handset without a number shows everything, until it gets a number of its own."""
    handset = Handset(twilio)
    client.create(Body="Code 111111")
    client.create(Body="Code 222222", To=OTHER)

    assert handset.code() == "222222"
    handset.add("+1 415 555 0123")
    assert handset.code() == "111111"


def test_second_number(client, handset):
    """A handset with two numbers has the messages to both, in order."""
    client.create(Body="Code 111111", To=OTHER)
    client.create(Body="Code 222222")
    handset.add(OTHER)

    assert [message.body for message in handset.messages] == ["Code 111111", "Code 222222"]


def test_nothing_at_all(handset):
    """Where there was no message, the error says so."""
    with pytest.raises(
        NoCodeError, match=r"^No SMS has reached the handset \+1415555XXXX\. Twilio sent none at all\.$"
    ):
        handset.code()


def test_went_elsewhere(client, handset):
    """Where messages went to others, the error names them, masked."""
    for last in range(5):
        client.create(To=f"+4477009001{last}0")

    with pytest.raises(NoCodeError, match=r"other numbers: \+44770090XXXX, \+44770090XXXX, \+44770090XXXX and 2 more"):
        handset.code()


def test_went_to_one_other(client, handset):
    """One other number is named alone."""
    client.create(To=OTHER)

    with pytest.raises(NoCodeError, match=r"other numbers: \+1415555XXXX\.$"):
        handset.code()


@pytest.mark.parametrize("numbers", [frozenset({USER}), None])
def test_undelivered(client, twilio, numbers):
    """A message that Twilio took and could not deliver is no message, and the error says why."""
    twilio.refuse(client.create_request(), status=None, code=30003)

    with pytest.raises(NoCodeError, match="Twilio took 1 for it that did not arrive: 30003"):
        Handset(twilio, numbers).code()


def test_no_code(client, handset):
    """Where the newest message has no code, the error says so and keeps the text to itself."""
    client.create(Body="Welcome, dear user")

    with pytest.raises(NoCodeError, match="holds no code of 4 to 10 digits") as error:
        handset.code()
    assert "Nor does an older one." in str(error.value)
    assert "Welcome" not in str(error.value)
    assert USER not in str(error.value)


def test_older_code(client, handset):
    """An older code is not taken for the newest, but it is told that there is one."""
    client.create(Body="Code 111111")
    client.create(Body="Welcome")

    with pytest.raises(NoCodeError, match="An older SMS there holds one") as error:
        handset.code()
    assert "111111" not in str(error.value)


@pytest.mark.parametrize(("sent", "said"), [(0, "none holds"), (1, "one holds")])
def test_no_previous_code(client, handset, sent, said):
    """Without two messages with codes there is no previous one."""
    for _ in range(sent):
        client.create()

    with pytest.raises(NoCodeError, match=f"of {sent} SMS that reached it, {said} a code"):
        handset.previous_code()


def test_repr(twilio, client):
    """The repr shows no whole number and no text."""
    client.create()

    assert repr(Handset(twilio, frozenset({USER}))) == "<Handset: the handset +1415555XXXX, 1 SMS>"
    assert repr(Handset(twilio)) == "<Handset: any handset, 1 SMS>"
    assert repr(Handset(twilio, frozenset())) == "<Handset: the handset without a number, 0 SMS>"
