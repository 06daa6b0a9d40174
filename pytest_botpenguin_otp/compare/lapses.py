"""Rules that one of two bots breaks and the other keeps, and the differences that this is about."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pytest_botpenguin_otp import rules
from pytest_botpenguin_otp.bot import ApiCall
from pytest_botpenguin_otp.compare.difference import Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.compare.difference import Difference, Pull
    from pytest_botpenguin_otp.compare.matching import Matching
    from pytest_botpenguin_otp.explorer import Bounds
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.rules import Finding

__all__ = ["Lapses", "lapses", "marked"]

Placed = tuple["Finding", str]
"""A finding, and where it is."""


class Lapses(NamedTuple):
    """What of the rules only the new bot breaks, and what only the old one did; `cut` says what kept that from view."""

    broken: tuple[Finding, ...] = ()
    mended: tuple[Finding, ...] = ()
    cut: tuple[str, ...] = ()


def lapses(
    bots: tuple[Bot, Bot],
    matching: Matching,
    *,
    profiles: Collection[Profile] = (),
    bounds: Bounds | None = None,
    clock: Callable[[], float] | None = None,
) -> Lapses:
    """Return what of the rules the new one of `bots` breaks more often than the old one, and what less often.

    Without `profiles`, only the rules that the file alone decides: bots that do the same break the others alike. So it
    is where a budget ends the search of either: what was not seen in one would count as kept. What a bot switches off
    counts too: a switch does not make a bot any safer.
    """
    sides = [rules.checked(replace(bot, ignored=()), profiles, bounds, clock) for bot in bots] if profiles else []
    cut = dict.fromkeys(cut for side in sides for run in side.explorations for cut in run.outcomes.exploration.cut)
    seen = [rules.found(bot) for bot in bots] if cut or not sides else [side.findings for side in sides]
    one = [(finding, _where(bots[0], finding, matching)) for finding in seen[0]]
    other = [(finding, _where(bots[1], finding, None)) for finding in seen[1]]
    told = tuple(f"{one}, before all rules were decided" for one in cut)
    return Lapses(tuple(_more(other, one)), tuple(_more(one, other)), told)


def _more(found: list[Placed], others: list[Placed]) -> Iterator[Finding]:
    """Yield the findings of a rule that has more of them in `found`, at places where `others` has none."""
    counts, before = (Counter(finding.rule for finding, _ in side) for side in (found, others))
    known = {(finding.rule, where) for finding, where in others}
    for finding, where in found:
        if counts[finding.rule] > before[finding.rule] and (finding.rule, where) not in known:
            yield finding


def _where(bot: Bot, finding: Finding, matching: Matching | None) -> str:
    """Return the component of a finding, by its name in the new bot; of a finding about an API, the API's."""
    for known, component in bot.components.items():
        if component.place == finding.place:
            return known if matching is None else matching.components.get(known, known)
    for name, api in bot.apis.items():
        if api.place == finding.place:
            return f"api {name}"
    return ""


def marked(
    differences: Iterable[Difference], bots: tuple[Bot, Bot], found: Lapses, matching: Matching
) -> tuple[Difference, ...]:
    """Return the differences, the first of each component with the rules that are broken there, or kept now."""
    back = {other: one for one, other in matching.components.items()}
    met: set[str] = set()
    told: list[Difference] = []
    for difference in differences:
        component = difference.component
        marks = (
            *_marks(bots[1], found.broken, component, "lax", "breaks"),
            *_marks(bots[0], found.mended, back.get(component, component), "strict", "no longer breaks"),
        )
        told.append(difference if component in met else replace(difference, marks=(*difference.marks, *marks)))
        met.add(component)
    return tuple(told)


def _marks(bot: Bot, findings: Iterable[Finding], component: str, pull: Pull, how: str) -> Iterator[Mark]:
    places = set(_places(bot, component))
    codes = dict.fromkeys(finding.rule for finding in findings if finding.place in places)
    return (Mark(pull=pull, reason=f"{how} {code}: {rules.find(code).title}") for code in codes)


def _places(bot: Bot, known: str) -> Iterator[str]:
    component = bot.components.get(known)
    if component is not None:
        yield component.place
        if isinstance(component, ApiCall):
            yield bot.apis[component.api].place
