"""Runs the command line: in this process, or on a terminal of its own."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from pytest_botpenguin_otp.cli import app

__all__ = ["COMMAND", "GUIDE", "LOOP", "PHONE", "PLAIN", "SOUND", "run", "terminal", "told"]

EXAMPLES = Path(__file__).parents[1] / "examples"
SOUND = EXAMPLES / "sound" / "phone-login.bot.yaml"
GUIDE = EXAMPLES / "guide" / "phone-login.bot.yaml"
PHONE = "+1 415 555 0123"
COMMAND = [sys.executable, "-c", "from pytest_botpenguin_otp.cli import main; main()"]
PLAIN = {key: text for key, text in os.environ.items() if key not in ("FORCE_COLOR", "NO_COLOR", "COLUMNS", "TERM")}
LOOP = """\
format: botpenguin-otp/bot@1
name: Round and round
flows:
  main:
    start: hi
    components:
      hi: {type: message, message: Hi, next: hi}
"""


def run(*args, typed=None):
    """Run a command in process."""
    return CliRunner(env={"COLUMNS": None, "NO_COLOR": None, "FORCE_COLOR": None}).invoke(app, args, input=typed)


def told(result):
    """Check that a command refused with plain lines on stderr, and return them."""
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result.stderr


def terminal(*args, typed="", **env):
    """Run a command on a pseudo terminal, and return its exit code and what a person sees."""
    ours, theirs = pty.openpty()
    env = PLAIN | {"TERM": "xterm-256color", "COLUMNS": "120"} | env
    with subprocess.Popen([*COMMAND, *args], stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:  # noqa: S603
        os.close(theirs)
        os.write(ours, typed.encode())
        seen = b""
        try:
            while chunk := os.read(ours, 1 << 16):
                seen += chunk
        except OSError:  # how Linux tells that the other end is closed
            pass
    os.close(ours)
    return process.returncode, seen.decode()
