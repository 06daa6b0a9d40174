"""Each test has a world of its own, under the profile and seed that were chosen for it."""

import json
import re

import pytest

from pytest_botpenguin_otp.profile import PROFILES, to_json

pytestmark = pytest.mark.usefixtures("no_sockets")

SENDS = """
import pytest

def send(chats):
    chat = chats.start("phone-login.bot.yaml")
    chat.user("+1 415 555 0123")
    return chat
"""
PROFILE = """
import pytest

@pytest.fixture
def otp_profile():
    return "{}"
"""


def told_by(result):
    """Return all that the user reads."""
    return result.stdout.str() + result.stderr.str()


def test_worlds_apart(project):
    """Nothing that one test does is seen by the next."""
    project.file(
        "test_apart.py",
        SENDS
        + """
def test_a(flow_runner, otp_world, fake_twilio, fake_botpenguin, handset):
    assert not otp_world.journal.events and not otp_world.faults.waiting
    assert not fake_twilio.messages and not fake_botpenguin.sent and not handset.messages
    send(flow_runner)
    fake_botpenguin.fail(send=500)
    otp_world.clock.advance_to(10_000)
    flow_runner.start("phone-login.bot.yaml", contact="anna").user("+1 415 555 0124")
    assert len(fake_twilio.messages) == 1

test_b = test_a
""",
    )

    project.run().assert_outcomes(passed=2)


def test_one_world_in_a_test(project):
    """Within a test, all fixtures are parts of one world."""
    project.file(
        "test_one.py",
        SENDS
        + """
def test_one(otp_world, fake_twilio, fake_botpenguin, handset, flow_runner, async_flow_runner):
    assert otp_world.twilio is fake_twilio and otp_world.botpenguin is fake_botpenguin
    assert flow_runner.world is async_flow_runner.world is otp_world
    chat = send(flow_runner)
    assert handset.code() == fake_botpenguin.sent[0].code
    assert fake_twilio.to("+14155550123") == fake_twilio.messages
    chat.user(handset.code())
    assert chat.verified and len(fake_botpenguin.verified) == 1
""",
    )

    project.run().assert_outcomes(passed=1)


def test_profile_by_fixture(project):
    """`otp_profile` is overridden in a conftest, in the conftest of a folder, and in a class."""
    asks = "def test_it(otp_world): assert otp_world.profile.name == '{}'\n"
    project.file("conftest.py", PROFILE.format("mismatch-200"))
    project.file("test_top.py", asks.format("mismatch-200"))
    project.file("below/conftest.py", PROFILE.format("pessimist"))
    project.file("below/test_below.py", asks.format("pessimist"))
    project.file(
        "test_class.py",
        """
import pytest
from pytest_botpenguin_otp.profile import PROFILES

class TestNumbers:
    @pytest.fixture
    def otp_profile(self):
        return PROFILES["numeric-code"]

    def test_it(self, otp_world):
        assert otp_world.profile.name == "numeric-code"
""",
    )

    project.run().assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        ("'pesimist'", "There is no profile 'pesimist'. Did you mean 'pessimist'? Known: mismatch-200, "),
        ("400", "The fixture otp_profile wants a profile or its name, not 400. Known: mismatch-200, "),
    ],
)
def test_wrong_fixture(project, returned, told):
    """An override that gives no profile is told what would be one."""
    project.file("conftest.py", f"import pytest\n@pytest.fixture\ndef otp_profile(): return {returned}")
    project.file("test_it.py", "def test_it(otp_world): pass")

    result = project.run()

    result.assert_outcomes(errors=1)
    assert told in told_by(result)
    assert "Traceback" not in told_by(result)
    assert "collecting.py" not in told_by(result)


def test_marker(project):
    """The marker chooses profile and seed; the nearest one counts, setting by setting, and before any fixture."""
    project.file("conftest.py", PROFILE.format("mismatch-200"))
    project.file(
        "test_marked.py",
        """
import pytest

pytestmark = pytest.mark.otp(profile="pessimist", seed=3)

def test_module(otp_world):
    assert (otp_world.profile.name, otp_world.seed) == ("pessimist", 3)

@pytest.mark.otp(seed=4)
def test_function(otp_world):
    assert (otp_world.profile.name, otp_world.seed) == ("pessimist", 4)
""",
    )

    project.run("--otp-seed=9", "--otp-profile=status-envelope").assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("marker", "told"),
    [
        ("profile='mismatch-40'", "There is no profile 'mismatch-40'. Did you mean 'mismatch-400'? Known: "),
        ("profile=400", "@pytest.mark.otp wants a profile or its name, not 400. Known: "),
        ("seed='seven'", "@pytest.mark.otp(seed=...) wants a whole number, or 'random' for a run; not 'seven'."),
        (
            "sed=7",
            (
                "@pytest.mark.otp takes no 'sed'. Did you mean 'seed'? "
                "Known: allow_unused_faults, cassette, live, profile, seed."
            ),
        ),
        ("'pessimist'", "@pytest.mark.otp takes no 'pessimist'."),
        ("['seed']", "@pytest.mark.otp takes no ['seed']. Did you mean 'seed'?"),
        ("allow_unused_faults='no'", "@pytest.mark.otp(allow_unused_faults=...) wants True or False, not 'no'."),
        ("live=1", "@pytest.mark.otp(live=...) wants True or False, not 1."),
        ("cassette=5, sed=7", "@pytest.mark.otp(cassette=...) wants the name of a recording, not 5."),
        ("cassette=5, sed=7", "@pytest.mark.otp takes no 'sed'."),
    ],
)
def test_wrong_marker(project, marker, told):
    """A marker with a typo is an error of its test: once, with the nearest fit, and without a traceback."""
    project.file("test_it.py", f"import pytest\n@pytest.mark.otp({marker})\ndef test_it(otp_world): pass")

    result = project.run()

    result.assert_outcomes(errors=1)
    assert result.stdout.str().partition("short test summary")[0].count(told) == 1
    assert "Traceback" not in told_by(result)
    assert "collecting.py" not in told_by(result)


