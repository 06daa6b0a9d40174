"""What a chat file says: conversations with one bot, step by step; all frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_botpenguin_otp.bot import Bot as BotFile
    from pytest_botpenguin_otp.faults import Fault

__all__ = [
    "USER",
    "Bot",
    "Chat",
    "Conversation",
    "Do",
    "Early",
    "Expect",
    "Inject",
    "Speaker",
    "Step",
    "User",
    "Wait",
]

USER = "user"
"""The contact that a conversation begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A step and its place, `file:line`."""

    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Placed):
    """The user types `text`, in which `{{code}}`, `{{previous_code}}` and `{{code of NAME}}` are read off handsets."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Early(Placed):
    """The user types `text` while the bot waits for a delay to pass."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot(Placed):
    """The bot's next message must be `text`: `how` is `equals`, `contains` or `matches` (a regular expression).

    With `never`, none of its messages up to the next question may be like the regular expression.
    """

    how: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Placed):
    """The user stays silent for so many virtual seconds."""

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Do(Placed):
    """The user presses `skip` or `back`, or begins the chat anew with `restart`."""

    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker(Placed):
    """From here on another contact speaks, with a chat and a handset of its own."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inject(Placed):
    """From here on these faults are planned."""

    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect(Placed):
    """What must be true now; None and empty mean: not asked. What is `elapsed` is in virtual seconds."""

    verified: bool | None = None
    ended: str | None = None
    sms: int | None = None
    elapsed: float | None = None
    elapsed_at_least: float | None = None
    calls: tuple[tuple[str, int], ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()


Step = User | Early | Bot | Wait | Do | Speaker | Inject | Expect


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One conversation; `attributes` are left over from an earlier chat.

    `profile`, `seed` and `cassette` (the name of a recording that answers the calls) only where it says so. With
    `while_offered` it ends well where the bot no longer offers what the user does next.
    """

    name: str
    place: str
    steps: tuple[Step, ...]
    profile: str | None = None
    seed: int | None = None
    cassette: str | None = None
    while_offered: bool = False
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A chat file: its bot, read, and its conversations in order."""

    file: str
    bot: BotFile
    conversations: tuple[Conversation, ...]
