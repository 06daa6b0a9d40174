"""Plays the conversations of a chat file and tells what differs from what they say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import profile
from pytest_botpenguin_otp.bot import Choice
from pytest_botpenguin_otp.chat import Bot, Conversation, Do, Early, Expect, Inject, Speaker, User, Wait
from pytest_botpenguin_otp.chat.reader import CODE_OF
from pytest_botpenguin_otp.errors import ChatError, NoCodeError, OtpError
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.twilio.errors import DELIVERY_ERRORS, known_error
from pytest_botpenguin_otp.world import USER, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_botpenguin_otp.bot import Bot as BotFile
    from pytest_botpenguin_otp.chat import Step
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.runner import FlowChat
    from pytest_botpenguin_otp.wire import Service

__all__ = ["ExpectationError", "play", "world_for"]

CODE = re.compile(r"\{\{[ ]*(code|previous_code)[ ]*\}\}")


class ExpectationError(ChatError):
    """A conversation went another way than its file says; each line tells one difference."""


def world_for(conversation: Conversation, default: Profile, seed: int) -> World:
    """Make the world that a conversation asks for: its own profile and seed, else the given ones."""
    chosen = default if conversation.profile is None else profile.find(conversation.profile)
    return World(chosen, seed if conversation.seed is None else conversation.seed)


def play(
    conversation: Conversation,
    bot: BotFile,
    world: World,
    *,
    service: Service | None = None,
    code: Callable[[FlowChat, int], str] | None = None,
) -> FlowChat:
    """Play one conversation, and return the chat of who spoke last; raise `ExpectationError` at a step that fails.

    `service` answers the flow's calls (default: the world); `code` gives what `{{code}}` (0) and `{{previous_code}}`
    (1) are in a contact's chat (default: what its handset got).
    """
    player = _Player(conversation, bot, world, service, code)
    for step in conversation.steps:
        if conversation.while_offered and not player.is_offered(step):
            break
        try:
            player.take(step)
        except ExpectationError:
            raise
        except OtpError as error:
            raise player.failure(step, str(error)) from error
    player.finish()
    if conversation.while_offered:
        world.faults.forget()
    return player.chat


class _Contact:
    """A contact's chat, and which of the bot's messages the conversation has come to."""

    def __init__(self, chat: FlowChat) -> None:
        self.chat = chat
        self.heard = 0


class _Player:
    def __init__(
        self,
        conversation: Conversation,
        bot: BotFile,
        world: World,
        service: Service | None,
        code: Callable[[FlowChat, int], str] | None,
    ) -> None:
        self._bot = bot
        self._service = service
        self._code = code or self._on_handset
        self._world = world
        self._runner = FlowRunner(world)
        self._contacts: dict[str, _Contact] = {}
        self._name = USER
        self._left_over = dict(conversation.attributes)

    @property
    def _contact(self) -> _Contact:
        return self._contacts[self._name]

    @property
    def chat(self) -> FlowChat:
        return self._contact.chat

    def finish(self) -> None:
        """Let what is under way come to its next question or its end."""
        self._join(self._name)
        self.chat.run()

    def failure(self, step: Step, text: str) -> ExpectationError:
        """Note what failed in the journal, and return it as an error with its place."""
        self._world.failed(text)
        return ExpectationError(f"{step.place}: {text}")

    def is_offered(self, step: Step) -> bool:
        """Say whether the bot offers what the user does in this step."""
        if isinstance(step, Speaker | Inject):
            return True
        self._join(self._name)
        if isinstance(step, Early):
            return self.chat.delayed
        if not isinstance(step, User | Do):
            return True
        self.chat.run()
        if isinstance(step, Do):
            return self.chat.offers(step.action)
        asked = self._bot.components[self.chat.at]
        try:
            text = self._filled(step.text)
        except NoCodeError:
            return False
        known = [option.text for option in asked.options] if isinstance(asked, Choice) else [text]
        return self.chat.ended == "waiting" and text in known

    def take(self, step: Step) -> None:
        """Carry out one step; a chat begins at its first step that is no fault, so that one can meet its first call."""
        if not isinstance(step, Inject | Speaker):
            self._join(self._name)
        match step:
            case User() | Do():
                self._speak(step)
            case Early():
                self.chat.during_delay(self._filled(step.text), hold=True)
            case Bot():
                self._hear(step)
            case Wait():
                self.chat.wait(step.seconds)
            case Speaker():
                self._join(step.name)
            case Inject():
                self._plan(step)
            case _:
                self.chat.run()
                self._expect(step)

    def _plan(self, step: Inject) -> None:
        for fault in step.faults:
            if fault.service == "twilio" and fault.code is not None and fault.code not in DELIVERY_ERRORS:
                known_error(fault.code, fault.status)
            self._world.faults.add(fault)

    def _speak(self, step: User | Do) -> None:
        self.chat.run()
        self._contact.heard = len(self.chat.said)
        if isinstance(step, User):
            self.chat.user(self._filled(step.text), hold=True)
        else:
            self.chat.do(step.action, hold=True)

    def _join(self, name: str) -> None:
        self._name = name
        if name not in self._contacts:
            left_over = self._left_over if name == USER else {}
            chat = self._runner.start(self._bot, contact=name, attributes=left_over, service=self._service, hold=True)
            self._contacts[name] = _Contact(chat)

    def _filled(self, text: str) -> str:
        def own(found: re.Match[str]) -> str:
            return self._code(self.chat, 0 if found[1] == "code" else 1)

        def of_other(found: re.Match[str]) -> str:
            if found[1] not in self._contacts:
                return self._world.handset(found[1]).code()
            return self._code(self._contacts[found[1]].chat, 0)

        return CODE_OF.sub(of_other, CODE.sub(own, text))

    def _on_handset(self, chat: FlowChat, back: int) -> str:
        handset = self._world.handset(chat.contact)
        return handset.previous_code() if back else handset.code()

    def _hear(self, step: Bot) -> None:
        if step.how == "never":
            self._hear_never(step)
            return
        while self._contact.heard == len(self.chat.said) and self.chat.next_delay():
            pass
        if self._contact.heard == len(self.chat.said):
            how = "waits for an answer" if self.chat.ended == "waiting" else f"is over ({self.chat.ended})"
            raise self.failure(step, f"the bot was to say {_wanted(step)}, but says nothing more: the chat {how}.")
        said = str(self.chat.said[self._contact.heard])
        self._contact.heard += 1
        if not _matches(step, said):
            raise self.failure(step, f"the bot was to say {_wanted(step)}\nbut said   {said!r}{_part(step, said)}")

    def _hear_never(self, step: Bot) -> None:
        self.chat.run()
        said = list(map(str, self.chat.said[self._contact.heard :]))
        self._contact.heard = len(self.chat.said)
        unwanted = next((text for text in said if re.search(step.text, text)), None)
        if unwanted is not None:
            raise self.failure(step, f"the bot was never to say {_wanted(step)}\nbut said   {unwanted!r}")

    def _expect(self, step: Expect) -> None:
        differences = list(self._differences(step))
        if differences:
            raise self.failure(step, "\n".join(differences))

    def _differences(self, step: Expect) -> Iterator[str]:
        chat = self.chat
        found = (
            ("verified", step.verified, chat.verified),
            ("ended", step.ended, chat.ended),
            ("sms", step.sms, len(self._world.twilio.messages)),
            ("elapsed", step.elapsed, chat.now),
            *((f"calls of {api}", count, len(chat.calls(api))) for api, count in step.calls),
            *((f"attribute {name}", text, str(chat.attributes.get(name, ""))) for name, text in step.attributes),
        )
        for name, wanted, got in found:
            if wanted is not None and wanted != got:
                yield f"expected {name} to be {_shown(wanted)}, but it is {_shown(got)}"
        if step.elapsed_at_least is not None and chat.now < step.elapsed_at_least:
            least = _shown(step.elapsed_at_least)
            yield f"expected elapsed to be {least} at least, but it is {_shown(chat.now)}"


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case _:
            return repr(value)


def _part(step: Bot, said: str) -> str:
    """Say how a part of a message is asked for, where that is what is there."""
    if step.how != "equals" or not step.text or step.text not in said:
        return ""
    return "\nA plain text is the whole message; for a part of it: {contains: ...}"


def _wanted(step: Bot) -> str:
    if step.how == "equals":
        return repr(step.text)
    return f"something that {'matches' if step.how == 'never' else step.how} {step.text!r}"


def _matches(step: Bot, said: str) -> bool:
    match step.how:
        case "equals":
            return said == step.text
        case "contains":
            return step.text in said
        case _:
            return re.search(step.text, said) is not None
