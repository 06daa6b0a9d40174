"""Whether an answer of Send OTP or Verify OTP says yes, as its profile tells it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pytest_botpenguin_otp.machine import paths

if TYPE_CHECKING:
    from pytest_botpenguin_otp.profile import Answer, Profile

__all__ = ["says_yes"]


def says_yes(profile: Profile, role: Literal["send", "verify"], status: int | None, body: bytes) -> bool:
    """Say whether status and flag are those of the profile's yes; where that one has no flag, none may be there."""
    wanted = profile.send_ok if role == "send" else profile.verify_ok
    return status == wanted.status and paths.at(paths.read(body), profile.flag_path) == _flag(wanted, profile.flag_path)


@lru_cache(maxsize=256)
def _flag(answer: Answer, path: str) -> str | None:
    return paths.at(paths.read(answer.render()), path)
