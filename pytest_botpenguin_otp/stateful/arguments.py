"""What a user gives to a machine, looked at before anything runs: every fault at once, each with the way out."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from os import PathLike
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import Bot
from pytest_botpenguin_otp.errors import did_you_mean
from pytest_botpenguin_otp.profile import Profile
from pytest_botpenguin_otp.stateful.promises import MachineError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["HOLES", "check"]

CONTACTS = 2
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
HOLE = re.compile(r"\{\{([^{}]*)\}\}")
HOLES = {"send": ("phone",), "verify": ("phone", "system_otp", "user_otp")}
"""What may stand in the body of each operation."""
CALLABLES = {
    "service": "it is called with a Request and returns a Response",
    "code": "it is called with a phone and returns the code that it got",
    "pass_time": "it is called with seconds and lets them pass for the service",
    "reset": "it is called before each conversation",
}
TEXTS = {
    "url": "such as 'http://127.0.0.1:8000'",
    "base_url": "such as 'https://own.example'",
    "send_path": "such as '/codes'",
    "verify_path": "such as '/codes/check'",
    "token": "the value of the header Authorization",
}


def check(given: Mapping[str, object]) -> None:
    """Raise `MachineError` with all that is wrong with what was given by name; None means: not given."""
    told = {name: value for name, value in given.items() if value is not None}
    faults = list(_faults(told))
    if faults:
        raise MachineError("\n".join(faults))


def _faults(told: Mapping[str, object]) -> Iterator[str]:
    for name, value in told.items():
        if name in CALLABLES and not callable(value):
            yield f"{name}= is a function: {CALLABLES[name]}; {_kind(value)} was given."
        if name in TEXTS and not isinstance(value, str):
            yield f"{name}= is a text, {TEXTS[name]}; {_kind(value)} was given."
    if not isinstance(told.get("bot", ""), str | PathLike | Bot):
        yield f"The bot is the path of its file, or what bot.load returns; {_kind(told['bot'])} was given."
    if not isinstance(told.get("profile", ""), str | Profile):
        yield f"profile= is the name of a profile, or a Profile; {_kind(told['profile'])} was given."
    yield from _attempts(told.get("attempts", 1))
    if "promises" in told:
        yield from _promises(told["promises"])
    if "phones" in told:
        yield from _phones(told["phones"])
    for operation in HOLES:
        if operation in told:
            yield from _body(operation, told[operation])


def _kind(value: object) -> str:
    return f"a value of type {type(value).__name__}"


def _attempts(value: object) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        yield f"attempts= is how many wrong codes are borne, a whole number from 1 on; not {value!r}."


def _promises(value: object) -> Iterator[str]:
    if isinstance(value, str) or not isinstance(value, Collection):
        yield f"promises= is a list of names, such as ['once']; {_kind(value)} was given."
    elif not value:
        yield "promises= is empty, so that nothing would be checked: name one, or leave it out for all of them."


def _phones(value: object) -> Iterator[str]:
    """Look at numbers, and show none of them."""
    if isinstance(value, str) or not isinstance(value, Collection):
        yield f"phones= is a list of numbers; {_kind(value)} was given."
        return
    wrong = [
        str(at) for at, one in enumerate(value, 1) if not (isinstance(one, str) and NUMBER.fullmatch(one) is not None)
    ]
    if wrong:
        yield f"phones= are texts as '+14155550123' (E.164, no blanks); number {', '.join(wrong)} of them is not."
    elif len(set(value)) < CONTACTS:
        yield "phones= are two numbers or more: one contact's code must not let another in."


def _body(operation: str, value: object) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{operation}= is the body as a dict of field and value; {_kind(value)} was given."
        return
    holes = list(dict.fromkeys(_holes(value)))
    for hole in holes:
        if hole not in HOLES[operation]:
            yield f"{operation}= has {{{{{hole}}}}}, which nothing fills in. {did_you_mean(hole, HOLES[operation])}"
    needed = HOLES[operation][-1]
    if needed not in holes and all(hole in HOLES[operation] for hole in holes):
        yield f"{operation}= has no {{{{{needed}}}}}, so that every call would say the same: put it where it belongs."


def _holes(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from HOLE.findall(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _holes(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _holes(one)
