"""Recordings as a target: every exchange that shows a scenario, replayed strictly with the send that it belongs to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes import shelf
from pytest_botpenguin_otp.cassettes.parts import endpoint
from pytest_botpenguin_otp.cassettes.replay import Replay
from pytest_botpenguin_otp.machine import paths
from pytest_botpenguin_otp.suite import scenario
from pytest_botpenguin_otp.suite.target import NotShownError, Shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.wire import Response

__all__ = ["Recorded"]

REFUSED = 400
CODED = (scenario.SEND, scenario.RIGHT, scenario.WRONG, scenario.EMPTY)
"""What depends on codes; any other answer stands for itself."""


class Recorded:
    """A target of cassettes; real ones and others must not be mixed up, so its evidence counts both."""

    naming = False

    def __init__(self, folder: Path, profile: Profile) -> None:
        self.profile = profile
        self._folder = folder
        self._cassettes = tuple(shelf.load(path) for path in shelf.files(folder) if path.exists())
        real = sum(one.provenance is not None and one.provenance.real for one in self._cassettes)
        told = f"{len(self._cassettes)} cassette{'' if len(self._cassettes) == 1 else 's'}"
        self.evidence = f"{told}, {real} of them from the real service"

    def shown(self, name: str) -> tuple[Shown, ...]:
        """Return each recorded answer that shows the scenario."""
        found = tuple(one for cassette in self._cassettes for one in self._played(cassette, name))
        if not found:
            raise NotShownError(f"no recording in {self._folder} shows it")
        return found

    def _played(self, cassette: Cassette, name: str) -> Iterator[Shown]:
        for number, exchange in enumerate(cassette.exchanges):
            if scenario.of(exchange.request) == name and not self._is_refusal(exchange, name):
                before = self._send_of(exchange, cassette.exchanges[:number])
                told = self._replayed(cassette, (*before, exchange)) if name in CODED else exchange.response
                yield Shown(where=f"{cassette.file}:{exchange.line}", response=told)

    def _replayed(self, cassette: Cassette, exchanges: tuple[Exchange, ...]) -> Response:
        replay = Replay(replace(cassette, exchanges=exchanges))
        *_, last = [replay(one.request) for one in exchanges]
        return last

    def _is_refusal(self, exchange: Exchange, name: str) -> bool:
        """Say whether a send was refused for a reason that the request does not tell, such as its number."""
        if name != scenario.SEND:
            return False
        flag = paths.at(paths.read(exchange.response.body), self.profile.flag_path)
        return exchange.response.status >= REFUSED or flag == self.profile.flag_mismatch

    def _send_of(self, exchange: Exchange, before: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
        """Return the last Send OTP before a Verify OTP."""
        sends = [one for one in before if endpoint(one.request) == "send"]
        return tuple(sends[-1:]) if endpoint(exchange.request) == "verify" else ()
