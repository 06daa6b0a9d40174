"""One exploration of a bot under one profile, with every rule watching."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.explorer import Bounds, Cost, Outcomes, explore, ready, replay
from pytest_botpenguin_otp.explorer.bindings import Bindings
from pytest_botpenguin_otp.explorer.outcomes import Seen
from pytest_botpenguin_otp.explorer.tokens import HEAD
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.rules.dynamic import DYNAMIC
from pytest_botpenguin_otp.rules.dynamic.needs import needs
from pytest_botpenguin_otp.rules.dynamic.scene import Hit, Scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.explorer import Transition, Witness
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.rules.dynamic.scene import Watch

__all__ = ["Broken", "Explored", "explored"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A rule that a way breaks under a profile; `keys` are its moves, `needs` is the most it takes, `also` the rest."""

    code: str
    hit: Hit
    keys: tuple[str, ...]
    needs: str
    also: tuple[str, ...] = ()
    profile: Profile
    cost: Cost


@dataclass(frozen=True, slots=True, eq=False)
class Explored:
    """What one exploration found: how chats can come out, whether a right code lets in, and what is broken."""

    machine: Machine
    bounds: Bounds
    outcomes: Outcomes
    lets_in: bool
    broken: tuple[Broken, ...]

    def witness(self, broken: Broken) -> Witness:
        """Return the way that shows what is broken."""
        return replay(self.machine, HEAD + "".join(broken.keys), bounds=self.bounds)


def explored(
    bot: Bot, profile: Profile, bounds: Bounds | None = None, clock: Callable[[], float] | None = None
) -> Explored:
    """Explore a bot under a profile once, for all rules."""
    machine = ready(Machine(bot=bot, profile=profile))
    wide = replace(bounds or Bounds(), keep=frozenset(Bindings(machine).phones))
    seen, watching = Seen(machine), _Watching(Scene.of(machine, wide))

    def watch(transition: Transition) -> None:
        seen(transition)
        watching(transition)

    found = explore(machine, bounds=wide, watch=watch, clock=clock)
    return Explored(machine, wide, seen.done(found), watching.lets_in, watching.settled())


class _Watching:
    """Lets every rule look at every transition, and notes the cheapest way to break each at a place."""

    def __init__(self, scene: Scene) -> None:
        self._profile, self._by_hand = scene.machine.profile, scene.bindings.by_hand
        self._watches: list[tuple[str, Watch]] = [
            (code, make(scene)) for code, makes in DYNAMIC.items() for make in makes
        ]
        self._broken: dict[tuple[str, str, str], Broken] = {}
        self.lets_in = False

    def __call__(self, transition: Transition) -> None:
        self.lets_in = self.lets_in or self._lets_in(transition)
        for code, watch in self._watches:
            hit = watch(transition)
            if hit is not None:
                self._note(code, hit, transition)

    def _lets_in(self, transition: Transition) -> bool:
        """Say whether the right code lets in: by a verify call, or by a condition that compares it itself."""
        if transition.cost.beyond or not transition.after.state.verified:
            return False  # what is left over from an earlier chat lets nobody in
        check = transition.after.ghost.check
        if check is not None and not check.flaw:
            return True
        return bool(self._by_hand) and any(move.input == "right code" for move in transition.path)

    def _note(self, code: str, hit: Hit, transition: Transition) -> None:
        """Keep the cheapest way: what a state can lead to is told at once, dear or cheap."""
        key = (code, hit.place, "" if hit.holds is None else hit.told)
        known = self._broken.get(key)
        if known is not None and known.cost <= transition.cost:
            return
        path = transition.path
        need, *also = needs(code, path, self._profile)
        self._broken[key] = Broken(
            code=code,
            hit=hit,
            keys=hit.way or tuple(move.key for move in path),
            needs="more than one chat" if hit.way else need,
            also=() if hit.way else tuple(also),
            profile=self._profile,
            cost=transition.cost,
        )

    def settled(self) -> tuple[Broken, ...]:
        """Return what is broken, each rule at each place once, now that all has been seen."""
        settled: dict[tuple[str, str], Broken] = {}
        for (code, place, _), broken in self._broken.items():
            known = settled.get((code, place))
            holds = broken.hit.holds is None or broken.hit.holds()
            if holds and (known is None or broken.cost < known.cost):
                settled[code, place] = broken
        return tuple(settled.values())
