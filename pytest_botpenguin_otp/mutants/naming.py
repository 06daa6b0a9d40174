"""What a conversation is for, in a few words, from what happens in it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_botpenguin_otp.explorer import Witness
    from pytest_botpenguin_otp.explorer.moves import Move
    from pytest_botpenguin_otp.explorer.witness import Taken

__all__ = ["name_of", "unique"]

RIGHT = "right code"
WRONG = "a wrong code"
WRONG_INPUTS = ("code of another contact", "one digit off")
TRIES = ("first", "second", "third", "fourth", "fifth", "sixth")
TIMES = ("", "", " twice", " three times", " four times", " five times")
ORDINARY = ("phone A", "an answer", "a word")
PRESSED = {"skip": "the question is skipped", "back": "one question back", "restart": "begun anew"}


def name_of(witness: Witness) -> str:
    """Return what happens in a chat: only what is not as it mostly is."""
    told = [text for one in witness.taken for text in _told(one, witness)]
    if told and told[-1] == RIGHT and set(told[:-1]) <= {WRONG}:
        return f"{RIGHT}, {TRIES[min(len(told), len(TRIES)) - 1]} time"
    grouped = [(text, len(list(alike))) for text, alike in groupby(told)]
    found = (_times(f"the {text}" if text == RIGHT else text, count) for text, count in grouped)
    return ", then ".join(found) or _plainly(witness.taken)


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return each name, with a number where it stood before."""
    found: list[str] = []
    for name in names:
        number, told = 2, name
        while told in found:
            number, told = number + 1, f"{name} ({number})"
        found.append(told)
    return tuple(found)


def _times(text: str, count: int) -> str:
    return f"{text}{TIMES[count] if count < len(TIMES) else f' {count} times'}"


def _told(one: Taken, witness: Witness) -> Iterator[str]:
    move = one.move
    match move.kind:
        case "start" if getattr(move.happens, "left_over", ()):
            names = ", ".join(name for name, _ in getattr(move.happens, "left_over", ()))
            yield f"{names} left over from an earlier chat"
        case "say":
            yield from _typed(one, witness)
        case "early":
            yield f"{_input(move)} during the delay"
        case "press":
            yield PRESSED.get(move.input, move.label)
        case "silence":
            yield "nobody answers"
        case "answer" if move.fault is not None:
            yield move.label
        case "answer" if move.reply is not None and not (move.reply.reached or move.reply.yes or move.reply.no):
            yield move.label


def _typed(one: Taken, witness: Witness) -> Iterator[str]:
    """Yield what is typed, but for an answer that any user gives."""
    move, bot = one.move, witness.machine.bot
    asked = bot.components.get(one.before.state.at)
    for_code = isinstance(asked, Question) and asked.save == bot.code_attribute
    if move.input in WRONG_INPUTS or (for_code and move.input == "a word"):
        yield WRONG
    elif move.odd or move.input not in ORDINARY:
        yield _input(move)


def _input(move: Move) -> str:
    told = move.input
    if told == "the text ''":
        return "nothing typed"
    if told.startswith("the text "):
        return f"the answer {told.removeprefix('the text ')}"
    if told.startswith("option "):
        return told.removeprefix("option ").strip("'")
    return {"empty": "nothing typed", "previous code": "the previous code"}.get(told, told)


def _plainly(taken: Sequence[Taken]) -> str:
    return "a phone number and no more" if any(one.move.kind == "say" for one in taken) else "the first question"
