"""Virtual time moves only when it is moved, and what is due happens in order."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.clock import EPOCH, Clock


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
