"""Why a right code lets nobody in: what a bot waits for, and no answer of a profile holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from pytest_botpenguin_otp.bot import ApiCall, Component, IfElse, Message, Redirect
from pytest_botpenguin_otp.bot.graph import following
from pytest_botpenguin_otp.errors import did_you_mean
from pytest_botpenguin_otp.explorer import is_strange
from pytest_botpenguin_otp.explorer.bindings import comparisons
from pytest_botpenguin_otp.machine.conditions import holds
from pytest_botpenguin_otp.machine.paths import at, read
from pytest_botpenguin_otp.profile import FIELDS
from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.rules.reading import literal
from pytest_botpenguin_otp.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_botpenguin_otp.bot import Api, Bot
    from pytest_botpenguin_otp.profile import Answer, Profile

__all__ = ["Cause", "causes", "differing"]

ANSWERS = {"send": ("send_ok", "send_refused"), "verify": ("verify_ok", "verify_mismatch")}
ERRORS = ("bad_request", "unauthorized", "not_found")


class Cause(NamedTuple):
    """What keeps everybody out: its place, and what is so there."""

    place: str
    told: str


def causes(bot: Bot, profiles: Sequence[Profile]) -> tuple[Cause, ...]:
    """Return what keeps everybody out under all of `profiles`, as far as it can be told from the file."""
    missing = tuple(_missing(bot, profiles))
    stuck = [tuple(_stuck(bot, profile)) for profile in profiles]
    return missing if missing or not all(stuck) else stuck[0]


def differing(profile: Profile, others: Sequence[Profile]) -> str:
    """Return in what a profile differs from the one of `others` that is most like it."""
    fewest = min(([name for name in FIELDS if getattr(profile, name) != getattr(one, name)] for one in others), key=len)
    return ", ".join(f"{name} ({FIELDS[name][0]})" for name in fewest)


def _missing(bot: Bot, profiles: Sequence[Profile]) -> Iterator[Cause]:
    """Yield the paths of which something is saved that is read, and that no answer has."""
    for api in (api for api in bot.apis.values() if api.role and not is_strange(api)):
        answers = [answer for profile in profiles for answer in _answers(profile, api.role)]
        for attribute, path in api.save:
            if attribute not in bot.read or any(_at(answer, path) is not None for answer in answers):
                continue
            known = {leaf for profile in profiles for leaf in _leaves(_yes(profile, api))}
            told = (
                f"{api.name} saves {path!r} to {attribute!r}, and none of its answers has that under "
                f"{_listed(profiles)}. {did_you_mean(path, known)}"
            )
            yield Cause(api.where("save", attribute), told)


def _listed(profiles: Sequence[Profile]) -> str:
    return "any profile" if len(profiles) > 1 else profiles[0].name


def _answers(profile: Profile, role: str | None) -> Iterator[Answer]:
    yield from (getattr(profile, name) for name in (*ANSWERS[role or ""], *ERRORS))


def _yes(profile: Profile, api: Api) -> Answer:
    return profile.send_ok if api.role == "send" else profile.verify_ok


def _at(answer: Answer, path: str) -> str | None:
    return at(read(answer.render(code="1")), path)


def _leaves(answer: Answer) -> Iterator[str]:
    """Yield the paths of an answer at which there is no object."""
    left = [("", json.loads(answer.render(code="1")))]
    while left:
        path, tree = left.pop()
        if isinstance(tree, dict):
            left.extend((f"{path}.{key}" if path else key, part) for key, part in tree.items())
        else:
            yield path


def _stuck(bot: Bot, profile: Profile) -> Iterator[Cause]:
    """Yield the verify calls whose yes leads to nothing that is protected."""
    for call in reading.calls(bot, "verify") if bot.protected else ():
        api = bot.apis[call.api]
        status = str(profile.verify_ok.status)
        first = call.responses.get(status) or call.responses.get("others")
        if is_strange(api) or first is None:
            continue
        saved = {attribute: _at(profile.verify_ok, path) or "" for attribute, path in api.save}
        way = _way(bot, bot.components[first], saved)
        if _leads_in(bot, way[-1].id):
            continue
        names = " -> ".join(part.name for part in (call, *way))
        wrong = next(
            (part for part in way if isinstance(part, IfElse) and _decides(part, saved) == part.otherwise), None
        )
        why = f"{call.name!r} leads {status} there" if wrong is None else _waits(wrong, api.name, saved)
        told = f"after a right code the flow goes {names}, to nothing that is protected: {why}."
        yield Cause(call.place if wrong is None else wrong.place, told)


def _way(bot: Bot, first: Component, saved: Mapping[str, str]) -> list[Component]:
    """Return what follows a yes, up to what is protected, or to where something else decides."""
    way = [first]
    while way[-1].id not in bot.protected:
        match way[-1]:
            case Message(next=known) | Redirect(next=known):
                pass
            case IfElse() as part:
                known = _decides(part, saved)
            case _:
                known = ""
        if not known or bot.components[known] in way:
            break
        way.append(bot.components[known])
    return way


def _decides(part: IfElse, saved: Mapping[str, str]) -> str:
    """Return where a condition leads that asks for nothing but what was saved; empty where it asks for more."""
    compared = [compare for branch in part.branches for compare in comparisons(branch.when)]
    if any(compare.attribute not in saved or None in map(literal, compare.values) for compare in compared):
        return ""
    values = {attribute: Value(text) for attribute, text in saved.items()}
    taken = (branch.next for branch in part.branches if holds(branch.when, values, lambda text: literal(text) or ""))
    return next(taken, part.otherwise)


def _waits(part: IfElse, api: str, saved: Mapping[str, str]) -> str:
    """Say what a condition asks for, and what is there."""
    compared = [compare for branch in part.branches for compare in comparisons(branch.when)]
    wanted = [" or ".join(repr(literal(text)) for text in one.values) for one in compared]
    asked = (f"{one.attribute!r} {one.operator} {texts}" for one, texts in zip(compared, wanted, strict=True))
    there = " and ".join(
        f"{saved[name]!r} to {name!r}" if saved[name] else f"nothing to {name!r}"
        for name in dict.fromkeys(one.attribute for one in compared)
    )
    return f"{part.name!r} asks for {', '.join(asked)}, and {api} saves {there}"


def _leads_in(bot: Bot, start: str) -> bool:
    """Say whether some way from `start` leads to something protected without another verify call."""
    met = {start: None}
    frontier = [start]
    for known in frontier:
        component = bot.components[known]
        if known in bot.protected:
            return True
        if not (isinstance(component, ApiCall) and bot.apis[component.api].role == "verify"):
            new = [after for after in following(component) if after not in met]
            met.update(dict.fromkeys(new))
            frontier.extend(dict.fromkeys(new))
    return False
