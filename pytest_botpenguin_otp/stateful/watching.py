"""What must be so in one contact's chat with a bot, by what its journal tells: one event at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp.botpenguin import PATHS
from pytest_botpenguin_otp.journal import Answered, BotSaid, Breach, Calling, Ended, SmsArrived, UserDid, UserSaid
from pytest_botpenguin_otp.stateful.ledger import meant
from pytest_botpenguin_otp.stateful.verdicts import verdict
from pytest_botpenguin_otp.twilio.handset import find_code
from pytest_botpenguin_otp.wire import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.chat import Step
    from pytest_botpenguin_otp.journal import Event
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.runner import FlowChat

__all__ = ["Lapse", "Watch"]

PLACE = "conversation"
FAILED = ("closed", "although Verify OTP gave an error or no answer")
UNCHECKED = {
    None: ("order", "without any Verify OTP"),
    "no": ("wrong-code", "although Verify OTP said no"),
    "silence": FAILED,
    "neither": FAILED,
}
"""Which promise is broken by letting somebody in after which last answer of Verify OTP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """A broken promise, in words, and the step that fails for it when the chat is played.

    `said` is the number of the message that the step is about; with `before_turn` the last turn is not to be made.
    """

    promise: str
    told: str
    step: Step | None = None
    said: int | None = None
    before_turn: bool = False


def _expect(**told: object) -> Step:
    return chats.Expect(place=PLACE, **told)  # type: ignore[arg-type]  # the fields of `Expect`


class Watch:
    """Remembers one contact's chat, and tells what should not have happened in it.

    `must_enter` is set where the right code was typed and nothing speaks against it; `early` once a text was typed
    during a delay.
    """

    def __init__(self, bot: Bot, profile: Profile, attempts: int) -> None:
        self._bot = bot
        self._profile = profile
        self._attempts = attempts
        self._codes: list[str] = []
        self._typed_ever: list[str] = []
        self._said = 0
        self._role: str | None = None
        self._asked_for = 0
        self._verified = False
        self.must_enter = False
        self.early = False
        self._begin()

    def _begin(self) -> None:
        """Forget what a restart makes void."""
        self._earlier = len(self._codes)
        self._typed: list[str] = []
        self._answer: str | None = None
        self._wrong = 0
        self._verified = False
        self.must_enter = False

    @staticmethod
    def codes_in(text: str) -> tuple[str, ...]:
        """Return the code in an SMS, if there is one."""
        code = find_code(text)
        return () if code is None else (code,)

    def fresh(self, codes: Sequence[str]) -> bool:
        """Say whether the newest of a handset's `codes` is this chat's first, and nothing was tried yet."""
        own = self._codes[self._earlier :]
        return len(own) == 1 and not self._earlier and own == list(codes[-1:]) and not (self._typed or self.early)

    def see(self, event: Event) -> Iterator[Lapse]:
        """Take in one event that this contact has brought about."""
        match event:
            case Calling():
                self._role = event.role
                yield from self._called(event)
            case Answered():
                yield from self._answered(event)
            case SmsArrived() if self._role == "send":
                self._codes += self.codes_in(event.text)
                self._typed.clear()
            case UserSaid():
                self._typed.append(event.text)
                self._typed_ever.append(event.text)
            case UserDid(action="restart"):
                self._begin()
            case BotSaid():
                self._said += 1
                yield from self._leaked(event)
            case Ended(how="unmapped"):
                at = self._bot.components[event.component]
                told = f"{at.place}: {at.name!r} maps no component to what it was answered, and the chat ends."
                yield Lapse(promise="mapped", told=told, step=_expect(ended="live_chat"))
            case Breach(by="flow"):
                yield from self._breached(event)

    def _called(self, event: Calling) -> Iterator[Lapse]:
        """Hold the order of the calls: none checks a code that this chat has not asked for."""
        self._asked_for += event.role == "send"
        if event.role == "verify" and not self._asked_for:
            at = self._bot.components[event.component]
            told = f"{at.place}: {at.name!r} calls Verify OTP, and this chat has called no Send OTP."
            yield Lapse(promise="order", told=told, step=_expect(calls=((event.api, 0),)))

    def _answered(self, event: Answered) -> Iterator[Lapse]:
        role, self._role = self._role, None
        if role != "verify":
            return
        self._answer = "silence" if event.response is None else verdict(self._profile, event.response)
        self._wrong += self._answer == "no"
        if self._wrong > self._attempts:
            at = self._bot.components[event.component]
            told = f"{at.place}: {at.name!r} takes wrong code number {self._wrong} of one chat."
            yield Lapse(promise="attempts", told=told, step=_expect(ended="end_chat"), before_turn=True)

    def _leaked(self, event: BotSaid) -> Iterator[Lapse]:
        known = (code for code in self._codes if not any(code in typed for typed in self._typed_ever))
        code = next((code for code in known if code in event.text), None)
        if code is not None:
            at = self._bot.components[event.component]
            step = chats.Bot(place=PLACE, how="matches", text=f"^(?!(.|\\n)*[0-9]{{{len(code)}}})")
            yield Lapse(
                promise="secret", told=f"{at.place}: {at.name!r} shows the code.", step=step, said=self._said - 1
            )

    def _breached(self, event: Breach) -> Iterator[Lapse]:
        if event.contract == "timing":
            yield Lapse(promise="delays", told="\n".join(event.faults))
        elif self._is_documented:
            told = "\n".join(f"{event.contract}: {fault}" for fault in event.faults)
            yield Lapse(promise="contract", told=told)

    @property
    def _is_documented(self) -> bool:
        """Whether the bot's calls go where BotPenguin's guide has them; an own backend has a contract of its own."""
        urls = ("".join(getattr(part, "text", "") for part in api.url) for api in self._bot.apis.values() if api.role)
        return all(Request(method="POST", url=url).path in PATHS for url in urls)

    def state(self, chat: FlowChat) -> Iterator[Lapse]:
        """Look at where the chat is now."""
        if chat.verified and not self._verified:
            self._verified, self.must_enter = True, False
            yield from self._entered()
        elif self.must_enter and not chat.delayed:
            self.must_enter = False
            at = self._bot.components[chat.at]
            if chat.ended != "waiting" or getattr(at, "save", None) == self._bot.code_attribute:
                told = f"{at.place}: the right code, typed at once, leads to {at.name!r} and lets nobody in."
                yield Lapse(promise="right-code", told=told, step=_expect(verified=True))

    def _entered(self) -> Iterator[Lapse]:
        """Say what is wrong with the way in which the user was let in."""
        found = self._way_in()
        if found is not None:
            promise, told = found
            yield Lapse(promise=promise, told=f"The user was let in {told}.", step=_expect(verified=False))

    def _way_in(self) -> tuple[str, str] | None:
        own = self._codes[self._earlier :]
        if not own:
            return "order", "although this chat has sent no code"
        if self._answer != "yes":
            return UNCHECKED[self._answer]
        typed = {meant(text) for text in self._typed}
        if own[-1] in typed:
            return None
        if typed & set(self._codes[:-1]):
            return "resend", "by an old code, although a new one was sent"
        return "wrong-code", "by another text than the code in the newest SMS"
