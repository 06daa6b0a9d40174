"""What a chat cannot do, and chats that go round, begin again or never began."""

import asyncio

import httpx
import pytest
from driving import asking, bot_of, start

from pytest_botpenguin_otp.errors import ArgumentError, ChatError, FileError
from pytest_botpenguin_otp.journal import Ended
from pytest_botpenguin_otp.runner import AsyncFlowRunner
from pytest_botpenguin_otp.world import World


def ended():
    """Return a chat that is over."""
    return start(bot_of("{a: {type: end_chat}}"))


def backed():
    """Return a chat that could go back."""
    chat = start(asking(allow_back=True))
    chat.user("x")
    return chat


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (
            lambda: ended().user("abc"),
            "The user cannot say anything here: the chat is over (end_chat) at a (b.yaml:7).",
        ),
        (
            lambda: ended().do("skip"),
            "The chat offers no 'skip' here: it is over (end_chat) at a (b.yaml:7). It offers: restart.",
        ),
        (lambda: backed().do("skp"), "There is no action 'skp'. Did you mean 'skip'? Known: back, restart, skip."),
        (
            lambda: start(asking()).do("skip"),
            "The chat offers no 'skip' here: it is waiting for an answer at a (b.yaml:7).",
        ),
        (
            lambda: start(asking()).during_delay("x"),
            "The bot does not wait for a delay here: the chat is waiting for an answer at a (b.yaml:7).",
        ),
        (lambda: ended().calls("Onw"), "The bot has no api 'Onw'. Did you mean 'Own'? Known: Own, Send, Verify."),
        (
            lambda: start(bot_of("{a: {type: message, message: x, next: b}, b: {type: redirect, flow: main}}")),
            "the flow goes round without asking the user: ",
        ),
    ],
)
def test_cannot(act, told):
    """What cannot be done at this point of a chat is told with the place, and never with what was typed."""
    with pytest.raises(ChatError) as caught:
        act()
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda: start(asking()).user(271828), "user(text) wants a text, in quotes; it got a value of type int."),
        (lambda: start(asking()).during_delay(None), "during_delay(text) wants a text, in quotes"),
        (lambda: start(asking()).wait("5"), "wait(seconds) wants a number of virtual seconds"),
        (lambda: start(None), "start(bot) wants the path of a bot file, or a bot that was read from one"),
        (lambda: start(asking(), service=httpx), "start(service=...) wants a function that answers requests"),
        (lambda: start(asking(), attributes="v"), "start(attributes=...) wants a mapping of names to texts"),
        (lambda: start(asking(), attributes={"v": 1}), "start(attributes=...) of 'v' wants a text, in quotes"),
        (lambda: asyncio.run(AsyncFlowRunner(World()).start(asking(), service=5)), "client, awaited or not"),
    ],
)
def test_wrong_type(act, told):
    """An argument of another type is refused with what is wanted, and never shown, since it may be a code."""
    with pytest.raises(ArgumentError) as caught:
        act()
    assert told in str(caught.value)
    assert "271828" not in str(caught.value)


def test_loop():
    """A loop is told with its way round and a way out."""
    with pytest.raises(ChatError) as caught:
        start(bot_of("{a: {type: message, message: x, next: b}, b: {type: message, message: x, next: a}}"))
    told = str(caught.value)
    assert "a -> b -> a" in told or "b -> a -> b" in told
    assert told.startswith("b.yaml:7: ")
    assert told.endswith("Put a question into the round, or let it end.")


def test_restart_after_end():
    """A chat that is over can be begun anew."""
    chat = ended()
    chat.do("restart")

    assert [event.how for event in chat.world.journal.of(Ended)] == ["end_chat", "end_chat"]


def test_no_bot(tmp_path):
    """A bot file that cannot be read is refused as everywhere."""
    with pytest.raises(FileError):
        start(tmp_path / "none.bot.yaml")
