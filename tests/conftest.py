"""Traps for what no test may do, and a small project to run pytest in."""

import os
import re
import shutil
import socket
from contextlib import nullcontext
from pathlib import Path

import pytest
from counting import resting, walks
from hypothesis import settings

# A run inside this process forgets what it was the first to import: what is slow to import is imported here.
from pytest_botpenguin_otp import collecting  # noqa: F401
from pytest_botpenguin_otp.contracts import validator
from pytest_botpenguin_otp.transports import respx_routes  # noqa: F401

# The same examples in every run, and no failure because a machine is busy.
settings.register_profile("ours", deadline=None, derandomize=True)
settings.load_profile("ours")

SOUND = Path(__file__).parent / "examples" / "sound"
LOOPBACK = re.compile(r"127\.[0-9.]+|::1|localhost|")
TRAP = Path(__file__).parent / "support" / "trap"
NOWHERE = re.compile(r"(?!)")
INI = """
[pytest]
addopts = --strict-markers
filterwarnings = error
asyncio_default_fixture_loop_scope = function
"""


class TrappedError(AssertionError):
    """A test did what none may do."""


def _host(address):
    """Return the host of a socket address; loopback where it is the path of a local socket."""
    return address[0] if isinstance(address, tuple) else "localhost"


def _lay_sockets(monkeypatch, allowed):
    """Let sockets reach hosts that match `allowed`, and refuse every other by name."""

    def guarded(original, host_of):
        def call(*args, **kwargs):
            host = host_of(*args) or ""
            host = host.decode() if isinstance(host, bytes) else host
            if not allowed.fullmatch(host):
                raise TrappedError(f"a test reached for the network: {host}")
            return original(*args, **kwargs)

        return call

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, guarded(getattr(socket.socket, name), lambda _, to: _host(to)))
    monkeypatch.setattr(socket.socket, "sendto", guarded(socket.socket.sendto, lambda *args: _host(args[-1])))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        monkeypatch.setattr(socket, name, guarded(getattr(socket, name), lambda host, *_: host))


def pytest_configure():
    """Lay the trap for processes before any module of tests copies the environment."""
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys([str(TRAP), *filter(None, paths)]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Let coverage rest where nothing new is to be seen."""
    with resting() if walks(item.nodeid) else nullcontext():
        return (yield)


@pytest.fixture(scope="session", autouse=True)
def loopback_only(tmp_path_factory):
    """Refuse every network but the loopback, in every test, and in every Python process that one starts."""
    log = tmp_path_factory.mktemp("trap") / "log"
    with pytest.MonkeyPatch.context() as monkeypatch:
        _lay_sockets(monkeypatch, LOOPBACK)
        monkeypatch.setenv("BOTPENGUIN_OTP_TRAP_LOG", str(log))
        monkeypatch.delenv(
            "COVERAGE_PROCESS_CONFIG", raising=False
        )  # lines are counted here, and not in children again
        yield
    if log.exists():
        raise TrappedError(f"children of tests reached for the network: {log.read_text(encoding='utf-8').split()}")


@pytest.fixture
def no_sockets(monkeypatch):
    """Refuse the loopback too, and waiting."""

    def sleep(seconds):
        raise TrappedError(f"a test slept for {seconds} s")

    _lay_sockets(monkeypatch, NOWHERE)
    monkeypatch.setattr("time.sleep", sleep)


class Project:
    """A user's project with the sound example bot, in which pytest can be run."""

    def __init__(self, pytester):
        self.pytester = pytester
        self.path = pytester.path
        self.bot = (SOUND / "phone-login.bot.yaml").read_text(encoding="utf-8")
        self.ini()
        shutil.copy(SOUND / "phone-login.bot.yaml", self.path)

    def ini(self, *lines):
        """Add lines to the ini file."""
        self.file("pytest.ini", INI + "\n".join(lines) + "\n")

    def file(self, name, text):
        """Write a file, making the folders on its way."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def chat(self, conversations, name="test_login.chat.yaml", bot="phone-login.bot.yaml"):
        """Write a chat file; conversations as YAML, indented by two."""
        head = f"format: botpenguin-otp/chat@1\nbot: {bot}\nconversations:\n"
        return self.file(name, head + conversations.strip("\n") + "\n")

    def changed_bot(self, *changes, name="changed.bot.yaml"):
        """Write the sound bot with texts replaced, each wherever it stands."""
        text = self.bot
        for old, new in changes:
            assert re.search(old, text), f"the bot does not hold {old!r}"

            text = re.sub(old, new, text)
        self.file(name, text)
        return name

    def run(self, *args):
        """Run pytest in this process; pytest-recording, which ends a block by taking our trap away, leaves it here."""
        with pytest.MonkeyPatch.context() as kept:
            for name in ("connect", "connect_ex"):
                kept.setattr(socket.socket, name, getattr(socket.socket, name))
            return self.pytester.runpytest_inprocess(*args)

    def run_alone(self, *args):
        """Run pytest in a process of its own."""
        return self.pytester.runpytest_subprocess(*args)


@pytest.fixture
def project(pytester):
    """Give a project of a user."""
    for name in ("bot", "chat", "profile"):
        validator(name)
    return Project(pytester)
