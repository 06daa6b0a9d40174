"""The fake BotPenguin OTP service: two endpoints, and every undocumented answer taken from a profile."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.discretion import Discreet
from pytest_botpenguin_otp.errors import FaultError, NoResponseError, nothing_matches
from pytest_botpenguin_otp.faults import Fault
from pytest_botpenguin_otp.frozen import quick
from pytest_botpenguin_otp.values import Masked
from pytest_botpenguin_otp.wire import JSON, Request, Response, address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_botpenguin_otp.clock import Clock
    from pytest_botpenguin_otp.faults import FaultPlan
    from pytest_botpenguin_otp.profile import Answer, Profile
    from pytest_botpenguin_otp.wire import Service

__all__ = ["HOST", "MAGIC_CODES", "TOKEN", "FakeBotPenguin", "Sent", "Verified"]

HOST = "api.v7.botpenguin.com"
TOKEN = "fake-botpenguin-token"  # noqa: S105  # visibly no real one
TWILIO = "https://api.twilio.com/2010-04-01/Accounts/{sid}/Messages.json"
PATHS = {
    "/integrations/custom-feature/send-otp-sms": "send",
    "/integrations/custom-feature/verify-user-otp": "verify",
}
CREATED = 201
MAGIC_CODES = frozenset(
    ["0000", "1234", "000000", "111111", "123123", "123456", "654321", "424242", "999999", "12345678", "00000000"]
)
"""Codes that careless services accept; none of them is ever sent."""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Discreet):
    """A code on its way; the `repr` shows neither code nor number. `to` is as the request gave it."""

    now_ms: int
    to: str = field(repr=False)
    code: str = field(repr=False)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Verified(Discreet):
    """A verify call that was answered with yes."""

    now_ms: int
    code: str = field(repr=False)


class FakeBotPenguin:
    """Answers `send-otp-sms` and `verify-user-otp` as `profile` says; sends the SMS by calling Twilio over `wire`.

    The requests are documented (help.botpenguin.com, 'Chatbot User Authentication'); no answer is. The service keeps
    no state between the two calls, since the documented verify request names no chat, phone or time. A body of another
    Content-Type than JSON gets 400, and one without that header is taken: both assumed, the guide only has JSON.
    """

    name = "botpenguin"

    def __init__(self, *, profile: Profile, wire: Service, clock: Clock, seed: int, faults: FaultPlan) -> None:
        self.profile = profile
        self.token: str = Masked(TOKEN)
        self._wire = wire
        self._clock = clock
        self._seed = seed
        self._random: Random | None = None
        self._faults = faults
        self._routes = {HOST + path: operation for path, operation in PATHS.items()}
        self._sent: list[Sent] = []
        self._verified: list[Verified] = []

    @property
    def sent(self) -> tuple[Sent, ...]:
        """Every code that Twilio accepted, oldest first."""
        return tuple(replace(sent, to=Masked(sent.to), code=Masked(sent.code)) for sent in self._sent)

    @property
    def verified(self) -> tuple[Verified, ...]:
        """Every verify call that was answered with yes, oldest first."""
        return tuple(replace(verified, code=Masked(verified.code)) for verified in self._verified)

    @property
    def routes(self) -> Mapping[str, str]:
        """Which operation is served where: `host/path` to `send` or `verify`."""
        return MappingProxyType(self._routes)

    def serve(self, url: str, operation: str) -> None:
        """Answer `operation` at `url` too: a white-label host, or an own backend of the same shape."""
        _, host, path, _ = address(url)
        self._routes[host + path] = operation

    def fail(self, **faults: object) -> None:
        """Plan faults: `fail(send=500)`, `fail(verify={"timeout": True, "nth": 2})`.

        A number is an HTTP status; a mapping holds fields of `Fault`. Raises `FaultError` for what cannot be done.
        """
        for operation in faults:
            if operation in Fault.__dataclass_fields__:
                raise FaultError(f"Of which call? A field goes with its call: fail(verify={{{operation!r}: ...}}).")
        for fault in [Fault.of(self.name, operation, told) for operation, told in faults.items()]:
            self._faults.add(fault)

    def operation(self, request: Request) -> str | None:
        """Name the endpoint, or None where there is none."""
        _, host, path, _ = address(request.url)
        return self._routes.get(host + path) if request.method == "POST" else None

    def unmatched(self, request: Request) -> str | None:
        """Say why no route is there for `request`, or None where one is."""
        if self.operation(request) is not None:
            return None
        here = {
            ("POST", f"/{path}"): operation
            for host, _, path in (key.partition("/") for key in self._routes)
            for operation in [self._routes[f"{host}/{path}"]]
            if host == request.host
        }
        found = request.host + request.path in self._routes
        told = nothing_matches(request.method, request.path, here)
        return told if found else f"Nothing is at {request.path}. {told}"

    def phone(self, request: Request) -> str | None:
        """Return `toNumber` of a send request."""
        body = _json(request)
        number = body.get("toNumber") if isinstance(body, dict) else None
        return number if isinstance(number, str) else None

    def refuse(self, request: Request, *, status: int | None, code: int | None) -> Response:
        """Answer as the profile tells an error; a Twilio code is one that Twilio is said to have given."""
        if code is not None:
            return self._error(self.profile.send_refused, f"Twilio error {code}", status)
        operation = self.operation(request) or "request"
        return self._error(self.profile.bad_request, f"{operation} failed", status)

    def __call__(self, request: Request) -> Response:
        """Answer as the healthy service: path first, then the headers, then the body."""
        return self.answer(request.plain()).shown()

    def answer(self, request: Request) -> Response:
        """Answer the same, for whatever shows no answer: nothing in it is masked."""
        operation = self.operation(request)
        if operation is None:
            return self._error(self.profile.not_found, self.unmatched(request) or "")
        refused = self._unauthorized(request)
        if refused is not None:
            return self._error(self.profile.unauthorized, refused)
        if request.body and not _is_json(request.header("content-type", "")):
            return self._error(self.profile.bad_request, "The Content-Type header is to be application/json.")
        body = _json(request)
        faults = contracts.check(f"botpenguin/{operation}-request", body)
        if faults or not isinstance(body, dict):
            return self._error(self.profile.bad_request, "; ".join(str(fault) for fault in faults))
        return self._send(body) if operation == "send" else self._verify(body)

    def _unauthorized(self, request: Request) -> str | None:
        given = request.header("authorization")
        if given is None or not given.strip():
            return "The Authorization header is missing."
        scheme, blank, rest = given.partition(" ")
        bearer = bool(blank) and scheme.lower() == "bearer"
        if (self.profile.authorization == "bare" and bearer) or (self.profile.authorization == "bearer" and not bearer):
            return f"The Authorization header is to be of the form: {self.profile.authorization}."
        token = rest.strip() if bearer else given.strip()
        return None if token == self.token else "The Authorization header holds no known token."

    def _send(self, body: Mapping[str, str]) -> Response:
        code = self._fresh_code()
        message = self.profile.sms_text.replace("{code}", code)
        try:
            answer = self._wire(_create(body, message))
        except NoResponseError as error:
            return self._error(self.profile.send_refused, "Twilio did not answer.", elapsed_ms=error.elapsed_ms)
        if answer.status != CREATED:
            return self._error(self.profile.send_refused, _twilio_says(answer), elapsed_ms=answer.elapsed_ms)
        self._sent.append(Sent(now_ms=self._clock.now_ms, to=body["toNumber"], code=code))
        number = self.profile.code_type == "number"
        told = self.profile.send_ok.render(code=code, number=number, message="OTP sent successfully")
        return Response(status=self.profile.send_ok.status, headers=(JSON,), body=told, elapsed_ms=answer.elapsed_ms)

    def _verify(self, body: Mapping[str, str]) -> Response:
        if not _same(body["systemOtp"], body["userOtp"], self.profile.comparison):
            return self._error(self.profile.verify_mismatch, "OTP does not match")
        self._verified.append(Verified(now_ms=self._clock.now_ms, code=body["userOtp"]))
        answer = self.profile.verify_ok
        return Response(status=answer.status, headers=(JSON,), body=answer.render(message="OTP verified"))

    def _error(self, answer: Answer, message: str, status: int | None = None, *, elapsed_ms: int = 0) -> Response:
        told = answer if status is None else type(answer)(status, answer.body)
        return Response(status=told.status, headers=(JSON,), body=told.render(message=message), elapsed_ms=elapsed_ms)

    def _fresh_code(self) -> str:
        if self._random is None:
            self._random = Random(self._seed)
        length = self.profile.code_length
        while True:
            code = f"{self._random.randrange(10**length):0{length}d}"
            if code not in MAGIC_CODES and all(code != sent.code for sent in self._sent[-8:]):
                return code


@lru_cache(maxsize=256)
def _is_json(content_type: str | None) -> bool:
    media = (content_type or "").partition(";")[0].strip().lower()
    return media in ("", "application/json") or (media.startswith("application/") and media.endswith("+json"))


def _json(request: Request) -> object:
    try:
        return request.json()
    except (ValueError, RecursionError):
        return None


_quoted = lru_cache(maxsize=1024)(quote_plus)


def _create(body: Mapping[str, str], message: str) -> Request:
    credentials = b64encode(f"{body['accountSID']}:{body['authToken']}".encode()).decode()
    form = f"To={_quoted(body['toNumber'])}&From={_quoted(body['fromNumber'])}&Body={quote_plus(message)}"
    return Request(
        method="POST",
        url=TWILIO.format(sid=body["accountSID"]),
        headers=(
            ("Authorization", f"Basic {credentials}"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ),
        body=form.encode(),
    )


def _twilio_says(answer: Response) -> str:
    try:
        told = answer.json()
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or "code" not in told:
        return f"Twilio answered {answer.status} without a code."
    return f"Twilio error {told['code']}: {told.get('message', '')}"


def _same(system: str, user: str, comparison: str) -> bool:
    if comparison == "number":
        return system.isdecimal() and user.isdecimal() and system.lstrip("0") == user.lstrip("0")
    return system == user and (bool(system) or comparison == "any-text")
