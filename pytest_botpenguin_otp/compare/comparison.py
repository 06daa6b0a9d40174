"""What a change does to a bot: the same under every chat, or the shortest chats that show it is not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import Question
from pytest_botpenguin_otp.compare.chats import Chats
from pytest_botpenguin_otp.compare.inputs import unknown_countries
from pytest_botpenguin_otp.compare.lapses import Lapses, lapses, marked
from pytest_botpenguin_otp.compare.matching import match, same
from pytest_botpenguin_otp.compare.search import Found, Search
from pytest_botpenguin_otp.errors import OtpError
from pytest_botpenguin_otp.explorer import Bounds, left_out, unanswered
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.profile import PROFILES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.compare.difference import Difference
    from pytest_botpenguin_otp.compare.matching import Matching
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.rules import Finding

__all__ = ["Comparison", "UndecidedError", "compare", "compare_under", "first_difference"]


class UndecidedError(OtpError):
    """Two bots are neither proved equal nor shown to differ; `cut` says which budgets ended the search, if one did."""

    def __init__(self, message: str, *, cut: tuple[str, ...] = ()) -> None:
        self.cut = cut
        super().__init__(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two bots side by side under `profiles`.

    `differences` come cheapest first; `broken` are rules that the old bot kept and the new one breaks, `mended` the
    other way round; `cut` says what stopped the search, and `apart` what was not compared. `pairs` and `transitions`
    are 0 where the bots are the same text but for names and places, and nobody asked for the proof.
    """

    old: Bot = field(repr=False)
    new: Bot = field(repr=False)
    profiles: tuple[str, ...]
    bounds: Bounds
    differences: tuple[Difference, ...] = ()
    broken: tuple[Finding, ...] = ()
    mended: tuple[Finding, ...] = ()
    cut: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    pairs: int = 0
    transitions: int = 0

    @property
    def equal(self) -> bool:
        """Whether both bots are proved equal within the bounds, and neither breaks a rule that the other keeps."""
        return not (self.differences or self.broken or self.mended) and self.exhaustive

    @property
    def exhaustive(self) -> bool:
        """Whether everything within the bounds was compared."""
        return not self.cut and not self.apart

    @property
    def is_lax(self) -> bool:
        """Whether the new bot is more lax in anything: a difference, or a rule that it breaks and the old one kept."""
        return bool(self.lax or self.broken)

    @property
    def lax(self) -> tuple[Difference, ...]:
        """The differences that make the new bot more lax."""
        return tuple(difference for difference in self.differences if difference.is_lax)

    @property
    def parted(self) -> tuple[Difference, ...]:
        """The differences behind which nothing could be compared, though the chat goes on in one bot at least."""
        return tuple(one for one in self.differences if not one.beyond and not one.is_last)

    @property
    def grouped(self) -> dict[str, tuple[Difference, ...]]:
        """The differences by component, in the order of the cheapest of each."""
        names = dict.fromkeys(difference.component for difference in self.differences)
        return {name: tuple(one for one in self.differences if one.component == name) for name in names}

    def __str__(self) -> str:
        if self.equal:
            verdict = "equal: yes, exhaustive"
        elif self.differences:
            verdict = f"equal: no, {len(self.differences)} difference{'' if len(self.differences) == 1 else 's'}"
        elif self.broken or self.mended:
            told = ((self.broken, "now broken"), (self.mended, "no longer broken"))
            verdict = f"equal: no, {' and '.join(f'rules {how}' for found, how in told if found)}"
        else:
            verdict = "equal: not known"
        cut = f"; exhaustive: no, cut by {' and '.join(self.cut)}" if self.cut else ""
        figures = f"{self.pairs} pairs of states, {self.transitions} transitions; {self.bounds}"
        return f"{verdict} ({figures if self.transitions else 'the same text'}{cut})"


def compare(
    old: Bot,
    new: Bot,
    profile: Profile,
    bounds: Bounds | None = None,
    *,
    prove: bool = False,
    rules: bool = True,
    clock: Callable[[], float] | None = None,
) -> Comparison:
    """Step two bots side by side under one profile, until they are proved equal or all differences are found.

    Bots that are the same but for places are equal without a search, unless `prove` asks for one. Without `rules`,
    which cost most of the time, nothing is said of those that only one of the bots breaks. `clock` gives seconds;
    without it no time budget holds.
    """
    return compare_under(old, new, (profile,), bounds, prove=prove, rules=rules, clock=clock)


