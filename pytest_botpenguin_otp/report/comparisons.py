"""What a comparison found, as text with a chat for each difference, and as JSON."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.compare.secrecy import SECRET
from pytest_botpenguin_otp.errors import OtpError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_botpenguin_otp.compare import Comparison, Difference
    from pytest_botpenguin_otp.explorer import Witness

__all__ = ["lines", "to_json", "told"]

FORMAT = "botpenguin-otp/diff@1"
TAIL = 8
"""So many lines are shown of each part in which the chats differ, and of their common end."""

KINDS = {
    "text": "the user hears something else",
    "request": "a service receives something else",
    "time": "the same comes at another time",
    "outcome": "the chat comes out differently",
    "offer": "the user is offered something else",
    "way": "the chat goes another way",
}
"""Each kind of difference in words."""
UNREACHED = "  Nobody is let in any more: what no chat comes to now breaks nothing, and is not mended."
USUAL = ("phone A", "right code")
DOES = {"says": "says something", "asks": "asks", "calls": "calls", "ends": "ends the chat"}


def lines(comparison: Comparison) -> Iterator[str]:
    """Yield the verdict, then each difference under its component, with the shortest chat that shows it."""
    yield str(comparison)
    yield f"profiles: {', '.join(comparison.profiles)}"
    for component, found in comparison.grouped.items():
        yield ""
        yield f"{component} ({found[0].place}):"
        for difference in found:
            yield from told(difference, comparison.profiles)
    yield from _rules(comparison)
    yield from (f"not compared: {apart}" for apart in comparison.apart)


def told(difference: Difference, profiles: Sequence[str] = ()) -> Iterator[str]:
    """Yield one difference; under which profiles is said only where it is not all of `profiles`."""
    parts = f" ({', '.join(_named(difference, part) for part in difference.parts)})" if difference.parts else ""
    yield f"  {difference.verdict}: {KINDS[difference.kind]}{parts}"
    yield from (f"    {mark.reason}" for mark in difference.marks)
    if tuple(difference.profiles) != tuple(profiles):
        yield f"    under: {', '.join(difference.profiles)}"
    if difference.shown_under != difference.profiles[0]:
        yield f"    shown under: {difference.shown_under}"
    if (typed := _typed(difference)) is not None:
        yield f"    shown where {typed}"
    yield from (f"    {line}".rstrip() for line in chat(difference))
    yield f"    compared again from {difference.beyond} on" if difference.beyond else "    not compared beyond this"


def _named(difference: Difference, part: str) -> str:
    """Return a part's name; of a secret also which it is, since no chat shows that."""
    if not part.startswith(SECRET) or difference.old_told is None or difference.new_told is None:
        return part
    old, new = (dict(known.content).get(part, "none") for known in (difference.old_told, difference.new_told))
    return f"{part}: {new}, and was {old}"


def chat(difference: Difference) -> Iterator[str]:
    """Yield the chat that shows a difference: what is common, and `-` the old bot's and `+` the new one's."""
    old, new = _lines(difference.old_chat), _lines(difference.new_chat)
    if old is None or new is None or old == new:
        yield from (f"  {label}" for label in difference.way)
        yield from _acts(difference)
        return
    for how, *(first, last, begin, end) in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            yield from _part(" ", old[first:last], TAIL if last == len(old) and first else None)
        else:
            yield from _part("-", old[first:last], TAIL, ended=first == len(old))
            yield from _part("+", new[begin:end], TAIL, ended=begin == len(new))


def _typed(difference: Difference) -> str | None:
    """Return what the user typed last unless it is what everybody would: a chat may mask it."""
    found = difference.old_chat
    move = None if found is None else found.taken[found.length - 1].move
    return move.label if move is not None and move.kind in ("say", "early") and move.input not in USUAL else None


def _acts(difference: Difference) -> Iterator[str]:
    """Yield what either bot does at a difference, where it is not the same."""
    told = (difference.old_told, difference.new_told)
    acts = ["(nothing)" if one is None else f"{one.component} {DOES[one.what]}" for one in told]
    if acts[0] != acts[1]:
        yield from (f"{sign} {act}" for sign, act in zip("-+", acts, strict=True))


def _part(sign: str, found: Sequence[str], most: int | None, *, ended: bool = False) -> Iterator[str]:
    """Yield so many lines of one part of a chat at most; `ended` says that this chat has nothing more."""
    shown = found[:most]
    yield from (f"{sign} {line}" for line in shown)
    if len(found) > len(shown):
        yield f"{sign}            ... {len(found) - len(shown)} more lines"
    if ended:
        yield f"{sign}            (nothing more)"


def _lines(found: Witness | None) -> list[str] | None:
    """Return the chat as it plays; None where the fakes cannot play it."""
    if found is None or not found.playable:
        return None
    try:
        return found.lines().splitlines()
    except OtpError:
        return None


def _rules(comparison: Comparison) -> Iterator[str]:
    for heading, found in (("now broken", comparison.broken), ("no longer broken", comparison.mended)):
        if found:
            yield ""
            yield f"rules {heading}:"
            if found is comparison.mended and any(one.rule == "SO01" for one in comparison.broken):
                yield UNREACHED
            yield from (f"  {one.place}: {one.rule} ({one.severity}) {one.message}" for one in found)


def to_json(comparison: Comparison) -> dict[str, object]:
    """Return the same for machines."""
    return {
        "format": FORMAT,
        "old": comparison.old.file,
        "new": comparison.new.file,
        "equal": comparison.equal,
        "exhaustive": comparison.exhaustive,
        "profiles": list(comparison.profiles),
        "bounds": str(comparison.bounds),
        "pairs": comparison.pairs,
        "transitions": comparison.transitions,
        "cut": list(comparison.cut),
        "not_compared": list(comparison.apart),
        "differences": [_difference(difference) for difference in comparison.differences],
        "broken": [{"rule": one.rule, "place": one.place, "message": one.message} for one in comparison.broken],
        "mended": [{"rule": one.rule, "place": one.place, "message": one.message} for one in comparison.mended],
    }


def _difference(difference: Difference) -> dict[str, object]:
    return {
        "kind": difference.kind,
        "verdict": difference.verdict,
        "reasons": [{"pull": mark.pull, "reason": mark.reason} for mark in difference.marks],
        "component": difference.component,
        "place": difference.place,
        "parts": list(difference.parts),
        "profiles": list(difference.profiles),
        "shown_under": difference.shown_under,
        "cost": difference.cost._asdict(),
        "way": list(difference.way),
        "chat": list(chat(difference)),
        "compared_again_from": difference.beyond or None,
    }
