"""What can come of a bot's chats."""

import pytest
from exploring import machine

from pytest_botpenguin_otp.explorer import outcomes, witness


@pytest.mark.parametrize(
    ("bot", "profile", "reached"),
    [
        ("readme", "mismatch-400", {("end_chat", False), ("end_chat", True), ("waiting", False)}),
        ("sound", "mismatch-400", {("end_chat", False), ("end_chat", True), ("live_chat", False), ("waiting", False)}),
        ("sound", "status-envelope", {("end_chat", False), ("live_chat", False), ("waiting", False)}),
        ("guide", "mismatch-400", {("end_chat", False), ("end_chat", True), ("unmapped", False), ("waiting", False)}),
    ],
)
def test_reached(bot, profile, reached):
    """Each way to come out is named, with a shortest chat that does."""
    made = machine(bot, profile)
    found = outcomes(made)

    assert set(found.reached) == reached
    for (ended, verified), way in found.reached.items():
        assert (witness(made, way).ended, witness(made, way).verified) == (ended, verified)


@pytest.mark.parametrize(
    ("bot", "profile", "never"),
    [
        ("sound", "mismatch-400", ()),
        ("sound", "status-envelope", ("main/welcome",)),
        ("guide", "mismatch-400", ()),
        ("loop", "mismatch-400", ()),
        ("ordering", "mismatch-400", ()),
    ],
)
def test_never_reached(bot, profile, never):
    """Components and mappings that no chat comes to are named, silent ones too."""
    found = outcomes(machine(bot, profile))

    assert found.never_reached == never
    assert found.never_mapped == ()
