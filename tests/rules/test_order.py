"""Whether the code is asked for between the send and its check."""

import pytest
from checking import BOTS

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import check

SOUND = (BOTS / "SO01-keeps.bot.yaml").read_text(encoding="utf-8")
ASKED_FIRST = {
    "start: ask_phone": "start: ask_code",
    "otherwise: verify": "otherwise: ask_phone",
    "next: ask_code}]": "next: verify}]",
}
"""The code is asked for, then the number, and what is sent then is checked at once."""
ASKED_TWICE = ASKED_FIRST | {
    "next: ask_code}]": "next: ask_2}]",
    "      bye:": '      ask_2: {type: text_question, message: "Now?", save: user_otp, max_length: 12, next: verify}\n'
    "      bye:",
}
EARLY = "'send_code' sends a code, and 'verify' checks what was typed before that."


def told(changes):
    """Return what AU13 and SO01 say of the sound bot with texts replaced."""
    text = SOUND
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    findings = check(bots.parse(text, "login.bot.yaml"), [PROFILES["mismatch-400"]])
    return [(one.rule, one.message) for one in findings if one.rule in ("AU13", "SO01")]


def test_a_code_that_is_asked_for_before_it_is_sent():
    """It is told as that, and not as a login that nobody passes for another reason."""
    (found,) = told(ASKED_FIRST)

    assert found == ("AU13", f"{EARLY} Put the question for the code between the two.")


@pytest.mark.parametrize("changes", [{}, ASKED_TWICE], ids=["sound", "asked twice"])
def test_a_code_that_is_asked_for_in_time(changes):
    """A question between a send and its check is enough, whatever was asked before."""
    assert told(changes) == []


def test_a_check_of_nothing_is_told_once():
    """Where nothing was asked for at all on the way, the missing question is told, and not the order as well."""
    (found,) = told({'responses: {"200": is_sent': 'responses: {"403": verify, "200": is_sent'})

    assert found[0] == "AU13"
    assert "'verify' reads 'user_otp', which may not have been set before." in found[1]
