"""What the rest of a chat can still read, by data flow over the bot's graph."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import ApiCall, Choice, End, IfElse, Message, Question, Redirect
from pytest_botpenguin_otp.bot.graph import following
from pytest_botpenguin_otp.explorer.bindings import comparisons
from pytest_botpenguin_otp.template import parse, references

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_botpenguin_otp.bot import Component
    from pytest_botpenguin_otp.explorer.bindings import Bindings
    from pytest_botpenguin_otp.explorer.bounds import Bounds
    from pytest_botpenguin_otp.machine import Machine

__all__ = ["Ahead", "Liveness", "all_reads", "reads"]

NOTHING: frozenset[str] = frozenset()
SUCCESS = 2
Edge = tuple[str, frozenset[str]]
"""A component that may come next, and the attributes that are surely overwritten on the way."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What may come from a component on: attributes that are read before they are overwritten, sends, verifies.

    Only the attributes look beyond a restart, which begins everything else anew; `again` says that a verify, or a
    question for a code, may follow one. `check` says that a protected component may be reached without another verify,
    `asked` that a code is still asked for by such a question, `typed` that the answer to one is still to be read.
    """

    attributes: frozenset[str]
    send: bool
    verify: bool
    check: bool
    typed: bool
    again: bool = False
    asked: bool = False


LATE = Ahead(NOTHING, send=False, verify=False, check=False, typed=False)
"""Nothing comes any more."""


def reads(machine: Machine, component: Component) -> frozenset[str]:
    """Return the attributes that a component reads where it acts."""
    match component:
        case ApiCall(api=api):
            return frozenset(machine.bot.apis[api].reads)
        case IfElse(branches=branches):
            found = [compare for branch in branches for compare in comparisons(branch.when)]
            inside = (name for compare in found for value in compare.values for name in references(value))
            return frozenset((*(compare.attribute for compare in found), *inside))
        case Question():
            error = references(component.error_message or parse(machine.profile.default_error))
            kept = (component.save,) if component.skip_if_answered else ()
            return frozenset((*references(component.message), *error, *kept))
        case Message() | Redirect() | Choice() | End():
            return frozenset(references(component.message or ()))
        case _:
            return NOTHING


def all_reads(machine: Machine) -> frozenset[str]:
    """Return the attributes that anything in a bot reads."""
    return NOTHING.union(*(reads(machine, component) for component in machine.bot.components.values()))


class Liveness:
    """What comes from each component on, with a restart left and without."""

    def __init__(self, machine: Machine, bindings: Bindings, bounds: Bounds) -> None:
        self._machine, self._bindings, self._keep = machine, bindings, bounds.keep
        self._everything = self._all()
        self._back = tuple(
            known.id
            for known in machine.bot.components.values()
            if isinstance(known, Question | Choice) and self._any_back
        )
        self._last = self._table(restart=False)
        self._more = self._table(restart=True)
        self.trails = self._any_back
        self.counts_sends = self._counts("send", bounds.sends)
        self.counts_fails = self._counts("verify", bounds.fails)
        self.counts_verifies = bounds.verifies is not None and self._counts("verify", bounds.verifies)

    @property
    def _any_back(self) -> bool:
        return any(isinstance(known, Question) and known.allow_back for known in self._machine.bot.components.values())

    def anew(self, *, restart: bool) -> Ahead:
        """Return what may come after the end of a chat: nothing, or the same chat again."""
        if not restart:
            return LATE
        kept = self._machine.profile.restart_attributes == "kept"
        start = self._more[self._machine.bot.start]
        return replace(LATE, attributes=start.attributes if kept else NOTHING, again=start.again)

    def ahead(self, at: str, *, restart: bool) -> Ahead:
        """Return what may come from the component `at` on."""
        return (self._more if restart else self._last)[at]

    def _table(self, *, restart: bool) -> Mapping[str, Ahead]:
        bot = self._machine.bot
        edges = {known: tuple(self._edges(component, restart=restart)) for known, component in bot.components.items()}
        uses = {known: self._uses(component) for known, component in bot.components.items()}
        attributes = _fixpoint(edges, uses)
        last = {known: self._edges(component, restart=False) for known, component in bot.components.items()}
        plain = {known: tuple((to, NOTHING) for to, _ in found) for known, found in last.items()}
        calls = {
            role: {known: frozenset({role}) for known in self._bindings.calls(role)} for role in ("send", "verify")
        }
        sends, verifies = _fixpoint(plain, calls["send"]), _fixpoint(plain, calls["verify"])
        checks = _fixpoint(*self._checking())
        asks = _fixpoint(plain, {known: self._asks(component) for known, component in bot.components.items()})
        return {
            known: Ahead(
                attributes[known] | self._keep,
                send=bool(sends[known]),
                verify=bool(verifies[known]),
                check=bool(checks[known]),
                typed=not attributes[known].isdisjoint(self._bindings.user),
                again=restart and bool(verifies[bot.start] or asks[bot.start]),
                asked=bool(asks[known]),
            )
            for known in bot.components
        }

    def _asks(self, component: Component) -> frozenset[str]:
        """Say whether a component asks for a code that a condition, not a call, holds against the one sent."""
        asked = isinstance(component, Question) and component.save in self._bindings.by_hand
        return frozenset({"asked"}) if asked else NOTHING

    def _counts(self, role: str, limit: int) -> bool:
        """Say whether one chat can come to more than `limit` calls of a role: by going round, or by one long way."""
        calls = self._bindings.calls(role)
        components = self._machine.bot.components
        onward = {
            known: [to for to, _ in self._edges(component, restart=False)] for known, component in components.items()
        }
        return any(count > limit for count in _most(onward, calls, limit).values())

    def _edges(self, component: Component, *, restart: bool) -> Iterable[Edge]:
        profile = self._machine.profile
        if restart:
            kept_all = profile.restart_attributes == "kept"
            yield self._machine.bot.start, NOTHING if kept_all else self._everything
        match component:
            case ApiCall(responses=responses, api=api):
                saved = frozenset(name for name, _ in self._machine.bot.apis[api].save)
                for code, known in responses.items():
                    yield known, saved if self._overwrites(code) else NOTHING
            case Question():
                kept = component.allow_skip or component.skip_if_answered
                yield component.next, NOTHING if kept else frozenset({component.save})
                if component.allow_back:
                    yield from ((known, NOTHING) for known in self._back)
            case Choice(save=str(save)):
                yield from ((known, frozenset({save})) for known in following(component))
            case _:
                yield from ((known, NOTHING) for known in following(component))

    def _all(self) -> frozenset[str]:
        bot = self._machine.bot
        questions = (known for known in bot.components.values() if isinstance(known, Question | Choice))
        saved = (name for api in bot.apis.values() for name, _ in api.save)
        used = (name for known in bot.components.values() for name in self._uses(known))
        return frozenset((*(known.save or "" for known in questions), *saved, *used))

    def _overwrites(self, code: str) -> bool:
        profile = self._machine.profile
        if profile.missing_path == "keep" or code == "no_response":
            return False
        return profile.saves_when == "always" or (code.isdecimal() and int(code) // 100 == SUCCESS)

    def _uses(self, component: Component) -> frozenset[str]:
        """Return what a component reads; with it, where a typed reference is followed, the code."""
        found = reads(self._machine, component)
        recursive = found and self._machine.profile.references == "recursive"
        return found | frozenset(self._bindings.system) if recursive else found

    def _checking(self) -> tuple[Mapping[str, tuple[Edge, ...]], Mapping[str, frozenset[str]]]:
        bot, verifying = self._machine.bot, self._bindings.calls("verify")
        edges: dict[str, tuple[Edge, ...]] = {}
        for known, component in bot.components.items():
            found = self._edges(component, restart=False) if known not in verifying else ()
            edges[known] = tuple((to, NOTHING) for to, _ in found)
        return edges, {known: frozenset({"check"}) for known in bot.protected}


def _fixpoint(edges: Mapping[str, tuple[Edge, ...]], uses: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Solve, backwards: what a component uses, and what those after it use and the way there does not overwrite."""
    live = {known: uses.get(known, NOTHING) for known in edges}
    before: dict[str, list[str]] = {known: [] for known in edges}
    for known, found in edges.items():
        for to, _ in found:
            before[to].append(known)
    waiting = dict.fromkeys(edges)
    while waiting:
        known, _ = waiting.popitem()
        grown = uses.get(known, NOTHING).union(*(live[to] - over for to, over in edges[known]))
        if grown != live[known]:
            live[known] = grown
            waiting.update(dict.fromkeys(before[known]))
    return live


def _most(onward: Mapping[str, list[str]], wanted: frozenset[str], limit: int) -> dict[str, int]:
    """Return how many of `wanted` a way from each component on can meet at most, counted up to one past `limit`."""
    most = dict.fromkeys(onward, 0)
    changed = True
    while changed:
        changed = False
        for known, following_ones in reversed(list(onward.items())):
            count = min((known in wanted) + max((most[to] for to in following_ones), default=0), limit + 1)
            if count > most[known]:
                most[known] = count
                changed = True
    return most
