"""Send OTP: a good request is answered as the profile says, with a code where it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp.suite import scenario

if TYPE_CHECKING:
    from pytest_botpenguin_otp.suite.check import Check

pytestmark = pytest.mark.otp(live=True)


def test_send_answers_as_the_profile_says(otp_check: Check) -> None:
    """Status, keys, types and the form of the code are the profile's, and the contract is kept."""
    otp_check(scenario.SEND)
