"""Cassettes as items of a run: one per file, which passes where the triangle finds nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp.cassettes import shelf, triangle
from pytest_botpenguin_otp.errors import FileError
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES
from pytest_botpenguin_otp.report import triangle as report
from pytest_botpenguin_otp.settings import max_age, setting
from pytest_botpenguin_otp.suite.tally import CHECKED, WARNED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pytest_botpenguin_otp.profile import Profile

__all__ = ["CassetteFile", "cassette_file"]

NAME = "verify"


def cassette_file(path: Path, parent: pytest.Collector) -> CassetteFile | None:
    """Return a collector for a cassette of ours, None for any other file."""
    if not shelf.is_ours(path):
        return None
    collector = CassetteFile.from_parent(parent, path=path)
    collector.obj = ModuleType(path.name.partition(".")[0])
    return collector


class CassetteFile(pytest.Module):
    """A cassette; it is a module without Python in it, since other plugins' fixtures look for one above an item."""

    def collect(self) -> Iterable[pytest.Item]:
        """Give the one item."""

        def verify(request: pytest.FixtureRequest, otp_profile: Profile) -> None:
            self._verify(request, otp_profile)

        yield pytest.Function.from_parent(self, name=NAME, callobj=verify)

    def _is_chosen(self, profile: Profile) -> bool:
        """Say whether somebody has chosen how the fakes answer: by the option, its ini twin or an own fixture."""
        return bool(setting(self.config, "profile")) or profile != PROFILES[DEFAULT]

    def _verify(self, request: pytest.FixtureRequest, profile: Profile) -> None:
        today = datetime.now(UTC).date()  # noqa: TID251  # how old a recording is depends on the day
        try:
            cassette = shelf.load(self.path)
        except FileError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
        named = profile if self._is_chosen(profile) else triangle.made_under(cassette)
        found = triangle.verify(cassette, named or profile, today=today, max_age=max_age(self.config))
        if found.checked:
            evidence = f"cassettes {found.evidence}, under {found.profile}"
            request.node.user_properties.append((CHECKED, evidence))
        if found.warnings:
            request.node.user_properties.append((WARNED, f"{self.nodeid}: {' '.join(found.warnings)}"))
        if found.failed:
            hint = () if named or found.verdict != "drift" else (report.guess("--otp-profile NAME"),)
            pytest.fail("\n".join((*report.lines(found), *hint)), pytrace=False)
