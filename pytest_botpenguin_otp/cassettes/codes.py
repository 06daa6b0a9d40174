"""The code that a user types where no handset of ours gets the SMS: from the last answer, or from elsewhere."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.errors import NoCodeError
from pytest_botpenguin_otp.machine import paths

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.runner import FlowChat

__all__ = ["code_of", "from_command"]

CODE = re.compile(r"[0-9A-Za-z]{3,12}")
PATIENCE_S = 120


def code_of(chat: FlowChat, profile: Profile, *, back: int = 0, newest: Callable[[], str | None] | None = None) -> str:
    """Return the code of the last Send OTP that was answered, `back` sends before it.

    It stands at the profile's code path. Where it does not, `newest` gives the last one; raises `NoCodeError` else.
    """
    sends = [made for made in chat.calls() if made.role == "send" and made.response is not None]
    if len(sends) <= back:
        raise NoCodeError("There is no answer of Send OTP to take a code from.")
    response = sends[-1 - back].response
    told = None if response is None else paths.at(paths.read(response.body), profile.code_path)
    if not told and newest is not None and not back:
        told = newest()
    if told:
        return told
    raise NoCodeError(
        f"The answer of Send OTP has no code at {profile.code_path!r} (profile {profile.name}), and the SMS goes to a "
        "real phone. Learn a profile from the recording, or say --otp-code-command COMMAND, which prints the code."
    )


def from_command(command: str) -> str:
    """Return what a command of the user prints, a code on one line; raise `NoCodeError`, never telling the output."""
    try:
        done = subprocess.run(  # noqa: S603  # the user's own command, by option or ini, without a shell
            command if os.name == "nt" else shlex.split(command),
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=True,
        )
    except (OSError, ValueError, IndexError, subprocess.SubprocessError) as error:
        raise NoCodeError(f"The command of --otp-code-command gave no code: {type(error).__name__}.") from None
    told = done.stdout.strip()
    if not CODE.fullmatch(told):
        raise NoCodeError("The command of --otp-code-command printed no code: 3 to 12 letters or digits on one line.")
    return told
