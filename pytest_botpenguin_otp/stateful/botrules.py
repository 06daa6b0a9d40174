"""The machine that talks to a bot: what users type and press, and what the services do."""

from __future__ import annotations

from abc import abstractmethod
from itertools import islice
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from pytest_botpenguin_otp.bot import ApiCall, Choice, IfElse, Question
from pytest_botpenguin_otp.bot.model import Compare, Condition, Group
from pytest_botpenguin_otp.faults import Fault
from pytest_botpenguin_otp.machine.answers import phone
from pytest_botpenguin_otp.stateful.bots import OTHER
from pytest_botpenguin_otp.stateful.guesses import MAGIC
from pytest_botpenguin_otp.stateful.servicerules import WAITS
from pytest_botpenguin_otp.world import USER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.stateful.bots import BotTalk

__all__ = ["BotMachine"]

NUMBERS = {
    USER: ("+1 415 555 0123", "+44 7700 900123", "+1 416 555 0123"),
    OTHER: ("+1 415 555 0145", "+44 7700 900145", "+1 416 555 0145"),
}
WRONG = (
    *("271828", "", " ", "{{code}}0", "0{{code}}", "{{code}}.", "{{code}}{{code}}", "abcdef"),
    *('"', '1","systemOtp":"1', '{{code}}"', "{{system_otp}}", "{{user_otp}}", "null", "12-34-56", "１２３４５６"),  # noqa: RUF001
    *MAGIC,
)
ANSWERS = {"name": ("Ada", " "), "email": ("ada@example.com", "no address"), "numeric_input": ("7", "many")}
WORDS = ("yes", "", "hello", '"', "{{7*7}}")
NO_NUMBERS = ("my number", "+1", "")
FAULTS = tuple(
    Fault.of(service, operation, told)
    for service, operation, effects in (
        (
            "botpenguin",
            "verify",
            (500, {"timeout": True}, {"reset": True}, 401, 404, {"lost": True}, {"malformed": True}, 429),
        ),
        ("botpenguin", "send", (500, {"timeout": True}, 401, {"lost": True}, {"malformed": True}, 429)),
        ("twilio", "create", (21211, 20003, 500, {"timeout": True}, 30006)),
    )
    for told in effects
)
VERIFY_FAULTS = tuple(fault for fault in FAULTS if fault.operation == "verify")
MOST_FAULTS = 3
MOST_WRONG = 3
FAILURES = (500, 503, 502, 429, 404, 401, 403, 408, 409, 504, 599)
"""Statuses that a service may fail with, the likeliest first."""
MOST_QUESTIONS = 8
SEEDS = 40


