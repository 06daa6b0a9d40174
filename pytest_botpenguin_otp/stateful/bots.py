"""Chats with a bot under test: what each contact does, as steps of a chat file, and what must be so after each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp.bot import Choice, Question
from pytest_botpenguin_otp.errors import ChatError
from pytest_botpenguin_otp.journal import Calling
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.stateful.promises import PROMISES, BrokenPromiseError
from pytest_botpenguin_otp.stateful.telling import failure
from pytest_botpenguin_otp.stateful.watching import Lapse, Watch
from pytest_botpenguin_otp.world import USER, World

if TYPE_CHECKING:
    from collections.abc import Collection

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.chat import Step
    from pytest_botpenguin_otp.faults import Fault
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.runner import FlowChat

__all__ = ["OTHER", "BotTalk"]

OTHER = "other"
PLACE = "conversation"


@dataclass(slots=True)
class _Contact:
    """One contact's chat, what is watched in it, and where its last turn began."""

    chat: FlowChat
    watch: Watch
    heard: int = 0
    unsaid: bool = field(default=False)
    """Whether delays passed that no step tells: the next turn lets them pass by itself, no other step does."""


class BotTalk:
    """Chats of two contacts with one bot, in one world; raises `BrokenPromiseError` once one of `held` is broken.

    Each thing done is a step of a conversation, and does just what that step does when it is played.
    """

    def __init__(self, bot: Bot, profile: Profile, seed: int, held: Collection[str], attempts: int) -> None:
        self.bot = bot
        self.world = World(profile, seed)
        self._held = held
        self.attempts = attempts
        self._runner = FlowRunner(self.world)
        self._steps: list[Step] = []
        self._contacts: dict[str, _Contact] = {}
        self._judged = 0
        self._name = USER
        self._begin()
        self._calls_at_once = any(isinstance(event, Calling) for event in self.world.journal.events)

    @property
    def _contact(self) -> _Contact:
        return self._contacts[self._name]

    def _begin(self) -> None:
        """Begin the chat of the contact who speaks."""
        chat = self._runner.start(self.bot, contact=self._name, hold=True)
        contact = _Contact(chat, Watch(self.bot, self.world.profile, self.attempts))
        self._contacts[self._name] = contact
        self._end_turn(contact, hold=False)

    @property
    def chat(self) -> FlowChat:
        """The chat of the contact who speaks."""
        return self._contact.chat

    @property
    def asked(self) -> Question | Choice | None:
        """What is asked now; None during a delay, and after the end."""
        chat = self.chat
        if chat.delayed or chat.ended != "waiting":
            return None
        component = self.bot.components[chat.at]
        return component if isinstance(component, Question | Choice) else None

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was done, as steps that do the same when they are played."""
        return tuple(self._steps)

    @property
    def speaker(self) -> str:
        """The contact who speaks."""
        return self._name

    @property
    def other(self) -> str:
        """The contact who does not speak now."""
        return OTHER if self._name == USER else USER

    def codes(self, name: str | None = None) -> tuple[str, ...]:
        """Return the codes that reached a contact's handset (default: of the one who speaks), oldest first."""
        found = self.world.handset(name or self._name)
        return tuple(code for message in found.messages for code in Watch.codes_in(message.body))

    def say(self, text: str, meant: str | None = None, *, hold: bool = False, enters: bool = False) -> None:
        """Type `text`, in which codes stand as in a chat file; `meant` is that with the codes in their places.

        It `enters` where it is the right code, and nothing speaks against letting the user in.
        """
        contact = self._turn()
        contact.watch.must_enter = enters and contact.watch.fresh(self.codes())
        self._steps.append(chats.User(place=PLACE, text=text))
        contact.chat.user(text if meant is None else meant, hold=True)
        self._end_turn(contact, hold=hold)

    def speak_early(self, text: str) -> None:
        """Type a text during a delay."""
        contact = self._contact
        self._steps.append(chats.Early(place=PLACE, text=text))
        contact.chat.during_delay(text, hold=True)
        contact.watch.early = True
        self._judge(contact)

    def press(self, action: str) -> None:
        """Press skip or back, or restart, where that is offered."""
        contact = self._turn()
        try:
            contact.chat.do(action, hold=True)
        except ChatError:
            return
        self._steps.append(chats.Do(place=PLACE, action=action))
        self._end_turn(contact, hold=False)

    def wait(self, seconds: int) -> None:
        """Say nothing for so long."""
        contact = self._contact
        self._say_what_passed()
        self._steps.append(chats.Wait(place=PLACE, seconds=seconds))
        contact.chat.wait(seconds)
        self._judge(contact)

    def fault(self, fault: Fault) -> None:
        """Let a service fail at its next call."""
        self._say_what_passed()
        self._steps.append(chats.Inject(place=PLACE, faults=(fault,)))
        self.world.faults.add(fault)
        for contact in self._contacts.values():
            contact.watch.must_enter = False

    def speak_as(self, name: str) -> None:
        """Let a contact speak; nothing happens where it is the one who does."""
        if name == self._name:
            return
        self._say_what_passed()
        self._name = name
        self._steps.append(chats.Speaker(place=PLACE, name=self._name))
        if self._name not in self._contacts:
            self._begin()

    def right_code(self, *, hold: bool) -> None:
        """Type the newest code, which must be there; the first time, and if nothing went wrong, it lets the user in."""
        self.say("{{code}}", self.codes()[-1], hold=hold, enters=not self.world.faults.waiting)

    def _say_what_passed(self) -> None:
        """Tell the delays that passed by themselves, where the next step would happen during them."""
        contact = self._contact
        if contact.unsaid:
            self._steps.append(chats.Expect(place=PLACE, ended=contact.chat.ended))
            contact.unsaid = False

    def _turn(self) -> _Contact:
        contact = self._contact
        contact.chat.run()
        contact.heard = len(contact.chat.said)
        self._judge(contact)
        return contact

    def _end_turn(self, contact: _Contact, *, hold: bool) -> None:
        contact.unsaid = not hold and contact.chat.delayed
        if contact.unsaid:
            contact.chat.run()
        self._judge(contact)

    def _judge(self, contact: _Contact) -> None:
        """Look at what has happened since the last time, and hold it against the promises."""
        events = self.world.journal.plain
        lapses = [lapse for event in events[self._judged :] for lapse in contact.watch.see(event)]
        self._judged = len(events)
        for lapse in (*lapses, *contact.watch.state(contact.chat)):
            if lapse.promise in self._held:
                raise BrokenPromiseError(self._told(contact, lapse))

    def _told(self, contact: _Contact, lapse: Lapse) -> str:
        return failure(lapse.promise, lapse.told, self.bot, self.world.profile, self._conversation(contact, lapse))

    def _conversation(self, contact: _Contact, lapse: Lapse) -> chats.Conversation:
        steps = self._struck()
        if steps and isinstance(steps[0], chats.Inject) and self._calls_at_once:
            steps.insert(0, chats.Speaker(place=PLACE, name=USER))  # who begins the chat before the fault is planned
        if lapse.before_turn:
            last = max(index for index, step in enumerate(steps) if isinstance(step, chats.User | chats.Do))
            steps = steps[:last]
        skipped = lapse.said - contact.heard if lapse.said is not None else 0
        heard = (chats.Bot(place=PLACE, how="matches", text="^"),) * skipped
        profile = self.world.profile.name
        return chats.Conversation(
            name=PROMISES[lapse.promise].title,
            place=PLACE,
            steps=(*steps, *heard, *((lapse.step,) if lapse.step is not None else ())),
            profile=profile if profile in PROFILES else None,
            seed=self.world.seed,
        )

    def _struck(self) -> list[Step]:
        """Return the steps without the faults that met no call."""
        idle = self.world.faults.unused()
        return [
            step
            for step in self._steps
            if not (isinstance(step, chats.Inject) and any(told.startswith(f"{step.faults[0]}: ") for told in idle))
        ]
