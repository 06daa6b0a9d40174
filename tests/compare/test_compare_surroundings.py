"""Whatever answers a call of either bot fills what either saves, and all that either asks of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.compare import compare
from pytest_botpenguin_otp.profile import PROFILES

README = Path(__file__).parents[1] / "examples" / "readme" / "phone-login.bot.yaml"
USUAL = PROFILES["mismatch-400"]
TEXT = """
format: botpenguin-otp/bot@1
name: A call elsewhere
apis:
  Lookup: {method: POST, url: "https://backend.example/lookup", ROLE body: {phone: "{{phone}}"}, save: SAVE}
flows:
  main:
    start: ask_phone
    components:
      ask_phone: {type: phone_number, message: "Your phone number?", save: phone, next: look_up}
      look_up: {type: api, api: Lookup, responses: {others: decide, no_response: sorry}}
      decide: {type: if_else, branches: [{when: WHEN, next: good}], otherwise: sorry}
      good: {type: message, message: "Good.", next: bye}
      sorry: {type: message, message: "Sorry.", next: bye}
      bye: {type: end_chat}
"""
GOLD, SILVER = "{attribute: tier, equals: gold}", "{attribute: tier, equals: silver}"
AGED = "{attribute: age, any_of: [old, young]}"
CASES = {
    "another place in the answer": ("{tier: tier}", GOLD, "{tier: data.tier}", GOLD),
    "saved by one of them only": ("{}", GOLD, "{tier: tier}", GOLD),
    "another attribute too": ("{tier: tier}", GOLD, "{level: level}", "{attribute: level, equals: high}"),
    "another text": ("{tier: tier}", GOLD, "{tier: tier}", SILVER),
    "one text more": ("{tier: tier}", GOLD, "{tier: tier}", "{attribute: tier, any_of: [gold, silver]}"),
    "any text but one": ("{tier: tier}", GOLD, "{tier: tier}", "{attribute: tier, not_equals: silver}"),
    "two at once": (
        "{tier: tier, age: age}",
        f"{{all: [{{attribute: tier, any_of: [gold, silver]}}, {AGED}]}}",
        "{tier: tier, age: age}",
        f"{{any: [{{all: [{GOLD}, {AGED}]}}, {{all: [{SILVER}, {{attribute: age, equals: old}}]}}]}}",
    ),
}


def calling(role, save, when):
    """Return a bot that asks an own backend, or a service without a role, and goes on by what it says."""
    text = TEXT.replace("ROLE", f"role: {role}," if role else "").replace("SAVE", save).replace("WHEN", when)
    return bots.parse(text, "calling.bot.yaml")


@pytest.mark.parametrize("role", ["send", None])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_an_unknown_service_says(case, role):
    """Bots that do something else with an answer of a service nobody knows differ, both ways, as a chat shows."""
    old, new = calling(role, *case[:2]), calling(role, *case[2:])
    there, back = compare(old, new, USUAL, rules=False), compare(new, old, USUAL, rules=False)
    shown = [difference for difference in there.differences if not difference.cost.beyond]

    assert shown
    assert len(there.differences) == len(back.differences)
    for one in shown:
        assert one.old_chat.said != one.new_chat.said, one.way


def test_no_two_answers_have_one_name():
    """A way is told by its labels, so that no two answers to a call may share one."""
    case = CASES["two at once"]
    found = compare(calling(None, *case[:2]), calling(None, *case[2:]), USUAL, rules=False)
    last = {difference.way[-1] for difference in found.differences}

    assert "Lookup answers 200 with age 'young' and tier 'silver'" in last


@pytest.mark.parametrize("saved", ["{tier: tier}", "{tier: tier, all: data, code: data.code, twice: tier}"])
def test_the_same(saved):
    """Bots that ask the same of such a service are proved equal, however much they save."""
    old, new = calling("send", saved, GOLD), calling("send", saved, GOLD)

    assert compare(old, new, USUAL, prove=True, rules=False).equal


def test_codes_with_a_zero_in_front():
    """Where one bot alone takes a code for a number, whichever it is, a code that begins with 0 shows it."""
    profile, text = replace(USUAL, numeric_storage="number"), README.read_text(encoding="utf-8")
    bot = bots.parse(text, "text.bot.yaml")
    other = bots.parse(text.replace("ask_code: {type: text_question", "ask_code: {type: numeric_input"), "n.bot.yaml")
    found = [compare(*pair, profile, rules=False).differences for pair in ((bot, other), (other, bot))]
    ways = [one.way[2] for differences in found for one in differences if one.kind == "request"]

    assert ways == ["Send OTP sends a code that begins with 0"] * 2
