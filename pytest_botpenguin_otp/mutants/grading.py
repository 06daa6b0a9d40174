"""What the conversations of a bot would miss: each mutant is played, and what survives is compared with the bot."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import documents, profile
from pytest_botpenguin_otp.errors import OtpError
from pytest_botpenguin_otp.mutants.making import made
from pytest_botpenguin_otp.mutants.playing import failure, passes
from pytest_botpenguin_otp.mutants.proving import prove

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pytest_botpenguin_otp.chat import Conversation
    from pytest_botpenguin_otp.explorer import Bounds
    from pytest_botpenguin_otp.mutants.making import Mutant
    from pytest_botpenguin_otp.mutants.proving import Proof
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["Grade", "GradingError", "Killed", "Survivor", "grade"]


class GradingError(OtpError):
    """A bot cannot be graded: no conversation names it, or one fails on it as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """A mutant, and the name of the first conversation that fails on it."""

    mutant: Mutant
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A mutant on which every conversation passes, and what it is beside the original."""

    mutant: Mutant
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What the conversations notice of all single edits of a bot.

    `survived` differ, and a chat shows it; `equivalent` are proved to be the same bot under all of `profiles`;
    `not_compared` are too large for the bounds; `beyond` differ in nothing that a chat file can say. Only the first two
    of `killed`, `survived` and these count. `unplayed` are conversations that a recording answers.
    """

    bot: str
    conversations: tuple[str, ...]
    profiles: tuple[str, ...]
    killed: tuple[Killed, ...] = field(repr=False)
    survived: tuple[Survivor, ...] = ()
    equivalent: tuple[Mutant, ...] = ()
    not_compared: tuple[Survivor, ...] = ()
    beyond: tuple[Survivor, ...] = ()
    invalid: int = 0
    unplayed: tuple[str, ...] = ()

    @property
    def cut(self) -> tuple[str, ...]:
        """The budgets that ended a comparison, so that the score does not speak of every change."""
        return tuple(dict.fromkeys(cut for one in self.not_compared for cut in one.proof.cut))

    @property
    def score(self) -> float:
        """The share of killed mutants among those that can be noticed, in percent."""
        counted = len(self.killed) + len(self.survived)
        return 100 * len(self.killed) / counted if counted else 100.0


def grade(
    path: Path,
    conversations: Iterable[Conversation],
    default: Profile | None = None,
    bounds: Bounds | None = None,
    *,
    unused_faults: bool = True,
) -> Grade:
    """Grade the conversations of the bot file at `path`; `default` is the profile of those that name none.

    With `unused_faults` a conversation fails by a fault that never struck, too, as it does in pytest.

    Raises `FileError` for a bot that cannot be read, and `GradingError` where conversations fail on it as it is.
    """
    chosen = default or profile.PROFILES[profile.DEFAULT]
    original, every = bots.load(path), tuple(conversations)
    played = tuple(one for one in every if one.cassette is None)
    _hold(original, played, chosen, unused_faults=unused_faults)
    mutants, profiles = made(documents.read(path)), _profiles(played, chosen)
    tried = partial(_tried, played=played, original=original, profiles=profiles, bounds=bounds)
    found = [tried(mutant, unused_faults=unused_faults) for mutant in mutants.mutants]
    survivors = [one for one in found if isinstance(one, Survivor)]
    return Grade(
        bot=str(path),
        conversations=tuple(one.name for one in played),
        profiles=tuple(one.name for one in profiles),
        killed=tuple(one for one in found if isinstance(one, Killed)),
        survived=_those(survivors, "differs"),
        equivalent=tuple(one.mutant for one in _those(survivors, "equivalent")),
        not_compared=_those(survivors, "not compared"),
        beyond=_those(survivors, "beyond chats"),
        invalid=mutants.invalid,
        unplayed=tuple(one.name for one in every if one.cassette is not None),
    )


def _tried(
    mutant: Mutant,
    played: Sequence[Conversation],
    original: bots.Bot,
    profiles: Sequence[Profile],
    bounds: Bounds | None,
    *,
    unused_faults: bool,
) -> Killed | Survivor:
    """Play every conversation with a mutant until one fails; compare it with the original where none does."""
    bot = mutant.bot()
    killers = (one.name for one in played if not passes(one, bot, profiles[0], unused_faults=unused_faults))
    by = next(killers, None)
    if by is not None:
        return Killed(mutant=mutant, by=by)
    proof = prove(original, bot, profiles, profiles[0], bounds, unused_faults=unused_faults)
    return Survivor(mutant=mutant, proof=proof)


def _hold(original: bots.Bot, played: Sequence[Conversation], chosen: Profile, *, unused_faults: bool) -> None:
    """Raise `GradingError` for every conversation that fails on the bot as it is, or where there is none."""
    if not played:
        raise GradingError(
            f"{original.file}: no conversation names this bot, so that every change of it would go unnoticed. Write "
            "`bot:` with the path to it in a chat file, or begin with: botpenguin-otp generate"
        )
    found = [(one, failure(one, original, chosen, unused_faults=unused_faults)) for one in played]
    failing = [f"{one.name!r} fails on the bot as it is: {why}" for one, why in found if why is not None]
    if failing:
        raise GradingError("\n".join((*failing, "Mutants are graded once every conversation passes.")))


def _profiles(played: Iterable[Conversation], chosen: Profile) -> tuple[Profile, ...]:
    """Return the default, those that conversations name, and every shipped one."""
    named = (profile.find(one.profile) for one in played if one.profile is not None)
    return tuple({one.name: one for one in (chosen, *named, *profile.PROFILES.values())}.values())


def _those(survivors: Iterable[Survivor], how: str) -> tuple[Survivor, ...]:
    return tuple(one for one in survivors if one.proof.how == how)
