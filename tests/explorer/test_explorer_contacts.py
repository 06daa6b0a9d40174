"""Why one chat at a time is searched: what another contact does in between changes nothing of it."""

import re
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.bot import Choice
from pytest_botpenguin_otp.errors import ChatError
from pytest_botpenguin_otp.journal import Answered, BotSaid, Calling, Ended, SmsArrived
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.wire import Response
from pytest_botpenguin_otp.world import World

TESTS = Path(__file__).parents[1]
FILES = {path.relative_to(TESTS).as_posix(): path for path in sorted((TESTS / "bots").rglob("*.bot.yaml"))}
SHARED = "bots/AU21-breaks.bot.yaml"
"""The bot that sends every code to one phone."""
NUMBERS = {"first": "+1 415 555 0123", "second": "+44 7700 900142"}
ANSWERS = {"email": "someone@example.com", "numeric_input": "7", "name": "Robin"}
TYPED = ("right", "right", "wrong", "again", "", "none")
CODE = re.compile(r"(?<![0-9+])[0-9]{6}(?![0-9])")
MOST = 12


class Contact:
    """One contact's chat, answering by itself: `plan` says what is typed where a code is asked for."""

    def __init__(self, name, bot, world, plan):
        self.name, self.bot, self.world, self.plan = name, bot, world, list(plan)
        self.lost = False
        self.chat = FlowRunner(world).start(bot, contact=name)

    def say(self):
        """Answer the question that waits; at the end of a chat, nothing."""
        if self.chat.ended != "waiting" or self.lost:
            return
        try:
            self.chat.user(self._answer())
        except ChatError:  # the flow goes round without asking
            self.lost = True

    def _answer(self):
        *_, asked = (event for event in self.world.journal.of(BotSaid) if event.contact == self.name and event.question)
        component = self.bot.components[asked.component]
        if isinstance(component, Choice):
            return component.options[0].text
        if component.kind == "phone_number" or component.save == "phone":
            return NUMBERS[self.name]
        if component.save != self.bot.code_attribute:
            return ANSWERS.get(component.kind, "hello")
        planned = self.plan.pop(0) if self.plan else "right"
        codes = [CODE.findall(event.text)[0] for event in self.world.journal.of(SmsArrived)]
        mine = self.world.handset(self.name).code() if codes else "nothing"
        return {"right": mine, "wrong": f"{mine}-1"}.get(planned, planned)


def seen(name, world):
    """Return all that one contact's chat says, calls and gets, with its codes named in their order, and no times."""
    told = []
    for event in world.journal.events:
        if getattr(event, "contact", "") != name:
            continue
        match event:
            case BotSaid():
                told.append(f"says {event.text}")
            case Calling():
                told.append(f"calls {event.api} {event.request.body.decode()}")
            case Answered():
                told.append(f"gets {event.silence or event.response.status} {event.response and event.response.body}")
            case Ended():
                told.append(f"ends {event.how}")
    names = {}
    return [CODE.sub(lambda found: names.setdefault(found[0], f"code {len(names)}"), line) for line in told]


def played(path, profile, plans, turns):
    """Return what is seen of the first contact's chat, with so many turns of the second one before its own."""
    bot, world = bots.load(path), World(PROFILES[profile])
    for url in ("".join(getattr(part, "text", "") for part in api.url) for api in bot.apis.values()):
        if "botpenguin.com" not in url and "twilio.com" not in url:  # those are answered by their fakes
            world.mount(url, lambda _: Response(status=200, body=b"{}"))
    first = Contact("first", bot, world, plans[0])
    second = Contact("second", bot, world, plans[1]) if any(turns) else None
    for number in range(MOST):
        for _ in range(turns[number % len(turns)]):
            second.say()
        first.say()
    return seen("first", world)


SOME = settings(database=None, derandomize=True, deadline=None, max_examples=2, phases=[Phase.generate])
PLANS = st.lists(st.sampled_from(TYPED), max_size=4)


@pytest.mark.parametrize("name", [known for known in FILES if known != SHARED])
@SOME
@given(
    profile=st.sampled_from(["mismatch-400", "pessimist"]),
    plans=st.tuples(PLANS, PLANS),
    turns=st.lists(st.integers(0, 2), min_size=1, max_size=4).filter(any),
)
def test_another_contact_changes_nothing(name, profile, plans, turns):
    """Whatever a second contact does in the meantime, the first one's chat says, sends and gets the same."""
    alone = played(FILES[name], profile, plans, (0,))

    assert alone
    assert played(FILES[name], profile, plans, turns) == alone


def test_what_is_shared_shows():
    """Where all codes go to one phone, a second contact does change the first one's chat: AU21 tells that."""
    plans = (("right",), ("right",))

    assert played(FILES[SHARED], "mismatch-400", plans, (0,)) != played(FILES[SHARED], "mismatch-400", plans, (0, 0, 2))