class BotMachine(RuleBasedStateMachine):
    """Chats of two contacts, in any order; what each rule does is told by its name."""

    talk: BotTalk

    def __init__(self) -> None:
        super().__init__()
        self._faults = 0
        self._words: Sequence[str] = ()
        self._unmapped: Sequence[Fault] = ()

    @abstractmethod
    def talks(self, seed: int) -> BotTalk:
        """Begin a conversation in a world of that seed."""

    @initialize(seed=st.integers(0, SEEDS - 1), ahead=st.booleans())
    def begin(self, seed: int, ahead: bool) -> None:  # noqa: FBT001  # hypothesis passes names
        """Begin with the bot's first words, or where it asks for the code: most bugs are behind that."""
        self.talk = self.talks(seed)
        self._words = tuple(dict.fromkeys(_words(self.talk.bot)))
        self._unmapped = tuple(dict.fromkeys(_unmapped(self.talk.bot)))
        if ahead:
            self.come_to_the_code()

    def _asks(self, *, code: bool) -> bool:
        asked = self.talk.asked
        return asked is not None and code == _is_code(self.talk.bot, asked)

    @precondition(lambda self: self._asks(code=False))
    @rule(pick=st.integers(0, 5))
    def answer(self, pick: int) -> None:
        """Answer a question that is not about the code; the first pick is what the bot hopes for."""
        asked = self.talk.asked
        texts = _answers(asked, self.talk.speaker) if asked is not None else WORDS
        self.talk.say(texts[pick % len(texts)])

    @precondition(lambda self: self._asks(code=False))
    @rule()
    def come_to_the_code(self) -> None:
        """Answer as the bot hopes for until it asks for the code."""
        for _ in range(MOST_QUESTIONS):
            if self._asks(code=False):
                self.answer(0)

    @precondition(lambda self: self._asks(code=True) and bool(self.talk.codes()))
    @rule(hold=st.booleans())
    def right_code(self, hold: bool) -> None:  # noqa: FBT001  # hypothesis passes names
        """Type the right code; with `hold`, what comes next happens during the delay."""
        self.talk.right_code(hold=hold)

    @precondition(lambda self: self._asks(code=True))
    @rule(text=st.sampled_from(WRONG))
    def wrong_code(self, text: str) -> None:
        """Type something else."""
        codes = self.talk.codes()
        if codes or "{{code}}" not in text:
            self.talk.say(text, text.replace("{{code}}", codes[-1] if codes else ""))

    @precondition(lambda self: self._asks(code=True) and self._faults < MOST_FAULTS)
    @rule(fault=st.sampled_from(VERIFY_FAULTS), text=st.sampled_from(WRONG))
    def wrong_code_while_failing(self, fault: Fault, text: str) -> None:
        """Type something else, and let the service fail over it."""
        self.fault(fault)
        self.wrong_code(text)

    @precondition(lambda self: bool(self._unmapped) and self._faults < MOST_FAULTS)
    @rule(pick=st.integers(0, 3), wrong=st.integers(0, MOST_WRONG))
    def answer_without_a_mapping(self, pick: int, wrong: int) -> None:
        """Let a service answer what some call maps to nothing, after so many wrong codes; anew, after ever fewer."""
        fault = self._unmapped[pick % len(self._unmapped)]
        for number in range(wrong, -1, -1):
            if number < wrong:
                self.talk.press("restart")
            self._answer_after(number, fault)

    def _answer_after(self, wrong: int, fault: Fault) -> None:
        """Plan a fault after so many wrong codes; that of a send at the first, or at one that some word asks for."""
        verifies, words = fault.operation == "verify", self._words or WRONG[:1]
        if not (verifies or wrong):
            self.fault(fault)
        self.come_to_the_code()
        for _ in range(wrong if verifies else 0):
            if self._asks(code=True):
                self.talk.say(WRONG[0])
        if self._asks(code=True) and (verifies or wrong):
            self.fault(fault)
            self.talk.say(WRONG[0] if verifies else words[wrong % len(words)])

    @precondition(lambda self: self._asks(code=True))
    @rule()
    def guess(self) -> None:
        """Guess once more than is borne, as long as there is a question for the code."""
        for number in range(self.talk.attempts + 1):
            if self._asks(code=True):
                self.talk.say(str(271_828 + number))

    @precondition(lambda self: self._asks(code=True) and len(self.talk.codes()) > 1)
    @rule()
    def previous_code(self) -> None:
        """Type the code before the newest."""
        self.talk.say("{{previous_code}}", self.talk.codes()[-2])

    @precondition(lambda self: self._asks(code=True) and bool(self.talk.codes(self.talk.other)))
    @rule()
    def other_contact(self) -> None:
        """Type the other contact's code."""
        other = self.talk.other
        self.talk.say(f"{{{{code of {other}}}}}", self.talk.codes(other)[-1])

    @precondition(lambda self: self._asks(code=True) and bool(self._words))
    @rule(pick=st.integers(0, 7))
    def resend(self, pick: int) -> None:
        """Type a word that the bot listens for, such as that for a new code."""
        self.talk.say(self._words[pick % len(self._words)])

    @rule(seconds=st.sampled_from(WAITS))
    def wait(self, seconds: int) -> None:
        """Say nothing."""
        self.talk.wait(seconds)

    @precondition(lambda self: self.talk.chat.delayed)
    @rule(text=st.sampled_from(("hello", "271828")))
    def speak_early(self, text: str) -> None:
        """Speak during a delay."""
        self.talk.speak_early(text)

    @rule(action=st.sampled_from(("skip", "back", "restart")))
    def press(self, action: str) -> None:
        """Press something."""
        self.talk.press(action)

    @rule(name=st.sampled_from((USER, OTHER)))
    def speak_as(self, name: str) -> None:
        """Let that contact speak; by its name, and not turn by turn, so that each such move can be left out alone."""
        self.talk.speak_as(name)

    @precondition(lambda self: self._faults < MOST_FAULTS)
    @rule(fault=st.sampled_from(FAULTS))
    def fault(self, fault: Fault) -> None:
        """Let a service fail."""
        self._faults += 1
        self.talk.fault(fault)


def _is_code(bot: Bot, asked: Question | Choice) -> bool:
    return isinstance(asked, Question) and asked.save == bot.code_attribute


def _answers(asked: Question | Choice, speaker: str) -> Sequence[str]:
    if isinstance(asked, Choice):
        return (*(option.text for option in asked.options), "neither")
    if asked.kind == "phone_number":
        own = next((text for text in NUMBERS[speaker] if phone(text, asked.countries) is not None), NUMBERS[speaker][0])
        others = (text for who, texts in NUMBERS.items() if who != speaker for text in texts[:1])
        return (own, own.replace(" ", "-"), own, *others, *NO_NUMBERS)
    return ANSWERS.get(asked.kind, WORDS)


def _unmapped(bot: Bot) -> Iterator[Fault]:
    """Yield what the services may answer that some call has no component for."""
    for component in bot.components.values():
        role = bot.apis[component.api].role if isinstance(component, ApiCall) else None
        if not isinstance(component, ApiCall) or role is None:
            continue
        if "others" not in component.responses:
            failures = (status for status in FAILURES if str(status) not in component.responses)
            yield from (Fault.of("botpenguin", role, status) for status in islice(failures, 1))
        if "no_response" not in component.responses:
            yield Fault.of("botpenguin", role, {"timeout": True})


def _words(bot: Bot) -> Iterator[str]:
    """Yield the texts that the bot compares the code's attribute with."""
    for component in bot.components.values():
        for branch in component.branches if isinstance(component, IfElse) else ():
            yield from _compared(branch.when, bot.code_attribute)


def _compared(condition: Condition, attribute: str | None) -> Iterator[str]:
    if isinstance(condition, Group):
        for one in condition.conditions:
            yield from _compared(one, attribute)
    elif isinstance(condition, Compare) and condition.attribute == attribute:
        for value in condition.values:
            text = "".join(getattr(part, "text", "") for part in value)
            if text:
                yield text
