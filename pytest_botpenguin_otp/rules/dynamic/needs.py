"""What it takes to break a promise, read off the way that breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.explorer.moves import LEFT_OVER
from pytest_botpenguin_otp.rules.verdict import NEEDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_botpenguin_otp.explorer import Move
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["RANK", "needs"]

RANK = {need: rank for rank, need in enumerate(NEEDS)}
"""What is needed, the least first."""


def needs(code: str, path: Sequence[Move], profile: Profile) -> tuple[str, ...]:
    """Return what a way takes, each one of `NEEDS`, the most first."""
    faults = [move for move in path if move.cost.faults]
    found = list[str]()
    if any(move.odd and move.input != "restart" for move in path):
        found.append("a user's odd input")
    if faults:
        found.append("one fault" if len(faults) == 1 else "several faults")
    if any(move.cost.beyond for move in faults):
        found.append("a service that lies")
    found.extend(_of_profile(code, profile))
    if path[0].input == LEFT_OVER:
        found.append("attributes left over from an earlier chat")
    if any(move.input == "restart" for move in path):
        found.append("more than one chat")
    return tuple(sorted(found, key=RANK.__getitem__, reverse=True)) or ("nothing",)


def _of_profile(code: str, profile: Profile) -> list[str]:
    """Return what the profile brings to bear on a rule."""
    found = {
        "IN07": (profile.body_rendering == "pasted", "text that is pasted into a body unescaped"),
        "IN08": (profile.references == "recursive", "typed references that are filled in"),
        "IN03": (profile.code_type == "number", "codes that come as numbers"),
        "IN04": (profile.code_type == "number", "codes that come as numbers"),
        "AU20": (profile.early_answer == "kept", "answers that are kept when they come too early"),
        "IN01": (profile.phone_rendering != "e164", "another rendering of the phone"),
    }
    holds, need = found.get(code, (False, ""))
    return [need] if holds else []
