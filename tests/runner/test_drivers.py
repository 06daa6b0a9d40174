"""A chat is driven the same way, sync or awaited, in process or over HTTP, and in virtual time."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from pytest_botpenguin_otp import bot
from pytest_botpenguin_otp.errors import ArgumentError, ChatError, FileError
from pytest_botpenguin_otp.journal import Answered, BotSaid, Breach, Calling, Ended, UserDid, UserSaid
from pytest_botpenguin_otp.runner import AsyncFlowRunner, FlowRunner
from pytest_botpenguin_otp.transports.http import AsyncOtpTransport, OtpTransport, through, through_async
from pytest_botpenguin_otp.transports.respx_routes import mounted
from pytest_botpenguin_otp.wire import Response, json_response
from pytest_botpenguin_otp.world import World

SOUND = Path(__file__).parent.parent / "examples" / "sound" / "phone-login.bot.yaml"
PHONE = "+1 415 555 0123"
KINDS = (BotSaid, UserSaid, UserDid, Answered, Ended)
OWN = "https://own.example.test/"


def bot_of(components, more=""):
    """Make a bot of one flow with an API of its own, and one with the role of each OTP service."""
    verify = '{systemOtp: "{{v}}", userOtp: "{{v}}"}'
    return bot.parse(
        "format: botpenguin-otp/bot@1\nname: B\n"
        f"apis:\n  Own: {{method: GET, url: '{OWN}', save: {{v: v}}}}\n"
        "  Verify: {method: POST, url: 'https://api.v7.botpenguin.com/integrations/custom-feature/verify-user-otp',"
        f" headers: {{Authorization: '${{T}}'}}, body: {verify}}}\n"
        "  Send: {method: POST, role: send, url: 'https://own.example.test/send'}\n"
        f"flows: {{main: {{start: a, components: {components}}}}}\n{more}",
        "b.yaml",
    )


def asking(**settings):
    """Make a bot that asks twice with a delay between."""
    told = json.dumps(settings)[1:-1]
    extra = f", {told}" if told else ""
    return bot_of(
        "{a: {type: text_question, message: one, save: v, next: b}, "
        "b: {type: message, message: wait, delay: 5, next: c}, "
        f"c: {{type: text_question, message: two, save: w, next: d{extra}}}, d: {{type: end_chat, message: bye}}}}"
    )


def start(made, world=None, **settings):
    """Start a chat."""
    return FlowRunner(world or World()).start(made, **settings)


def login(chat):
    """Log in with the second try."""
    for text in (PHONE, "0000", None):
        yield chat.world.handset().code() if text is None else text


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
        (lambda: ended().user("abc"), "The user cannot say 3 characters: the chat is over (end_chat) at a (b.yaml:7)."),
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
        (lambda: asyncio.run(AsyncFlowRunner(World()).start(asking(), service=5)), "wants an awaited function"),
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


def test_no_bot(tmp_path):
    """A bot file that cannot be read is refused as everywhere."""
    with pytest.raises(FileError):
        start(tmp_path / "none.bot.yaml")


CALL = "{a: {type: api, api: Own, responses: {'200': b, others: c, no_response: d}}, "
CALL += "b: {type: end_chat, message: good}, c: {type: end_chat, message: bad}, d: {type: end_chat, message: none}}"


@pytest.mark.parametrize(
    ("answer", "said", "elapsed", "silence"),
    [
        (json_response(200, {"v": "x"}), "good", 0, None),
        (Response(status=500), "bad", 0, None),
        (Response(status=200, elapsed_ms=30_000), "good", 30, None),
        (Response(status=200, elapsed_ms=30_001), "none", 30, "timeout"),
    ],
)
def test_answers(answer, said, elapsed, silence):
    """A call takes the time that its answer took; one that takes longer than the profile waits is given up."""
    world = World()
    world.mount(OWN, lambda _: answer)
    chat = start(bot_of(CALL), world)
    (made,) = chat.calls("Own")

    assert (chat.said, chat.now, made.silence) == ((said,), elapsed, silence)
    assert (made.role, made.status) == (None, None if silence else answer.status)


@pytest.mark.parametrize(
    ("kind", "elapsed"), [({"timeout": True, "delay": 2}, 30), ({"reset": True, "delay": 2}, 2), ({"lost": True}, 30)]
)
def test_silence(kind, elapsed):
    """Silence lasts as long as the profile waits; a reset ends it at once."""
    world = World()
    world.botpenguin.fail(send=kind)
    chat = start(SOUND, world)
    chat.user(PHONE)

    assert (chat.now, chat.calls()[0].silence, chat.calls()[0].status) == (elapsed, next(iter(kind)), None)
    assert chat.ended == "live_chat"


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


def test_contract_of_requests():
    """A flow's request that breaks its contract is a breach by the flow: body, headers, and who is to blame."""
    world = World()
    start(bot_of("{a: {type: api, api: Send, responses: {others: b}}, b: {type: end_chat}}"), world)

    assert [event.contract for event in world.journal.of(Breach)] == ["botpenguin/send-request", "botpenguin/headers"]
    assert all("(in Send)" in line and line.startswith("The flow broke") for line in world.failures())


@pytest.mark.parametrize(
    ("delays", "told"),
    [
        ((5, 2), []),
        ((4, 2), ["verified 4 s after the send; the guide asks for 5 s"]),
        ((5, 1), ["verified again after 1 s; the guide asks for 2 s"]),
        (
            (0, 0),
            ["verified 0 s after the send; the guide asks for 5 s", "verified again after 0 s; the guide asks for 2 s"],
        ),
    ],
)
def test_timing(delays, told):
    """A verify that comes too early after the send, or after the last verify, is a breach of the timing."""
    first, again = delays
    text = SOUND.read_text(encoding="utf-8")
    head, tail = text.split("verify_2:\n        type: api\n        api: Verify OTP\n        delay: 5\n")
    head = head.replace("api: Verify OTP\n        delay: 5\n", f"api: Verify OTP\n        delay: {first}\n")
    made = bot.parse(f"{head}verify_2:\n        type: api\n        api: Verify OTP\n        delay: {again}\n{tail}")
    chat = start(made)
    for typed in login(chat):
        chat.user(typed)

    assert [
        line.removeprefix("The flow broke the contract timing: ").removesuffix(" (in Verify OTP)")
        for line in chat.world.failures()
    ] == told


def test_verify_without_send():
    """A verify with no send before it breaks no timing; an empty code is none of the contract's business."""
    chat = start(bot_of("{a: {type: api, api: Verify, responses: {others: b}}, b: {type: end_chat}}"))

    assert chat.world.failures() == ()
