"""What the triangle found, as lines for people and as JSON for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes.triangle import UNCHECKED
from pytest_botpenguin_otp.profile import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_botpenguin_otp.cassettes.triangle import Held, Verification

__all__ = ["failed", "guess", "lines", "summary", "to_json"]

FORMAT = "botpenguin-otp/verify@1"
NOTHING = "Nothing was checked, and that is a failure."


def failed(found: Sequence[Verification]) -> bool:
    """Whether the run must not pass: one of them fails, or there is none."""
    return not found or any(one.failed for one in found)


def guess(option: str) -> str:
    """Return how to name the profile of a cassette that was held against the default one, for want of a better."""
    return f"A cassette that names no shipped profile is held against {DEFAULT}; for another, say {option}."


def lines(one: Verification) -> Iterator[str]:
    """Yield what one cassette is worth: its verdict, where it comes from, and each exchange that is not the same."""
    yield f"{one.file}: {one.verdict} ({one.checked} of {len(one.held)} checked under {one.profile})"
    age = "" if one.age_days is None else f", {one.age_days} days old"
    yield f"  {one.evidence}{age}"
    yield from (f"  warning: {warning}" for warning in one.warnings)
    for held in one.held:
        if held.verdict != "same":
            alone = f"; the {held.alone} stands alone" if held.alone else ""
            yield f"  interaction {held.number} (line {held.line}), {held.request}: {held.verdict}{alone}"
            yield from (f"    {detail}" for detail in held.details)
    if not one.checked:
        yield f"  {NOTHING}"


def summary(found: Sequence[Verification]) -> str:
    """Return the sentence at the end: what was checked, and how much of it the real service has answered."""
    every = [held for one in found for held in one.held]
    counts = {verdict: sum(held.verdict == verdict for held in every) for verdict in ("same", "drift", "stale")}
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    left = sum(held.verdict == UNCHECKED for held in every)
    unchecked = f"{', ' if told else ''}{left} could not be checked" if left else ""
    files = f"{len(found)} cassette{'' if len(found) == 1 else 's'}"
    if not told:
        return f"{files}: {NOTHING}"
    real = sum(one.checked for one in found if one.real)
    proof = f"{real} from the real service" if real else "none from the real service, so nothing of it is proved"
    return f"{files}: {told}{unchecked}; {proof}."


def to_json(found: Iterable[Verification], faults: Iterable[str] = ()) -> dict[str, object]:
    """Return the same for machines; `faults` are the files that could not be read."""
    every = list(found)
    return {
        "format": FORMAT,
        "failed": failed(every),
        "checked": sum(one.checked for one in every),
        "checked_real": sum(one.checked for one in every if one.real),
        "faults": list(faults),
        "cassettes": [_told(one) for one in every],
    }


def _told(one: Verification) -> dict[str, object]:
    return {
        "file": one.file,
        "profile": one.profile,
        "verdict": one.verdict,
        "real": one.real,
        "evidence": one.evidence,
        "age_days": one.age_days,
        "warnings": list(one.warnings),
        "exchanges": [_exchange(held) for held in one.held],
    }


def _exchange(held: Held) -> dict[str, object]:
    return {
        "number": held.number,
        "line": held.line,
        "request": held.request,
        "verdict": held.verdict,
        "alone": held.alone,
        "details": list(held.details),
    }
