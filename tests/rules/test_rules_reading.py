"""Own backends call their fields as they like: their codes and numbers are known all the same."""

import pytest
from checking import BOTS

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.rules import check_file, judge, reading

OTHER = ("approved-status", "session-token", "white-label", "four-digits", "email-fallback", "own-backend")


def text_of(name):
    """Return the text of a sound bot."""
    return (BOTS / "sound" / f"{name}.bot.yaml").read_text(encoding="utf-8")


def changed(name, *changes):
    """Return a sound bot with texts replaced."""
    text = text_of(name)
    for old, new in changes:
        assert old in text, f"the bot does not hold {old!r}"

        text = text.replace(old, new)
    return bots.parse(text, "own.bot.yaml")


@pytest.mark.parametrize(
    ("name", "sent", "typed", "phones"),
    [
        ("approved-status", set(), {"answer"}, {"phone"}),
        ("session-token", set(), {"pin"}, {"phone"}),
        ("white-label", {"expected"}, {"given"}, {"phone"}),
        ("four-digits", set(), {"pin"}, {"phone"}),
        ("email-fallback", {"system_otp"}, {"user_otp", "mailed_code"}, {"phone"}),
        ("own-backend", set(), {"user_otp"}, {"phone"}),
    ],
)
def test_what_holds_the_code(name, sent, typed, phones):
    """The attributes of the code and of the number are known by what becomes of them, whatever their keys are."""
    bot = bots.parse(text_of(name))

    assert reading.sent_codes(bot) == sent
    assert reading.typed_codes(bot) == typed
    assert {question.save for question in reading.phone_questions(bot)} == phones


@pytest.mark.parametrize("name", OTHER)
def test_other_names_are_no_fault(name):
    """The file of a sound bot with an own backend breaks nothing that fails."""
    assert [found for found in check_file(bots.parse(text_of(name))) if judge(found) == "fails"] == []


BREAKS = [
    ("white-label", "AU13", ('given: "{{given}}"', 'given: "-"'), "sends no answer of the user"),
    ("white-label", "AU13", ('expected: "{{expected}}", given: "{{given}}"', "kind: sms"), "sends no answer of"),
    ("approved-status", "AU13", ('code: "{{answer}}"', 'code: "{{reply}}"'), "Nothing in this bot sets it"),
    ("white-label", "AU13", ('given: "{{given}}"', 'given: "{{expected}}"'), "sends no answer of the user"),
    ("white-label", "AU05", ("save: given", "save: expected"), "the sent code and the user's code of Compare codes"),
    ("white-label", "AU05", ("save: {same: same}", "save: {same: same, given: code}"), "the user's code of Compare"),
    ("white-label", "AU19", ('given: "{{given}}"}', 'given: ["{{given}}"]}'), "given of Compare codes is no text"),
    ("white-label", "AU19", (
        'body: {expected: "{{expected}}", given: "{{given}}"}',
        """body: '{"expected": "{{expected}}", "given": {{given}}}'""",
    ), "given of Compare codes is no text"),
    ("white-label", "LK01", ("The code we sent you?", "Is it {{expected}}?"), "'ask_code' shows 'expected'"),
    ("white-label", "LK03", ("data.code}", "data.code, all: data}"), "saves all of 'data'"),
    ("approved-status", "AU15", ("save: answer,", "save: answer, allow_skip: true,"), "The code question 'ask_code'"),
    ("approved-status", "AU21", ('to: "{{phone}}", channel', "channel"), "is told no contact's number"),
    ("approved-status", "LK05", ("verifications/check", "verifications/check?code={{answer}}"), "in its url"),
    ("approved-status", "LK07", ("Welcome!", "Welcome, {{phone}}!"), "shows the full number"),
    ("session-token", "IN12", ("ask_pin: {type: text_question", "ask_pin: {type: numeric_input"), "as a number"),
    ("four-digits", "AU15", ("save: phone,", "save: phone, allow_skip: true,"), "The phone question 'ask_phone'"),
    ("four-digits", "LK07", ("Welcome!", "Welcome, {{phone}}!"), "shows the full number"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "code", "change", "told"), BREAKS)
def test_faults_under_other_names(name, code, change, told):
    """What is a fault with the documented keys is one with others, too, and told in words that are in the file."""
    found = [one.message for one in check_file(changed(name, change)) if one.rule == code]

    assert [(told in one, "userOtp" in one) for one in found] == [(True, False)]


def test_what_a_backend_may_do_by_itself():
    """A backend that is told only of whom it is about may prove a user by a link; an object need hold no code."""
    link = changed("approved-status", ('to: "{{phone}}", code: "{{answer}}"', 'to: "{{phone}}"'))
    whole = changed("approved-status", ("{started: status}", "{started: status, all: data}"))

    assert [one.rule for one in check_file(link) if one.rule == "AU13"] == []
    assert [one.rule for one in check_file(whole) if one.rule == "LK03"] == []
