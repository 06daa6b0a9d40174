"""Holds a property against what Hypothesis thinks of, within its loaded profile, and returns what breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, Verbosity, given
from hypothesis import seed as seeded
from hypothesis import settings as chosen

from pytest_botpenguin_otp.properties.telling import played_out

if TYPE_CHECKING:
    from pytest_botpenguin_otp.properties.cases import Case
    from pytest_botpenguin_otp.properties.property import Property
    from pytest_botpenguin_otp.properties.subject import Subject
    from pytest_botpenguin_otp.properties.telling import Broken

__all__ = ["hunt", "is_random"]


class _FoundError(Exception):
    """Carries a broken promise out of Hypothesis, which makes the case smaller as long as one is found."""

    def __init__(self, found: Broken) -> None:
        super().__init__(found.promise)
        self.found = found


def is_random() -> bool:
    """Say whether Hypothesis' loaded profile draws other cases in each run."""
    return not chosen().derandomize


def hunt(held: Property, subject: Subject, *, seed: int | None = None, settings: chosen | None = None) -> Broken | None:
    """Return the smallest case that breaks `held`, or None where there is none among those that were tried.

    How many are tried, and whether at random, is for `settings` to say (default: Hypothesis' loaded profile); nothing
    is kept in an example database, and nothing is printed. With `seed` they are those of that number.
    """
    traps = (held.holds(subject, case) for case in held.traps(subject))
    found = held.first(subject) or next(filter(None, traps), None)
    if found is not None:
        return played_out(found, subject)

    def check(case: Case) -> None:
        broken = held.holds(subject, case)
        if broken is not None:
            raise _FoundError(broken)

    test = _quiet(settings or chosen())(given(held.cases(subject))(check))
    try:
        (test if seed is None else seeded(seed)(test))()
    except _FoundError as error:
        return played_out(error.found, subject)
    return None


def _quiet(known: chosen) -> chosen:
    return chosen(
        known,
        database=None,
        deadline=None,
        verbosity=Verbosity.quiet,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=[phase for phase in known.phases if phase is not Phase.explain],
    )
