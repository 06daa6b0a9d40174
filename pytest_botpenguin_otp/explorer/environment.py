"""What may happen next in a state: every class of input, every answer of a service, and time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp import machine as machines
from pytest_botpenguin_otp.bot import ApiCall
from pytest_botpenguin_otp.explorer.answering import Answering
from pytest_botpenguin_otp.explorer.bindings import Bindings
from pytest_botpenguin_otp.explorer.canonical import codes_of
from pytest_botpenguin_otp.explorer.codes import pool
from pytest_botpenguin_otp.explorer.inputs import PHONES, classes, early
from pytest_botpenguin_otp.explorer.liveness import Liveness, all_reads, reads
from pytest_botpenguin_otp.explorer.moves import LEFT_OVER, STEP, Move, inheriting, passing, pressing, typing
from pytest_botpenguin_otp.explorer.services import ready
from pytest_botpenguin_otp.machine import Call, Started, State, render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_botpenguin_otp.bot import Choice, Question
    from pytest_botpenguin_otp.explorer.bounds import Bounds
    from pytest_botpenguin_otp.explorer.ghost import Ghost
    from pytest_botpenguin_otp.machine import Machine
    from pytest_botpenguin_otp.values import Value

__all__ = ["Environment"]

SPARE = 6
"""More codes than attributes can be about: the newest, the one before it, and room for fresh ones."""


class Environment:
    """Everything around one bot under one profile; what it says of a state is worked out once."""

    def __init__(self, machine: Machine, bounds: Bounds) -> None:
        self.machine, self.bounds = ready(machine), bounds
        self.bindings = Bindings(self.machine)
        self.liveness = Liveness(self.machine, self.bindings, bounds)
        bot = machine.bot
        self.pool = pool(machine.profile.code_length, SPARE + len(all_reads(self.machine)))
        self.answering = Answering(self.machine, self.bindings)
        self._reads = {known: self._needed(known) for known in bot.components}
        self._calls: dict[tuple[str, tuple[Value | None, ...]], Call] = {}
        self._asked: dict[tuple[object, ...], tuple[Move, ...]] = {}
        self._silence = passing(
            (bounds.max_age_s + 1) * 1000, "q", "silence", f"the user is silent for {bounds.max_age_s + 1} s"
        )

    @property
    def symmetric(self) -> bool:
        """Whether no condition can tell one code from another but by being the same."""
        literals = {text for name in self.bindings.compared for text in self.bindings.literals(name)}
        return not self.bindings.orders and not any(self.pool.codes_in(text) for text in literals)

    def starts(self) -> tuple[Move, ...]:
        """Return the ways a chat can begin: of a fresh contact, and with one attribute left over, each at a time.

        Their keys count all attributes, so that a token is the same whichever of them a search keeps.
        """
        fresh = Move(key="S", kind="start", label="a chat begins", cost=STEP, happens=Started(now_ms=0))
        live = self.liveness.ahead(self.machine.bot.start, restart=False).attributes
        told = "a chat begins with {} left over from an earlier one"
        names = sorted({*all_reads(self.machine), *live})
        left = enumerate((name, text) for name in names for text in self._left_over(name))
        begun = (inheriting(number, name, text, told.format(name)) for number, (name, text) in left if name in live)
        return (fresh, *begun)

    def _left_over(self, name: str) -> tuple[str, ...]:
        """Return what may be left in an attribute: texts that make a difference."""
        bindings, profile = self.bindings, self.machine.profile
        if name in bindings.system or name in bindings.user:
            return (self.pool.stale, *(text for text in bindings.literals(name) if text))
        if name in bindings.phones:
            found = machines.answers.phone(PHONES["GB"][1])
            return (found.render(profile.phone_rendering) if found else "",)
        texts = ((profile.flag_ok,) if name in bindings.flags else ()) + bindings.literals(name)
        return tuple(dict.fromkeys(text for text in texts if text)) or (LEFT_OVER,)

    def moves(self, state: State, ghost: Ghost, fresh: tuple[str, str] | None = None) -> tuple[Move, ...]:
        """Return what may happen in `state`, always in the same order; `fresh` are the codes that a send makes next."""
        match state.phase:
            case "asking":
                return self._answers(state, ghost)
            case "delayed":
                return self._delayed(state, ghost)
            case "calling":
                made = fresh or self.pool.fresh(codes_of(self.pool, state.attributes, state.queued, ghost))
                return self.answering.moves(self.call(state), made, (state,))
            case "ended":
                return self._restart(ghost)
            case _:
                return self.starts()

    def call(self, state: State) -> Call:
        """Return the call whose answer a state waits for."""
        component = self.machine.bot.components[state.at]
        attributes = dict(state.attributes)
        key = (state.at, tuple([attributes.get(name) for name in self._reads[state.at]]))
        known = self._calls.get(key)
        if known is None:
            assert isinstance(component, ApiCall)  # noqa: S101  # no other component calls
            api = self.machine.bot.apis[component.api]
            body = render.body(api, attributes, self.machine)
            request = render.request(api, attributes, self.machine, body)
            known = self._calls[key] = Call(
                component=state.at, api=api.name, role=api.role, number=0, request=request, body=body
            )
        if known.number == state.call:
            return known
        return Call(
            component=known.component,
            api=known.api,
            role=known.role,
            number=state.call,
            request=known.request,
            body=known.body,
        )

    def _needed(self, known: str) -> tuple[str, ...]:
        found = reads(self.machine, self.machine.bot.components[known])
        return tuple(sorted(all_reads(self.machine) if self.machine.profile.references == "recursive" else found))

    def _answers(self, state: State, ghost: Ghost) -> tuple[Move, ...]:
        asked = machines.question(self.machine, state)
        actions = tuple(name for name in self._pressable(ghost) if machines.can(self.machine, state, name))
        silent = ghost.sent is not None and ghost.age_s <= self.bounds.max_age_s
        again = ghost.restarts < self.bounds.restarts
        alone = self._alone(state, ghost)
        held = {} if asked is None else self.bindings.held((asked.save or "",), state)
        told = tuple([(name, value.text) for name, value in held.items()])
        key = (state.at, ghost.newest, ghost.previous, actions, silent, again, alone, told)
        known = self._asked.get(key)
        if known is None and asked is not None:
            said = tuple(self._typed(asked, ghost, held, alone=alone))
            pressed = tuple(pressing(name) for name in actions)
            waited = (self._silence,) if silent else ()
            known = self._asked[key] = (*said, *pressed, *waited, *self._restart(ghost))
        return known or ()

    def _pressable(self, ghost: Ghost) -> tuple[str, ...]:
        return ("skip", "back") if ghost.backs < self.bounds.backs else ("skip",)

    def _alone(self, state: State, ghost: Ghost) -> bool:
        """Say whether nothing here knows of a phone yet, so that the first one to come may be called A."""
        known = ghost.sent is not None or ghost.phones or self.bindings.phone(state) is not None
        return not known and not any(name in self.bindings.compared for name in self.bindings.phones)

    def _typed(
        self, asked: Question | Choice, ghost: Ghost, held: Mapping[str, Value], *, alone: bool
    ) -> Iterator[Move]:
        for found in classes(asked, ghost, self.bindings, self.pool, alone=alone, held=held):
            yield typing(found.key, found.name, found.text, odd=found.odd)

    def _delayed(self, state: State, ghost: Ghost) -> tuple[Move, ...]:
        key = (state.at, state.due_ms - state.now_ms, ghost.newest, bool(state.queued))
        known = self._asked.get(key)
        if known is None:
            passed = passing(state.due_ms - state.now_ms, "t", "time", "the delay passes")
            known = self._asked[key] = (passed, *(() if state.queued else self._early(ghost)))
        return known

    def _early(self, ghost: Ghost) -> Iterator[Move]:
        for found in early(ghost, self.bindings):
            yield typing(found.key, found.name, found.text, odd=found.odd, early=True)

    def _restart(self, ghost: Ghost) -> tuple[Move, ...]:
        return (pressing("restart"),) if ghost.restarts < self.bounds.restarts else ()
