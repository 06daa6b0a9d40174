"""Verify OTP: yes to the code that was sent, and to nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp.suite import scenario

if TYPE_CHECKING:
    from pytest_botpenguin_otp.suite.check import Check

pytestmark = pytest.mark.otp(live=True)


def test_right_code_verifies(otp_check: Check) -> None:
    """The code that was sent is accepted."""
    otp_check(scenario.RIGHT)


def test_wrong_code_does_not_verify(otp_check: Check) -> None:
    """Another code is refused, as the profile tells a mismatch."""
    otp_check(scenario.WRONG)


def test_empty_code_does_not_verify(otp_check: Check) -> None:
    """No code at all is refused, as the profile tells a mismatch."""
    otp_check(scenario.EMPTY)
