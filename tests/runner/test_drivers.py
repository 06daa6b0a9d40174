"""A chat is driven the same way, sync or awaited, in process or over HTTP, and in virtual time."""

import asyncio

import httpx
import pytest
from driving import PHONE, SOUND, asking, bot_of, login, start

from pytest_botpenguin_otp.errors import ChatError
from pytest_botpenguin_otp.journal import Answered, BotSaid, Calling, Ended, UserDid, UserSaid
from pytest_botpenguin_otp.runner import AsyncFlowRunner
from pytest_botpenguin_otp.transports.http import AsyncOtpTransport, OtpTransport, through, through_async
from pytest_botpenguin_otp.transports.respx_routes import mounted
from pytest_botpenguin_otp.world import World

KINDS = (BotSaid, UserSaid, UserDid, Answered, Ended)


def test_login():
    """A chat runs to its next question by itself, delays included, and knows how it stands."""
    chat = start(SOUND)
    assert (chat.said, chat.ended, chat.at, chat.now) == (
        ("What is your phone number?",),
        "waiting",
        "main/ask_phone",
        0,
    )

    for text in login(chat):
        chat.user(text)

    assert (chat.verified, chat.ended, chat.now, chat.said[-1]) == (True, "end_chat", 10, "Welcome!")
    assert [made.status for made in chat.calls()] == [200, 400, 200]
    assert [made.sent_ms for made in chat.calls("Verify OTP")] == [5000, 10_000]
    assert chat.attributes["verified"] == "true"
    assert chat.world.failures() == ()
    assert repr(chat) == "<chat of user at main/bye, end_chat, 10.0 s>"


def journal_of(world):
    """Return what every way of driving must agree on, the HTTP messages' own headers left out."""
    short = []
    for event in world.journal.events:
        if isinstance(event, Calling):
            short.append((event.now_ms, event.api, event.call, event.request.url, event.request.body))
        elif isinstance(event, Answered):
            answer = event.response
            short.append((event.now_ms, event.call, event.silence, answer and (answer.status, answer.body)))
        elif isinstance(event, KINDS):
            short.append(event)
    return short


def in_process(world):
    """Drive a chat in process."""
    chat = start(SOUND, world)
    for text in login(chat):
        chat.user(text)


def awaited(world):
    """Drive an awaited chat in process."""

    async def drive():
        chat = await AsyncFlowRunner(world).start(SOUND)
        for text in login(chat):
            await chat.user(text)

    asyncio.run(drive())


def over_http(world):
    """Drive a chat through an httpx client."""
    with httpx.Client(transport=OtpTransport(world)) as client:
        chat = start(SOUND, world, service=through(client))
        for text in login(chat):
            chat.user(text)


def awaited_over_http(world):
    """Drive an awaited chat through an httpx client."""

    async def drive():
        async with httpx.AsyncClient(transport=AsyncOtpTransport(world)) as client:
            chat = await AsyncFlowRunner(world).start(SOUND, service=through_async(client))
            for text in login(chat):
                await chat.user(text)

    asyncio.run(drive())


def over_respx(world):
    """Drive a chat through respx routes."""
    with mounted(world), httpx.Client() as client:
        chat = start(SOUND, world, service=through(client))
        for text in login(chat):
            chat.user(text)


FAULTS = [{}, {"send": {"delay": 3}}, {"send": {"timeout": True}}, {"verify": {"reset": True}}]
LOST = {"send": {"lost": True}}


@pytest.mark.parametrize(
    ("drive", "fault"),
    [
        *((drive, fault) for drive in (awaited, over_http, awaited_over_http, over_respx) for fault in FAULTS),
        *((drive, LOST) for drive in (awaited, over_http, awaited_over_http)),
    ],
)
def test_same_journal(drive, fault):
    """However a chat is driven, the same happens at the same moments, under faults too."""
    worlds = World(seed=7), World(seed=7)
    for world, way in zip(worlds, (in_process, drive), strict=True):
        world.botpenguin.fail(**fault)
        try:
            way(world)
        except ChatError as error:
            world.failed(str(error))

    assert journal_of(worlds[0]) == journal_of(worlds[1])


