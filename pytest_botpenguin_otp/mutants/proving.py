"""Whether a mutant is another bot at all: the chat that shows it, or the proof that there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pytest_botpenguin_otp import compare
from pytest_botpenguin_otp.bot import ApiCall
from pytest_botpenguin_otp.bot.model import SEND_PATH, VERIFY_PATH
from pytest_botpenguin_otp.mutants.playing import passes
from pytest_botpenguin_otp.mutants.writing import conversation_of, obstacle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.chat import Conversation
    from pytest_botpenguin_otp.compare import Difference
    from pytest_botpenguin_otp.explorer import Bounds
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["Proof", "prove"]

KINDS = {
    "text": "the user hears something else",
    "request": "a service receives something else, and answers all the same",
    "time": "the same comes at another time",
    "outcome": "the chat comes out differently",
    "offer": "the user is offered one button more, and no chat can ask whether it is there",
    "way": "the chat goes another way",
}
"""In what a bot may differ."""
How = Literal["differs", "equivalent", "not compared", "beyond chats"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a mutant is beside the original.

    `differs`: `chat` passes on the original and fails on the mutant. `equivalent`: proved, under every profile.
    `not compared`: `why` the bounds do not tell. `beyond chats`: it differs, but in nothing that a chat file can say;
    `why` tells in what. `cut` are the budgets that ended a comparison before it could tell.
    """

    how: How
    chat: Conversation | None = field(default=None, repr=False)
    why: str = ""
    cut: tuple[str, ...] = ()


def prove(
    original: Bot,
    mutant: Bot,
    profiles: Sequence[Profile],
    default: Profile,
    bounds: Bounds | None = None,
    *,
    unused_faults: bool = True,
) -> Proof:
    """Compare a mutant with the original under each of `profiles` until a chat shows that it differs.

    Such a chat fails on the mutant; with `unused_faults` because a fault never strikes there, if by nothing else.
    """
    pair = _Pair(original=original, mutant=mutant, default=default, bounds=bounds, unused_faults=unused_faults)
    proofs: list[Proof] = []
    for profile in profiles:
        proof = pair.under(profile, every=all(proof.how != "beyond chats" for proof in proofs))
        if proof.how == "differs" or proof.why == KINDS["offer"]:  # an offer is one under every profile
            return proof
        proofs.append(proof)
    return _summed(proofs, original)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A bot and its mutant, and how chats that tell them apart are played."""

    original: Bot
    mutant: Bot
    default: Profile
    bounds: Bounds | None
    unused_faults: bool

    def under(self, profile: Profile, *, every: bool) -> Proof:
        """Prove by the first difference; if no chat shows that one, look for `every` other."""
        try:
            first = compare.first_difference(self.original, self.mutant, profile, self.bounds)
        except compare.UndecidedError as error:
            return Proof(how="not compared", why=_undecided(error), cut=error.cut)
        if first is None:
            return Proof(how="equivalent")
        if first.kind == "offer":
            return Proof(how="beyond chats", why=KINDS["offer"])
        chat = self.shown([first])
        if chat is None and every:
            found = compare.compare(self.original, self.mutant, profile, self.bounds, rules=False)
            chat = self.shown(found.differences)
        if chat is not None:
            return Proof(how="differs", chat=chat)
        why = obstacle(first.old_chat, self.original, self.default)
        return Proof(how="beyond chats", why=f"{KINDS[first.kind]}; {why}")

    def shown(self, found: Iterable[Difference]) -> Conversation | None:
        """Return a conversation that passes on the original and fails on the mutant, if a difference gives one."""
        ways = (difference.old_chat for difference in found if difference.old_chat is not None)
        chats = (conversation_of(way, self.original, self.default, self.fails) for way in ways)
        return next((chat for chat in chats if chat is not None), None)

    def fails(self, chat: Conversation) -> bool:
        """Say whether the mutant fails a conversation."""
        return not passes(chat, self.mutant, self.default, unused_faults=self.unused_faults)


def _summed(proofs: Sequence[Proof], original: Bot) -> Proof:
    """Return what the profiles tell together, where none has a chat that shows a difference."""
    beyond = next((proof for proof in proofs if proof.how == "beyond chats"), None)
    if beyond is not None:
        return beyond
    strangers = ", ".join(_strangers(original))
    unknown = [f"how {strangers} may answer is not known, since no BotPenguin does it"] if strangers else []
    unknown += [proof.why for proof in proofs if proof.how == "not compared"]
    if unknown:
        cut = dict.fromkeys(budget for proof in proofs for budget in proof.cut)
        return Proof(how="not compared", why="; ".join(dict.fromkeys(unknown)), cut=tuple(cut))
    return Proof(how="equivalent")


def _undecided(error: compare.UndecidedError) -> str:
    cut = " and ".join(error.cut)
    return f"the search was cut by {cut}, so that nobody knows whether a chat can tell" if cut else str(error)


def _strangers(bot: Bot) -> Iterator[str]:
    """Yield the APIs that are not BotPenguin's: what a search takes for their answers proves nothing."""
    called = {part.api for part in bot.components.values() if isinstance(part, ApiCall)}
    for api in bot.apis.values():
        url = "".join(getattr(part, "text", "") for part in api.url)
        if api.name in called and not any(path in url for path in (SEND_PATH, VERIFY_PATH)):
            yield api.name
