"""What may happen next to two chats at once: the same words, the same answers, the same time."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from pytest_botpenguin_otp import machine as machines
from pytest_botpenguin_otp.bot import ApiCall
from pytest_botpenguin_otp.compare.heard import parts
from pytest_botpenguin_otp.compare.inputs import typed
from pytest_botpenguin_otp.compare.pairs import codes_in
from pytest_botpenguin_otp.explorer import Ghost
from pytest_botpenguin_otp.explorer.answering import Answering
from pytest_botpenguin_otp.explorer.bindings import Bindings
from pytest_botpenguin_otp.explorer.codes import pool
from pytest_botpenguin_otp.explorer.environment import SPARE, Environment
from pytest_botpenguin_otp.explorer.inputs import early
from pytest_botpenguin_otp.explorer.liveness import all_reads
from pytest_botpenguin_otp.explorer.moves import Move, inheriting, passing, pressing, typing
from pytest_botpenguin_otp.explorer.strangers import is_strange
from pytest_botpenguin_otp.machine import Machine, Started

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_botpenguin_otp.compare.pairs import Pair
    from pytest_botpenguin_otp.explorer import Bounds
    from pytest_botpenguin_otp.machine import Call
    from pytest_botpenguin_otp.values import Value

__all__ = ["Both", "Surroundings"]


class Both(NamedTuple):
    """One move, as it happens to the old bot and to the new one; only names of attributes in it may differ.

    `offered` says of a button to which of them it is shown.
    """

    old: Move
    new: Move
    offered: tuple[bool, ...] = (True, True)

    @property
    def label(self) -> str:
        """What happens, in words; no two moves of a pair share them."""
        return self.old.label


class Surroundings:
    """Everything around two bots under one profile."""

    def __init__(self, old: Machine, new: Machine, attributes: Mapping[str, str], bounds: Bounds) -> None:
        self.old, self.new, self.bounds = Environment(old, bounds), Environment(new, bounds), bounds
        names = sum(len(all_reads(environment.machine)) for environment in (self.old, self.new))
        self.pool = pool(old.profile.code_length, SPARE + names)
        self.old.pool = self.new.pool = self.pool
        self._attributes = attributes
        self._asked: dict[tuple[object, ...], tuple[Both, ...]] = {}
        self._answering: dict[tuple[str, str], Answering] = {}

    def moves(self, pair: Pair, fresh: tuple[str, str] | None = None) -> tuple[Both, ...]:
        """Return what may happen to both, always in the same order; `fresh` are the codes that a send makes next."""
        match pair.phases:
            case ("new", "new"):
                return self._starts()
            case ("asking", "asking"):
                return self._answers(pair)
            case ("calling", "calling"):
                return tuple(self._replies(pair, fresh or self.pool.fresh(codes_in(pair, self.pool))))
            case ("ended", "ended"):
                return self._restart(pair)
            case _:
                return tuple(self._time(pair))

    def _starts(self) -> tuple[Both, ...]:
        fresh, *olds = self.old.starts()
        _, *news = self.new.starts()
        texts: dict[tuple[str, str], dict[str, None]] = {}
        back = {new: old for old, new in self._attributes.items()}
        for name, text in _left_overs(olds):
            texts.setdefault((name, self._attributes.get(name, name)), {})[text] = None
        for name, text in _left_overs(news):
            texts.setdefault((back.get(name, name), name), {})[text] = None
        told = [(pair, text) for pair, known in texts.items() for text in known]
        return (Both(fresh, fresh), *(_left(number, *pair, text) for number, (pair, text) in enumerate(told)))

    def _answers(self, pair: Pair) -> tuple[Both, ...]:
        alone = self._alone(pair)
        can = [
            tuple([machines.can(side.machine, state, name) for side, state in self._sides(pair)])
            for name in ("skip", "back")
        ]
        told = tuple([(name, value.text) for held in self._held(pair) for name, value in held.items()])
        key = (pair.old.at, pair.new.at, pair.newest, pair.previous, pair.restarts, *can, alone, told)
        known = self._asked.get(key)
        if known is None:
            pressed = [_press(name, shown) for name, shown in zip(("skip", "back"), can, strict=True) if any(shown)]
            known = self._asked[key] = (*self._typed(pair, alone=alone), *pressed, *self._restart(pair))
        return known

    def _held(self, pair: Pair) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
        """Return for each bot what its conditions compare the answer with."""
        old, new = (
            side.bindings.held((getattr(side.machine.bot.components[state.at], "save", None) or "",), state)
            for side, state in self._sides(pair)
        )
        return old, new

    def _sides(self, pair: Pair) -> tuple[tuple[Environment, machines.State], tuple[Environment, machines.State]]:
        return (self.old, pair.old), (self.new, pair.new)

    def _alone(self, pair: Pair) -> bool:
        """Say whether nothing here knows of a phone yet, so that the first one to come may be called A."""
        if pair.newest is not None or pair.previous is not None or pair.restarts:
            return False
        return not any(
            side.bindings.phone(state) is not None
            or any(name in side.bindings.compared for name in side.bindings.phones)
            for side, state in self._sides(pair)
        )

    def _typed(self, pair: Pair, *, alone: bool) -> Iterator[Both]:
        asked = (machines.question(self.old.machine, pair.old), machines.question(self.new.machine, pair.new))
        assert asked[0] is not None  # noqa: S101  # both chats ask
        assert asked[1] is not None  # noqa: S101
        ghost = Ghost(newest=pair.newest, previous=pair.previous)
        bindings = (self.old.bindings, self.new.bindings)
        held = self._held(pair)
        for text in typed((asked[0], asked[1]), bindings, ghost, self.pool, alone=alone, held=held):
            one = typing("w", text.name, text.old, odd=text.odd)
            yield Both(one, one if text.old == text.new else typing("w", text.name, text.new, odd=text.odd))

    def _restart(self, pair: Pair) -> tuple[Both, ...]:
        return (_press("restart", (True, True)),) if pair.restarts < self.bounds.restarts else ()

    def _time(self, pair: Pair) -> Iterator[Both]:
        """Let time pass until the first delay is over; what is typed meanwhile, both must wait for."""
        waits = [state.due_ms - state.now_ms for state in (pair.old, pair.new) if state.phase == "delayed"]
        if not waits:
            return
        passed = passing(min(waits), "t", "time", f"{min(waits) / 1000:g} s pass")
        yield Both(passed, passed)
        if pair.phases == ("delayed", "delayed") and not pair.old.queued and not pair.new.queued:
            ghost = Ghost(newest=pair.newest, previous=pair.previous)
            for given in early(ghost, self.old.bindings):
                one = typing("E", given.name, given.text, odd=given.odd, early=True)
                yield Both(one, one)

    def _replies(self, pair: Pair, fresh: tuple[str, str]) -> Iterator[Both]:
        """Yield every answer that both calls may get alike; where the requests differ, not all are so."""
        old, new = self.old.call(pair.old), self.new.call(pair.new)
        role = old.role or new.role
        answering = self._answers_of(old, new)
        moves = answering.moves(replace(old, role=role), fresh, (pair.old, pair.new))
        if parts(old.request) == parts(new.request):
            yield from (Both(move, move) for move in moves)
            return
        asked = replace(old, role=role, request=new.request)
        others = {move.key: move for move in answering.moves(asked, fresh, (pair.old, pair.new))}
        for move in moves:
            other = others.get(move.key)
            if other is not None and other.happens == move.happens and _code(other) == _code(move):
                yield Both(move, other)

    def _answers_of(self, old: Call, new: Call) -> Answering:
        """Return what answers both calls: with every status that either component maps, and one that neither does."""
        key = (old.component, new.component)
        known = self._answering.get(key)
        if known is None:
            known = self._answering[key] = self._answering_both(*key)
        return known

    def _answering_both(self, old: str, new: str) -> Answering:
        here, there = self.old.machine.bot, self.new.machine.bot
        one, other = here.components[old], there.components[new]
        assert isinstance(one, ApiCall)  # noqa: S101  # no other component calls
        assert isinstance(other, ApiCall)  # noqa: S101
        known = is_strange(here.apis[one.api]) and not is_strange(there.apis[other.api])
        apis = {**{f"new {name}": replace(api, name=f"new {name}") for name, api in there.apis.items()}, **here.apis}
        api = f"new {other.api}" if known else one.api  # where the fakes know either call, they answer both
        saved = dict.fromkeys((*here.apis[one.api].save, *there.apis[other.api].save))
        apis[api] = replace(apis[api], save=tuple(saved))
        both = replace(one, api=api, responses={**other.responses, **one.responses})
        news = {f"new {name}": component for name, component in there.components.items()}
        components = MappingProxyType({**news, **here.components, old: both})
        bot = replace(here, components=components, apis=MappingProxyType(apis))
        merged = replace(self.old.machine, bot=bot)
        return Answering(merged, Bindings(merged))


def _left_overs(moves: Iterable[Move]) -> Iterator[tuple[str, str]]:
    for move in moves:
        if isinstance(move.happens, Started):
            yield from move.happens.left_over


def _code(move: Move) -> str | None:
    return None if move.reply is None else move.reply.code


def _left(number: int, old: str, new: str, text: str) -> Both:
    label = f"a chat begins with {new} left over from an earlier one ({number + 1})"
    return Both(inheriting(number, old, text, label), inheriting(number, new, text, label))


def _press(name: str, offered: tuple[bool, ...]) -> Both:
    move = pressing(name)
    return Both(move, move, offered)
