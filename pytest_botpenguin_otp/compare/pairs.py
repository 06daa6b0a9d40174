"""Two chats side by side, in the form in which all pairs with the same futures are one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_botpenguin_otp.machine import State
from pytest_botpenguin_otp.values import Origin, Value

if TYPE_CHECKING:
    from pytest_botpenguin_otp.explorer.bounds import Bounds
    from pytest_botpenguin_otp.explorer.codes import Pool, Renaming
    from pytest_botpenguin_otp.explorer.environment import Environment
    from pytest_botpenguin_otp.explorer.liveness import Ahead
    from pytest_botpenguin_otp.machine import Event
    from pytest_botpenguin_otp.machine.state import Phase

__all__ = ["BEGINNING", "Canonical", "Pair", "codes_in"]

SOMEWHERE = Origin("left_over")
"""Where a text comes from is asked by rules; what a bot does with it does not depend on it."""


class Pair(NamedTuple):
    """The states of the old bot and of the new one after the same chat; `newest` and `previous` are its codes."""

    old: State
    new: State
    newest: str | None = None
    previous: str | None = None
    restarts: int = 0

    @property
    def phases(self) -> tuple[Phase, Phase]:
        """Return what both chats wait for."""
        return self.old.phase, self.new.phase


BEGINNING = Pair(State(), State())


def codes_in(pair: Pair, pool: Pool) -> tuple[str, ...]:
    """Return the codes that are still known to anybody, each once, in an order that does not depend on their digits."""
    found = [code for code in (pair.newest, pair.previous) if code is not None]
    for state in (pair.old, pair.new):
        for value in (*(value for _, value in state.attributes), *state.queued):
            found.extend(pool.codes_in(value.text))
    return tuple(dict.fromkeys(found))


class Canonical:
    """Writes pairs in their canonical form, by the reasons that the explorer has for its own."""

    def __init__(self, old: Environment, new: Environment, pool: Pool, bounds: Bounds) -> None:
        self._old, self._new, self._pool, self._restarts = old, new, pool, bounds.restarts
        self._symmetric = old.symmetric and new.symmetric

    def ahead(self, environment: Environment, state: State, restarts: int) -> Ahead:
        """Return what a chat can still come to, and read."""
        restart = restarts < self._restarts
        if state.ended is None:
            return environment.liveness.ahead(state.at, restart=restart)
        return environment.liveness.anew(restart=restart)

    def __call__(self, pair: Pair) -> Pair:
        """Return the canonical form of a pair."""
        aheads = (
            self.ahead(self._old, pair.old, pair.restarts),
            self.ahead(self._new, pair.new, pair.restarts),
        )
        pair = pair._replace(
            old=_trimmed(pair.old, aheads[0], trails=self._old.liveness.trails),
            new=_trimmed(pair.new, aheads[1], trails=self._new.liveness.trails),
        )
        matter = any(ahead.verify or ahead.asked or ahead.again for ahead in aheads)
        pair = self._with_codes_that_matter(pair, verify=matter)
        renaming = self._pool.renaming(codes_in(pair, self._pool)) if self._symmetric else ()
        return self._renamed(pair, renaming) if renaming else pair

    def _with_codes_that_matter(self, pair: Pair, *, verify: bool) -> Pair:
        """Forget codes that nothing can compare any more: they are wrong ones like any other."""
        held = frozenset(codes_in(pair._replace(newest=None, previous=None), self._pool))
        newest = pair.newest if verify or pair.newest in held else None
        stale = pair.previous == self._pool.stale and self._holds(pair, self._pool.stale)
        return pair._replace(newest=newest, previous=pair.previous if pair.previous in held or stale else None)

    @staticmethod
    def _holds(pair: Pair, code: str) -> bool:
        return any(value.text == code for state in (pair.old, pair.new) for _, value in state.attributes)

    def _renamed(self, pair: Pair, renaming: Renaming) -> Pair:
        names = dict(renaming)
        return pair._replace(
            old=self._rename(pair.old, renaming),
            new=self._rename(pair.new, renaming),
            newest=names.get(pair.newest, pair.newest) if pair.newest is not None else None,
            previous=names.get(pair.previous, pair.previous) if pair.previous is not None else None,
        )

    def _rename(self, state: State, renaming: Renaming) -> State:
        rename = self._pool.rename
        return _state(
            state,
            tuple([(name, rename(value.text, renaming)) for name, value in state.attributes]),
            tuple([rename(value.text, renaming) for value in state.queued]),
        )


def _trimmed(state: State, ahead: Ahead, *, trails: bool) -> State:
    """Return a state as of now, with no more than the rest of its chat can read."""
    attributes = tuple([(name, value.text) for name, value in state.attributes if name in ahead.attributes])
    queued = () if state.ended else tuple([value.text for value in state.queued])
    return _state(state, attributes, queued, trail=state.trail if trails and not state.ended else ())


def _state(
    state: State,
    attributes: tuple[tuple[str, str], ...],
    queued: tuple[str, ...],
    trail: tuple[str, ...] | None = None,
) -> State:
    return State(
        at=state.at,
        phase=state.phase,
        due_ms=state.due_ms - state.now_ms if state.phase == "delayed" else 0,
        attributes=tuple([(name, Value(text, SOMEWHERE)) for name, text in attributes]),
        verified=state.verified,
        ended=state.ended,
        trail=state.trail if trail is None else trail,
        queued=tuple([Value(text, SOMEWHERE) for text in queued]),
    )


def moved(pair: Pair, old: State, new: State, event: Event, code: str | None) -> Pair:
    """Return the pair after an event, which brought the user the code `code`, or began the chat anew."""
    if getattr(event, "action", None) == "restart":
        previous = pair.newest if pair.newest is not None else pair.previous
        return Pair(old, new, None, previous, pair.restarts + 1)
    if code is not None:
        previous = pair.newest if pair.newest is not None else pair.previous
        return Pair(old, new, code, previous, pair.restarts)
    return pair._replace(old=old, new=new)
