"""What a service may do instead of answering well, as values, and how it is done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from types import NoneType
from typing import TYPE_CHECKING, Protocol, Self

from pytest_botpenguin_otp.errors import FaultError, NoResponseError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_botpenguin_otp.wire import Request, Response

__all__ = ["OPERATIONS", "Fake", "Fault", "FaultPlan", "check_field", "strike"]

OPERATIONS = {
    "twilio": ("create", "fetch", "list", "update", "delete", "callback"),
    "botpenguin": ("send", "verify"),
}
"""Which operations of which service a fault can meet."""

HUGE = 1 << 20
LEAST_CODE = 1000
SLOW_MS = 100
"""How long each byte of a slow body takes."""
STATUSES = range(100, 600)
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
KINDS = {"int": "a whole number", "str": "a text", "bool": "true or false", "float": "a number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    It meets the calls of `operation` (None: any) from the `nth` matching one on, `times` times; only those about
    `phone` (E.164) and only a `share` (0 to 1) of them where these are given, drawn from `seed` (None: from the
    world's seed and the place on the plan). What happens: `status` (HTTP) or `code`
    (a Twilio error code; 30001 to 30499 mean accepted first and failed later) or `body` instead of the answer,
    `delay` seconds before it, `timeout`, `reset`, a `malformed`, `empty` or `huge` body, a JSON answer of the
    `wrong_type`, `slow` (the body trickles, 100 ms a byte), or `lost`: done, but the answer never arrives.
    For `callback`: `late`, `duplicate`, `missing` or `reordered`.
    """

    service: str
    operation: str | None = None
    status: int | None = None
    code: int | None = None
    body: str | None = None
    delay: int = 0
    timeout: bool = False
    reset: bool = False
    lost: bool = False
    malformed: bool = False
    empty: bool = False
    huge: bool = False
    wrong_type: bool = False
    slow: bool = False
    callback: str | None = None
    phone: str | None = field(default=None, repr=False)
    share: float = 1.0
    seed: int | None = None
    nth: int = 1
    times: int = 1

    def __post_init__(self) -> None:
        self._check_types()
        if self.service not in OPERATIONS:
            raise FaultError(f"There is no service {self.service!r}. {did_you_mean(self.service, OPERATIONS)}")
        known = OPERATIONS[self.service]
        if self.operation is not None and self.operation not in known:
            raise FaultError(
                f"{self.service} has no operation {self.operation!r}. {did_you_mean(self.operation, known)}"
            )
        if self.nth < 1 or self.times < 1 or not 0 < self.share <= 1 or self.delay < 0:
            raise FaultError("A fault needs nth and times of at least 1, a share in (0, 1], a delay of at least 0.")
        if self.status is not None and self.status not in STATUSES:
            raise FaultError(f"{self.status} is no HTTP status: those go from 100 to 599.")
        if self.code is not None and self.service == "botpenguin" and self.operation != "send":
            raise FaultError(
                f"{self.code} is a Twilio error code, which only a send can fail by. Of any other call, say an HTTP"
                " status (100 to 599), such as 500."
            )
        if not self.effects:
            raise FaultError("This fault changes nothing: say a code, a status, a body, a delay or what breaks.")

    def _check_types(self) -> None:
        for name, wanted in FIELD_TYPES.items():
            value = getattr(self, name)
            if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
                kind = KINDS[wanted[0].__name__]
                raise FaultError(f"The field {name!r} of a fault is {kind}, not of type {type(value).__name__}.")
        if self.phone is not None and E164.fullmatch(self.phone) is None:
            raise FaultError(
                "The field 'phone' of a fault is a number in strict E.164: a plus sign, then 7 to 15 digits without"
                " blanks or signs between them, such as '+14155550123'."
            )

    @classmethod
    def of(cls, service: str, operation: str, told: object) -> Self:
        """Make a fault of a number (an HTTP status, or from 1000 on a Twilio error code) or of a mapping of fields."""
        if isinstance(told, int) and not isinstance(told, bool):
            if told < LEAST_CODE:
                return cls(service=service, operation=operation, status=told)
            return cls(service=service, operation=operation, code=told)
        if not isinstance(told, Mapping):
            raise FaultError(f"A fault is a number or a mapping of fields, not {type(told).__name__}.")
        for name in told:
            check_field(name)
        return cls(service=service, operation=operation, **told)

    @property
    def effects(self) -> tuple[str, ...]:
        """What it does, in short words."""
        named = [(name, getattr(self, name)) for name in ("status", "code", "body", "callback")]
        said = [f"{name} {value}" if name != "body" else "body" for name, value in named if value is not None]
        if self.delay:
            said.append(f"delay {self.delay} s")
        flags = ("timeout", "reset", "lost", "malformed", "empty", "huge", "wrong_type", "slow")
        return (*said, *(flag for flag in flags if getattr(self, flag)))

    def __str__(self) -> str:
        where = f"{self.service} {self.operation or 'any call'}"
        when = f", from call {self.nth}" if self.nth > 1 else ""
        often = f", {self.times} times" if self.times > 1 else ""
        whose = f", for the number that ends in {self.phone[-2:]}" if self.phone else ""
        drawn = "" if self.seed is None else f" by seed {self.seed}"
        some = f", a share of {self.share:g}{drawn}" if self.share < 1 else ""
        return f"{where}: {', '.join(self.effects)}{when}{often}{whose}{some}"


