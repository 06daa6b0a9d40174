"""What services answer, or do not, and whether calls keep their contract and their time."""

import pytest
from driving import OWN, PHONE, SOUND, bot_of, login, start

from pytest_botpenguin_otp import bot
from pytest_botpenguin_otp.journal import Breach
from pytest_botpenguin_otp.wire import Response, json_response
from pytest_botpenguin_otp.world import World

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
