"""One test's clock, journal, faults, fakes and handsets, wired; nothing is shared between two worlds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from re import sub
from typing import TYPE_CHECKING, Protocol

from pytest_botpenguin_otp import botpenguin, contracts
from pytest_botpenguin_otp import profile as profiles
from pytest_botpenguin_otp.botpenguin import FakeBotPenguin
from pytest_botpenguin_otp.chat import USER
from pytest_botpenguin_otp.clock import Clock
from pytest_botpenguin_otp.errors import (
    ArgumentError,
    NoResponseError,
    UnmatchedRequestError,
    check_callable,
    check_type,
    nothing_matches,
)
from pytest_botpenguin_otp.faults import Fake, FaultPlan, strike
from pytest_botpenguin_otp.journal import Breach, Failed, Journal, Served
from pytest_botpenguin_otp.machine import Secrets
from pytest_botpenguin_otp.profile import Profile
from pytest_botpenguin_otp.twilio import FakeTwilio, Handset
from pytest_botpenguin_otp.twilio.errors import check_code
from pytest_botpenguin_otp.twilio.routes import ROUTES, SHAPES
from pytest_botpenguin_otp.wire import Request, address, read_json

if TYPE_CHECKING:
    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.wire import Response, Service

__all__ = ["BOTPENGUIN_URL", "TWILIO_URL", "USER", "World"]

BOTPENGUIN_URL = f"https://{botpenguin.HOST}"
TWILIO_HOST = "api.twilio.com"
TWILIO_URL = f"https://{TWILIO_HOST}"
ERROR = 400
USUAL_BODY = 2000

Answers = tuple[Mapping[str, str], str | None]
"""Which contract a success keeps, by operation, and which an error."""

TWILIO_ANSWERS: Answers = (
    {
        "create": "twilio/message",
        "fetch": "twilio/message",
        "update": "twilio/message",
        "list": "twilio/message-page",
    },
    "twilio/error",
)
SUCCESS = {"send": "botpenguin/send-response", "verify": "botpenguin/verify-response"}
STATUS = {"send": "botpenguin/status-send-response", "verify": "botpenguin/status-verify-response"}
NUMBER = SUCCESS | {"send": "botpenguin/send-response-number"}
BY_PROFILE: dict[str, Answers] = {
    "mismatch-400": (SUCCESS, "botpenguin/error-response"),
    "mismatch-200": (SUCCESS, "botpenguin/error-response"),
    "numeric-code": (NUMBER, "botpenguin/error-response"),
    "pessimist": (SUCCESS, "botpenguin/error-response"),
    "status-envelope": (STATUS, "botpenguin/status-error-response"),
}
"""Which contract an answer of the fake BotPenguin keeps: by operation when it is a success, else the error's."""


class _Fake(Fake, Protocol):
    def unmatched(self, request: Request) -> str | None:
        """Say why no route is there for `request`, or None where one is."""


class _Door:
    """A fake behind its faults: journals what it does, and holds its healthy answers against their contracts.

    It knows no world, so that a world is no reference cycle and goes away as soon as its test does.
    """

    __slots__ = ("_clock", "_errors", "_fake", "_faults", "_journal", "_successes")

    def __init__(self, fake: _Fake, clock: Clock, journal: Journal, faults: FaultPlan, answers: Answers) -> None:
        self._fake = fake
        self._clock = clock
        self._journal = journal
        self._faults = faults
        self._successes, self._errors = answers

    def __call__(self, request: Request) -> Response:
        fake = self._fake
        operation = fake.operation(request)
        fault = self._faults.meet(fake.name, operation, fake.phone(request)) if self._faults.waiting else None
        response = None
        try:
            response = fake.answer(request) if fault is None else strike(fake, fault, request)
        finally:
            self._journal.append(
                Served(
                    now_ms=self._clock.now_ms,
                    service=fake.name,
                    operation=operation,
                    request=request,
                    response=response,
                    fault=None if fault is None else str(fault),
                    unmatched=fake.unmatched(request) if operation is None else None,
                )
            )
        if fault is None:
            self._check(operation, response)
        return response

    def _check(self, operation: str | None, response: Response) -> None:
        contract = self._errors if response.status >= ERROR else self._successes.get(operation or "")
        if contract is None:
            return
        tell = _known_faults if len(response.body) <= USUAL_BODY else _faults
        told = tell(contract, response.body)
        if told:
            self._journal.append(Breach(now_ms=self._clock.now_ms, contract=contract, by="fake", faults=told))


