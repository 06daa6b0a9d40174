"""Where a bot tells, before anyone is verified, whether it knows a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import ApiCall, End, IfElse, Message, Question, Redirect
from pytest_botpenguin_otp.bot.graph import following
from pytest_botpenguin_otp.explorer.bindings import comparisons
from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.rules.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_botpenguin_otp.bot import Bot, Component
    from pytest_botpenguin_otp.template import Template

__all__ = ["known_apart"]

Noticed = tuple[object, ...]
"""What a user notices of some components in a row: kinds, texts and delays."""


def known_apart(bot: Bot) -> Iterator[Finding]:
    """ER05: find what a user is told apart by before Verify OTP: what a look-up says of the number, or the number."""
    phones = {question.save for question in reading.phone_questions(bot)}
    before = [bot.components[known] for known in _before_verify(bot)]
    look_ups = [call for call in before if isinstance(call, ApiCall) and _looks_up(bot, call, phones)]
    answered = {attribute for call in look_ups for attribute, _ in bot.apis[call.api].save}
    for component in before:
        if component in look_ups and isinstance(component, ApiCall):
            targets = [target for code, target in component.responses.items() if code.isdecimal()]
        elif isinstance(component, IfElse) and _decides(component, answered, phones):
            targets = [*(branch.next for branch in component.branches), component.otherwise]
        else:
            continue
        if len({_noticed(bot, target) for target in targets}) > 1:
            told = f"What follows {component.name!r} tells whether a number is known, before anyone is verified. "
            yield Finding.of("ER05", component.place, f"{told}Give all ways the same texts, questions and delays.")


def _before_verify(bot: Bot) -> dict[str, None]:
    """Return what can be reached without any Verify OTP, such calls themselves left out."""
    met = {bot.start: None}
    frontier = list(met)
    for at in frontier:
        for known in following(bot.components[at]):
            component = bot.components[known]
            verifies = isinstance(component, ApiCall) and bot.apis[component.api].role == "verify"
            if known not in met and not verifies:
                met[known] = None
                frontier.append(known)
    return met


def _looks_up(bot: Bot, call: ApiCall, phones: Iterable[str]) -> bool:
    api = bot.apis[call.api]
    return api.role is None and not set(phones).isdisjoint(api.reads)


def _decides(component: IfElse, answered: set[str], phones: set[str]) -> bool:
    """Say whether a condition compares what a look-up has answered, or a number with anything but the empty text."""
    compared = [compare for branch in component.branches for compare in comparisons(branch.when)]
    return any(
        compare.attribute in answered or (compare.attribute in phones and any(compare.values)) for compare in compared
    )


def _noticed(bot: Bot, known: str) -> Noticed:
    """Return what a user notices from a component on, up to where somebody is waited for."""
    found: list[object] = []
    met: set[str] = set()
    while known not in met:
        met.add(known)
        component = bot.components[known]
        found.extend((component.delay_ms, *_seen(component)))
        if not isinstance(component, Message | Redirect):
            break
        known = component.next
    return tuple(found)


def _seen(component: Component) -> tuple[str | Template, ...]:
    texts = tuple(text for text in reading.shown(component) if text)
    match component:
        case Message() | Redirect():
            return texts
        case Question(kind=kind) | End(kind=kind):
            return (kind, *texts)
        case ApiCall(api=api):
            return ("api", api)
        case _:
            return (component.id,)