def first_difference(
    old: Bot,
    new: Bot,
    profile: Profile,
    bounds: Bounds | None = None,
    *,
    clock: Callable[[], float] | None = None,
) -> Difference | None:
    """Return the cheapest difference between two bots under one profile, or None where they are proved equal.

    That is the first one that `compare` finds, without a look at anything dearer, and without the rules. Raise
    `UndecidedError` where a budget cut the search before it found any, or where something could not be compared.
    """
    if same(old, new):
        return None
    matching = match(old, new)
    found = _searched(old, new, matching, profile, bounds=bounds or Bounds(), clock=clock, first=True)
    first = next(iter(_merged(found.differences)), None)
    unknown = (*(f"cut by {cut}" for cut in found.cut), *(f"not compared: {one}" for one in _apart(old, new, matching)))
    if first is None and unknown:
        told = f"{old.name!r} and {new.name!r} may be equal or not: {'; '.join(unknown)}."
        raise UndecidedError(told, cut=tuple(found.cut))
    return first


def compare_under(
    old: Bot,
    new: Bot,
    profiles: Iterable[Profile] = tuple(PROFILES.values()),
    bounds: Bounds | None = None,
    *,
    prove: bool = False,
    rules: bool = True,
    clock: Callable[[], float] | None = None,
) -> Comparison:
    """Compare two bots under several profiles, as `compare`; a difference is told once, with those where it is."""
    chosen, bounds = tuple(profiles), bounds or Bounds()
    empty = Comparison(old=old, new=new, profiles=tuple(profile.name for profile in chosen), bounds=bounds)
    if same(old, new) and not prove:
        return empty
    matching = match(old, new)
    found = [_searched(old, new, matching, profile, bounds=bounds, clock=clock) for profile in chosen]
    differences = _merged(difference for one in found for difference in one.differences)
    judged = chosen if differences else ()
    lapsed = lapses((old, new), matching, profiles=judged, bounds=bounds, clock=clock) if rules else Lapses()
    return replace(
        empty,
        differences=marked(differences, (old, new), lapsed, matching),
        broken=lapsed.broken,
        mended=lapsed.mended,
        cut=tuple(dict.fromkeys((*(cut for one in found for cut in one.cut), *lapsed.cut))),
        apart=tuple(_apart(old, new, matching)),
        pairs=sum(one.pairs for one in found),
        transitions=sum(one.transitions for one in found),
    )


def _searched(
    old: Bot,
    new: Bot,
    matching: Matching,
    profile: Profile,
    *,
    bounds: Bounds,
    clock: Callable[[], float] | None,
    first: bool = False,
) -> Found:
    machines = Machine(bot=old, profile=profile), Machine(bot=new, profile=profile)
    found = Search(*machines, matching, bounds, clock=clock).run(first=first)
    chats = Chats(*machines, matching.attributes, bounds)
    return replace(found, differences=tuple(_with_chats(difference, chats) for difference in found.differences))


def _merged(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """Return each difference once, by its cheapest chat, the cheapest first, with all profiles where it is there."""
    every: dict[tuple[object, ...], Difference] = {}
    for difference in differences:
        known = every.get(difference.key)
        names = (*(known.profiles if known else ()), *difference.profiles)
        plainest = difference if known is None or difference.cost < known.cost else known
        every[difference.key] = replace(plainest, profiles=names)
    return tuple(_plainest(sorted(every.values(), key=_plainness)))


def _plainness(difference: Difference) -> tuple[object, ...]:
    """Sort the cheapest first, and what costs the same so that it does not matter which bot is the old one."""
    told = (difference.old_told, difference.new_told)
    places = sorted("" if one is None else one.component for one in told)
    return difference.cost, len(difference.parts), difference.parts, difference.kind, places, not difference.beyond


def _plainest(differences: Iterable[Difference]) -> Iterator[Difference]:
    """Leave out requests that differ in a part in which a cheaper one of the same place does too."""
    met: dict[tuple[object, ...], set[str]] = {}
    for difference in differences:
        known = met.setdefault((*difference.key[:-2], difference.verdict), set())
        if difference.kind != "request" or known.isdisjoint(difference.parts):
            yield difference
        known.update(difference.parts)


def _with_chats(difference: Difference, chats: Chats) -> Difference:
    found = chats.of(difference.way)
    return difference if found is None else replace(difference, old_chat=found[0], new_chat=found[1])


def _apart(old: Bot, new: Bot, matching: Matching) -> Iterator[str]:
    """Yield what cannot be tried."""
    for call in () if same(old, new) else unanswered(new) or unanswered(old):
        yield f"{call.place}: what follows a yes of {call.api}, which an own backend says in its own way"
    for bot in () if same(old, new) else (old, new):
        yield from (f"{bot.file}: {one}" for one in left_out(bot, PROFILES["mismatch-400"]))
    for known, other in matching.components.items():
        here, there = old.components[known], new.components[other]
        if isinstance(here, Question) and isinstance(there, Question):
            for country in unknown_countries(here.countries, there.countries):
                yield f"{there.place}: numbers of {country}, of which none is reserved for tests"
