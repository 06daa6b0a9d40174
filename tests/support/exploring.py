"""Bots to explore: the examples, and small ones with what those lack."""

from functools import cache
from pathlib import Path

from pytest_botpenguin_otp import bot
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.profile import PROFILES

__all__ = ["EXAMPLES", "FILES", "HEAD", "OTP_APIS", "PROFILE_NAMES", "big", "machine", "small"]

EXAMPLES = Path(__file__).parents[1] / "examples"
FILES = {name: EXAMPLES / name / "phone-login.bot.yaml" for name in ("guide", "readme", "sound")}
PROFILE_NAMES = tuple(PROFILES)

OTP_APIS = """\
apis:
  Send OTP:
    method: POST
    url: https://api.v7.botpenguin.com/integrations/custom-feature/send-otp-sms
    headers: {Authorization: "${BOTPENGUIN_TOKEN}"}
    body:
      accountSID: "${TWILIO_ACCOUNT_SID}"
      authToken: "${TWILIO_AUTH_TOKEN}"
      fromNumber: "+15005550006"
      toNumber: "{{phone}}"
    save: {system_otp: data.otp}
  Verify OTP:
    method: POST
    url: https://api.v7.botpenguin.com/integrations/custom-feature/verify-user-otp
    headers: {Authorization: "${BOTPENGUIN_TOKEN}"}
    body: {systemOtp: "{{system_otp}}", userOtp: "{{user_otp}}"}
    save: {verified: success}
"""
"""The two calls of the guide."""

HEAD = (
    f"format: botpenguin-otp/bot@1\nname: small\n{OTP_APIS}"
    """\
  CRM:
    method: POST
    url: https://crm.example.com/contacts
    body: {name: "{{name}}"}
flows:
  main:
    start: hi
    components:
"""
)
LOGIN = """\
      hi: {type: message, message: Hello, next: ask_phone}
      ask_phone: {type: phone_number, message: Your number?, save: phone, next: send}
      send: {type: api, api: Send OTP, responses: {"200": ask_code, others: sorry, no_response: sorry}}
      sorry: {type: message, message: Sorry, next: bye}
      welcome: {type: message, message: Welcome, next: bye}
      bye: {type: end_chat}
"""
SMALL = {
    "loop": """\
      ask_code: {type: text_question, message: Your code?, save: user_otp, next: verify}
      verify: {type: api, api: Verify OTP, responses: {"200": welcome, "400": ask_code, others: again, "429": sorry}}
      again:
        type: single_choice
        message: Again?
        options: [{text: a new code, next: send}, {text: another number, next: ask_phone}, {text: stop, next: bye}]
""",
    "settings": """\
      ask_code: {type: numeric_input, message: Your code?, save: user_otp, next: name, allow_skip: true}
      name: {type: name, message: Your name?, save: name, next: mail, skip_if_answered: true, allow_back: true}
      mail: {type: email, message: Your mail?, save: mail, next: crm, allow_back: true, max_length: 30}
      crm: {type: api, api: CRM, delay: 3, responses: {"200": verify, others: verify, no_response: verify}}
      verify: {type: api, api: Verify OTP, delay: 2, responses: {"200": welcome, others: sorry, no_response: sorry}}
""",
    "ordering": """\
      ask_code: {type: text_question, message: Your code?, save: user_otp, next: big}
      big:
        type: if_else
        branches: [{when: {attribute: user_otp, greater: "500000"}, next: verify}]
        otherwise: sorry
      verify: {type: api, api: Verify OTP, responses: {"200": welcome, others: sorry, no_response: sorry}}
""",
}


@cache
def small(name):
    """Read one of the small bots."""
    return bot.parse(f"{HEAD}{LOGIN}{SMALL[name]}protected: [welcome]\n", f"{name}.bot.yaml")


@cache
def machine(name, profile):
    """Return a bot under a profile."""
    return Machine(bot=bot.load(FILES[name]) if name in FILES else small(name), profile=PROFILES[profile])


def big(components):
    """Make a bot of about so many components: one attempt after the other."""
    attempts = (components - 6) // 4
    lines = ["      ask_code: {type: message, message: Sent, next: ask_1}"]
    for number in range(1, attempts + 1):
        wrong = f"ask_{number + 1}" if number < attempts else "sorry"
        lines += [
            f"      ask_{number}: {{type: text_question, message: Code?, save: user_otp, next: guard_{number}}}",
            f"      guard_{number}:",
            "        type: if_else",
            f'        branches: [{{when: {{attribute: user_otp, equals: ""}}, next: wrong_{number}}}]',
            f"        otherwise: verify_{number}",
            f"      wrong_{number}: {{type: message, message: Wrong, next: {wrong}}}",
            f"      verify_{number}:",
            "        type: api",
            "        api: Verify OTP",
            "        delay: 2",
            f'        responses: {{"200": welcome, "400": wrong_{number}, others: sorry, no_response: sorry}}',
        ]
    text = "\n".join(lines)
    return bot.parse(f"{HEAD}{LOGIN}{text}\nprotected: [welcome]\n", "big.bot.yaml")
