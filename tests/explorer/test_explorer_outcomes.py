"""What can come of a bot's chats."""

import pytest
from exploring import HEAD, machine

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.explorer import outcomes, witness
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.profile import PROFILES

PROFILE = PROFILES["mismatch-400"]
ROUND = """
format: botpenguin-otp/bot@1
name: Round
flows:
  main:
    start: q
    components:
      q: {type: text_question, message: "Well?", save: answer, next: d0}
      bye: {type: end_chat}
"""


@pytest.mark.parametrize(
    ("bot", "profile", "reached"),
    [
        ("readme", "mismatch-400", {("end_chat", False), ("end_chat", True), ("waiting", False)}),
        ("sound", "mismatch-400", {("end_chat", False), ("end_chat", True), ("live_chat", False), ("waiting", False)}),
        ("sound", "status-envelope", {("end_chat", False), ("live_chat", False), ("waiting", False)}),
        ("guide", "mismatch-400", {("end_chat", False), ("end_chat", True), ("unmapped", False), ("waiting", False)}),
    ],
)
def test_reached(bot, profile, reached):
    """Each way to come out is named, with a shortest chat that does."""
    made = machine(bot, profile)
    found = outcomes(made)

    assert set(found.reached) == reached
    for (ended, verified), way in found.reached.items():
        assert (witness(made, way).ended, witness(made, way).verified) == (ended, verified)


@pytest.mark.parametrize(
    ("bot", "profile", "never"),
    [
        ("sound", "mismatch-400", ()),
        ("sound", "status-envelope", ("main/welcome",)),
        ("guide", "mismatch-400", ()),
        ("loop", "mismatch-400", ()),
        ("ordering", "mismatch-400", ()),
    ],
)
def test_never_reached(bot, profile, never):
    """Components and mappings that no chat comes to are named, silent ones too."""
    found = outcomes(machine(bot, profile))

    assert found.never_reached == never
    assert found.never_mapped == ()


@pytest.mark.parametrize(("count", "then"), [(50, "d0"), (50, "bye"), (2, "d0"), (3, "q")])
def test_from_delay_to_delay(count, then):
    """A chat that goes round for ever without a word comes out as a loop; a long way, or one that asks, does not."""
    delays = [f'd{at}: {{type: message, message: "...", delay: 7, next: d{at + 1}}}' for at in range(count)]
    found = outcomes(Machine(bot=round_trip([*delays[:-1], delays[-1].replace(f"d{count}", then)]), profile=PROFILE))

    assert (("loop", False) in found.reached) == (then == "d0")
    assert found.exploration.exhaustive
    for (ended, _), way in found.reached.items():
        assert witness(found.exploration.machine, way).ended == ended


def round_trip(parts):
    """Return a bot that asks once, and goes on with `parts`."""
    lines = "".join(f"      {part}\n" for part in parts)
    return bots.parse(ROUND + lines, "round.bot.yaml")


SILENT = """\
      hi: {type: text_question, message: Go?, save: name, next: said}
      said: {type: message, message: Going., next: which}
      which: {type: if_else, branches: [{when: {attribute: name, equals: stop}, next: said}], otherwise: said}
      bye: {type: end_chat}
"""


def test_what_acts_in_a_round():
    """A chat that goes round without asking comes to everything in the round, wherever it is cut."""
    made = Machine(bot=bots.parse(f"{HEAD}{SILENT}", "round.bot.yaml"), profile=PROFILES["mismatch-400"])

    assert outcomes(made).never_reached == ("main/bye",)
