"""Which component and which attribute of one bot is which of another, whatever they are called."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import ApiCall, Choice, End, IfElse, Message, Question, Redirect
from pytest_botpenguin_otp.bot.graph import following
from pytest_botpenguin_otp.explorer.bindings import comparisons
from pytest_botpenguin_otp.template import Ref, SecretRef, references

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_botpenguin_otp.bot import Api, Bot, Component
    from pytest_botpenguin_otp.template import Template

__all__ = ["Matching", "match", "same", "written"]

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """What of two bots belongs together: `components` and `attributes` lead from the old name to the new one.

    `changed` are the components of the new bot that do something else than their counterpart in the old one, or have
    none; `worded` those of them that only say the same in other words; `gone` those of the old bot that have none.
    """

    components: Mapping[str, str]
    attributes: Mapping[str, str]
    changed: frozenset[str]
    gone: frozenset[str]
    worded: frozenset[str] = frozenset()

    def partner(self, attribute: str) -> str | None:
        """Return the new bot's attribute for one of the old bot: of the same name, unless that belongs to another."""
        if attribute in self.attributes:
            return self.attributes[attribute]
        return None if attribute in self.attributes.values() else attribute


def same(old: Bot, new: Bot) -> bool:
    """Say whether two bots are the same but for their names, and for where in their files things stand."""
    return (
        old.start == new.start
        and old.protected == new.protected
        and {known: replace(part, place="") for known, part in old.apis.items()}
        == {known: replace(part, place="") for known, part in new.apis.items()}
        and {known: replace(part, place="") for known, part in old.components.items()}
        == {known: replace(part, place="") for known, part in new.components.items()}
    )


def match(old: Bot, new: Bot) -> Matching:
    """Walk both bots side by side from their starts, and note what stands in the same place.

    A component that keeps its name is itself; another one is taken for renamed where it does the same, or where
    neither name is known to the other bot.
    """
    components = _Walk(old, new).all()
    votes: Counter[Pair] = Counter()
    for one, other in components.items():
        pairs = zip(_attributes(old, old.components[one]), _attributes(new, new.components[other]), strict=False)
        votes.update(pairs)
    attributes: dict[str, str] = {}
    ranked = sorted(votes, key=lambda pair: (-votes[pair], pair[0] != pair[1], sorted(pair)))
    for one, other in ranked:
        if one not in attributes and other not in attributes.values():
            attributes[one] = other
    changed = _changed(old, new, components, attributes)
    added = new.components.keys() - components.values()
    return Matching(
        components=MappingProxyType(components),
        attributes=MappingProxyType(attributes),
        changed=frozenset(changed | added),
        gone=frozenset(old.components.keys() - components.keys()),
        worded=frozenset(changed - _changed(_silenced(old), _silenced(new), components, attributes)),
    )


def _changed(old: Bot, new: Bot, components: Mapping[str, str], names: Mapping[str, str]) -> set[str]:
    """Return the components of the new bot that do something else than their counterpart."""
    told = _Telling(old, components, names)
    counterparts = _Telling(new, *({known: known for known in found.values()} for found in (components, names)))
    return {other for one, other in components.items() if told(one) != counterparts(other)}


def _silenced(bot: Bot) -> Bot:
    """Return a bot that says nothing, and does the same."""
    components = {known: _mute(component) for known, component in bot.components.items()}
    return replace(bot, components=MappingProxyType(components))


def _mute(component: Component) -> Component:
    match component:
        case Question():
            return replace(component, message=(), error_message=None)
        case Message() | Choice() | Redirect() | End():
            return replace(component, message=())
        case _:
            return component


class _Walk:
    def __init__(self, old: Bot, new: Bot) -> None:
        self._old, self._new = old, new
        self._found: dict[str, str] = {}
        self._taken: set[str] = set()

    def all(self) -> dict[str, str]:
        """Return each component of the old bot that has a counterpart, with it."""
        met: set[Pair] = set()
        waiting = {(self._old.start, self._new.start)}
        while waiting:
            met |= waiting
            following_ones = [after for pair in sorted(waiting, key=self._likeness) for after in self._after(*pair)]
            waiting = set(following_ones) - met
        for known, component in self._old.components.items():
            there = self._new.components.get(known)
            if there is not None and type(there) is type(component):
                self._note(known, known)
        return self._found

    def _likeness(self, pair: Pair) -> tuple[object, ...]:
        """Sort the likeliest first; of two as likely it does not matter which bot is the old one."""
        here, there = self._old.components[pair[0]], self._new.components[pair[1]]
        looks_alike = type(here) is type(there) and _looks(self._old, here) == _looks(self._new, there)
        return pair[0] != pair[1], not looks_alike, sorted(pair)

    def _after(self, one: str, other: str) -> list[Pair]:
        """Note a pair that is alike, and return what comes after it."""
        here, there = self._old.components[one], self._new.components[other]
        if self._alike(here, there):
            self._note(one, other)
            return list(_edges(here, there))
        added = other not in self._old.components
        removed = one not in self._new.components
        return [
            *((one, known) for known in following(there) if added),
            *((known, other) for known in following(here) if removed),
        ]

    def _note(self, one: str, other: str) -> None:
        if one not in self._found and other not in self._taken:
            self._found[one] = other
            self._taken.add(other)

    def _alike(self, here: Component, there: Component) -> bool:
        if type(here) is not type(there):
            return False
        unknown = here.id not in self._new.components and there.id not in self._old.components
        return here.id == there.id or unknown or _looks(self._old, here) == _looks(self._new, there)


