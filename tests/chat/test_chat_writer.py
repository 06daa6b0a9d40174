"""From conversations to a chat file that reads as them."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp.faults import Fault

SOUND = Path(__file__).parents[1] / "examples" / "sound"
BOT = SOUND / "phone-login.bot.yaml"
PLACE = "written"

texts = st.text(st.characters(codec="utf-8"), max_size=20)
names = st.sampled_from(["user", "visitor", "somebody else"])
faults = st.sampled_from(
    [
        Fault(service="twilio", operation="create", code=21211),
        Fault(service="botpenguin", operation="verify", status=500),
        Fault(service="twilio", operation="create", code=21211, nth=2),
        Fault(service="botpenguin", operation="verify", status=503, body='{"a": "b\n"}', times=3),
        Fault(service="botpenguin", operation="send", lost=True, share=0.5, phone="+14155550123"),
        Fault(service="botpenguin", operation="send", reset=True, share=0.25, seed=7),
        Fault(service="twilio", operation="create", status=503, share=0.5, seed=0),
        Fault(service="botpenguin", operation="send", delay=3, timeout=True),
    ]
)
steps = st.one_of(
    st.builds(chats.User, place=st.just(PLACE), text=texts.filter(lambda text: "{{" not in text)),
    st.builds(chats.Early, place=st.just(PLACE), text=texts),
    st.builds(chats.Bot, place=st.just(PLACE), how=st.sampled_from(["equals", "contains"]), text=texts),
    st.builds(chats.Wait, place=st.just(PLACE), seconds=st.integers(1, 600)),
    st.builds(chats.Do, place=st.just(PLACE), action=st.sampled_from(["skip", "back", "restart"])),
    st.builds(chats.Speaker, place=st.just(PLACE), name=names),
    st.builds(chats.Inject, place=st.just(PLACE), faults=st.tuples(faults)),
    st.builds(
        chats.Expect,
        place=st.just(PLACE),
        verified=st.booleans(),
        ended=st.sampled_from([None, "waiting", "end_chat"]),
        sms=st.none() | st.integers(0, 5),
        elapsed=st.none() | st.sampled_from([0.0, 5.0, 7.5]),
        elapsed_at_least=st.none() | st.sampled_from([0.0, 7.5]),
        calls=st.sampled_from([(), (("Send OTP", 1), ("Verify OTP", 2))]),
        attributes=st.dictionaries(st.sampled_from(["verified", "user_otp"]), texts, max_size=2).map(
            lambda told: tuple(told.items())
        ),
    ),
)
conversations = st.builds(
    chats.Conversation,
    name=texts.filter(bool),
    place=st.just(PLACE),
    steps=st.lists(steps, min_size=1, max_size=6).map(tuple),
    profile=st.sampled_from([None, "mismatch-200"]),
    seed=st.none() | st.integers(0, 99),
    cassette=st.sampled_from([None, "login"]),
    while_offered=st.booleans(),
    attributes=st.sampled_from([(), (("system_otp", "111111"),)]),
)


def unplaced(conversation):
    """Leave out where things stand."""
    return replace(conversation, place=PLACE, steps=tuple(replace(step, place=PLACE) for step in conversation.steps))


@given(st.lists(conversations, min_size=1, max_size=3, unique_by=lambda one: one.name))
def test_what_is_written_reads_as_it_was(told):
    """Whatever is said, a chat file says just that."""
    text = chats.written(told, BOT.name)

    assert [unplaced(one) for one in chats.parse(text, str(SOUND / "test_x.chat.yaml")).conversations] == told


@pytest.mark.parametrize("file", sorted(SOUND.glob("*.chat.yaml")), ids=lambda file: file.name)
def test_an_example_survives(file):
    """The examples' conversations are the same after they were written anew."""
    before = [unplaced(one) for one in chats.load(file).conversations]

    text = chats.written(before, BOT.name)

    assert [unplaced(one) for one in chats.parse(text, str(file)).conversations] == before
