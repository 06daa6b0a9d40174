"""The command line as a process: terminals, signals, pipes that break."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import COMMAND, PHONE, PLAIN, SOUND, terminal


def test_chat_on_a_terminal():
    """A person types at a prompt; the SMS stands on the right, in a frame."""
    code, seen = terminal("chat", str(SOUND), typed=f"{PHONE}\n/code\n/quit\n")
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen).splitlines()
    (sms,) = [line for line in lines if "Your verification code is" in line]

    assert code == 0
    assert "\x1b[1;36mbot: What is your phone number?" in seen
    assert sms.startswith(" " * 40)
    assert len(sms.rstrip()) == 120
    assert any("SMS to +14155550123" in line for line in lines)
    assert "verified" in seen


def test_the_terminals_end_of_input():
    """Ctrl-D leaves."""
    code, seen = terminal("chat", str(SOUND), typed="\x04")

    assert code == 0
    assert "Traceback" not in seen


LISTENING = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
"""A shell's background jobs ignore Ctrl-C, and so would what they start."""


def test_interrupted():
    """Ctrl-C leaves with 130 and says nothing."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    *python, program = COMMAND
    command = [*python, LISTENING + program, "chat", str(SOUND)]
    with subprocess.Popen(command, env=PLAIN | {"PYTHONUNBUFFERED": "1"}, **pipes) as process:  # noqa: S603
        while b"phone number?" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        rest, error = process.communicate(timeout=30)

    assert process.returncode == 130
    assert (rest, error) == (b"", b"")


def test_broken_pipe():
    """Nobody who reads only the beginning gets a traceback."""
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run([*COMMAND, "profiles"], stdout=write, stderr=subprocess.PIPE, env=PLAIN, check=False)  # noqa: S603
    os.close(write)

    assert ran.returncode == 141
    assert ran.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk():
    """An output that cannot be written is told."""
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run([*COMMAND, "demo"], stdout=full, stderr=subprocess.PIPE, env=PLAIN, check=False)  # noqa: S603

    assert ran.returncode == 2
    assert ran.stderr == b"The output: No space left on device.\n"


def test_profiles_on_a_terminal():
    """Colour on a terminal, unless NO_COLOR says otherwise."""
    _, coloured = terminal("profiles")
    _, plain = terminal("profiles", NO_COLOR="1")

    assert "\x1b[1;33m" in coloured
    assert "\x1b" not in plain


def test_nothing_heavy_is_imported_early():
    """The command line starts without what only some commands need."""
    heavy = {"phonenumbers", "jsonschema", "jsonschema_rs", "yaml", "rich.table", "pytest_botpenguin_otp.world"}
    code = f"import sys, pytest_botpenguin_otp.cli; print(sorted({heavy} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603

    assert ran.stdout == "[]\n"
