"""From a way through a bot to a conversation that passes on it, as plain as it can be."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp.chat import User
from pytest_botpenguin_otp.explorer.inputs import PHONES
from pytest_botpenguin_otp.explorer.services import stream
from pytest_botpenguin_otp.mutants.naming import name_of
from pytest_botpenguin_otp.mutants.playing import expecting, failure, passes
from pytest_botpenguin_otp.profile import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.chat import Conversation
    from pytest_botpenguin_otp.explorer import Witness
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["as_text", "conversation_of", "obstacle"]

TYPED = frozenset(number for pair in PHONES.values() for number in pair)
ZEROS_WITHIN = 200
"""Among so many seeds, one is looked for whose codes begin with 0."""


def conversation_of(
    witness: Witness, bot: Bot, default: Profile, fits: Callable[[Conversation], bool]
) -> Conversation | None:
    """Return the plainest conversation of a way that passes on `bot` and that `fits`; None where there is none.

    It names a profile and a seed only where it needs them; `default` is the profile of one that names none.
    """
    if not witness.playable:
        return None
    way = witness.conversation(name_of(witness))
    for plain in (*_plainest(way, default), *_plainest(_in_e164(way), default)):
        told = expecting(plain, bot, default)
        seeds = (0,) if plain.seed is not None else _seeds(default if plain.profile is None else find(plain.profile))
        if told is not None and all(passes(told, bot, default, seed) for seed in seeds) and fits(told):
            return told
    return None


@lru_cache(maxsize=16)
def _seeds(profile: Profile) -> tuple[int, ...]:
    """Return seeds under each of which a conversation without one of its own must pass: any codes, and 0 in front."""
    codes = ((seed, stream(profile, seed, 2)) for seed in range(ZEROS_WITHIN))
    zeros = {place: seed for seed, found in codes for place, code in enumerate(found) if code[0] == "0"}
    return tuple(dict.fromkeys((0, 1, 2, *zeros.values())))


def _plainest(way: Conversation, default: Profile) -> Iterator[Conversation]:
    yield replace(way, profile=None, seed=None)
    if way.profile != default.name:
        yield replace(way, seed=None)
    yield replace(way, profile=None)
    if way.profile != default.name:
        yield way


def obstacle(witness: Witness | None, bot: Bot, default: Profile) -> str:
    """Say why no conversation tells a way."""
    why = None if witness is None or not witness.playable else failure(witness.conversation("way"), bot, default)
    return "no chat file can say it" if why is None else f"the chat that shows it fails on the bot as it is: {why}"


def _in_e164(way: Conversation) -> Conversation:
    """Return a way in which numbers are typed without blanks: some bots send on what was typed, as it is."""
    steps = tuple(
        replace(step, text=step.text.replace(" ", "")) if isinstance(step, User) and step.text in TYPED else step
        for step in way.steps
    )
    return replace(way, steps=steps)


def as_text(conversation: Conversation) -> str:
    """Return a conversation as it stands in a chat file."""
    return chats.written([conversation], "").partition("conversations:\n")[2]
