"""A smallest set of conversations with a bot that takes every way there is, and notices every single edit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import documents, profile
from pytest_botpenguin_otp.chat import Expect, Inject
from pytest_botpenguin_otp.explorer import outcomes, witness
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.mutants.covering import cover
from pytest_botpenguin_otp.mutants.grading import GradingError
from pytest_botpenguin_otp.mutants.making import Mutant, made
from pytest_botpenguin_otp.mutants.naming import unique
from pytest_botpenguin_otp.mutants.playing import passes
from pytest_botpenguin_otp.mutants.probing import KIND, probes
from pytest_botpenguin_otp.mutants.proving import prove
from pytest_botpenguin_otp.mutants.writing import conversation_of, obstacle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pytest_botpenguin_otp.chat import Conversation
    from pytest_botpenguin_otp.explorer import Bounds
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["Generated", "generate"]

Outcome = tuple[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """Conversations of which none can be left out, and what they are for.

    `ways` are response mappings, options and branches that they take, `outcomes` how they come out, `noticed` how many
    changes they notice; `uncovered` is what none of them covers, each with the reason; `equivalent` counts the
    changes that are proved to make no difference; `cut` are the budgets that ended a search too early.
    """

    bot: str
    conversations: tuple[Conversation, ...]
    ways: tuple[str, ...] = field(repr=False)
    outcomes: tuple[Outcome, ...]
    noticed: int
    equivalent: int
    uncovered: tuple[tuple[str, str], ...] = ()
    cut: tuple[str, ...] = ()


def generate(path: Path, default: Profile | None = None, bounds: Bounds | None = None) -> Generated:
    """Write conversations for the bot file at `path`; those that name no profile are for `default`.

    Raises `FileError` for a bot that cannot be read, and `GradingError` where no chat file can say a chat with it.
    """
    document, chosen = documents.read(path), default or profile.PROFILES[profile.DEFAULT]
    profiles = tuple({one.name: one for one in (chosen, *profile.PROFILES.values())}.values())
    work = _Work(bots.load(path), profiles, bounds)
    work.come_out()
    for wanted in (*probes(document), *made(document).mutants):
        work.notice(wanted)
    return work.done(str(path))


class _Work:
    """Conversations that may be taken, and what each is good for."""

    def __init__(self, original: bots.Bot, profiles: Sequence[Profile], bounds: Bounds | None) -> None:
        self._original, self._profiles, self._bounds = original, profiles, bounds
        self._chats: list[Conversation] = []
        self._wanted: list[tuple[Mutant, bots.Bot]] = []
        self._outcomes: list[Outcome] = []
        self._uncovered: list[tuple[str, str]] = []
        self._equivalent = 0
        self._cut: dict[str, None] = {}

    def come_out(self) -> None:
        """Find a shortest chat for each way in which a chat can come out, under the first profile where it can."""
        missed: dict[Outcome, str] = {}
        for chosen in self._profiles:
            machine = Machine(bot=self._original, profile=chosen)
            found = outcomes(machine, bounds=self._bounds)
            self._cut.update(dict.fromkeys(found.exploration.cut))
            for outcome, moves in found.reached.items():
                if outcome in self._outcomes:
                    continue
                way = witness(machine, moves, bounds=self._bounds)
                chat = conversation_of(way, self._original, self._profiles[0], lambda _: True)
                if chat is not None and _outcome(chat) == outcome:
                    self._outcomes.append(outcome)
                    self._add(chat)
                else:
                    missed.setdefault(outcome, obstacle(way, self._original, self._profiles[0]))
        self._uncovered += [(_came_out(*one), why) for one, why in missed.items() if one not in self._outcomes]

    def _add(self, chat: Conversation) -> None:
        if all(replace(chat, name=known.name) != known for known in self._chats):
            self._chats.append(chat)

    def notice(self, wanted: Mutant) -> None:
        """See that some chat notices a mutant, or tell why none does."""
        bot = wanted.bot()
        if all(passes(chat, bot, self._profiles[0]) for chat in self._chats):
            proof = prove(self._original, bot, self._profiles, self._profiles[0], self._bounds)
            self._cut.update(dict.fromkeys(proof.cut))
            if proof.chat is not None:
                self._add(proof.chat)
            else:
                self._give_up(wanted, proof.how, proof.why)
                return
        self._wanted.append((wanted, bot))

    def _give_up(self, wanted: Mutant, how: str, why: str) -> None:
        if how == "equivalent":
            self._equivalent += wanted.kind != KIND
            why = "no chat takes this way"
        if wanted.kind == KIND or how != "equivalent":
            self._uncovered.append((str(wanted), why))

    def done(self, bot: str) -> Generated:
        """Choose among the chats found."""
        if not self._chats:
            told = "".join(f"\n- {what}: {why}" for what, why in self._uncovered)
            raise GradingError(f"{bot}: no conversation can be written for this bot.{told}")
        covers = {number: frozenset(self._covered(chat)) for number, chat in enumerate(self._chats)}
        chosen = sorted(cover(covers, [len(chat.steps) for chat in self._chats]), key=self._plainness)
        chats = [self._chats[number] for number in chosen]
        named = zip(unique(chat.name for chat in chats), chats, strict=True)
        return Generated(
            bot=bot,
            conversations=tuple(replace(chat, name=name) for name, chat in named),
            ways=tuple(str(wanted) for wanted, _ in self._wanted if wanted.kind == KIND),
            outcomes=tuple(self._outcomes),
            noticed=sum(wanted.kind != KIND for wanted, _ in self._wanted),
            equivalent=self._equivalent,
            uncovered=tuple(self._uncovered),
            cut=tuple(self._cut),
        )

    def _covered(self, chat: Conversation) -> Iterator[int]:
        """Yield the numbers of what a chat is good for: outcomes first, then all that is wanted."""
        yield from (number for number, outcome in enumerate(self._outcomes) if _outcome(chat) == outcome)
        for number, (_, bot) in enumerate(self._wanted, len(self._outcomes)):
            if not passes(chat, bot, self._profiles[0]):
                yield number

    def _plainness(self, number: int) -> tuple[object, ...]:
        """Sort what goes well before what does not, and the shorter first."""
        chat = self._chats[number]
        faults = sum(isinstance(step, Inject) for step in chat.steps)
        return bool(chat.attributes), faults, not _outcome(chat)[1], len(chat.steps), number


def _outcome(chat: Conversation) -> Outcome:
    """Return how a chat is expected to come out."""
    last = chat.steps[-1]
    return (last.ended or "", bool(last.verified)) if isinstance(last, Expect) else ("", False)


def _came_out(ended: str, verified: object) -> str:
    told = "a chat that still waits" if ended == "waiting" else f"a chat that ends as {ended}"
    return f"{told}, its user {'' if verified else 'not '}verified"
