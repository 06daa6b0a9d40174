"""Phone numbers, codes and credentials."""

import re

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp import strategies as some
from pytest_botpenguin_otp.bot import parse
from pytest_botpenguin_otp.errors import OtpError
from pytest_botpenguin_otp.machine.answers import phone
from pytest_botpenguin_otp.strategies import StrategyError
from pytest_botpenguin_otp.twilio.handset import find_code
from pytest_botpenguin_otp.twilio.phones import check_to

QUIET = settings(database=None, derandomize=True, deadline=None)
MANY = settings(QUIET, max_examples=120)
HUNT = settings(QUIET, max_examples=1000, phases=[Phase.generate])

RESERVED = re.compile(r"\+1[2-9][0-9]{2}55501[0-9]{2}|\+447700900[0-9]{3}")
FAKE = re.compile(r"(fa4e){7}[0-9a-f]{4}")


def holds(values, promise):
    """Hold `promise` against many values."""
    MANY(given(values)(promise))()


def happens(values, wanted):
    """Show that some value is as wanted."""

    def never(value):
        assert not wanted(value)

    with pytest.raises(AssertionError):
        HUNT(given(values)(never))()


def test_numbers_are_reserved_and_possible():
    """Every number is reserved for fiction, in strict E.164, and one that a question and Twilio take."""

    def reserved(number):
        assert RESERVED.fullmatch(number)
        assert phone(number).e164 == number
        assert check_to(number) is None

    holds(some.phone_numbers(), reserved)
    happens(some.phone_numbers(), lambda number: number.startswith("+44"))
    happens(some.phone_numbers(), lambda number: number.startswith("+1"))


@pytest.mark.parametrize(("country", "prefix"), [("US", "+1"), ("CA", "+1"), ("GB", "+44")])
def test_possible_numbers_belong_to_their_country(country, prefix):
    """A question that takes one country takes its numbers."""

    def belongs(number):
        assert number.startswith(prefix)
        assert phone(number, (country,)).e164 == number

    holds(some.possible_numbers([country]), belongs)


def test_a_country_without_reserved_numbers_is_refused():
    """The error names the nearest fit and every country there is."""
    with pytest.raises(StrategyError, match=r"of 'UK'\. .*Known: CA, GB, US\."):
        some.possible_numbers(["UK"])


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda: some.possible_numbers("US"), "possible_numbers() takes some countries, such as ['US']. Known: US, CA"),
        (lambda: some.possible_numbers(()), "possible_numbers() takes some countries"),
        (lambda: some.possible_numbers(5), "possible_numbers() takes some countries"),
        (lambda: some.typed_numbers("415"), "typed_numbers() takes a number in E.164, such as '+14155550123'"),
        (lambda: some.typed_numbers(415), "typed_numbers() takes a number in E.164"),
        (lambda: some.codes("6"), "codes(length) wants a whole number"),
        (lambda: some.codes(0), "codes(length) takes at least 1 digit, not 0."),
        (lambda: some.codes(length=True), "codes(length) wants a whole number; it got a value of type bool."),
        (lambda: some.wrong_codes(271828), "What takes a code wants ASCII digits as a text, such as '012345'"),
        (lambda: some.sound_bots("mismatch-200"), "What takes a profile wants a profile, such as "),
        (lambda: some.flawed_bots("mismatch-200"), "What takes a profile wants a profile, such as "),
        (lambda: some.flawed_bots(flaws="skip"), "flawed_bots(flaws=...) takes some flaws, such as ["),
        (lambda: some.flawed_bots(flaws=()), "flawed_bots(flaws=...) takes some flaws, such as ["),
        (lambda: some.faults(5), "There is no service 5. Known: botpenguin, twilio."),
        (lambda: some.profiles(honest="yes"), "profiles(honest=...) wants True, False or None"),
        (lambda: some.auth_headers(5), "What takes a token wants a text"),
        (lambda: some.auth_headers(""), "not blank, no scheme alone"),
        (lambda: some.headers("Bearer "), "broken_auth_headers() gives headers that carry none"),
        (lambda: some.broken_auth_headers("271828\n"), "no line feed; it is not shown here"),
        (lambda: some.conversations("x.bot.yaml"), "conversations(bot) wants a bot, such as "),
        (lambda: some.conversations(ASKING, seed="1"), "conversations(seed=...) wants a whole number"),
        (lambda: some.conversations(ASKING, profile="mismatch-200"), "conversations(profile=...) wants a profile"),
        (lambda: some.user_turns("phone"), "user_turns(asked) wants a question of a bot, or None"),
    ],
)
def test_wrong_arguments(act, told):
    """What a strategy cannot take is refused before anything is drawn, with what it wants."""
    with pytest.raises(OtpError) as caught:
        act()
    assert told in str(caught.value)
    assert "271828" not in str(caught.value)


def test_typed_numbers_are_taken_for_what_they_mean():
    """However it is typed, a number is read as itself."""

    def meant(typed, number):
        assert phone(typed).e164 == number

    pairs = some.phone_numbers().flatmap(lambda number: st.tuples(some.typed_numbers(number), st.just(number)))
    holds(pairs, lambda pair: meant(*pair))
    holds(some.typed_numbers(), lambda typed: meant(typed, phone(typed).e164))
    happens(some.typed_numbers(), lambda typed: "(" in typed)
    happens(some.typed_numbers(), lambda typed: not typed.isascii())


