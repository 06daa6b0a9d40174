"""What the chat that shows a broken promise says of the bot once it is mended."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.explorer.steps import SPEAKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_botpenguin_otp.explorer import Witness

__all__ = ["UNVERIFIED", "first_code", "never", "typed_instead", "unheard", "was_verified", "wrong_code"]

UNVERIFIED = "{verified: false}"
NEWEST = '"{{code}}"'


def never(pattern: str) -> str:
    """Return the step of a chat in which the bot says nothing like `pattern` up to its next question."""
    return f"bot: {{never: {json.dumps(f'^{pattern}$')}}}"


def was_verified(way: Witness) -> bool:
    """Say whether the user counted as verified before the last turn: what is expected at the end cannot tell then."""
    return way.taken[_last_turn(way)].before.state.verified


def unheard(way: Witness) -> str:
    """Return the step that is true once the last turn leads elsewhere; empty where nothing is said in it."""
    turn = way.taken[_last_turn(way) :]
    answered = max((number for number, one in enumerate(turn) if one.move.kind == "answer"), default=0)
    said = next((text for one in turn[answered:] for text in one.said), None)
    return "" if said is None else never(re.escape(said))


def first_code(way: Witness) -> str:
    """Return the code of the first SMS: once another one follows, `{{code}}` is no longer the same."""
    return _codes(way)[0]


def wrong_code(way: Witness) -> str:
    """Return a code that none of the SMS holds."""
    return next(code for code in ("000000", *(f"{digit}" * 6 for digit in range(1, 10))) if code not in _codes(way))


def typed_instead(lines: Sequence[str], code: str) -> list[str]:
    """Return the lines of a chat file with a code written out where the newest one is typed last."""
    last = max((number for number, line in enumerate(lines) if line.endswith(f"user: {NEWEST}")), default=None)
    return [line.replace(NEWEST, json.dumps(code)) if number == last else line for number, line in enumerate(lines)]


def _last_turn(way: Witness) -> int:
    """Return the number of the move with which the user begins the last turn."""
    return max((number for number, one in enumerate(way.taken) if one.move.kind in SPEAKS), default=0)


def _codes(way: Witness) -> tuple[str, ...]:
    replies = (one.move.reply for one in way.taken)
    return tuple(reply.code for reply in replies if reply is not None and reply.code is not None)
