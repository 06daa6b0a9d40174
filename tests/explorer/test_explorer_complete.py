"""Nothing that a plain search of every move finds is missed by the explorer, or found by a dearer way."""

from random import Random

import pytest
from editing import EDITS, SOUND, edited
from growing import grown
from trying_all import cleverly, naively

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.explorer import Bounds
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.profile import PROFILES

TESTS = SOUND.parents[2]
FILES = sorted(TESTS.glob("bots/*-breaks.bot.yaml"))
WITHIN = (
    Bounds(faults=0, turns=4, restarts=0, fails=1, sends=1),
    Bounds(faults=1, turns=3, fails=1, sends=1),
    Bounds(faults=2, turns=2, restarts=0),
)
"""Few turns and low limits, so that each limit is passed: without faults, begun anew or with leftovers, with faults."""
STATES = 600


def apart(machine, bounds):
    """Return what the two searches do not agree on: missed or dearer, or found nowhere but by the explorer."""
    plain, reached = naively(machine, bounds, most=STATES)
    clever, found = cleverly(machine, bounds)
    if found.cut:
        return []
    missed = {what: cost for what, cost in plain.items() if what not in clever or clever[what] > cost}
    known = {what: cost for what, cost in clever.items() if reached is None or cost < reached}
    return [*missed.items(), *(one for one in known.items() if plain.get(one[0]) != one[1])]


@pytest.mark.parametrize("seed", range(12))
def test_grown_bots(seed):
    """Places, ends, texts, requests and broken rules of a bot that has grown by chance, each by its cheapest way."""
    assert apart(*grown(seed)) == []


@pytest.mark.parametrize("edit", EDITS)
def test_edited_bots(edit):
    """The same of the sound bot with one edit, under one of the profiles."""
    chance = Random(edit.__name__)
    machine = Machine(bot=edited(edit, chance.choice), profile=chance.choice(list(PROFILES.values())))

    assert apart(machine, chance.choice(WITHIN)) == []


@pytest.mark.parametrize("number", range(0, len(FILES), 7))
def test_broken_bots(number):
    """The same of some of the bots that break a rule."""
    machine = Machine(bot=bots.load(FILES[number]), profile=list(PROFILES.values())[number % len(PROFILES)])

    assert apart(machine, WITHIN[number % len(WITHIN)]) == []
