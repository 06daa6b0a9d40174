"""The search sees everything within its bounds, cheapest first, and says so."""

from itertools import count
from pathlib import Path

import pytest
from exploring import HEAD, PROFILE_NAMES, big, machine

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.compare import compare
from pytest_botpenguin_otp.explorer import Bounds, Environment, encode, explore, outcomes
from pytest_botpenguin_otp.explorer.search import ROOT, take
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.profile import PROFILES

EXAMPLES = Path(__file__).parents[1] / "examples"


def told(made, **options):
    """Return what a watch is told, as text."""
    lines = []

    def note(transition):
        lines.append(f"{encode(transition.path)} {transition.cost} {transition.after.state.at}")

    found = explore(made, watch=note, **options)
    return found, lines


@pytest.mark.parametrize("profile", PROFILE_NAMES)
@pytest.mark.parametrize("bot", ["guide", "readme", "sound"])
def test_examples_are_explored_whole(bot, profile):
    """The bots of the examples' size are seen whole, without a bound on turns."""
    found = explore(machine(bot, profile))

    assert found.exhaustive
    assert found.states < 2000
    assert str(found).endswith("exhaustive: yes")


def test_cheapest_first():
    """States come in the order of cost, each once, and the way to each costs what is said."""
    found = explore(machine("loop", "mismatch-400"), bounds=Bounds(faults=1))
    costs = [arrival.cost for arrival in found.arrivals.values()]

    assert costs == sorted(costs)
    for node, arrival in list(found.arrivals.items())[::50]:
        way = found.path(node)
        assert arrival.cost.steps == len(way)
        assert arrival.cost.faults == sum(move.cost.faults for move in way)


def brute(made, depth):
    """Return the least cost of each place and outcome within so many steps, by trying every way."""
    environment = Environment(made, Bounds(faults=1))
    best, level = {}, [(ROOT, (0, 0, 0, 0))]
    for _ in range(depth):
        following = {}
        for node, cost in level:
            for move in environment.moves(*node):
                total = tuple(a + b for a, b in zip(cost, move.cost, strict=True))
                if total[1] > 1:
                    continue
                after, _, _ = take(environment, node, move)
                place = (after.state.at, after.state.phase, after.state.verified)
                best[place] = min(best.get(place, total), total)
                following[after, total] = None
        level = list(following)
    return best


@pytest.mark.parametrize(("bot", "profile"), [("readme", "mismatch-400"), ("guide", "pessimist")])
def test_least_ways(bot, profile):
    """No way that trying them all finds is cheaper, and none is missed."""
    made, found = machine(bot, profile), {}

    def note(transition):
        state = transition.after.state
        found.setdefault((state.at, state.phase, state.verified), tuple(transition.cost))

    explore(made, bounds=Bounds(faults=1), watch=note)
    best = brute(made, 5)

    assert best
    assert {place: min(found[place], cost) for place, cost in best.items()} == {place: found[place] for place in best}


def test_the_same_every_time():
    """Two searches tell the same in the same order."""
    first, second = told(machine("sound", "pessimist")), told(machine("sound", "pessimist"))

    assert first[1] == second[1]
    assert str(first[0]) == str(second[0])
    assert len(first[1]) == first[0].transitions


@pytest.mark.parametrize(
    ("bounds", "cut"),
    [
        (Bounds(states=50), "the budget of 50 states"),
        (Bounds(seconds=1), "the budget of 1 seconds"),
    ],
)
def test_a_budget_that_is_used_up_is_told(bounds, cut):
    """What stops a search is never hidden."""
    ticks = count(0, 0.5)
    found = explore(machine("sound", "mismatch-400"), bounds=bounds, clock=lambda: next(ticks))

    assert not found.exhaustive
    assert found.cut == (cut,)
    assert f"exhaustive: no, cut by {cut}" in str(found)


def test_a_budget_of_memory():
    """A bot that is too large for it is searched as far as it reaches, and what a state takes is told."""
    bounds = Bounds(faults=1, megabytes=1)
    found = explore(Machine(bot=big(200), profile=PROFILES["mismatch-400"]), bounds=bounds)

    assert found.cut == ("the budget of 1 megabytes",)
    assert 200 < found.states < 1_000_000 / found.bytes_per_state


def test_bounds_are_told():
    """Whoever reads the figures sees what they hold for."""
    found = explore(machine("readme", "mismatch-400"), bounds=Bounds(faults=1, turns=2))

    assert "faults <= 1, user turns <= 2, restarts <= 1, backs <= 1, contacts <= 2" in str(found)
    assert max(arrival.cost.turns for arrival in found.arrivals.values()) == 2
    assert max(arrival.cost.faults for arrival in found.arrivals.values()) == 1


LATE = """\
      hi: {type: text_question, message: Who?, save: who, next: send}
      send: {type: api, api: CRM, responses: {"200": sure, others: more}}
      sure: {type: text_question, message: Sure?, save: sure, next: more}
      more: {type: text_question, message: More?, save: more, next: last}
      last: {type: message, message: That was all., next: bye}
      bye: {type: end_chat}
"""


def test_a_way_with_a_fault_that_takes_fewer_turns():
    """Where turns are bounded, a state is followed also from the way that spends more faults and fewer turns."""
    texts, bounds = (LATE, LATE.replace("That was all.", "Bye.")), Bounds(faults=1, turns=2)
    old, new = (bots.parse(HEAD + text, "late.bot.yaml") for text in texts)
    found = outcomes(Machine(bot=old, profile=PROFILES["mismatch-400"]), bounds=bounds)
    seen = compare(old, new, PROFILES["mismatch-400"], bounds, rules=False)

    assert found.never_reached == ()
    assert (found.exploration.exhaustive, seen.exhaustive) == (True, True)
    assert [difference.component for difference in seen.differences] == ["main/last"]


def test_a_fresh_contact_and_honest_services_come_first():
    """What can happen without left-over attributes, restarts and lies is never told with one of them."""
    plain, every = set(), {}

    def honest(transition):
        if transition.cost.beyond == 0:
            plain.add((transition.after.state.at, transition.after.state.verified))
        every.setdefault((transition.after.state.at, transition.after.state.verified), transition.cost.beyond)

    explore(machine("guide", "pessimist"), watch=honest)

    assert all(every[place] == 0 for place in plain)


def test_a_big_bot_stays_within_its_budget():
    """Two hundred components are explored as far as the budget goes, and no further."""
    found = explore(Machine(bot=big(200), profile=PROFILES["mismatch-400"]), bounds=Bounds(faults=1, states=3000))

    assert found.states <= 3000
    assert found.cut == ("the budget of 3000 states",)


def test_going_back_is_bounded():
    """A bot that lets the user go back is explored to the end, and how often they do is told."""
    sound = (EXAMPLES / "sound" / "phone-login.bot.yaml").read_text(encoding="utf-8")
    going_back = bots.parse(sound.replace("{type: text_question, ", "{type: text_question, allow_back: true, "))

    found = explore(Machine(bot=going_back, profile=PROFILES["mismatch-400"]))

    assert found.exhaustive
    assert "backs <= 1" in str(found)
    assert {node.ghost.backs for node in found.arrivals} == {0, 1}