def _faults(contract: str, body: bytes) -> tuple[str, ...]:
    """Tell what breaks `contract` in a fake's answer."""
    return tuple([str(fault) for fault in contracts.check(contract, read_json(body))])


_known_faults = lru_cache(maxsize=256)(_faults)
"""The same; since a seed gives every test the same bytes, most of them have been looked at before."""


class _Mounted:
    """What else answers, by the beginning of its URLs."""

    __slots__ = ("_clock", "_journal", "endpoints", "services")

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self.endpoints: Mapping[str, str] = {}
        self.services: dict[str, Service] = {}

    def __call__(self, request: Request) -> Response:
        for base, service in self.services.items():
            if request.url.startswith(base) and request.url[len(base) : len(base) + 1] in ("", "/", "?", "#"):
                return service(request.shown())
        nearest = self._nearest(request)
        self._journal.append(
            Served(now_ms=self._clock.now_ms, service=request.host, operation=None, request=request, unmatched=nearest)
        )
        raise UnmatchedRequestError(self._nothing_at(request, nearest))

    def deliver(self, request: Request) -> Response:
        """Deliver a status callback; where nothing is mounted for its URL, the connection fails, and no test does."""
        try:
            return self(request)
        except UnmatchedRequestError as error:
            raise NoResponseError("reset") from error

    def _nearest(self, request: Request) -> str:
        mounted = {(request.method, f"{base.rstrip('/')}/..."): "service" for base in self.services}
        routes = {
            **{(method, TWILIO_URL + path): operation for (method, path), operation in ROUTES.items()},
            **{("POST", f"https://{place}"): operation for place, operation in self.endpoints.items()},
            **mounted,
        }
        asked = sub("//[^/@]*@", "//", request.url.partition("?")[0])  # neither password nor parameters
        known = ", ".join(sorted([TWILIO_URL, BOTPENGUIN_URL, *self.services]))
        return f"{nothing_matches(request.method, asked, routes, SHAPES)} Known: {known}."

    def _nothing_at(self, request: Request, nearest: str) -> str:
        wanted = f"{request.address.scheme}://{request.host}{request.path}"
        return (
            f"Nothing here answers {request.method} {wanted}. {nearest} "
            "Give the api a role (send or verify) if it is one of the two, or mount a service: "
            f"otp_world.mount({wanted!r}, service)."
        )


