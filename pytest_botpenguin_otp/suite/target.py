"""What a scenario is held against: one of three kinds of target, and the answers it shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.cassettes.likeness import differences
from pytest_botpenguin_otp.errors import OtpError
from pytest_botpenguin_otp.machine import paths
from pytest_botpenguin_otp.suite import scenario
from pytest_botpenguin_otp.wire import JSON, Response
from pytest_botpenguin_otp.world import BY_PROFILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.profile import Profile

__all__ = ["NotShownError", "Shown", "Target", "faults"]

ERROR = 400
ANY_CODE = "271828"
MESSAGE = "{{message}}"


class NotShownError(OtpError):
    """A target cannot show a scenario; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One answer that shows a scenario, and where it comes from."""

    where: str
    response: Response = field(repr=False)


class Target(Protocol):
    """Shows scenarios.

    `evidence` says what that proves; `naming` whether a refusal must name the missing field, where the profile has a
    place for that.
    """

    profile: Profile
    evidence: str
    naming: bool

    def shown(self, name: str) -> tuple[Shown, ...]:
        """Return every answer that shows the scenario; raise `NotShownError` where there is none."""


def faults(target: Target, name: str) -> tuple[str, ...]:
    """Return all that is wrong with how a target answers a scenario, without any value of an answer."""
    return tuple(f"{one.where}: {fault}" for one in target.shown(name) for fault in _faults(target, name, one.response))


def _faults(target: Target, name: str, response: Response) -> Iterator[str]:
    profile = target.profile
    expected = scenario.EXPECTED[name]
    accepted = f"{scenario.operation_of(name)}_ok"
    if expected != accepted and not _unlike(profile, accepted, response):
        yield f"{name}: this was accepted"
    yield from (f"{name}: {fault}" for fault in _unlike(profile, expected, response))
    yield from (f"{name}: the answer breaks its contract: {fault}" for fault in _breaches(profile, name, response))
    missing = name.rpartition(" ")[2]
    naming = target.naming and expected == "bad_request" and MESSAGE in profile.bad_request.body
    if naming and missing not in response.body.decode("utf-8", "replace"):
        yield f"{name}: the answer does not name the field"
    if name == scenario.SEND and not paths.at(paths.read(response.body), profile.code_path):
        yield f"{name}: the answer has no code at {profile.code_path!r}"


def _unlike(profile: Profile, expected: str, response: Response) -> tuple[str, ...]:
    """Return what an answer has otherwise than the profile says."""
    answer = getattr(profile, expected)
    number = profile.code_type == "number"
    body = answer.render(code=ANY_CODE.ljust(profile.code_length, "1")[: profile.code_length], number=number)
    wanted = Response(status=answer.status, headers=(JSON,), body=body)
    code_path = profile.code_path if expected == "send_ok" and not number else None
    found = differences(response, wanted, values={profile.flag_path}, code_path=code_path)
    return tuple(one.told("answered", "the profile says") for one in found if not one.place.startswith("header "))


def _breaches(profile: Profile, name: str, response: Response) -> tuple[str, ...]:
    successes, error = BY_PROFILE.get(profile.name, ({}, None))
    contract = error if response.status >= ERROR else successes.get(scenario.operation_of(name))
    if contract is None:
        return ()
    return tuple(str(fault) for fault in contracts.check(contract, _json(response)))


def _json(response: Response) -> object:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None
