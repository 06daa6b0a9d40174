"""Bounds under which nothing would be searched, or that nobody could hold, are refused with all that is wrong."""

import pytest

from pytest_botpenguin_otp.errors import ArgumentError
from pytest_botpenguin_otp.explorer import Bounds

WRONG = {
    "faults": (-1, "faults is at least 0, not -1"),
    "turns": (-1, "turns is at least 0, not -1"),
    "states": (0, "states is at least 1, not 0"),
    "megabytes": (0, "megabytes is at least 1, not 0"),
    "seconds": (float("nan"), "seconds is at least 0, not nan"),
    "contacts": (3, "contacts is 1 or 2, not 3"),
}


@pytest.mark.parametrize(("name", "number", "told"), [(name, *wrong) for name, wrong in WRONG.items()])
def test_refused(name, number, told):
    """A search that sees nothing would call that everything."""
    with pytest.raises(ArgumentError, match=f"^No search has such bounds: {told}\\.$"):
        Bounds(**{name: number})


def test_all_at_once():
    """Whoever writes bounds hears of every mistake in them."""
    with pytest.raises(ArgumentError) as raised:
        Bounds(**{name: number for name, (number, _) in WRONG.items()})

    assert all(told in str(raised.value) for _, told in WRONG.values())


@pytest.mark.parametrize("bounds", [{"faults": 0, "turns": 0, "seconds": 0}, {"turns": None, "seconds": float("inf")}])
def test_taken(bounds):
    """The least there is, and no bound at all, are bounds."""
    assert vars_of(Bounds(**bounds), bounds) == bounds


def vars_of(bounds, names):
    """Return the bounds of these names."""
    return {name: getattr(bounds, name) for name in names}
