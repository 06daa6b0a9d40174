"""How a bot's chats can come out, and what of the bot is never used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import ApiCall, Choice, IfElse
from pytest_botpenguin_otp.bot.graph import loop_from
from pytest_botpenguin_otp.explorer.search import Exploration, Transition, explore
from pytest_botpenguin_otp.machine import Ask, Passed, Replied, Wait, conditions, render, step
from pytest_botpenguin_otp.values import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_botpenguin_otp.explorer.bounds import Bounds
    from pytest_botpenguin_otp.explorer.moves import Move
    from pytest_botpenguin_otp.machine import Machine, State
    from pytest_botpenguin_otp.template import Template

__all__ = ["Outcome", "Outcomes", "Seen", "outcomes"]

Outcome = tuple[str, bool]
"""How a chat ended (`waiting`: it has not), and whether its user was verified."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What a whole exploration reached.

    `reached` holds, for each way a chat can come out, a shortest chat that does (`loop`: without another word of the
    user it goes from delay to delay for ever); `mappings` the response mappings that
    were followed, as component and code; `never_mapped` and `never_reached` what no chat comes to.
    """

    exploration: Exploration
    reached: Mapping[Outcome, tuple[Move, ...]]
    mappings: Mapping[tuple[str, str], tuple[Move, ...]] = field(repr=False)
    never_mapped: tuple[tuple[str, str], ...]
    never_reached: tuple[str, ...]


class Seen:
    """Notes, transition by transition, what is reached; give it to `explore` as a watch, alone or among others."""

    def __init__(self, machine: Machine) -> None:
        self._machine, self._bot = machine, machine.bot
        self.reached: dict[Outcome, tuple[Move, ...]] = {}
        self.mappings: dict[tuple[str, str], tuple[Move, ...]] = {}
        self.components: set[str] = set()
        self._rounds: dict[str, bool] = {}

    def __call__(self, transition: Transition) -> None:
        """Note one transition."""
        state, before = transition.after.state, transition.before.state
        if state.phase in ("asking", "ended"):
            outcome = (state.ended or "waiting", state.verified)
            if outcome not in self.reached:
                self.reached[outcome] = transition.path
        if state.phase == "delayed" and self._goes_round(state):
            self.reached.setdefault(("loop", state.verified), transition.path)
        if before.phase == "calling":
            self._map(transition, before.at)
        if len(self.components) < len(self._bot.components):
            self._enter(transition)

    def _goes_round(self, state: State) -> bool:
        """Say whether a chat that nobody disturbs comes from one delay to the next until it is ended for that."""
        if not self._rounds.setdefault(state.at, bool(loop_from(self._bot, state.at))):
            return False
        while state.phase == "delayed":
            state, _ = step(self._machine, state, Passed(now_ms=state.due_ms))
        return state.ended == "loop"

    def _enter(self, transition: Transition) -> None:
        """Note every component that acted, those too that say nothing: conditions, and questions answered before."""
        state = transition.after.state
        self.components.add(state.at)
        self.components.update(effect.component for effect in transition.effects if not isinstance(effect, Wait))
        at, met = self._first(transition), set[str]()
        while at is not None and at not in met and (at != state.at or state.ended == "loop"):
            met.add(at)
            self.components.add(at)
            component = self._bot.components[at]
            onward = getattr(component, "next", None)
            at = self._chosen(component, state) if isinstance(component, IfElse) else onward

    def _first(self, transition: Transition) -> str | None:
        """Return the component that a move led to first."""
        before, effects = transition.before.state, transition.effects
        if transition.move.kind == "start" or transition.move.input == "restart":
            return self._bot.start
        component = self._bot.components[before.at]
        if before.phase == "delayed":
            return None if transition.move.kind == "early" else before.at
        happens = transition.move.happens
        if isinstance(component, ApiCall):
            mapped = component.responses.get("no_response")
            if isinstance(happens, Replied):
                mapped = component.responses.get(str(happens.status)) or component.responses.get("others")
            return mapped
        asked_again = any(isinstance(effect, Ask) and effect.component == before.at for effect in effects)
        if isinstance(component, Choice):
            return next((option.next for option in component.options if option.text == transition.move.text), None)
        taken = transition.move.kind in ("say", "press") and not asked_again and transition.move.input != "back"
        return getattr(component, "next", None) if taken else None

    def _chosen(self, component: IfElse, state: State) -> str:
        attributes = dict(state.attributes)

        def plainly(template: Template) -> str:
            return plain(render.fill(template, attributes, self._machine, self._machine.profile.unset_in_message))

        held = (branch.next for branch in component.branches if conditions.holds(branch.when, attributes, plainly))
        return next(held, component.otherwise)

    def _map(self, transition: Transition, at: str) -> None:
        component = self._bot.components[at]
        responses = component.responses if isinstance(component, ApiCall) else {}
        happens = transition.move.happens
        code = str(happens.status) if isinstance(happens, Replied) else "no_response"
        code = code if code in responses or code == "no_response" else "others"
        if code in responses and (at, code) not in self.mappings:
            self.mappings[at, code] = transition.path

    def done(self, exploration: Exploration) -> Outcomes:
        """Return what was seen in the whole of an exploration."""
        bot = self._bot
        wanted = [
            (known, code)
            for known, component in bot.components.items()
            if isinstance(component, ApiCall)
            for code in component.responses
        ]
        return Outcomes(
            exploration=exploration,
            reached=self.reached,
            mappings=self.mappings,
            never_mapped=tuple(mapping for mapping in wanted if mapping not in self.mappings),
            never_reached=tuple(known for known in bot.components if known not in self.components),
        )


def outcomes(machine: Machine, *, bounds: Bounds | None = None, clock: Callable[[], float] | None = None) -> Outcomes:
    """Explore a bot under a profile, and tell how its chats can come out."""
    seen = Seen(machine)
    return seen.done(explore(machine, bounds=bounds, watch=seen, clock=clock))
