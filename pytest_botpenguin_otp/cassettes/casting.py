"""Recorded requests made live for the fakes: whose credentials, numbers and codes stand for the recorded ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes.names import PUBLIC_NUMBERS
from pytest_botpenguin_otp.cassettes.parts import LITERALS, endpoint, rewrite
from pytest_botpenguin_otp.machine import paths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_botpenguin_otp.cassettes.model import Exchange
    from pytest_botpenguin_otp.wire import Request, Response
    from pytest_botpenguin_otp.world import World

__all__ = ["Casting"]

UNAUTHORIZED = (401, 403)
ACCOUNT = re.compile(r"(?:AC|SK)[0-9a-fA-F]{32}")
SENDERS = ("body.fromNumber", "body.From")
NUMBERED = " number"


class Casting:
    """Which live value each recorded one becomes in `world`, the same one each time.

    Credentials that were taken at least once become the fakes' own; others stay as they are, and the fakes refuse
    them too. The code of each recorded answer becomes the one that the fake has sent, so that two codes that were the
    same, or not, are so again.
    """

    def __init__(self, exchanges: Iterable[Exchange], world: World) -> None:
        self._world = world
        self._own: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        self._sids: dict[str, str] = {}
        for exchange in exchanges:
            if exchange.response.status not in UNAUTHORIZED:
                rewrite(exchange.request, self._note)

    def live(self, request: Request) -> tuple[Request, bool]:
        """Return the request as the fakes may get it, and whether it names a resource that they cannot know."""
        strange = False

        def rename(kind: str, place: str, text: str) -> str:
            nonlocal strange
            kind = kind.removesuffix(NUMBERED)
            strange |= kind == "id" or (kind == "sid" and text not in self._own and text not in self._sids)
            return self._live(kind, place, text)

        return rewrite(request, rename), strange

    def learn(self, exchange: Exchange, answer: Response) -> None:
        """Note which values of the fake's `answer` stand for which of the recorded one."""
        kind = endpoint(exchange.request)
        if kind == "verify":
            return
        path, known = ("sid", self._sids) if kind == "twilio" else (self._world.profile.code_path, self._codes)
        recorded = paths.at(paths.read(exchange.response.body), path)
        given = paths.at(paths.read(answer.body), path)
        if recorded and given and recorded not in LITERALS:
            known[recorded] = given

    def _note(self, kind: str, place: str, text: str) -> str:
        """Note the credentials of a request that was not refused for them."""
        if kind == "auth":
            self._own[text] = self._world.botpenguin.token
        elif kind == "token" or place == "headers.Authorization.password":
            self._own[text] = self._world.twilio.auth_token
        elif kind == "sid" and ACCOUNT.fullmatch(text):
            self._own[text] = self._world.twilio.account_sid
        return text

    def _live(self, kind: str, place: str, text: str) -> str:
        match kind:
            case "auth" | "token" | "sid":
                return self._own.get(text) or self._sids.get(text, text)
            case "phone" if place in SENDERS and text not in PUBLIC_NUMBERS:
                return self._world.twilio.number
            case "code":
                return self._codes.get(text) or self._apart(text)
            case _:
                return text

    def _apart(self, code: str) -> str:
        """Return a code that no answer told, as it was recorded, but none that the fake has sent meanwhile."""
        while code in self._codes.values():
            code = f"{code}0"
        return code
