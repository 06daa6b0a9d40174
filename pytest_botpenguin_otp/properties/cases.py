"""Cases: a conversation with the subject's bot, thought of turn by turn while it is tried out, and its world's seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pytest_botpenguin_otp.bot import Choice, Question
from pytest_botpenguin_otp.chat import Do, Early, Inject, User, Wait
from pytest_botpenguin_otp.errors import ChatError
from pytest_botpenguin_otp.explorer.services import stream
from pytest_botpenguin_otp.properties.session import Session
from pytest_botpenguin_otp.strategies.codes import wrong_codes
from pytest_botpenguin_otp.strategies.faults import faults
from pytest_botpenguin_otp.strategies.phones import COUNTRIES, nearly_numbers, possible_numbers, typed_numbers

if TYPE_CHECKING:
    from pytest_botpenguin_otp.chat import Step
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.properties.subject import Subject

__all__ = [
    "BREAKING",
    "CODE",
    "INJECTED",
    "PLACE",
    "WRONG",
    "Case",
    "Manner",
    "cases",
    "first_seed",
    "good_answer",
    "seeds",
    "telling_seeds",
]

PLACE = "generated"
CODE = "{{code}}"
PREVIOUS = "{{previous_code}}"
WRONG = "000000"
"""A wrong code for every world: no service here ever sends it."""
GOOD = {"email": "anna@example.com", "name": "Anna", "numeric_input": "7"}
FEW_SEEDS = 64
EVERY_SEED = st.integers(0, 10**6)
LONGEST_SILENCE_S = 40
FAULTY = 33

PER_CENT = st.integers(0, 99)
ONCE = faults().map(lambda fault: replace(fault, nth=1, times=1))
INJECTED = '1","systemOtp":"1'
BREAKING = ('"', "\\", INJECTED, '"}', "{{system_otp}}", "{{user_otp}}", "${TWILIO_AUTH_TOKEN}", "\n", "null")
OTHER_DIGITS = (
    "".join(chr(ord(zero) + digit) for digit in range(1, 7))
    for zero in "\N{ARABIC-INDIC DIGIT ZERO}\N{DEVANAGARI DIGIT ZERO}\N{FULLWIDTH DIGIT ZERO}"
)
NASTY = st.one_of(
    st.sampled_from(BREAKING),
    st.sampled_from(["", " ", *OTHER_DIGITS]),
    st.sampled_from([200, 2000]).map("x".__mul__),
    st.text(max_size=20),
)
SILENCES = st.integers(1, LONGEST_SILENCE_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A conversation's steps and the seed of the world that it is held in."""

    steps: tuple[Step, ...]
    seed: int

    def __repr__(self) -> str:
        return f"<a case of {len(self.steps)} steps>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a user is: the odds, in per cent, of what they do at each turn.

    `wrong` codes instead of the right one; `nasty` texts and `typos` in a number; `lively`: silence, words during a
    delay, skip, back, restart; `faulty`: something goes wrong at a service. At most `turns` turns; `on`: also
    after the login. Services fail in some cases only, since in these less can be promised.
    """

    wrong: int = 30
    nasty: int = 0
    typos: int = 0
    lively: int = 0
    faulty: int = 0
    turns: int = 8
    on: bool = False


@lru_cache(maxsize=64)
def telling_seeds(profile: Profile) -> tuple[int, ...]:
    """Return seeds whose first codes differ in what matters: an ordinary one first, zeros in front, near the front."""
    known = {seed: stream(profile, seed, 2) for seed in range(FEW_SEEDS)}
    plain = [seed for seed, (first, second) in known.items() if first[0] != "0" and second[0] != "0"]
    zero = [seed for seed, (first, _) in known.items() if first[0] == "0"]
    later = [seed for seed, (first, second) in known.items() if first[0] != "0" == second[0]]
    return (*plain[:1], *zero[:3], *later[:2], *plain[1:3])


def first_seed(profile: Profile) -> int:
    """Return the seed of a world whose codes are ordinary."""
    return telling_seeds(profile)[0]


def seeds(profile: Profile) -> st.SearchStrategy[int]:
    """Give seeds of worlds: mostly few whose codes are telling, and any."""
    few = st.sampled_from(telling_seeds(profile))
    return st.one_of(few, few, EVERY_SEED)


@st.composite
def cases(draw: st.DrawFn, subject: Subject, manner: Manner) -> Case:
    """Give cases that can be played to their end: nobody speaks after it, no code is quoted that did not arrive."""
    seed = draw(seeds(subject.profile))
    maker = _Maker(draw, Session(subject, seed), manner)
    for _ in range(manner.turns):
        try:
            if not maker.turn():
                break
        except ChatError:
            break
    return Case(steps=tuple(maker.steps), seed=seed)


class _Maker:
    """Thinks of the next step, and takes it."""

    def __init__(self, draw: st.DrawFn, session: Session, manner: Manner) -> None:
        self.steps: list[Step] = []
        self._draw, self._session = draw, session
        self._manner = manner if manner.faulty and self._happens(FAULTY) else replace(manner, faulty=0)

    def turn(self) -> bool:
        """Take one more turn; say whether there may be another."""
        if self._happens(self._manner.faulty):
            self._take(Inject(place=PLACE, faults=(self._draw(ONCE),)))
        if self._happens(self._manner.lively):
            self._act()
        asked = self._session.asked()
        if asked is None or (self._session.chat.verified and not self._manner.on):
            return False
        if self._manner.lively and isinstance(asked, Question) and asked.allow_skip and self._happens(25):
            self._take(Do(place=PLACE, action="skip"))
        else:
            self._take(User(place=PLACE, text=self._answer(asked)))
        while self._session.chat.delayed and self._happens(self._manner.lively):
            self._delayed()
        return True

    def _happens(self, per_cent: int) -> bool:
        return per_cent > 0 and self._draw(PER_CENT) >= 100 - per_cent

    def _take(self, step: Step) -> None:
        self._session.take(step)
        self.steps.append(step)

    def _act(self) -> None:
        """Press something that is offered here, or stay silent."""
        asked = self._session.asked()
        back = isinstance(asked, Question) and asked.allow_back and len(self._session.chat.said) > 1
        if asked is None or self._happens(50):
            self._take(Wait(place=PLACE, seconds=self._draw(SILENCES)))
        elif not back or self._happens(50):
            self._take(Do(place=PLACE, action="restart"))
        else:
            self._back()

    def _back(self) -> None:
        """Press Back, which the first question of a chat does not offer."""
        try:
            self._take(Do(place=PLACE, action="back"))
        except ChatError:
            return

    def _delayed(self) -> None:
        """Speak too early, or stay silent for a part of the delay."""
        if self._happens(50):
            self._take(Wait(place=PLACE, seconds=self._draw(SILENCES) % 8 + 1))
        else:
            self._take(Early(place=PLACE, text=self._wrong()))

    def _answer(self, asked: Question | Choice) -> str:
        if self._session.asks_code() and not isinstance(asked, Choice):
            nasty = self._happens(self._manner.nasty)
            return self._draw(NASTY) if nasty else self._wrong() if self._happens(self._manner.wrong) else CODE
        if isinstance(asked, Choice):
            return self._draw(st.sampled_from([option.text for option in asked.options]))
        if asked.kind == "phone_number":
            return self._number(asked)
        return self._draw(NASTY) if self._happens(self._manner.nasty) else good_answer(asked)

    def _number(self, asked: Question) -> str:
        if self._happens(self._manner.typos):
            return self._draw(nearly_numbers())
        countries = [known for known in COUNTRIES if known in asked.countries] or COUNTRIES
        number = self._draw(possible_numbers(tuple(countries)))
        return self._draw(typed_numbers(number)) if self._happens(50) else number

    def _wrong(self) -> str:
        code = self._session.code()
        if code is None:
            return WRONG
        known = [WRONG, INJECTED, f"0{CODE}", *self._session.subject.tempting]
        if self._session.code(1) is not None:
            known.append(PREVIOUS)
        return (
            self._draw(st.sampled_from(known)) if not self._happens(50) else self._held(self._draw(wrong_codes(code)))
        )

    def _held(self, text: str) -> str:
        """Write the newest code inside a text by its name, so that no code stands in a chat file."""
        code = self._session.code()
        return text if code is None else text.replace(code, CODE)


def good_answer(asked: Question | Choice) -> str:
    """Return an answer that the question takes; a reserved number to a phone question, the right code to any text."""
    if isinstance(asked, Choice):
        return asked.options[0].text
    if asked.kind == "phone_number":
        return "+447700900123" if "GB" in asked.countries[:1] else "+14155550123"
    return GOOD.get(asked.kind, "hello")
