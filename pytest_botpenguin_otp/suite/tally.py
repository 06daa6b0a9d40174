"""Counts what a run has checked, over all its processes: a run that was to check and has checked nothing fails."""

from __future__ import annotations

from collections import Counter

import pytest

from pytest_botpenguin_otp.settings import max_age, setting
from pytest_botpenguin_otp.suite.choosing import TARGETS, live

__all__ = ["CHECKED", "WARNED", "Tally", "settle"]

CHECKED = "otp_checked"
"""The property of an item that checks something: its value says what that proves."""

WARNED = "otp_warned"
"""The property of an item that has something to tell even where it passes."""


def settle(config: pytest.Config) -> None:
    """Count in this run; what was asked for on the command line, and not by the ini file alone, must come to pass.

    Raises `UsageError` for an age or a target that is none.
    """
    max_age(config)
    told = setting(config, "target")
    if told not in ("", "fake", "cassettes") and not live(told):
        wanted = "--otp-target (or otp_target in the ini file) wants"
        raise pytest.UsageError(f"{wanted} {TARGETS}, such as https://api.v7.botpenguin.com; not {told!r}.")
    given = (("--otp-target", "otp_target"), ("--otp-verify-cassettes", "otp_verify_cassettes"))
    asked = " and ".join(option for option, dest in given if config.getoption(dest))
    config.pluginmanager.register(Tally(asked), "botpenguin-otp-tally")


class Tally:
    """A plugin of one run; `asked` is the option of the command line that asked for checks, blank where none did."""

    def __init__(self, asked: str = "") -> None:
        self._asked = asked
        self._done: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._warned: dict[str, None] = {}
        self._worker = False

    @property
    def _nothing(self) -> bool:
        wanted = bool(self._asked or self._skipped)
        return wanted and not self._done and not self._worker

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count an item once it has run."""
        told = dict(report.user_properties)
        evidence = told.get(CHECKED)
        if report.when != "call" or evidence is None:
            return
        counts = self._skipped if report.skipped else self._done
        counts[str(evidence)] += 1
        self._warned |= {str(told[WARNED]): None} if WARNED in told else {}

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a run in which nothing was checked, whatever else has passed."""
        self._worker = hasattr(session.config, "workerinput")
        listing = session.config.getoption("collectonly")
        if (
            self._nothing
            and not listing
            and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell what was checked and what that proves."""
        if terminalreporter.config.getoption("collectonly"):
            return
        for warning in self._warned:
            terminalreporter.write_line(f"botpenguin-otp: warning: {warning}", yellow=True)
        for evidence in {**self._done, **self._skipped}:
            told = f"{self._done[evidence]} checked, {self._skipped[evidence]} could not be shown"
            terminalreporter.write_line(f"botpenguin-otp: {evidence}: {told}")
        if self._nothing:
            terminalreporter.write_line(
                f"botpenguin-otp: {self._asked or 'otp_target'}: nothing was checked, and that is a failure.", red=True
            )
