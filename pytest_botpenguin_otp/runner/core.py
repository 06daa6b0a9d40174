"""One chat without I/O: carries the machine's effects out in virtual time, and yields each request that it sends."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from pytest_botpenguin_otp import contracts, machine
from pytest_botpenguin_otp.bot import Question
from pytest_botpenguin_otp.bot.graph import loop_from
from pytest_botpenguin_otp.discretion import Discreet
from pytest_botpenguin_otp.errors import ChatError, NoResponseError, did_you_mean
from pytest_botpenguin_otp.frozen import quick
from pytest_botpenguin_otp.journal import Answered, BotSaid, Breach, Calling, Ended, UserDid, UserSaid
from pytest_botpenguin_otp.machine import Ask, Call, End, Machine, Say, State
from pytest_botpenguin_otp.machine.answers import E164, phone
from pytest_botpenguin_otp.transcript import transcript
from pytest_botpenguin_otp.values import handed_out, plain, shown
from pytest_botpenguin_otp.wire import Request, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.machine import Effect, Event
    from pytest_botpenguin_otp.world import World

__all__ = ["ApiExchange", "ChatCore", "Outcome", "Result", "Steps"]

Outcome = Response | NoResponseError
Result = TypeVar("Result")
Steps = Generator[Request, Outcome, Result]
"""A piece of a chat: yields each request that the flow sends, is sent what came of it."""

WAITING = "waiting"
LONGEST_S = 1e9


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ApiExchange(Discreet):
    """One call of a flow: what was sent and what came back; `silence` where nothing did."""

    api: str
    role: str | None
    sent_ms: int
    request: Request
    response: Response | None = None
    silence: str | None = None

    @property
    def status(self) -> int | None:
        """The HTTP status, or None where nothing came back."""
        return None if self.response is None else self.response.status


@dataclass(slots=True)
class _Timing:
    """When the last send and the last verify after it were answered; None before."""

    sent_ms: int | None = None
    verified_ms: int | None = field(default=None)


class ChatCore:
    """One contact's chat with one bot, without I/O: what both kinds of chat share."""

    def __init__(self, world: World, bot: Bot, contact: str) -> None:
        self.world = world
        self.contact = contact
        self._machine = Machine(bot=bot, profile=world.profile, secrets=world.secrets)
        self._clock = world.clock
        self._state = State(now_ms=world.clock.now_ms)
        self._started_ms = world.clock.now_ms
        self._said: list[str] = []
        self._exchanges: list[ApiExchange] = []
        self._timing = _Timing()

    def __repr__(self) -> str:
        return f"<chat of {self.contact} at {self._state.at}, {self.ended}, {self.now} s>"

    @property
    def said(self) -> tuple[str, ...]:
        """Everything that the bot has said so far."""
        return tuple(map(shown, self._said))

    @property
    def verified(self) -> bool:
        """Whether the chat has entered a protected component."""
        return self._state.verified

    @property
    def ended(self) -> str:
        """How the chat ended: `end_chat`, `live_chat`, `unmapped`; `waiting` while it has not."""
        return self._state.ended or WAITING

    @property
    def now(self) -> float:
        """Virtual seconds since the chat began."""
        return (self._clock.now_ms - self._started_ms) / 1000

    @property
    def at(self) -> str:
        """The component the chat is at, as `flow/name`."""
        return self._state.at

    @property
    def attributes(self) -> Mapping[str, str]:
        """The attributes that are set, as texts by name."""
        return {name: handed_out(value) for name, value in self._state.attributes}

    @property
    def delayed(self) -> bool:
        """Whether the bot waits for a delay to pass."""
        return self._state.phase == "delayed"

    def offers(self, action: str) -> bool:
        """Say whether `skip`, `back` or `restart` can be pressed here."""
        return machine.can(self._machine, self._state, action)

    def calls(self, api: str | None = None) -> tuple[ApiExchange, ...]:
        """Return the flow's calls of `api`, or of all of them, oldest first."""
        known = self._machine.bot.apis
        if api is not None and not (isinstance(api, str) and api in known):
            raise ChatError(f"The bot has no api {api!r}. {did_you_mean(str(api), known)}")
        return tuple(made.shown() for made in self._exchanges if api in (None, made.api))

    def transcript(self) -> str:
        """Return what happened in this chat's world, as people read it: numbers, codes and secrets masked."""
        return transcript(self.world.journal, self.world.secrets.by_field.items())

    def begin(self, left_over: Mapping[str, str], *, hold: bool = False) -> Steps[None]:
        """Start the chat with attributes of an earlier one, whose numbers are the contact's own; `hold` at a delay."""
        self.world.serve(self._machine.bot)
        for number in filter(E164.fullmatch, left_over.values()):
            self.world.claim(self.contact, number)
        yield from self._take(machine.Started(now_ms=self._clock.now_ms, left_over=tuple(left_over.items())))
        if not hold:
            yield from self._run()

    def _take(self, event: Event) -> Steps[None]:
        """Give `event` to the machine and carry out what follows, until the user must speak or time must pass."""
        while True:
            self._state, effects = machine.step(self._machine, self._state, event)
            call = self._note(effects)
            if call is None:
                return
            sent_ms = self._clock.now_ms
            self._calling(call, sent_ms)
            outcome = yield call.request
            event = self._answered(call, sent_ms, outcome)

    def _note(self, effects: tuple[Effect, ...]) -> Call | None:
        for effect in effects:
            match effect:
                case Call():
                    return effect
                case Say() | Ask():
                    self._show(effect)
                case End():
                    self._end(effect)
        return None

    def _show(self, effect: Say | Ask) -> None:
        text, asks = plain(effect.text), isinstance(effect, Ask)
        self._said.append(text)
        self.world.journal.append(
            BotSaid(
                now_ms=self._clock.now_ms,
                contact=self.contact,
                component=effect.component,
                text=text,
                question=asks,
            )
        )

    def _end(self, effect: End) -> None:
        if effect.how == "loop":
            raise ChatError(self._loop(effect.component))
        self.world.journal.append(
            Ended(now_ms=self._clock.now_ms, contact=self.contact, component=effect.component, how=effect.how)
        )

    def _loop(self, component: str) -> str:
        bot = self._machine.bot
        way = " -> ".join(known.partition("/")[2] for known in loop_from(bot, component))
        return (
            f"{bot.components[component].place}: the flow goes round without asking the user: {way} -> "
            f"{component.partition('/')[2]}. Put a question into the round, or let it end."
        )

    def _calling(self, call: Call, sent_ms: int) -> None:
        self.world.journal.append(
            Calling(
                now_ms=sent_ms,
                contact=self.contact,
                component=call.component,
                api=call.api,
                role=call.role,
                call=call.number,
                request=call.request,
            )
        )
        if call.role is not None:
            self._check(call, sent_ms)

    def _answered(self, call: Call, sent_ms: int, outcome: Outcome) -> Event:
        response, silence, elapsed_ms = _came_of(outcome, self._machine.profile.timeout_s * 1000)
        self._clock.advance_to(sent_ms + elapsed_ms)
        now_ms = self._clock.now_ms
        self.world.journal.append(
            Answered(
                now_ms=now_ms,
                contact=self.contact,
                component=call.component,
                api=call.api,
                call=call.number,
                response=response,
                silence=silence,
            )
        )
        self._exchanges.append(
            ApiExchange(
                api=call.api,
                role=call.role,
                sent_ms=sent_ms,
                request=call.request,
                response=response,
                silence=silence,
            )
        )
        self._time(call, now_ms)
        if response is None:
            return machine.Silent(now_ms=now_ms, kind=silence or "timeout")
        return machine.Replied(now_ms=now_ms, status=response.status, body=response.body)

    def _time(self, call: Call, now_ms: int) -> None:
        """Note when a send or verify call was answered."""
        if call.role == "send":
            self._timing = _Timing(sent_ms=now_ms)
        elif call.role == "verify":
            self._timing.verified_ms = now_ms

    def _check(self, call: Call, now_ms: int) -> None:
        """Hold a send or verify request against its contracts: body, headers, timing."""
        try:
            body = call.request.json()
        except (ValueError, RecursionError):
            body = None
        headers = {name.lower(): text for name, text in call.request.headers}
        found = {
            f"botpenguin/{call.role}-request": contracts.check(f"botpenguin/{call.role}-request", body),
            "botpenguin/headers": contracts.check("botpenguin/headers", headers),
            "timing": self._too_early(now_ms) if call.role == "verify" else (),
        }
        for contract, faults in found.items():
            if faults:
                told = tuple(f"{fault} (in {call.api})" for fault in faults)
                self.world.journal.append(Breach(now_ms=now_ms, contract=contract, by="flow", faults=told))

    def _too_early(self, now_ms: int) -> tuple[str, ...]:
        wanted, last = contracts.timing(), self._timing
        if last.verified_ms is not None and now_ms - last.verified_ms < wanted.reverify_s * 1000:
            passed = (now_ms - last.verified_ms) / 1000
            return (f"verified again after {passed:g} s; the guide asks for {wanted.reverify_s} s",)
        if last.verified_ms is None and last.sent_ms is not None:
            passed = (now_ms - last.sent_ms) / 1000
            if passed < wanted.send_to_verify_s:
                return (f"verified {passed:g} s after the send; the guide asks for {wanted.send_to_verify_s} s",)
        return ()

    def _pass(self, until_ms: int) -> Steps[None]:
        """Let time pass until `until_ms`, delays ending in between."""
        while self._state.phase == "delayed" and self._state.due_ms <= until_ms:
            self._clock.advance_to(self._state.due_ms)
            yield from self._take(machine.Passed(now_ms=self._clock.now_ms))
        self._clock.advance_to(until_ms)
        if self._state.now_ms < self._clock.now_ms:
            yield from self._take(machine.Passed(now_ms=self._clock.now_ms))

    def _wait(self, seconds: float) -> Steps[None]:
        if not 0 <= seconds < LONGEST_S:
            raise ChatError(f"A user stays silent for some seconds, 0 or more; not {seconds!r}.")
        yield from self._pass(self._clock.now_ms + round(seconds * 1000))

    def _next_delay(self) -> Steps[bool]:
        """Let the delay pass that the bot waits for; say whether there was one."""
        if self._state.phase != "delayed":
            return False
        yield from self._pass(self._state.due_ms)
        return True

    def _run(self) -> Steps[None]:
        """Let all delays pass until the bot asks something or the chat ends."""
        while self._state.phase == "delayed":
            yield from self._pass(self._state.due_ms)

    def _user(self, text: str, *, hold: bool) -> Steps[None]:
        yield from self._run()
        if self._state.phase != "asking":
            raise ChatError(f"The user cannot say anything here: the chat is {self._where()}.")
        asked = machine.question(self._machine, self._state)
        if isinstance(asked, Question) and asked.kind == "phone_number":
            number = phone(text, asked.countries)
            if number is not None:
                self.world.claim(self.contact, number.e164)
        yield from self._say(text, early=False)
        if not hold:
            yield from self._run()

    def _early(self, text: str, *, hold: bool) -> Steps[None]:
        if self._state.phase != "delayed":
            raise ChatError(f"The bot does not wait for a delay here: the chat is {self._where()}.")
        yield from self._say(text, early=True)
        if not hold:
            yield from self._run()

    def _say(self, text: str, *, early: bool) -> Steps[None]:
        self.world.journal.append(
            UserSaid(now_ms=self._clock.now_ms, contact=self.contact, component=self._state.at, text=text, early=early)
        )
        yield from self._take(machine.Said(now_ms=self._clock.now_ms, text=text))

    def _do(self, action: str, *, hold: bool) -> Steps[None]:
        yield from self._run()
        if not machine.can(self._machine, self._state, action):
            offered = [known for known in ("skip", "back", "restart") if machine.can(self._machine, self._state, known)]
            raise ChatError(
                f"The chat offers no {action!r} here: it is {self._where()}. It offers: {', '.join(offered)}."
            )
        self.world.journal.append(
            UserDid(now_ms=self._clock.now_ms, contact=self.contact, component=self._state.at, action=action)
        )
        yield from self._take(machine.Did(now_ms=self._clock.now_ms, action=action))
        if not hold:
            yield from self._run()

    def _where(self) -> str:
        place = self._machine.bot.components[self._state.at].place
        how = f"over ({self.ended})" if self._state.ended else "waiting for an answer"
        return f"{how} at {self._state.at.partition('/')[2]} ({place})"


def _came_of(outcome: Outcome, limit_ms: int) -> tuple[Response | None, str | None, int]:
    """Return what reached the bot, or else the kind of silence; and how long that took."""
    if isinstance(outcome, Response):
        in_time = outcome.elapsed_ms <= limit_ms
        return (outcome.plain(), None, outcome.elapsed_ms) if in_time else (None, "timeout", limit_ms)
    return None, outcome.kind, outcome.elapsed_ms if outcome.kind == "reset" else limit_ms
