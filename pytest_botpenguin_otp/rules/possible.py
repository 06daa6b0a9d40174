"""What must happen under one profile at least, or the check of a bot proves nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.bot import IfElse
from pytest_botpenguin_otp.bot.graph import following
from pytest_botpenguin_otp.explorer import is_strange, unanswered
from pytest_botpenguin_otp.explorer.bindings import comparisons
from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.rules.addressing import nowhere
from pytest_botpenguin_otp.rules.catalogue import CATALOGUE
from pytest_botpenguin_otp.rules.causes import causes, differing
from pytest_botpenguin_otp.rules.finding import Finding
from pytest_botpenguin_otp.rules.secret_names import Note
from pytest_botpenguin_otp.template import references

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_botpenguin_otp.bot import Bot, Component
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.rules.dynamic.exploring import Explored

__all__ = ["SOMETIMES", "relied_on", "sometimes"]

SOMETIMES = ("SO01", "SO02", "SO03")

SETTLED = "What your account answers, you see in its API Logs."

KEEPING_OUT = frozenset({"AU05", "AU06", "AU19", "AU21", "IN02", "IN09", "IN11", "SE06", "SE10"})
"""What in a file may by itself keep everybody out."""


def sometimes(bot: Bot, runs: Sequence[Explored], static: Iterable[Finding], ignored: set[str]) -> Iterator[Finding]:
    """Yield what never happens under any profile, and where a search was cut."""
    cut = _cut(runs)
    if cut:
        told = f"The search was ended by {cut}: what lies beyond is not proved. "
        yield Finding.of("SO03", f"{bot.file}:1", told + CATALOGUE["SO03"].remedy)
        return
    yield from _beyond(bot)
    yield from nowhere(bot)
    if not runs or not _is_known(bot):
        return
    no_order = any(finding.rule == "AU13" and finding.severity == "high" for finding in static)
    if "IN01" not in ignored and any(broken.code == "IN01" for run in runs for broken in run.broken):
        return  # no number came through as it must
    if not any(run.lets_in for run in runs) and (not no_order or "AU13" in ignored):
        profiles = [run.machine.profile for run in runs]
        yield from tuple(_refused(bot)) or tuple(_kept_out(bot, profiles)) or (_nobody(bot, static),)
        return
    yield from _never_mapped(bot, runs)


def _never_mapped(bot: Bot, runs: Sequence[Explored]) -> Iterator[Finding]:
    """SO02: find calls that arrows lead to, and a mapping of which no chat comes to under any profile."""
    never = set.intersection(*(set(run.outcomes.never_mapped) for run in runs))
    joined = _provable(bot)
    for known in dict.fromkeys(known for known, _ in sorted(never) if known in joined):
        codes = ", ".join(sorted(code for at, code in never if at == known))
        told = f"No chat comes to what {bot.components[known].name!r} maps {codes} to. {CATALOGUE['SO02'].remedy}"
        yield Finding.of("SO02", bot.components[known].place, told)


def _provable(bot: Bot) -> dict[str, None]:
    """Return the components to which some way leads that no answer of another service decides.

    Such are the yes of an own backend, and branches by what any API but the documented ones has answered.
    """
    unknown = {call.id for call in unanswered(bot)}
    foreign = [api for api in bot.apis.values() if api.role is None or is_strange(api)]
    answered = {attribute for api in foreign for attribute, _ in api.save}
    met = {bot.start: None}
    frontier = [bot.start]
    for at in frontier:
        component = bot.components[at]
        for known in () if at in unknown or _decides(component, answered) else following(component):
            if known not in met:
                met[known] = None
                frontier.append(known)
    return {known: None for known in met if known not in unknown}


def _decides(component: Component, answered: set[str]) -> bool:
    """Say whether a condition is about what another service has answered."""
    branches = component.branches if isinstance(component, IfElse) else ()
    return any(
        not answered.isdisjoint((compare.attribute, *(name for value in compare.values for name in references(value))))
        for branch in branches
        for compare in comparisons(branch.when)
    )


def _beyond(bot: Bot) -> Iterator[Finding]:
    """SO03: tell, once for each, the calls whose yes no fake can say; nothing in the flow mends that."""
    for call in unanswered(bot):
        told = (
            f"{call.name!r} asks an own backend in a way that is not documented: that it fails or says no was tried, "
        )
        told += "but what follows its yes is not proved. Test that with a service of your own in the backend's place."
        yield replace(Finding.of("SO03", call.place, told), severity="medium", fix="B")


def _is_known(bot: Bot) -> bool:
    """Say whether the bot's calls are of the documented shape, so that the fakes can answer them."""
    names = {field.name for api in bot.apis.values() if api.role for field in reading.fields(api)}
    return {"systemOtp", "userOtp", "toNumber"} <= names


