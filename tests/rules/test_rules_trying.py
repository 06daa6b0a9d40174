"""How long a resend is to wait: it grows with the number of SMS before it, however few the flow allows."""

from dataclasses import replace

import pytest
from exploring import OTP_APIS

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import check

USUAL = PROFILES["mismatch-400"]
AGAIN = """\
      ask_{0}: {{type: text_question, message: The code?, save: user_otp, next: is_{0}}}
      is_{0}:
        type: if_else
        branches: [{{when: {{attribute: user_otp, equals: again}}, next: send_{1}}}]
        otherwise: verify
      send_{1}: {{type: api, api: Send OTP, delay: {2}, responses: {{"200": ask_{1}, others: bye, no_response: {3}}}}}
"""


LOST = """      send_again: {type: api, api: Send OTP, delay: 5, responses: {"200": ask_1, others: bye}}
"""


def resending(*delays, more="", lost="bye"):
    """Make a bot that sends again so many seconds after the user asks for it, once for each of them.

    `more` are other components, and `lost` is the one to which a resend without an answer leads.
    """
    again = "".join(AGAIN.format(number, number + 1, delay, lost) for number, delay in enumerate(delays)) + more
    text = f"""\
format: botpenguin-otp/bot@1
name: resending
{OTP_APIS}flows:
  main:
    start: ask_phone
    components:
      ask_phone: {{type: phone_number, message: Your number?, save: phone, next: send_0}}
      send_0: {{type: api, api: Send OTP, responses: {{"200": ask_0, others: bye, no_response: bye}}}}
{again}      ask_{len(delays)}: {{type: text_question, message: The code?, save: user_otp, next: verify}}
      verify: {{type: api, api: Verify OTP, responses: {{"200": is_right, others: bye, no_response: bye}}}}
      is_right: {{type: if_else, branches: [{{when: {{attribute: verified, equals: "true"}}, next: in}}],
        otherwise: bye}}
      in: {{type: message, message: Welcome, next: bye}}
      bye: {{type: end_chat}}
protected: [in]
"""
    return bots.parse(text, "resending.bot.yaml")


@pytest.mark.parametrize(
    ("delays", "told"),
    [
        ((30,), None),
        ((29,), "'send_1' sends again after 29 s; Twilio advises to wait 30 s."),
        ((30, 40), None),
        ((30, 30), "'send_2' sends again after 30 s; Twilio advises to wait 40 s."),
        ((30, 40, 60, 90), None),
        ((30, 40, 60, 60), "'send_4' sends again after 60 s; Twilio advises to wait 90 s."),
    ],
)
def test_each_wait_is_longer(delays, told):
    """AB04: the second resend waits longer than the first, also where no chat can come to too many."""
    found = [one.message for one in check(resending(*delays), [USUAL]) if one.rule == "AB04"]

    assert [message.startswith(told) for message in found] == ([] if told is None else [True])


@pytest.mark.parametrize("seconds", [30, 95, 119])
def test_a_wait_is_counted_whole(seconds):
    """AB04: what was waited before an answer was lost counts for the send after it."""
    quick = replace(USUAL, timeout_s=5)
    made = resending(seconds, more=LOST, lost="send_again")
    found = [one.message for one in check(made, [quick]) if one.rule == "AB04"]

    assert found == []


TRIED = f"""\
format: botpenguin-otp/bot@1
name: tries
{OTP_APIS}flows:
  main:
    start: ask_phone
    components:
      ask_phone: {{type: phone_number, message: Your number?, save: phone, next: send}}
      send: {{type: api, api: Send OTP, responses: {{"200": ask_1, others: bye, no_response: bye}}}}
      ask_1: {{type: text_question, message: The code?, save: user_otp, next: verify}}
      verify: {{type: api, api: Verify OTP, responses: {{"200": in, "400": ask_2, others: bye, no_response: bye}}}}
      ask_2: {{type: text_question, message: The code?, save: user_otp, next: verify_2}}
      verify_2: {{type: api, api: Verify OTP, responses: {{"200": in, "400": send_1, others: bye, no_response: bye}}}}
      send_1: {{type: api, api: Send OTP, responses: {{"200": ask_3, others: bye, no_response: bye}}}}
      ask_3: {{type: text_question, message: The code?, save: user_otp, next: verify_3}}
      verify_3: {{type: api, api: Verify OTP, responses: {{"200": in, "400": ROUND, others: bye, no_response: bye}}}}
      in: {{type: message, message: Welcome, next: bye}}
      bye: {{type: end_chat}}
protected: [in]
"""


@pytest.mark.parametrize(("round_to", "told"), [("ask_3", {"AB01"}), ("send_1", set()), ("bye", set())])
def test_tries_after_a_resend(round_to, told):
    """AB01: a round of wrong codes behind a resend takes no fault; where each gets another SMS, AB02 tells it."""
    made = bots.parse(TRIED.replace("ROUND", round_to), "tries.bot.yaml")
    found = {one.rule for one in check(made, [USUAL]) if one.needs in ("nothing", "a user's odd input")}

    assert found & {"AB01"} == told


CLICKED = f"""\
format: botpenguin-otp/bot@1
name: clicked
{OTP_APIS}flows:
  main:
    start: is_known
    components:
      is_known: {{type: if_else, branches: [{{when: {{attribute: user_otp, equals: ""}}, next: ask}}],
        otherwise: verify}}
      ask: {{type: text_question, message: A code?, save: user_otp, next: bye, delay: 5}}
      verify: {{type: api, api: Verify OTP, responses: {{"200": in, others: bye, no_response: bye}}}}
      in: {{type: message, message: Welcome, next: bye}}
      bye: {{type: end_chat}}
protected: [in]
"""


def test_a_click_in_an_earlier_chat():
    """AU20: what was typed too early before the chat was begun anew is no second click in the new one."""
    made = bots.parse(CLICKED, "clicked.bot.yaml")

    assert "AU20" not in {one.rule for one in check(made, [PROFILES["pessimist"]])}
