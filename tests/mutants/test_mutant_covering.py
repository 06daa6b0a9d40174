"""A cover covers all that can be covered, and nothing can be left out of it."""

from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.mutants.covering import cover

SETS = st.dictionaries(st.integers(0, 9), st.frozensets(st.integers(0, 12)), max_size=10)


@given(SETS, st.lists(st.integers(1, 9), min_size=10, max_size=10))
def test_irreducible(covers, sizes):
    """Together they cover everything; without any one of them, something is left."""
    chosen = cover(covers, sizes)
    everything = frozenset().union(*covers.values())

    assert frozenset().union(*(covers[key] for key in chosen)) == everything
    for key in chosen:
        assert frozenset().union(*(covers[other] for other in chosen if other != key)) != everything


def test_what_the_greedy_choice_made_superfluous():
    """The first one taken goes again where those after it cover all of it; of two alike, the shorter stays."""
    first, left, right = frozenset({1, 2, 3, 4}), frozenset({1, 2, 5}), frozenset({3, 4, 6})

    assert cover({0: first, 1: left, 2: right}, [1, 1, 1]) == (1, 2)
    assert cover({0: first, 1: first}, [5, 4]) == (1,)
    assert cover({}, []) == ()
