"""The one fixture of the suite: the target that a test holds its scenario against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp.errors import FileError, OtpError
from pytest_botpenguin_otp.settings import setting
from pytest_botpenguin_otp.suite import choosing
from pytest_botpenguin_otp.suite.check import Check
from pytest_botpenguin_otp.suite.tally import CHECKED
from pytest_botpenguin_otp.suite.target import Target

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_botpenguin_otp.profile import Profile

TARGET = pytest.StashKey[Target]()
"""A live target, which all tests of a process share, so that it sends one SMS."""


TOLD = pytest.StashKey[str]()
"""Why nothing can be checked, as the last test was told."""


@pytest.fixture
def otp_check(request: pytest.FixtureRequest, otp_profile: Profile) -> Check:
    """Give what holds a scenario against the target of `--otp-target`."""
    config = request.config
    try:
        given = choosing.consents(config, marker=_marked(request.node))
        target = config.stash.get(TARGET, None) or choosing.chosen(
            config, otp_profile, lambda: request.getfixturevalue("otp_world"), _shared(request), given
        )
    except (OtpError, FileError) as error:
        raise pytest.fail.Exception(_once(config, str(error)), pytrace=False) from None
    if choosing.live(setting(config, "target")):
        config.stash[TARGET] = target
    request.node.user_properties.append((CHECKED, target.evidence))
    return Check(target)


def _once(config: pytest.Config, told: str) -> str:
    """Return why nothing can be checked; its first line alone where a test before has said the same."""
    if config.stash.get(TOLD, "") == told:
        return f"{told.splitlines()[0]} (as told above)"
    config.stash[TOLD] = told
    return told


def _marked(item: pytest.Item) -> bool:
    """Say whether the nearest marker of a test that speaks of live calls consents to them."""
    told = (mark.kwargs["live"] for mark in item.iter_markers("otp") if "live" in mark.kwargs)
    return next(told, False) is True


def _shared(request: pytest.FixtureRequest) -> Path:
    """Return a folder that every process of this run knows, and no other run."""
    factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    base = factory.getbasetemp()
    return (base.parent if hasattr(request.config, "workerinput") else base) / "botpenguin-otp"
