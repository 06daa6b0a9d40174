"""No process that a test starts reaches the network, and no code of ours waits; the traps for that are tried."""

import subprocess
import sys
from pathlib import Path

import pytest

RUFF = ("-m", "ruff", "check", "--no-cache", "--output-format=concise")
SWALLOWED = """
import contextlib, socket
with contextlib.suppress(Exception):
    {reach}
print("went on")
"""


def child(code, tmp_path, monkeypatch):
    """Run a child with a log of its own; return what it did, and the log."""
    log = tmp_path / "log"
    monkeypatch.setenv("BOTPENGUIN_OTP_TRAP_LOG", str(log))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    return done, log.read_text(encoding="utf-8").split() if log.exists() else []


def test_a_child_that_reaches_for_the_network(tmp_path, monkeypatch):
    """It fails, and names the host."""
    done, log = child("import urllib.request as u; u.urlopen('http://api.twilio.com/')", tmp_path, monkeypatch)

    assert done.returncode == 1
    assert "a child of a test reached for the network: api.twilio.com" in done.stderr
    assert log == ["api.twilio.com"]


@pytest.mark.parametrize(
    ("reach", "log"),
    [
        ("socket.create_connection(('192.0.2.1', 443), 1)", ["192.0.2.1"]),
        ("socket.socket().connect_ex(('192.0.2.2', 443))", ["192.0.2.2"]),
        ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.3', 53))", ["192.0.2.3"]),
        ("socket.gethostbyname(b'api.twilio.com')", ["api.twilio.com"]),
        ("socket.getaddrinfo(None, 80)", []),
        ("socket.socket().connect(('127.0.0.1', 9))", []),
        ("socket.socket(socket.AF_UNIX).connect('/nowhere')", []),
    ],
)
def test_a_child_that_hides_it(reach, log, tmp_path, monkeypatch):
    """Where a child swallows the error, the log tells it all the same; the loopback is free."""
    done, told = child(SWALLOWED.format(reach=reach), tmp_path, monkeypatch)

    assert done.stdout == "went on\n"
    assert told == log


@pytest.mark.parametrize(
    ("module", "name", "call"),
    [
        ("asyncio", "sleep", "(1)"),
        ("time", "sleep", "(1)"),
        ("time", "monotonic", "()"),
        ("threading", "Event", "().wait(1)"),
        ("threading", "Timer", "(1, print)"),
        ("threading", "Condition", "().wait(1)"),
    ],
)
def test_waiting_is_banned(module, name, call):
    """The lint of the package refuses whatever waits for real time, however it is imported."""
    root = Path(__file__).parents[1]
    for code in (f"import {module}\n\n{module}.{name}{call}\n", f"from {module} import {name}\n\n{name}{call}\n"):
        done = subprocess.run(  # noqa: S603
            [sys.executable, *RUFF, "--stdin-filename", str(root / "pytest_botpenguin_otp" / "x.py"), "-"],
            input=code, capture_output=True, text=True, check=False, timeout=60, cwd=root,
        )  # fmt: skip
        assert f"TID251 `{module}.{name}` is banned" in done.stdout
