"""Metamorphic checks: one conversation in two worlds, in which what should make no difference is different."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import Question
from pytest_botpenguin_otp.chat import Do, Expect, Inject, Speaker, User
from pytest_botpenguin_otp.errors import ChatError
from pytest_botpenguin_otp.machine.answers import phone
from pytest_botpenguin_otp.properties.cases import CODE, PLACE, WRONG
from pytest_botpenguin_otp.properties.session import Session, played, turns
from pytest_botpenguin_otp.properties.sights import Sight, branches, difference, sights
from pytest_botpenguin_otp.properties.way import cooperate, way_in
from pytest_botpenguin_otp.world import USER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from pytest_botpenguin_otp.chat import Step
    from pytest_botpenguin_otp.properties.cases import Case
    from pytest_botpenguin_otp.properties.subject import Subject
    from pytest_botpenguin_otp.wire import Middleware, Request, Response, Service

__all__ = ["Differs", "blanks", "interleaved", "later", "more_fields", "one_failure", "other_digits", "other_number",
           "second_chat", "turned_keys"]  # fmt: skip

DIGITS = re.compile(r"[0-9]{4,}")
TURNED = str.maketrans("0123456789", "7301942658")
"""A permutation of the digits that leaves none where it is; 0 becomes 7, and 2 becomes 0."""
LATER_MS = 12_345_678
ANNA = "anna"
NO_CALLS: Mapping[str, int] = MappingProxyType({})
NUMBERS = ({"1": "+14155550147", "44": "+447700900147"}, {"1": "+14165550158", "44": "+447700900258"})
"""Two reserved numbers of each calling code."""
UNKNOWN = {"x_unknown": "1", "x_later": {"success": False, "otp": WRONG}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """Two chats that were to be the same: what differs first, the second of them, and how a chat file says it."""

    told: str
    session: Session
    steps: tuple[Step, ...] | None = None
    expect: Expect | None = None


def _run(subject: Subject, case: Case, steps: Sequence[Step]) -> Session:
    return played(Session(subject, case.seed), steps)


@lru_cache(maxsize=1)
def _as_it_is(subject: Subject, case: Case) -> Session:
    """Return the conversation as it goes when nothing is different; every check of a case looks at it."""
    return _run(subject, case, case.steps)


def _compared(
    one: Session, other: Session, see: Callable[[Session, str], tuple[Sight, ...]], steps: tuple[Step, ...] | None
) -> Differs | None:
    told = difference(see(one, USER), see(other, USER))
    if told is None:
        return None
    return Differs(told=told, session=other, steps=steps, expect=_expected(one))


def _expected(one: Session, before: Mapping[str, int] = NO_CALLS) -> Expect:
    """Return what is to be true at the end of a chat that goes as `one` did, after calls that were made before."""
    chat = one.of(USER)
    made = {api: len(chat.calls(api)) + before.get(api, 0) for api in one.subject.bot.apis}
    return Expect(place=PLACE, verified=chat.verified, ended=chat.ended, calls=tuple(made.items()))


def other_digits(subject: Subject, case: Case) -> Differs | None:
    """Permute the digits of all codes: the chat takes the same branches."""
    other = Session(subject, case.seed, layers=[_permuting], read=_turned)
    steps = tuple(
        replace(step, text=_turned(step.text)) if _at_code(subject, turn_at) and isinstance(step, User) else step
        for step, turn_at in _placed(subject, case)
    )
    return _compared(_as_it_is(subject, case), played(other, steps), branches, None)


def _turned(text: str) -> str:
    return DIGITS.sub(lambda found: found[0].translate(TURNED), text)


def _permuting(service: Service) -> Service:
    """Give other codes to the bot: those of the answers to its sends, digit by digit."""

    def answer(request: Request) -> Response:
        response = service(request)
        body = response.body
        if b"toNumber" in request.body:
            body = re.sub(rb"[0-9]{4,}", lambda found: found[0].translate(_BYTES), body)
        return replace(response, body=body)

    return answer


_BYTES = bytes(TURNED.get(byte, byte) if chr(byte) in "0123456789" else byte for byte in range(256))


@lru_cache(maxsize=1)
def _placed(subject: Subject, case: Case) -> tuple[tuple[Step, str], ...]:
    """Pair each step with the component that it was taken at."""
    taken = [turn.at for turn in turns(Session(subject, case.seed), case.steps)]
    return tuple((step, taken[number] if number < len(taken) else "") for number, step in enumerate(case.steps))


def _at_code(subject: Subject, at: str) -> bool:
    return at in subject.code_questions


def other_number(subject: Subject, case: Case) -> Differs | None:
    """Give another number of the same country: all is the same but for the number."""
    plain, steps = (_numbered(subject, case, number) for number in NUMBERS)
    return _compared(_run(subject, case, plain), _run(subject, case, steps), _untimed, steps)


def _numbered(subject: Subject, case: Case, numbers: Mapping[str, str]) -> tuple[Step, ...]:
    """Give that number of its country wherever one is given."""
    return tuple(_with_number(subject, step, at, numbers) for step, at in _placed(subject, case))


def _with_number(subject: Subject, step: Step, at: str, numbers: Mapping[str, str]) -> Step:
    asked = subject.bot.components.get(at)
    if not (isinstance(step, User) and isinstance(asked, Question) and asked.kind == "phone_number"):
        return step
    known = phone(step.text, asked.countries)
    return step if known is None else replace(step, text=numbers[known.country])


def _untimed(session: Session, contact: str) -> tuple[Sight, ...]:
    return tuple(sight._replace(at_ms=0) for sight in sights(session, contact))


def later(subject: Subject, case: Case) -> Differs | None:
    """Begin the chat hours later: everything is later by as much."""
    other = played(Session(subject, case.seed, began_ms=LATER_MS), case.steps)
    return _compared(_as_it_is(subject, case), other, sights, None)


def turned_keys(subject: Subject, case: Case) -> Differs | None:
    """Turn the order of the keys in each answer round: nothing changes."""
    other = played(Session(subject, case.seed, layers=[_rewriting(_reversed)]), case.steps)
    return _compared(_as_it_is(subject, case), other, sights, None)


def more_fields(subject: Subject, case: Case) -> Differs | None:
    """Add fields that nobody knows to each answer: nothing changes."""
    other = played(Session(subject, case.seed, layers=[_rewriting(_extended)]), case.steps)
    return _compared(_as_it_is(subject, case), other, sights, None)


def _rewriting(change: Callable[[object], object]) -> Middleware:
    """Change each answer that is a JSON object."""

    def layer(service: Service) -> Service:
        def answer(request: Request) -> Response:
            response = service(request)
            try:
                tree = response.json()
            except (ValueError, RecursionError):
                return response
            if not isinstance(tree, dict):
                return response
            return replace(response, body=json.dumps(change(tree), ensure_ascii=False).encode())

        return answer

    return layer


def _reversed(tree: object) -> object:
    if not isinstance(tree, dict):
        return tree
    return {name: _reversed(part) for name, part in reversed(tree.items())}


def _extended(tree: object) -> object:
    if not isinstance(tree, dict):
        return tree
    return {"x_first": "0"} | {name: _extended(part) for name, part in tree.items()} | UNKNOWN


def second_chat(subject: Subject, case: Case) -> Differs | None:
    """Chat after a login, on the same contact: it goes as the first chat of a new contact does.

    What is asked only once in a lifetime may be left out, unless it is the code.
    """
    found, session, before = way_in(subject, case.seed)
    if not found:
        return None
    once = {part.id for part in subject.bot.components.values() if _once(subject, part)}
    restart = Do(place=PLACE, action="restart")
    since = len(session.world.journal)
    made = {api: len(session.chat.calls(api)) for api in subject.bot.apis}
    steps = [*before, restart, *_again(subject, case, session, restart, once)]
    first = _as_it_is(subject, case)
    fresh = branches(first, USER)
    again = branches(session, USER, since=since)
    told = difference(*(tuple(sight for sight in seen if sight.where not in once) for seen in (fresh, again)))
    if told is None:
        return None
    return Differs(told=told, session=session, steps=tuple(steps), expect=_expected(first, made))


def _again(subject: Subject, case: Case, session: Session, restart: Step, once: Collection[str]) -> list[Step]:
    """Begin the chat anew and have the same conversation, but for what is not asked any more; return its steps."""
    taken: list[Step] = []
    try:
        session.take(restart)
        for step, at in _placed(subject, case):
            session.asked()
            if at in once and session.chat.at != at:
                continue
            session.take(step)
            taken.append(step)
    except ChatError as error:
        session.stopped = str(error)
    session.asked()
    return taken


def _once(subject: Subject, part: object) -> bool:
    return isinstance(part, Question) and part.skip_if_answered and part.id not in subject.code_questions


def interleaved(subject: Subject, case: Case) -> Differs | None:
    """Let two contacts chat at the same time: each sees what it would see alone."""
    if any(isinstance(step, Inject) for step in case.steps):
        return None
    ours, theirs = (_numbered(subject, case, numbers) for numbers in NUMBERS)
    steps: list[Step] = []
    for mine, other in zip(ours, theirs, strict=True):
        steps += [Speaker(place=PLACE, name=USER), mine, Speaker(place=PLACE, name=ANNA), other]
    steps = [*steps[1:], Speaker(place=PLACE, name=USER)]
    if not ours:
        return None
    together = _run(subject, case, steps)
    alone = {ANNA: _run(subject, case, theirs), USER: _run(subject, case, ours)}
    if any(session.stopped for session in alone.values()):
        return None
    for contact, session in alone.items():
        told = difference(_untimed(session, USER), _untimed(together, contact))
        if told is not None:
            shown = steps if contact == USER else steps[:-1]
            return Differs(told=told, session=together, steps=tuple(shown), expect=_expected(session))
    return None


def blanks(subject: Subject, case: Case) -> Differs | None:
    """Add blanks to a right code: it counts as right or as wrong, and as the same for every code."""
    at = next((number for number, step in enumerate(case.steps) if _text(step) == CODE), None)
    if at is None:
        return None
    blank = (*case.steps[:at], User(place=PLACE, text=f" {CODE} "))
    known = (case.steps[: at + 1], (*case.steps[:at], User(place=PLACE, text=WRONG)), blank)
    ends = [branches(_run(subject, case, steps), USER) for steps in known]
    session = _run(subject, case, blank)
    if ends[2] not in (ends[0], ends[1]) and not _not_taken(session):
        told = "a right code with blanks around it counts neither as right nor as wrong"
        return Differs(told=told, session=session, steps=blank)
    other = Session(subject, case.seed, layers=[_permuting], read=_turned)
    told_of = difference(ends[2], branches(played(other, blank), USER))
    return None if told_of is None else Differs(told=f"with other digits {told_of}", session=other)


def _text(step: Step) -> str | None:
    return step.text if isinstance(step, User) else None


def _not_taken(session: Session) -> bool:
    """Say whether the last answer was not taken, and the question asked again."""
    calls = session.chat.calls()
    return session.asks_code() and (not calls or calls[-1].role == "send")


def one_failure(subject: Subject, case: Case) -> Differs | None:
    """Type a wrong code, then the right one: it ends as the right one alone does, where the flow offers that."""
    right, wrong = Session(subject, case.seed), Session(subject, case.seed)
    try:
        cooperate(right)
        alone = _typed(right, CODE)
        steps = [*cooperate(wrong), User(place=PLACE, text=WRONG)]
        _typed(wrong, WRONG)
        steps += cooperate(wrong)
        after = _typed(wrong, CODE)
    except ChatError:
        return None
    if alone == after or None in (alone, after):
        return None
    told = f"the right code alone: {alone}; after a wrong one: {after}"
    steps.append(User(place=PLACE, text=CODE))
    expect = Expect(place=PLACE, verified=right.chat.verified, ended=right.chat.ended)
    return Differs(told=told, session=wrong, steps=tuple(steps), expect=expect)


def _typed(session: Session, text: str) -> str | None:
    """Type a text at a code question, and return what came of it in words; None where no code is asked for."""
    if not session.asks_code():
        return None
    said = len(session.chat.said)
    session.take(User(place=PLACE, text=text))
    session.asked()
    texts = " ".join(repr(text) for text in session.chat.said[said:])
    verdict = "let in" if session.chat.verified else "not let in"
    return f"{verdict}, {session.chat.ended}, {texts or 'nothing said'}"
