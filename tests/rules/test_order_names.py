"""What a bot author reads of an attribute that nothing sets: what was meant, and where it stands."""

import pytest

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.rules.order import order

BOT = """\
format: botpenguin-otp/bot@1
name: Login
apis:
  Send OTP:
    method: POST
    url: https://api.v7.botpenguin.com/integrations/custom-feature/send-otp-sms
    params: {lang: "{{language}}"}
    headers: {X-Name: "{{nick}}"}
    body:
      toNumber: "{{phone}}"
    save: {system_otp: data.otp}
  Verify OTP:
    method: POST
    url: https://api.v7.botpenguin.com/integrations/custom-feature/verify-user-otp
    body:
      systemOtp: "{{system_otp}}"
      userOtp: "{{user_otp}}"
    save: {verified: success}
  Look up:
    method: GET
    url: "https://crm.example/{{nick}}"
    body: '{"name": "{{nick}}"}'
flows:
  main:
    start: ask_nick
    components:
      ask_nick: {type: name, message: "Name?", save: nick, next: ask_language}
      ask_language: {type: text_question, message: "Language?", save: language, next: ask_phone}
      ask_phone: {type: phone_number, message: "Phone?", save: phone, next: send_code}
      send_code: {type: api, api: Send OTP, responses: {others: ask_code}}
      ask_code: {type: text_question, message: "Code?", save: user_otp, next: verify}
      verify: {type: api, api: Verify OTP, responses: {others: is_right}}
      is_right: {type: if_else, branches: [{when: {attribute: verified, equals: "true"}, next: find}], otherwise: bye}
      find: {type: api, api: Look up, responses: {others: welcome}}
      welcome: {type: message, message: "Welcome, {{nick}}!", next: bye}
      bye: {type: end_chat}
protected: [welcome]
"""
KNOWN = "Known: language, nick, phone, system_otp, user_otp, verified."


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('p: "{{system_otp}}"', 'p: "{{sytem_otp}}"', "'verify' reads 'sytem_otp' (login.bot.yaml:16), which"),
        ('p: "{{system_otp}}"', 'p: "{{sytem_otp}}"', f"bot sets it. Did you mean 'system_otp'? {KNOWN}"),
        ('"{{phone}}"', '"{{phon}}"', "'send_code' reads 'phon' (login.bot.yaml:10), which may not have been set"),
        ('"{{language}}"', '"{{lang}}"', "'send_code' reads 'lang' (login.bot.yaml:7), which"),
        ('X-Name: "{{nick}}"', 'X-Name: "{{nik}}"', "'send_code' reads 'nik' (login.bot.yaml:8), which"),
        ("example/{{nick}}", "example/{{nock}}", "'find' reads 'nock' (login.bot.yaml:21), which"),
        ('"name": "{{nick}}"', '"name": "{{nock}}"', "'find' reads 'nock' (login.bot.yaml:22), which"),
        ("attribute: verified", "attribute: verifed", "'is_right' reads 'verifed', which"),
        ("attribute: verified", "attribute: verifed", f"Did you mean 'verified'? {KNOWN} If it is another one, set it"),
        ("Welcome, {{nick}}", "Welcome, {{zzz}}", f"Nothing in this bot sets it. {KNOWN} If it is another"),
        ('"{{user_otp}}"', '"{{user_opt}}"', "no question saves an answer there (login.bot.yaml:17). Did you mean"),
        ('"{{user_otp}}"', '"{{user_opt}}"', "Did you mean 'user_otp'? Known: language, nick, phone, user_otp."),
    ],
)  # fmt: skip
def test_what_is_meant(old, new, told):
    """A misspelt attribute is told with the nearest that something sets, and with the line on which it stands."""
    assert old in BOT
    (found,) = order(bots.parse(BOT.replace(old, new), "login.bot.yaml"))

    assert (found.rule, told in found.message) == ("AU13", True), found.message


def test_nothing_amiss():
    """Without a slip nothing is told."""
    assert order(bots.parse(BOT, "login.bot.yaml")) == ()