def _edges(here: Component, there: Component) -> Iterator[Pair]:
    """Yield what comes after both by the same way."""
    if isinstance(here, ApiCall) and isinstance(there, ApiCall):
        yield from ((known, there.responses[code]) for code, known in here.responses.items() if code in there.responses)
    elif isinstance(here, Choice) and isinstance(there, Choice):
        options = {option.text: option.next for option in there.options}
        yield from ((option.next, options[option.text]) for option in here.options if option.text in options)
        yield from zip(following(here), following(there), strict=False)
    elif isinstance(here, IfElse) and isinstance(there, IfElse):
        yield here.otherwise, there.otherwise
        yield from zip(
            (branch.next for branch in here.branches), (branch.next for branch in there.branches), strict=False
        )
    else:
        yield from zip(following(here), following(there), strict=False)


def _blank(template: Template | None) -> tuple[str, ...]:
    """Return a template with the names of its attributes left out."""
    return tuple(_part(part, {}) if not isinstance(part, Ref) else "{{}}" for part in template or ())


def written(template: Template | None, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return a template as it is written, in the names of the other bot."""
    return tuple(_part(part, names) for part in template or ())


def _part(part: object, names: Mapping[str, str]) -> str:
    match part:
        case Ref(attribute=attribute, field=field):
            return f"{{{{{names.get(attribute, attribute)}}}}}{field}"
        case SecretRef(name=name, field=field):
            return f"${{{name}}}{field}"
        case _:
            return str(getattr(part, "text", part))


def _looks(bot: Bot, component: Component) -> tuple[object, ...]:
    """Return what is seen of a component without any name in it."""
    match component:
        case Message(message=message) | Choice(message=message):
            return (*_blank(message), component.delay_ms)
        case Question(message=message, kind=kind):
            return (kind, *_blank(message))
        case Redirect(message=message) | End(message=message):
            return (getattr(component, "kind", ""), *_blank(message))
        case ApiCall(api=api, responses=responses):
            return (bot.apis[api].method, *_blank(bot.apis[api].url), component.delay_ms, *responses)
        case IfElse(branches=branches):
            compares = [compare for branch in branches for compare in comparisons(branch.when)]
            return tuple((compare.operator, *map(_blank, compare.values)) for compare in compares)
        case _:
            return ()


def _templates(api: Api) -> list[Template]:
    return [api.url, *(text for _, text in (*api.params, *api.headers)), api.body or ()]


def _attributes(bot: Bot, component: Component) -> Iterator[str]:
    """Yield every attribute that a component names, in the order of its settings."""
    match component:
        case ApiCall(api=api):
            for template in _templates(bot.apis[api]):
                yield from references(template)
            yield from (name for name, _ in bot.apis[api].save)
        case IfElse(branches=branches):
            for compare in (compare for branch in branches for compare in comparisons(branch.when)):
                yield compare.attribute
                for value in compare.values:
                    yield from references(value)
        case Question(save=save, message=message):
            yield save
            yield from references(message)
            yield from references(component.error_message or ())
        case _:
            saved = getattr(component, "save", None)
            yield from (saved,) if saved else ()
            yield from references(getattr(component, "message", None) or ())


class _Telling:
    """Tells all that a component does, in the names of the new bot; what has no counterpart there keeps its own."""

    def __init__(self, bot: Bot, components: Mapping[str, str], names: Mapping[str, str]) -> None:
        used = {name for component in bot.components.values() for name in _attributes(bot, component)}
        self._bot = bot
        self._components = {known: components.get(known, f"only {known}") for known in bot.components}
        self._names = {name: names.get(name, f"only {name}") for name in used}

    def __call__(self, known: str) -> tuple[object, ...]:
        """Return all that a component does."""
        component = self._bot.components[known]
        onward = tuple(self._components[one] for one in following(component))
        attributes = tuple(self._names[name] for name in _attributes(self._bot, component))
        settings = (type(component), component.delay_ms, known in self._bot.protected, *self._settings(component))
        return (settings, _looks(self._bot, component), attributes, onward)

    def _settings(self, component: Component) -> tuple[object, ...]:
        match component:
            case ApiCall(api=api, responses=responses):
                called = self._bot.apis[api]
                texts = tuple(written(template, self._names) for template in _templates(called))
                heads = tuple(name for name, _ in (*called.params, *called.headers))
                return (called.method, texts, heads, tuple(path for _, path in called.save), tuple(responses))
            case Choice(options=options):
                return (tuple(option.text for option in options),)
            case Question():
                taken = (component.kind, component.max_length, component.skip_if_answered, component.allow_skip)
                return (*taken, component.allow_back, component.countries, _blank(component.error_message))
            case End(kind=kind):
                return (kind,)
            case _:
                return ()
