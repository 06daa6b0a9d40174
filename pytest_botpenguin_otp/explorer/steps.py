"""A way as the steps of a conversation."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.chat import Bot, Do, Early, Inject, Speaker, User, Wait

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_botpenguin_otp.chat import Step
    from pytest_botpenguin_otp.explorer.witness import Taken
    from pytest_botpenguin_otp.faults import Fault

__all__ = ["PLACE", "SPEAKS", "steps_of"]

PLACE = "witness"
SECOND = "visitor"
"""The contact that speaks where a fault must be planned before the chat begins: another one begins it first."""
SPEAKS = ("say", "press", "silence")


def steps_of(taken: Sequence[Taken]) -> tuple[Step, ...]:
    """Return the steps of a conversation in which everything happens as it was taken."""
    steps: list[Step] = []
    for part in _parts(taken):
        steps.extend(_part(part))
    return tuple(steps)


def _parts(taken: Sequence[Taken]) -> Iterator[list[Taken]]:
    """Yield the moves in parts: what a user does, and all that comes of it."""
    part: list[Taken] = []
    for one in taken:
        if one.move.kind in SPEAKS and part:
            yield part
            part = []
        part.append(one)
    yield part


def _part(part: Sequence[Taken]) -> Iterator[Step]:
    faults = tuple(_faults(part))
    first = part[0].move
    yield from (Inject(place=PLACE, faults=(fault,)) for fault in faults)
    match first.kind:
        case "say":
            yield User(place=PLACE, text=_typed(part[0]))
        case "press":
            yield Do(place=PLACE, action=first.input)
        case "silence":
            yield Wait(place=PLACE, seconds=first.after_ms // 1000)
        case _ if faults:
            yield Speaker(place=PLACE, name=SECOND)
    last = max((index for index, one in enumerate(part) if one.move.kind == "early"), default=0)
    began_ms = part[0].after.state.now_ms
    for one in part[: last + 1]:
        if one.move.kind == "early":
            passed_ms = one.before.state.now_ms - began_ms
            if passed_ms:
                yield Wait(place=PLACE, seconds=passed_ms // 1000)
                began_ms = one.before.state.now_ms
            yield Early(place=PLACE, text=one.move.text)
    if first.kind != "silence":
        yield from (Bot(place=PLACE, how="equals", text=text) for one in part for text in one.said)


def _typed(one: Taken) -> str:
    """Return what the user types; the newest code by its name, everything else as it is."""
    if one.move.input == "right code":
        return "{{code}}"
    return one.move.text


def _faults(part: Sequence[Taken]) -> Iterator[Fault]:
    """Yield the faults of a part, each with the number of the call that it is to meet.

    A fault counts every call of its operation, whether or not another fault strikes it.
    """
    passed: Counter[tuple[str, str | None]] = Counter()
    for one in part:
        move = one.move
        if move.kind != "answer" or move.reply is None:
            continue
        fault = move.fault
        if fault is not None:
            yield replace(fault, nth=1 + passed[fault.service, fault.operation])
        operation = "send" if _is_send(one) else "verify"
        passed["botpenguin", operation] += 1
        if move.reply.reached or (fault is not None and fault.service == "twilio"):
            passed["twilio", "create"] += 1


def _is_send(one: Taken) -> bool:
    return one.after.ghost.verifies == one.before.ghost.verifies and one.after.ghost.check is one.before.ghost.check
