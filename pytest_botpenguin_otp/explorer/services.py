"""What a service does with a call: asked of the fakes themselves, each time in a world of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.errors import NoResponseError
from pytest_botpenguin_otp.explorer.codes import number
from pytest_botpenguin_otp.journal import Served
from pytest_botpenguin_otp.machine import Secrets
from pytest_botpenguin_otp.wire import Request
from pytest_botpenguin_otp.world import BOTPENGUIN_URL, World

if TYPE_CHECKING:
    from pytest_botpenguin_otp.faults import Fault
    from pytest_botpenguin_otp.machine import Call, Machine
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.wire import Response

__all__ = ["PATHS", "Reply", "Services", "ready", "stream"]

PATHS = {
    "send": f"{BOTPENGUIN_URL}/integrations/custom-feature/send-otp-sms",
    "verify": f"{BOTPENGUIN_URL}/integrations/custom-feature/verify-user-otp",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a service did with a call, and what the bot is told of it.

    `status` and `body`, or `silence`, reach the bot after `elapsed_ms`. `code` is the code of an SMS that left, `to`
    its number; `yes` says that a verify call compared its codes and found them the same, or that an own backend says
    that it sent one; `no` that it found them different, and `reached` that Twilio was asked to send. All of this is so
    whatever the bot is told.
    """

    status: int | None = None
    body: bytes = field(default=b"", repr=False)
    silence: str | None = None
    elapsed_ms: int = 0
    code: str | None = field(default=None, repr=False)
    to: str = field(default="", repr=False)
    yes: bool = False
    no: bool = False
    reached: bool = False

    def with_code(self, code: str, *, as_number: bool) -> Reply:
        """Return the same with another code in place of this one."""
        if self.code is None:
            return self
        old, new = self.code, number(code) if as_number else code
        return replace(self, code=code, body=self.body.replace(old.encode(), new.encode()))


def ready(machine: Machine) -> Machine:
    """Return the machine with the secrets by which the fakes know their clients."""
    by_field = World(machine.profile).secrets.by_field
    return replace(machine, secrets=Secrets(by_field, machine.secrets.by_name))


def stream(profile: Profile, seed: int, count: int) -> list[str]:
    """Return the first codes that a world of this profile and seed gives."""
    world = World(profile, seed)
    for _ in range(count):
        world(_sending(world))
    return [sent.code for sent in world.botpenguin.sent]


def _sending(world: World) -> Request:
    fields = world.secrets.by_field
    body = {
        "accountSID": fields["accountSID"],
        "authToken": fields["authToken"],
        "fromNumber": world.twilio.number,
        "toNumber": "+14155550123",
    }
    scheme = "Bearer " if world.profile.authorization == "bearer" else ""
    headers = (("Authorization", f"{scheme}{fields['authorization']}"), ("Content-Type", "application/json"))
    return Request(method="POST", url=PATHS["send"], headers=headers, body=json.dumps(body).encode())


class Services:
    """Answers calls under one profile; what a fake said once to a request, it is not asked again."""

    def __init__(self, profile: Profile, senders: tuple[str, ...] = ()) -> None:
        self._profile = profile
        self._senders = senders
        self._seed = next(seed for seed in range(1000) if stream(profile, seed, 1)[0][0] != "0")
        self._asked: dict[tuple[Request, Fault | None], Reply] = {}

    def reply(self, call: Call, fault: Fault | None) -> Reply:
        """Return what is done with `call` under `fault`; a code in it is the fake's own, to be replaced."""
        request = replace(call.request, url=PATHS[call.role or ""])
        key = (request, fault)
        known = self._asked.get(key)
        if known is None:
            known = self._asked[key] = self._ask(request, fault)
        return known

    def _ask(self, request: Request, fault: Fault | None) -> Reply:
        world = World(self._profile, self._seed)
        world.twilio.own(*self._senders)
        if fault is not None:
            world.faults.add(fault)
        response, silence, elapsed_ms = self._answer(world, request)
        sent, verified = world.botpenguin.sent, world.botpenguin.verified
        served = [event for event in world.journal.plain if isinstance(event, Served) and event.service == "twilio"]
        judged = request.url == PATHS["verify"] and fault is None and response is not None
        mismatch = judged and not verified and self._is_mismatch(response)
        return Reply(
            status=None if response is None else response.status,
            body=b"" if response is None else response.body,
            silence=silence,
            elapsed_ms=elapsed_ms,
            code=sent[-1].code if sent else None,
            to=sent[-1].to if sent else "",
            yes=bool(verified),
            no=mismatch,
            reached=bool(served),
        )

    def _is_mismatch(self, response: Response | None) -> bool:
        told = self._profile.verify_mismatch
        return response is not None and response.body == told.render(message="OTP does not match")

    def _answer(self, world: World, request: Request) -> tuple[Response | None, str | None, int]:
        """Return an answer as the runner takes it: too late is a timeout, and that takes its time."""
        limit_ms = self._profile.timeout_s * 1000
        try:
            response = world.answer(request)
        except NoResponseError as error:
            return None, error.kind, error.elapsed_ms if error.kind == "reset" else limit_ms
        if response.elapsed_ms > limit_ms:
            return None, "timeout", limit_ms
        return response, None, response.elapsed_ms
