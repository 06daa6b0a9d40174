"""The machine that users take: whole conversations with a bot or with a service, and what must be so in each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from inspect import currentframe
from typing import TYPE_CHECKING, Unpack

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import profile as profiles
from pytest_botpenguin_otp.bot import Bot
from pytest_botpenguin_otp.profile import Profile
from pytest_botpenguin_otp.stateful import phones as numbers
from pytest_botpenguin_otp.stateful.arguments import check
from pytest_botpenguin_otp.stateful.asking import How, asking_of
from pytest_botpenguin_otp.stateful.botrules import BotMachine
from pytest_botpenguin_otp.stateful.bots import BotTalk
from pytest_botpenguin_otp.stateful.entering import RIGHT_CODE, no_way_in
from pytest_botpenguin_otp.stateful.ledger import ATTEMPTS
from pytest_botpenguin_otp.stateful.promises import BrokenPromiseError, MachineError, chosen
from pytest_botpenguin_otp.stateful.running import Case
from pytest_botpenguin_otp.stateful.servicerules import ServiceMachine
from pytest_botpenguin_otp.stateful.services import ServiceTalk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path
    from types import FrameType

    from hypothesis.stateful import RuleBasedStateMachine

    from pytest_botpenguin_otp.stateful.asking import Asking
    from pytest_botpenguin_otp.stateful.promises import Promise
    from pytest_botpenguin_otp.stateful.running import Place
    from pytest_botpenguin_otp.wire import Service

__all__ = ["OtpMachine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What is held, how many wrong codes are borne, and where that was said."""

    promises: frozenset[str]
    attempts: int
    unseen: tuple[Promise, ...] = ()
    made: Place | None = None

    @property
    def unchecked(self) -> str:
        """What is not checked, in words; empty where everything is."""
        told = " ".join(f"Not checked, since no time can pass: {promise}" for promise in self.unseen)
        return f"{told} Give pass_time=, or say promises= without it." if told else ""


class OtpMachine:
    """State machines of hypothesis that hold whole conversations: `TestLogin = OtpMachine.of("my.bot.yaml").TestCase`.

    `of` returns a `RuleBasedStateMachine`; its `TestCase` is what pytest collects, and has hypothesis' `settings`. It
    runs under hypothesis' own profile. A failing run tells the shortest conversation that was found, and none of its
    codes and numbers.
    """

    def __init__(self) -> None:
        raise MachineError('A machine is made by OtpMachine.of("my.bot.yaml"), .of(service=...) or .of(url=...).')

    @staticmethod
    def of(
        bot: Bot | Path | str | None = None,
        *,
        service: Service | None = None,
        url: str | None = None,
        profile: Profile | str = profiles.DEFAULT,
        promises: Collection[str] | None = None,
        attempts: int = ATTEMPTS,
        pass_time: Callable[[int], object] | None = None,
        reset: Callable[[], object] | None = None,
        phones: Sequence[str] | None = None,
        **how: Unpack[How],
    ) -> type[RuleBasedStateMachine]:
        """Return a machine for one of three: a bot (or its file), a `service` in this process, or one at a `url`.

        `promises` are names of `PROMISES` (default: all that a bot, or a service, can keep); `attempts` is how many
        wrong codes are borne in a row.

        For a service: `pass_time` lets so many seconds pass for it (without, promises about time are not checked, and
        a warning says so); `reset` is called before each conversation (without, each has numbers that no other had);
        `phones` are two numbers or more instead, and need `reset`; `how` it is asked, see `Asking`: `code`, `send`,
        `verify`, `token`, `send_path`, `verify_path`, `base_url`, and `guard` for a `url` that is not on loopback.

        The fake BotPenguin of this package must fail as a service: it keeps nothing between its two calls, since the
        guide documents no more, and so cannot hold `order`, `once`, `expiry`, `attempts` and `resend`.

        A `TestCase` has no database, whatever its `settings` say, and 10 steps at most. Raises `MachineError`
        for what makes no sense, `ConsentError` where a live call lacks a consent.
        """
        given = {"pass_time": pass_time, "reset": reset, "phones": phones} | how
        asked = {"bot": bot, "service": service, "url": url}
        check(asked | {"profile": profile, "promises": promises, "attempts": attempts} | given)
        _check_together(asked, given)
        known = profile if isinstance(profile, Profile) else profiles.find(profile)
        if bot is not None:
            return _of_bot(bot, known, _Held(promises=chosen("bot", promises, timed=True)[0], attempts=attempts))
        held, unseen = chosen("service", promises, timed=pass_time is not None)
        return _of_service(
            asking_of(service, url, known, how),
            _Held(promises=held, attempts=attempts, unseen=unseen, made=_place(currentframe())),
            _Contacts(phones=_phones(phones, reset), pass_time=pass_time, reset=reset),
        )


