"""Tells of options that had nothing to work on: a run that looks as if bots had been checked, and none was."""

from __future__ import annotations

from fnmatch import fnmatch
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xdist.workermanage import WorkerController  # type: ignore[import-untyped]  # it has no types

__all__ = ["ABOUT_BOTS", "NEEDED", "Selection", "note", "patterns", "settle"]

ABOUT_BOTS = ("bots", "baseline", "save_counterexamples", "strict", "states", "seconds", "megabytes", "mutants")
"""The options that mean bot files, and nothing where none is collected."""

NEEDED = {
    "max_age": ("verify_cassettes", "", "--otp-verify-cassettes"),
    "cassettes": ("target", "cassettes", "--otp-target cassettes"),
}
"""The options that mean nothing without another one: which, what it must say (blank: anything), how that is told."""

LIVE = ("live", "live_in_ci", "sms_budget", "live_to", "code_command")
"""The options that mean real calls, and nothing where none is asked for: told, and no fault of a run.

A job may type its consents for all its runs, and record in one of them.
"""

MET = pytest.StashKey[set[str]]()
"""The bot files that this process has collected, from the rootdir on."""
SENT = "otp_bots_met"
WHERE = "Name bot files on the command line, or by --otp-bots."


def note(config: pytest.Config, file: str) -> None:
    """Note that a bot file was collected."""
    config.stash.setdefault(MET, set()).add(file)


def patterns(config: pytest.Config) -> list[str]:
    """Return the patterns of `--otp-bots` or its ini twin."""
    told = str(config.getoption("otp_bots") or config.getini("otp_bots") or "").replace("\n", ",").split(",")
    return [glob.strip() for glob in told if glob.strip()]


def settle(config: pytest.Config) -> None:
    """Watch what the options select; raise `UsageError` for one that can select nothing."""
    if not hasattr(config, "workerinput"):
        for name, (other, wanted, told) in NEEDED.items():
            given = config.getoption(f"otp_{other}") or config.getini(f"otp_{other}")
            if _typed(config, name) and (not given or wanted not in ("", given)):
                raise pytest.UsageError(f"{_option(name)} does nothing without {told}.")
    config.pluginmanager.register(Selection(config), "botpenguin-otp-selection")


class Selection:
    """A plugin of one run, which knows the bot files of all its processes."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: WorkerController) -> None:
        """Learn what a worker of pytest-xdist has collected."""
        for file in getattr(node, "workeroutput", {}).get(SENT, ()):
            note(self._config, file)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a run whose command line names what is not there; let a worker send what it has met."""
        sent = getattr(session.config, "workeroutput", None)
        if sent is not None:
            sent[SENT] = sorted(session.config.stash.get(MET, ()))
        elif session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) and any(
            typed for _, typed in self._idle()
        ):
            session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
        """Tell each option that met no bot, unless nothing could be collected at all."""
        if exitstatus == pytest.ExitCode.INTERRUPTED:
            return
        idle = [_option(name) for name in LIVE if _typed(self._config, name)]
        if idle and not _asks_for_live(self._config):
            told = (
                f"{', '.join(idle)}: nothing live was asked for, by --otp-record or --otp-target URL; nothing was sent."
            )
            terminalreporter.write_line(f"botpenguin-otp: {told}", yellow=True)
        for told, typed in self._idle():
            terminalreporter.write_line(f"botpenguin-otp: {told}", red=typed, yellow=not typed)

    def _idle(self) -> Iterator[tuple[str, bool]]:
        """Yield what had nothing to do, and whether it was typed; an ini file speaks for whole runs only."""
        config, met = self._config, self._config.stash.get(MET, set())
        whole = config.args_source != pytest.Config.ArgsSource.ARGS
        for name in ABOUT_BOTS:
            typed = _typed(config, name)
            given = config.getoption(f"otp_{name}") or config.getini(f"otp_{name}")
            if not given or not (typed or (whole and name in ("bots", "baseline"))):
                continue
            if name == "bots":
                yield from ((_unmatched(glob), typed) for glob in patterns(config) if not _matches(glob, met))
            elif not met:
                yield f"{_option(name)}: no bot file was collected, so it does nothing. {WHERE}", typed


def _asks_for_live(config: pytest.Config) -> bool:
    target = str(config.getoption("otp_target") or config.getini("otp_target") or "")
    return bool(config.getoption("otp_record")) or "://" in target


def _matches(glob: str, met: set[str]) -> bool:
    return any(fnmatch(file, glob) for file in met)


def _unmatched(glob: str) -> str:
    return (
        f"--otp-bots {glob}: no bot file that was collected matches it. A pattern begins at the rootdir, and selects "
        "among the files below the paths that pytest is given."
    )


def _option(name: str) -> str:
    return f"--otp-{name.replace('_', '-')}"


def _typed(config: pytest.Config, name: str) -> bool:
    """Say whether an option stands on the command line itself, rather than in a file of the project."""
    return any(str(word).partition("=")[0] == _option(name) for word in config.invocation_params.args)
