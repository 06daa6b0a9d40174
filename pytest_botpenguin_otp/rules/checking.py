"""Every rule on one bot: the file, and everything that can happen to it under each profile."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.errors import ChatError
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.rules.catalogue import CATALOGUE
from pytest_botpenguin_otp.rules.dynamic import DYNAMIC, ONCE
from pytest_botpenguin_otp.rules.dynamic.exploring import Broken, Explored, explored
from pytest_botpenguin_otp.rules.dynamic.needs import RANK
from pytest_botpenguin_otp.rules.dynamic.promising import UNVERIFIED, typed_instead, unheard, was_verified
from pytest_botpenguin_otp.rules.finding import Finding
from pytest_botpenguin_otp.rules.possible import SOMETIMES, sometimes
from pytest_botpenguin_otp.rules.static import STATIC, found, settle
from pytest_botpenguin_otp.rules.verdict import COUNTED_PROFILES, NEEDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.explorer import Bounds, Witness
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["DECIDABLE", "Checked", "check", "checked"]

DECIDABLE = tuple(code for code in CATALOGUE if code in {*STATIC, *DYNAMIC, *SOMETIMES})
"""The codes of the rules that can be decided on a bot, in the order of the catalogue."""


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """A bot with its findings, by place, and the explorations that they come from."""

    bot: Bot
    findings: tuple[Finding, ...]
    explorations: tuple[Explored, ...]


def check(
    bot: Bot,
    profiles: Iterable[Profile] | None = None,
    bounds: Bounds | None = None,
    clock: Callable[[], float] | None = None,
) -> tuple[Finding, ...]:
    """Return what all rules find, by place, with the bot's own switches taken into account.

    `profiles` are those that are tried, by default all that are shipped; `clock` gives seconds, without it no time
    budget holds.
    """
    return checked(bot, profiles, bounds, clock).findings


def checked(
    bot: Bot,
    profiles: Iterable[Profile] | None = None,
    bounds: Bounds | None = None,
    clock: Callable[[], float] | None = None,
) -> Checked:
    """Return what all rules find, as `check`, with the explorations."""
    chosen = tuple(PROFILES.values() if profiles is None else profiles)
    runs = tuple(explored(bot, profile, bounds, clock) for profile in chosen) if _calls(bot) else ()
    static = found(bot)
    ignored = {item.rule for item in bot.ignored}
    dynamic = _dynamic(runs, static, ignored)
    noted = [] if any(finding.rule == "AU12" for finding in dynamic) else list(_no_expiry(bot))
    possible = sometimes(bot, runs, static, ignored)
    return Checked(bot, settle(bot, [*_merged(static, dynamic), *noted, *possible], DECIDABLE), runs)


def _no_expiry(bot: Bot) -> Iterator[Finding]:
    """AU12: tell, once for a bot, that the documented verify call knows no time, where no chat comes to show it."""
    for call in reading.calls(bot, "verify"):
        if reading.is_botpenguins(bot.apis[call.api]):
            told = f"{call.name!r} checks a code whatever its age. {CATALOGUE['AU12'].remedy}"
            yield Finding.of("AU12", call.place, told)
            return


def _calls(bot: Bot) -> bool:
    """Say whether a bot has anything to do with codes: others have no answers to try."""
    return any(api.role is not None for api in bot.apis.values())


def _dynamic(runs: Sequence[Explored], static: Iterable[Finding], ignored: set[str]) -> list[Finding]:
    """Return a finding for each rule, and one for each place of which the file tells too, with the plainest chat."""
    places = {(finding.rule, finding.place) for finding in static}
    grouped: dict[tuple[str, str], list[tuple[Explored, Broken]]] = {}
    for run in runs:
        for broken in run.broken:
            if broken.code not in ignored:
                key = (broken.code, broken.hit.place)
                grouped.setdefault(key if key in places else (broken.code, ""), []).append((run, broken))
    found = [_finding(group, len(runs), merged=bool(place)) for (_, place), group in grouped.items()]
    return found + [_switched_off(code, runs) for code in sorted(ignored) if _is_broken(code, runs)]


def _is_broken(code: str, runs: Sequence[Explored]) -> bool:
    return any(broken.code == code for run in runs for broken in run.broken)


def _switched_off(code: str, runs: Sequence[Explored]) -> Finding:
    """Return a finding that stands for all of a rule that the bot switches off: it is only to be known as used."""
    broken = next(broken for run in runs for broken in run.broken if broken.code == code)
    return Finding.of(code, broken.hit.place, broken.hit.told)


def _finding(group: Sequence[tuple[Explored, Broken]], every: int, *, merged: bool) -> Finding:
    run, broken = min(group, key=_plainness)
    names = tuple(dict.fromkeys(one.profile.name for _, one in group if one.needs == broken.needs))
    others = {one.hit.place for _, one in group} - {broken.hit.place} if broken.code not in ONCE else set()
    also = f" The same is so in line {_listed(others)}." if others else ""
    remedy = broken.hit.remedy or CATALOGUE[broken.code].remedy
    told = broken.hit.told if merged else f"{broken.hit.told}{also} {remedy}"
    finding = replace(
        Finding.of(broken.code, broken.hit.place, told),
        remedy=remedy,
        fix=broken.hit.fix or CATALOGUE[broken.code].fix,
        profiles=() if len(names) == every else names,
        needs=broken.needs,
        also=broken.also,
    )
    return _shown(finding, run, broken)


def _plainness(one: tuple[Explored, Broken]) -> tuple[bool, int, int]:
    """Sort what counts for whoever names no profile first, then what takes least."""
    broken = one[1]
    counts = broken.profile.name in COUNTED_PROFILES and NEEDS[broken.needs] == "always"
    return not counts, RANK[broken.needs], len(broken.keys)


def _listed(places: Iterable[str]) -> str:
    return ", ".join(str(line) for line in sorted(int(place.rpartition(":")[2]) for place in places))


def _shown(finding: Finding, run: Explored, broken: Broken) -> Finding:
    """Add the chat that shows it."""
    try:
        way = run.witness(broken)
    except ChatError:
        return finding
    lines = way.lines().splitlines() if way.playable else way.labels()
    return replace(
        finding,
        counterexample=tuple(lines),
        token=way.token,
        under=broken.profile.name,
        chat=_chat(way, broken) if way.playable else None,
    )


def _chat(way: Witness, broken: Broken) -> str:
    """Return a chat file without what the bot says on the way, that fails as long as the rule is broken."""
    hit, (api, fewer) = broken.hit, broken.hit.fewer
    expect = f"{{calls: {{{json.dumps(api)}: {_answered(way, api) - fewer}}}}}" if api else hit.expect
    expect = f"{{elapsed_at_least: {way.lasts_s + hit.later_s}}}" if hit.later_s else expect
    step = hit.step
    if not step and (not expect or (expect == UNVERIFIED and was_verified(way))):
        step = unheard(way)
    if not step and (not expect or expect == f"{{verified: {str(way.verified).lower()}}}"):
        expect = "{ended: live_chat}" if way.ended != "live_chat" else "{ended: end_chat}"
    name = PurePath(way.machine.bot.file).name
    lines = way.chat_file(name, name=f"{broken.code} is kept", expect=expect, promised=True).splitlines()
    if hit.typed is not None:
        lines = typed_instead(lines, hit.typed(way))
    if step:
        lines[-1] = f"      - {step}"
    return "\n".join(lines) + "\n"


def _answered(way: Witness, api: str) -> int:
    """Count the calls of an API that have their answers on the way itself."""
    components = way.machine.bot.components
    calls = (one.before.state.at for one in way.taken[: way.length] if one.move.kind == "answer")
    return sum(getattr(components[known], "api", "") == api for known in calls)


def _merged(static: Iterable[Finding], dynamic: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what both kinds of rules say of one place once: in the words of the file, with chat and profiles."""
    left = {(finding.rule, finding.place): finding for finding in dynamic}
    for finding in static:
        shown = left.pop((finding.rule, finding.place), None)
        if shown is None:
            yield finding
        else:
            profiles = shown.profiles or finding.profiles
            told = replace(finding, counterexample=shown.counterexample, token=shown.token, chat=shown.chat)
            yield replace(told, profiles=profiles, under=shown.under)
    yield from left.values()
