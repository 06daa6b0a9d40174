"""How many SMS and tries one user has, and what is called after a refusal."""

import pytest
from checking import BOTS

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import check


def resending(old, new):
    """Return the findings about the bot of AB06, in which another number leads back to the question for it, changed."""
    text = (BOTS / "AB06-breaks.bot.yaml").read_text(encoding="utf-8")
    assert old in text
    findings = check(bots.parse(text.replace(old, new), "ab.bot.yaml"), [PROFILES["mismatch-400"]])
    return {one.rule for one in findings} & {"AB03", "AB06"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("next: send_2}", "next: send_2}", {"AB06"}),
        ("equals: other}, next: ask_phone_2}", "equals: other}, next: send_2}", {"AB03"}),
        ("text: I have it, next: ask_code}", "text: I have it, next: ask_code}, {text: Again, next: send_2}", None),
        ("countries: [US, GB], next: send_2}", "countries: [US, GB], skip_if_answered: true, next: send_2}", {"AB03"}),
    ],
    ids=["another number", "the same number", "both", "passed over"],
)
def test_sms_without_end_are_told_once(old, new, told):
    """What leads back to the question for the number is told as that, and not as resends; other resends are."""
    assert resending(old, new) == (told or {"AB03", "AB06"})


def test_resends_after_a_second_number():
    """Many SMS to the last of two numbers are too many SMS, and not one number after the other."""
    text = (BOTS / "AB03-breaks.bot.yaml").read_text(encoding="utf-8").replace("start: ask_phone", "start: ask_first")
    first = """
      ask_first: {type: phone_number, message: "Your phone number?", save: phone, countries: [US, GB], next: send_first}
      send_first: {type: api, api: Send OTP, responses: {"200": moved, others: sorry, no_response: sorry}}
      moved: {type: single_choice, message: "Sent.", options: [{text: Another number, next: ask_phone}]}
      ask_phone:"""
    bot = bots.parse(text.replace("\n      ask_phone:", first), "ab.bot.yaml")

    assert {one.rule for one in check(bot, [PROFILES["mismatch-400"]])} & {"AB03", "AB06"} == {"AB03"}


@pytest.mark.parametrize(("host", "told"), [("api.v7.botpenguin.com", ["AB10"]), ("shop.example", [])])
def test_another_host_may_be_called_after_429(host, told):
    """Too many requests says nothing about the services of others."""
    text = (BOTS / "AB10-keeps.bot.yaml").read_text(encoding="utf-8")
    text = text.replace("flows:", f"  Note: {{method: POST, url: 'https://{host}/notes'}}\nflows:")
    text = text.replace('"429": later', '"429": note').replace(
        "      later:",
        "      note: {type: api, api: Note, responses: {others: sorry, no_response: sorry}}\n      later:",
    )
    found = check(bots.parse(text, "ab.bot.yaml"), [PROFILES["mismatch-400"]])

    assert [one.rule for one in found if one.rule == "AB10"] == told
