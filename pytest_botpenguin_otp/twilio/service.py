"""The fake Twilio itself: Messages behind the same doors, answers and refusals as the real one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.faults import OPERATIONS, Fault, check_field
from pytest_botpenguin_otp.twilio.accounts import DEFAULT, Account, ApiKey, Directory, MessagingService, Trial
from pytest_botpenguin_otp.twilio.callbacks import Callbacks, Posted, check_fault
from pytest_botpenguin_otp.twilio.errors import ERRORS, LATER, TwilioError, by_status, check_code, known_error
from pytest_botpenguin_otp.twilio.limits import RateLimit
from pytest_botpenguin_otp.twilio.listing import list_page, media_page, read_wanted
from pytest_botpenguin_otp.twilio.messages import Message, as_json
from pytest_botpenguin_otp.twilio.outbox import Outbox
from pytest_botpenguin_otp.twilio.params import form_of
from pytest_botpenguin_otp.twilio.phones import NUMBER, normalise
from pytest_botpenguin_otp.twilio.replies import error_reply, reply, unsupported
from pytest_botpenguin_otp.twilio.routes import METHODS, Route, explain, read_path
from pytest_botpenguin_otp.twilio.validation import Draft, check
from pytest_botpenguin_otp.values import Masked
from pytest_botpenguin_otp.wire import Request, Response

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pytest_botpenguin_otp.clock import Clock
    from pytest_botpenguin_otp.faults import FaultPlan
    from pytest_botpenguin_otp.journal import Journal
    from pytest_botpenguin_otp.wire import Service

__all__ = ["FakeTwilio"]


class FakeTwilio:
    """Twilio's Messages API as a function from `Request` to `Response`, with one account that owns `number`.

    It answers by path, for whatever host; time comes from `clock`, sids from `seed`. Of `faults` it asks those of
    callbacks only; the rest is for the layer around it. `callback` answers status callbacks; without it none is sent.
    """

    name = "twilio"

    def __init__(
        self, *, clock: Clock, journal: Journal, seed: int, faults: FaultPlan, callback: Service | None = None
    ) -> None:
        self._clock = clock
        self._faults = faults
        self._directory = Directory()
        self._limit = RateLimit()
        self._requests = count(1)
        self._callbacks = None if callback is None else self._telling(callback)
        self._outbox = Outbox(clock=clock, journal=journal, seed=seed, callbacks=self._callbacks)
        self._store = self._outbox.store

    def __repr__(self) -> str:
        return f"<FakeTwilio, {len(self._store)} messages>"

    # What a test looks at.

    @property
    def account_sid(self) -> str:
        """The sid of the default account."""
        return Masked(DEFAULT.sid)

    @property
    def auth_token(self) -> str:
        """The auth token of the default account; visibly fake."""
        return Masked(DEFAULT.auth_token)

    @property
    def number(self) -> str:
        """The number that the default account sends from, in E.164."""
        return Masked(NUMBER)

    @property
    def messages(self) -> tuple[Message, ...]:
        """Every message that somebody had sent and nobody deleted, oldest first, each as it is now."""
        return tuple(message.shown() for message in self._outbound(None))

    @property
    def posted(self) -> tuple[Posted, ...]:
        """Every attempt at a status callback, oldest first."""
        return () if self._callbacks is None else tuple(self._callbacks.posted)

    def to(self, number: str) -> tuple[Message, ...]:
        """Return the messages to a number, in any spelling, oldest first, each as it is now."""
        return tuple(message.shown() for message in self._outbound(frozenset({normalise(number)})))

    def arrivals(self, numbers: Collection[str] | None) -> Iterator[Message]:
        """Yield what reached the handsets of `numbers` in E.164 (None: all), newest first, each as it was then."""
        return self._store.arrivals(numbers)

    def arrived_at(self) -> Collection[str]:
        """Return the numbers, in E.164, whose handsets got anything."""
        return tuple(map(Masked, self._store.arrived_at()))

    def undelivered(self, numbers: Collection[str] | None) -> tuple[Message, ...]:
        """Return the messages to `numbers` in E.164 (None: to anyone) that have not reached a handset."""
        away = ("scheduled", "canceled")
        return tuple(message for message in self._outbound(numbers) if message.failure or message.status in away)

    # What a test sets up.

    def fail(self, operation: str | int = "create", code: int | None = None, **fields: object) -> tuple[Fault, ...]:
        """Plan a fault, for the next matching call unless `fields` of `Fault` say otherwise; return what was planned.

        `fail(21211)` meets the next create; `fail(create=21211, fetch={"timeout": True})` names operations, and
        `fail(callback="late")` what becomes of a callback. A number below 1000 is an HTTP status, else Twilio's code.
        Raise `FaultError` for what no Twilio could do.
        """
        if isinstance(operation, int):
            code = operation
            operation = "create"
        named = {name: fields.pop(name) for name in OPERATIONS[self.name] if name in fields}
        if operation == "callback" and "callback" in named:
            fields["callback"] = named.pop("callback")
        if code is not None or not named:
            named = {operation: {} if code is None else code, **named}
        planned = [_fault(name, value, fields) for name, value in named.items()]
        return tuple(map(self._faults.add, planned))

    def own(self, *numbers: str) -> None:
        """Give the default account more numbers to send from."""
        self._directory.own(self._default, *numbers)

    def add_account(self, *numbers: str) -> Account:
        """Open another account with these numbers."""
        return self._directory.open(numbers).shown()

    def add_test_account(self) -> Account:
        """Open test credentials: they send nothing, keep nothing, and do nothing but create messages."""
        return self._directory.open(test=True).shown()

    def add_api_key(self) -> ApiKey:
        """Add an API key of the default account."""
        return self._directory.add_key(self._default).shown()

    def add_messaging_service(self, *numbers: str, status_callback: str | None = None) -> MessagingService:
        """Add a Messaging Service of the default account with a pool of numbers."""
        return self._directory.add_service(self._default, numbers, status_callback).shown()

    def make_trial(self, *verified: str, daily: int | None = None) -> None:
        """Make the default account a trial account that may send to `verified` only, at most `daily` a day."""
        trial = Trial(verified=frozenset(map(normalise, verified)), daily=daily)
        self._directory.change(replace(self._default, trial=trial))

    def limit(self, requests: int | None, *, per_seconds: int = 1) -> None:
        """Answer what goes beyond so many requests per virtual seconds with Twilio error 20429; None: no limit."""
        self._limit = RateLimit(requests, per_ms=per_seconds * 1000)

    def receive(self, from_: str, to: str, body: str) -> Message:
        """Let a user send an SMS to one of our numbers; STOP and its like opt them out, START opts them in again."""
        owner = self._directory.owners.get(normalise(to), DEFAULT.sid)
        return self._outbox.receive(owner, from_=from_, to=to, body=body).shown()

    def __call__(self, request: Request) -> Response:
        """Answer as the healthy Twilio would."""
        return self.answer(request.plain()).shown()

    def answer(self, request: Request) -> Response:
        """Answer the same, for whatever shows no answer: nothing in it is masked."""
        return self._answer(request, None)

    def operation(self, request: Request) -> str | None:
        """Name what `request` asks for: create, fetch, list, update, delete, or None."""
        operation = METHODS.get(read_path(request.path).kind, {}).get(request.method)
        return operation if operation in OPERATIONS[self.name] else None

    def unmatched(self, request: Request) -> str | None:
        """Say why no route is there for `request`, or None where one is."""
        route = read_path(request.path)
        if route.kind == "format" or request.method in METHODS.get(route.kind, {}):
            return None
        return explain(request.method, request.path)

    def phone(self, request: Request) -> str | None:
        """Return the recipient of a message to be created, in E.164."""
        if self.operation(request) != "create":
            return None
        return normalise(dict(form_of(request)).get("To", "")) or None

    def refuse(self, request: Request, *, status: int | None, code: int | None) -> Response:
        """Answer with an error in Twilio's own shape; a code from 30001 to 30499 takes the message and fails it later.

        Raise `FaultError` for a code that this fake has no text for, unless `status` says its HTTP status.
        """
        if code in LATER:
            return self._answer(request, code)
        if code is None:
            return self._error(request, by_status(status or 500), status=status)
        error = known_error(code, status)
        return self._error(request, error, values=self._draft(request, self._default).values(), status=status)

    def _answer(self, request: Request, failure: int | None) -> Response:
        route = read_path(request.path)
        account = self._caller(request, route)
        if isinstance(account, Response):
            return account
        operation = METHODS[route.kind].get(request.method, "")
        code = self._barred(account, operation)
        if code is not None:
            return self._error(request, code) if operation else self._no_route(request, code)
        if operation == "create":
            return self._create(request, account, failure)
        if operation == "list":
            return self._list(request, account)
        return self._one(request, route, operation)

    def _caller(self, request: Request, route: Route) -> Account | Response:
        """Return who asks; the path is looked at before the credentials, as Twilio does."""
        if route.kind == "nothing":
            return self._no_route(request, 20404)
        if route.kind == "format":
            return self._unsupported("answers in JSON only: put .json behind the path. Twilio would answer XML or CSV.")
        account = self._directory.authenticate(request, route.account_sid)
        if isinstance(account, str):
            return self._error(request, ERRORS[20003]._replace(text=account))
        return account

    def _barred(self, account: Account, operation: str) -> int | None:
        if account.test and operation != "create":
            return 20008
        if not operation:
            return 20004
        return None if self._limit.admits(self._clock.now_ms) else 20429

    def _create(self, request: Request, account: Account, failure: int | None) -> Response:
        draft = self._draft(request, account)
        if draft.to.startswith(("whatsapp:", "messenger:")):
            return self._unsupported("sends SMS and MMS only, no other channel.")
        if "ContentSid" in draft.params:
            return self._unsupported("knows no Content templates: send a Body.")
        code = check(draft)
        if code is not None:
            return self._error(request, code, values=draft.values())
        message = self._outbox.create(draft, failure)
        return reply(201, as_json(message, created=True), request_id=f"RQ{message.sid[2:]}")

    def _list(self, request: Request, account: Account) -> Response:
        try:
            wanted = read_wanted(account.sid, request.params())
        except ValueError:
            return self._error(request, by_status(400))
        return self._reply(200, list_page(self._store, wanted, self._clock.now_ms))

    def _one(self, request: Request, route: Route, operation: str) -> Response:
        message = self._store.get(route.sid)
        if message is None or message.account_sid != route.account_sid:
            return self._error(request, 20404)
        if operation == "media":
            return self._reply(200, media_page(message.account_sid, message.sid))
        if operation == "delete":
            self._store.remove(message)
            return self._reply(204, None)
        if operation == "update":
            return self._update(request, message)
        return self._reply(200, as_json(message.at(self._clock.now_ms)))

    def _update(self, request: Request, message: Message) -> Response:
        """Redact or cancel; what Twilio says to any other change is not known, a plain 400 is assumed."""
        params = dict(form_of(request))
        message = message.at(self._clock.now_ms)
        if params.get("Body") or params.get("Status", "canceled") != "canceled":
            return self._error(request, by_status(400))
        if "Status" in params:
            if message.status != "scheduled":
                return self._error(request, by_status(400))
            message = self._outbox.cancel(message)
        if "Body" in params:
            message = self._outbox.redact(message)
        return self._reply(200, as_json(message))

    def _draft(self, request: Request, account: Account) -> Draft:
        form = form_of(request)
        params = dict(form)
        service = self._directory.service(account, params.get("MessagingServiceSid", ""))
        pool = service.numbers if service else ()
        return Draft(
            account=account,
            params=params,
            to=params.get("To", ""),
            sender=params.get("From") or (pool[0] if pool else ""),
            service=service,
            media=tuple(value for name, value in form if name == "MediaUrl") if "MediaUrl" in params else (),
            owners=self._directory.owners,
            opted_out=self._outbox.opted_out,
            sent_today=self._outbox.sent_today(account.sid) if account.trial else 0,
        )

    def _error(
        self,
        request: Request,
        error: TwilioError | int,
        *,
        values: Mapping[str, object] | None = None,
        status: int | None = None,
    ) -> Response:
        known = {**(values or {}), "path": request.path}
        return error_reply(error, known, request_id=self._request_id(), status=status)

    def _no_route(self, request: Request, code: int) -> Response:
        """Tell Twilio's own sentence, and behind it what would have matched."""
        error = ERRORS[code]._replace(text=f"{ERRORS[code].text}{{why}}")
        return self._error(request, error, values={"why": f". {self.unmatched(request)}"})

    def _unsupported(self, what: str) -> Response:
        return unsupported(what, request_id=self._request_id())

    def _reply(self, status: int, value: object) -> Response:
        return reply(status, value, request_id=self._request_id())

    def _request_id(self) -> str:
        return f"RQ{next(self._requests):032x}"

    def _outbound(self, numbers: Collection[str] | None) -> Iterator[Message]:
        now_ms = self._clock.now_ms
        found = iter(self._store) if numbers is None else self._store.to(numbers)
        return (message.at(now_ms) for message in found if message.direction != "inbound")

    def _telling(self, callback: Service) -> Callbacks:
        accounts = self._directory.accounts
        return Callbacks(
            clock=self._clock, faults=self._faults, service=callback, token=lambda sid: accounts[sid].auth_token
        )

    @property
    def _default(self) -> Account:
        return self._directory.accounts[DEFAULT.sid]


def _fault(operation: str, value: object, fields: Mapping[str, object]) -> Fault:
    """Read what `fail` was given for one operation: a number, a callback's kind, or fields of `Fault`."""
    for name in fields:
        check_field(name, OPERATIONS[FakeTwilio.name])
    if isinstance(value, str) and operation == "callback":
        value = {"callback": value}
    elif isinstance(value, int):
        told = Fault.of(FakeTwilio.name, operation, value)
        value = {"code": told.code} if told.status is None else {"status": told.status}
    said = {**fields, **value} if isinstance(value, Mapping) else value
    fault = Fault.of(FakeTwilio.name, operation, said)
    if operation == "callback":
        check_fault(fault)
    else:
        check_code(fault)
    return fault
