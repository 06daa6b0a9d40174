"""What a property is held against: a bot under a profile, and whether the property speaks of such a bot at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import ApiCall, Question
from pytest_botpenguin_otp.bot.graph import following
from pytest_botpenguin_otp.bot.model import SEND_PATH, VERIFY_PATH
from pytest_botpenguin_otp.explorer.bindings import Bindings
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.strategies.phones import COUNTRIES
from pytest_botpenguin_otp.values import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_botpenguin_otp.bot import Api, Bot
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.wire import Service
    from pytest_botpenguin_otp.world import World

__all__ = ["Subject", "reachable"]

KEYS = {"send": {"accountSID", "authToken", "fromNumber", "toNumber"}, "verify": {"systemOtp", "userOtp"}}
TYPED = ("text_question", "numeric_input", "question", "name")
"""The kinds of question that a code can be typed at."""


def _as_it_is(world: World) -> Service:
    return world


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A bot under a profile; `services` makes of a world what answers the bot's calls (default: the world itself)."""

    bot: Bot
    profile: Profile
    services: Callable[[World], Service] = _as_it_is

    @cached_property
    def code_questions(self) -> frozenset[str]:
        """The questions that save what feeds `userOtp`, and those that alone stand between a mismatch and a verify.

        The latter ask for the code too, even if what is typed there is forgotten. Where there are none of the first,
        all that a code can be typed at.
        """
        known = [part for part in self.bot.components.values() if isinstance(part, Question) and part.kind in TYPED]
        fed = [part for part in known if part.save in self._bindings.user]
        again = [part for part in known if part.id in self._after_mismatch and self._leads_to_verify(part)]
        return frozenset(part.id for part in ((*fed, *again) if fed else known))

    @cached_property
    def tempting(self) -> tuple[str, ...]:
        """What one might type instead of a code: the words that the bot knows, references to what it keeps."""
        words = (text for name in self._bindings.user for text in self._bindings.literals(name))
        kept = (f"{{{{{name}}}}}" for name in self._bindings.system)
        return tuple(dict.fromkeys((*words, *kept)))

    @cached_property
    def _verifies(self) -> tuple[ApiCall, ...]:
        ids = self._bindings.calls("verify")
        return tuple(part for part in self.bot.components.values() if isinstance(part, ApiCall) and part.id in ids)

    @cached_property
    def _after_mismatch(self) -> frozenset[str]:
        """The components that a mismatch leads to before anything else is typed, the next question included."""
        status = str(self.profile.verify_mismatch.status)
        told = (part.responses.get(status, part.responses.get("others")) for part in self._verifies)
        return self._quietly(known for known in told if known is not None)

    def _leads_to_verify(self, part: Question) -> bool:
        return not self._quietly([part.next]).isdisjoint(verify.id for verify in self._verifies)

    def _quietly(self, starts: Iterable[str]) -> frozenset[str]:
        """Return what is reached from `starts` without a question, a call or a protected component between."""
        found: set[str] = set()
        waiting = list(starts)
        while waiting:
            known = waiting.pop()
            if known in found or known in self.bot.protected:
                continue
            found.add(known)
            part = self.bot.components[known]
            if not isinstance(part, Question | ApiCall):
                waiting += following(part)
        return frozenset(found)

    @cached_property
    def _bindings(self) -> Bindings:
        return Bindings(Machine(bot=self.bot, profile=self.profile))


def _roles(subject: Subject) -> str | None:
    """Say why nothing is to be promised of a bot that makes no OTP calls, or None where it makes both."""
    there = {api.role for api in subject.bot.apis.values()}
    missing = [role for role in ("send", "verify") if role not in there]
    if not missing:
        return None
    told = " and no ".join(f"api of role {role}" for role in missing)
    return f"this bot has no {told}: no login to hold the property against"


def _served(subject: Subject) -> str | None:
    """Say why the fakes cannot answer for this bot, or None where they can."""
    own = [api.name for api in subject.bot.apis.values() if api.role is not None and not _is_documented(api)]
    if own:
        return f"{', '.join(own)}: an own backend, of whose bodies and answers nothing is known here"
    return _roles(subject)


def reachable(subject: Subject) -> str | None:
    """Say why no number can be typed at this bot's phone questions, or None where one can."""
    for part in subject.bot.components.values():
        if isinstance(part, Question) and part.countries and not set(part.countries) & set(COUNTRIES):
            told = ", ".join(part.countries)
            return f"{part.name} takes numbers of {told} alone, where no range is known to be reserved for tests"
    return _served(subject)


def _is_documented(api: Api) -> bool:
    url = "".join(part.text for part in api.url if isinstance(part, Value)).partition("?")[0].rstrip("/")
    if url.endswith((SEND_PATH, VERIFY_PATH)):
        return True
    text = "".join(part.text if isinstance(part, Value) else "" for part in api.body or ())
    try:
        body = json.loads(text)
    except ValueError:
        return False
    return isinstance(body, dict) and set(body) == KEYS[api.role or "send"]
