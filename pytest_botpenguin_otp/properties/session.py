"""A generated conversation, played in a world of its own without expectations, turn by turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import Choice, Question
from pytest_botpenguin_otp.chat import Do, Early, Inject, Speaker, User, Wait
from pytest_botpenguin_otp.errors import ChatError, NoCodeError, UnmatchedRequestError
from pytest_botpenguin_otp.journal import Calling
from pytest_botpenguin_otp.player import CODE
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.transcript import Mask, transcript
from pytest_botpenguin_otp.wire import json_response, stack
from pytest_botpenguin_otp.world import USER, World

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Sequence

    from pytest_botpenguin_otp.chat import Step
    from pytest_botpenguin_otp.properties.subject import Subject
    from pytest_botpenguin_otp.runner import FlowChat
    from pytest_botpenguin_otp.wire import Middleware, Request, Response, Service

__all__ = ["Session", "Turn", "cannot_begin", "played", "turns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A step that was taken: where the chat was, what was typed, the newest code and the verdict before it."""

    step: Step
    at: str
    typed: str | None = field(default=None, repr=False)
    code: str | None = field(default=None, repr=False)
    verified: bool = False


class Session:
    """One world in which contacts chat with the subject's bot.

    `layers` are put around the services, `read` changes each code that is read off a handset, and the clock begins at
    `began_ms`. A service that is neither of the two fakes answers with 200 and an empty object.
    """

    def __init__(
        self,
        subject: Subject,
        seed: int,
        *,
        layers: Sequence[Middleware] = (),
        read: Callable[[str], str] = str,
        began_ms: int = 0,
    ) -> None:
        self.subject = subject
        self.world = World(subject.profile, seed)
        self.world.clock.advance_to(began_ms)
        self.began_ms = began_ms
        self.contact = USER
        self.stopped: str | None = None
        self.read = read
        self._service = stack(_open(self.world, subject.services(self.world)), *layers)
        self._chats: dict[str, FlowChat] = {}

    @property
    def chat(self) -> FlowChat:
        """The chat of the contact who speaks; it begins when it is first asked for."""
        if self.contact not in self._chats:
            runner = FlowRunner(self.world)
            start = runner.start(self.subject.bot, contact=self.contact, service=self._service, hold=True)
            self._chats[self.contact] = start
        return self._chats[self.contact]

    def of(self, contact: str) -> FlowChat:
        """Return the chat of a contact who has begun one."""
        return self._chats[contact]

    def code(self, back: int = 0) -> str | None:
        """Return the newest code on the contact's handset, or with `back` the one before; None where there is none."""
        handset = self.world.handset(self.contact)
        try:
            return self.read(handset.previous_code() if back else handset.code())
        except NoCodeError:
            return None

    def asked(self) -> Question | Choice | None:
        """Let the chat come to its next question and return that; None where it is over, or cannot go on."""
        try:
            self.chat.run()
        except ChatError as error:
            self.stopped = str(error)
            return None
        component = self.subject.bot.components[self.chat.at]
        waits = self.chat.ended == "waiting"
        return component if waits and isinstance(component, Question | Choice) else None

    def asks_code(self) -> bool:
        """Say whether the chat waits for a code that was sent."""
        asked = self.asked()
        return asked is not None and asked.id in self.subject.code_questions and self.code() is not None

    def take(self, step: Step) -> Turn:
        """Take one step; raise `ChatError` where the chat does not offer it."""
        if isinstance(step, Inject):
            for fault in step.faults:
                self.world.faults.add(fault)
            return Turn(step=step, at="")
        if isinstance(step, Speaker):
            self.contact = step.name
            return Turn(step=step, at=self.chat.at)
        chat = self.chat
        if isinstance(step, User | Do):
            chat.run()
        typed = self._filled(step.text) if isinstance(step, User | Early) else None
        turn = Turn(step=step, at=chat.at, typed=typed, code=self.code(), verified=chat.verified)
        match step:
            case User():
                chat.user(typed or "", hold=True)
            case Early():
                chat.during_delay(typed or "", hold=True)
            case Do(action=action):
                chat.do(action, hold=True)
            case Wait(seconds=seconds):
                chat.wait(seconds)
        return turn

    def told(self, text: str) -> str:
        """Return `text` with nothing sensitive in clear."""
        return Mask(self.world.journal, self.world.secrets.by_field.items())(text)

    def transcript(self) -> str:
        """Return what happened, as people read it, masked."""
        return transcript(self.world.journal, self.world.secrets.by_field.items())

    def _filled(self, text: str) -> str:
        def own(found: re.Match[str]) -> str:
            return self.code(0 if found[1] == "code" else 1) or ""

        return CODE.sub(own, text)


def _open(world: World, service: Service) -> Service:
    """Let a call of no role be answered, whatever it is for; a send or verify that nothing answers is an error."""

    def answer(request: Request) -> Response:
        try:
            return service(request)
        except UnmatchedRequestError:
            if [event for event in world.journal.plain if isinstance(event, Calling)][-1].role is not None:
                raise
            return json_response(200, {})

    return answer


def turns(session: Session, steps: Sequence[Step]) -> Iterator[Turn]:
    """Take the steps; yield each with the chat at what came of it, until one cannot be taken (`session.stopped`)."""
    for number, step in enumerate(steps):
        later = steps[number + 1] if number + 1 < len(steps) else None
        try:
            turn = session.take(step)
            if not isinstance(step, Inject) and not isinstance(later, Early | Wait):
                session.chat.run()
        except ChatError as error:
            session.stopped = str(error)
            return
        yield turn


def played(session: Session, steps: Sequence[Step]) -> Session:
    """Take all the steps that can be taken, and return the session."""
    for _ in turns(session, steps):
        pass
    session.asked()
    return session


def cannot_begin(subject: Subject) -> str | None:
    """Say why no chat with the bot comes to its first question, or None where one does."""
    try:
        Session(subject, 0).chat.run()
    except ChatError as error:
        return str(error)
    return None
