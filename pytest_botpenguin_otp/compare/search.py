"""The product of two bots: every pair of states that the same chat leads to, the cheapest way first."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import count, takewhile
from typing import TYPE_CHECKING, NamedTuple

from pytest_botpenguin_otp import machine as machines
from pytest_botpenguin_otp.bot.graph import following
from pytest_botpenguin_otp.compare.difference import Difference, Ending, first_difference, marks
from pytest_botpenguin_otp.compare.heard import spellings, told
from pytest_botpenguin_otp.compare.pairs import BEGINNING, Canonical, Pair, moved
from pytest_botpenguin_otp.compare.routes import site_of
from pytest_botpenguin_otp.compare.secrecy import kept
from pytest_botpenguin_otp.compare.surroundings import Surroundings
from pytest_botpenguin_otp.compare.wording import Wording, parted
from pytest_botpenguin_otp.explorer.bounds import FREE, Cost
from pytest_botpenguin_otp.explorer.budget import Budget, Spent
from pytest_botpenguin_otp.machine import Passed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_botpenguin_otp.compare.heard import Told, Typed
    from pytest_botpenguin_otp.compare.matching import Matching
    from pytest_botpenguin_otp.compare.surroundings import Both
    from pytest_botpenguin_otp.explorer import Bounds, Environment
    from pytest_botpenguin_otp.machine import Effect, Event, Machine, State

__all__ = ["Found", "Search"]

ONWARD = 200
"""So many delays follow each other at most."""


class Arrival(NamedTuple):
    """The cheapest way to a pair: from where, and by what."""

    came_from: Pair | None
    both: Both | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search has seen: each difference once, with the cheapest chat; `cut` says what stopped it."""

    differences: tuple[Difference, ...]
    pairs: int
    transitions: int
    cut: tuple[str, ...]
    seconds: float | None = field(default=None, compare=False)


