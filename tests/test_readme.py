"""README says what is so: its examples are run, its tables are held against pytest's own help."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "tests" / "examples" / "readme"


def block(language, number=0):
    """Return one fenced block of README."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [text for named, text in fenced if named == language][number]


@pytest.fixture(autouse=True)
def settled(pytester):
    """Give the inner runs the setting without which pytest-asyncio warns."""
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")


@pytest.fixture
def project(pytester, monkeypatch):
    """Make a user's project with README's example in it."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    shutil.copy(EXAMPLE / "phone-login.bot.yaml", pytester.path)
    shutil.copy(EXAMPLE / "login.chat.yaml", pytester.path / "test_login.chat.yaml")
    (pytester.path / "test_login.py").write_text(block("python"), encoding="utf-8")
    return pytester


def test_the_chat_shown_is_the_example():
    """What README shows is the file that is run."""
    assert block("yaml") == (EXAMPLE / "login.chat.yaml").read_text(encoding="utf-8")


def test_it_passes_as_it_stands(project):
    """Both conversations and the Python test pass under the default profile."""
    project.runpytest("-q").assert_outcomes(passed=3)


def test_the_failure_shown_is_the_failure_printed(project):
    """The transcript in README is, to the letter, what pytest prints."""
    result = project.runpytest("-q", "--otp-profile", "mismatch-400,mismatch-200")

    result.assert_outcomes(passed=4, failed=1)
    assert block("").rstrip() in "\n".join(line.rstrip() for line in result.outlines)


def test_the_machine_fails_as_shown(project):
    """What README shows of `OtpMachine` fails with the lines that it shows."""
    code = block("python", 1).replace("TestService", "# TestService")  # nobody listens there
    project.makepyfile(test_machine=code)
    told = "\n".join(project.runpytest("-q", "test_machine.py").outlines)

    assert in_order(block("", 1), told)


def test_mutants_and_chats_are_told_as_shown(project):
    """What README shows of `mutate`, and of a chat that `generate` wrote, is what they print."""
    shown = block("console")
    bot = project.path / "phone-login.bot.yaml"
    mutate, generate, played = (shlex.split(command)[1:] for command in commands(shown))
    mutated, generated = run(*mutate), run(*generate)
    bot.write_text(bot.read_text(encoding="utf-8").replace("delay: 5", "delay: 6"), encoding="utf-8")
    failed = project.runpytest(*played)

    assert in_order(shown, "\n".join([mutated.stdout, generated.stderr, *failed.outlines]))


def commands(shown):
    """Return the commands in a block, without their prompts."""
    return [line.removeprefix("$ ") for line in shown.splitlines() if line.startswith("$ ")]


def in_order(shown, told):
    """Say whether every line that is shown stands in what is told, in that order; prompts and dots stand for more."""
    told = iter(told.splitlines())
    return all(line in told for line in shown.splitlines() if not line.startswith(("$ ", "...")))


def test_short_with_two_commands():
    """README stays under 200 lines, and holds exactly two set-up commands, each one line."""
    commands = [line for line in block("sh").splitlines() if not line.startswith("#")]

    assert len(README.splitlines()) < 200
    assert len(commands) == 2
    assert commands[0].endswith("botpenguin-otp demo")
    assert commands[1].endswith("-m pytest -n auto")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """Give a clone with nothing but `.ci/run` in it, where a node seems to be there."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    node = tmp_path / "node"
    node.write_text("#!/bin/sh\n", encoding="utf-8")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


@pytest.mark.parametrize("command", ["echo it > ran; exit 7", "test -d .ci && echo it > ran && false"])
def test_ci_runs_that_very_command(checkout, command):
    """The continuous integration runs the test command that README gives, and fails with it, before all else."""
    assert "# install and test" in README.splitlines()
    text = re.sub(r"(?m)^(# install and test\n).*$", rf"\g<1>{command}", README)
    (checkout / "README.md").write_text(text, encoding="utf-8")

    done = subprocess.run(["bash", ".ci/run"], cwd=checkout, capture_output=True, text=True, check=False)  # noqa: S607

    assert (checkout / "ran").read_text(encoding="utf-8") == "it\n", done.stdout + done.stderr
    assert done.returncode == (7 if "exit 7" in command else 1)
    assert done.stdout == f"+ {command}\n"


def test_options_are_those_of_help(pytester):
    """Every option of ours is in README, with its ini twin, and no other."""
    helped = "\n".join(pytester.runpytest("--help").outlines)
    shown = re.findall(r"^\| `(--otp-[a-z-]+)[^`]*` \| (?:`(otp_[a-z_]+)`|no) \|", README, re.MULTILINE)

    assert {option for option, _ in shown} == set(re.findall(r"^ +(--otp-[a-z-]+)", helped, re.MULTILINE))
    assert {ini for _, ini in shown if ini} == set(re.findall(r"^ +(otp_[a-z_]+) \(", helped, re.MULTILINE))


def test_fixtures_are_those_of_fixtures(pytester):
    """Every fixture of ours is in README, and no other."""
    listed = "\n".join(pytester.runpytest("--fixtures", "-v").outlines)
    ours = set(re.findall(r"^(\w+) .*-- .*pytest_botpenguin_otp/plugin\.py", listed, re.MULTILINE))
    shown = re.findall(r"^\| `(\w+)` \| ", README.partition("## Fixtures")[2].partition("## Options")[0], re.MULTILINE)

    assert ours == set(shown)


def test_marker_is_that_of_markers(pytester):
    """The marker's arguments in README are those that pytest lists."""
    listed = "\n".join(pytester.runpytest("--markers").outlines)
    arguments = re.search(r"@pytest\.mark\.otp\(([^)]*)\)", listed)[1].split(", ")

    assert all(f"{argument}=" in README.partition("`@pytest.mark.otp(")[2] for argument in arguments)


def test_links_lead_somewhere():
    """Every file that README links to is there."""
    links = re.findall(r"\]\(([^)#]+)\)", README)

    assert [link for link in links if not (ROOT / link).exists()] == []


WITHOUT = """
import sys
from pathlib import Path
sys.modules |= dict.fromkeys(("vcr", "pytest_recording", "cassetter", "httpx"))
from pytest_botpenguin_otp.cassettes import fixture, form
from pytest_botpenguin_otp.cassettes.replay import Replay
cassette = form.load(Path(sys.argv[1]))
print(Replay(cassette)(cassette.exchanges[0].request).status)
"""


def test_replay_needs_no_recorder():
    """Beside cassetter one leaves pytest-recording out: README says that replay needs neither, and it needs neither."""
    assert (
        "cannot be installed beside cassetter: who uses that leaves `[record]` out; replay needs neither."
        in " ".join(README.split())
    )
    shipped = ROOT / "cassettes" / "login-mismatch-400.yaml"
    command = [sys.executable, "-c", WITHOUT, str(shipped)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own interpreter
    assert (done.stdout, done.stderr) == ("200\n", "")
