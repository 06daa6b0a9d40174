"""From a way through a bot to a conversation that passes on it, as plain as it can be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp.mutants.naming import name_of
from pytest_botpenguin_otp.mutants.playing import expecting, passes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.chat import Conversation
    from pytest_botpenguin_otp.explorer import Witness
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["as_text", "conversation_of"]

SEEDS = (0, 1, 2, 3, 4)
"""A conversation without a seed of its own passes under each of these."""


def conversation_of(
    witness: Witness, bot: Bot, default: Profile, fits: Callable[[Conversation], bool]
) -> Conversation | None:
    """Return the plainest conversation of a way that passes on `bot` and that `fits`; None where there is none.

    It names a profile and a seed only where it needs them; `default` is the profile of one that names none.
    """
    if not witness.playable:
        return None
    for plain in _plainest(witness.conversation(name_of(witness)), default):
        told = expecting(plain, bot, default)
        seeds = SEEDS if plain.seed is None else SEEDS[:1]
        if told is not None and all(passes(told, bot, default, seed) for seed in seeds) and fits(told):
            return told
    return None


def _plainest(way: Conversation, default: Profile) -> Iterator[Conversation]:
    yield replace(way, profile=None, seed=None)
    if way.profile != default.name:
        yield replace(way, seed=None)
    yield replace(way, profile=None)
    if way.profile != default.name:
        yield way


def as_text(conversation: Conversation) -> str:
    """Return a conversation as it stands in a chat file."""
    return chats.written([conversation], "").partition("conversations:\n")[2]
