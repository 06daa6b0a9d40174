"""Whether anybody can log in to a bot at all: a machine that never gets in keeps every other promise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.properties import PROPERTIES, Subject
from pytest_botpenguin_otp.stateful.promises import PROMISES
from pytest_botpenguin_otp.stateful.telling import failure

if TYPE_CHECKING:
    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["RIGHT_CODE", "no_way_in"]

RIGHT_CODE = "right-code"


def no_way_in(bot: Bot, profile: Profile) -> str | None:
    """Return how a user who answers everything well fails to log in under a profile; None where one gets in.

    Of a bot that the fakes cannot answer, such as one with a backend of its own, nothing is known.
    """
    subject, success = Subject(bot=bot, profile=profile), PROPERTIES["success"]
    found = None if success.applies(subject) else success.first(subject)
    if found is None:
        return None
    shown = replace(found.chats[0], name=PROMISES[RIGHT_CODE].title)
    told = f"{found.place}: {found.happened}"
    return failure(RIGHT_CODE, told, bot, profile, shown)
