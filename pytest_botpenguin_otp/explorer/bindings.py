"""What the attributes of a bot are for, seen from its two OTP calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import ApiCall, Choice, Compare, End, Group, IfElse, Question
from pytest_botpenguin_otp.bot.graph import reached
from pytest_botpenguin_otp.explorer.texts import Texts
from pytest_botpenguin_otp.template import Ref, references

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_botpenguin_otp.bot import Condition
    from pytest_botpenguin_otp.machine import Machine, State
    from pytest_botpenguin_otp.values import Value

__all__ = ["Bindings", "comparisons"]


class Bindings:
    """Which attributes feed systemOtp, userOtp and toNumber, which are compared with what, and where each is asked."""

    def __init__(self, machine: Machine) -> None:
        self._bot, self.profile = machine.bot, machine.profile
        apis = self._bot.apis.values()
        self.pairs = {
            api.name: (self._feeding(api.name, "systemOtp"), self._feeding(api.name, "userOtp")) for api in apis
        }
        verify = [self.pairs[api.name] for api in apis if api.role == "verify"]
        self.system = tuple(dict.fromkeys(pair[0] for pair in verify if pair[0] is not None))
        fed = (self._feeding(api.name, "toNumber") for api in apis if api.role == "send")
        self.phones = tuple(dict.fromkeys(known for known in fed if known is not None))
        self.sent = frozenset(name for api in apis for name in api.reads)
        self.flags = frozenset(name for api in apis if api.role == "verify" for name, _ in api.save)
        self.behind = frozenset(reached(self._bot, sorted(self._bot.protected)))
        self.hands_over = not self.behind.isdisjoint(self._handovers())
        self.compared = self._compared()
        self.by_hand = self._by_hand()
        self.user = tuple(dict.fromkeys((*(pair[1] for pair in verify if pair[1] is not None), *self.by_hand)))
        self.texts = Texts(machine, self.compared)

    def _handovers(self) -> tuple[str, ...]:
        parts = self._bot.components.values()
        return tuple(part.id for part in parts if isinstance(part, End) and part.kind == "live_chat")

    def _feeding(self, api: str, key: str) -> str | None:
        """Return the attribute that alone stands at `key` of an api's body."""
        found = [part for part in self._bot.apis[api].body or () if isinstance(part, Ref) and part.field == key]
        return found[0].attribute if len(found) == 1 else None

    def _compared(self) -> dict[str, tuple[Compare, ...]]:
        found: dict[str, list[Compare]] = {}
        for component in self._bot.components.values():
            for branch in component.branches if isinstance(component, IfElse) else ():
                for compare in comparisons(branch.when):
                    found.setdefault(compare.attribute, []).append(compare)
        return {name: tuple(dict.fromkeys(known)) for name, known in found.items()}

    def _by_hand(self) -> tuple[str, ...]:
        """Return the answers that a condition holds against the code itself, without any call."""
        saves = (pair for api in self._bot.apis.values() if api.role == "send" for pair in api.save)
        sent = {*self.system, *(name for name, path in saves if path == self.profile.code_path)}
        asked = {self.saved_at(known) for known in self._bot.components} - sent
        pairs = (
            {compare.attribute, *references(template)}
            for known in self.compared.values()
            for compare in known
            for template in compare.values
        )
        return tuple(sorted({name for pair in pairs if pair & sent for name in pair & asked if name is not None}))

    def literals(self, attribute: str) -> tuple[str, ...]:
        """Return the texts that a condition compares `attribute` with; for a number also the next ones to it."""
        return self.texts.literals(attribute)

    def held(self, attributes: Iterable[str], state: State) -> dict[str, Value]:
        """Return what is held by those attributes that a condition compares with `attributes`."""
        names = (name for known in attributes for name in self.texts.partners(known))
        found = {name: state.get(name) for name in sorted(set(names))}
        return {name: value for name, value in found.items() if value is not None}

    def saved_at(self, known: str) -> str | None:
        """Return the attribute that the question `known` saves, if it is one."""
        component = self._bot.components[known]
        return component.save if isinstance(component, Question | Choice) else None

    def asks_code(self, known: str) -> bool:
        """Say whether the component `known` asks for the code."""
        return self.saved_at(known) in self.user

    def pair(self, state: State, api: str) -> tuple[Value | None, Value | None]:
        """Return the values that feed systemOtp and userOtp of a verify API."""
        system, user = self.pairs[api]
        return (None if system is None else state.get(system)), (None if user is None else state.get(user))

    def phone(self, state: State) -> Value | None:
        """Return the number that a code would be sent to now."""
        return next((value for value in map(state.get, self.phones) if value is not None), None)

    @property
    def orders(self) -> tuple[Compare, ...]:
        """The comparisons by size, for which codes are not all the same."""
        return tuple(
            found for known in self.compared.values() for found in known if found.operator in ("greater", "less")
        )

    def calls(self, role: str) -> frozenset[str]:
        """Return the components that call an API of this role."""
        found = ((known.id, known.api) for known in self._bot.components.values() if isinstance(known, ApiCall))
        return frozenset(known for known, api in found if self._bot.apis[api].role == role)


def comparisons(condition: Condition) -> Iterator[Compare]:
    """Yield every comparison inside a condition."""
    if isinstance(condition, Group):
        for part in condition.conditions:
            yield from comparisons(part)
    else:
        yield condition
