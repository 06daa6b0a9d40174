"""An answer says yes as its profile tells it, with a flag or without."""

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.machine.telling import says_yes
from pytest_botpenguin_otp.profile import PROFILES, Answer
from pytest_botpenguin_otp.rules import checked

M400 = PROFILES["mismatch-400"]
SENT = Answer(200, '{"state": "sent", "data": {"otp": "{{code}}"}}')
DONE = Answer(200, '{"state": "ok"}')
README = Path(__file__).parents[1] / "examples" / "readme" / "phone-login.bot.yaml"


@pytest.mark.parametrize(
    ("profile", "role", "status", "body", "yes"),
    [
        (M400, "send", 200, b'{"success": true}', True),
        (M400, "send", 200, b'{"success": false}', False),
        (M400, "send", 200, b"{}", False),
        (M400, "verify", 201, b'{"success": true}', False),
        (M400, "verify", None, b"", False),
        (replace(M400, send_ok=SENT), "send", 200, b'{"state": "sent"}', True),
        (replace(M400, send_ok=SENT), "send", 200, b'{"success": false}', False),
        (replace(M400, send_ok=SENT), "verify", 200, b'{"state": "ok"}', False),
        (replace(M400, verify_ok=DONE), "verify", 200, b'{"state": "ok"}', True),
        (replace(M400, verify_ok=DONE), "verify", 200, b'{"success": false}', False),
    ],
)
def test_yes(profile, role, status, body, yes):
    """Status and flag are those of the profile's own yes; where that has no flag, one that is there is no yes."""
    assert says_yes(profile, role, status, body) is yes


@pytest.mark.parametrize("changes", [{}, {"send_ok": SENT}, {"verify_ok": DONE}, {"send_ok": SENT, "verify_ok": DONE}])
def test_a_service_without_flags(changes):
    """A bot that goes by the status is judged alike whether or not the answers of a service have a flag."""
    found = checked(bots.load(README), [replace(M400, **changes)]).findings

    assert {one.rule for one in found} == {one.rule for one in checked(bots.load(README), [M400]).findings}
