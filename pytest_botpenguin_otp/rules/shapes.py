"""The settings of questions, numbers and response mappings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import ApiCall
from pytest_botpenguin_otp.machine.answers import E164
from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.rules.finding import Finding
from pytest_botpenguin_otp.template import references
from pytest_botpenguin_otp.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.bot import Bot

__all__ = ["any_country", "any_length", "as_number", "sender", "unfilled", "unmapped"]

UNFILLED = ("{{", "}}", "${")


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
