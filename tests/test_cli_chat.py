"""Talking to a bot in the terminal."""

import re

import pytest
from commandline import GUIDE, LOOP, PHONE, SOUND, run, told

TRICKY = """\
format: botpenguin-otp/bot@1
name: Tricky
apis:
  Look up: {method: GET, url: "https://crm.example/contacts"}
flows:
  main:
    start: pick
    components:
      pick:
        type: single_choice
        message: "Pick\\e[31m [bold]one[/bold]"
        options: [{text: a, next: name}, {text: b, next: look}]
      name: {type: name, message: Your name?, save: nick, allow_skip: true, allow_back: true, next: round}
      round: {type: if_else, branches: [{when: {attribute: nick, equals: loop}, next: round}], otherwise: bye}
      look: {type: api, api: Look up, responses: {others: bye}}
      bye: {type: end_chat}
"""


def test_a_flow_that_goes_round(tmp_path):
    """It is a finding to check, and nothing that one can talk to."""
    path = tmp_path / "a.bot.yaml"
    path.write_text(LOOP, encoding="utf-8")
    checked = run("check", str(path))
    said = told(run("chat", str(path)))

    assert checked.exit_code == 1
    assert f"{path}:7: AB09 (high) The flow goes round without asking the user: hi -> hi." in checked.stdout
    assert f"{path}:7: the flow goes round without asking the user: hi -> hi. Put a question" in said


def test_chat_piped():
    """What is typed, the SMS in clear, the passing of time and the end are all to be read; it waits for nobody."""
    result = run("chat", str(SOUND), typed=f"home\n{PHONE}\n0000\n/code\n")

    assert result.exit_code == 0
    (code,) = re.findall(r"SMS to \+14155550123: Your verification code is ([0-9]{6})\.", result.stdout)
    assert f"you: {PHONE}\n" in result.stdout
    assert f"you: {code}\n" in result.stdout
    assert result.stdout.count("(5 s pass)") == 2
    assert "bot: That is no phone number." in result.stdout
    assert "[Verify OTP: 400]" in result.stdout
    assert "The chat is over (end_chat), verified. /restart begins anew, /quit leaves." in result.stdout
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("/code\n", ["No SMS has reached"]),
        ("/wait 30\n", ["(30 s pass)"]),
        *((f"/wait {wrong}\n", ["/wait needs whole seconds, at most 604800"]) for wrong in ("", "-1", "x", "9" * 99)),
        ("/wait 604801\n", ["/wait needs whole seconds"]),
        ("/skip\n", ["offers no 'skip' here"]),
        ("/back\n", ["offers no 'back' here"]),
        ("/restart\n", ["What is your phone number?"]),
        ("/help\n", ["/fault twilio create 21211", "/wait SECONDS"]),
        ("/quit\nnever\n", ["What is your phone number?"]),
        ("/cod\n", ["There is no /cod. Did you mean '/code'?"]),
        ("//quit\n", ["you: /quit", "That is no phone number"]),
        ("\n", ["you: (nothing)", "That is no phone number"]),
        (f"/fault twilio create 21211\n{PHONE}\n", ["[planned: twilio create: code 21211]", "[Send OTP: 400]", "over"]),
        (f"/fault twilio callback missing\n{PHONE}\n", ["[planned: twilio callback: callback missing]"]),
        (
            f"{PHONE}\n/fault botpenguin verify timeout\n/code\nhello\n",
            [
                "[fault: botpenguin verify: timeout]",
                "[Verify OTP: no answer (timeout)]",
                "(30 s pass)",
                "/restart begins",
            ],
        ),
        (f"/fault botpenguin send status=500 delay=3\n{PHONE}\n", ["(3 s pass)", "[Send OTP: 500]"]),
        ("/fault\n", ["Use /fault SERVICE CALL WHAT"]),
        ("/fault twillio create 21211\n", ["There is no service 'twillio'. Did you mean 'twilio'?"]),
        ("/fault twilio creat 21211\n", ["twilio has no call 'creat'. Did you mean 'create'?"]),
        ("/fault twilio create 99999\n", ["99999"]),
        ("/fault botpenguin verify timout\n", ["No fault is called 'timout'. Did you mean 'timeout'?"]),
        ("/fault botpenguin verify delay=soon\n", ["No fault is called 'delay=soon'."]),
    ],
)
def test_chat_commands(typed, parts):
    """Each command does what /help says; a mistake is told and the chat goes on."""
    result = run("chat", str(SOUND), "--seed", "3", typed=typed)

    assert result.exit_code == 0, result.output
    for part in parts:
        assert part in result.stdout
    assert "never" not in result.stdout


def test_chat_with_options_and_buttons(tmp_path):
    """Options are shown, buttons work, and a bot's text plays no tricks on the terminal."""
    path = tmp_path / "tricky.bot.yaml"
    path.write_text(TRICKY, encoding="utf-8")
    result = run("chat", str(path), typed="a\n/back\na\n/skip\n")

    assert result.exit_code == 0
    assert "bot: Pick\ufffd[31m [bold]one[/bold]\n     (a | b)\n" in result.stdout
    assert "The chat is over (end_chat), not verified." in result.stdout


@pytest.mark.parametrize(
    ("typed", "part"),
    [("b\n", "Nothing here answers GET https://crm.example/contacts."), ("a\nloop\n", "goes round without asking")],
)
def test_chat_cannot_go_on(typed, part, tmp_path):
    """Where the bot is stuck for good, the command ends with the reason."""
    path = tmp_path / "tricky.bot.yaml"
    path.write_text(TRICKY, encoding="utf-8")

    assert part in told(run("chat", str(path), typed=typed))


def test_chat_with_the_guide():
    """A contract that the flow breaks is shown."""
    result = run("chat", str(GUIDE), typed="")

    assert "broken by the flow: $.toNumber" in result.stdout


def test_chat_of_bytes():
    """Input that is no text ends the chat like the end of the input."""
    assert run("chat", str(SOUND), typed=b"\xff\xfe\n").exit_code == 0
