"""One difference between two bots, and whether it makes the new one more strict or more lax."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.compare.heard import Told
    from pytest_botpenguin_otp.explorer import Cost, Witness
    from pytest_botpenguin_otp.machine import State

__all__ = ["Difference", "Ending", "Kind", "Mark", "Verdict", "first_difference", "marks"]

Kind = Literal["text", "request", "time", "outcome", "offer", "way"]
"""Another text, another request, the same at another time, another outcome, another button, or something else."""
Verdict = Literal["more lax", "more strict", "more lax and more strict", "different"]
Pull = Literal["lax", "strict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Why a difference makes the new bot more lax or more strict."""

    pull: Pull
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What one bot does at the difference, up to where it waits for somebody; `guards` what this asks or calls for.

    `hopeful` says that a protected component may still come, `moved` which component that acts here is protected in
    this bot alone.
    """

    heard: tuple[Told, ...]
    state: State = field(repr=False)
    guards: str = ""
    hopeful: bool = False
    moved: str = ""

    def at(self, place: int) -> Told | None:
        """Return what is noticed there, or None where nothing more is."""
        return self.heard[place] if place < len(self.heard) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is not the same after one chat, the shortest that shows it.

    `component` is where it was changed, as far as that can be told: in the new bot, or in the old one where it is
    gone; `place` is its `file:line`, and `site` pairs all ids, old and new, of what may have made it. `parts` are the
    parts of a request that differ, or which of a question's texts it is. `old_chat` and `new_chat` lead to it, and
    play. `beyond` says where the two chats could be compared again, and is empty where they could not.
    """

    kind: Kind
    component: str
    place: str
    old_told: Told | None
    new_told: Told | None
    cost: Cost
    way: tuple[str, ...]
    marks: tuple[Mark, ...] = ()
    parts: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    beyond: str = ""
    site: frozenset[tuple[str | None, str | None]] = frozenset()
    old_chat: Witness | None = field(default=None, repr=False)
    new_chat: Witness | None = field(default=None, repr=False)

    @property
    def verdict(self) -> Verdict:
        """Whether the new bot is more lax, more strict, both, or merely different."""
        pulls = {mark.pull for mark in self.marks}
        if pulls == {"lax", "strict"}:
            return "more lax and more strict"
        return "more lax" if "lax" in pulls else "more strict" if pulls else "different"

    @property
    def shown_under(self) -> str:
        """The profile under which its chats are."""
        return self.profiles[0] if self.old_chat is None else self.old_chat.machine.profile.name

    @property
    def is_lax(self) -> bool:
        """Whether anything about it makes the new bot more lax."""
        return any(mark.pull == "lax" for mark in self.marks)

    @property
    def is_last(self) -> bool:
        """Whether both chats end with it."""
        return all(told is not None and told.what == "ends" for told in (self.old_told, self.new_told))

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two differences the same one."""
        places = (self.old_told and self.old_told.component, self.new_told and self.new_told.component)
        return (self.kind, self.site, *places, self.parts, tuple(sorted({mark.pull for mark in self.marks})))


def first_difference(old: Ending, new: Ending) -> tuple[Kind, Told | None, Told | None, tuple[str, ...]]:
    """Return the first thing that is not the same: its kind, what each bot does, and the parts that differ."""
    for one, other in zip_longest(old.heard, new.heard):
        if one is None or other is None:
            return "way", one, other, ()
        if not one.like(other):
            kind, differing = _content(one, other)
            return kind, one, other, differing
        if one.at_ms != other.at_ms:
            return "time", one, other, ()
    return "outcome", old.at(len(old.heard) - 1), new.at(len(new.heard) - 1), ()


def _content(one: Told, other: Told) -> tuple[Kind, tuple[str, ...]]:
    if one.what != other.what:
        return "way", ()
    if one.what == "calls":
        here, there = dict(one.content), dict(other.content)
        return "request", tuple(name for name in {**here, **there} if here.get(name) != there.get(name))
    return ("outcome" if one.what == "ends" else "text"), ()


def marks(kind: Kind, old: Ending, new: Ending, *, told: tuple[Told | None, Told | None]) -> tuple[Mark, ...]:
    """Say what makes the new ending more lax or more strict than the old one; the other way round, the opposite."""
    found: list[Mark] = []
    if old.moved or new.moved:
        found.extend(_moved(old, new))
    elif old.state.verified != new.state.verified:
        found.append(
            Mark(pull="lax", reason="the user is verified here, and was not")
            if new.state.verified
            else Mark(pull="strict", reason="the user is no longer verified here")
        )
    elif bool(new.guards) != bool(old.guards) and "ended" in (old.state.phase, new.state.phase):
        found.append(
            Mark(pull="lax", reason=f"one more attempt: the chat {new.guards}, where it ended")
            if new.guards
            else Mark(pull="strict", reason=f"one attempt less: the chat ends, where it {old.guards}")
        )
    elif old.hopeful != new.hopeful:
        found.append(
            Mark(pull="lax", reason="the user can still be verified from here on, and could not")
            if new.hopeful
            else Mark(pull="strict", reason="the user can no longer be verified from here on")
        )
    one, other = told
    if kind == "time" and one is not None and other is not None:
        before, after = f"{one.at_ms / 1000:g} s", f"{other.at_ms / 1000:g} s"
        shorter = other.at_ms < one.at_ms
        reason = f"the delay is {'shorter' if shorter else 'longer'}: {after}, and was {before}"
        found.append(Mark(pull="lax" if shorter else "strict", reason=reason))
    return tuple(found)


def _moved(old: Ending, new: Ending) -> Iterator[Mark]:
    """Say what is protected in one bot alone: what is not protected may be reached by anybody."""
    if old.moved:
        yield Mark(pull="lax", reason=f"{old.moved!r} is not protected any more")
    if new.moved:
        yield Mark(pull="strict", reason=f"{new.moved!r} is protected now")
