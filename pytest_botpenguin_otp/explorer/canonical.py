"""States that have the same futures, written alike.

Two states are merged only where every move leads on alike, so that whatever a rule finds behind one it finds behind
the other, and the first way to either is the shortest to both:

- an attribute that is overwritten before anything reads it again can change nothing (liveness by data flow);
- a code is read by nobody but to be compared with another: renamed consistently, in every form in which it may stand
  in an attribute, nothing comes out differently. Bots that order codes by size are left alone;
- the numbers of turns and calls inside origins are only held against each other and against the last good send, so
  that their order is kept and their size is not;
- the machine reads the clock only as the time left of a delay; the age of a code is a number of its own;
- a chat that goes round without asking is followed round and round instead of being cut after a hundred components:
  that adds no message and no call, and it is told by the rules that look at the graph;
- of the ghost, what no call, message or protected component ahead can bring to bear any more is dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.explorer.ghost import Ghost, anew
from pytest_botpenguin_otp.machine import State
from pytest_botpenguin_otp.values import Origin, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_botpenguin_otp.explorer.bounds import Bounds
    from pytest_botpenguin_otp.explorer.codes import Pool, Renaming
    from pytest_botpenguin_otp.explorer.liveness import Ahead, Liveness

__all__ = ["Canonical", "codes_of"]

Attributes = tuple[tuple[str, Value], ...]
Numbers = tuple[tuple[int, int], ...]
HUNDRED = 100
"""Where no resend can come too early, ages are told in hundreds of seconds."""


def codes_of(pool: Pool, attributes: Attributes, queued: tuple[Value, ...], ghost: Ghost) -> tuple[str, ...]:
    """Return the codes that are still known to anybody, each once, in an order that does not depend on their digits."""
    found = [ghost.newest, ghost.previous, None if ghost.sent is None else ghost.sent.code]
    for _, value in attributes:
        found.extend(pool.codes_in(value.text))
    for value in queued:
        found.extend(pool.codes_in(value.text))
    return tuple(dict.fromkeys([code for code in found if code is not None]))


class Canonical:
    """Writes states of one bot in their canonical form."""

    def __init__(self, liveness: Liveness, pool: Pool, bounds: Bounds, *, symmetric: bool) -> None:
        self._liveness, self._pool, self._symmetric = liveness, pool, symmetric
        self._restarts, self._backs, self._max_age_s = bounds.restarts, bounds.backs, bounds.max_age_s
        self._values: dict[tuple[Value, Renaming, Numbers, Numbers], Value] = {}

    def __call__(self, state: State, ghost: Ghost) -> tuple[State, Ghost]:
        """Return the canonical form of a state with its ghost."""
        ahead = self._ahead(state, ghost)
        attributes = tuple([pair for pair in state.attributes if pair[0] in ahead.attributes])
        waiting = () if state.ended else state.queued
        ghost = self._trimmed(ghost, ahead, attributes, state)
        used = codes_of(self._pool, attributes, waiting, ghost) if self._symmetric else ()
        renaming = self._pool.renaming(used) if used else ()
        turns, calls = _numbers(attributes, waiting, ghost)
        if renaming or turns or calls:
            attributes = tuple([(name, self._value(value, renaming, turns, calls)) for name, value in attributes])
        queued = tuple([self._value(value, renaming, turns, calls) for value in waiting])
        return (
            State(
                at=state.at,
                phase=state.phase,
                due_ms=state.due_ms - state.now_ms if state.phase == "delayed" else 0,
                attributes=attributes,
                turn=len(turns),
                call=len(calls),
                verified=state.verified,
                ended=state.ended,
                trail=state.trail if self._goes_back(ghost) and not state.ended else (),
                queued=queued,
            ),
            _ghost(ghost, renaming, turns, calls),
        )

    def _goes_back(self, ghost: Ghost) -> bool:
        return self._liveness.trails and ghost.backs < self._backs

    def _ahead(self, state: State, ghost: Ghost) -> Ahead:
        restart = ghost.restarts < self._restarts
        if state.ended is None:
            return self._liveness.ahead(state.at, restart=restart)
        return self._liveness.anew(restart=restart)

    def _trimmed(self, ghost: Ghost, ahead: Ahead, attributes: Attributes, state: State) -> Ghost:
        """Drop what nothing ahead can bring to bear."""
        if state.ended is not None:
            ghost = anew(ghost)
        held = ahead.again or ahead.verify or ahead.asked
        newest = (
            ghost.newest
            if ahead.verify or ahead.asked or (held and self._holds(attributes, state, ghost.newest))
            else None
        )
        previous = ghost.previous if held and self._holds(attributes, state, ghost.previous) else None
        check = ghost.check if ahead.check else None
        if not ahead.verify and not ahead.send:
            kept = Ghost(newest=newest, previous=previous, check=check)
            return kept._replace(restarts=ghost.restarts, backs=ghost.backs, apart=ghost.apart)
        counts = self._liveness
        return Ghost(
            sent=ghost.sent,
            age_s=ghost.age_s if ahead.send else self._rounded(ghost.age_s),
            newest=newest,
            previous=previous,
            send_failed=ghost.send_failed and ahead.verify,
            sends=ghost.sends if ahead.send else min(ghost.sends, 1),
            fails=ghost.fails if ahead.verify and counts.counts_fails else 0,
            tries=ghost.tries if ahead.verify and counts.counts_fails else 0,
            verifies=ghost.verifies if ahead.verify and counts.counts_verifies else 0,
            phones=ghost.phones if ahead.send and counts.counts_sends else (),
            typed=ghost.typed and ahead.typed,
            check=check,
            restarts=ghost.restarts,
            backs=ghost.backs,
            apart=ghost.apart,
        )

    def _rounded(self, age_s: int) -> int:
        return age_s if age_s > self._max_age_s else age_s // HUNDRED * HUNDRED

    def _holds(self, attributes: Attributes, state: State, code: str | None) -> bool:
        """Say whether anything still holds `code`: one that nothing holds is a wrong code like any other."""
        values = (*(value for _, value in attributes), *(() if state.ended else state.queued))
        return code is not None and any(
            value.text == code or code in self._pool.codes_in(value.text) for value in values
        )

    def _value(self, value: Value, renaming: Renaming, turns: Numbers, calls: Numbers) -> Value:
        key = (value, renaming, turns, calls)
        known = self._values.get(key)
        if known is None:
            origin = value.origin
            if origin.kind in ("typed", "received"):
                numbers = dict(turns if origin.kind == "typed" else calls)
                origin = Origin(origin.kind, origin.place, numbers[origin.number])
            text = self._pool.rename(value.text, renaming) if renaming else value.text
            known = self._values[key] = Value(text, origin)
        return known


def _numbers(attributes: Attributes, queued: tuple[Value, ...], ghost: Ghost) -> tuple[Numbers, Numbers]:
    """Return how the numbers of turns and of calls that are still told are written: 1, 2, ... in their order."""
    turns, calls = set(), set()
    for value in (*(value for _, value in attributes), *queued):
        if value.origin.kind == "typed":
            turns.add(value.origin.number)
        elif value.origin.kind == "received":
            calls.add(value.origin.number)
    if ghost.sent is not None:
        turns.add(ghost.sent.turn)
        calls.add(ghost.sent.call)
    return (
        tuple([(old, new) for new, old in enumerate(sorted(turns), 1)]),
        tuple([(old, new) for new, old in enumerate(sorted(calls), 1)]),
    )


def _ghost(ghost: Ghost, renaming: Renaming, turns: Numbers, calls: Numbers) -> Ghost:
    if ghost.sent is None and not renaming:
        return ghost
    names: Mapping[str, str] = dict(renaming)
    sent = ghost.sent
    if sent is not None:
        code = names.get(sent.code, sent.code)
        sent = sent._replace(code=code, turn=dict(turns)[sent.turn], call=dict(calls)[sent.call])
    newest = ghost.newest if ghost.newest is None else names.get(ghost.newest, ghost.newest)
    previous = ghost.previous if ghost.previous is None else names.get(ghost.previous, ghost.previous)
    return ghost._replace(sent=sent, newest=newest, previous=previous)
