"""What a bot author reads of an API whose URL is nearly a documented one."""

import pytest
from commandline import run

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.rules import check, check_file, judge
from pytest_botpenguin_otp.rules.addressing import amiss, meant

HOST = "https://api.v7.botpenguin.com"
SEND = "/integrations/custom-feature/send-otp-sms"
VERIFY = "/integrations/custom-feature/verify-user-otp"
BOT = """\
format: botpenguin-otp/bot@1
name: Login
apis:
  Send OTP:
    method: POST
    url: https://api.v7.botpenguin.com/integrations/custom-feature/send-otp-sms
    headers: {Authorization: "${BOTPENGUIN_TOKEN}"}
    body: {accountSID: "${A}", authToken: "${T}", fromNumber: "+15005550006", toNumber: "{{phone}}"}
    save: {system_otp: data.otp}
  Verify OTP:
    method: POST
    url: https://api.v7.botpenguin.com/integrations/custom-feature/verify-user-otp
    headers: {Authorization: "${BOTPENGUIN_TOKEN}"}
    body: {systemOtp: "{{system_otp}}", userOtp: "{{user_otp}}"}
flows:
  main:
    start: ask_phone
    components:
      ask_phone: {type: phone_number, message: "Phone?", save: phone, next: send_code}
      send_code: {type: api, api: Send OTP, responses: {"200": ask_code, others: bye, no_response: bye}}
      ask_code: {type: text_question, message: "Code?", save: user_otp, next: verify}
      verify: {type: api, api: Verify OTP, delay: 5, responses: {"200": welcome, others: bye, no_response: bye}}
      welcome: {type: message, message: "Welcome!", next: bye}
      bye: {type: end_chat}
protected: [welcome]
"""
TOLD = (
    "The URL of Verify OTP (login.bot.yaml:12) is no documented endpoint. Did you mean "
    "'/integrations/custom-feature/verify-user-otp'? If it is a backend of your own, give the API a line: role: verify."
)


def at(path, known=VERIFY, more=""):
    """Return the bot with another path at one API, and a line more there."""
    assert known in BOT
    return bots.parse(BOT.replace(known, f"{path}{more}"), "login.bot.yaml")


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/integrations/custom-feature/verify-otp", "verify"),
        ("/integrations/custom-feature/verify-user-opt", "verify"),
        ("/integrations/custom_features/Verify-User-OTP", "verify"),
        ("/verify-user-otp", "verify"),
        ("//integrations/custom-feature/verify-user-otp", "verify"),
        ("/codes/check", "verify"),  # its body is the documented one
        ("", "verify"),
        ("/integrations/custom-feature/send-otp", "send"),
        ("/verify-user-otp\n    role: verify", None),  # an own backend
    ],
)
def test_which_is_meant(path, wanted):
    """By its path or by its body, whatever the host; an API that says its role means nothing else."""
    assert meant(at(path).apis["Verify OTP"]) == wanted


@pytest.mark.parametrize(
    "line",
    [
        "url: https://crm.example/customers\n    body: {phone: x}",
        "url: https://api.v7.botpenguin.com/integrations/custom-feature/create-lead",
        "url: https://[broken",
        'url: "https://shop.example/{{phone}}"',
    ],
)
def test_another_api_is_left_alone(line):
    """What is like neither endpoint is an API of another kind."""
    text = BOT.replace("apis:", f"apis:\n  Other:\n    method: POST\n    {line}")
    api = bots.parse(text, "login.bot.yaml").apis["Other"]

    assert (meant(api), amiss(api)) == (None, "")


def test_what_is_told():
    """The URL's line, the nearest endpoint, and how an own backend is declared; on all that follows from it, too."""
    found = {finding.rule: finding for finding in check(at("/integrations/custom-feature/verify-otp"))}

    assert found["SO01"].place == "login.bot.yaml:12"
    assert found["SO01"].message == f"Nobody is known to be let in. {TOLD}"
    assert judge(found["SO01"]) == "fails"
    assert found["LK02"].message == f"Verify OTP gets the code in 'systemOtp'. {TOLD}"
    assert {found[code].remedy for code in ("SO01", "LK02", "AU01")} == {TOLD}
    assert found["AU01"].message.endswith(f"ask_phone -> send_code -> ask_code -> verify -> welcome. {TOLD}")


def test_both_are_amiss():
    """Where neither endpoint is met, nothing can be explored, and both are told all the same."""
    bot = bots.parse(BOT.replace(SEND, "/send-otp-sms").replace(VERIFY, "/verify-user-otp"), "login.bot.yaml")
    places = [finding.place for finding in check(bot) if finding.rule == "SO01"]

    assert places == ["login.bot.yaml:6", "login.bot.yaml:12"]


def test_the_send_alone():
    """A Send OTP somewhere else is told by itself."""
    (found,) = (one for one in check(at("/integrations/custom-feature/send-sms", SEND)) if one.rule == "SO01")

    assert found.message.startswith("Nobody is known to be let in. The URL of Send OTP (login.bot.yaml:6) is no ")
    assert found.message.endswith("give the API a line: role: send.")


def test_beside_the_right_one():
    """Where another API of the bot is the documented one, nobody is said to stay outside."""
    other = f"apis:\n  Lead:\n    method: POST\n    url: {HOST}/integrations/custom-feature/verify-user-mail"
    bot = bots.parse(BOT.replace("apis:", other), "login.bot.yaml")

    assert meant(bot.apis["Lead"]) == "verify"
    assert "SO01" not in {finding.rule for finding in check(bot)}


def test_a_documented_url():
    """The documented URLs, at whatever host, are told nothing."""
    for host in (HOST, "https://chat.example"):
        bot = bots.parse(BOT.replace(HOST, host), "login.bot.yaml")

        assert [amiss(api) for api in bot.apis.values()] == ["", ""]
        assert "AU01" not in {finding.rule for finding in check_file(bot)}


def test_it_is_no_refusal(tmp_path):
    """A bot with such a URL can be run, so that check leaves with 1, not with 2."""
    path = tmp_path / "login.bot.yaml"
    path.write_text(BOT.replace(VERIFY, "/integrations/custom-feature/verify-otp"), encoding="utf-8")

    assert run("check", str(path)).exit_code == 1
