"""A conversation reads as it is written, and what goes another way is told at its step."""

from pathlib import Path

import pytest

from pytest_botpenguin_otp import chat
from pytest_botpenguin_otp.errors import ChatError, UnmatchedRequestError
from pytest_botpenguin_otp.journal import Failed
from pytest_botpenguin_otp.player import ExpectationError, play, world_for
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES
from pytest_botpenguin_otp.transcript import transcript

SOUND = Path(__file__).parent / "examples" / "sound"
LOGIN = chat.load(SOUND / "test_phone_login.chat.yaml")
PROFILE = PROFILES[DEFAULT]
DIFFERENT = """{verified: true, ended: end_chat, sms: 2, elapsed: 1.5, calls: {Send OTP: 2},
        attributes: {phone: x, user_otp: y}}"""
DIFFERENCES = """:8: expected verified to be true, but it is false
expected ended to be 'end_chat', but it is 'waiting'
expected sms to be 2, but it is 1
expected elapsed to be 1.5, but it is 0
expected calls of Send OTP to be 2, but it is 1
expected attribute phone to be 'x', but it is '+14155550123'
expected attribute user_otp to be 'y', but it is ''"""
PHONE = "- user: '+1 415 555 0123'"


def conversation(*steps, settings=""):
    """Read a conversation with the bot of the example."""
    text = "format: botpenguin-otp/chat@1\nbot: phone-login.bot.yaml\nconversations:\n  a:\n"
    text += f"    {settings}\n    steps:\n" + "".join(f"      {step}\n" for step in steps)
    return chat.parse(text, str(SOUND / "x.chat.yaml"))


def played(*steps, settings=""):
    """Play a conversation and return its world."""
    read = conversation(*steps, settings=settings)
    world = world_for(read.conversations[0], PROFILE, 0)
    play(read.conversations[0], read.bot, world)
    return world


def failed(*steps):
    """Play a conversation that fails; return what it tells, and check that the journal tells it too."""
    read = conversation(*steps)
    world = world_for(read.conversations[0], PROFILE, 0)
    with pytest.raises(ExpectationError) as caught:
        play(read.conversations[0], read.bot, world)
    (event,) = world.journal.of(Failed)
    told = str(caught.value).removeprefix(str(SOUND / "x.chat.yaml"))
    assert told.endswith(event.expectation)
    return told


@pytest.mark.parametrize("told", LOGIN.conversations, ids=lambda told: told.name)
@pytest.mark.parametrize("name", ["mismatch-400", "mismatch-200"])
def test_examples(told, name):
    """The example's conversations hold however a mismatch is told, with no contract broken and no fault unused."""
    world = world_for(told, PROFILES[name], 0)
    play(told, LOGIN.bot, world)

    assert world.failures() == ()


@pytest.mark.parametrize("told", LOGIN.conversations, ids=lambda told: told.name)
def test_same_bytes(told):
    """The same seed gives the same journal and the same transcript, to the byte."""
    worlds = [world_for(told, PROFILE, 7) for _ in range(2)]
    for world in worlds:
        play(told, LOGIN.bot, world)
    first, second = worlds

    assert first.journal.events == second.journal.events
    assert transcript(first.journal).encode() == transcript(second.journal).encode()


@pytest.mark.parametrize(
    "steps",
    [
        [PHONE, "- bot: {contains: Enter}"],
        ["- bot: {matches: '^What .*number[?]$'}", PHONE, "- bot: {matches: code}"],
        [PHONE, "- user: '0000'", "- bot: That code is not right.", "- bot: Enter the code once more."],
        [PHONE, "- user: '{{ code }}'", "- expect: {verified: true}", "- bot: Welcome!"],
        [PHONE, "- user: ' {{code}}'", "- bot: That code is not right."],
        [PHONE, "- user: again", "- user: '{{previous_code}}'", "- bot: {contains: not right}"],
        [PHONE, "- as: anna", "- user: '+44 7700 900123'", "- as: user", "- user: '{{code}}'", "- bot: Welcome!"],
        [PHONE, "- do: restart", "- bot: What is your phone number?"],
        [PHONE, "- wait: 60", "- expect: {elapsed: 60, ended: waiting}"],
        [PHONE, "- user: '{{code}}'", "- during_delay: x", "- during_delay: y", "- bot: Welcome!"],
        [PHONE, "- user: '{{code}}'"],
        [
            "- fault: {twilio: {create: 500}}",
            PHONE,
            "- expect: {ended: live_chat, sms: 0, attributes: {phone: '+14155550123'}}",
        ],
        [PHONE, "- expect: {calls: {Send OTP: 1, Verify OTP: 0}, elapsed: 0}"],
        [PHONE, "- bot: {never: Welcome}", "- user: '{{code}}'", "- expect: {elapsed_at_least: 5}"],
    ],
)
def test_holds(steps):
    """A conversation of any kind of step holds where the bot does as it says."""
    assert not list(played(*steps).journal.of(Failed))


