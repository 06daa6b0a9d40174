"""A machine as a test case: run under hypothesis' own profile, without a database, and told in words when it fails."""

from __future__ import annotations

import unittest
import warnings
from typing import TYPE_CHECKING, TypeAlias

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from pytest_botpenguin_otp.errors import FileError, OtpError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Case", "Place", "UncheckedPromiseWarning", "quiet_settings"]

MOST_STEPS = 10

Place: TypeAlias = tuple[str, str, int]


class UncheckedPromiseWarning(UserWarning):
    """Some of what should be promised cannot be seen in this run."""


def quiet_settings(chosen: settings | None = None) -> settings:
    """Return settings (default: hypothesis' as they are now) without a database, a dump of steps or a deadline.

    A database would hold codes; a failure tells itself. A conversation has 10 steps at most, or fewer if they say so.
    """
    told = chosen or settings()
    return settings(
        told,
        database=None,
        deadline=None,
        phases=[phase for phase in told.phases if phase is not Phase.explain],
        print_blob=False,
        report_multiple_bugs=False,
        stateful_step_count=min(MOST_STEPS, told.stateful_step_count),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )


class Case:
    """The `TestCase` of a machine and of each class made from it.

    `prepare` is called before a run, and raises where there can be none; `unchecked` tells what a run cannot see, as a
    warning at the place (module, file, line) where the machine was `made`.
    """

    def __init__(self, prepare: Callable[[], object], unchecked: str = "", made: Place | None = None) -> None:
        self._prepare = prepare
        self._unchecked = unchecked
        self._place = made
        self._made: dict[type[RuleBasedStateMachine], type[unittest.TestCase]] = {}

    def __get__(self, _: RuleBasedStateMachine | None, machine: type[RuleBasedStateMachine]) -> type[unittest.TestCase]:
        """Return the test case, always the same one, so that its `settings` can be set.

        Whatever is set, a run has no database and its steps are bounded: see `quiet_settings`.
        """
        if machine not in self._made:
            self._made[machine] = _test_case(machine, self._run)
        return self._made[machine]

    def _run(self, machine: type[RuleBasedStateMachine], chosen: settings) -> None:
        try:
            self._prepare()
            if self._unchecked and self._place is not None:
                module, file, line = self._place
                warnings.warn_explicit(self._unchecked, UncheckedPromiseWarning, file, line, module)
            run_state_machine_as_test(machine, settings=chosen)
        except (OtpError, FileError) as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None


def _test_case(
    machine: type[RuleBasedStateMachine], run: Callable[[type[RuleBasedStateMachine], settings], None]
) -> type[unittest.TestCase]:
    class TestCase(unittest.TestCase):
        """Runs conversations until one breaks a promise, and fails with the shortest such."""

        settings = quiet_settings()

        def runTest(self) -> None:  # noqa: N802  # unittest's name
            """Run them."""
            run(machine, quiet_settings(type(self).settings))

    TestCase.__qualname__ = f"{machine.__qualname__}.TestCase"
    return TestCase