def test_same_bytes():
    """The same seed gives the same journal and the same transcript, to the byte."""
    worlds = World(seed=7), World(seed=7)
    chats = [start(SOUND, world) for world in worlds]
    for chat in chats:
        for text in login(chat):
            chat.user(text)

    assert worlds[0].journal.events == worlds[1].journal.events
    assert chats[0].transcript().encode() == chats[1].transcript().encode()


def test_transcript():
    """A transcript tells the chat and its calls, and neither number, code nor secret."""
    chat = start(SOUND)
    for text in login(chat):
        chat.user(text)
    told = chat.transcript()

    assert "user     [phone 1]" in told
    assert "user     [code 1]" in told
    for hidden in (PHONE, "4155550123", chat.world.handset().code(), *chat.world.secrets.by_field.values()):
        assert hidden not in told


def test_hold():
    """With hold, a chat stops where a delay begins; what is said then is said early."""
    chat = start(asking())
    chat.user("x", hold=True)
    assert (chat.delayed, chat.said, chat.now) == (True, ("one",), 0)

    chat.during_delay("hello?", hold=True)
    assert chat.delayed
    chat.during_delay("hello?")

    assert (chat.delayed, chat.said, chat.now) == (False, ("one", "wait", "two"), 5)
    assert [event.early for event in chat.world.journal.of(UserSaid)] == [False, True, True]


def test_next_delay():
    """One delay can be let pass at a time."""
    chat = start(asking())
    chat.user("x", hold=True)

    assert [chat.next_delay(), chat.next_delay()] == [True, False]
    assert chat.said == ("one", "wait", "two")


def test_hold_at_start():
    """A chat that begins with a delay can be held there."""
    chat = start(bot_of("{a: {type: end_chat, delay: 5, message: bye}}"), hold=True)
    assert (chat.said, chat.delayed) == ((), True)

    chat.run()

    assert (chat.said, chat.now) == (("bye",), 5)


def test_wait():
    """Waiting moves virtual time, and delays that end meanwhile end at their own moment."""
    chat = start(asking())
    chat.user("x", hold=True)
    chat.wait(2.5)
    assert (chat.now, chat.delayed) == (2.5, True)

    chat.wait(60)

    assert (chat.now, chat.delayed) == (62.5, False)
    assert [event.now_ms for event in chat.world.journal.of(BotSaid)] == [0, 5000, 5000]


@pytest.mark.parametrize(
    ("action", "said"), [("skip", ("two", "bye")), ("back", ("two", "one")), ("restart", ("two", "one"))]
)
def test_do(action, said):
    """Skip, back and restart do what they say where they are offered, and are in the journal."""
    chat = start(asking(allow_skip="true", allow_back="true"))
    chat.user("x")
    chat.do(action)

    assert chat.said[2:] == said
    assert [(event.action, event.component) for event in chat.world.journal.of(UserDid)] == [(action, "main/c")]


def test_do_and_hold():
    """A press can be held at the delay after it."""
    made = bot_of(
        "{a: {type: text_question, message: one, save: v, next: b, allow_skip: true}, "
        "b: {type: end_chat, delay: 5, message: bye}}"
    )
    chat = start(made)
    chat.do("skip", hold=True)

    assert (chat.said, chat.delayed) == (("one",), True)


def test_left_over():
    """Attributes of an earlier chat are there from the start."""
    assert start(SOUND, attributes={"system_otp": "111111"}).attributes == {"system_otp": "111111"}


def test_contacts():
    """Two contacts in one world have chats and handsets of their own."""
    world = World()
    chats = {name: start(SOUND, world, contact=name) for name in ("user", "anna")}
    chats["user"].user(PHONE)
    chats["anna"].user("+44 7700 900123")

    assert world.handset("user").code() != world.handset("anna").code()
    chats["anna"].user(world.handset("user").code())
    assert chats["anna"].said[-2] == "That code is not right."


def test_async_chat():
    """An awaited chat offers the same: holding, early words, waiting, pressing."""
    world = World()

    async def drive():
        chat = await AsyncFlowRunner(world).start(asking(allow_back="true"))
        await chat.user("x", hold=True)
        await chat.during_delay("hello?", hold=True)
        await chat.wait(5)
        await chat.do("back")
        return chat

    chat = asyncio.run(drive())

    assert chat.said == ("one", "wait", "two", "one")
    assert chat.now == 5
