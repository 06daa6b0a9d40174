"""How a service is asked for a code and for a check of it: addresses, bodies, the token, and where the code is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypedDict

from pytest_botpenguin_otp import botpenguin
from pytest_botpenguin_otp.errors import did_you_mean
from pytest_botpenguin_otp.machine import paths
from pytest_botpenguin_otp.stateful.promises import MachineError
from pytest_botpenguin_otp.stateful.reaching import reached, send
from pytest_botpenguin_otp.stateful.verdicts import accepted
from pytest_botpenguin_otp.twilio.accounts import DEFAULT
from pytest_botpenguin_otp.twilio.phones import NUMBER
from pytest_botpenguin_otp.wire import Request, Response
from pytest_botpenguin_otp.world import BOTPENGUIN_URL

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_botpenguin_otp.cassettes.consent import Guard
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.wire import Service

__all__ = ["SEND", "VERIFY", "Asking", "How", "Issued", "asking_of"]

SEND = {
    "accountSID": DEFAULT.sid,
    "authToken": DEFAULT.auth_token,
    "fromNumber": NUMBER,
    "toNumber": "{{phone}}",
}
"""The documented body of Send OTP."""
VERIFY = {"systemOtp": "{{system_otp}}", "userOtp": "{{user_otp}}"}
"""The documented body of Verify OTP."""
HOLE = re.compile(r"\{\{(phone|system_otp|user_otp)\}\}")
URLS = {operation: path for path, operation in botpenguin.PATHS.items()}
JSON_HEADER = ("Content-Type", "application/json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A code that was sent: `reference` is what the answer had at the code path, the code itself or what stands for it.

    `at` is in virtual seconds; `used` once it has verified.
    """

    code: str = field(repr=False)
    reference: str = field(repr=False)
    at: float = 0
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A service and how it is asked.

    In the values of `send` and `verify` these are filled in: `{{phone}}`, `{{system_otp}}` (what the answer of Send OTP
    had at the profile's code path) and `{{user_otp}}`. `code` gives the code that a phone got, where no answer tells.
    """

    service: Service = field(repr=False)
    profile: Profile
    base_url: str = BOTPENGUIN_URL
    send_path: str = URLS["send"]
    verify_path: str = URLS["verify"]
    token: str = field(default=botpenguin.TOKEN, repr=False)
    send: Mapping[str, object] = field(default_factory=lambda: dict(SEND), repr=False)
    verify: Mapping[str, object] = field(default_factory=lambda: dict(VERIFY), repr=False)
    code: Callable[[str], str] | None = field(default=None, repr=False)

    def operation(self, request: Request) -> str | None:
        """Name the operation that a request asks for."""
        return {self.base_url + self.send_path: "send", self.base_url + self.verify_path: "verify"}.get(request.url)

    def ask_send(self, phone: str, *, signed: bool = True) -> Response:
        """Ask for a code to `phone`."""
        return self.post(self.send_path, _filled(self.send, {"phone": phone}), signed=signed)

    def ask_verify(self, phone: str, reference: str, typed: str, *, signed: bool = True) -> Response:
        """Ask for a check of what was `typed`."""
        return self.post(self.verify_path, self.verify_body(phone, reference, typed), signed=signed)

    def verify_body(self, phone: str, reference: str, typed: str) -> dict[str, object]:
        """Return the body of that."""
        return _filled(self.verify, {"phone": phone, "system_otp": reference, "user_otp": typed})

    def post(self, path: str, body: object, *, signed: bool = True) -> Response:
        """Send a body, as it is where it is bytes, else as JSON."""
        headers = (("Authorization", self.token), JSON_HEADER) if signed else (JSON_HEADER,)
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer: object = self.service(Request(method="POST", url=self.base_url + path, headers=headers, body=sent))
        if isinstance(answer, Response):
            return answer
        raise MachineError(
            f"service= returned a value of type {type(answer).__name__}, and not a Response: let it return "
            "pytest_botpenguin_otp.wire.Response(status=200, body=b'...')."
        )

    def issued(self, phone: str, answer: Response, at: float = 0) -> Issued | None:
        """Return the code that an answer of Send OTP speaks of; None where it sent none.

        Raises `MachineError` where nobody knows the code.
        """
        if not accepted(self.profile, answer):
            return None
        reference = paths.at(paths.read(answer.body), self.profile.code_path)
        if self.code is not None:
            code: object = self.code(phone)
            if not isinstance(code, str):
                raise MachineError(f"code= returned a value of type {type(code).__name__}; a code is a text.")
            return Issued(code=code, reference=reference or "", at=at)
        if reference is None:
            raise MachineError(
                f"The answer of Send OTP has no code at {self.profile.code_path!r} (profile {self.profile.name}): give "
                "code=, which is called with the phone and returns the code that it got, or the profile that tells "
                "where the code is."
            )
        return Issued(code=reference, reference=reference, at=at)


def _filled(body: Mapping[str, object], holes: Mapping[str, str]) -> dict[str, object]:
    def fill(value: object) -> object:
        if isinstance(value, str):
            return HOLE.sub(lambda found: holes.get(found[1], ""), value)
        if isinstance(value, list | tuple):
            return [fill(one) for one in value]
        return _filled(value, holes) if isinstance(value, Mapping) else value

    return {name: fill(value) for name, value in body.items()}


class How(TypedDict, total=False):
    """What a user may say about how a service is asked: fields of `Asking`, and the guard of live calls."""

    base_url: str
    send_path: str
    verify_path: str
    token: str
    send: Mapping[str, object]
    verify: Mapping[str, object]
    code: Callable[[str], str]
    guard: Guard


def asking_of(service: Service | None, url: str | None, profile: Profile, how: How) -> Asking:
    """Return how a `service`, or the one at `url`, is asked.

    Raises `MachineError` for a name that `How` has not, `ConsentError` where a live call lacks a consent.
    """
    for name in how:
        if name not in How.__annotations__:
            raise MachineError(f"A service is not asked by {name!r}. {did_you_mean(name, How.__annotations__)}")
    asking = Asking(
        service=service or send,
        profile=profile,
        base_url=(url or how.get("base_url", BOTPENGUIN_URL)).rstrip("/"),
        send_path=how.get("send_path", URLS["send"]),
        verify_path=how.get("verify_path", URLS["verify"]),
        token=how.get("token", botpenguin.TOKEN),
        send=how.get("send", SEND),
        verify=how.get("verify", VERIFY),
        code=how.get("code"),
    )
    if url is None:
        return asking
    return replace(asking, service=reached(asking.base_url, how.get("guard"), asking.operation))
