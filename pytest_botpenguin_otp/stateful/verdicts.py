"""Whether an answer of Verify OTP means yes, as its profile tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pytest_botpenguin_otp.machine import paths
from pytest_botpenguin_otp.machine.telling import says_yes

if TYPE_CHECKING:
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.wire import Response

__all__ = ["Verdict", "accepted", "verdict"]

Verdict = Literal["yes", "no", "neither"]
"""`neither` is what no response mapping can name: a redirect, an error of the server, a success without its flag."""

SUCCESS, REFUSED, BROKEN = 200, 400, 500


def accepted(profile: Profile, response: Response) -> bool:
    """Say whether Send OTP was answered with yes."""
    return response.status == profile.send_ok.status and _flag(profile, response) != profile.flag_mismatch


def verdict(profile: Profile, response: Response) -> Verdict:
    """Return what an answer of Verify OTP means."""
    flag = _flag(profile, response)
    if says_yes(profile, "verify", response.status, response.body):
        return "yes"
    if REFUSED <= response.status < BROKEN and flag != profile.flag_ok:
        return "no"
    told = response.status == profile.verify_mismatch.status and flag == profile.flag_mismatch
    return "no" if told else "neither"


def _flag(profile: Profile, response: Response) -> str | None:
    return paths.at(paths.read(response.body), profile.flag_path)
