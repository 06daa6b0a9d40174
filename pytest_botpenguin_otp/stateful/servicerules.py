"""The machine that talks to a service: what may be asked of it at any time."""

from __future__ import annotations

from abc import abstractmethod
from math import ceil
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from pytest_botpenguin_otp.stateful.guesses import BROKEN_VALUES, SPELLED, WRONG, typed
from pytest_botpenguin_otp.stateful.ledger import LIFETIME_S
from pytest_botpenguin_otp.stateful.services import MALFORMED, NOT_SENT

if TYPE_CHECKING:
    from pytest_botpenguin_otp.stateful.asking import Issued
    from pytest_botpenguin_otp.stateful.services import ServiceTalk

__all__ = ["WAITS", "ServiceMachine"]

WAITS = (0, 601, 600, 599, 1, 2, 4, 5, 29, 30)
"""Seconds on both sides of what is bounded."""
BEFORE_CODE = st.sampled_from((0, 601, 600, 599))
WHO = st.integers(0, 3)
SHARES = st.sampled_from((0.8, 0.5, 0.2))
"""How many of the wrong codes that are borne at most."""
RIGHT = (*["the right code"] * 2 * len(SPELLED), *SPELLED)
TEXTS = tuple(WRONG)
NEARLY = tuple(what for what in WRONG if what.startswith(("the code with", "the first digit")))
UNSIGNED = ("verify", "send")
BAD_CALLS = ("the same text as both codes, before any send", *UNSIGNED, *BROKEN_VALUES, *MALFORMED)


class ServiceMachine(RuleBasedStateMachine):
    """Calls of two contacts, in any order; what each rule does is told by its name."""

    timed = False

    def __init__(self) -> None:
        super().__init__()
        self.talk = self.talks()
        self._guesses = 0

    @abstractmethod
    def talks(self) -> ServiceTalk:
        """Begin a conversation with contacts that nobody has seen before."""

    @abstractmethod
    def passes(self, seconds: int) -> None:
        """Let so many seconds pass for the service."""

    def _newest(self, who: int) -> Issued | None:
        """Return a contact's newest code; ask for one where there is none yet."""
        if self.talk.newest(who) is None:
            self.talk.send(who)
        return self.talk.newest(who)

    @rule(who=WHO)
    def send(self, who: int) -> None:
        """Ask for a first code, or for a new one."""
        self.talk.send(who)

    @rule(who=WHO, what=st.sampled_from(RIGHT), after=BEFORE_CODE, again=st.booleans())
    def right_code(self, who: int, what: str, after: int, again: bool) -> None:  # noqa: FBT001  # hypothesis gives names
        """Type the right code, as it is or as people do, after some time, once or twice."""
        who = self.talk.unspoiled(who)
        newest = self._newest(who)
        if self.timed and after:
            self.wait(after)
        for _ in range(1 + again):
            self._type(who, what, newest)

    @rule(who=WHO, what=st.sampled_from(NEARLY))
    def nearly_the_code(self, who: int, what: str) -> None:
        """Type what is nearly the code, before a lock refuses it for another reason."""
        who = self.talk.unspoiled(who)
        self._type(who, what, self._newest(who))

    @rule(who=WHO, first=st.integers(0, len(TEXTS) - 1))
    def other_texts(self, who: int, first: int) -> None:
        """Type other texts: that one and all before it, so that the one which gets in is soon alone in a report."""
        who = self.talk.unspoiled(who)
        newest = self._newest(who)
        for what in TEXTS[first::-1]:
            self._type(who, what, newest)

    @rule(who=WHO, share=st.sampled_from((1.0, 0.5)))
    def guess(self, who: int, share: float) -> None:
        """Guess several times in a row, and type the right code in the end."""
        self._newest(who)
        self._guess(who, share)
        self._type(who, "the right code", self.talk.newest(who))

    @rule(who=WHO, before=SHARES, after=SHARES)
    def guess_over_a_resend(self, who: int, before: float, after: float) -> None:
        """Guess, ask for a new code, and guess on."""
        self._newest(who)
        self._guess(who, before)
        self.talk.send(who)
        self.guess(who, after)

    @rule(who=WHO, own=st.booleans())
    def previous_code(self, who: int, own: bool) -> None:  # noqa: FBT001
        """Type the code before the newest, with the answer of its own send or of the newest."""
        self._newest(who)
        if self.talk.previous(who) is None:
            self.talk.send(who)
        previous = self.talk.previous(who)
        if previous is not None:
            what = "the code before the newest" + (", with the answer of its own send" if own else "")
            self.talk.verify(who, what, previous.code, previous.reference if own else None)

    @rule(who=WHO)
    def other_contact(self, who: int) -> None:
        """Type the other contact's code."""
        other = self._newest(who + 1)
        if self._newest(who) is not None and other is not None:
            self.talk.verify(who, "the code of the next contact", other.code)

    @precondition(lambda self: self.timed)
    @rule(seconds=st.sampled_from(WAITS))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.passes(seconds)
        self.talk.passed(seconds)

    @precondition(lambda self: self.timed)
    @rule(who=WHO, what=st.sampled_from(RIGHT), after=st.sampled_from((LIFETIME_S + 1, LIFETIME_S + 59)))
    def too_late(self, who: int, what: str, after: int) -> None:
        """Ask for a code, and type it too late; by name and arguments the last to which a worse bug is shrunk."""
        who = self.talk.unspoiled(who)
        self.talk.send(who)
        self.wait(after)
        self._type(who, what, self.talk.newest(who))

    @rule(who=WHO, first=st.integers(0, len(BAD_CALLS) - 1))
    def bad_calls(self, who: int, first: int) -> None:
        """Make calls that no service may take: that one and all before it."""
        if self.talk.newest(who) is None:
            self.talk.verify(who, BAD_CALLS[0], NOT_SENT, NOT_SENT)
        self._newest(who)
        for what in BAD_CALLS[first:0:-1]:
            if what in UNSIGNED:
                self.talk.unsigned(who, what)
            else:
                self.talk.malformed(who, what)

    def _guess(self, who: int, share: float) -> None:
        newest = self.talk.newest(who)
        for _ in range(ceil(share * self.talk.attempts) if newest is not None else 0):
            self._guesses += 1
            self._type(who, "another code", newest)

    def _type(self, who: int, what: str, newest: Issued | None) -> None:
        if newest is not None:
            self.talk.verify(who, what, typed(what, newest.code, self._guesses))
