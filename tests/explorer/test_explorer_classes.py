"""Each class of input makes a difference of its own: there is a bot of which something is found by it alone."""

from pathlib import Path

import pytest
from exploring import FILES, HEAD
from trying_all import cleverly, naively

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.explorer import Bounds
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.profile import PROFILES

BOTS = Path(__file__).parents[1] / "bots"
TYPED = """\
      hi: {type: text_question, message: Your number?, save: phone, next: send}
      send: {type: api, api: Send OTP, responses: {"200": bye, others: bye, no_response: bye}}
      bye: {type: end_chat}
"""
GOING_BACK = """\
      hi: {type: phone_number, message: Your number?, save: phone, next: sure}
      sure: {type: text_question, message: Sure?, save: sure, next: send, allow_back: true}
      send: {type: api, api: Send OTP, responses: {"200": bye, others: bye, no_response: bye}}
      bye: {type: end_chat}
"""
WRITTEN = tuple(f"right code {how}" for how in ("with blanks", "with a hyphen", "with a dot", "in full-width digits"))
GUESSED = ("code of another contact", "one digit off", "previous code")
WRONG = (*GUESSED, "text that breaks JSON", "a typed reference", "empty", *WRITTEN)
NUMBERS = ("phone A", "phone B", "phone without plus", "phone with national zero", "national number with its zero")
ALONE = {
    "right code": ("readme", "mismatch-400", ("says", "main/welcome"), WRITTEN),
    "previous code": ("AU11", "mismatch-400", ("breaks", "AU11"), ("left over",)),
    "code of another contact": ("AB01", "mismatch-400", ("is answered", "main/verify", 400), WRONG),
    "one digit off": ("AB01", "mismatch-400", ("is answered", "main/verify", 400), WRONG),
    "empty": ("IN06", "mismatch-400", ("breaks", "IN06"), ()),
    **dict.fromkeys(WRITTEN, ("IN05", "mismatch-400", ("breaks", "IN05"), WRITTEN)),
    "text that breaks JSON": ("IN07", "pessimist", ("breaks", "IN07"), ()),
    "a typed reference": ("IN08", "pessimist", ("breaks", "IN08"), ()),
    "phone A": ("readme", "mismatch-400", ("comes to", "main/send_code"), NUMBERS),
    "phone B": ("AU08", "mismatch-400", ("breaks", "AU08"), NUMBERS[2:]),
    "phone without plus": (TYPED, "mismatch-400", ("breaks", "IN01"), (*NUMBERS, "a word", "empty")),
    "phone with national zero": (TYPED, "mismatch-400", ("breaks", "IN01"), (*NUMBERS, "a word", "empty")),
    "national number with its zero": (TYPED, "mismatch-400", ("breaks", "IN01"), (*NUMBERS, "a word", "empty")),
    "skip": ("AU15", "mismatch-400", ("breaks", "AU15"), ()),
    "back": (GOING_BACK, "mismatch-400", ("sends", "main/send", "+#50123"), ("left over",)),
    "restart": ("AU09", "mismatch-400", ("breaks", "AU09"), ("left over",)),
    "left over": ("AU09", "mismatch-400", ("breaks", "AU09"), ("restart",)),
    "silence": ("AU12", "mismatch-400", ("breaks", "AU12"), ()),
    "early": ("AU20", "pessimist", ("breaks", "AU20"), ()),
}
"""Each class: a bot under a profile, what is found there by it, and the classes by which that is found otherwise."""


def made(name, profile):
    """Return one of the bots above."""
    if "\n" in name:
        bot = bots.parse(HEAD + name, "alone.bot.yaml")
    else:
        bot = bots.load(FILES.get(name) or BOTS / f"{name}-breaks.bot.yaml")
    return Machine(bot=bot, profile=PROFILES[profile])


def holds(costs, wanted):
    """Say whether something is found."""
    return any(known[:2] == wanted[:2] and all(str(part) in str(known) for part in wanted) for known in costs)


@pytest.mark.parametrize("told", ALONE)
def test_a_class_of_its_own(told):
    """Something is found with this class of input, and not without it; the explorer finds it too."""
    name, profile, wanted, siblings = ALONE[told]
    machine, bounds = made(name, profile), Bounds(faults=0, turns=4, restarts=1 if told == "restart" else 0)
    others = frozenset(siblings) - {told}

    assert holds(naively(machine, bounds, without=others, most=4000)[0], wanted)
    assert not holds(naively(machine, bounds, without=others | {told}, most=4000)[0], wanted)
    assert holds(cleverly(machine, bounds)[0], wanted)