class Search:
    """Steps two machines of one profile side by side."""

    def __init__(
        self,
        old: Machine,
        new: Machine,
        matching: Matching,
        bounds: Bounds,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.surroundings = Surroundings(old, new, matching.attributes, bounds)
        self.matching, self.bounds, self._budget = matching, bounds, Budget(bounds, clock)
        self._sides = (self.surroundings.old, self.surroundings.new)
        self._bots = (old.bot, new.bot)
        self._wording = Wording(old.bot, new.bot, matching)
        self._canonical = Canonical(*self._sides, self.surroundings.pool, bounds)
        self._typed = self._stand_ins()
        self._secrets = kept(old.bot, new.bot, matching.components)
        self._arrivals: dict[Pair, Arrival] = {}
        self._spent, self._waiting = Spent(bounds), Spent(bounds)
        self._frontier: list[tuple[Cost, int, Pair, Pair, Both]] = []
        self._order = count()
        self._transitions = 0
        self._found: dict[tuple[object, ...], Difference] = {}
        self._cheapest: Cost | None = None
        self._hopes = tuple(side.machine.bot.protected for side in self._sides)
        self._alone = self._protected_alone()
        self._after_each: dict[tuple[int, str], frozenset[str]] = {}

    def _stand_ins(self) -> tuple[Typed, Typed]:
        old, new = (side.bindings.system[:1] for side in self._sides)
        if not old or not new or old == new:
            return (), ()
        return spellings(old[0]), spellings(new[0])

    def _protected_alone(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return what of each bot is protected though the other has it too, and does not protect it."""
        here, there = self._hopes
        pairs = self.matching.components.items()
        olds = frozenset(one for one, other in pairs if one in here and other not in there)
        return olds, frozenset(other for one, other in pairs if other in there and one not in here)

    def run(self, *, first: bool = False) -> Found:
        """Follow every move from the beginning until nothing new comes, or a budget is used up.

        With `first`, stop as soon as no difference can come that is as cheap as one that is known.
        """
        self._expand(BEGINNING, FREE)
        while self._frontier and not (first and self._is_dearer(self._frontier[0][0])):
            cost, _, pair, came_from, both = heappop(self._frontier)
            if self._spent.covers(pair, cost):
                continue
            if self._budget.is_used_up(pair, len(self._arrivals), len(self._frontier)):
                break
            self._spent.add(pair, cost)
            self._arrivals.setdefault(pair, Arrival(came_from, both))
            self._expand(pair, cost)
        return Found(
            differences=tuple(self._found.values()),
            pairs=len(self._arrivals),
            transitions=self._transitions,
            cut=self._budget.cut,
            seconds=self._budget.seconds,
        )

    def _is_dearer(self, cost: Cost) -> bool:
        """Say whether all that follows `cost` is dearer than some difference that is known; no move is free."""
        return self._cheapest is not None and self._cheapest <= cost

    def _expand(self, pair: Pair, cost: Cost) -> None:
        for both in self.surroundings.moves(pair):
            total = cost.plus(both.old.cost)
            if not self._spent.is_within(total):
                continue
            self._transitions += 1
            after = self._follow(pair, both, total)
            if after is None or self._spent.covers(after, total) or self._waiting.outdoes(after, total):
                continue
            self._waiting.add(after, total)
            heappush(self._frontier, (total, next(self._order), after, pair, both))

    def _follow(self, pair: Pair, both: Both, cost: Cost) -> Pair | None:
        """Return the pair after a move, or None where the chats part; a difference is noted."""
        events = both.old.event(pair.old.now_ms), both.new.event(pair.new.now_ms)
        (old, old_effects), (new, new_effects) = (
            machines.step(side.machine, state, event)
            for side, state, event in zip(self._sides, (pair.old, pair.new), events, strict=True)
        )
        one, other = self._told(0, old_effects, old), self._told(1, new_effects, new)
        after = self._after(pair, both, old, new, events[0])
        worded, plain = self._wording.apart(one, other)
        alike = len(one) == len(plain) and all(here.like(there) for here, there in zip(one, plain, strict=True))
        if alike and old.verified == new.verified and all(both.offered):
            self._note_wording(pair, both, cost, worded, met=new.at)
            return self._canonical(after)
        ending, settled = self._settled(self._sides[0], old, one, 0), self._settled(self._sides[1], new, other, 1)
        worded, plain = self._wording.apart(ending.heard, settled.heard)
        endings = ending, replace(settled, heard=plain)
        met = self._met(after, *endings)
        beyond = "" if met is None else settled.state.at
        self._note_wording(pair, both, cost, worded, met=beyond)
        self._note(pair, both, cost, endings, met=beyond)
        return None if met is None else self._canonical(met)

    def _told(self, which: int, effects: tuple[Effect, ...], state: State) -> tuple[Told, ...]:
        return told(effects, state.now_ms, self._typed[which], self._secrets[which])

    def _after(self, pair: Pair, both: Both, old: State, new: State, event: Event) -> Pair:
        code = None if both.old.reply is None else both.old.reply.code
        after = moved(pair, old, new, event, code)
        stale = self.surroundings.pool.stale
        return after._replace(previous=stale) if both.old.kind == "start" and both.old.text == stale else after

    def _settled(self, side: Environment, state: State, heard: tuple[Told, ...], which: int) -> Ending:
        """Let delays pass until the chat waits for somebody; nobody says anything meanwhile."""
        for _ in range(ONWARD):
            if state.phase != "delayed":
                break
            state, effects = machines.step(side.machine, state, Passed(now_ms=state.due_ms))
            heard = (*heard, *self._told(which, effects, state))
        hopeful = state.ended is None and not self._hopes[which].isdisjoint(self._reached(which, state.at))
        acted = (*(one.component for one in heard), state.at)
        moved_here = next((known for known in acted if known in self._alone[which]), "")
        return Ending(
            heard=heard, state=state, guards=_guards(side, state), hopeful=hopeful, moved=moved_here.partition("/")[2]
        )

    def _reached(self, which: int, start: str) -> frozenset[str]:
        """Return every component that may come after `start`, as far as the graph tells."""
        known = self._after_each.get((which, start))
        if known is None:
            bot = self._sides[which].machine.bot
            met = dict.fromkeys(following(bot.components[start]))
            frontier = list(met)
            for at in frontier:
                for one in following(bot.components[at]):
                    if one not in met:
                        met[one] = None
                        frontier.append(one)
            known = self._after_each[which, start] = frozenset(met)
        return known

    def _met(self, pair: Pair, old: Ending, new: Ending) -> Pair | None:
        """Return the pair from which both chats can be compared again, if there is one."""
        if not (old.heard and new.heard) or old.state.verified != new.state.verified:
            return None
        phase, one, other = old.state.phase, old.heard[-1], new.heard[-1]
        if phase != new.state.phase or phase == "delayed" or not self._waits_alike(phase, old.state, new.state):
            return None
        if phase != "calling" and not one.like(other):
            return None
        after = pair._replace(old=old.state, new=new.state)
        return after if self._knows_alike(after) else None

    def _waits_alike(self, phase: str, old: State, new: State) -> bool:
        """Say whether both wait for the same: an answer to be saved alike, or a service of the same kind."""
        here, there = self._sides
        if phase == "calling":
            calls = here.call(old), there.call(new)
            return calls[0].role == calls[1].role and (
                calls[0].role is not None or calls[0].request.url == calls[1].request.url
            )
        if phase == "asking":
            saved = here.bindings.saved_at(old.at), there.bindings.saved_at(new.at)
            return (saved[0] and self.matching.partner(saved[0])) == saved[1]
        return True

    def _calls_alike(self, one: Told | None, other: Told | None, endings: tuple[Ending, Ending]) -> bool:
        """Say whether two calls are of the same component, or for the same: else another service is called."""
        partner = None if one is None else self.matching.components.get(one.component)
        return partner == (other and other.component) or self._waits_alike(
            "calling", *(known.state for known in endings)
        )

    def _knows_alike(self, pair: Pair) -> bool:
        """Say whether what both can still read of what they know is the same."""
        states = (pair.old, pair.new)
        old, new = (
            {name: state.get(name) for name in self._canonical.ahead(side, state, pair.restarts).attributes}
            for side, state in zip(self._sides, states, strict=True)
        )
        partners = ((name, self.matching.partner(name)) for name in old)
        texts = ((old[name], new[other]) for name, other in partners if other in new)
        return all((one and one.text) == (other and other.text) for one, other in texts)

    def _note(self, pair: Pair, both: Both, cost: Cost, endings: tuple[Ending, Ending], met: str) -> None:
        old, new = endings
        if all(both.offered):
            kind, one, other, differing = first_difference(old, new)
            if kind == "request" and not self._calls_alike(one, other, endings):
                kind, differing = "way", ()
        else:
            kind, one, other, differing = "offer", old.at(0), new.at(0), (both.old.input,)
        passed = [(here.component, there.component) for here, there in _alike_before(old.heard, new.heard)]
        states = [*reversed(passed), *((way.old.at, way.new.at) for way in self._way_back(pair))]
        site = site_of(self._bots, self.matching, (one, other), states)
        difference = Difference(
            kind=kind,
            component=site.component,
            place=site.place,
            site=site.all,
            old_told=one,
            new_told=other,
            cost=cost,
            way=(),
            marks=marks(kind, old, new, told=(one, other)),
            parts=differing,
            profiles=(self._sides[0].machine.profile.name,),
            beyond=met,
        )
        self._keep(difference, pair, both)

    def _note_wording(
        self, pair: Pair, both: Both, cost: Cost, worded: tuple[tuple[Told, Told], ...], *, met: str
    ) -> None:
        """Note what is only said in other words: that makes nothing more lax or more strict."""
        for one, other in worded:
            site = site_of(self._bots, self.matching, (one, other), [(one.component, other.component)])
            difference = Difference(
                kind="text",
                component=site.component,
                place=site.place,
                site=site.all,
                old_told=one,
                new_told=other,
                cost=cost,
                way=(),
                parts=parted(other, self._bots[1]),
                profiles=(self._sides[0].machine.profile.name,),
                beyond=met,
            )
            known = self._found.get(difference.key)
            if known is not None and met and not known.beyond:
                self._found[difference.key] = replace(known, beyond=met)
            self._keep(replace(difference, beyond=met or (known.beyond if known else "")), pair, both)

    def _keep(self, difference: Difference, pair: Pair, both: Both) -> None:
        """Keep a difference with the cheapest way to it."""
        known = self._found.get(difference.key)
        if known is None or difference.cost < known.cost:
            self._found[difference.key] = replace(difference, way=(*self._labels(pair), both.label))
            self._cheapest = min(self._cheapest or difference.cost, difference.cost)

    def _way_back(self, pair: Pair) -> Iterator[Pair]:
        """Yield the pairs of a cheapest way, this one first."""
        at: Pair | None = pair
        while at is not None and at != BEGINNING:
            yield at
            at = self._arrivals[at].came_from

    def _labels(self, pair: Pair) -> tuple[str, ...]:
        found = [self._arrivals[one].both for one in self._way_back(pair)]
        return tuple(reversed([both.label for both in found if both is not None]))


def _alike_before(one: tuple[Told, ...], other: tuple[Told, ...]) -> Iterator[tuple[Told, Told]]:
    """Yield what both chats still have in common."""
    return takewhile(
        lambda pair: pair[0].like(pair[1]) and pair[0].at_ms == pair[1].at_ms, zip(one, other, strict=False)
    )


def _guards(side: Environment, state: State) -> str:
    """Say what of an attempt a chat comes to: the question for a code, or a call that sends or checks one."""
    if state.phase == "asking" and side.bindings.asks_code(state.at):
        return "asks for a code"
    if state.phase != "calling":
        return ""
    return {"send": "sends a code", "verify": "checks a code"}.get(side.call(state).role or "", "")
