"""Uniform-cost search over canonical states: each reachable state once, the cheapest way first."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from pytest_botpenguin_otp import machine as machines
from pytest_botpenguin_otp.bot import Question
from pytest_botpenguin_otp.explorer.bindings import Bindings
from pytest_botpenguin_otp.explorer.bounds import FREE, Bounds, Cost
from pytest_botpenguin_otp.explorer.budget import Budget, Spent
from pytest_botpenguin_otp.explorer.canonical import Canonical
from pytest_botpenguin_otp.explorer.environment import Environment
from pytest_botpenguin_otp.explorer.ghost import Ghost, advance
from pytest_botpenguin_otp.explorer.inputs import untried
from pytest_botpenguin_otp.explorer.strangers import unanswered
from pytest_botpenguin_otp.machine import Ask, Effect, Machine, Say, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.explorer.moves import Move
    from pytest_botpenguin_otp.machine import Call
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["ROOT", "Arrival", "Exploration", "Node", "Transition", "explore", "left_out", "take"]


class Node(NamedTuple):
    """A state with its ghost."""

    state: State
    ghost: Ghost


ROOT = Node(State(), Ghost())


@dataclass(frozen=True, slots=True)
class Arrival:
    """The cheapest way to a canonical state: from where, and by what."""

    cost: Cost
    came_from: Node | None
    move: Move | None


@dataclass(frozen=True, slots=True, eq=False)
class Transition:
    """One move in one canonical state, told to the rules.

    `before` is canonical, `after` is what the step made of it, with every attribute and the ghost in full, in the codes
    and numbers of `before`; `call` is the call that the move answers, with the origins in its body; `cost` is that of
    the way up to and with this move.
    """

    before: Node
    move: Move
    effects: tuple[Effect, ...]
    after: Node
    call: Call | None
    cost: Cost
    way: Callable[[Node], tuple[Move, ...]] = field(repr=False)

    @property
    def path(self) -> tuple[Move, ...]:
        """The moves from the beginning of the chat, this one included; a shortest way."""
        return (*self.way(self.before), self.move)


@dataclass(frozen=True, slots=True, eq=False)
class Exploration:
    """What a search has seen: `arrivals` holds each canonical state with its cheapest way, in the order of cost.

    `cut` says what stopped the search; `open` that, and what else keeps it from having seen everything in the bounds.
    """

    machine: Machine
    bounds: Bounds
    arrivals: Mapping[Node, Arrival] = field(repr=False)
    transitions: int
    bytes_per_state: int
    cut: tuple[str, ...] = ()
    seconds: float | None = None

    @property
    def states(self) -> int:
        """How many canonical states were reached."""
        return len(self.arrivals)

    @property
    def exhaustive(self) -> bool:
        """Whether everything within the bounds was seen."""
        return not self.open

    @property
    def open(self) -> tuple[str, ...]:
        """Why not everything was seen: what cut the search, and calls whose yes nothing here can say."""
        unknown = unanswered(self.machine.bot)
        said = (f"how {one.api} says yes is not known" for one in unknown)
        return (*(f"cut by {cut}" for cut in self.cut), *said, *left_out(self.machine.bot, self.machine.profile))

    def path(self, node: Node) -> tuple[Move, ...]:
        """Return the moves of a shortest way to a state."""
        return _way(self.arrivals, node)

    def __str__(self) -> str:
        told = "yes" if self.exhaustive else f"no, {' and '.join(self.open)}"
        return (
            f"{self.states} states, {self.transitions} transitions; {self.bounds}; "
            f"{self.bytes_per_state} bytes per state; exhaustive: {told}"
        )


def explore(
    machine: Machine,
    *,
    bounds: Bounds | None = None,
    watch: Callable[[Transition], None] | None = None,
    clock: Callable[[], float] | None = None,
) -> Exploration:
    """Follow every move in every state of a bot under a profile, cheapest first, within `bounds`.

    `watch` is told of each transition once, in the order of what the way to it costs, so that the first thing it sees
    wrong is a shortest counterexample. `clock` gives seconds; without it no time budget holds. Secrets of the machine
    that the fakes know their clients by are replaced by theirs.
    """
    return _Search(Environment(machine, bounds or Bounds()), watch, clock).run()


def left_out(bot: Bot, profile: Profile) -> tuple[str, ...]:
    """Return what is never tried of a bot, within any bounds."""
    questions = (part for part in bot.components.values() if isinstance(part, Question))
    return tuple(dict.fromkeys(untried(questions, Bindings(Machine(bot=bot, profile=profile)))))


def take(environment: Environment, node: Node, move: Move) -> tuple[Node, tuple[Effect, ...], Call | None]:
    """Let `move` happen: the state and ghost after it, as they are, and what the bot did; with the call it answered."""
    state, ghost = node
    call = environment.call(state) if move.kind == "answer" else None
    after, effects = machines.step(environment.machine, state, move.event(state.now_ms))
    if move.kind == "start":
        stale = environment.pool.stale if move.text == environment.pool.stale else None
        begun = Ghost(previous=stale, apart=_is_apart(environment, node, after, effects))
        return Node(after, begun), effects, None
    grown = advance(ghost, move, call, state, after, bindings=environment.bindings, bounds=environment.bounds)
    return Node(after, grown._replace(apart=_is_apart(environment, node, after, effects))), effects, call


def _is_apart(environment: Environment, before: Node, after: State, effects: tuple[Effect, ...]) -> bool:
    """Say whether, on the way into a delay, something was said, or asked, that no verified user hears."""
    if after.phase != "delayed" or after.verified or not environment.bindings.hands_over:
        return False
    spoke = {effect.component for effect in effects if isinstance(effect, Say | Ask)}
    if before.state.phase == "asking":
        spoke.add(before.state.at)
    return (before.state.phase == "delayed" and before.ghost.apart) or not spoke <= environment.bindings.behind


def _way(arrivals: Mapping[Node, Arrival], node: Node) -> tuple[Move, ...]:
    moves: list[Move] = []
    arrival = arrivals[node]
    while arrival.move is not None and arrival.came_from is not None:
        moves.append(arrival.move)
        arrival = arrivals.get(arrival.came_from, _BEGINNING)
    return tuple(reversed(moves))


_BEGINNING = Arrival(FREE, None, None)


class _Search:
    def __init__(
        self,
        environment: Environment,
        watch: Callable[[Transition], None] | None,
        clock: Callable[[], float] | None,
    ) -> None:
        self._environment, self._watch, self._bounds = environment, watch, environment.bounds
        self._budget = Budget(self._bounds, clock)
        self._canonical = Canonical(
            environment.liveness, environment.pool, self._bounds, symmetric=environment.symmetric
        )
        self._arrivals: dict[Node, Arrival] = {}
        self._spent, self._waiting = Spent(self._bounds), Spent(self._bounds)
        self._frontier: list[tuple[Cost, int, Node, Node, Move]] = []
        self._order = count()
        self._transitions = 0

    def run(self) -> Exploration:
        self._expand(ROOT, FREE, ())
        for cost, _, node, came_from, move in self._cheapest():
            if self._is_known(node, cost):
                continue
            if self._budget.is_used_up(node, len(self._arrivals), len(self._frontier)):
                break
            self._arrivals.setdefault(node, Arrival(cost, came_from, move))
            before = self._spent.of(node)
            self._spent.add(node, cost)
            self._expand(node, cost, before)
        return Exploration(
            machine=self._environment.machine,
            bounds=self._bounds,
            arrivals=self._arrivals,
            transitions=self._transitions,
            bytes_per_state=self._budget.bytes_per_state,
            cut=self._budget.cut,
            seconds=self._budget.seconds,
        )

    def _is_known(self, node: Node, cost: Cost) -> bool:
        """Say whether all that can follow was seen, here or where the chat was begun anew less often."""
        state, ghost = node
        return self._spent.covers(node, cost) or any(
            self._spent.covers(Node(state, ghost._replace(restarts=restarts)), cost)
            for restarts in range(ghost.restarts)
        )

    def _cheapest(self) -> Iterator[tuple[Cost, int, Node, Node, Move]]:
        while self._frontier:
            yield heappop(self._frontier)

    def _expand(self, node: Node, cost: Cost, before: tuple[Cost, ...]) -> None:
        """Follow every move from `node`, and tell of those that no way there `before` this one could afford."""
        for move in self._environment.moves(*node):
            total = cost.plus(move.cost)
            if not self._spent.is_within(total):
                continue
            after, effects, call = take(self._environment, node, move)
            if not any(self._spent.is_within(known.plus(move.cost)) for known in before):
                self._transitions += 1
                if self._watch is not None:
                    self._watch(Transition(node, move, effects, after, call, total, self._way))
            following = Node(*self._canonical(*after))
            if not self._spent.covers(following, total) and not self._waiting.outdoes(following, total):
                self._waiting.add(following, total)
                heappush(self._frontier, (total, next(self._order), following, node, move))

    def _way(self, node: Node) -> tuple[Move, ...]:
        return _way(self._arrivals, node) if node in self._arrivals else ()