WHOLE = "A plain text is the whole message; for a part of it: {contains: ...}"


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (
            ["- bot: What is your"],
            f":7: the bot was to say 'What is your'\nbut said   'What is your phone number?'\n{WHOLE}",
        ),
        (["- bot: Hello"], ":7: the bot was to say 'Hello'\nbut said   'What is your phone number?'"),
        (
            ["- bot: {contains: x}"],
            ":7: the bot was to say something that contains 'x'\nbut said   'What is your phone number?'",
        ),
        ([PHONE, "- bot: {never: ode}"], ":8: the bot was never to say something that matches 'ode'\nbut said   "),
        (["- expect: {elapsed_at_least: 5}"], ":7: expected elapsed to be 5 at least, but it is 0"),
        (
            ["- bot: {matches: ^x}"],
            ":7: the bot was to say something that matches '^x'\nbut said   'What is your phone number?'",
        ),
        (
            ["- bot: {contains: phone}", "- bot: More"],
            ":8: the bot was to say 'More', but says nothing more: the chat waits for an answer.",
        ),
        (
            [PHONE, "- user: '{{code}}'", "- bot: Welcome!", "- bot: More"],
            ":10: the bot was to say 'More', but says nothing more: the chat is over (end_chat).",
        ),
        (
            [PHONE, f"- expect: {DIFFERENT}"],
            DIFFERENCES,
        ),
        (["- do: skip"], ":7: The chat offers no 'skip' here: it is waiting for an answer at ask_phone"),
        (["- during_delay: x"], ":7: The bot does not wait for a delay here: the chat is waiting for an answer"),
        (["- user: '{{code}}'"], ":7: No SMS has reached any handset. Twilio sent none at all."),
        (["- user: '{{previous_code}}'"], ":7: There is no previous code on any handset"),
        (
            ["- as: anna", "- user: '{{code of user}}'"],
            ":8: No SMS has reached any handset. Twilio sent none at all.",
        ),
        (
            [PHONE, "- as: anna", "- user: '{{code}}'"],
            ":9: No SMS has reached the handset without a number.",
        ),
        (
            [PHONE, "- user: '{{code}}'", "- user: more"],
            ":9: The user cannot say anything here: the chat is over (end_chat) at bye",
        ),
    ],
)  # fmt: skip
def test_fails(steps, told):
    """What goes another way is told with its place, what was to be and what was."""
    assert failed(*steps).startswith(told)


@pytest.mark.parametrize(
    "left",
    [
        [PHONE, "- user: '{{code}}'", "- user: more"],
        [PHONE, "- user: '{{code}}'", "- do: skip"],
        ["- user: '{{code}}'"],
        ["- do: skip"],
        ["- during_delay: hello"],
        ["- fault: {botpenguin: {verify: 500}}", "- do: back"],
    ],
)
def test_while_offered(left):
    """What the bot does not offer ends such a conversation well: what is left of it, faults too, is not asked for."""
    world = played(*left, "- expect: {sms: 7}", settings="while_offered: true")

    assert not world.failures(unused_faults=True)
    assert not list(world.journal.of(Failed))


def test_all_that_is_offered():
    """Such a conversation fails like any other where the bot offers all of it."""
    read = conversation(PHONE, "- expect: {sms: 7}", settings="while_offered: true")

    with pytest.raises(ExpectationError, match="expected sms to be 7, but it is 1"):
        play(read.conversations[0], read.bot, world_for(read.conversations[0], PROFILE, 0))


def test_settings():
    """A conversation's own profile, seed and attributes count before the run's."""
    settings = "profile: pessimist\n    seed: 5\n    attributes: {verified: x}"
    world = played("- expect: {attributes: {verified: x}}", settings=settings)

    assert (world.profile.name, world.seed) == ("pessimist", 5)


def test_defaults():
    """What a conversation leaves open, the run decides."""
    world = world_for(LOGIN.conversations[0], PROFILES["pessimist"], 9)

    assert (world.profile.name, world.seed) == ("pessimist", 9)


LOOP = """format: botpenguin-otp/bot@1
name: B
flows: {main: {start: q, components: {
  q: {type: text_question, message: 'q?', save: a, next: m},
  m: {type: message, message: x, next: n},
  n: {type: message, delay: 1, message: x, next: m}}}}
"""


@pytest.mark.parametrize("steps", ["- user: x\n    - expect: {ended: waiting}", "- user: x"])
def test_loop(tmp_path, steps):
    """A flow that goes round without asking is told with its place and the way out, wherever it shows."""
    (tmp_path / "b.bot.yaml").write_text(LOOP, encoding="utf-8")
    text = f"format: botpenguin-otp/chat@1\nbot: b.bot.yaml\nconversations:\n  a:\n    {steps}\n"
    read = chat.parse(text, str(tmp_path / "x.chat.yaml"))
    world = world_for(read.conversations[0], PROFILE, 0)

    with pytest.raises(ChatError, match=r"goes round without asking the user: .*m -> .*Put a question into the round"):
        play(read.conversations[0], read.bot, world)


def test_what_a_service_refuses():
    """What a service refuses with an error of ours, such as a recording with a miss, is told at its step."""
    read = conversation(PHONE, "- bot: x")
    world = world_for(read.conversations[0], PROFILE, 0)

    def miss(request):
        raise UnmatchedRequestError(f"{request.method} was not recorded.")

    with pytest.raises(ExpectationError, match=r"x\.chat\.yaml:7: POST was not recorded\."):
        play(read.conversations[0], read.bot, world, service=miss)
