"""Whether a flow's components come in an order that can work: asked before used, and never round without asking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import (
    ApiCall,
    Bot,
    Choice,
    Compare,
    Component,
    Condition,
    End,
    Group,
    IfElse,
    Question,
)
from pytest_botpenguin_otp.bot.graph import following, loop_from
from pytest_botpenguin_otp.errors import did_you_mean
from pytest_botpenguin_otp.explorer import is_strange
from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.rules.finding import Finding
from pytest_botpenguin_otp.template import Ref, references

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

__all__ = ["code_asked_early", "code_never_asked", "loops", "order", "read_before_set"]

NOTHING: frozenset[str] = frozenset()
Way = tuple[str, frozenset[str]]
"""A component that may come next, and the attributes that are set on the way to it."""


def order(bot: Bot) -> tuple[Finding, ...]:
    """Return every finding about the order of components, those that the bot ignores left out, by place."""
    ignored = {item.rule for item in bot.ignored}
    found = [*read_before_set(bot), *code_never_asked(bot), *code_asked_early(bot), *loops(bot)]
    return tuple(sorted((item for item in found if item.rule not in ignored), key=lambda item: (item.file, item.line)))


def read_before_set(bot: Bot) -> Iterator[Finding]:
    """Find attributes that are read where a way leads on which nothing has set them; each only where it is met first.

    The attribute of the code question is left to `code_never_asked` where nothing asks for it at all.
    """
    unasked = {attribute for attribute, _ in _code_attributes(bot) if attribute not in _asked(bot)}
    for known, before in _set_before(bot).items():
        component = bot.components[known]
        for attribute in dict.fromkeys(_reads(bot, component)):
            if attribute not in before and attribute not in unasked:
                yield _unset(bot, component, attribute)


def code_never_asked(bot: Bot) -> Iterator[Finding]:
    """Find the verify calls for whose code nothing asks; each API once, where it is first called."""
    asked = _asked(bot)
    for attribute, call in _code_attributes(bot):
        if attribute is None:
            what = "answer of the user" if is_strange(bot.apis[call.api]) else "attribute as userOtp"
            why = f"{call.api} sends no {what}, so it never sees what the user typed."
        elif attribute not in asked:
            why = f"{call.api} checks {attribute!r} as the user's code, and no question saves an answer there"
            why = f"{why} ({bot.apis[call.api].reads_at(attribute)}). {did_you_mean(attribute, asked)}"
        else:
            continue
        told = f"Nothing asks for the code: {why} Put a question for the code between sending and verifying."
        yield Finding.of("AU13", call.place, told)


def code_asked_early(bot: Bot) -> Iterator[Finding]:
    """Find the verify calls that a send leads to past every question for the code: what is checked was typed before."""
    before, fed = _set_before(bot), {call.api: attribute for attribute, call in _code_attributes(bot)}
    told: set[str] = set()
    for send in reading.calls(bot, "send"):
        for known in _next_checks(bot, send) if send.id in before else ():
            call = bot.components[known]
            attribute = fed.get(getattr(call, "api", ""))
            if attribute in _asked(bot) & before[known] and known not in told:
                told.add(known)
                why = f"{send.name!r} sends a code, and {call.name!r} checks what was typed before that. "
                yield Finding.of("AU13", call.place, f"{why}Put the question for the code between the two.")


def _next_checks(bot: Bot, send: ApiCall) -> Iterator[str]:
    """Yield the verify calls that come after a send before any question that saves a code."""
    codes = reading.typed_codes(bot)
    met = dict.fromkeys(following(send))
    frontier = list(met)
    for at in frontier:
        component = bot.components[at]
        if isinstance(component, ApiCall) and bot.apis[component.api].role == "verify":
            yield at
        elif codes.isdisjoint(_sets(bot, component)) or isinstance(component, ApiCall):
            onward = [known for known in following(component) if known not in met]
            met.update(dict.fromkeys(onward))
            frontier.extend(onward)


def loops(bot: Bot) -> Iterator[Finding]:
    """Find the ways round in a flow that never ask the user anything; each once, and none that sends codes."""
    met: set[str] = set()
    for known in _going_round(bot, _set_before(bot)):
        way = () if known in met else loop_from(bot, known)
        if way:
            met.update(way)
            if _sends(bot, way):
                continue  # AB08 tells it
            names = " -> ".join(bot.components[part].name for part in (*way, known))
            told = (
                f"The flow goes round without asking the user: {names}. Put a question into the round, or let it end."
            )
            finding = Finding.of("AB09", bot.components[known].place, told)
            yield finding if _comes_out(bot, known) else replace(finding, severity="high")


def _comes_out(bot: Bot, start: str) -> bool:
    """Say whether any way from `start` leads to a question or an end."""
    met = [start]
    for at in met:
        component = bot.components[at]
        if isinstance(component, Question | Choice | End):
            return True
        met.extend(known for known in following(component) if known not in met)
    return False


def _sends(bot: Bot, way: Iterable[str]) -> bool:
    parts = (bot.components[known] for known in way)
    return any(isinstance(part, ApiCall) and bot.apis[part.api].role == "send" for part in parts)


@dataclass(frozen=True, slots=True)
class _Setter:
    """A component that sets an attribute: `earlier` tells an author how to make it come first."""

    component: Component

    @property
    def earlier(self) -> str:
        match self.component:
            case Question(kind=kind):
                what = "phone question" if kind == "phone_number" else "question"
            case Choice():
                what = "question"
            case _:
                what = "call"
        return f"Let the {what} {self.component.name!r} ({self.component.place}) come first on every way here."


def _unset(bot: Bot, component: Component, attribute: str) -> Finding:
    setters = [_Setter(known) for known in bot.components.values() if attribute in _sets(bot, known)]
    asks = next((setter.component for setter in setters if isinstance(setter.component, Question)), None)
    call = component if isinstance(component, ApiCall) else None
    if call is not None and bot.apis[call.api].role == "send" and asks is not None and asks.kind == "phone_number":
        told = f"{call.api} runs before the phone number is asked, so {attribute!r} is unset."
    else:
        where = f" ({bot.apis[call.api].reads_at(attribute)})" if call is not None and not setters else ""
        told = f"{component.name!r} reads {attribute!r}{where}, which may not have been set before."
    remedy = _set_first(bot, component, setters) if setters else _never_set(bot, attribute)
    finding = Finding.of("AU13", component.place, f"{told} {remedy}")
    return replace(finding, severity="medium") if call is None and setters else finding


def _never_set(bot: Bot, attribute: str) -> str:
    """Say which attribute may be meant where nothing sets one."""
    return (
        f"Nothing in this bot sets it. {did_you_mean(attribute, bot.saved)} "
        "If it is another one, set it by a question, or an API's save."
    )


def _set_first(bot: Bot, reader: Component, setters: Sequence[_Setter]) -> str:
    """Say how an attribute comes to be set before it is read."""
    first, before = setters[0].component, _before(bot, reader.id)
    calls = all(isinstance(setter.component, ApiCall) and setter.component.id not in before for setter in setters)
    if not isinstance(reader, IfElse) or not calls:
        return setters[0].earlier
    return (
        f"Only what comes after it sets it: {first.name!r} ({first.place}). So it is unset, or holds what an earlier "
        f"chat left. Read it behind {first.name!r} only; where a returning user is to be known by it, switch AU13 off "
        "in ignore, with that as the reason."
    )


def _before(bot: Bot, known: str) -> list[str]:
    """Return what a chat can come to without passing a component."""
    met = [bot.start]
    for at in met:
        if at != known:
            met.extend(after for after in following(bot.components[at]) if after not in met)
    return met


def _asked(bot: Bot) -> frozenset[str]:
    questions = (known for known in bot.components.values() if isinstance(known, Question | Choice))
    return frozenset(known.save for known in questions if known.save is not None)


def _code_attributes(bot: Bot) -> Iterator[tuple[str | None, ApiCall]]:
    """Yield, for each verify API that is called, what feeds its userOtp (None: no attribute), and its first call.

    An own backend may have other keys, and ask the user by other means than a code, such as a link; but not where it
    is sent the code to compare with, or nothing at all.
    """
    calls: dict[str, ApiCall] = {}
    for component in bot.components.values():
        if isinstance(component, ApiCall) and bot.apis[component.api].role == "verify":
            calls.setdefault(component.api, component)
    for name, call in calls.items():
        api = bot.apis[name]
        fed = [part.attribute for part in api.body or () if isinstance(part, Ref) and part.field == "userOtp"]
        if (
            fed
            or not is_strange(api)
            or (not reading.typed_by(bot, api) and (reading.sent_by(bot, api) or not api.reads))
        ):
            yield next(iter(fed), None), call


def _set_before(bot: Bot) -> dict[str, frozenset[str]]:
    """Return, for each component that can be reached, the attributes that are set on every way to it.

    What a component reads counts as set behind it, so that one mistake is told once.
    """
    before = {bot.start: NOTHING}
    frontier = [bot.start]
    while frontier:
        at = frontier.pop()
        component = bot.components[at]
        behind = before[at] | frozenset(_reads(bot, component))
        for known, sets in _ways(bot, component):
            reaching = behind | sets
            merged = before[known] & reaching if known in before else reaching
            if before.get(known) != merged:
                before[known] = merged
                frontier.append(known)
    return {known: before[known] for known in bot.components if known in before}


def _ways(bot: Bot, component: Component) -> Iterator[Way]:
    match component:
        case ApiCall():
            saved = _sets(bot, component)
            for code, known in component.responses.items():
                yield known, NOTHING if code == "no_response" else saved
        case IfElse():
            refused = NOTHING
            for branch in component.branches:
                yield branch.next, refused | _known_set(branch.when, holds=True)
                refused |= _known_set(branch.when, holds=False)
            yield component.otherwise, refused
        case _:
            for known in following(component):
                yield known, _sets(bot, component)


def _sets(bot: Bot, component: Component) -> frozenset[str]:
    match component:
        case Question(save=save):
            return frozenset({save})
        case Choice(save=str(save)):
            return frozenset({save})
        case ApiCall(api=api):
            return frozenset(attribute for attribute, _ in bot.apis[api].save)
        case _:
            return NOTHING


def _known_set(condition: Condition, *, holds: bool) -> frozenset[str]:
    """Return the attribute that is surely set where a comparison with the empty text holds, or does not."""
    wanted = "not_equals" if holds else "equals"
    if isinstance(condition, Compare) and condition.operator == wanted and _asks_whether_set(condition):
        return frozenset({condition.attribute})
    return NOTHING


def _asks_whether_set(condition: Compare) -> bool:
    return condition.values == ((),)


def _reads(bot: Bot, component: Component) -> Iterator[str]:
    match component:
        case ApiCall(api=api):
            yield from bot.apis[api].reads
        case IfElse(branches=branches):
            for branch in branches:
                yield from _condition_reads(branch.when)
        case _:
            yield from references(getattr(component, "message", None) or ())


def _condition_reads(condition: Condition) -> Iterator[str]:
    """Yield what a condition needs; a comparison with the empty text asks whether an attribute is set at all."""
    if isinstance(condition, Group):
        for part in condition.conditions:
            yield from _condition_reads(part)
        return
    if not _asks_whether_set(condition):
        yield condition.attribute
    for value in condition.values:
        yield from references(value)


def _going_round(bot: Bot, reached: Collection[str]) -> Iterable[str]:
    """Return what is left when questions, and again and again what leads nowhere or comes from nowhere, are gone."""
    silent = [known for known in reached if not isinstance(bot.components[known], Question | Choice)]
    inside = set(silent)
    onward = {at: inside.intersection(following(bot.components[at])) for at in silent}
    left = _without_ends(_turned(_without_ends(onward)))
    return [at for at in silent if at in left]


def _without_ends(onward: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the graph without the components from which every way comes to an end."""
    left, back = {at: set(known) for at, known in onward.items()}, _turned(onward)
    ends = [at for at in left if not left[at]]
    while ends:
        end = ends.pop()
        del left[end]
        for at in back[end]:
            left[at].discard(end)
            if not left[at]:
                ends.append(at)
    return left


def _turned(onward: Mapping[str, set[str]]) -> dict[str, set[str]]:
    back: dict[str, set[str]] = {at: set() for at in onward}
    for at, known in onward.items():
        for following_one in known:
            back[following_one].add(at)
    return back
