"""What ends a search is seen at the first state too many, and told."""

from itertools import count

import pytest

from pytest_botpenguin_otp.explorer import Bounds
from pytest_botpenguin_otp.explorer.budget import Budget

STATE = ("a state", 12345678901234567890)


def looks(budget, state=STATE, waiting=1, most=2000):
    """Return how many states are searched before the budget is used up."""
    return next((known for known in range(most) if budget.is_used_up(state, known, waiting)), most)


@pytest.mark.parametrize("states", [1, 7, 300])
def test_states(states):
    """So many states are searched, and not one more."""
    budget = Budget(Bounds(states=states), None)

    assert looks(budget) == states
    assert budget.cut == (f"the budget of {states} states",)


@pytest.mark.parametrize("seconds", [0, 1, 7, 300])
def test_seconds(seconds):
    """The clock is looked at before each state; without one no time passes."""
    ticks = count()
    budget = Budget(Bounds(seconds=seconds), lambda: next(ticks))

    assert looks(budget) == max(seconds - 1, 0)
    assert budget.cut == (f"the budget of {seconds} seconds",)
    assert Budget(Bounds(seconds=seconds), None).seconds is None
    assert looks(Budget(Bounds(seconds=seconds), None)) == 2000


def test_megabytes():
    """States that wait their turn take memory as those do that were searched."""
    large = ("x" * 1_000, STATE)
    alone, beside = Budget(Bounds(megabytes=1), None), Budget(Bounds(megabytes=1), None)
    searched, fewer = looks(alone, large), looks(beside, large, waiting=500)

    assert 700 < searched < 1_000
    assert searched - fewer == 499
    assert beside.cut == ("the budget of 1 megabytes",)


def test_the_largest_state_counts():
    """The first states are the smallest: those after it are measured too, and the size never falls."""
    budget = Budget(Bounds(), None)
    sizes = []
    for known in range(6):
        budget.is_used_up(("x" * 100 * (known % 5), STATE), known, 0)
        sizes.append(budget.bytes_per_state)

    assert sizes == sorted(sizes)
    assert sizes[-1] >= sizes[0] + 400
