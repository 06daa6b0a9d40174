"""What the chats of a bot would miss, as text with a chat for each gap, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.mutants import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pytest_botpenguin_otp.mutants import Grade, Mutant, Survivor

__all__ = ["lines", "percent", "to_json", "unnoticed"]

FORMAT = "botpenguin-otp/mutants@1"


def percent(score: float) -> str:
    """Write a share; 100 % only where nothing is missing."""
    shown = int(score * 10) / 10
    return f"{shown:g} %"


def lines(grade: Grade, files: Sequence[Path]) -> Iterator[str]:
    """Yield the score, then each change that would go unnoticed, with a conversation that notices it."""
    told = f"{len(grade.killed)} noticed, {len(grade.survived)} unnoticed"
    yield f"{percent(grade.score)} of the changes to {grade.bot} are noticed: {told}"
    yield f"graded: {_count(len(grade.conversations), 'conversation')} in {', '.join(map(str, files))}"
    aside = list(_aside(grade))
    if aside:
        yield f"not counted: {'; '.join(aside)}"
    yield from unnoticed(grade)
    yield from _listed("no chat file can tell", grade.beyond)
    yield from _listed("not compared", grade.not_compared)


def _listed(heading: str, found: Sequence[Survivor]) -> Iterator[str]:
    """Yield mutants, under each reason why they do not count."""
    for reason in dict.fromkeys(one.proof.why for one in found):
        yield ""
        yield f"{heading}: {reason}:"
        yield from (f"  {one.mutant}" for one in found if one.proof.why == reason)


def unnoticed(grade: Grade) -> Iterator[str]:
    """Yield each survivor with a conversation to paste; one that notices several is shown once."""
    for chat, mutants in _by_chat(grade.survived):
        yield ""
        yield from (f"this change would go unnoticed: {mutant}" for mutant in mutants)
        yield "  this conversation notices it:" if len(mutants) == 1 else "  this conversation notices them:"
        yield from (f"  {line}" for line in chat.splitlines())


def _by_chat(survived: Iterable[Survivor]) -> list[tuple[str, list[Mutant]]]:
    found: dict[str, list[Mutant]] = {}
    for one in survived:
        found.setdefault(_chat(one), []).append(one.mutant)
    return list(found.items())


def _chat(one: Survivor) -> str:
    return "" if one.proof.chat is None else as_text(one.proof.chat)


def _aside(grade: Grade) -> Iterator[str]:
    """Yield what does not count, and why."""
    if grade.equivalent:
        yield f"{len(grade.equivalent)} proved to change nothing"
    if grade.beyond:
        yield f"{len(grade.beyond)} that no chat file can tell"
    if grade.not_compared:
        yield f"{len(grade.not_compared)} not compared"
    if grade.invalid:
        yield f"{grade.invalid} that are no bot"
    if grade.unplayed:
        yield f"{_count(len(grade.unplayed), 'conversation')} answered by recordings, which are not played"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def to_json(grade: Grade, files: Sequence[Path], floor: float | None = None) -> dict[str, object]:
    """Return the same for machines."""
    return {
        "format": FORMAT,
        "bot": grade.bot,
        "chats": [str(file) for file in files],
        "conversations": list(grade.conversations),
        "not_played": list(grade.unplayed),
        "profiles": list(grade.profiles),
        "score": round(grade.score, 2),
        "floor": floor,
        "killed": [{**_mutant(one.mutant), "by": one.by} for one in grade.killed],
        "survived": [{**_mutant(one.mutant), "chat": _chat(one)} for one in grade.survived],
        "equivalent": [_mutant(one) for one in grade.equivalent],
        "not_compared": [{**_mutant(one.mutant), "why": one.proof.why} for one in grade.not_compared],
        "beyond_chats": [{**_mutant(one.mutant), "why": one.proof.why} for one in grade.beyond],
        "invalid": grade.invalid,
        "cut": list(grade.cut),
    }


def _mutant(mutant: Mutant) -> dict[str, object]:
    return {"kind": mutant.kind, "change": mutant.told, "place": mutant.place}
