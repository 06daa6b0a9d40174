"""Who may call the API: accounts, API keys, Messaging Services, and which number belongs to whom."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field, replace
from itertools import count
from types import NoneType
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.discretion import Discreet
from pytest_botpenguin_otp.errors import check_type
from pytest_botpenguin_otp.twilio.phones import NUMBER, normalise
from pytest_botpenguin_otp.values import Masked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_botpenguin_otp.wire import Request

__all__ = ["DEFAULT", "Account", "ApiKey", "Directory", "MessagingService", "Trial"]

_FAKE = "fa4e" * 7
_TOKEN = "fa4e70c4" * 3 + "fa4e"
_CALLER = re.compile(r"(?:AC|SK)[0-9a-fA-F]{32}").fullmatch

NO_CREDENTIALS = "Authentication Error - No credentials provided"
NO_SUCH_USER = "Authentication Error - invalid username"
WRONG = "Authenticate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial(Discreet):
    """What a trial account is held to: its `prefix` stands before every body, `daily` caps messages (None: no cap)."""

    prefix: str = "Sent from your Twilio trial account - "
    verified: frozenset[str] = field(default=frozenset(), repr=False)
    daily: int | None = None

    def __post_init__(self) -> None:
        check_type("make_trial(daily=...)", self.daily, (int, NoneType), "a whole number, or None")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Discreet):
    """A Twilio account; `test` where it stands for test credentials, which send nothing and keep nothing."""

    sid: str = field(repr=False)
    auth_token: str = field(repr=False)
    numbers: frozenset[str] = field(default=frozenset(), repr=False)
    trial: Trial | None = None
    test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey(Discreet):
    """An API key: `sid` and `secret` in place of account sid and auth token."""

    sid: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagingService(Discreet):
    """A pool of senders; the first one sends. `status_callback` holds where a message names none of its own."""

    sid: str
    account_sid: str = field(repr=False)
    numbers: tuple[str, ...] = field(repr=False)
    status_callback: str | None = field(default=None, repr=False)


DEFAULT = Account(sid="AC" + "fa4e" * 8, auth_token="fa4e70c4" * 4, numbers=frozenset({NUMBER}))


def _basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


_DEFAULT_HEADER = _basic(DEFAULT.sid, DEFAULT.auth_token)


class Directory:
    """Everything that one fake Twilio knows of its customers; starts with the default account alone."""

    def __init__(self) -> None:
        self.accounts = {DEFAULT.sid: DEFAULT}
        self.services: dict[str, MessagingService] = {}
        self.owners = dict.fromkeys(DEFAULT.numbers, DEFAULT.sid)
        self._callers = {_DEFAULT_HEADER: DEFAULT.sid}
        self._serial = count(1)

    def open(self, numbers: Iterable[str] = (), *, test: bool = False) -> Account:
        """Add an account with a sid and token of its own."""
        tail = f"{next(self._serial):04x}"
        account = Account(sid=f"AC{_FAKE}{tail}", auth_token=Masked(f"{_TOKEN}{tail}"), test=test)
        self._callers[_basic(account.sid, account.auth_token)] = account.sid
        return self.own(account, *numbers)

    def own(self, account: Account, *numbers: str) -> Account:
        """Give numbers, in any spelling, to an account; return what it is then."""
        owned = frozenset(map(normalise, numbers))
        self.owners.update(dict.fromkeys(owned, account.sid))
        known = owned <= account.numbers
        return self.change(account if known else replace(account, numbers=account.numbers | owned))

    def change(self, account: Account) -> Account:
        """Put an account in the place of the one with its sid."""
        self.accounts[account.sid] = account
        return account

    def add_key(self, account: Account) -> ApiKey:
        """Add an API key to an account."""
        tail = f"{next(self._serial):04x}"
        key = ApiKey(sid=f"SK{_FAKE}{tail}", secret=Masked(f"{_TOKEN}{tail}"))
        self._callers[_basic(key.sid, key.secret)] = account.sid
        return key

    def add_service(self, account: Account, numbers: Iterable[str], status_callback: str | None) -> MessagingService:
        """Add a Messaging Service to an account; its numbers become the account's."""
        pool = tuple(map(normalise, numbers))
        self.own(account, *pool)
        sid = f"MG{_FAKE}{next(self._serial):04x}"
        service = MessagingService(sid=sid, account_sid=account.sid, numbers=pool, status_callback=status_callback)
        self.services[sid] = service
        return service

    def service(self, account: Account, sid: str) -> MessagingService | None:
        """Return a Messaging Service of an account, if it has such a one."""
        found = self.services.get(sid)
        return found if found is not None and found.account_sid == account.sid else None

    def authenticate(self, request: Request, account_sid: str) -> Account | str:
        """Return the account that `request` may act for, or the text of Twilio error 20003.

        An account reaches its own paths only; what Twilio answers for another's is not known, a wrong token is told.
        """
        header = request.header("authorization")
        if not header:
            return NO_CREDENTIALS
        caller = self._callers.get(header)
        if caller is None:
            user, password = request.basic_auth() or ("", "")
            if not _CALLER(user):
                return NO_SUCH_USER
            caller = self._callers.get(_basic(user, password))
        return WRONG if caller is None or caller != account_sid else self.accounts[caller]
