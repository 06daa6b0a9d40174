"""The rules that are decided on a bot file alone, by code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import Bot
from pytest_botpenguin_otp.errors import did_you_mean
from pytest_botpenguin_otp.rules import leaks, rounds, shapes, strangers, transport, wiring
from pytest_botpenguin_otp.rules.catalogue import CATALOGUE
from pytest_botpenguin_otp.rules.finding import Finding
from pytest_botpenguin_otp.rules.order import code_asked_early, code_never_asked, loops, read_before_set
from pytest_botpenguin_otp.rules.verdict import UNPROVED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

__all__ = ["STATIC", "StaticRule", "check_file", "found", "settle"]

StaticRule = Callable[[Bot], Iterator[Finding]]


def _all(*rules: StaticRule) -> StaticRule:
    """Join the parts of one rule."""
    return lambda bot: chain.from_iterable(rule(bot) for rule in rules)


STATIC: Mapping[str, StaticRule] = {
    "AU01": wiring.no_way_round,
    "AU05": wiring.own_code,
    "AU06": wiring.sent_code,
    "AU13": _all(read_before_set, code_never_asked, code_asked_early),
    "AU14": wiring.marked,
    "AU15": wiring.skippable,
    "AU18": wiring.side_doors,
    "AU19": shapes.unquoted,
    "AU21": wiring.one_for_all,
    "AU22": wiring.stays_open,
    "AB05": rounds.no_longer_wait,
    "AB07": shapes.any_country,
    "AB08": rounds.sends_again,
    "AB09": _all(loops, rounds.no_way_out, rounds.stands_apart),
    "LK01": leaks.code_shown,
    "LK02": leaks.code_elsewhere,
    "LK03": leaks.raw,
    "LK04": leaks.stays,
    "LK05": leaks.in_address,
    "LK07": leaks.phone_shown,
    "LK08": leaks.code_handed_out,
    "SE01": transport.written_out,
    "SE02": transport.in_url,
    "SE03": transport.address,
    "SE05": transport.elsewhere,
    "SE06": transport.authorization,
    "SE10": transport.by_post,
    "IN02": shapes.sender,
    "IN09": shapes.unfilled,
    "IN10": shapes.any_length,
    "IN11": shapes.too_short,
    "IN12": shapes.as_number,
    "IN13": shapes.spelled,
    "ER01": shapes.unmapped,
    "ER04": leaks.inner_workings,
    "ER05": strangers.known_apart,
    "ER10": rounds.too_quick,
}
"""Each rule with a part that the file alone decides, and the function that decides it."""


def check_file(bot: Bot) -> tuple[Finding, ...]:
    """Return what the static rules find, by place, with the bot's own switches taken into account."""
    return settle(bot, found(bot), STATIC)


def found(bot: Bot) -> tuple[Finding, ...]:
    """Return what the static rules find, nothing switched off."""
    return tuple(finding for rule in STATIC.values() for finding in rule(bot))


def settle(bot: Bot, findings: Iterable[Finding], decided: Collection[str]) -> tuple[Finding, ...]:
    """Leave out what the bot switches off, add the switches that switch nothing off, and sort by place.

    `decided` are the codes of the rules that were decided: only of these can a switch be known to be unused.
    """
    every = tuple(findings)
    broken = {finding.rule for finding in every}
    switched = {item.rule for item in bot.ignored} - UNPROVED
    left = [finding for finding in every if finding.rule not in switched]
    unused = (code for code in switched if code not in broken and (code in decided or not _is_decidable(code)))
    left.extend(_unused(bot, code) for code in sorted(unused))
    left.extend(_kept_on(bot, item.rule) for item in bot.ignored if item.rule in UNPROVED)
    return tuple(sorted(left, key=lambda item: (item.file, item.line, item.rule, item.message)))


def _is_decidable(code: str) -> bool:
    """Whether a bot can keep or break a rule; what the tool itself promises, it cannot."""
    return code in CATALOGUE and CATALOGUE[code].decided != ("tool",)


def _kept_on(bot: Bot, code: str) -> Finding:
    told = f"The bot switches {code} off, which no bot can: it tells what was not looked at. Take it out of ignore."
    return Finding(rule=code, severity="low", fix="F", place=f"{bot.file}:1", message=told)


def _unused(bot: Bot, code: str) -> Finding:
    if _is_decidable(code):
        told = f"The bot switches {code} off and does not break it. Take the switch out of ignore."
    elif code in CATALOGUE:
        told = f"The bot switches {code} off, which is decided on no bot anyway. Take the switch out of ignore."
    else:
        told = f"The bot switches {code} off, and there is no such rule. {did_you_mean(code, CATALOGUE)}"
    return Finding(rule=code, severity="low", fix="F", place=f"{bot.file}:1", message=told)
