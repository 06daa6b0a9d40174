"""Promises about one chat: the bodies, headers and delays of its calls, and whom it lets in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.chat import Do, Expect, Inject, User
from pytest_botpenguin_otp.journal import Breach, Calling, UserSaid
from pytest_botpenguin_otp.properties.cases import CODE, PLACE
from pytest_botpenguin_otp.properties.cases import WRONG as WRONG_CODE
from pytest_botpenguin_otp.properties.session import Session, turns
from pytest_botpenguin_otp.properties.telling import broken, conversation, showing
from pytest_botpenguin_otp.properties.way import cooperate, way_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_botpenguin_otp.chat import Step
    from pytest_botpenguin_otp.properties.cases import Case
    from pytest_botpenguin_otp.properties.session import Turn
    from pytest_botpenguin_otp.properties.subject import Subject
    from pytest_botpenguin_otp.properties.telling import Broken
    from pytest_botpenguin_otp.wire import Request

    Look = Callable[[Session], tuple[str, str] | None]

__all__ = ["MOST_WRONG", "auth", "bodies", "is_asked", "no_end", "retry", "success", "timing", "way_to_success"]

MOST_WRONG = 5
"""So many wrong codes in a row may be tried in one chat: PSD2 RTS art. 4 (3) (b)."""

MOST_STEPS = 30
PRESSED = "it fails until the bot is mended; take out what is pressed where the bot no longer offers it"
UNASKED = "it fails until the bot is mended; type {{code}} where the bot then asks for the code"
TOO_LONG = "it fails until the bot is mended; then take out the turns for which the chat is over"

BODIES = "whatever the user types, every request keeps its contract"
AUTH = "every request carries its Authorization header: there, not blank, no placeholder"
SUCCESS = "the right code lets the user in, whatever the number, the code and the detour"
NO_WAY = "there is a way to log in"
WRONG = "a wrong code lets nobody in"
AGAIN = "right after a wrong code the right one lets the user in"
ENDS = f"attempts end: after {MOST_WRONG} wrong codes no further one is taken"


def timing_promise() -> str:
    """Return the promise of the delays, with the figures of the contract."""
    wanted = contracts.timing()
    return f"{wanted.send_to_verify_s} s pass between a send and its verify, {wanted.reverify_s} s before another one"


def bodies(subject: Subject, case: Case) -> Broken | None:
    """Hold the bodies of all requests against their contracts, and each code against the field it is in."""
    remedy = (
        "Ask for what the contract wants before the call, and let no other text stand in the body: "
        "systemOtp is the code that was sent, userOtp what was typed."
    )
    return _unbreached(subject, case, _wrong_body, BODIES, remedy)


def auth(subject: Subject, case: Case) -> Broken | None:
    """Hold the headers of all requests against their contract."""
    remedy = "Give the api the header Authorization with a secret, as ${BOTPENGUIN_TOKEN}."
    return _unbreached(subject, case, lambda session: _breach(session, "botpenguin/headers"), AUTH, remedy)


def timing(subject: Subject, case: Case) -> Broken | None:
    """Hold the virtual time between the calls against the timing contract."""
    wanted = contracts.timing()
    remedy = (
        f"Set the component's delay to {wanted.send_to_verify_s} where a send comes before it, "
        f"and to {wanted.reverify_s} or more where only a verify does."
    )
    return _unbreached(subject, case, lambda session: _breach(session, "timing"), timing_promise(), remedy)


def _unbreached(subject: Subject, case: Case, look: Look, promise: str, remedy: str) -> Broken | None:
    session = Session(subject, case.seed)
    for number, _ in enumerate(turns(session, case.steps), 1):
        found = look(session)
        if found is not None:
            at, told = found
            steps = case.steps[:number]
            note = PRESSED if any(isinstance(step, Do) and step.action != "restart" for step in steps) else None
            chat = conversation(subject, steps, case.seed, name=promise)
            return showing(broken(session, promise, told, remedy, at), chat, note=note)
    return None


def _wrong_body(session: Session) -> tuple[str, str] | None:
    return _swapped(session) or _breach(session, "botpenguin/", "botpenguin/headers")


def _swapped(session: Session) -> tuple[str, str] | None:
    """Return the component whose verify call first told the code that was sent as the one that was typed."""
    codes = {sent.code for sent in session.world.botpenguin.sent}
    typed: set[str] = set()
    for event in session.world.journal.plain:
        if isinstance(event, UserSaid):
            typed.add(event.text)
        elif isinstance(event, Calling) and event.role == "verify":
            system, user = _pair(event.request)
            if user in codes - typed and system in typed - codes:
                return event.component, "the two codes are swapped: what was typed is systemOtp, what was sent userOtp"
    return None


def _pair(request: Request) -> tuple[object, object]:
    try:
        body = request.json()
    except (ValueError, RecursionError):
        return None, None
    return (str(body.get("systemOtp")), str(body.get("userOtp"))) if isinstance(body, dict) else (None, None)


def _breach(session: Session, contract: str, apart: str | None = None) -> tuple[str, str] | None:
    """Return the component whose request broke the contract first, and how."""
    at = ""
    for event in session.world.journal.plain:
        if isinstance(event, Calling):
            at = event.component
        elif isinstance(event, Breach) and event.by == "flow" and _is_about(event, contract, apart):
            return at, "; ".join(event.faults)
    return None


def _is_about(event: Breach, contract: str, apart: str | None) -> bool:
    return event.contract.startswith(contract) and event.contract != apart


def way_to_success(subject: Subject, seed: int) -> Broken | None:
    """Look for a way to log in; where there is none, tell what became of the user who got farthest."""
    found, session, steps = way_in(subject, seed)
    if found:
        return None
    coded = any(isinstance(step, User) and CODE in step.text for step in steps)
    asked = "the right code was typed" if coded else "the code was never asked for"
    sent = "" if session.world.botpenguin.sent else "no code was sent; "
    ended = session.stopped or f"the chat came to {session.chat.at.partition('/')[2]} ({session.chat.ended})"
    told = f"a user who answered everything well did not get in: {sent}{asked}; {ended}"
    remedy = "Lead from the verify call that says yes to a component that the bot file lists as protected."
    expect = Expect(place=PLACE, verified=True)
    chat = conversation(subject, steps, seed, name=NO_WAY, expect=expect)
    return showing(broken(session, NO_WAY, told, remedy), chat, note=None if coded else UNASKED)


def is_asked(subject: Subject, seed: int) -> Broken | None:
    """Look for a question for the code; where nobody is asked, there is nothing to try again."""
    found, session, steps = way_in(subject, seed)
    if found or any(isinstance(step, User) and CODE in step.text for step in steps):
        return None
    remedy = "Ask for the code after the send, and save it to the attribute that userOtp holds."
    told = broken(session, AGAIN, "the code is never asked for, so nobody can type it, again or at all", remedy)
    expect = Expect(place=PLACE, verified=True)
    return showing(told, conversation(subject, steps, seed, name=AGAIN, expect=expect), note=UNASKED)


def success(subject: Subject, case: Case) -> Broken | None:
    """Hold the bot to letting in whoever types the right code."""
    return _right_is_right(subject, case, SUCCESS)


def retry(subject: Subject, case: Case) -> Broken | None:
    """Hold the bot to refusing wrong codes, to taking the right one after them, and to an end of attempts."""
    return _wrong_is_wrong(subject, case) or _right_is_right(subject, case, AGAIN)


def _right_is_right(subject: Subject, case: Case, promise: str) -> Broken | None:
    if any(isinstance(step, Inject) for step in case.steps):
        return None
    session = Session(subject, case.seed)
    pending: Turn | None = None
    for number, turn in enumerate(turns(session, case.steps), 1):
        if isinstance(turn.step, Do):
            pending = None
        elif pending is None and _is_right(subject, turn):
            pending = turn
        if session.chat.delayed:
            continue
        if session.chat.verified:
            return None
        if pending is not None and _refused(session):
            return _told_refused(session, case.steps[:number], case.seed, pending, promise)
    return None


def _is_right(subject: Subject, turn: Turn) -> bool:
    return turn.at in subject.code_questions and turn.code is not None and turn.typed == turn.code


def _refused(session: Session) -> bool:
    """Say whether nobody was let in: the chat is over, or asks for a code again."""
    return session.asked() is None or session.asks_code()


def _told_refused(session: Session, steps: tuple[Step, ...], seed: int, pending: Turn, promise: str) -> Broken:
    at = pending.at.partition("/")[2]
    ended = session.chat.ended
    then = "the chat asks for a code again" if ended == "waiting" else f"the chat is over ({ended})"
    told = f"the right code was typed at {at}, and nobody was let in: {then}"
    if pending.code is not None and pending.code.startswith("0"):
        told += "; the code begins with 0"
    remedy = (
        "Save the code of the send's answer, send it as systemOtp and what is typed as userOtp, both as text of any "
        "length, and lead from the verify call that says yes to a protected component."
    )
    found = broken(session, promise, told, remedy, pending.at)
    expect = Expect(place=PLACE, verified=True)
    return showing(found, conversation(session.subject, steps, seed, name=promise, expect=expect))


def _wrong_is_wrong(subject: Subject, case: Case) -> Broken | None:
    session = Session(subject, case.seed)
    given: Turn | None = None
    before = 0
    for number, turn in enumerate(turns(session, case.steps), 1):
        if isinstance(turn.step, Do) and turn.step.action == "restart":
            before = _count(session)
        if _gives_code(subject, turn):
            given = turn
        if session.chat.delayed or given is None or given.typed == given.code:
            continue
        if session.chat.verified:
            return None if turn.verified else _told_let_in(session, case.steps[:number], case.seed, given)
        if _count(session) - before > MOST_WRONG:
            return _told_endless(session, case.steps[:number], case.seed, given.at)
    return None


def _gives_code(subject: Subject, turn: Turn) -> bool:
    """Say whether a code question was answered, or left."""
    answered = isinstance(turn.step, User) or (isinstance(turn.step, Do) and turn.step.action == "skip")
    return turn.at in subject.code_questions and answered and turn.code is not None


def _count(session: Session) -> int:
    return sum(count for _, count in _verifies(session))


def _told_let_in(session: Session, steps: tuple[Step, ...], seed: int, turn: Turn) -> Broken:
    told = f"at {turn.at.partition('/')[2]} something else than the newest code was given, and the user was let in"
    remedy = "Let nothing but the verify call's own yes lead to a protected component."
    expect = Expect(place=PLACE, verified=False)
    chat = conversation(session.subject, steps, seed, name=WRONG, expect=expect)
    return showing(broken(session, WRONG, told, remedy, turn.at), chat)


def _told_endless(session: Session, steps: tuple[Step, ...], seed: int, at: str) -> Broken:
    told = f"more than {MOST_WRONG} wrong codes were tried in one chat, at last at {at.partition('/')[2]}"
    remedy = "Give each attempt components of its own, and let the last one end the chat."
    calls = tuple((api, min(count, MOST_WRONG)) for api, count in _verifies(session))
    chat = conversation(session.subject, steps, seed, name=ENDS, expect=Expect(place=PLACE, calls=calls))
    return showing(broken(session, ENDS, told, remedy, at), chat, note=TOO_LONG)


def no_end(subject: Subject, seed: int) -> Broken | None:
    """Type wrong codes as long as codes are asked for; tell where that has no end."""
    session = Session(subject, seed)
    steps: list[Step] = []
    while not session.chat.verified and len(steps) < MOST_STEPS:
        steps += cooperate(session)
        if not session.asks_code():
            return None
        at = session.chat.at
        steps.append(User(place=PLACE, text=WRONG_CODE))
        session.take(steps[-1])
        session.asked()
        if _count(session) > MOST_WRONG:
            return _told_endless(session, tuple(steps), seed, at)
    return None


def _verifies(session: Session) -> Iterator[tuple[str, int]]:
    for name, api in session.subject.bot.apis.items():
        if api.role == "verify" and session.chat.calls(name):
            yield name, len(session.chat.calls(name))
