"""A small set that covers all that can be covered, of which nothing can be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["cover"]


def cover(covers: Mapping[int, frozenset[int]], sizes: Sequence[int]) -> tuple[int, ...]:
    """Return the keys of a cover that is irreducible: without any one of them, something is left uncovered.

    The one that covers most of what is left comes first, the smaller by `sizes` where several do; then whatever the
    others make superfluous is left out, the last taken first.
    """
    left = frozenset[int]().union(*covers.values())
    taken: list[int] = []
    while left:
        best = min(covers, key=lambda key: (-len(covers[key] & left), sizes[key], key))
        taken.append(best)
        left -= covers[best]
    for key in reversed(taken.copy()):
        others = frozenset[int]().union(*(covers[other] for other in taken if other != key))
        if covers[key] <= others:
            taken.remove(key)
    return tuple(taken)