class World:
    """Everything that one test needs, and itself the service that answers for all of it.

    Calling a world with a `Request` gives the `Response` of whichever fake the request is for. A request for a host
    that nothing here answers for raises `UnmatchedRequestError`; one that meets a fault may raise `NoResponseError`.
    """

    def __init__(self, profile: Profile = profiles.PROFILES[profiles.DEFAULT], seed: int = 0) -> None:
        check_type("World(profile)", profile, Profile, "a profile, such as pytest_botpenguin_otp.profile.find(NAME)")
        check_type("World(seed=...)", seed, int, "a whole number")
        self.profile = profile
        self.seed = seed
        self.clock = Clock()
        self.journal = Journal()
        self.faults = FaultPlan(seed, check_code)
        self._elsewhere = _Mounted(self.clock, self.journal)
        self.twilio = FakeTwilio(
            clock=self.clock, journal=self.journal, seed=seed, faults=self.faults, callback=self._elsewhere.deliver
        )
        self._twilio = self._door(self.twilio, TWILIO_ANSWERS)
        self.botpenguin = FakeBotPenguin(
            profile=profile, wire=self._twilio, clock=self.clock, seed=seed, faults=self.faults
        )
        self._elsewhere.endpoints = self.botpenguin.routes
        self._botpenguin = self._door(self.botpenguin, BY_PROFILE.get(profile.name, ({}, None)))
        self._handsets: dict[str, Handset] = {}
        self._owners: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"<World under {self.profile.name}, seed {self.seed}, {len(self.journal)} events>"

    def __call__(self, request: Request) -> Response:
        """Answer with the fake, or the mounted service, that `request` is for."""
        return self.answer(request.plain()).shown()

    def answer(self, request: Request) -> Response:
        """Answer the same, for whatever shows no answer: nothing in it is masked."""
        _, host, path, _ = address(request.url)
        if host == TWILIO_HOST:
            return self._twilio(request)
        if host == botpenguin.HOST or host + path in self.botpenguin.routes:
            return self._botpenguin(request)
        return self._elsewhere(request)

    def mount(self, base_url: str, service: Service) -> None:
        """Let `service` answer every request whose URL begins with `base_url`: a CRM, a status callback, a backend."""
        check_type("mount(base_url, service)", base_url, str, "the beginning of a URL")
        check_callable("mount(base_url, service)", service, "a function from Request to Response")
        scheme, host, _, _ = address(base_url)
        if scheme not in ("http", "https") or not host:
            raise ArgumentError(f"{base_url!r} begins no URL: mount('https://crm.example.test/api', service).")
        if host in (TWILIO_HOST, botpenguin.HOST):
            raise ArgumentError(f"{host} is answered by its fake already, so nothing can be mounted there.")
        self._elsewhere.services[base_url.rstrip("/")] = service

    def serve(self, bot: Bot) -> None:
        """Let the bot run here: its send and verify APIs are answered at their own URLs too, where these are fixed.

        The fake account owns the numbers that the bot sends from, as the real one does.
        """
        self.twilio.own(*bot.senders)
        for url, role in bot.served:
            self.botpenguin.serve(url, role)

    @property
    def secrets(self) -> Secrets:
        """What `${NAME}` stands for in a bot that runs here: the fakes' own credentials, by the field."""
        return Secrets(
            {
                "accountSID": self.twilio.account_sid,
                "authToken": self.twilio.auth_token,
                "authorization": self.botpenguin.token,
                "fromNumber": self.twilio.number,
            }
        )

    def handset(self, contact: str = USER) -> Handset:
        """Return a contact's phone; until it has typed a number, the first contact's shows every message."""
        if contact not in self._handsets:
            check_type("handset(contact)", contact, str, "the name of a contact")
            if contact.startswith("+"):
                raise ArgumentError(
                    "handset(contact) wants a name; fake_twilio.to(number) tells what reached a number."
                )
            self._handsets[contact] = Handset(self.twilio, None if contact == USER else frozenset())
        return self._handsets[contact]

    def claim(self, contact: str, number: str) -> None:
        """Note that `contact` typed `number` (E.164) as its own: the first to type a number has its handset."""
        if self._owners.setdefault(number, contact) == contact:
            self.handset(contact).add(number)

    def failures(self, *, unused_faults: bool = True) -> tuple[str, ...]:
        """Tell, in sentences, why this run is no success whatever the chat said: breaches, faults that never struck.

        Breaches of other clients are told to them by the service itself and do not count.
        """
        breaches = [
            f"{'The flow' if event.by == 'flow' else 'A fake'} broke the contract {event.contract}: {fault}"
            for event in self.journal.of(Breach)
            if event.by != "client"
            for fault in event.faults
        ]
        unused = (
            [f"A fault never struck as planned: {fault}" for fault in self.faults.unused()] if unused_faults else []
        )
        return (*breaches, *unused)

    def failed(self, expectation: str) -> None:
        """Note an expectation that did not hold, for the transcript."""
        self.journal.append(Failed(now_ms=self.clock.now_ms, expectation=expectation))

    def _door(self, fake: _Fake, answers: Answers) -> _Door:
        return _Door(fake, self.clock, self.journal, self.faults, answers)
