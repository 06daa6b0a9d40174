"""What a run consents to: its options as they were typed, its environment, and the marker of one test."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes import consent

if TYPE_CHECKING:
    import pytest

__all__ = ["given"]


def given(config: pytest.Config, *, marker: bool) -> consent.Consents:
    """Return the consents for one test; `marker` is whether its own marker has given that part.

    Raises `ConsentError` for a consent that nobody has typed for this run, and for numbers that are not in E.164.
    """
    found = consent.Consents.given(
        os.environ,
        option=bool(config.getoption("otp_live")),
        marker=marker,
        own=consent.numbers(str(config.getoption("otp_live_to") or config.getini("otp_live_to") or "")),
        budget=int(config.getoption("otp_sms_budget") or 0),
        in_ci=bool(config.getoption("otp_live_in_ci")),
    )
    chosen = {"--otp-live": found.option, "--otp-sms-budget": found.budget, "--otp-live-in-ci": found.in_ci}
    consent.spoken(config.invocation_params.args, [option for option, there in chosen.items() if there])
    return found
