"""Options that had nothing to work on are told, and stop a run whose command line has them; others hear nothing."""

import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("no_sockets")

SMALL = Path(__file__).parents[1] / "bots" / "IN11-breaks.bot.yaml"
"""A bot of few states: what is found in it does not matter here."""
FEW = ("-k", "AU01")
NO_MATCH = "botpenguin-otp: --otp-bots bot/*.bot.yaml: no bot file that was collected matches it. A pattern begins at"
NO_BOT = ": no bot file was collected, so it does nothing. Name bot files on the command line, or by --otp-bots."


@pytest.fixture
def suite(project):
    """Give a project with a test and a bot that is not collected by itself."""
    project.file("test_it.py", "def test_it(): pass")
    (project.path / "bots").mkdir()
    shutil.copy(SMALL, project.path / "bots" / "login.bot.yaml")
    return project


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--otp-bots", "bot/*.bot.yaml"), NO_MATCH),
        (("--otp-bots=bots/*.bot.yaml,bot/*.bot.yaml", *FEW), NO_MATCH),
        (("--otp-baseline", "HEAD"), f"botpenguin-otp: --otp-baseline{NO_BOT}"),
        (("--otp-strict",), f"botpenguin-otp: --otp-strict{NO_BOT}"),
        (("--otp-states=9",), f"botpenguin-otp: --otp-states{NO_BOT}"),
        (("--otp-seconds=9",), f"botpenguin-otp: --otp-seconds{NO_BOT}"),
        (("--otp-megabytes=9",), f"botpenguin-otp: --otp-megabytes{NO_BOT}"),
        (("--otp-mutants=9",), f"botpenguin-otp: --otp-mutants{NO_BOT}"),
        (("--otp-save-counterexamples", "x"), f"botpenguin-otp: --otp-save-counterexamples{NO_BOT}"),
        (("--otp-strict", "test_it.py"), f"botpenguin-otp: --otp-strict{NO_BOT}"),
    ],
)
def test_typed(suite, options, told):
    """What stands on the command line and selects nothing is a mistake, and told in one line."""
    result = suite.run(*options)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert next(line for line in result.outlines if line.startswith("botpenguin-otp: ")).startswith(told)
    assert result.parseoutcomes()["passed"] == 1


@pytest.mark.parametrize(
    ("ini", "told"),
    [
        ("otp_bots = bot/*.bot.yaml", NO_MATCH),
        ("otp_baseline = HEAD", f"botpenguin-otp: --otp-baseline{NO_BOT}"),
        ("addopts = --otp-baseline=HEAD", f"botpenguin-otp: --otp-baseline{NO_BOT}"),
    ],
)
def test_in_the_ini_file(suite, ini, told):
    """What the ini file says is told where the whole suite runs, fails nothing, and is not meant for a part of it."""
    suite.file("pytest.ini", f"[pytest]\nasyncio_default_fixture_loop_scope = function\n{ini}\n")
    whole, part = suite.run(), suite.run("test_it.py")

    assert (whole.ret, part.ret) == (0, 0)
    assert any(line.startswith(told) for line in whole.outlines)
    assert "botpenguin-otp: --" not in part.stdout.str()


@pytest.mark.parametrize(
    ("options", "ini"),
    [
        ((), ""),
        (("--otp-bots=bots/*.bot.yaml",), ""),
        (("--otp-strict", "bots/login.bot.yaml"), ""),
        (("--otp-bots=bots/*.bot.yaml", "-n1", "--otp-strict"), ""),
        ((), "otp_strict = true\notp_states = 99\notp_max_age = 9\notp_cassettes = x"),
    ],
)
def test_quiet(suite, options, ini):
    """Who selects something, or sets what other runs need, hears nothing, with workers either."""
    suite.ini(ini)
    result = suite.run_alone(*options, *FEW) if "-n1" in options else suite.run(*options, *FEW)

    assert result.ret in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    assert "botpenguin-otp: --" not in result.stdout.str()


def test_a_failure_stays_one(suite):
    """A run that fails anyway keeps its exit code, and one that could collect nothing tells that alone."""
    suite.file("test_it.py", "def test_it(): assert not 1")
    failed = suite.run("--otp-strict")
    suite.file("test_it.py", "import nothing_like_it")
    broken = suite.run("--otp-strict")

    assert (failed.ret, broken.ret) == (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED)
    assert NO_BOT in failed.stdout.str()
    assert NO_BOT not in broken.stdout.str()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--otp-max-age=9",), "ERROR: --otp-max-age does nothing without --otp-verify-cassettes."),
        (("--otp-cassettes=x",), "ERROR: --otp-cassettes does nothing without --otp-target cassettes."),
        (("--otp-cassettes=x", "--otp-target=fake"), "ERROR: --otp-cassettes does nothing without --otp-target cas"),
    ],
)
def test_alone(suite, options, told):
    """An option that another one needs stops the run at once."""
    result = suite.run(*options)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert told in result.stderr.str()


LIVE = "nothing live was asked for, by --otp-record or --otp-target URL; nothing was sent."


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--otp-sms-budget=3",), f"botpenguin-otp: --otp-sms-budget: {LIVE}"),
        (("--otp-code-command", "cat"), f"botpenguin-otp: --otp-code-command: {LIVE}"),
        (
            ("--otp-live", "--otp-live-to=+14155550123", "--otp-live-in-ci"),
            f"botpenguin-otp: --otp-live, --otp-live-in-ci, --otp-live-to: {LIVE}",
        ),
    ],
)
def test_nothing_live(suite, options, told):
    """Consents to real calls where none is asked for are told, and are no fault: a job may type them always."""
    result = suite.run(*options)

    assert result.ret == pytest.ExitCode.OK
    assert told in result.stdout.str()


@pytest.mark.parametrize("options", [(), ("--otp-record", "--otp-sms-budget=3", "--otp-live")])
def test_live_enough(suite, options):
    """Settings in the ini file speak for the runs that are live, and where one is asked for no line is needed."""
    ini = ("-o", "otp_code_command=cat", "-o", "otp_live_to=+14155550123")

    assert LIVE not in suite.run(*ini, *options).stdout.str()
