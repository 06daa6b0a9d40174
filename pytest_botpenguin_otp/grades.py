"""One item for each bot file: it fails where its chats notice too few of the changes to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp import mutants, profile
from pytest_botpenguin_otp.baselines import chosen_bounds
from pytest_botpenguin_otp.collecting import named_profiles
from pytest_botpenguin_otp.errors import OtpError
from pytest_botpenguin_otp.report import mutants as report
from pytest_botpenguin_otp.settings import setting

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MutantsItem", "mutant_items"]

NAME = "mutants"
PATTERN = "test_*.chat.yaml"
ALL = 100


def mutant_items(parent: pytest.Module) -> Iterator[pytest.Item]:
    """Yield the item `mutants` of a bot file, if `--otp-mutants` or its ini twin names a floor."""
    told = setting(parent.config, "mutants")
    if told:
        try:
            floor = _floor(told)
        except OtpError as error:
            raise parent.CollectError(str(error)) from None
        yield _item(parent, floor)


def _floor(told: str) -> float:
    try:
        floor = float(told.removesuffix("%"))
    except ValueError:
        floor = -1
    if not 0 <= floor <= ALL:
        wanted = "--otp-mutants (or otp_mutants in the ini file) wants a number from 0 to 100"
        raise OtpError(f"{wanted}; not {told!r}.")
    return floor


def _item(parent: pytest.Module, floor: float) -> MutantsItem:
    def enough_is_noticed() -> None:
        try:
            found, grade = _graded(parent)
        except OtpError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
        told = "\n".join(report.lines(grade, found.files))
        if grade.score < floor:
            pytest.fail(f"below the floor of {report.percent(floor)}: {told}", pytrace=False)
        item.add_report_section("call", "botpenguin-otp", told)

    item = MutantsItem.from_parent(parent, name=NAME, callobj=enough_is_noticed)
    return item


class MutantsItem(pytest.Function):
    """Grades the chat files of the project that name a bot; whatever goes unnoticed is in the report."""

    def reportinfo(self) -> tuple[Path, int, str]:
        """Give the bot's place."""
        return self.path, 0, self.name


def _graded(parent: pytest.Module) -> tuple[mutants.Chats, mutants.Grade]:
    config = parent.config
    folders = _folders(config)
    path, *folders = map(_short, (parent.path, *folders))
    found = mutants.find(path, folders, pattern=PATTERN, skipped=config.getini("norecursedirs"))
    if not found.conversations:
        where = ", ".join(map(str, folders))
        raise OtpError(f"no {PATTERN} under {where} names {path}, so that every change to it would go unnoticed.")
    named = next(iter(named_profiles(config).values()), profile.PROFILES[profile.DEFAULT])
    allowed = config.getoption("otp_allow_unused_faults") or config.getini("otp_allow_unused_faults")
    return found, mutants.grade(path, found.conversations, named, chosen_bounds(config), unused_faults=not allowed)


def _folders(config: pytest.Config) -> list[Path]:
    """Return where the project's tests are: its `testpaths`, or else all of it."""
    root = config.rootpath
    told: list[Path] = []
    for named in config.getini("testpaths"):
        path = root / named
        told += [path] if path.exists() else sorted(root.glob(named))
    return told or [root]


def _short(path: Path) -> Path:
    """Return `path` as one reads it from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
