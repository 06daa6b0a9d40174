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
    from collections.abc import Collection, Iterator

    from pytest_botpenguin_otp.cassettes.likeness import Difference
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["NotShownError", "Shown", "Target", "faults"]

ERROR = 400
NOTHING = "nothing"
"""How a difference calls a key that one side has not."""
REFUSALS = ("bad_request", "unauthorized")
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
    learned = target.naming or expected not in REFUSALS or profile.how_known(expected).kind != "assumed"
    yield from (f"{name}: {fault}" for fault in _told(_unlike(profile, expected, response), learned=learned))
    breaches = _breaches(profile, name, response) if learned else ()
    yield from (f"{name}: the answer breaks its contract: {fault}" for fault in breaches)
    missing = name.rpartition(" ")[2]
    naming = target.naming and expected == "bad_request" and MESSAGE in profile.bad_request.body
    if naming and missing not in response.body.decode("utf-8", "replace"):
        yield f"{name}: the answer does not name the field"
    if name == scenario.SEND and not paths.at(paths.read(response.body), profile.code_path):
        yield f"{name}: the answer has no code at {profile.code_path!r}"


def _told(found: Collection[Difference], *, learned: bool) -> Iterator[str]:
    """Yield each difference as a sentence, the keys that only one side has in one, and of a body not learned no more.

    What a refusal looks like is a guess of the shipped profiles: key by key, that would be told of every refusal.
    """
    left = [one for one in found if learned or not one.place.startswith(("body", "the value at "))]
    lacking = [one.place for one in left if one.place.startswith("body.") and one.recorded == NOTHING]
    more = [one.place for one in left if one.place.startswith("body.") and one.fake == NOTHING]
    keys = [f"lacks {', '.join(lacking)}"] if lacking else []
    keys += [f"has {', '.join(more)} besides"] if more else []
    yield from (one.told("answered", "the profile says") for one in left if one.place not in (*lacking, *more))
    if keys:
        yield f"the answer {' and '.join(keys)}; the profile says otherwise"
    if len(left) < len(found):
        yield "the body is another than the profile assumes; learn a recording of such a refusal"


def _unlike(profile: Profile, expected: str, response: Response) -> tuple[Difference, ...]:
    """Return what an answer has otherwise than the profile says."""
    answer = getattr(profile, expected)
    number = profile.code_type == "number"
    body = answer.render(code=ANY_CODE.ljust(profile.code_length, "1")[: profile.code_length], number=number)
    wanted = Response(status=answer.status, headers=(JSON,), body=body)
    code_path = profile.code_path if expected == "send_ok" and not number else None
    found = differences(response, wanted, values={profile.flag_path}, code_path=code_path)
    return tuple(one for one in found if not one.place.startswith("header "))


def _breaches(profile: Profile, name: str, response: Response) -> tuple[str, ...]:
    """Return how an answer breaks its contract; keys that are missing or unknown are told by the profile already."""
    successes, error = BY_PROFILE.get(profile.name, ({}, None))
    contract = error if response.status >= ERROR else successes.get(scenario.operation_of(name))
    if contract is None:
        return ()
    return tuple(str(fault) for fault in contracts.check(contract, _json(response)) if fault.key is None)


def _json(response: Response) -> object:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None
