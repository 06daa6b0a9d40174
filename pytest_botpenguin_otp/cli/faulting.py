"""The words after `/fault`: which service is to do what instead of answering well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.errors import FaultError, did_you_mean
from pytest_botpenguin_otp.faults import OPERATIONS, Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_botpenguin_otp.world import World

__all__ = ["USAGE", "plan"]

USAGE = "/fault SERVICE CALL WHAT   such as: /fault twilio create 21211, /fault botpenguin verify timeout delay=9"
FLAGS = ("timeout", "reset", "lost", "malformed", "empty", "huge", "wrong_type", "slow")
NUMBERS = ("status", "code", "delay", "nth", "times")
LEAST_WORDS = 3
DIGITS = 9


def plan(world: World, words: Sequence[str]) -> Fault:
    """Plan the fault that `words` describe and return it; raise `FaultError` for what no service could do."""
    if len(words) < LEAST_WORDS:
        raise FaultError(f"Use {USAGE}.")
    service, operation, *told = words
    if service not in OPERATIONS:
        raise FaultError(f"There is no service {service!r}. {did_you_mean(service, OPERATIONS)}")
    if operation not in OPERATIONS[service]:
        raise FaultError(f"{service} has no call {operation!r}. {did_you_mean(operation, OPERATIONS[service])}")
    if service == "twilio":
        return world.twilio.fail("create", None, **{operation: _what(operation, told)})[0]
    return world.faults.add(Fault.of(service, operation, _what(operation, told)))


def _what(operation: str, told: Sequence[str]) -> object:
    """Return a number alone, what becomes of a callback, or fields of `Fault`."""
    if len(told) == 1 and operation == "callback":
        return told[0]
    number = _number(told[0]) if len(told) == 1 else None
    return dict(map(_field, told)) if number is None else number


def _field(word: str) -> tuple[str, object]:
    name, is_number, text = word.partition("=")
    number = _number(text)
    if is_number and name in NUMBERS and number is not None:
        return name, number
    if not is_number and name in FLAGS:
        return name, True
    known = [*FLAGS, *(f"{field}=NUMBER" for field in NUMBERS)]
    raise FaultError(f"No fault is called {word!r}. {did_you_mean(word, known)} Or one number alone.")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None
