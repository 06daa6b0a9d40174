"""Bot files as items: one for each rule that can be decided on a bot, and one for each property."""

from __future__ import annotations

import os
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp import baselines, grades, rules, selecting
from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.baselines import chosen_bounds
from pytest_botpenguin_otp.collecting import named_profiles
from pytest_botpenguin_otp.collecting_properties import property_items
from pytest_botpenguin_otp.counterexamples import save
from pytest_botpenguin_otp.errors import OtpError
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.report import findings as report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.rules import Checked, Finding

__all__ = ["BotFile", "bot_file"]

NOT_PROVED = "not proved: the search was cut"


def bot_file(path: Path, parent: pytest.Collector) -> BotFile | None:
    """Return a collector for a bot file that was named on the command line, or that the setting `otp_bots` matches."""
    here = Path(os.path.relpath(path, parent.config.rootpath)).as_posix()
    if not (parent.session.isinitpath(path) or any(fnmatch(here, glob) for glob in selecting.patterns(parent.config))):
        return None
    selecting.note(parent.config, here)
    collector = BotFile.from_parent(parent, path=path)
    collector.obj = ModuleType(path.name.partition(".")[0])
    return collector


class BotFile(pytest.Module):
    """A `*.bot.yaml`: one item per rule and property. It is explored once, when the first rule runs.

    It is a module without Python in it, since other plugins' module-scoped fixtures look for one above an item.
    """

    _checked: Checked | None = None

    def collect(self) -> Iterable[pytest.Item]:
        """Read the bot; a fault in it is told without a traceback."""
        try:
            bot, profiles = bots.load(_short(self.path)), _profiles(self.config)
            chosen_bounds(self.config)
        except OtpError as error:
            raise self.CollectError(str(error)) from None
        for code in rules.DECIDABLE:
            yield self._item(code, bot, profiles)
        yield from property_items(self, bot, profiles)
        yield from baselines.baseline_items(self)
        yield from grades.mutant_items(self)

    def _item(self, code: str, bot: Bot, profiles: list[Profile]) -> pytest.Item:
        def keeps() -> None:
            checked = self._check(bot, profiles)
            found = [finding for finding in checked.findings if _item_of(finding) == code]
            strict = bool(self.config.getoption("otp_strict") or self.config.getini("otp_strict"))
            failing = [finding for finding in found if strict or _fails(finding, profiles)]
            for finding in found:
                if finding not in failing:
                    item.add_report_section("call", "botpenguin-otp", "\n".join(report.told(finding)))
            if failing:
                told = [line for finding in failing for line in (*_explained(finding), *self._saved(finding))]
                pytest.fail("\n".join(told), pytrace=False)
            off = next((one for one in bot.ignored if one.rule == code), None)
            if off is not None and not found:
                pytest.skip(f"switched off in {bot.file}: {off.reason}")
            if _is_cut(checked) and "exploration" in rules.CATALOGUE[code].decided:
                pytest.skip(NOT_PROVED)

        item = RuleItem.from_parent(self, name=code, callobj=keeps)
        return item

    def _check(self, bot: Bot, profiles: list[Profile]) -> Checked:
        if self._checked is None:
            checked = rules.checked(bot, profiles or None, chosen_bounds(self.config), perf_counter)
            given = {known.name: name for name, known in named_profiles(self.config).items()}
            named = (replace(one, under=given.get(one.under or "", one.under)) for one in checked.findings)
            self._checked = replace(checked, findings=tuple(named))
        return self._checked

    def _saved(self, finding: Finding) -> list[str]:
        """Write the counterexample as a chat file where that is wanted, and tell where."""
        if not finding.chat:
            return []
        own = finding.under not in {None, *PROFILES}
        told = f"# It fails under this profile: --otp-profile {finding.under}\n" if own else ""
        return save(self.config, self.path, f"{finding.rule}_{finding.line}", told + finding.chat)


class RuleItem(pytest.Function):
    """One rule, held against one bot; it may be given marks like any test."""

    def reportinfo(self) -> tuple[Path, int, str]:
        """Give the bot's place."""
        return self.path, 0, self.name


def _item_of(finding: Finding) -> str:
    """Return the item that tells a finding: the last one tells of switches for rules that have none."""
    return finding.rule if finding.rule in rules.DECIDABLE else rules.DECIDABLE[-1]


def _is_cut(checked: Checked) -> bool:
    return any(run.outcomes.exploration.cut for run in checked.explorations)


def _explained(finding: Finding) -> Iterable[str]:
    first, *rest = report.told(finding)
    yield first
    yield f"    why: {finding.why}"
    if finding.remedy not in first:
        yield f"    remedy: {finding.remedy}"
    yield from rest


def _fails(finding: Finding, profiles: list[Profile]) -> bool:
    if not profiles:
        return rules.judge(finding) == "fails"
    return any(rules.judge(finding, known.name) == "fails" for known in profiles)


def _profiles(config: pytest.Config) -> list[Profile]:
    """Return the profiles that the user names; none: all that are shipped are tried."""
    return list(named_profiles(config).values())


def _short(path: Path) -> Path:
    """Return `path` as one reads it from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
