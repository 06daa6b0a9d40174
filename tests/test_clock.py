"""Virtual time moves only when it is moved, and what is due happens in order."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.clock import EPOCH, Clock
from pytest_botpenguin_otp.errors import ArgumentError


def test_date():
    """A calendar shows the start of every test as the same moment."""
    clock = Clock()
    clock.advance_to(90_000)

    assert clock.date == EPOCH + timedelta(seconds=90)


def test_never_backwards():
    """Time does not go back, and a moment already past means the next move."""
    clock, seen = Clock(), []
    clock.advance_to(1000)
    clock.at(500, lambda: seen.append(clock.now_ms))
    clock.advance_to(0)
    assert (clock.now_ms, seen) == (1000, [])

    clock.advance_to(1000)

    assert (clock.now_ms, seen) == (1000, [1000])


def test_timers_make_timers():
    """What is due may plan more, which falls due on the same move."""
    clock, seen = Clock(), []
    clock.at(10, lambda: clock.at(20, lambda: seen.append(clock.now_ms)))
    clock.advance_to(30)

    assert (clock.now_ms, seen) == (30, [20])


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda clock: clock.advance_to("5"), "advance_to(now_ms) wants a whole number of virtual milliseconds"),
        (lambda clock: clock.advance_to(now_ms=True), "it got a value of type bool"),
        (lambda clock: clock.at(None, print), "at(due_ms, action) wants a whole number"),
        (lambda clock: clock.at(5, 5), "wants a function without arguments"),
    ],
)
def test_senseless_moment(act, told):
    """What is no moment is refused before anything moves."""
    clock = Clock()
    clock.at(0, lambda: pytest.fail("the clock moved"))

    with pytest.raises(ArgumentError) as caught:
        act(clock)
    assert told in str(caught.value)


@given(st.lists(st.integers(0, 50)), st.lists(st.integers(0, 60)))
def test_order(due, moves):
    """Everything due is done once, at its own moment, in order of time and then of planning."""
    clock, seen = Clock(), []
    for index, due_ms in enumerate(due):
        clock.at(due_ms, lambda index=index: seen.append((clock.now_ms, index)))
    for move in moves:
        clock.advance_to(move)
    end = max(moves, default=-1)

    assert seen == sorted((due_ms, index) for index, due_ms in enumerate(due) if due_ms <= end)
    assert clock.now_ms == max(end, 0)
