"""The plainest search there is: every move in every state as it stands; nothing is merged, renamed or dropped.

What it finds in a few turns, the explorer must find too, and no dearer.
"""

import re
from dataclasses import replace
from heapq import heappop, heappush
from itertools import count

from pytest_botpenguin_otp.explorer import Environment, Transition, explore, ready
from pytest_botpenguin_otp.explorer.bindings import Bindings
from pytest_botpenguin_otp.explorer.bounds import FREE
from pytest_botpenguin_otp.explorer.codes import pool
from pytest_botpenguin_otp.explorer.search import ROOT, take
from pytest_botpenguin_otp.machine import Ask, Call, End, Say
from pytest_botpenguin_otp.rules import DYNAMIC
from pytest_botpenguin_otp.rules.dynamic.scene import Scene
from pytest_botpenguin_otp.values import plain

__all__ = ["cleverly", "naively", "wanting"]

CODES = 40
"""More codes than a few turns can make."""
LONG = 24
"""Chats in which so many components act without asking go round, and are not followed any further."""
CODE = re.compile(r" ?[0-9]{3}[-. ]?[0-9]{3} ?|(?<![0-9])[0-9]{5}(?![0-9])")
WIDE = {0xFF10 + digit: str(digit) for digit in range(10)}


class Least:
    """What the least way to everything costs that can be seen of a bot: places, ends, texts, requests, broken rules."""

    def __init__(self, machine, bounds):
        scene = Scene.of(machine, bounds)
        self._watches = [(code, make(scene)) for code, makes in DYNAMIC.items() for make in makes]
        self._costs, self._open = {}, []

    def __call__(self, transition):
        """Note one transition."""
        for known in self._seen(transition):
            self._note(known, transition.cost)
        for code, watch in self._watches:
            hit = watch(transition)
            if hit is not None:
                self._open.append((("breaks", code, hit.place), transition.cost, hit.holds))

    def _note(self, known, cost):
        self._costs[known] = min(self._costs.get(known, cost), cost)

    def costs(self):
        """Return what each costs, now that all has been seen."""
        for known, cost, holds in self._open:
            if holds is None or holds():
                self._note(known, cost)
        return self._costs

    @staticmethod
    def _seen(transition):
        state, before = transition.after.state, transition.before.state
        if state.ended == "loop":
            return  # where it is cut depends on where it began
        yield "comes to", state.at, state.phase, state.verified, state.ended
        if before.phase == "calling":
            yield "is answered", before.at, getattr(transition.move.happens, "status", "not")
        for effect in transition.effects:
            if isinstance(effect, Say | Ask):
                yield "says", effect.component, masked(plain(effect.text))
            elif isinstance(effect, Call):
                told = (effect.request.url, effect.request.headers, effect.request.body.decode())
                yield "sends", effect.component, masked(repr(told))
            elif isinstance(effect, End):
                yield "ends", effect.component, effect.how


def masked(text):
    """Return a text without its codes: which of them stands where, each search decides for itself."""
    return CODE.sub("#", text.translate(WIDE))


def wanting(machine, bounds):
    """Return the bounds with which the rules are decided."""
    return replace(bounds, keep=frozenset(Bindings(machine).phones))


def naively(machine, bounds, *, without=frozenset(), most=None):
    """Return what everything costs at least, and how far that is known: to which cost, or None for all in the bounds.

    Moves whose input or kind is one of `without` are left out; after `most` states the search ends.
    """
    made = ready(machine)
    bounds = wanting(made, bounds)
    environment, least = Environment(made, bounds), Least(made, bounds)
    environment.pool = pool(made.profile.code_length, CODES)
    frontier, met, order = [(FREE, 0, ROOT, ())], set(), count(1)
    while frontier:
        cost, number, node, way = heappop(frontier)
        if most is not None and number > 0 and len(met) > most:
            return least.costs(), cost
        for move in environment.moves(*node):
            total = cost.plus(move.cost)
            if total.faults > bounds.faults or total.turns > bounds.turns or without & {move.input, move.kind}:
                continue
            after, effects, call = take(environment, node, move)
            least(Transition(node, move, effects, after, call, total, lambda _, way=way: way))
            goes_round = after.state.unasked > LONG and not after.state.ended
            if not goes_round and (after, total) not in met:
                met.add((after, total))
                heappush(frontier, (total, next(order), after, (*way, move)))
    return least.costs(), None


def cleverly(machine, bounds):
    """Return the same as the explorer finds it, and the exploration."""
    made = ready(machine)
    bounds = wanting(made, bounds)
    least = Least(made, bounds)
    found = explore(made, bounds=bounds, watch=least)
    return least.costs(), found
