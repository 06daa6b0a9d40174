"""Secrets that may be one under two names: no rule is broken, and offline nothing else would ever tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.template import SecretRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.bot import Api, Bot

__all__ = ["Note", "notes"]

CREDENTIALS = {"authorization": "Authorization", "accountsid": "accountSID", "authtoken": "authToken"}
"""The fields of which one service knows one value."""
SHORTEST = 3
DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something to look at that is no finding; `place` is `file:line`."""

    place: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    name: str
    field: str
    api: Api


def notes(bot: Bot) -> Iterator[Note]:
    """Yield a note for each two names that may be meant as one: nearly the same, or of one credential of one host."""
    uses = [
        _Use(name=part.name, field=part.field.lower(), api=api)
        for api in bot.apis.values()
        for field in reading.fields(api)
        for part in field.text
        if isinstance(part, SecretRef)
    ]
    counted = [use.name for use in uses]
    told: set[frozenset[str]] = set()
    for pair in combinations(uses, 2):
        names = frozenset(use.name for use in pair)
        why = "" if len(names) == 1 or names in told else _why(*pair)
        if why:
            told.add(names)
            usual, rare = sorted(pair, key=lambda use: -counted.count(use.name))
            message = f"{rare.api.name} reads ${{{rare.name}}}, {usual.api.name} reads ${{{usual.name}}}: {why}."
            yield Note(place=rare.api.place, message=f"{message} If one secret is meant, give it one name.")


def _why(one: _Use, other: _Use) -> str:
    if _alike(one.name, other.name):
        return "the names are nearly the same"
    hosts = {reading.host(one.api), reading.host(other.api)}
    same = one.api is not other.api and one.field == other.field and one.field in CREDENTIALS and len(hosts) == 1
    return f"both are the {CREDENTIALS[one.field]} of {hosts.pop()}" if same else ""


def _alike(one: str, other: str) -> bool:
    """Say whether two names differ by case, by underscores, or by one slip in one word, numbers aside."""
    left, right = one.lower(), other.lower()
    if left.replace("_", "") == right.replace("_", ""):
        return True
    words, others = left.split("_"), right.split("_")
    differing = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
    return len(words) == len(others) and len(differing) == 1 and _one_slip(*differing[0])


def _one_slip(one: str, other: str) -> bool:
    """Say whether one letter is missing, too many, another one, or in the place of its neighbour."""
    if min(len(one), len(other)) < SHORTEST or DIGIT.sub("", one) == DIGIT.sub("", other):
        return False
    same = next((at for at, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1), None)
    if same is None:
        return abs(len(one) - len(other)) == 1
    a, b = one[same:], other[same:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[1::-1] == b[:2] and a[2:] == b[2:])