FIELD_TYPES: Mapping[str, tuple[type, ...]] = {
    "service": (str,),
    "operation": (str, NoneType),
    "status": (int, NoneType),
    "code": (int, NoneType),
    "body": (str, NoneType),
    "callback": (str, NoneType),
    "phone": (str, NoneType),
    "share": (float, int),
    "seed": (int, NoneType),
    **dict.fromkeys(("delay", "nth", "times"), (int,)),
    **dict.fromkeys(("timeout", "reset", "lost", "malformed", "empty", "huge", "wrong_type", "slow"), (bool,)),
}


def check_field(name: object, calls: tuple[str, ...] = ()) -> None:
    """Raise `FaultError` for what is no field of a fault, nor one of `calls` where these may stand beside."""
    known = [field for field in FIELD_TYPES if field not in ("service", "operation")]
    if name not in known:
        told = f"Neither a call nor a field of a fault is {name!r}." if calls else f"A fault has no field {name!r}."
        raise FaultError(f"{told} {did_you_mean(str(name), {*calls, *known})}")


class Planned:
    """A fault on the plan, with how often it was passed and how often it struck."""

    def __init__(self, fault: Fault, seed: int) -> None:
        self.fault = fault
        self.seen = 0
        self.struck = 0
        self._chance = Random(seed if fault.seed is None else fault.seed) if fault.share < 1 else None

    def counts(self, service: str, operation: str | None, phone: str | None) -> bool:
        """Count this call if it is one that the fault is about, and say whether it is."""
        fault = self.fault
        if fault.service != service:
            return False
        wanted = operation if fault.operation is None and operation != "callback" else fault.operation
        if wanted != operation or fault.phone not in (None, phone):
            return False
        self.seen += 1
        return True

    def strikes(self) -> bool:
        """Say whether the fault strikes the call just counted."""
        fault = self.fault
        if self.seen < fault.nth or self.struck == fault.times:
            return False
        if self._chance is not None and self._chance.random() >= fault.share:
            return False
        self.struck += 1
        return True


class FaultPlan:
    """The faults of one world, in the order in which they were asked for.

    `check` raises `FaultError` for what no service of that world could do.
    """

    def __init__(self, seed: int = 0, check: Callable[[Fault], object] | None = None) -> None:
        self._seed = seed
        self._check = check
        self._planned: list[Planned] = []

    def add(self, fault: Fault) -> Fault:
        """Put `fault` on the plan and return it."""
        if self._check is not None:
            self._check(fault)
        self._planned.append(Planned(fault, self._seed + len(self._planned)))
        return fault

    def meet(self, service: str, operation: str | None, phone: str | None = None) -> Fault | None:
        """Return the first fault that strikes this call, or None; every fault about the call counts it."""
        counting = [planned for planned in self._planned if planned.counts(service, operation, phone)]
        return next((planned.fault for planned in counting if planned.strikes()), None)

    @property
    def waiting(self) -> bool:
        """Whether there is any fault on the plan at all."""
        return bool(self._planned)

    def forget(self) -> None:
        """Take every fault off the plan."""
        self._planned.clear()

    def unused(self) -> tuple[str, ...]:
        """Describe every fault that struck less often than it was asked to; a share is content with one."""
        return tuple(
            f"{planned.fault}: struck {planned.struck} of {planned.fault.times}"
            for planned in self._planned
            if planned.struck < (1 if planned.fault.share < 1 else planned.fault.times)
        )


class Fake(Protocol):
    """What the fault layer needs to know of a fake service."""

    @property
    def name(self) -> str:
        """The service's name: `twilio` or `botpenguin`."""

    def answer(self, request: Request) -> Response:
        """Answer as the healthy service would."""

    def operation(self, request: Request) -> str | None:
        """Name the operation that `request` asks for, or None where no route matches."""

    def phone(self, request: Request) -> str | None:
        """Return the number that `request` is about, in E.164, or None."""

    def refuse(self, request: Request, *, status: int | None, code: int | None) -> Response:
        """Answer as the service tells this HTTP status or error code, in its own error shape."""


def strike(fake: Fake, fault: Fault, request: Request) -> Response:
    """Answer `request` as `fake` does under `fault`; raise `NoResponseError` where no answer arrives."""
    delay_ms = fault.delay * 1000
    if fault.timeout or fault.reset:
        raise NoResponseError("timeout" if fault.timeout else "reset", elapsed_ms=delay_ms)
    response = _answer(fake, fault, request)
    if fault.lost:
        raise NoResponseError("lost", elapsed_ms=delay_ms)
    return replace(
        response,
        status=response.status if fault.status is None else fault.status,
        body=_body(fault, response.body),
        elapsed_ms=response.elapsed_ms + delay_ms + (SLOW_MS * len(response.body) if fault.slow else 0),
        slow=fault.slow,
    )


def _answer(fake: Fake, fault: Fault, request: Request) -> Response:
    if fault.code is not None or (fault.status is not None and fault.body is None):
        return fake.refuse(request, status=fault.status, code=fault.code)
    return fake.answer(request)


def _body(fault: Fault, body: bytes) -> bytes:
    if fault.body is not None:
        return fault.body.encode()
    if fault.empty:
        return b""
    if fault.huge:
        return b'{"padding": "' + b"x" * HUGE + b'"}'
    if fault.wrong_type:
        return b"[" + body + b"]"
    return body[: len(body) // 2] if fault.malformed else body
