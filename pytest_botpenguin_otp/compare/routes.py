"""Which component a difference belongs to: the changed one that the chat came through last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_botpenguin_otp.bot import IfElse, Redirect
from pytest_botpenguin_otp.bot.graph import following

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.compare.heard import Told
    from pytest_botpenguin_otp.compare.matching import Matching

__all__ = ["Site", "site_of"]

Known = tuple[bool, str]
"""Whether it is a component of the new bot, and its id."""


class Site(NamedTuple):
    """Where something was changed: `component` and its `place`, and `all` that may have made the difference.

    `all` pairs the ids in the old and in the new bot, and is the same whichever of them is called the old one.
    """

    component: str
    place: str
    all: frozenset[tuple[str | None, str | None]]


def site_of(
    bots: tuple[Bot, Bot], matching: Matching, shown: tuple[Told | None, Told | None], way: Sequence[tuple[str, str]]
) -> Site:
    """Return the changed components nearest to what both bots have `shown`; else those that show it.

    `way` holds where both chats were before, the last first. Words that were changed make nothing but another text.
    """
    changed = {(True, known) for known in matching.changed - matching.worded} | {
        (False, known) for known in matching.gone
    }
    changed |= {(False, one) for one, other in matching.components.items() if (True, other) in changed}
    emitters = frozenset(
        (fresh, told.component) for fresh, told in ((False, shown[0]), (True, shown[1])) if told is not None
    )
    levels = _levels(bots, shown, emitters, way)
    found = next((level & changed for level in levels if level & changed), emitters) or frozenset({(True, way[0][1])})
    back = {other: one for one, other in matching.components.items()}
    pairs = frozenset(
        (back.get(known), known) if fresh else (known, matching.components.get(known)) for fresh, known in found
    )
    fresh = sorted(other for _, other in pairs if other is not None)
    gone = sorted(one for one, _ in pairs if one is not None)
    name, bot = (fresh[0], bots[1]) if fresh else (gone[0], bots[0])
    return Site(name, bot.components[name].place, pairs)


def _levels(
    bots: tuple[Bot, Bot],
    shown: tuple[Told | None, Told | None],
    emitters: frozenset[Known],
    way: Sequence[tuple[str, str]],
) -> Iterator[frozenset[Known]]:
    """Yield the components that may make the difference, the likeliest first."""
    if all(told is not None for told in shown):
        yield emitters
    old, new = bots
    last = tuple(None if told is None else told.component for told in shown)
    for number, (here, there) in enumerate(way):
        quiet = frozenset(
            (
                *((False, known) for known in _silent(old, here, last[0])),
                *((True, known) for known in _silent(new, there, last[1])),
            )
        )
        loud = frozenset(((False, here), (True, there)))
        yield from (quiet, loud) if number else (loud, quiet)
        last = (here, there)
    yield emitters | {(False, old.start), (True, new.start)}


def _silent(bot: Bot, start: str, end: str | None) -> Iterator[str]:
    """Yield the components between two of them that say nothing by themselves, nearest to the start first."""
    met: dict[str, None] = {}
    waiting = [start] if start else []
    for at in waiting:
        for known in following(bot.components[at]):
            component = bot.components[known]
            quiet = isinstance(component, IfElse | Redirect) or getattr(component, "skip_if_answered", False)
            if known not in met and known != end and quiet:
                met[known] = None
                waiting.append(known)
    yield from met
