"""Where no handset gets the SMS, the code is the one in the last answer, or what a command prints, or a refusal."""

import shlex
import sys
from dataclasses import replace

import pytest
from recordings import BOT, PHONE

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp import player
from pytest_botpenguin_otp.cassettes.codes import code_of, from_command
from pytest_botpenguin_otp.errors import NoCodeError
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.world import World

CHAT = """\
format: botpenguin-otp/chat@1
bot: {bot}
conversations:
  one:
    - user: "{phone}"
    - user: "{{{{code}}}}"
    - expect: {{verified: true}}
  two:
    - user: "{phone}"
    - as: other
    - user: "+44 7700 900123"
    - user: "{{{{code of user}}}}"
    - expect: {{verified: false}}
"""


def started():
    """Return a chat that has asked for a code, and its world."""
    world = World()
    chat = FlowRunner(world).start(BOT)
    chat.user(PHONE)
    return chat, world


def prints(text):
    """Return a command that prints a text."""
    return shlex.join([sys.executable, "-c", f"print({text!r})"])


def test_last_answer():
    """The code stands at the profile's path in the last answer of Send OTP."""
    chat, world = started()

    assert code_of(chat, world.profile) == world.handset().code()
    with pytest.raises(NoCodeError, match="no answer of Send OTP"):
        code_of(chat, world.profile, back=1)
    with pytest.raises(NoCodeError, match="no answer of Send OTP"):
        code_of(FlowRunner(World()).start(BOT), world.profile)


def test_no_code_in_the_answer():
    """Without a code in the answer, another source gives it; without one, the refusal says both ways out."""
    chat, world = started()
    elsewhere = replace(world.profile, code_path="data.nowhere")

    assert code_of(chat, elsewhere, newest=lambda: "4711") == "4711"
    with pytest.raises(NoCodeError, match=r"'data\.nowhere'.*Learn a profile.*--otp-code-command"):
        code_of(chat, elsewhere)
    with pytest.raises(NoCodeError):
        code_of(chat, elsewhere, newest=lambda: None)


def test_command():
    """One code on one line is taken; anything else is refused without telling it."""
    assert from_command(prints("123456")) == "123456"
    for command in (prints("dear 123456"), prints(""), "no-such-command-here", "'", f"{sys.executable} -c 1/0", ""):
        with pytest.raises(NoCodeError, match="otp-code-command") as caught:
            from_command(command)
        assert "123456" not in str(caught.value)


def test_player(tmp_path):
    """The player asks the given source for codes, by chat and by how far back, and the service for answers."""
    path = tmp_path / "test_it.chat.yaml"
    path.write_text(CHAT.format(bot=BOT, phone=PHONE), encoding="utf-8")
    chat = chats.load(path)
    world = World()
    asked = []

    def code(flow, back):
        asked.append((flow.contact, back))
        return code_of(flow, world.profile, back=back)

    player.play(chat.conversations[0], chat.bot, world, service=World(seed=5), code=code)
    player.play(chat.conversations[1], chat.bot, world, service=World(seed=5), code=code)

    assert asked == [("user", 0), ("user", 0)]
    assert world.twilio.messages == ()
