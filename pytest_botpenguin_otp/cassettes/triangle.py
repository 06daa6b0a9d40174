"""The triangle: each recorded request is replayed into the fakes; contract, recording and fake are held together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.cassettes.casting import Casting
from pytest_botpenguin_otp.cassettes.errors import CassetteError
from pytest_botpenguin_otp.cassettes.likeness import differences
from pytest_botpenguin_otp.cassettes.parts import dissect, endpoint, rewrite
from pytest_botpenguin_otp.errors import NoResponseError, UnmatchedRequestError
from pytest_botpenguin_otp.machine import paths
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.twilio.errors import ERRORS
from pytest_botpenguin_otp.world import BY_PROFILE, TWILIO_ANSWERS, World

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from pytest_botpenguin_otp.cassettes.likeness import Difference
    from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange, Provenance
    from pytest_botpenguin_otp.cassettes.parts import Shape
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.wire import Request, Response

__all__ = ["UNCHECKED", "WARN_AFTER_DAYS", "Alone", "Held", "Verdict", "Verification", "made_under", "verify"]

Verdict = Literal["same", "drift", "stale", "could not be checked"]
Alone = Literal["contract", "recording", "fake"]
Judged = tuple[Verdict, Alone | None, tuple[str, ...]]

UNCHECKED: Verdict = "could not be checked"
TOO_DEEP: Judged = (UNCHECKED, None, ("its request is nested too deep",))
WARN_AFTER_DAYS = 90
NAMED = re.compile(r"\bprofile ([0-9a-z-]+)")
VERSION = contracts.BASE.rstrip("/").rpartition("/")[2]
ERROR, SERVER_ERROR, TOO_MANY = 400, 500, 429
SUCCESS = range(200, 300)
REFUSED_BY_TWILIO = 21211
WORDS = {
    "documented": "written after documents, not recorded: it proves nothing of the real service",
    "observed": "written after what others saw, not recorded: it proves nothing of the real service",
    "assumed": "assumed, not recorded: it proves nothing of the real service",
    "fake": "recorded from a fake: it proves nothing of the real service",
    "unknown": "recorded from a service that is not known to be the real one: it proves nothing of that",
    "real": "recorded from the real service",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One recorded exchange after all three were held against each other.

    `alone` is the one that the other two agree against, None where there is no such one; `details` tell what differs,
    or why nothing could be checked, never a recorded value.
    """

    number: int
    line: int
    request: str
    verdict: Verdict
    alone: Alone | None = None
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a cassette is worth today. `evidence` says where it comes from; only a `real` one proves anything."""

    file: str
    profile: str
    real: bool
    evidence: str
    age_days: int | None
    warnings: tuple[str, ...]
    held: tuple[Held, ...] = field(repr=False)

    @property
    def checked(self) -> int:
        """How many exchanges were checked."""
        return sum(one.verdict != UNCHECKED for one in self.held)

    @property
    def verdict(self) -> Verdict:
        """The worst of all verdicts: `drift`, then `stale`; `same` where anything was checked, and all that was is."""
        found = {one.verdict for one in self.held}
        order: tuple[Verdict, ...] = ("drift", "stale", "same")
        return next((verdict for verdict in order if verdict in found), UNCHECKED)

    @property
    def failed(self) -> bool:
        """Whether this must not pass: drift, staleness, or nothing checked at all."""
        return self.verdict != "same"


def verify(
    cassette: Cassette,
    profile: Profile,
    *,
    today: date,
    max_age: int | None = None,
    values: Collection[str] = (),
) -> Verification:
    """Replay every recorded request into the fakes under `profile`, and hold the answers together.

    Keys, types, formats, status and headers count; a value only at the paths `values` and at the profile's flag.
    What is older than `max_age` days, or says no day, is stale.
    """
    provenance = cassette.provenance
    age = None if provenance is None else (today - provenance.made).days
    stale = max_age is not None and (age is None or age > max_age)
    triangle = _Triangle(cassette, profile, values)
    held = (triangle.hold(number, exchange) for number, exchange in enumerate(cassette.exchanges, 1))
    return Verification(
        file=cassette.file,
        profile=profile.name,
        real=provenance is not None and provenance.real,
        evidence=_evidence(provenance),
        age_days=age,
        warnings=tuple(_warnings(provenance, age)),
        held=tuple(_aged(one, age, max_age) if stale else one for one in held),
    )


def made_under(cassette: Cassette) -> Profile | None:
    """Return the shipped profile that the source of a cassette names, if it names one."""
    named = NAMED.search("" if cassette.provenance is None else cassette.provenance.source)
    return None if named is None else PROFILES.get(named[1])


def _evidence(provenance: Provenance | None) -> str:
    if provenance is None:
        return "an old recording that does not say what answered: it proves nothing of the real service"
    return WORDS[provenance.target if provenance.kind == "recorded" else provenance.kind]


def _warnings(provenance: Provenance | None, age: int | None) -> Iterable[str]:
    if provenance is None or age is None:
        yield "It does not say when it was made."
        return
    if age > WARN_AFTER_DAYS:
        yield f"It is {age} days old; record it again before you trust it."
    if age < 0:
        yield f"It says that it was made {-age} days from now."
    if provenance.contracts != VERSION:
        yield "It was made with contracts of another version; record it again."


def _aged(held: Held, age: int | None, max_age: int | None) -> Held:
    if held.verdict != "same":
        return held
    told = "says no day" if age is None else f"{age} days old"
    return Held(
        number=held.number,
        line=held.line,
        request=held.request,
        verdict="stale",
        details=(f"{told}; at most {max_age} are allowed",),
    )


class _Triangle:
    def __init__(self, cassette: Cassette, profile: Profile, values: Collection[str]) -> None:
        self._profile = profile
        self._values = frozenset(values)
        self._complete = cassette.provenance is None or cassette.provenance.scrubber is None
        sound = [exchange for exchange in cassette.exchanges if _shape(exchange) is not None]
        self._served = dict(_served(sound))
        self._world = self._fresh_world()
        self._casting = Casting(sound, self._world)

    def hold(self, number: int, exchange: Exchange) -> Held:
        """Hold one exchange; the fakes keep what happens for the next one."""
        shape = _shape(exchange)
        verdict, alone, details = TOO_DEEP if shape is None else self._judged(exchange)
        request = exchange.request.method if shape is None else f"{shape.method} {shape.path}"
        return Held(number=number, line=exchange.line, request=request, verdict=verdict, alone=alone, details=details)

    def _fresh_world(self) -> World:
        world = World(self._profile)
        for url, operation in self._served.items():
            world.botpenguin.serve(url, operation)
        return world

    def _judged(self, exchange: Exchange) -> Judged:
        reason = _unfit(exchange)
        if reason is not None:
            return UNCHECKED, None, (reason,)
        request, strange = self._casting.live(exchange.request)
        try:
            given = self._answer(exchange, request)
        except (NoResponseError, UnmatchedRequestError):
            return UNCHECKED, None, ("the fakes do not answer this request",)
        if strange and (given.status in SUCCESS) != (exchange.response.status in SUCCESS):
            return UNCHECKED, None, ("it names something that was made before the recording began",)
        self._casting.learn(exchange, given)
        return self._together(exchange, request, given)

    def _answer(self, exchange: Exchange, request: Request) -> Response:
        """Return the fake's answer; where it was refused for a reason that no request tells, the fake's refusal."""
        given = self._world.answer(request)
        code = self._refusal(exchange)
        if code is None or given.status not in SUCCESS:
            return given
        elsewhere = self._fresh_world()
        elsewhere.twilio.fail(create=code)
        return elsewhere(request)

    def _refusal(self, exchange: Exchange) -> int | None:
        """Return the Twilio error for which a recorded SMS was refused, or may have been; None where it was not."""
        response, profile = exchange.response, self._profile
        tree = paths.read(response.body)
        match endpoint(exchange.request):
            case "send":
                no = response.status >= ERROR or paths.at(tree, profile.flag_path) == profile.flag_mismatch
                return REFUSED_BY_TWILIO if no else None
            case "twilio" if response.status >= ERROR and exchange.request.method.upper() == "POST":
                told = paths.at(tree, "code") or ""
                return int(told) if told.isdecimal() and int(told) in ERRORS else None
            case _:
                return None

    def _together(self, exchange: Exchange, request: Request, given: Response) -> Judged:
        recorded = exchange.response
        kept = {
            "recording": self._faults(request, recorded),
            "fake": self._faults(request, given),
        }
        found = self._differences(request, recorded, given)
        if kept["recording"] == kept["fake"] == ():
            found = tuple(one for one in found if not one.null)
        if not found and not any(kept.values()):
            return "same", None, ()
        broken = {name: bool(faults) for name, faults in kept.items() if faults is not None}
        told = [f"the {name} breaks its contract: {fault}" for name, faults in kept.items() for fault in faults or ()]
        return "drift", _alone(broken, differ=bool(found)), (*map(str, found), *told, *_open(broken, found))

    def _differences(self, request: Request, recorded: Response, given: Response) -> tuple[Difference, ...]:
        twilio = endpoint(request) == "twilio"
        errors = twilio and recorded.status >= ERROR and given.status >= ERROR
        own = {"code"} if errors else set() if twilio else {self._profile.flag_path}
        texts = endpoint(request) == "send" and self._profile.code_type == "text"
        code_path = self._profile.code_path if texts else None
        return differences(recorded, given, values=self._values | own, code_path=code_path, complete=self._complete)

    def _faults(self, request: Request, response: Response) -> tuple[str, ...] | None:
        """Return what of a contract an answer breaks, None where there is no contract for it."""
        if endpoint(request) == "twilio":
            (successes, error), operation = TWILIO_ANSWERS, self._world.twilio.operation(request)
        else:
            successes, error = BY_PROFILE.get(self._profile.name, ({}, None))
            operation = endpoint(request)
        contract = error if response.status >= ERROR else successes.get(operation or "")
        if contract is None:
            return None
        try:
            told = response.json()
        except (ValueError, RecursionError):
            return ("this is no JSON",)
        return tuple(str(fault) for fault in contracts.check(contract, told))


def _shape(exchange: Exchange) -> Shape | None:
    """Return the shape of a request, None where nobody can walk it."""
    try:
        return dissect(exchange.request)[0]
    except CassetteError:
        return None


def _served(exchanges: Iterable[Exchange]) -> Iterator[tuple[str, str]]:
    """Yield where the two OTP endpoints were recorded, on whatever host."""
    for exchange in exchanges:
        operation = endpoint(exchange.request)
        if operation in ("send", "verify"):
            yield rewrite(exchange.request, _as_it_is).url, operation


def _as_it_is(kind: str, place: str, text: str) -> str:
    del kind, place
    return text


def _unfit(exchange: Exchange) -> str | None:
    """Say why an exchange can be held against nothing, or None where it can."""
    status = exchange.response.status
    if endpoint(exchange.request) is None:
        return "no contract covers this request"
    if status >= SERVER_ERROR or status == TOO_MANY:
        return f"{status} tells of that day, not of how the service answers"
    if status not in SUCCESS and status < ERROR:
        return f"{status} is no answer of these services"
    return None


def _alone(broken: dict[str, bool], *, differ: bool) -> Alone | None:
    """Return the one of the three that two others agree against."""
    match broken.get("recording"), broken.get("fake"), differ:
        case (True, True, False):
            return "contract"
        case (True, False, _):
            return "recording"
        case (False, True, _):
            return "fake"
        case _:
            return None


def _open(broken: dict[str, bool], found: tuple[Difference, ...]) -> tuple[str, ...]:
    """Say why nobody stands alone, where recording and fake differ and the contract does not help."""
    if not found or True in broken.values():
        return ()
    if broken:
        return ("the contract allows both, so neither stands alone; what is open, a profile says",)
    return ("no contract is written for this answer, so neither stands alone",)
