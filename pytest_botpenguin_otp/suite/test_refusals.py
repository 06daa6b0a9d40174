"""Requests that no service may take: without Authorization, with a blank one, with a field missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp.suite import scenario

if TYPE_CHECKING:
    from pytest_botpenguin_otp.suite.check import Check

pytestmark = pytest.mark.otp(live=True)


@pytest.mark.parametrize("operation", scenario.OPERATIONS)
def test_missing_authorization_is_refused(otp_check: Check, operation: str) -> None:
    """A request without Authorization gets what the profile gives the unauthorized."""
    otp_check(scenario.unsigned(operation))


@pytest.mark.parametrize("operation", scenario.OPERATIONS)
def test_blank_authorization_is_refused(otp_check: Check, operation: str) -> None:
    """A request with a blank Authorization gets the same."""
    otp_check(scenario.blank(operation))


@pytest.mark.parametrize(("operation", "name"), scenario.FIELDS)
def test_missing_field_is_refused(otp_check: Check, operation: str, name: str) -> None:
    """A request that lacks a field is refused; the fakes name the field."""
    otp_check(scenario.lacking(operation, name))
