"""What a dynamic rule looks at, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pytest_botpenguin_otp.bot import ApiCall
from pytest_botpenguin_otp.explorer import Transition, is_strange, refusal, witness
from pytest_botpenguin_otp.explorer.bindings import Bindings
from pytest_botpenguin_otp.machine import Wait
from pytest_botpenguin_otp.rules import reading, wiring

if TYPE_CHECKING:
    from pytest_botpenguin_otp.bot import Component
    from pytest_botpenguin_otp.explorer import Bounds, Move, Witness
    from pytest_botpenguin_otp.machine import Machine
    from pytest_botpenguin_otp.values import Value

__all__ = ["Hit", "Scene", "Watch", "WatchOf"]

BAD_REQUEST = 400


class Hit(NamedTuple):
    """A broken promise: the place at fault, and what happened there.

    What should be so at the end of the chat that shows it is told by one of four: `expect` as YAML, `fewer` as the API
    that is called that many times too often, `later_s` as the seconds that it is too early, `step` as a step of a chat.
    `way` holds the keys of its moves where those are more than the way that led there. `remedy` is what is missing
    here, where the catalogue's says too much, and `fix` what mends that. `typed` gives what is typed in the place of
    the newest code, where another one is the newest once the bot is mended. `holds` says, when all has been seen,
    whether it is broken after all; where that is known at once, it is None.
    """

    place: str
    told: str
    expect: str = "{verified: false}"
    fewer: tuple[str, int] = ("", 0)
    later_s: int = 0
    step: str = ""
    way: tuple[str, ...] = ()
    remedy: str = ""
    fix: str = ""
    typed: Callable[[Witness], str] | None = None
    holds: Callable[[], bool] | None = None


Watch = Callable[[Transition], Hit | None]
"""Looks at one transition after the other, the cheapest first."""

WatchOf = Callable[["Scene"], Watch]
"""Makes a watch for one exploration."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One bot under one profile, as the rules see it."""

    machine: Machine
    bindings: Bindings
    bounds: Bounds
    doors: frozenset[str]
    asking_code: frozenset[str]
    asking_phone: frozenset[str]
    checked: dict[tuple[str, str], str]

    @classmethod
    def of(cls, machine: Machine, bounds: Bounds) -> Scene:
        """Read a bot once for all rules."""
        bot = machine.bot
        return cls(
            machine=machine,
            bindings=Bindings(machine),
            bounds=bounds,
            doors=frozenset(finding.place for finding in wiring.side_doors(bot)),
            asking_code=frozenset(known.id for known in reading.code_questions(bot)),
            asking_phone=frozenset(known.id for known in reading.phone_questions(bot)),
            checked={},
        )

    def component(self, known: str) -> Component:
        """Return a component by its id."""
        return self.machine.bot.components[known]

    def role(self, known: str) -> str | None:
        """Return the role of the API that a component calls, if it calls any."""
        component = self.machine.bot.components.get(known)
        return self.machine.bot.apis[component.api].role if isinstance(component, ApiCall) else None

    def answers(self, transition: Transition, role: str) -> bool:
        """Say whether a call of this role gets its answer."""
        return transition.call is not None and transition.call.role == role

    def refusal(self, transition: Transition) -> int:
        """Return the status by which a verify call may tell a wrong code: no flow can tell it from an error."""
        component = self.component(transition.before.state.at)
        told = None
        if isinstance(component, ApiCall) and is_strange(self.machine.bot.apis[component.api]):
            told = refusal(component).status
        return told or BAD_REQUEST

    def pair(self, transition: Transition) -> tuple[Value | None, Value | None]:
        """Return the sent and the typed code of the verify call that gets its answer."""
        assert transition.call is not None  # noqa: S101  # asked for answers only
        return self.bindings.pair(transition.before.state, transition.call.api)

    def protected(self, transition: Transition) -> str | None:
        """Return the protected component that acts first, if any does."""
        after, protected = transition.after.state, self.machine.bot.protected
        acting = [effect.component for effect in transition.effects if not isinstance(effect, Wait)]
        if after.phase != "delayed":
            acting.append(after.at)
        if not transition.before.state.verified and after.verified:
            acting.extend(sorted(protected))
        return next((known for known in acting if known in protected), None)

    def verified_at(self, transition: Transition) -> str:
        """Return the verify call that a transition follows from."""
        before = transition.before.state
        if self.answers(transition, "verify"):
            return before.at
        check = transition.after.ghost.check
        key = (before.at, "" if check is None else check.flaw)
        if key not in self.checked:
            found = witness(self.machine, transition.path, bounds=self.bounds)
            self.checked[key] = next(
                one.before.state.at for one in reversed(found.taken) if self.role(one.before.state.at) == "verify"
            )
        return self.checked[key]

    def shown(self, moves: tuple[Move, ...]) -> Witness:
        """Return a way as it happens."""
        return witness(self.machine, moves, bounds=self.bounds)
