"""The settings of a run, read from the command line or the ini file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["beside_ini", "max_age", "setting"]


def setting(config: pytest.Config, name: str) -> str:
    """Return an option, or its ini twin; blank where neither is given."""
    return str(config.getoption(f"otp_{name}") or config.getini(f"otp_{name}") or "")


def beside_ini(config: pytest.Config, told: str) -> Path:
    """Return a path that stands in the ini file: it counts from there, wherever pytest was started."""
    return (config.rootpath if config.inipath is None else config.inipath.parent) / told


def max_age(config: pytest.Config) -> int | None:
    """Return after how many days a recording is stale; raise `UsageError` for what is no such number."""
    told = setting(config, "max_age")
    if told and not (told.isascii() and told.isdecimal()):
        raise pytest.UsageError(f"--otp-max-age (or otp_max_age in the ini file) wants a number of days, not {told!r}.")
    return int(told) if told else None