def _check_together(asked: Mapping[str, object], given: Mapping[str, object]) -> None:
    """Refuse what goes for itself, and not together."""
    if sum(one is not None for one in asked.values()) != 1:
        raise MachineError("A machine is of one of three: a bot, service=, or url=.")
    if asked["bot"] is not None:
        wrong = sorted(name for name, value in given.items() if value is not None)
        if wrong:
            raise MachineError(f"A machine of a bot needs no {', '.join(wrong)}: those are for a service.")
    elif given["phones"] is not None and given["reset"] is None:
        raise MachineError(
            "phones= need reset=, which makes the service forget them before each conversation: what one "
            "conversation locks would else be locked in the next. Without phones=, each has numbers of its own."
        )


def _phones(phones: Sequence[str] | None, reset: Callable[[], object] | None) -> Callable[[], Sequence[str]]:
    """Return what gives each conversation its numbers: the same ones only where the service forgets them."""
    if phones:
        return numbers.same(phones)
    return numbers.same() if reset else numbers.fresh()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contacts:
    """Who talks to a service, and how time passes and conversations begin anew."""

    phones: Callable[[], Sequence[str]] = field(repr=False)
    pass_time: Callable[[int], object] | None
    reset: Callable[[], object] | None


def _place(called: FrameType | None) -> Place | None:
    """Return where what runs in that frame was called."""
    if called is None or called.f_back is None:
        return None
    by = called.f_back
    return by.f_globals.get("__name__", ""), by.f_code.co_filename, by.f_lineno


def _of_bot(bot: Bot | Path | str, profile: Profile, held: _Held) -> type[RuleBasedStateMachine]:
    @cache
    def loaded() -> Bot:
        return bot if isinstance(bot, Bot) else bots.load(bot)

    @cache
    def shut() -> str | None:
        return no_way_in(loaded(), profile) if RIGHT_CODE in held.promises else None

    class Conversation(BotMachine):
        """Conversations with one bot."""

        TestCase = Case(loaded)  # type: ignore[assignment]  # what it gives is of the same kind

        def talks(self, seed: int) -> BotTalk:
            """Begin one; where nobody can log in, each fails."""
            if (told := shut()) is not None:
                raise BrokenPromiseError(told)
            return BotTalk(loaded(), profile, seed, held.promises, held.attempts)

    return Conversation


def _of_service(asking: Asking, held: _Held, contacts: _Contacts) -> type[RuleBasedStateMachine]:
    class Conversation(ServiceMachine):
        """Conversations with one service."""

        TestCase = Case(lambda: None, held.unchecked, held.made)  # type: ignore[assignment]  # likewise
        timed = contacts.pass_time is not None

        def talks(self) -> ServiceTalk:
            """Begin one."""
            if contacts.reset is not None:
                contacts.reset()
            return ServiceTalk(asking, contacts.phones(), held.promises, held.attempts)

        def passes(self, seconds: int) -> None:
            """Let time pass for the service."""
            if contacts.pass_time is not None:
                contacts.pass_time(seconds)

    return Conversation
