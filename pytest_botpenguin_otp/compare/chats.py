"""One way through two bots as two chats, in real codes, numbers and times, that can be played."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.compare.pairs import BEGINNING, moved
from pytest_botpenguin_otp.compare.surroundings import Surroundings
from pytest_botpenguin_otp.explorer.moves import passing
from pytest_botpenguin_otp.explorer.search import ROOT, take
from pytest_botpenguin_otp.explorer.services import stream
from pytest_botpenguin_otp.explorer.witness import SEEDS, Taken, Witness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_botpenguin_otp.compare.surroundings import Both
    from pytest_botpenguin_otp.explorer import Bounds, Environment, Move
    from pytest_botpenguin_otp.machine import Machine

__all__ = ["Chats"]

ONWARD = 200
"""So many moves lead from the end of a way to the next question at most."""
MOST_CODES = 20
ZERO, PLAIN = "N", "n"
NATURAL = (PLAIN, ZERO, "t")


class Chats:
    """Makes the two chats of ways through the same two bots."""

    def __init__(self, old: Machine, new: Machine, attributes: Mapping[str, str], bounds: Bounds) -> None:
        self._surroundings = Surroundings(old, new, attributes, replace(bounds, restarts=bounds.restarts + 1))
        self._profile = old.profile
        self._streams: dict[int, list[str]] = {}

    def of(self, labels: Sequence[str]) -> tuple[Witness, Witness] | None:
        """Return the chats of a way that is told by its labels; None where no seed gives codes that fit it."""
        for seed in range(SEEDS):
            walk = _Walk(self._surroundings, self._codes(seed))
            if all(walk.take(label) for label in labels):
                old, new = walk.chats(seed)
                return old, new
        return None

    def _codes(self, seed: int) -> list[str]:
        known = self._streams.get(seed)
        if known is None:
            known = self._streams[seed] = stream(self._profile, seed, MOST_CODES)
        return known


class _Side:
    """One bot's chat while it is made."""

    def __init__(self, environment: Environment, codes: Sequence[str]) -> None:
        self.environment, self._codes = environment, codes
        self.node, self.taken, self._made = ROOT, list[Taken](), 0

    @property
    def fresh(self) -> str:
        """The code that the next send makes."""
        return self._codes[min(self._made, len(self._codes) - 1)]

    def take(self, move: Move) -> int:
        """Let a move happen, and return how many things were noticed of it."""
        before = self.node
        self.node, effects, _ = take(self.environment, before, move)
        self._made += move.reply is not None and move.reply.reached
        self.taken.append(Taken(before=before, move=move, effects=effects, after=self.node))
        return len(effects)

    def settle(self) -> None:
        """Let delays pass until the chat waits for somebody."""
        for _ in range(ONWARD):
            state = self.node.state
            if state.phase != "delayed":
                return
            self.take(passing(state.due_ms - state.now_ms, "t", "time", "the delay passes"))

    def finish(self) -> None:
        """Go on, everything well, until the bot asks or ends."""
        for _ in range(ONWARD):
            state, ghost = self.node
            if state.phase in ("asking", "ended"):
                return
            offered = {move.key: move for move in self.environment.moves(state, ghost, (self.fresh, self.fresh))}
            wanted = (ZERO, *NATURAL) if self.fresh[0] == "0" else NATURAL
            self.take(next(offered[key] for key in wanted if key in offered))


class _Walk:
    def __init__(self, surroundings: Surroundings, codes: Sequence[str]) -> None:
        self._surroundings = surroundings
        self._sides = (_Side(surroundings.old, codes), _Side(surroundings.new, codes))
        self._pair = BEGINNING
        self._steps = 0
        self._length = (0, 0)

    def take(self, label: str) -> bool:
        """Let the move of that label happen to both; False where a code does not begin as it must."""
        old, new = self._sides
        offered = self._surroundings.moves(self._pair, (old.fresh, old.fresh))
        both = next((both for both in offered if both.label == label), None)
        if both is None:
            self._settle()
            offered = self._surroundings.moves(self._pair, (old.fresh, old.fresh))
            both = next(both for both in offered if both.label == label)
        if not self._fits(both, offered):
            return False
        old.take(both.old)
        new.take(both.new)
        self._length = (len(old.taken), len(new.taken))
        code = None if both.old.reply is None else both.old.reply.code
        self._pair = moved(self._pair, old.node.state, new.node.state, both.old.happens, code)
        stale = self._surroundings.pool.stale
        if both.old.kind == "start" and both.old.text == stale:
            self._pair = self._pair._replace(previous=stale)
        return True

    def _fits(self, both: Both, offered: Sequence[Both]) -> bool:
        reply = both.old.reply
        zeros = any(one.old.key == ZERO for one in offered)
        if not zeros or reply is None or reply.code is None:
            return True
        return (self._sides[0].fresh[0] == "0") == (both.old.key == ZERO)

    def _settle(self) -> None:
        for side in self._sides:
            side.settle()
        self._pair = self._pair._replace(old=self._sides[0].node.state, new=self._sides[1].node.state)

    def chats(self, seed: int) -> tuple[Witness, Witness]:
        """Return both chats, each led on to its next question or its end."""
        for side in self._sides:
            side.settle()
            side.finish()
        old, new = (
            Witness(machine=side.environment.machine, seed=seed, taken=tuple(side.taken), length=length)
            for side, length in zip(self._sides, self._length, strict=True)
        )
        return old, new
