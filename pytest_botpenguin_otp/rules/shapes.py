"""The settings of questions, numbers and response mappings."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import ApiCall, Question
from pytest_botpenguin_otp.explorer.bindings import comparisons
from pytest_botpenguin_otp.machine.answers import E164
from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.rules.finding import Finding
from pytest_botpenguin_otp.template import references
from pytest_botpenguin_otp.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_botpenguin_otp.bot import Api, Bot
    from pytest_botpenguin_otp.template import Template

__all__ = [
    "any_country",
    "any_length",
    "as_number",
    "sender",
    "spelled",
    "too_short",
    "unfilled",
    "unmapped",
    "unquoted",
]

UNFILLED = ("{{", "}}", "${")
CODES = ("systemOtp", "userOtp")
DIGITS = 6
QUOTE = re.compile(r'(?<!\\)(?:\\\\)*"')
"""A quote that no backslash stands before."""


def any_country(bot: Bot) -> Iterator[Finding]:
    """AB07: find phone questions that take numbers of every country; told once."""
    for question in reading.phone_questions(bot):
        if question.kind == "phone_number" and not question.countries:
            told = f"{question.name!r} takes numbers of every country. Choose yours (countries: [...]), "
            yield Finding.of("AB07", question.place, told + "and allow only these in Twilio's SMS geo permissions.")
            return


def sender(bot: Bot) -> Iterator[Finding]:
    """IN02: find a fromNumber that is no number, or is the user's."""
    for api in bot.apis.values():
        known = {field.name: field.text for field in reading.fields(api)} if api.role == "send" else {}
        given, to = known.get("fromNumber"), known.get("toNumber")
        number = None if given is None else reading.literal(given)
        if number is not None and E164.fullmatch(number) is None:
            why = "is no number with plus and country code"
        elif given and references(given) and references(given) == references(to or ()):
            why = "is the number that the code goes to"
        else:
            continue
        told = f"fromNumber of {api.name} {why}. Write your Twilio number, such as '+15005550006'."
        yield Finding.of("IN02", api.place, told)


def unfilled(bot: Bot) -> Iterator[Finding]:
    """IN09: find braces in APIs that are no attribute or secret, and would be sent as they stand."""
    for api in bot.apis.values():
        for field in reading.fields(api):
            if any(sign in part.text for part in field.text if isinstance(part, Value) for sign in UNFILLED):
                told = f"{api.name} would send the braces in {field.name or field.part!r} as they stand. "
                remedy = "Attributes are written {{name}}: lower-case letters, digits and underscores."
                yield Finding.of("IN09", api.place, told + remedy)


def any_length(bot: Bot) -> Iterator[Finding]:
    """IN10: find code questions without a limit; told once."""
    for question in reading.code_questions(bot):
        if question.max_length is None:
            told = f"The code question {question.name!r} takes answers of any length. Set max_length."
            yield Finding.of("IN10", question.place, told)
            return


def as_number(bot: Bot) -> Iterator[Finding]:
    """IN12: find code questions that take a number."""
    for question in reading.code_questions(bot):
        if question.kind == "numeric_input":
            told = f"{question.name!r} asks for the code as a number, which may lose zeros in front. "
            yield Finding.of("IN12", question.place, told + "Use a Text Question.")


def too_short(bot: Bot) -> Iterator[Finding]:
    """IN11: find code questions that take no code of six digits."""
    for question in reading.code_questions(bot):
        if question.max_length is not None and question.max_length < DIGITS:
            told = f"{question.name!r} takes {question.max_length} characters at most: shorter codes are guessed, and "
            told += f"longer ones are refused here. Let codes have {DIGITS} digits, and max_length be at least that."
            yield replace(Finding.of("IN11", question.place, told), fix="C")


def unquoted(bot: Bot) -> Iterator[Finding]:
    """AU19: find verify APIs in whose body a code stands as anything but a text."""
    for api in bot.apis.values():
        tree = _filled(api.body or ()) if api.role == "verify" else None
        for name in _code_keys(bot, api) if isinstance(tree, dict) else ():
            if isinstance(tree, dict) and name in tree and not isinstance(tree[name], str):
                told = f"{name} of {api.name} is no text in the body, so that a code may be taken for another type. "
                yield Finding.of("AU19", api.place, told + "Quote both codes.")


def _code_keys(bot: Bot, api: Api) -> Iterator[str]:
    """Yield the keys at which an API is sent codes: the documented ones, and those of an own backend."""
    yield from CODES
    codes = reading.sent_by(bot, api) | reading.typed_by(bot, api)
    for field in reading.fields(api):
        if field.part == "body" and field.name not in CODES and codes.intersection(references(field.text)):
            yield field.name


def _filled(body: Template) -> object:
    """Return a JSON body with something in each hole: a text where it is quoted, null where not; or None."""
    text, inside = "", False
    for part in body:
        if isinstance(part, Value):
            text += part.text
            inside = len(QUOTE.findall(text)) % 2 == 1
        else:
            text += "x" if inside else "null"
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def spelled(bot: Bot) -> Iterator[Finding]:
    """IN13: find comparisons of a number that hold or not by how it is written."""
    asked = {known.save: known.kind for known in reading.phone_questions(bot)}
    asked |= {known.save: known.kind for known in bot.components.values() if isinstance(known, Question)
              and known.kind == "phone_number" and known.save not in asked}  # fmt: skip
    for component in bot.components.values():
        compares = [found for branch in getattr(component, "branches", ()) for found in comparisons(branch.when)]
        whys = [
            why for found in compares for value in found.values if (why := _spelling(found.attribute, value, asked))
        ]
        if whys:
            told = f"{component.name!r} compares {whys[0]}. Compare the attribute of a Phone Number component with "
            yield Finding.of("IN13", component.place, f"{told}a number such as '+14155550123', or with another such.")


def _spelling(attribute: str, value: Template, asked: Mapping[str, str]) -> str:
    """Say what is wrong with comparing an attribute with `value`; empty where neither is a number, or all is well."""
    names = [name for name in (attribute, *references(value)) if name in asked]
    text = reading.literal(value)
    if not names or (text is not None and not any(sign.isdecimal() for sign in text)):
        return ""
    loose = next((name for name in names if asked[name] != "phone_number"), None)
    if loose is not None:
        return f"{loose!r}, a number as it was typed, with blanks or without"
    strange = text is not None and E164.fullmatch(text) is None
    return f"{attribute!r} with a text that is not written as numbers are kept" if strange else ""


def unmapped(bot: Bot) -> Iterator[Finding]:
    """ER01: find calls without others; and, once, those that leave open what follows no answer.

    BotPenguin documents mappings for codes and Others, and nothing for a call that gets no answer.
    """
    every = [component for component in bot.components.values() if isinstance(component, ApiCall)]
    for call in every:
        if "others" not in call.responses:
            known = ", ".join(code for code in call.responses if code != "no_response") or "no code"
            told = f"{call.name!r} maps {known} and not others, so any other answer ends the chat without a word. "
            finding = Finding.of("ER01", call.place, told + "Map others to a message.")
            yield replace(finding, needs="one fault")
    silent = [call for call in every if "no_response" not in call.responses]
    if silent:
        names = ", ".join(repr(call.name) for call in silent)
        told = f"What follows when a call gets no answer is left open by {names}. BotPenguin documents nothing for it: "
        finding = Finding.of("ER01", silent[0].place, told + "say in no_response what you count on.")
        yield replace(finding, severity="medium", needs="a next step for calls without an answer")