def test_nearly_numbers_are_refused():
    """No question takes them for a number."""

    def refused(text):
        assert phone(text) is None

    holds(some.nearly_numbers(), refused)
    happens(some.nearly_numbers(), lambda text: text.startswith("+1") and len(text) > 9)


@pytest.mark.parametrize("length", [4, 6, 10])
def test_codes_are_digits_of_one_length(length):
    """A code is found in an SMS as it was sent, zeros in front and all."""

    def found(code):
        assert re.fullmatch(f"[0-9]{{{length}}}", code)
        assert find_code(f"Your code is {code}.") == code

    holds(some.codes(length), found)
    happens(some.codes(length), lambda code: code.startswith("0"))


@pytest.mark.parametrize("code", ["012345", "000000", "121121", "0000", "9876543210"])
def test_typed_and_wrong_codes_are_other_texts(code):
    """None of them is the code; typed ones hold all its digits, as people read them."""

    def typed(text):
        assert text != code
        assert "".join(str(int(sign)) for sign in text if sign.isdecimal()) == code

    def wrong(text):
        assert text != code
        text.encode()

    holds(some.typed_codes(code), typed)
    holds(some.wrong_codes(code), wrong)


@pytest.mark.parametrize(
    "wanted",
    [
        lambda text: text == "",
        lambda text: text == "543210",
        lambda text: len(text) == 6 and sum(a != b for a, b in zip(text, "012345", strict=True)) == 1,
        lambda text: text == "0123",
        lambda text: text == "12345",
        lambda text: len(text) == 6 and text.isdecimal() and not text.isascii(),
        lambda text: '"' in text,
        lambda text: text.startswith("{{"),
        lambda text: text.startswith("${"),
    ],
    ids=["empty", "reversed", "one-off", "prefix", "number", "script", "json", "reference", "secret"],
)
def test_wrong_codes_are_of_every_kind(wanted):
    """What a careless comparison takes for the code is among them."""
    happens(some.wrong_codes("012345"), wanted)


@pytest.mark.parametrize("text", ["", "12a456", "١٢٣٤٥٦"])
def test_what_is_no_code_is_refused(text):
    """Only ASCII digits can be typed or got wrong as a code; the text itself is not repeated."""
    for made in (some.typed_codes, some.wrong_codes):
        with pytest.raises(StrategyError, match="A code is ASCII digits"):
            made(text)


@pytest.mark.parametrize(
    ("values", "definition", "prefix"),
    [
        (some.account_sids(), "account_sid", 2),
        (some.auth_tokens(), "auth_token", 0),
        (some.message_sids(), "message_sid", 2),
    ],
    ids=["account", "token", "message"],
)
def test_credentials_are_visibly_fake(values, definition, prefix):
    """Each has the form that Twilio gives it, and nobody could take it for a real one."""
    form = re.compile(_pattern(definition))

    def fake(text):
        assert form.fullmatch(text)
        assert FAKE.fullmatch(text[prefix:])

    holds(values, fake)


def _pattern(definition):
    shared = contracts.directory() / "common.schema.json"
    return re.search(rf'"{definition}": {{[^}}]*?"pattern": "([^"]*)"', shared.read_text(encoding="utf-8"))[1]


ASKING = parse("""
format: botpenguin-otp/bot@1
name: Questions
flows:
  main:
    start: phone
    components:
      phone: {type: phone_number, message: Number?, save: phone, next: code}
      code: {type: text_question, message: Code?, save: code, next: email}
      email: {type: email, message: Address?, save: email, next: age}
      age: {type: numeric_input, message: Age?, save: age, next: what}
      what: {type: single_choice, message: What?, options: [{text: Good, next: end}, {text: Bad, next: end}]}
      end: {type: end_chat}
""")
QUESTION = ASKING.components


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (some.user_turns(QUESTION["main/phone"]), lambda text: phone(text) is not None),
        (some.user_turns(QUESTION["main/phone"]), lambda text: phone(text) is None),
        (some.user_turns(QUESTION["main/code"], code="012345"), lambda text: text == "{{code}}"),
        (some.user_turns(QUESTION["main/code"], code="012345"), lambda text: text == "012345 "),
        (some.user_turns(QUESTION["main/code"]), lambda text: text == "again"),
        (some.user_turns(QUESTION["main/email"]), lambda text: text == "anna@example.com"),
        (some.user_turns(QUESTION["main/email"]), lambda text: "@" not in text),
        (some.user_turns(QUESTION["main/age"]), lambda text: text == "7"),
        (some.user_turns(QUESTION["main/age"]), lambda text: not text.isdecimal()),
        (some.user_turns(QUESTION["main/what"]), lambda text: text == "Bad"),
        (some.user_turns(QUESTION["main/what"]), lambda text: text not in ("Good", "Bad")),
        (some.user_turns(), lambda text: phone(text) is not None),
        (some.user_turns(), lambda text: text == "stop"),
    ],
)
def test_users_say_what_was_asked_and_what_was_not(values, wanted):
    """To each kind of question there are answers that fit and answers that do not."""
    happens(values, wanted)
