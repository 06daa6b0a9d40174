"""The catalogue of rules, as lines and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.rules import DECIDED, FAMILIES, FIXES, SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_botpenguin_otp.rules import Rule

__all__ = ["details", "lines", "markdown", "to_json"]

FORMAT = "botpenguin-otp/rules@1"
NO_STANDARD = "none: it keeps the other rules from being kept by a bot that does nothing"
MEASURED = "Bots are measured against these standards; that says nothing about compliance with them."


def lines(rules: Iterable[Rule]) -> Iterator[str]:
    """Yield each rule on a line of its own, under a heading for its family, and what the columns mean."""
    family = ""
    for rule in rules:
        if rule.family != family:
            family = rule.family
            yield from ("", f"{family}: {FAMILIES[family]}")
        yield f"  {rule.code}  {rule.severity:<8}  {rule.fix or '-':<3}  {rule.title}"
    yield ""
    yield from _legend("Severity", SEVERITIES.items())
    yield from _legend("Mended by", FIXES.items())


def _legend(heading: str, meanings: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"{heading}:"
    yield from (f"  {name:<8}  {meaning}" for name, meaning in meanings)


def details(rule: Rule) -> Iterator[str]:
    """Yield everything about one rule, its title first."""
    yield f"{rule.code} ({rule.severity}): {rule.title}"
    yield f"  Why         {rule.why}"
    yield f"  Remedy      {rule.remedy}"
    yield f"  Mended by   {f'{rule.fix}: {rule.mended_by}' if rule.fix else 'nothing in the bot'}"
    yield f"  Decided     {'; '.join(DECIDED[how] for how in rule.decided)}"
    if rule.undecided:
        yield f"  Undecided   {rule.undecided}"
    yield f"  Standards   {'; '.join(rule.reasons) or NO_STANDARD}"
    yield f"  {MEASURED}"


def markdown(rules: Iterable[Rule]) -> Iterator[str]:
    """Yield the same as a Markdown document: a section for each family, a heading for each rule."""
    yield from ("# What is promised of a bot", "", "Printed by `botpenguin-otp rules --markdown`; do not edit.")
    yield from (MEASURED, "A finding is `file:line: CODE (severity) ...`; `botpenguin-otp rules CODE` prints one rule.")
    yield from ("", "| severity | |", "|---|---|", *(f"| {name} | {meaning} |" for name, meaning in SEVERITIES.items()))
    yield from ("", "| mended by | |", "|---|---|", *(f"| {name} | {meaning} |" for name, meaning in FIXES.items()))
    family = ""
    for rule in rules:
        if rule.family != family:
            family = rule.family
            yield from ("", f"## {family}: {FAMILIES[family]}")
        yield from ("", f"### {rule.code} ({rule.severity}): {rule.title}", "", rule.why)
        yield from ("", f"- **Remedy**: {rule.remedy}")
        yield f"- **Mended by**: {f'{rule.fix}, {rule.mended_by}' if rule.fix else 'nothing in the bot'}"
        yield f"- **Decided**: {'; '.join(DECIDED[how] for how in rule.decided)}"
        if rule.undecided:
            yield f"- **Undecided**: {rule.undecided}"
        yield f"- **Standards**: {'; '.join(rule.reasons) or NO_STANDARD}"


def to_json(rules: Iterable[Rule]) -> dict[str, object]:
    """Return the same for machines."""
    return {"format": FORMAT, "rules": [asdict(rule) for rule in rules]}
