"""What users type, turn by turn, and whole conversations with a bot."""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pytest_botpenguin_otp.bot import Bot, Choice, Question
from pytest_botpenguin_otp.chat import Conversation, Inject, Step, User
from pytest_botpenguin_otp.errors import ChatError, NoCodeError, check_type
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES, Profile
from pytest_botpenguin_otp.runner import FlowChat, FlowRunner
from pytest_botpenguin_otp.strategies.codes import codes, typed_codes, wrong_codes
from pytest_botpenguin_otp.strategies.faults import faults
from pytest_botpenguin_otp.strategies.phones import nearly_numbers, typed_numbers
from pytest_botpenguin_otp.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["conversations", "user_turns"]

PLACE = "generated"
CODE = "{{code}}"
PREVIOUS = "{{previous_code}}"
ODDS = 5
WORDS = st.sampled_from(["again", "hello", "yes", "no", "stop", "help", "", " ", "what code?"])
PHONES = st.one_of(typed_numbers(), typed_numbers(), nearly_numbers())
TEXTS = st.one_of(WORDS, codes(), st.text(max_size=20))
ANYTHING = st.one_of(TEXTS, PHONES)
BY_KIND = {
    "phone_number": PHONES,
    "email": st.one_of(st.sampled_from(["anna@example.com", " bert@example.org "]), TEXTS),
    "numeric_input": st.one_of(st.integers(-9, 99).map(str), TEXTS),
}
"""What is typed at questions that do not take any text: mostly what they take."""
FAULTS = faults()
CHANCE = st.integers(0, ODDS)


def user_turns(asked: Question | Choice | None = None, *, code: str | None = None) -> st.SearchStrategy[str]:
    """Give what a user types where `asked` is the question (None: nobody knows what was asked).

    With `code`, the code in the newest SMS, `{{code}}` for it and texts that are like it are among them.
    """
    check_type("user_turns(asked)", asked, (Question, Choice, NoneType), "a question of a bot, or None")
    if isinstance(asked, Choice):
        return st.sampled_from([option.text for option in asked.options]) | WORDS
    kind = asked.kind if isinstance(asked, Question) else ""
    if kind in ("phone_number", "email"):
        return BY_KIND[kind]
    if code is not None:
        return st.one_of(st.just(CODE), WORDS, wrong_codes(code), typed_codes(code))
    if kind in BY_KIND:
        return BY_KIND[kind]
    return ANYTHING if asked is None else TEXTS


def conversations(
    bot: Bot,
    *,
    profile: Profile = PROFILES[DEFAULT],
    seed: int = 0,
    max_turns: int = 6,
    faulty: bool = True,
) -> st.SearchStrategy[Conversation]:
    """Give conversations with `bot`: what a user types, and with `faulty` faults between, at most `max_turns` turns.

    Each is tried out while it is made, so that it can be played to its end under `profile` and `seed`: nobody speaks
    after the end, and no code is quoted that did not arrive.
    """
    check_type("conversations(bot)", bot, Bot, "a bot, such as pytest_botpenguin_otp.bot.load(PATH)")
    check_type("conversations(profile=...)", profile, Profile, "a profile, as pytest_botpenguin_otp.profile.find gives")
    check_type("conversations(seed=...)", seed, int, "a whole number")
    check_type("conversations(max_turns=...)", max_turns, int, "a whole number")
    return _tried(bot, lambda: World(profile, seed), max_turns, faulty=faulty)


@st.composite
def _tried(draw: st.DrawFn, bot: Bot, new_world: Callable[[], World], max_turns: int, *, faulty: bool) -> Conversation:
    places = [f"{PLACE}:{number}" for number in range(1, max_turns + 1)]
    steps = tuple(_steps(draw, bot, new_world(), places, faulty=faulty))
    return Conversation(name="generated", place=PLACE, profile=None, seed=None, steps=steps)


def _steps(draw: st.DrawFn, bot: Bot, world: World, places: Iterable[str], *, faulty: bool) -> Iterator[Step]:
    chat = FlowRunner(world).start(bot, hold=True)
    for place in places:
        if faulty and draw(CHANCE) == ODDS:
            fault = draw(FAULTS)
            world.faults.add(fault)
            yield Inject(place=place, faults=(fault,))
        if not _goes_on(chat):
            return
        text = draw(user_turns(_asked(bot, chat), code=_code(world)))
        if not _heard(chat, text, _code(world)):
            return
        yield User(place=place, text=text)


def _goes_on(chat: FlowChat) -> bool:
    chat.run()
    return chat.ended == "waiting"


def _asked(bot: Bot, chat: FlowChat) -> Question | Choice | None:
    component = bot.components[chat.at]
    return component if isinstance(component, Question | Choice) else None


def _heard(chat: FlowChat, text: str, code: str | None) -> bool:
    """Say `text` as a conversation means it; return whether the chat could hear it."""
    try:
        chat.user(code if text == CODE and code is not None else text, hold=True)
    except ChatError:
        return False
    return True


def _code(world: World) -> str | None:
    try:
        return world.handset().code()
    except NoCodeError:
        return None
