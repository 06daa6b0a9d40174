"""One item for each bot file: it fails where the bot became more lax than it was at a revision."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import compare, profile
from pytest_botpenguin_otp.collecting import chosen_budgets, named_profiles
from pytest_botpenguin_otp.errors import OtpError
from pytest_botpenguin_otp.explorer import Bounds
from pytest_botpenguin_otp.report import comparisons as report
from pytest_botpenguin_otp.settings import setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pytest_botpenguin_otp.compare import Comparison
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["BaselineItem", "baseline_findings", "baseline_items", "chosen_bounds"]

NAME = "baseline"


def baseline_findings(
    path: Path, revision: str, profiles: Iterable[Profile] | None = None, bounds: Bounds | None = None
) -> Comparison:
    """Compare the bot file at `path` with what git has of it at `revision`; raise `FileError` or `RevisionError`."""
    chosen = tuple(profile.PROFILES.values() if profiles is None else profiles)
    old = compare.at_revision(path, revision)
    return compare.compare_under(old, bots.load(path), chosen, bounds, clock=perf_counter)


def baseline_items(parent: pytest.Module) -> Iterator[pytest.Item]:
    """Yield the item `baseline` of a bot file, if `--otp-baseline` or its ini twin names a revision."""
    revision = setting(parent.config, "baseline")
    if revision:
        yield _item(parent, revision)


def _item(parent: pytest.Module, revision: str) -> BaselineItem:
    def no_more_lax() -> None:
        try:
            bounds = chosen_bounds(parent.config)
            found = baseline_findings(parent.path, revision, _profiles(parent.config), bounds)
        except compare.NotThereError as error:
            raise pytest.skip.Exception(f"nothing to compare with: {error}") from None
        except OtpError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
        told = "\n".join(report.lines(found))
        if found.is_lax:
            pytest.fail(f"{parent.path.name} is more lax than at {revision}.\n{told}", pytrace=False)
        if found.cut:
            pytest.fail(f"not proved: the search was cut by {' and '.join(found.cut)}.\n{told}", pytrace=False)
        item.add_report_section("call", "botpenguin-otp", told)
        if found.parted or found.apart:
            pytest.skip(f"not proved: {_not_compared(found)}. No rule is broken that was kept before.")

    item = BaselineItem.from_parent(parent, name=NAME, callobj=no_more_lax)
    return item


def _not_compared(found: Comparison) -> str:
    """Say what of two bots was not held against each other."""
    places = dict.fromkeys(difference.component for difference in found.parted)
    beyond = [f"after the difference at {', '.join(places)} nothing could be compared"] if places else []
    return "; ".join((*beyond, *(f"not compared: {apart}" for apart in found.apart)))


class BaselineItem(pytest.Function):
    """Fails on what became more lax, and where a budget cut the search; all else that changed is in the report."""

    def reportinfo(self) -> tuple[Path, int, str]:
        """Give the bot's place."""
        return self.path, 0, self.name


def chosen_bounds(config: pytest.Config) -> Bounds:
    """Return how far a search goes: the budgets that the user names, and the safe ones else."""
    named, usual = chosen_budgets(config), Bounds()
    return Bounds(
        states=named.get("states", usual.states),
        seconds=named.get("seconds", usual.seconds),
        megabytes=named.get("megabytes", usual.megabytes),
    )


def _profiles(config: pytest.Config) -> list[Profile] | None:
    """Return the profiles that the user names, if any."""
    return [*named_profiles(config).values()] or None
