"""What a broken promise tells: what was promised, what happened, and the chats that show it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import player
from pytest_botpenguin_otp.chat import Conversation, Expect
from pytest_botpenguin_otp.errors import OtpError
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.properties.cases import PLACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_botpenguin_otp.chat import Step
    from pytest_botpenguin_otp.properties.session import Session
    from pytest_botpenguin_otp.properties.subject import Subject

__all__ = ["Broken", "broken", "conversation", "played_out", "showing"]

UNSHOWN = "alone it shows nothing, since it takes other services, codes or hours than a chat file can ask for"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A promise that does not hold, told with nothing sensitive in clear.

    `place` is the `file:line` of the component; `chats` are to be pasted into a chat file and fail there until the bot
    is mended, but for what `note` says; `lines` is the chat as it happened.
    """

    promise: str
    happened: str
    remedy: str
    place: str
    chats: tuple[Conversation, ...] = field(default=(), repr=False)
    note: str | None = None
    lines: str = field(default="", repr=False)

    @property
    def shows(self) -> bool:
        """Whether there are chats, and one of them fails in a chat file."""
        return bool(self.chats) and self.note != UNSHOWN


def conversation(
    subject: Subject, steps: Sequence[Step], seed: int, *, name: str, expect: Expect | None = None
) -> Conversation:
    """Return steps as a conversation under the subject's profile and the seed; `expect` stands at its end."""
    known = PROFILES.get(subject.profile.name) == subject.profile
    told = (*steps, expect) if expect is not None else tuple(steps)
    profile = subject.profile.name if known else None
    return Conversation(name=name, place=PLACE, profile=profile, seed=seed, steps=told)


def broken(session: Session, promise: str, happened: str, remedy: str, at: str = "") -> Broken:
    """Return a broken promise as it happened in a session; `at` is the component that it is about."""
    component = session.subject.bot.components.get(at or session.chat.at)
    return Broken(
        promise=promise,
        happened=session.told(happened),
        remedy=remedy,
        place=session.subject.bot.file if component is None else component.place,
        lines=session.transcript(),
    )


def showing(found: Broken, *chats: Conversation, note: str | None = None) -> Broken:
    """Return it with the chats that show it."""
    return replace(found, chats=chats, note=note)


def played_out(found: Broken, subject: Subject) -> Broken:
    """Play the chats as a chat file would, and note it where none of them fails."""
    if found.note is not None or any(_fails(chat, subject) for chat in found.chats):
        return found
    return replace(found, note=UNSHOWN)


def _fails(chat: Conversation, subject: Subject) -> bool:
    world = player.world_for(chat, subject.profile, 0)
    try:
        player.play(chat, subject.bot, world)
    except OtpError:
        return True
    return bool(world.failures())
