"""Promises about every input: how they are tried, and shown to be refuted."""

import json

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pytest_botpenguin_otp import strategies as some
from pytest_botpenguin_otp.botpenguin import HOST, TOKEN
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.wire import Request

__all__ = ["DEFAULT", "FEW", "HONEST", "HUNT", "OTHER_PHONE", "PATHS", "PHONE", "QUIET", "refuted", "request"]

QUIET = settings(database=None, derandomize=True, deadline=None, max_examples=100)
FEW = settings(QUIET, max_examples=50)
HUNT = settings(QUIET, max_examples=600, phases=[Phase.generate], report_multiple_bugs=False)
PATHS = {"send": "send-otp-sms", "verify": "verify-user-otp"}
DEFAULT = PROFILES["mismatch-400"]
PHONE, OTHER_PHONE = "+14155550123", "+447700900123"
HONEST = some.profiles(honest=True).flatmap(lambda known: st.tuples(st.just(known), some.sound_bots(known)))


def refuted(promise, *given_values):
    """Show that `promise` is broken by some of the given values."""
    with pytest.raises(AssertionError):
        HUNT(given(*given_values)(promise))()


def request(operation, body, headers=(("Authorization", TOKEN),)):
    """Build a request to the OTP service."""
    url = f"https://{HOST}/integrations/custom-feature/{PATHS[operation]}"
    sent = (*headers, ("Content-Type", "application/json"))
    return Request(method="POST", url=url, headers=sent, body=json.dumps(body).encode())
