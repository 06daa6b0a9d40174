"""An attribute is kept in a state as long as anything may read it, wherever that stands."""

from dataclasses import replace

import pytest
from exploring import OTP_APIS
from trying_all import cleverly, naively

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.explorer import Bounds
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.profile import PROFILES

PROFILE = replace(PROFILES["mismatch-400"], default_error="Not {{note}}.")
FEW = Bounds(faults=1, turns=3)
CALL = '{type: api, api: CRM, responses: {"200": bye, others: bye, no_response: bye}}'
ASK = "{type: email, message: %s, save: mail, next: bye%s}"
READ = {
    "a message": "{type: message, message: 'Well, {{note}}.', next: bye}",
    "a question": ASK % ("'Well, {{note}}?'", ""),
    "an error message": ASK % ("Well?", ", error_message: 'No, {{note}}.'"),
    "the error message of a profile": ASK % ("Well?", ""),
    "a choice": "{type: single_choice, message: 'Well, {{note}}?', options: [{text: yes, next: bye}]}",
    "a redirect": "{type: redirect, flow: other, message: 'Off, {{note}}.'}",
    "what follows a redirect": "{type: redirect, flow: other, message: Off.}",
    "an end": "{type: end_chat, message: 'Bye, {{note}}.'}",
    "a handover": "{type: live_chat, message: 'Wait, {{note}}.'}",
    "a URL": (CALL, "url: 'https://crm.example.com/{{note}}'"),
    "a header": (CALL, "url: https://crm.example.com/, headers: {X-Note: '{{note}}'}"),
    "a parameter": (CALL, "url: https://crm.example.com/, params: {a: '{{note}}'}"),
    "a body": (CALL, "url: https://crm.example.com/, body: {a: '{{note}}'}"),
    "a condition": "{type: if_else, branches: [{when: {attribute: note, equals: left}, next: left}], otherwise: bye}",
    "a size": "{type: if_else, branches: [{when: {attribute: note, greater: '40'}, next: left}], otherwise: bye}",
    "what another is compared with": (
        "{type: if_else, branches: [{when: {attribute: tier, equals: 'Mr {{note}}'}, next: left}], otherwise: bye}"
    ),
    "a question that is skipped": "{type: name, message: Well?, save: note, next: bye, skip_if_answered: true}",
}


def reading(told):
    """Make a bot that asks for a note and for something else, and reads the note in one place only."""
    part, api = READ[told] if isinstance(READ[told], tuple) else (READ[told], "url: https://crm.example.com/")
    text = f"""\
format: botpenguin-otp/bot@1
name: reading
{OTP_APIS}  CRM: {{method: POST, {api}, save: {{tier: data.tier}}}}
flows:
  main:
    start: ask
    components:
      ask: {{type: text_question, message: A note?, save: note, next: tell, allow_skip: true}}
      tell: {{type: text_question, message: And else?, save: tier, next: read}}
      read: {part}
      left: {{type: message, message: Left., next: bye}}
      bye: {{type: end_chat}}
  other:
    start: after
    components:
      after: {{type: message, message: "After that, {{{{note}}}}.", next: end}}
      end: {{type: end_chat}}
"""
    return Machine(bot=bots.parse(text, "reading.bot.yaml"), profile=PROFILE)


@pytest.mark.parametrize("told", READ)
def test_what_reads_an_attribute(told):
    """Wherever a bot reads an attribute, the explorer sees all that a search sees which drops nothing."""
    plain, rest = naively(reading(told), FEW)
    clever, _ = cleverly(reading(told), FEW)

    assert rest is None
    assert clever == plain
