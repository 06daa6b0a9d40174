"""Whether two bots say the same thing in other words: the texts differ, and the chats can still be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import Choice, Question
from pytest_botpenguin_otp.compare.matching import written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_botpenguin_otp.bot import Bot, Component
    from pytest_botpenguin_otp.compare.heard import Told
    from pytest_botpenguin_otp.compare.matching import Matching
    from pytest_botpenguin_otp.template import Template

__all__ = ["ERROR", "Heard", "Wording", "parted"]

Heard = tuple["Told", ...]
Worded = tuple["Told", "Told"]
ERROR = "error message"


class Wording:
    """Compares what two bots say, apart from their words."""

    def __init__(self, old: Bot, new: Bot, matching: Matching) -> None:
        self._old, self._new, self._matching = old, new, matching

    def apart(self, old: Heard, new: Heard) -> tuple[tuple[Worded, ...], Heard]:
        """Return what is only put in other words, and `new` in the old words, up to where anything else differs."""
        found: list[Worded] = []
        plain: list[Told] = []
        for one, other in zip(old, new, strict=False):
            if one.like(other):
                plain.append(other)
            elif self._is_only_worded(one, other):
                found.append((one, other))
                plain.append(other._replace(content=one.content))
            else:
                break
        return tuple(found), (*plain, *new[len(plain) :])

    def _is_only_worded(self, one: Told, other: Told) -> bool:
        """Say whether the same component says it, with the same wait after it, and its text was written anew."""
        if one.what != other.what or one.what not in ("says", "asks"):
            return False
        if self._matching.components.get(one.component) != other.component:
            return False
        here, there = self._old.components[one.component], self._new.components[other.component]
        names = self._matching.attributes
        if type(here) is not type(there) or _waits(here, names) != _waits(there, {}):
            return False
        return written(_text(here, one.what), names) != written(_text(there, other.what), {})


def parted(one: Told, bot: Bot) -> tuple[str, ...]:
    """Return which text of a component it is, where it has more than one."""
    return (ERROR,) if one.what == "says" and isinstance(bot.components[one.component], Question) else ()


def _waits(component: Component, names: Mapping[str, str]) -> tuple[str | None, ...]:
    """Return what a component waits for, if it asks: the kind of its answer, and where that is saved."""
    if not isinstance(component, Question | Choice):
        return ()
    return (getattr(component, "kind", None), names.get(component.save or "", component.save))


def _text(component: Component, what: str) -> Template | None:
    name = "error_message" if what == "says" and isinstance(component, Question) else "message"
    return getattr(component, name, None)
