"""The cases that are tried first: what is known to go wrong, each as short as it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import Question
from pytest_botpenguin_otp.chat import Do, Inject, User
from pytest_botpenguin_otp.errors import ChatError
from pytest_botpenguin_otp.faults import Fault
from pytest_botpenguin_otp.properties.cases import BREAKING, CODE, INJECTED, PLACE, WRONG, Case, telling_seeds
from pytest_botpenguin_otp.properties.session import Session
from pytest_botpenguin_otp.properties.way import cooperate, way_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.chat import Step
    from pytest_botpenguin_otp.properties.subject import Subject

__all__ = ["in_bodies", "in_codes", "in_digits", "in_order"]

AT_VERIFY: tuple[dict[str, object], ...] = ({"status": 500}, {"timeout": True}, {"malformed": True}, {"lost": True})
MOST_TRIES = 4


def in_codes(subject: Subject) -> Iterator[Case]:
    """Yield chats in which something tempting is typed instead of the code, or the verify call fails."""
    start = _start(subject)
    for text in (WRONG, f"0{CODE}", INJECTED, "", *subject.tempting):
        yield _typing(subject, start, text, CODE)
    for told in AT_VERIFY:
        fault = Inject(place=PLACE, faults=(Fault.of("botpenguin", "verify", told),))
        yield _typing(subject, (*start, fault), WRONG)


def in_digits(subject: Subject) -> Iterator[Case]:
    """Yield a chat up to the code, then chats with codes of every kind, typed at once or after a wrong one."""
    start = _start(subject)
    yield _typing(subject, start)
    for seed in telling_seeds(subject.profile):
        yield _typing(subject, start, CODE, seed=seed)
        yield _typing(subject, start, WRONG, CODE, seed=seed)


def in_bodies(subject: Subject) -> Iterator[Case]:
    """Yield chats in which a code is typed that breaks JSON, and one in which all that can be skipped is."""
    start = _start(subject)
    yield _typing(subject, start, CODE)
    for text in BREAKING:
        yield _typing(subject, start, text)
    yield _skipping(subject)


def in_order(subject: Subject) -> Iterator[Case]:
    """Yield chats with ever more wrong codes before the right one."""
    start = _start(subject)
    for tries in range(MOST_TRIES):
        yield _typing(subject, start, *[WRONG] * tries, CODE)


def _start(subject: Subject) -> tuple[Step, ...]:
    """Return the shortest way to the question for the code."""
    _, _, steps = way_in(subject, telling_seeds(subject.profile)[0])
    typed = [number for number, step in enumerate(steps) if isinstance(step, User) and step.text == CODE]
    return steps[: typed[0]] if typed else steps


def _typing(subject: Subject, start: tuple[Step, ...], *texts: str, seed: int | None = None) -> Case:
    """Return a chat in which these texts are typed wherever the code is asked for."""
    chosen = telling_seeds(subject.profile)[0] if seed is None else seed
    session, steps = Session(subject, chosen), list(start)
    try:
        for step in start:
            session.take(step)
        for text in texts:
            steps += cooperate(session)
            if not session.asks_code():
                break
            steps.append(User(place=PLACE, text=text))
            session.take(steps[-1])
    except ChatError as error:
        session.stopped = str(error)
    return Case(steps=tuple(steps), seed=chosen)


def _skipping(subject: Subject) -> Case:
    seed = telling_seeds(subject.profile)[0]
    session = Session(subject, seed)
    steps: list[Step] = []
    for _ in range(2 * MOST_TRIES):
        asked = session.asked()
        if asked is None:
            break
        if isinstance(asked, Question) and asked.allow_skip:
            steps.append(Do(place=PLACE, action="skip"))
            session.take(steps[-1])
            continue
        before = len(steps)
        steps += cooperate(session, most=1)
        if len(steps) == before:
            break
    return Case(steps=tuple(steps), seed=seed)