def _cut(runs: Iterable[Explored]) -> str:
    """Say what ended the search, if anything did, with the states seen under each profile: each has a budget."""
    ended: dict[str, list[str]] = {}
    for run in runs:
        for budget in run.outcomes.exploration.cut:
            told = f"under {run.machine.profile.name} after {run.outcomes.exploration.states}"
            ended.setdefault(budget, []).append(told)
    return " and ".join(f"{budget} ({', '.join(profiles)})" for budget, profiles in ended.items())


def _refused(bot: Bot) -> Iterator[Finding]:
    """SO01: find calls with keys that the documented request does not have; the fake refuses them."""
    for api in (api for api in bot.apis.values() if api.role):
        documented = contracts.schema(f"botpenguin/{api.role}-request").get("properties")
        assert isinstance(documented, dict)  # noqa: S101  # the contracts are the package's own
        given = dict.fromkeys(field.name for field in reading.fields(api) if field.part == "body")
        unknown = [repr(name) for name in given if name not in documented]
        if unknown and not is_strange(api):
            told = (
                f"Nobody is ever let in: {api.name} sends {' and '.join(unknown)}, which the documented request does "
                "not have, and every profile assumes that BotPenguin refuses the call for it. Leave it out; if your "
                "account takes it, what follows is not proved here."
            )
            yield Finding.of("SO01", api.place, told)


def _kept_out(bot: Bot, profiles: Sequence[Profile]) -> Iterator[Finding]:
    """SO01: find what in the file keeps everybody out."""
    for cause in causes(bot, profiles):
        told = f"Nobody is ever let in: {cause.told} {SETTLED}"
        yield replace(Finding.of("SO01", cause.place, told), remedy=SETTLED)


def _nobody(bot: Bot, static: Iterable[Finding]) -> Finding:
    first = next(iter(reading.calls(bot, "verify")), None)
    place = first.place if first is not None else f"{bot.file}:1"
    why = "no chat with the right code comes to a protected component" if bot.protected else "nothing is protected"
    before = sorted({finding.rule for finding in static} & KEEPING_OUT)
    remedy = f"That may follow from {' and '.join(before)}: mend that first." if before else CATALOGUE["SO01"].remedy
    return replace(Finding.of("SO01", place, f"Nobody is ever let in: {why}. {remedy}"), remedy=remedy)


def relied_on(bot: Bot, runs: Sequence[Explored]) -> Iterator[Note]:
    """Tell under which profiles nobody gets in, where somebody does under others: what the flow relies on there."""
    letting = [run.machine.profile for run in runs if run.lets_in]
    if _cut(runs) or not letting or not _is_known(bot):
        return
    for run in runs:
        if run.lets_in or any(broken.code == "IN01" for broken in run.broken):
            continue
        profile = run.machine.profile
        cause = next(iter(causes(bot, [profile])), None)
        why = f"it differs in {differing(profile, letting)}." if cause is None else cause.told
        others = ", ".join(known.name for known in letting) if len(letting) + 1 < len(runs) else "the other profiles"
        told = f"Under {profile.name} nobody is let in: {why} Your flow relies on {others} here. {SETTLED}"
        yield Note(place=f"{bot.file}:1" if cause is None else cause.place, message=told)
