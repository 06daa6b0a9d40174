"""Each class of text that a condition tells apart is typed, or answered, so that a way past a wrong code is found."""

from itertools import permutations

import pytest
from exploring import OTP_APIS

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import compare
from pytest_botpenguin_otp.explorer import explore
from pytest_botpenguin_otp.explorer.texts import around, other
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.machine.conditions import number
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import check, judge

USUAL = PROFILES["mismatch-400"]
HEAD = (
    f"format: botpenguin-otp/bot@1\nname: aside\n{OTP_APIS}"
    """\
  CRM:
    method: GET
    url: https://crm.example.com/customer
    save: {pin: data.pin, tier: data.tier}
flows:
  main:
    start: ask_phone
    components:
      ask_phone: {type: phone_number, message: "Your phone?", countries: [US], save: phone, next: send}
      send: {type: api, api: Send OTP, responses: {"200": ask_code, others: bye, no_response: bye}}
      ask_code: {type: text_question, message: "Your code?", max_length: 12, save: user_otp, next: verify}
      verify: {type: api, api: Verify OTP, responses: {"200": ok, "400": wrong, others: bye, no_response: bye}}
      ok: {type: if_else, branches: [{when: {attribute: verified, equals: "true"}, next: welcome}], otherwise: bye}
      wrong: {type: message, message: "That was wrong.", next: first}
      welcome: {type: message, message: "Welcome!", next: bye}
      bye: {type: end_chat, message: "Bye."}
"""
)
CRM = '{type: api, api: CRM, responses: {"200": %s, others: bye, no_response: bye}}'
ONE = "{type: %s, message: Well?, max_length: %s, save: %s, next: %s}"


def aside(when, *steps, to="welcome"):
    """Make a bot that asks more after a wrong code, and lets in by the condition `when`: kinds, lengths, names."""
    ids = ["first", "second", "third"][: len(steps)]
    lines = []
    for at, step, onward in zip(ids, steps, [*ids[1:], "q"], strict=True):
        lines.append(f"      {at}: {CRM % onward if step == 'crm' else ONE % (*step, onward)}")
    lines.append(f"      q: {{type: if_else, branches: [{{when: {when}, next: {to}}}], otherwise: bye}}")
    return bots.parse("\n".join((HEAD.rstrip(), *lines, "protected: [welcome]\n")), "aside.bot.yaml")


TEXT, DIGITS, MAIL = ("text_question", 50, "n"), ("numeric_input", 9, "n"), ("email", 50, "n")
OTHER = ("text_question", 50, "m")
BETWEEN = '{{all: [{{attribute: n, greater: "{}"}}, {{attribute: n, less: "{}"}}]}}'
ASIDES = {
    "equals a word": ('{attribute: n, equals: "open"}', TEXT),
    "equals a negative": ('{attribute: n, equals: "-3"}', DIGITS),
    "equals an address": ('{attribute: n, equals: "a@example.com"}', MAIL),
    "not the word": ('{attribute: n, not_equals: "hello"}', ("name", 50, "n")),
    "not the digit": ('{attribute: n, not_equals: "7"}', DIGITS),
    "any of two": ('{attribute: n, any_of: ["left", "right"]}', TEXT),
    "none of two": ('{attribute: n, none_of: ["hello", ""]}', TEXT),
    "none of the addresses": ('{attribute: n, none_of: ["user@example.com"]}', MAIL),
    "greater than a fraction": ('{attribute: n, greater: "64.5"}', ("numeric_input", 2, "n")),
    "less than a negative": ('{attribute: n, less: "-3"}', DIGITS),
    "less than nought": ('{attribute: n, less: "0"}', DIGITS),
    "greater than a text's number": ('{attribute: n, greater: "100"}', TEXT),
    "more than fits in": ('{attribute: n, greater: "1000"}', ("text_question", 3, "n")),
    "less than fits in": ('{attribute: n, less: "-1000"}', ("text_question", 4, "n")),
    "between what fits in": (BETWEEN.format(1000, 5000), ("name", 3, "n")),
    "between": (BETWEEN.format(2, 2.5), DIGITS),
    "far between": (BETWEEN.format(8, 90), DIGITS),
    "the code": ('{attribute: n, equals: "{{system_otp}}"}', TEXT),
    "the code, from its side": ('{attribute: system_otp, equals: "{{n}}"}', TEXT),
    "a larger number than the code": ('{attribute: n, greater: "{{system_otp}}"}', TEXT),
    "made of another answer": ('{attribute: n, equals: "Mr {{m}}"}', OTHER, TEXT),
    "made of a later answer": ('{attribute: n, equals: "Mr {{m}}"}', TEXT, OTHER),
    "made of two": ('{attribute: n, equals: "{{m}}-{{phone}}"}', OTHER, TEXT),
    "larger than another": ('{attribute: n, greater: "{{m}}"}', OTHER, TEXT),
    "smaller than a later one": ('{attribute: n, less: "{{m}}"}', TEXT, ("numeric_input", 3, "m")),
    "a secret": ('{attribute: n, equals: "${MASTER_KEY}"}', TEXT),
    "what a service says": ('{attribute: tier, equals: "staff"}', "crm"),
    "none of what a service says": ('{attribute: tier, none_of: ["unknown", ""]}', "crm"),
    "a number of a service": ('{attribute: tier, greater: "100.5"}', "crm"),
    "a negative of a service": ('{attribute: tier, less: "-2"}', "crm"),
    "the PIN of a service": ('{all: [{attribute: n, equals: "{{pin}}"}, {attribute: n, not_equals: ""}]}', "crm", TEXT),
    "a later PIN": ('{all: [{attribute: n, equals: "{{pin}}"}, {attribute: n, not_equals: ""}]}', TEXT, "crm"),
    "more than a service says": ('{attribute: n, greater: "{{tier}}"}', "crm", DIGITS),
    "less than a service says later": ('{attribute: n, less: "{{tier}}"}', DIGITS, "crm"),
}  # fmt: skip


