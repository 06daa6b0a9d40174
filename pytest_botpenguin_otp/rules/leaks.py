"""Where the code, the phone or the service's own texts go that should not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import ApiCall, End
from pytest_botpenguin_otp.bot.graph import following
from pytest_botpenguin_otp.explorer import is_strange
from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.rules.addressing import amiss
from pytest_botpenguin_otp.rules.catalogue import CATALOGUE
from pytest_botpenguin_otp.rules.finding import Finding
from pytest_botpenguin_otp.template import references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.bot import Bot

__all__ = [
    "code_elsewhere",
    "code_handed_out",
    "code_shown",
    "in_address",
    "inner_workings",
    "phone_shown",
    "raw",
    "stays",
]

INNER = frozenset({"detail", "details", "error", "errors", "message", "more_info", "stack"})
"""Last parts of paths at which services put texts for developers."""


def code_shown(bot: Bot) -> Iterator[Finding]:
    """LK01: find texts for the user that hold the code that was sent."""
    secret = reading.sent_codes(bot)
    for component in bot.components.values():
        for attribute in secret.intersection(reading.shows(component)):
            told = f"{component.name!r} shows {attribute!r}, the code that was sent. Take it out of the text."
            yield Finding.of("LK01", component.place, told)


def code_elsewhere(bot: Bot) -> Iterator[Finding]:
    """LK02: find bodies of other APIs than Verify OTP that hold a code."""
    codes = reading.sent_codes(bot) | reading.typed_codes(bot)
    for api in bot.apis.values():
        for field in reading.fields(api) if api.role != "verify" else ():
            if field.part == "body" and codes.intersection(references(field.text)):
                remedy = "Take it out of the body; or, if this API checks codes, give it role: verify."
                remedy = amiss(api) or remedy
                told = f"{api.name} gets the code in {field.name!r}. {remedy}"
                yield replace(Finding.of("LK02", api.place, told), remedy=remedy)


def raw(bot: Bot) -> Iterator[Finding]:
    """LK03: find attributes that a whole answer of Send OTP is saved to, the code in it."""
    for api in bot.apis.values():
        paths = [path for attribute, path in api.save if attribute in reading.sent_codes(bot)]
        for attribute, path in api.save if api.role == "send" else ():
            documented = () if is_strange(api) else ("data.otp",)
            if any(known.startswith(f"{path}.") for known in (*paths, *documented)):
                told = f"{api.name} saves all of {path!r} to {attribute!r}, the code in it. Save single fields."
                yield Finding.of("LK03", api.place, told)


def stays(bot: Bot) -> Iterator[Finding]:
    """LK04: find, once for a bot, a code that is still on the contact where a chat ends."""
    for call in reading.calls(bot, "send"):
        for attribute in sorted(reading.sent_codes(bot).intersection(dict(bot.apis[call.api].save))):
            end = _end_with(bot, call, attribute)
            if end is not None:
                told = f"The code is still in {attribute!r} when the chat ends at {end.name!r}: nothing overwrites it. "
                yield Finding.of("LK04", call.place, told + CATALOGUE["LK04"].remedy)
                return


def _end_with(bot: Bot, call: ApiCall, attribute: str) -> End | None:
    """Return an end to which a way leads from `call` that nothing lies on which saves to the attribute."""
    met = dict.fromkeys(following(call))
    frontier = list(met)
    for at in frontier:
        component = bot.components[at]
        if isinstance(component, End):
            return component
        answered = bot.apis[component.api].save if isinstance(component, ApiCall) else ()
        if attribute in (reading.saved_by(component), *dict(answered)):
            continue
        for known in following(component):
            if known not in met:
                met[known] = None
                frontier.append(known)
    return None


def in_address(bot: Bot) -> Iterator[Finding]:
    """LK05: find codes and phone numbers in URLs, parameters and headers."""
    phones = {question.save for question in reading.phone_questions(bot)}
    private = reading.sent_codes(bot) | reading.typed_codes(bot) | phones
    for api in bot.apis.values():
        for field in reading.fields(api):
            if field.part != "body" and private.intersection(references(field.text)):
                attribute = min(private.intersection(references(field.text)))
                told = f"{api.name} has {attribute!r} in its {field.part}. Move it to the body."
                yield Finding.of("LK05", api.place, told)


def phone_shown(bot: Bot) -> Iterator[Finding]:
    """LK07: find texts that show the user's full number."""
    phones = {question.save for question in reading.phone_questions(bot)}
    for component in bot.components.values():
        for attribute in phones.intersection(reading.shows(component)):
            told = f"{component.name!r} shows the full number ({attribute!r}). Leave it out."
            yield Finding.of("LK07", component.place, told)


def code_handed_out(bot: Bot) -> Iterator[Finding]:
    """LK08: tell, once for a bot, that its service hands out the code."""
    for call in reading.calls(bot, "send"):
        api = bot.apis[call.api]
        if reading.is_botpenguins(api) or reading.sent_codes(bot).intersection(dict(api.save)):
            told = (
                f"{api.name} answers with the code itself, so whoever can read the contact or the API logs can log in "
                "as the user. A flow cannot change that; for logins that matter, use an own backend that keeps it."
            )
            yield Finding.of("LK08", api.place, told)
            return


def inner_workings(bot: Bot) -> Iterator[Finding]:
    """ER04: find texts for the user that hold what BotPenguin's endpoints tell developers."""
    told_by = {
        attribute: api.name
        for api in bot.apis.values()
        for attribute, path in api.save
        if reading.is_botpenguins(api) and path.rpartition(".")[2] in INNER
    }
    for component in bot.components.values():
        for attribute in told_by.keys() & set(reading.shows(component)):
            told = (
                f"{component.name!r} shows {attribute!r}, a text of {told_by[attribute]}. Write the message yourself."
            )
            yield Finding.of("ER04", component.place, told)
