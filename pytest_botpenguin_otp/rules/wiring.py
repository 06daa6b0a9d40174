"""Which codes are compared, what marks a user as verified, and which ways lead round Verify OTP."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import (
    ApiCall,
    Choice,
    Compare,
    Component,
    Condition,
    Group,
    IfElse,
    Question,
    Redirect,
)
from pytest_botpenguin_otp.bot.graph import following
from pytest_botpenguin_otp.explorer import is_strange
from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.rules.addressing import amiss, meant
from pytest_botpenguin_otp.rules.catalogue import CATALOGUE
from pytest_botpenguin_otp.rules.finding import Finding
from pytest_botpenguin_otp.rules.rounds import reached
from pytest_botpenguin_otp.template import Ref, Template, references

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_botpenguin_otp.bot import Api, Bot

__all__ = [
    "marked",
    "no_way_round",
    "one_for_all",
    "own_code",
    "sent_code",
    "side_doors",
    "skippable",
    "stays_open",
]

NOTHING: Template = ()


def no_way_round(bot: Bot) -> Iterator[Finding]:
    """AU01: find ways to protected components on which no Verify OTP is called, inside one flow."""
    for way in _unverified(bot):
        if not any(isinstance(part, Redirect) for part in way):
            yield _reached("AU01", bot, way, "Lead to it only from the mapping or branch for a right code.")


def side_doors(bot: Bot) -> Iterator[Finding]:
    """AU18: find the same ways where they lead through a redirect."""
    for way in _unverified(bot):
        if any(isinstance(part, Redirect) for part in way):
            yield _reached("AU18", bot, way, "Redirect to the login instead, or put it before.")


def _reached(code: str, bot: Bot, way: tuple[Component, ...], remedy: str) -> Finding:
    names = " -> ".join(part.name for part in way)
    called = (bot.apis[part.api] for part in way if isinstance(part, ApiCall))
    why = next((amiss(api) for api in called if meant(api) == "verify"), remedy)
    told = f"{way[-1].name!r} is protected, and can be reached without any Verify OTP: {names}. {why}"
    return replace(Finding.of(code, way[-1].place, told), remedy=why)


def _unverified(bot: Bot) -> Iterator[tuple[Component, ...]]:
    """Yield the shortest way to each protected component on which nothing is verified and no other one is met.

    Branches that only a Verify OTP can open are not taken: a comparison with something in an attribute that nothing
    else sets.
    """
    settable = frozenset(_settable(bot))
    came_from: dict[str, str] = {bot.start: ""}
    frontier = [bot.start]
    for at in frontier:
        component = bot.components[at]
        if at in bot.protected:
            yield _way(bot, came_from, at)
        elif not (isinstance(component, ApiCall) and bot.apis[component.api].role == "verify"):
            for known in _open(component, settable):
                if known not in came_from:
                    came_from[known] = at
                    frontier.append(known)


def _way(bot: Bot, came_from: Mapping[str, str], end: str) -> tuple[Component, ...]:
    way = []
    while end:
        way.append(bot.components[end])
        end = came_from[end]
    return tuple(reversed(way))


def _settable(bot: Bot) -> Iterator[str]:
    """Yield the attributes that something else than Verify OTP sets."""
    for component in bot.components.values():
        saved = reading.saved_by(component)
        if saved is not None:
            yield saved
        if isinstance(component, ApiCall) and bot.apis[component.api].role != "verify":
            yield from (attribute for attribute, _ in bot.apis[component.api].save)


def _open(component: Component, settable: frozenset[str]) -> tuple[str, ...]:
    if not isinstance(component, IfElse):
        return following(component)
    taken = (branch.next for branch in component.branches if _can_hold(branch.when, settable))
    return (*taken, component.otherwise)


def _can_hold(condition: Condition, settable: frozenset[str]) -> bool:
    if isinstance(condition, Group):
        parts = [_can_hold(part, settable) for part in condition.conditions]
        return all(parts) if condition.kind == "all" else any(parts)
    return condition.attribute in settable or _holds_unset(condition)


def _holds_unset(condition: Compare) -> bool:
    """Say whether the comparison may hold for an unset attribute, which equals the empty text alone."""
    empty = [not value or bool(references(value)) for value in condition.values]
    match condition.operator:
        case "equals" | "any_of":
            return any(empty)
        case "not_equals" | "none_of":
            return () not in condition.values
        case _:
            return False


def own_code(bot: Bot) -> Iterator[Finding]:
    """AU05: find verify APIs that compare a code with itself, or with what another API answered."""
    for api in _of_role(bot, "verify"):
        sent, typed = reading.sent_by(bot, api), reading.typed_by(bot, api)
        answered = {attribute for other in bot.apis.values() for attribute, _ in other.save}
        if sent & typed:
            same = min(sent & typed)
            told = f"{_called(api)} of {api.name} are both {same!r}: that compares the code with itself. "
            yield Finding.of("AU05", api.place, told + "Give the code question an attribute of its own.")
        elif typed & answered:
            same = min(typed & answered)
            told = f"{_called(api, 1)} of {api.name} is {same!r}, which an API's answer is saved to as well. "
            yield Finding.of("AU05", api.place, told + "Let only the code question save to it.")


def _called(api: Api, which: int | None = None) -> str:
    """Return what the two codes are called in an API: its documented keys, or words."""
    named = _field(api, "userOtp") is not None or not is_strange(api)
    names = ("systemOtp", "userOtp") if named else ("the sent code", "the user's code")
    return " and ".join(names) if which is None else names[which]


def sent_code(bot: Bot) -> Iterator[Finding]:
    """AU06: find verify APIs whose systemOtp is not what Send OTP answered, alone and unchanged."""
    typed = reading.typed_codes(bot)
    for api in _of_role(bot, "verify"):
        text = _field(api, "systemOtp")
        if text is None:
            why = "is missing" if reading.is_botpenguins(api) else ""
        elif len(text) == 1 and isinstance(text[0], Ref):
            why = "" if text[0].attribute in typed else _other_setter(bot, text[0].attribute)
        else:
            why = "holds more than an attribute" if references(text) else "is a fixed text"
        if why:
            told = f"systemOtp of {api.name} {why}. Put there the attribute that Send OTP's code is saved to, alone."
            yield Finding.of("AU06", api.place, told)


def _other_setter(bot: Bot, attribute: str) -> str:
    for component in bot.components.values():
        if reading.saved_by(component) == attribute:
            return f"is {attribute!r}, which the user's answer to {component.name!r} is saved to"
    for api in bot.apis.values():
        if api.role != "send" and attribute in dict(api.save):
            return f"is {attribute!r}, which the answer of {api.name} is saved to"
    return ""


def one_for_all(bot: Bot) -> Iterator[Finding]:
    """AU21: find send APIs that send the codes of all contacts to one number."""
    for api in _of_role(bot, "send"):
        text = _field(api, "toNumber")
        if text and not references(text):
            why = f"toNumber of {api.name} is a fixed text"
        elif is_strange(api) and not api.reads:
            why = f"{api.name} sends no attribute, so it is told no contact's number"
        else:
            continue
        told = f"{why}: every contact's code goes to one phone, whose owner can log in as anybody. "
        told += "Put there the attribute that the phone question saves to."
        yield replace(Finding.of("AU21", api.place, told), fix="F")


def stays_open(bot: Bot) -> Iterator[Finding]:
    """AU22: find, once for a bot, what is protected and comes whenever a verified user answers, without a new code."""
    for first in sorted(bot.protected, key=list(bot.components).index):
        waits = _waiting_after(bot, first)
        then = next((known for known in bot.components if known in bot.protected and known in waits), None)
        if then is not None:
            later, asked = bot.components[then], bot.components[waits[then]]
            told = f"{later.name!r} is protected, and comes whenever a verified user answers {asked.name!r}: "
            yield Finding.of("AU22", later.place, f"{told}the next day, too. {CATALOGUE['AU22'].remedy}")
            return


def _waiting_after(bot: Bot, start: str) -> dict[str, str]:
    """Return what follows a question behind `start` without another Verify OTP, each with that question."""
    asked: dict[str, str] = {}
    met = {start: ""}
    frontier = [(start, "")]
    for at, last in frontier:
        component = bot.components[at]
        if isinstance(component, ApiCall) and bot.apis[component.api].role == "verify":
            continue
        waits = at if isinstance(component, Question | Choice) else last
        for known in following(component):
            if waits:
                asked.setdefault(known, waits)
            if known not in met or (waits and not met[known]):
                met[known] = waits
                frontier.append((known, waits))
    return asked


def marked(bot: Bot) -> Iterator[Finding]:
    """AU14: find what else saves to an attribute that Verify OTP sets and a condition reads."""
    verified = {attribute for api in _of_role(bot, "verify") for attribute, _ in api.save}
    marks = verified & set(_decided_by(bot))
    for component in bot.components.values():
        saved = reading.saved_by(component)
        if saved in marks:
            told = f"{component.name!r} saves the user's answer to {saved!r}, which says whether the code was right. "
            finding = Finding.of("AU14", component.place, told + "Let it save to an attribute of its own.")
            yield replace(finding, fix="F")
    for api in bot.apis.values():
        both = marks.intersection(dict(api.save)) if api.role != "verify" else frozenset[str]()
        if both:
            told = f"{api.name} saves to {min(both)!r} too, which says whether the code was right. "
            yield Finding.of("AU14", api.place, told + "Let each API save to an attribute of its own.")


def _decided_by(bot: Bot) -> Iterator[str]:
    for component in bot.components.values():
        if isinstance(component, IfElse):
            for branch in component.branches:
                yield from _compared(branch.when)


def _compared(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Group):
        for part in condition.conditions:
            yield from _compared(part)
    else:
        yield condition.attribute


def skippable(bot: Bot) -> Iterator[Finding]:
    """AU15: find questions for phone and code that the user or the bot may pass over."""
    asked = [("code", reading.code_questions(bot)), ("phone", reading.phone_questions(bot))]
    for what, questions in asked:
        for question in questions:
            if question.allow_skip:
                told = f"The {what} question {question.name!r} can be skipped. Turn off Allow Visitor to Skip."
                yield replace(Finding.of("AU15", question.place, told), needs="a user's odd input")
            if question.skip_if_answered:
                yield _passed_over(bot, what, question)


def _passed_over(bot: Bot, what: str, question: Question) -> Finding:
    told = (
        f"The {what} question {question.name!r} is passed over where {question.save!r} has an old answer. "
        "Turn off Skip Question If Already Answered."
    )
    finding = Finding.of("AU15", question.place, told)
    setters = [known for known in bot.components.values() if reading.saved_by(known) == question.save]
    earlier = question.id in reached(bot, (after for known in setters for after in following(known)))
    return finding if earlier else replace(finding, needs="attributes left over from an earlier chat")


def _of_role(bot: Bot, role: str) -> Iterator[Api]:
    yield from (api for api in bot.apis.values() if api.role == role)


def _field(api: Api, name: str) -> Template | None:
    return next((field.text for field in reading.fields(api) if field.name == name), None)