@pytest.mark.parametrize("told", ASIDES)
def test_a_way_past_a_wrong_code(told):
    """Whoever is let in by one class of answer alone is found by the check, and by the comparison with none of it."""
    made, shut = aside(*ASIDES[told]), aside(*ASIDES[told], to="bye")
    failing = {finding.rule for finding in check(made, [USUAL]) if judge(finding, USUAL.name) == "fails"}
    found = [compare.first_difference(one, another, USUAL) for one, another in permutations((made, shut))]

    assert "AU03" in failing
    assert all(found)


LEFT_OUT = {
    "a number at 'ask_phone' that no condition names is not known": (
        '{attribute: phone, none_of: ["+14155550123", "+14155550142"]}',
        TEXT,
    ),
    "texts of 'm' that are made of themselves are not tried": (
        '{all: [{attribute: n, equals: "Mr {{m}}"}, {attribute: m, equals: "{{n}}!"}]}',
        OTHER,
        TEXT,
    ),
}


@pytest.mark.parametrize("told", LEFT_OUT)
def test_what_cannot_be_tried_is_told(told):
    """Neither an exploration nor a comparison is exhaustive where a class of text cannot be typed; both say which."""
    made = aside(*LEFT_OUT[told])
    found = explore(Machine(bot=made, profile=USUAL))
    same = compare.compare(made, aside(*LEFT_OUT[told], to="bye"), USUAL, rules=False)

    assert told in found.open
    assert (found.exhaustive, same.exhaustive) == (False, False)
    assert any(told in apart for apart in same.apart)


def test_phones_that_no_condition_names():
    """Where a condition names some of the reserved numbers, another one is typed too."""
    made = aside('{attribute: phone, none_of: ["+14155550123"]}', TEXT)

    assert "AU03" in {finding.rule for finding in check(made, [USUAL]) if judge(finding, USUAL.name) == "fails"}
    assert explore(Machine(bot=made, profile=USUAL)).exhaustive


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (["64.5"], ["64.5", "65", "64"]),
        (["-3"], ["-3", "-2", "-4"]),
        (["0", "1"], ["0", "1", "-1", "2", "0.5"]),
        (["2", "90"], ["2", "3", "1", "90", "91", "89"]),
        (["open", ""], []),
    ],
)
def test_numbers_around(texts, wanted):
    """Each number that answers are ordered by has one below and one above, and any two of them one between."""
    assert list(around(texts)) == wanted


def test_numbers_of_any_size():
    """The largest and smallest numbers that a condition reads are told apart too, without being written out."""
    texts = ["1e9999", "-2e-9999", "1e9998"]
    found = sorted(around(texts), key=number)

    assert number(found[0]) < number("-2e-9999") < number(found[-1])
    assert number(found[-1]) > number("1e9999")
    assert max(map(len, found)) < 20


@pytest.mark.parametrize("kind", ["text_question", "numeric_input", "email", "name"])
def test_another_text(kind):
    """However many texts a condition names, another one is typed, of a kind that the question takes."""
    taken = [other(kind, ())]
    for _ in range(4):
        taken.append(other(kind, taken))

    assert len(set(taken)) == 5
    assert kind != "email" or all("@" in text for text in taken)
    assert kind != "numeric_input" or all(text.isdecimal() for text in taken)


@pytest.mark.parametrize(("held", "never"), [("{{system_otp}}", False), ("{{verified}}", True)])
def test_a_bot_that_compares_by_itself(held, never):
    """Whoever types the right code is let in without any call: that is told of it, and not that nobody is."""
    text = HEAD.replace("next: verify}", "next: q}").replace(
        "next: first}", "next: bye}\n      q: {type: if_else, branches: "
        f'[{{when: {{attribute: user_otp, equals: "{held}"}}, next: welcome}}], otherwise: wrong}}',
    )  # fmt: skip
    found = {
        finding.rule: finding for finding in check(bots.parse(f"{text}protected: [welcome]\n", "b.bot.yaml"), [USUAL])
    }

    assert ("SO01" in found) == never
    assert never or found["AU01"].token == "otp1-SAnr"
