"""The pure step: one state and one event make the next state and what must now be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import ApiCall, Choice, End, IfElse, Message, Question, Redirect
from pytest_botpenguin_otp.machine import answers, conditions, paths, render, state
from pytest_botpenguin_otp.machine.model import LOOP_LIMIT
from pytest_botpenguin_otp.machine.state import Ask, Call, Did, Passed, Replied, Said, Say, Silent, Started, State, Wait
from pytest_botpenguin_otp.template import parse
from pytest_botpenguin_otp.values import Origin, Text, Value, plain

if TYPE_CHECKING:
    from pytest_botpenguin_otp.bot import Component
    from pytest_botpenguin_otp.machine.model import Machine
    from pytest_botpenguin_otp.machine.state import Effect, Event
    from pytest_botpenguin_otp.template import Template

__all__ = ["can", "question", "step"]


def step(machine: Machine, before: State, event: Event) -> tuple[State, tuple[Effect, ...]]:
    """Answer `event`: the state after it, and what must now be done, in order.

    An event that cannot happen in this state (an answer when nothing was called, words after the end) changes nothing
    but the time.
    """
    draft = _Draft(machine, before, event.now_ms)
    at = machine.bot.components.get(before.at)
    called = at if before.phase == "calling" and isinstance(at, ApiCall) else None
    match event:
        case Said(text=text) if at is not None:
            _said(draft, text)
        case Passed():
            if before.phase == "delayed" and event.now_ms >= before.due_ms:
                draft.phase = "acting"
        case Replied(status=status, body=body) if called is not None:
            _replied(draft, called, status, body)
        case Silent() if called is not None:
            draft.follow(called.responses.get("no_response"))
        case Started(left_over=left_over) if before.phase == "new":
            draft.attributes = {name: Value(text, Origin("left_over", name)) for name, text in left_over}
            draft.goto(machine.bot.start)
        case Did(action=action):
            _did(draft, action)
    draft.run()
    return draft.done()


def question(machine: Machine, now: State) -> Question | Choice | None:
    """Return the component that waits for an answer, or None."""
    component = machine.bot.components.get(now.at)
    return component if now.phase == "asking" and isinstance(component, Question | Choice) else None


def can(machine: Machine, now: State, action: str) -> bool:
    """Say whether the chat offers `skip` or `back` here; `restart` it always does."""
    if action == "restart":
        return True
    asked = question(machine, now)
    if not isinstance(asked, Question):
        return False
    return asked.allow_skip if action == "skip" else asked.allow_back and bool(_earlier(now))


def _earlier(now: State) -> tuple[str, ...]:
    return tuple(known for known in now.trail if known != now.at)


class _Draft:
    """The next state while it is being made."""

    __slots__ = ("at", "attributes", "before", "call", "due_ms", "effects", "ended", "machine", "now_ms", "phase",
                 "queued", "trail", "turn", "unasked", "verified")  # fmt: skip

    def __init__(self, machine: Machine, before: State, now_ms: int) -> None:
        self.machine = machine
        self.before = before
        (self.at, self.phase, _, self.due_ms, attributes, self.turn, self.call, self.verified, self.ended, self.trail,
         self.queued, self.unasked) = before  # fmt: skip
        self.now_ms = now_ms
        self.attributes = dict(attributes)
        self.effects: list[Effect] = []

    @property
    def component(self) -> Component:
        return self.machine.bot.components[self.at]

    def say(self, template: Template | None) -> None:
        if template:
            self.effects.append(Say(self.at, self.text(template)))

    def text(self, template: Template) -> Text:
        return render.fill(template, self.attributes, self.machine, self.machine.profile.unset_in_message)

    def plain(self, template: Template) -> str:
        return plain(self.text(template))

    def goto(self, known: str) -> None:
        """Arrive at a component, which acts now or after its delay."""
        self.at = known
        delay_ms = self.component.delay_ms
        if delay_ms:
            self.phase = "delayed"
            self.due_ms = self.now_ms + delay_ms
            self.effects.append(Wait(self.due_ms))
        else:
            self.phase = "acting"

    def run(self) -> None:
        """Let components act, and early answers be taken, until something outside must happen."""
        while self.phase == "acting" or (self.phase == "asking" and self.queued):
            component = self.component
            if self.phase == "acting":
                self._act(component)
            elif isinstance(component, Question | Choice):
                first, *rest = self.queued
                self.queued = tuple(rest)
                _answer(self, component, first)

    def _act(self, component: Component) -> None:
        self.unasked += 1
        bot = self.machine.bot
        if self.unasked > LOOP_LIMIT and self.unasked > 2 * len(bot.components):
            self.end("loop")
            return
        if self.at in bot.protected:
            self.verified = True
        _act(self, component)

    def follow(self, known: str | None) -> None:
        """Go where a response mapping leads, or end the chat where it leads nowhere."""
        if known is None:
            self.end("unmapped")
        else:
            self.goto(known)

    def end(self, how: str) -> None:
        self.phase = "ended"
        self.ended = how
        self.effects.append(state.End(self.at, how))

    def done(self) -> tuple[State, tuple[Effect, ...]]:
        due_ms = self.due_ms if self.phase == "delayed" else 0
        attributes = tuple(self.attributes.items())
        if attributes != self.before.attributes:
            attributes = tuple(sorted(attributes))
        after = State(self.at, self.phase, self.now_ms, due_ms, attributes, self.turn, self.call, self.verified,
                      self.ended, self.trail, self.queued, self.unasked)  # fmt: skip
        return after, tuple(self.effects)


def _act(draft: _Draft, component: Component) -> None:
    match component:
        case Message() | Redirect():
            draft.say(component.message)
            draft.goto(component.next)
        case Question() | Choice():
            _ask(draft, component)
        case ApiCall():
            _call(draft, component)
        case IfElse():
            draft.goto(_chosen(draft, component))
        case _:
            assert isinstance(component, End)  # noqa: S101  # the only kind that is left
            draft.say(component.message)
            draft.end(component.kind)


def _chosen(draft: _Draft, component: IfElse) -> str:
    for branch in component.branches:
        if conditions.holds(branch.when, draft.attributes, draft.plain):
            return branch.next
    return component.otherwise


def _call(draft: _Draft, component: ApiCall) -> None:
    api = draft.machine.bot.apis[component.api]
    draft.call += 1
    draft.phase = "calling"
    body = render.body(api, draft.attributes, draft.machine)
    request = render.request(api, draft.attributes, draft.machine, body)
    draft.effects.append(
        Call(component=draft.at, api=api.name, role=api.role, number=draft.call, request=request, body=body)
    )


def _ask(draft: _Draft, component: Question | Choice) -> None:
    if isinstance(component, Question) and component.skip_if_answered and component.save in draft.attributes:
        draft.goto(component.next)
        return
    draft.phase = "asking"
    draft.effects.append(Ask(draft.at, draft.text(component.message)))


def _said(draft: _Draft, text: str) -> None:
    component = draft.component
    typed = Value(text, Origin("typed", draft.at, draft.turn + 1))
    if draft.phase == "asking" and isinstance(component, Question | Choice):
        draft.turn += 1
        _answer(draft, component, typed)
    elif draft.phase in ("delayed", "calling"):
        draft.turn += 1
        if draft.machine.profile.early_answer == "kept":
            draft.queued = (*draft.queued, typed)


def _answer(draft: _Draft, component: Question | Choice, typed: Value) -> None:
    """Take the answer and go on, or say what is wrong with it and ask again."""
    draft.unasked = 0
    saved, following = _taken(draft, component, typed.text)
    if following is None:
        error = component.error_message if isinstance(component, Question) else None
        draft.say(error or parse(draft.machine.profile.default_error))
        _ask(draft, component)
        return
    if component.save is not None:
        draft.attributes[component.save] = Value(saved, Origin("typed", draft.at, typed.origin.number))
    draft.trail = (*(known for known in draft.trail if known != draft.at), draft.at)
    draft.goto(following)


def _taken(draft: _Draft, component: Question | Choice, text: str) -> tuple[str, str | None]:
    """Return what is saved and where the chat goes on; None where the answer is not taken."""
    if isinstance(component, Choice):
        return text, next((option.next for option in component.options if option.text == text), None)
    accepted = answers.accept(component, text, draft.machine.profile)
    return ("", None) if accepted is None else (accepted, component.next)


def _did(draft: _Draft, action: str) -> None:
    component = draft.component if draft.at else None
    if action == "restart":
        _restart(draft)
    elif can(draft.machine, draft.before, action) and isinstance(component, Question):
        draft.unasked = 0
        if action == "skip":
            draft.goto(component.next)
        else:
            earlier = _earlier(draft.before)
            draft.trail = earlier[:-1]
            draft.goto(earlier[-1])


def _restart(draft: _Draft) -> None:
    kept = draft.machine.profile.restart_attributes == "kept"
    draft.attributes = {
        name: Value(value.text, Origin("left_over", name)) for name, value in draft.attributes.items() if kept
    }
    draft.trail, draft.queued, draft.unasked = (), (), 0
    draft.verified, draft.ended = False, None
    draft.goto(draft.machine.bot.start)


def _replied(draft: _Draft, component: ApiCall, status: int, body: bytes) -> None:
    profile = draft.machine.profile
    api = draft.machine.bot.apis[component.api]
    if api.save and (profile.saves_when == "always" or 200 <= status < 300):  # noqa: PLR2004  # HTTP's own classes
        _save(draft, api.save, body)
    draft.follow(component.responses.get(str(status)) or component.responses.get("others"))


def _save(draft: _Draft, wanted: tuple[tuple[str, str], ...], body: bytes) -> None:
    tree = paths.read(body)
    for attribute, path in wanted:
        text = paths.at(tree, path)
        if text is not None:
            draft.attributes[attribute] = Value(text, Origin("received", path, draft.call))
        elif draft.machine.profile.missing_path == "empty":
            draft.attributes[attribute] = Value("", Origin("unset", attribute))
        elif draft.machine.profile.missing_path == "unset":
            draft.attributes.pop(attribute, None)