@pytest.mark.parametrize(
    ("option", "ini", "told"),
    [
        ("--otp-profile=mismatch-40", "", "ERROR: There is no profile 'mismatch-40'. Did you mean 'mismatch-400'? "),
        ("--otp-profile=pessimist,mismatch", "", "ERROR: There is no profile 'mismatch'. Did you mean 'mismatch-"),
        ("--otp-seed=7x", "", "ERROR: --otp-seed (or otp_seed in the ini file) wants a whole number, or 'random'"),
        ("-q", "otp_profile = pesimist", "ERROR: There is no profile 'pesimist'. Did you mean 'pessimist'? Known: "),
        ("-q", "otp_seed = seven", "not 'seven'."),
    ],
)
def test_wrong_option(project, option, ini, told):
    """A profile or a seed that is none stops the run as a usage error, without a traceback."""
    project.ini(ini)
    project.file("test_it.py", "def test_it(): pass")

    result = project.run(option)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert told in told_by(result)
    assert "Traceback" not in told_by(result)


@pytest.mark.parametrize(
    ("options", "ini", "profile", "seed"),
    [
        ([], [], "mismatch-400", 0),
        ([], ["otp_profile = pessimist", "otp_seed = 5"], "pessimist", 5),
        (
            ["--otp-profile=mismatch-200", "--otp-seed=6"],
            ["otp_profile = pessimist", "otp_seed = 5"],
            "mismatch-200",
            6,
        ),
        (["--otp-profile=mismatch-200,pessimist"], [], "mismatch-200", 0),
    ],
)
def test_options(project, options, ini, profile, seed):
    """The option counts before the ini file, and that before the default; a Python test takes the first profile."""
    project.ini(*ini)
    project.file(
        "test_it.py",
        f"def test_it(otp_world, otp_profile): assert (otp_profile.name, otp_world.seed) == ('{profile}', {seed})",
    )

    project.run(*options).assert_outcomes(passed=1)


def test_profile_file(project):
    """A profile may be a JSON file of the user's own."""
    project.file("ours.json", json.dumps(to_json(PROFILES["mismatch-200"]) | {"name": "ours"}))
    project.file("test_it.py", "def test_it(otp_world): assert otp_world.profile.name == 'ours'")

    project.run("--otp-profile=ours.json", "test_it.py").assert_outcomes(passed=1)


@pytest.mark.parametrize(("content", "told"), [("[" * 100_000, "nested too deep"), (" " * 1_000_001, "larger than")])
def test_endless_profile_file(project, content, told):
    """A profile file that is too deep or too large stops the run as a usage error, without a traceback."""
    project.file("deep.json", content)
    project.file("test_it.py", "def test_it(): pass")

    result = project.run("--otp-profile=deep.json", "test_it.py")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: deep.json: " in told_by(result)
    assert told in told_by(result)
    assert "Traceback" not in told_by(result)


def test_seed_in_header(project):
    """The header names the seed where one was chosen, and is silent otherwise."""
    project.file("test_it.py", "def test_it(): pass")

    assert "botpenguin-otp: seed" not in told_by(project.run())
    assert "botpenguin-otp: seed 7\n" in told_by(project.run("--otp-seed=7"))
    project.ini("otp_seed = 8")
    assert "botpenguin-otp: seed 8\n" in told_by(project.run())


PRINTS = SENDS + "\ndef test_print(flow_runner, handset):\n    send(flow_runner)\n    print('CODE', handset.code())\n"


def codes(result):
    """Return the codes that the tests printed."""
    return re.findall(r"CODE ([0-9]+)", result.stdout.str())


def test_seed_repeats(project):
    """The same seed gives the same codes, another seed gives others."""
    project.file("test_print.py", PRINTS)
    first, again, other = (codes(project.run("-s", f"--otp-seed={seed}")) for seed in (7, 7, 8))

    assert first == again != other


@pytest.mark.parametrize("ini", [[], ["otp_seed = random"]])
def test_random_seed(project, ini):
    """`random` draws a seed and names it, so that the run can be had again."""
    project.ini(*ini)
    project.file("test_print.py", PRINTS)
    first = project.run("-s", *([] if ini else ["--otp-seed=random"]))
    seed = first.stdout.str().partition("botpenguin-otp: seed ")[2].split()[0]

    assert seed.isdecimal()
    assert codes(first) == codes(project.run("-s", f"--otp-seed={seed}"))


def test_same_bytes(project):
    """Same seed, same transcript, byte for byte."""
    project.file("test_it.py", SENDS + "\ndef test_it(flow_runner):\n    send(flow_runner)\n    assert False\n")
    first, again = (
        project.run("--otp-seed=7").stdout.str().partition("- botpenguin-otp -")[2].partition("=====")[0]
        for _ in range(2)
    )

    assert "Send OTP: 200" in first
    assert first == again
