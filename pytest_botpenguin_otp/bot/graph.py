"""Which components follow which, and where a flow goes round without asking the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot.model import ApiCall, Choice, Component, IfElse, Message, Question, Redirect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_botpenguin_otp.bot.model import Bot

__all__ = ["following", "loop_from", "reached"]


def following(component: Component) -> tuple[str, ...]:
    """Return the ids that may come after `component`, in the file's order."""
    match component:
        case Message() | Question() | Redirect():
            return (component.next,)
        case Choice():
            return tuple(option.next for option in component.options)
        case ApiCall():
            return tuple(component.responses.values())
        case IfElse():
            return (*(branch.next for branch in component.branches), component.otherwise)
        case _:
            return ()


def reached(bot: Bot, starts: Iterable[str]) -> dict[str, None]:
    """Return the components that can be reached from `starts`, these included, nearest first."""
    met = dict.fromkeys(starts)
    frontier = list(met)
    for at in frontier:
        for known in following(bot.components[at]):
            if known not in met:
                met[known] = None
                frontier.append(known)
    return met


def loop_from(bot: Bot, start: str) -> tuple[str, ...]:
    """Return the components of a round trip from `start` back to it that asks nothing, or nothing if there is none."""
    came_from: dict[str, str] = {}
    frontier = [start]
    while frontier:
        at = frontier.pop(0)
        component = bot.components[at]
        if isinstance(component, Choice) or (isinstance(component, Question) and not component.skip_if_answered):
            continue
        for known in following(component):
            if known == start:
                return _way(came_from, start, at)
            if known not in came_from:
                came_from[known] = at
                frontier.append(known)
    return ()


def _way(came_from: dict[str, str], start: str, end: str) -> tuple[str, ...]:
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))
