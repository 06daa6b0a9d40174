"""One way as a chat: played against the fakes, told in lines, and written as a chat file and as a token."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp import player
from pytest_botpenguin_otp.errors import ChatError
from pytest_botpenguin_otp.explorer.bounds import Bounds
from pytest_botpenguin_otp.explorer.environment import Environment
from pytest_botpenguin_otp.explorer.moves import LEFT_OVER
from pytest_botpenguin_otp.explorer.search import ROOT, Node, take
from pytest_botpenguin_otp.explorer.services import stream
from pytest_botpenguin_otp.explorer.steps import PLACE, SPEAKS, steps_of
from pytest_botpenguin_otp.explorer.strangers import is_strange
from pytest_botpenguin_otp.explorer.tokens import decode, encode
from pytest_botpenguin_otp.machine import Ask, Call, Say
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.transcript import transcript
from pytest_botpenguin_otp.values import plain
from pytest_botpenguin_otp.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_botpenguin_otp.explorer.moves import Move
    from pytest_botpenguin_otp.machine import Effect, Machine

__all__ = ["Taken", "Witness", "replay", "witness"]

SEEDS = 20_000
"""So many seeds are tried for codes that begin with 0 where the way has such."""
ONWARD = 200
"""So many moves lead from the end of a way to the next question at most."""
FIRST_SEND_ZERO = "N"
NATURAL = ("n", "t")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One move as it happened in a chat of its own: in real codes, numbers and times."""

    before: Node
    move: Move
    effects: tuple[Effect, ...]
    after: Node

    @property
    def said(self) -> tuple[str, ...]:
        """What the bot said at it."""
        return tuple(plain(effect.text) for effect in self.effects if isinstance(effect, Say | Ask))


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A way through a bot, as it happens in a world of `seed`.

    `taken` goes on where the way ends in the midst of a delay or a call, with everything well, to the next question or
    the end; `length` is how many of its moves are the way itself.
    """

    machine: Machine = field(repr=False)
    seed: int
    taken: tuple[Taken, ...] = field(repr=False)
    length: int

    @property
    def token(self) -> str:
        """The way as one word, for `replay`."""
        return encode(one.move for one in self.taken[: self.length])

    @property
    def end(self) -> Node:
        """The state and ghost that the chat comes to."""
        return self.taken[-1].after

    @property
    def said(self) -> tuple[str, ...]:
        """Everything that the bot says, in order."""
        return tuple(text for one in self.taken for text in one.said)

    @property
    def verified(self) -> bool:
        """Whether the user counts as verified in the end."""
        return self.end.state.verified

    @property
    def ended(self) -> str:
        """How the chat ends; `waiting` while it has not."""
        return self.end.state.ended or "waiting"

    @property
    def lasts_s(self) -> int:
        """How many seconds the chat takes."""
        return (self.end.state.now_ms - self.taken[0].before.state.now_ms) // 1000

    @property
    def playable(self) -> bool:
        """Whether a chat file can say it.

        None can plan a fault before a chat begins that has left-over attributes, answer for a service without a role
        or of another shape, or go round without asking.
        """
        first = itertools.takewhile(lambda one: one.move.kind not in SPEAKS, self.taken)
        left_over = self.taken[0].move.input == LEFT_OVER
        blocked = left_over and any(one.move.fault is not None for one in first)
        apis = self.machine.bot.apis
        answered = all(one.role is not None and not is_strange(apis[one.api]) for one in self._calls())
        round_trip = any(one.after.state.ended == "loop" for one in self.taken)
        return not blocked and not round_trip and answered

    def _calls(self) -> Iterator[Call]:
        return (effect for one in self.taken for effect in one.effects if isinstance(effect, Call))

    def labels(self) -> tuple[str, ...]:
        """Return what happens, move by move, in words."""
        return tuple(one.move.label for one in self.taken[: self.length])

    def chat_file(
        self, bot: str, *, name: str = "counterexample", expect: str | None = None, promised: bool = False
    ) -> str:
        """Return a chat file that plays this way; `bot` is the path to the bot's file from where it will stand.

        `expect` is the YAML of what is to be true in the end (default: what is true as the bot is now); one that is
        `promised` of the bot as it is to be leaves out what the bot says, and ends where the way is not offered.
        """
        truth = f"{{verified: {str(self.verified).lower()}, ended: {self.ended}}}"
        told = self.conversation(name)
        if promised:
            steps = tuple(step for step in told.steps if not isinstance(step, chats.Bot))
            told = replace(told, steps=steps, while_offered=True)
        return f"{chats.written([told], bot)}      - expect: {expect or truth}\n"

    def conversation(self, name: str) -> chats.Conversation:
        """Return the way as a conversation under its own profile and seed, with what the bot says to each turn."""
        profile = self.machine.profile.name
        return chats.Conversation(
            name=name,
            place=PLACE,
            steps=steps_of(self.taken),
            profile=profile if profile in PROFILES else None,
            seed=self.seed,
            attributes=tuple(getattr(self.taken[0].move.happens, "left_over", ())),
        )

    def play(self) -> World:
        """Play the way against the fakes in a world of its own, as its chat file says it, and return that world.

        Raises `ChatError` where the fakes see it otherwise. Services without a role cannot be played.
        """
        world = World(self.machine.profile, self.seed)
        player.play(self.conversation("witness"), self.machine.bot, world)
        return world

    def lines(self) -> str:
        """Return the chat as people read it: who said what when, each call, each fault; nothing sensitive in clear."""
        world = self.play()
        return transcript(world.journal, world.secrets.by_field.items())


def witness(machine: Machine, moves: Iterable[Move], *, bounds: Bounds | None = None) -> Witness:
    """Return the way of `moves`, as `explore` tells them, in real codes, numbers and times."""
    return _witness(machine, [move.key for move in moves], bounds)


def replay(machine: Machine, token: str, *, bounds: Bounds | None = None) -> Witness:
    """Return the way that a token tells; raise `ChatError` where this bot does not offer its next move."""
    return _witness(machine, decode(token), bounds)


def _witness(machine: Machine, keys: Sequence[str], bounds: Bounds | None) -> Witness:
    environment = Environment(machine, replace(bounds or Bounds(), restarts=keys.count("R") + 1))
    for seed in range(SEEDS):
        walk = _Walk(environment, seed, 1 + sum(key[0] in "nNXMyWYZsu" for key in keys))
        taken = walk.all(keys)
        if taken is not None:
            return Witness(machine=environment.machine, seed=seed, taken=taken, length=len(keys))
    raise ChatError(f"None of {SEEDS} seeds gives codes that begin with 0 where this way has them.")


class _Walk:
    """Follows keys of moves in one chat, from its beginning, with the codes that a world will really give."""

    def __init__(self, environment: Environment, seed: int, codes: int) -> None:
        self._environment, self._seed = environment, seed
        self._codes = stream(environment.machine.profile, seed, codes)
        self._made = 0
        self._node = ROOT

    def all(self, keys: Sequence[str]) -> tuple[Taken, ...] | None:
        """Return every move as it happened, or None where a code does not begin as the way needs it."""
        taken: list[Taken] = []
        for number, key in enumerate(keys):
            one = self._take(key, number)
            if one is None:
                return None
            taken.append(one)
        return (*taken, *self._onward())

    def _take(self, key: str, number: int) -> Taken | None:
        code = self._next()
        offered = self._environment.moves(*self._node, (code, code))
        move = next((move for move in offered if move.key == key), None)
        if move is None:
            raise ChatError(f"Move {number + 1} of the way ({key}) is not offered here: {_where(self._node, offered)}")
        zeros = any(one.key == FIRST_SEND_ZERO for one in offered)
        sends = zeros and move.reply is not None and move.reply.code is not None
        if sends and (code[0] == "0") != (key == FIRST_SEND_ZERO):
            return None
        self._made += move.reply is not None and move.reply.reached
        before = self._node
        self._node, effects, _ = take(self._environment, before, move)
        return Taken(before=before, move=move, effects=effects, after=self._node)

    def _onward(self) -> Iterator[Taken]:
        """Go on, everything well, until the bot asks or ends."""
        for number in range(ONWARD):
            if self._node.state.phase in ("asking", "ended"):
                return
            code = self._next()
            offered = self._environment.moves(*self._node, (code, code))
            one = self._take(next(move.key for move in offered if move.key in ("n", "N", "t")), number)
            if one is None:
                one = self._take(FIRST_SEND_ZERO, number)
            if one is not None:
                yield one

    def _next(self) -> str:
        """Return the code that the world makes next."""
        if self._made >= len(self._codes):
            self._codes = stream(self._environment.machine.profile, self._seed, 2 * self._made + 1)
        return self._codes[self._made]


def _where(node: Node, offered: Iterable[Move]) -> str:
    known = ", ".join(f"{move.key} ({move.label})" for move in offered)
    return f"the chat is at {node.state.at or 'its beginning'}, {node.state.phase}. Known: {known or 'nothing'}."
