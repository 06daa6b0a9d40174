"""States that are merged have the same futures."""

import random

import pytest
from exploring import PROFILE_NAMES, machine

from pytest_botpenguin_otp.explorer import Bounds, Environment, explore
from pytest_botpenguin_otp.explorer.canonical import Canonical
from pytest_botpenguin_otp.explorer.search import ROOT, Node, take
from pytest_botpenguin_otp.machine import End, Wait

BOTS = ("guide", "readme", "sound")
WALKS = 5
DEPTH = 25


def shape(effects):
    """Return what effects do, without the texts, in which codes have other digits."""
    return [
        (type(one).__name__, "" if isinstance(one, Wait) else one.component, one.how if isinstance(one, End) else "")
        for one in effects
    ]


@pytest.mark.parametrize("profile", PROFILE_NAMES)
@pytest.mark.parametrize("bot", BOTS)
def test_the_same_futures(bot, profile):
    """Whatever may happen to a canonical state may happen to the state itself, with the same effects and end."""
    made = machine(bot, profile)
    environment = Environment(made, Bounds())
    canonical = Canonical(environment.liveness, environment.pool, Bounds(), symmetric=environment.symmetric)
    reached = explore(made).arrivals
    chance = random.Random(7)
    for _ in range(WALKS):
        node, faults = ROOT, 0
        for _ in range(DEPTH):
            written = node if node is ROOT else Node(*canonical(*node))
            assert node is ROOT or node.ghost.restarts or written in reached
            own = {move.key: move for move in environment.moves(*node)}
            shared = {move.key: move for move in environment.moves(*written)}
            assert shared.keys() <= own.keys()
            followed = {}
            for key, move in shared.items():
                after, effects, _ = take(environment, node, own[key])
                twin, alike, _ = take(environment, written, move)
                assert shape(effects) == shape(alike)
                assert canonical(*after) == canonical(*twin)
                followed[key] = after
            affordable = [key for key, move in shared.items() if faults + move.cost.faults <= Bounds().faults]
            if not affordable:
                break
            key = chance.choice(affordable)
            node, faults = followed[key], faults + own[key].cost.faults


@pytest.mark.parametrize("bot", BOTS)
def test_a_canonical_state_is_its_own_canonical_form(bot):
    """Nothing is renamed or dropped twice."""
    made = machine(bot, "pessimist")
    environment = Environment(made, Bounds())
    canonical = Canonical(environment.liveness, environment.pool, Bounds(), symmetric=environment.symmetric)

    assert all(Node(*canonical(*node)) == node for node in explore(made).arrivals)


def test_codes_held_against_a_size_are_not_renamed():
    """A bot that orders codes could tell one from another."""
    assert Environment(machine("sound", "mismatch-400"), Bounds()).symmetric
    assert not Environment(machine("ordering", "mismatch-400"), Bounds()).symmetric
