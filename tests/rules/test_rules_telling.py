"""What users are told is judged by all that they can be told, in whatever order it is come to."""

import pytest
from exploring import OTP_APIS

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import check

USUAL = PROFILES["mismatch-400"]
HEAD = f"""\
format: botpenguin-otp/bot@1
name: telling
{OTP_APIS}flows:
  main:
    start: ask_phone
    components:
      ask_phone: {{type: phone_number, message: Your number?, save: phone, next: send}}
      send: {{type: api, api: Send OTP, responses: {{"200": ask_code, others: sorry, no_response: sorry}}}}
      ask_code: {{type: text_question, message: The code?, save: user_otp, next: verify}}
      sorry: {{type: message, message: Please call us., next: bye}}
      in: {{type: message, message: Welcome, next: bye}}
      bye: {{type: end_chat}}
"""


def found(code, *components, protected="in"):
    """Return what each finding of a rule takes, in a bot with these components."""
    text = HEAD + "".join(f"      {component}\n" for component in components) + f"protected: [{protected}]\n"
    return [one.needs for one in check(bots.parse(text, "telling.bot.yaml"), [USUAL]) if one.rule == code]


def test_a_text_that_is_heard_later():
    """ER03: an error is told in the words for a wrong code, also where those are come to by a dearer way only."""
    verify = (
        'verify: {type: api, api: Verify OTP, responses: {"200": in, "400": sorry, "429": once_more, others: wrong, '
        "no_response: sorry}}"
    )
    more = (
        'once_more: {type: api, api: Verify OTP, delay: 60, responses: {"200": in, "400": %s, others: sorry, '
        "no_response: sorry}}"
    )
    wrong = "wrong: {type: message, message: That code is wrong., next: bye}"

    assert found("ER03", verify, more % "wrong", wrong) == ["one fault"]
    assert found("ER03", verify, more % "sorry", wrong) == []


def test_a_yes_without_its_flag():
    """ER03: a 200 whose flag is missing may be told as a wrong code; an error may not."""
    verify = (
        'verify: {type: api, api: Verify OTP, responses: {"200": is_right, "400": wrong, others: %s, '
        "no_response: sorry}}"
    )
    branch = '{type: if_else, branches: [{when: {attribute: verified, equals: "true"}, next: in}], otherwise: wrong}'
    rest = (f"is_right: {branch}", "wrong: {type: message, message: That code is wrong., next: bye}")

    assert found("ER03", verify % "sorry", *rest) == []
    assert found("ER03", verify % "wrong", *rest) == ["one fault"]


@pytest.mark.parametrize("delay", [0, 3])
@pytest.mark.parametrize(
    ("wrong", "error", "takes"),
    [("told", "desk", ["one fault"]), ("desk", "told", ["a user's odd input"]), ("told", "told", [])],
)
def test_one_way_to_a_colleague_that_tells_nobody_apart(wrong, error, takes, delay):
    """ER07: one way that says nothing is found beside one that does, whichever is the cheaper, with a delay or not."""
    verify = (
        f'verify: {{type: api, api: Verify OTP, responses: {{"200": is_right, "400": {wrong}, others: {error}, '
        f"no_response: {error}}}}}"
    )
    branch = '{type: if_else, branches: [{when: {attribute: verified, equals: "true"}, next: hello}], otherwise: told}'
    rest = (
        f"is_right: {branch}",
        "hello: {type: message, message: Hello., next: desk}",
        "told: {type: message, message: You are not logged in., next: desk}",
        f"desk: {{type: live_chat, message: One moment., delay: {delay}}}",
    )

    assert found("ER07", verify, *rest, protected="hello") == takes
