"""Riding on pytest-recording: a recording of ours obeys its switches, and asks its fixtures and hook for them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes.errors import CassetteError
from pytest_botpenguin_otp.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pytest
    import vcr

__all__ = ["Ride", "refuse_conflict", "ride"]

LOADED = ("recording", "pytest_recording.plugin")
"""The names under which pytest-recording may be loaded: by its entry point, or by `-p`."""

PACKAGE = "pytest_recording"
KEPT = "once"
ANEW = frozenset(["all", "rewrite"])
SUFFIX = ".yaml"
INI = "(where it stands in the ini file: pytest -o addopts=...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """What pytest-recording says of one recording.

    `refusals` names every switch that forbids it; while `keeps`, a cassette that is there already is played instead.
    """

    config: pytest.Config
    mode: str = ""
    refusals: tuple[str, ...] = ()

    @property
    def keeps(self) -> bool:
        """Whether the record mode is the one that records only what is not there."""
        return self.mode == KEPT and not self.refusals

    def configure(self, recorder: vcr.VCR) -> None:
        """Let the project's own `pytest_recording_configure` set up the recorder, as it does for its own cassettes."""
        self.config.hook.pytest_recording_configure(config=self.config, vcr=recorder)


def ride(request: pytest.FixtureRequest) -> Ride:
    """Ask pytest-recording by its fixtures; raise where it is not installed, or installed and switched off."""
    config = request.config
    if not _loaded(config):
        if find_spec(PACKAGE) is None:
            raise MissingExtraError.of("--otp-record", "record")
        raise CassetteError(
            "--otp-record records by pytest-recording, which is installed but switched off in this run. Leave out "
            "-p no:recording; where PYTEST_DISABLE_PLUGIN_AUTOLOAD is set, say -p pytest_recording.plugin. Nothing was "
            "sent."
        )
    mode, said_by = _mode(request)
    return Ride(config=config, mode=mode, refusals=tuple(_refusals(request, mode, said_by)))


def _loaded(config: pytest.Config) -> bool:
    return any(config.pluginmanager.has_plugin(name) for name in LOADED)


def _mode(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Return the record mode that somebody has chosen, and where; blank where nobody has."""
    fixture = request.getfixturevalue("record_mode")
    settings: Mapping[str, object] = request.getfixturevalue("vcr_config")
    chosen = (
        (request.config.getoption("--record-mode"), "--record-mode"),
        (settings.get("record_mode"), "the fixture vcr_config"),
        (None if _text(fixture) == "none" else fixture, "the fixture record_mode"),  # its default: no choice
    )
    return next(((_text(mode), where) for mode, where in chosen if mode is not None), ("", ""))


def _text(mode: object) -> str:
    return str(getattr(mode, "value", mode)).lower()


def _refusals(request: pytest.FixtureRequest, mode: str, said_by: str) -> Iterator[str]:
    config, node = request.config, request.node
    if request.getfixturevalue("disable_recording"):
        yield f"a run without --disable-recording, which forbids every recording {INI}"
    if config.getoption("--block-network"):
        yield f"a run without --block-network {INI}"
    if node.get_closest_marker("block_network") is not None:
        yield "this test without @pytest.mark.block_network"
    if mode and mode != KEPT and mode not in ANEW:
        ways = "rewrite (record anew) or once (record what is not there)"
        reason = "which forbids recording" if mode == "none" else "and a new recording is never mixed with an old one"
        yield f"another record mode than {mode!r} (by {said_by}), {reason}: --record-mode={ways}"
    if node.get_closest_marker("vcr") is not None:
        yield (
            "this test without @pytest.mark.vcr, which would keep the same calls in a cassette of its own, as they "
            "are: give what it is for a test of its own"
        )


def refuse_conflict(request: pytest.FixtureRequest, path: Path) -> None:
    """Raise `CassetteError` where `@pytest.mark.vcr` on the same test would use the very file of our cassette."""
    if request.node.get_closest_marker("vcr") is None or not _loaded(request.config):
        return
    theirs = Path(request.getfixturevalue("vcr_cassette_dir")) / request.getfixturevalue("default_cassette_name")
    if os.path.abspath(f"{theirs}{SUFFIX}") == os.path.abspath(path):  # noqa: PTH100  # links stay as they are
        raise CassetteError(
            f"{path}: @pytest.mark.vcr on this test has the same file for its own cassette. Name another for one of "
            "them: @pytest.mark.otp(cassette=NAME), or @pytest.mark.default_cassette(NAME)."
        )
