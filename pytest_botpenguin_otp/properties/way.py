"""The shortest way to a login that a cooperative user finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import Choice
from pytest_botpenguin_otp.chat import User
from pytest_botpenguin_otp.errors import ChatError
from pytest_botpenguin_otp.properties.cases import CODE, PLACE, good_answer
from pytest_botpenguin_otp.properties.session import Session

if TYPE_CHECKING:
    from pytest_botpenguin_otp.bot import Question
    from pytest_botpenguin_otp.chat import Step
    from pytest_botpenguin_otp.properties.subject import Subject

__all__ = ["MOST_ANSWERS", "cooperate", "way_in"]

MOST_ANSWERS = 20
MOST_WAYS = 200


def way_in(subject: Subject, seed: int) -> tuple[bool, Session, tuple[Step, ...]]:
    """Return whether a user who answers well can log in, and the chat: the shortest one, or the one that got farthest.

    Whatever the options of a choice lead to is tried, up to 200 ways of at most 20 answers.
    """
    waiting: list[tuple[str, ...]] = [()]
    best: tuple[Session, tuple[Step, ...]] | None = None
    for _ in range(MOST_WAYS):
        if not waiting:
            break
        chosen = waiting.pop(0)
        session, steps, choice = _walk(subject, seed, chosen)
        if session.chat.verified:
            return True, session, steps
        if choice is not None:
            waiting.extend((*chosen, option.text) for option in choice.options)
        elif best is None or _far(session) > _far(best[0]):
            best = session, steps
    session, steps = best or _walk(subject, seed, ())[:2]
    return False, session, steps


def _far(session: Session) -> tuple[int, int]:
    return len(session.chat.calls()), len(session.chat.said)


def _walk(subject: Subject, seed: int, chosen: tuple[str, ...]) -> tuple[Session, tuple[Step, ...], Choice | None]:
    """Answer well, choosing as told; stop at the first choice that nothing is told of."""
    session, left = Session(subject, seed), list(chosen)
    steps: list[Step] = []
    try:
        for _ in range(MOST_ANSWERS):
            asked = session.asked()
            if asked is None or session.chat.verified or (session.asks_code() and _typed(steps)):
                break
            if isinstance(asked, Choice) and not left:
                return session, tuple(steps), asked
            steps.append(_answered(session, asked, left.pop(0) if isinstance(asked, Choice) else None))
    except ChatError as error:
        session.stopped = str(error)
    return session, tuple(steps), None


def _typed(steps: list[Step]) -> bool:
    return any(isinstance(step, User) and step.text == CODE for step in steps)


def _answered(session: Session, asked: Question | Choice, chosen: str | None = None) -> Step:
    text = chosen or (CODE if session.asks_code() else good_answer(asked))
    step = User(place=PLACE, text=text)
    session.take(step)
    return step


def cooperate(session: Session, *, most: int = MOST_ANSWERS) -> tuple[Step, ...]:
    """Answer well until the chat asks for the code, the user is in or the chat is over; return the steps."""
    steps: list[Step] = []
    for _ in range(most):
        asked = session.asked()
        if asked is None or session.chat.verified or session.asks_code():
            break
        steps.append(_answered(session, asked))
    return tuple(steps)
