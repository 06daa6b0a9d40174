"""The one fixture of the suite: the target that a test holds its scenario against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp.errors import FileError, OtpError
from pytest_botpenguin_otp.suite import choosing
from pytest_botpenguin_otp.suite.check import Check
from pytest_botpenguin_otp.suite.settings import setting
from pytest_botpenguin_otp.suite.tally import CHECKED
from pytest_botpenguin_otp.suite.target import Target

if TYPE_CHECKING:
    from pytest_botpenguin_otp.profile import Profile

TARGET = pytest.StashKey[Target]()
"""A live target, which all tests of a process share, so that it sends one SMS."""


@pytest.fixture
def otp_check(request: pytest.FixtureRequest, otp_profile: Profile) -> Check:
    """Give what holds a scenario against the target of `--otp-target`."""
    config = request.config
    target = config.stash.get(TARGET, None)
    if target is None:
        factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
        base = factory.getbasetemp()
        shared = (base.parent if hasattr(config, "workerinput") else base) / "botpenguin-otp"
        try:
            target = choosing.chosen(config, otp_profile, lambda: request.getfixturevalue("otp_world"), shared)
        except (OtpError, FileError) as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
        if choosing.live(setting(config, "target")):
            config.stash[TARGET] = target
    request.node.user_properties.append((CHECKED, target.evidence))
    return Check(target)
