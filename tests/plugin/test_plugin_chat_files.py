"""Chat files are collected as tests are: by name, place, profile and folder, and with every switch of pytest."""

import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("no_sockets")

SOUND = Path(__file__).parent.parent / "examples" / "sound" / "test_phone_login.chat.yaml"
TWO = """
  right code, first time:
    - user: "+1 415 555 0123"
    - user: "{{code}}"
    - bot: Welcome!
  no sms yet:
    - expect: {sms: 0}
"""
WRONG = """
  wrong:
    - expect: {sms: 5}
"""
PROFILE = "import pytest\n@pytest.fixture\ndef otp_profile(): return {!r}\n"
TOLD = """
import pytest

@pytest.fixture(autouse=True)
def told(otp_world):
    print("WORLD", otp_world.profile.name, otp_world.seed)
"""


def told_by(result):
    """Return all that the user reads."""
    return result.stdout.str() + result.stderr.str()


def items(result):
    """Return the node ids that `--collect-only -q` lists."""
    return [line for line in result.stdout.lines if "::" in line]


def test_example(project):
    """The example of the README passes, one item per conversation."""
    shutil.copy(SOUND, project.path)

    project.run("-W", "error", "-p", "no:cacheprovider").assert_outcomes(passed=15, warnings=0)


def test_items(project):
    """Each conversation is an item, named as in the file, in the order of the file."""
    project.chat(TWO)

    listed = items(project.run("--collect-only", "-q"))

    assert listed == ["test_login.chat.yaml::right code, first time", "test_login.chat.yaml::no sms yet"]


@pytest.mark.parametrize(
    ("args", "passed", "deselected"),
    [
        (["test_login.chat.yaml::right code, first time"], 1, 0),
        (["test_login.chat.yaml"], 2, 0),
        (["-k", "code and first"], 1, 1),
        (["-k", "no sms yet".replace(" ", " and ")], 1, 1),
        (["--deselect", "test_login.chat.yaml::no sms yet"], 1, 1),
        (["--otp-profile", "mismatch-200,pessimist", "test_login.chat.yaml::no sms yet[pessimist]"], 1, 0),
        (["--otp-profile", "mismatch-200,pessimist", "-k", "pessimist"], 2, 2),
    ],
)
def test_choosing(project, args, passed, deselected):
    """Names with spaces, commas and profiles are chosen by node id, by -k and by --deselect."""
    project.chat(TWO)

    project.run(*args).assert_outcomes(passed=passed, deselected=deselected)


def test_several_profiles(project):
    """`--otp-profile a,b` plays each conversation under each; one that fixes its own is played once, under that."""
    project.file("conftest.py", TOLD)
    project.chat("""
  any:
    - expect: {sms: 0}
  fixed:
    profile: numeric-code
    seed: 12
    steps:
      - expect: {sms: 0}
""")

    result = project.run("-v", "-s", "--otp-profile", " pessimist, mismatch-200,pessimist", "--otp-seed=3")

    assert items(project.run("--collect-only", "-q", "--otp-profile=pessimist,mismatch-200")) == [
        "test_login.chat.yaml::any[pessimist]",
        "test_login.chat.yaml::any[mismatch-200]",
        "test_login.chat.yaml::fixed",
    ]
    result.stdout.fnmatch_lines(
        [
            "*::any[[]pessimist[]] WORLD pessimist 3",
            "*::any[[]mismatch-200[]] WORLD mismatch-200 3",
            "*::fixed WORLD numeric-code 12",
        ]
    )
    result.assert_outcomes(passed=3)


def test_fixtures_of_folders(project):
    """A chat file is played under the `otp_profile` of its own folder."""
    project.file("conftest.py", TOLD + PROFILE.format("mismatch-200"))
    project.file("below/conftest.py", PROFILE.format("pessimist"))
    project.chat("  top:\n    - expect: {sms: 0}")
    project.chat("  under:\n    - expect: {sms: 0}", "below/test_under.chat.yaml", bot="../phone-login.bot.yaml")

    result = project.run("-v", "-s")

    result.stdout.fnmatch_lines_random(
        [
            "below/test_under.chat.yaml::under WORLD pessimist 0",
            "test_login.chat.yaml::top WORLD mismatch-200 0",
        ]
    )
    result.assert_outcomes(passed=2)


def test_marks_from_conftest(project):
    """A conftest may mark conversations: the otp marker and xfail work as on any test."""
    project.file(
        "conftest.py",
        """
import pytest

def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.otp(profile="pessimist", seed=4))
        if item.name == "wrong":
            item.add_marker(pytest.mark.xfail(strict=True))
"""
        + TOLD,
    )
    project.chat(TWO + WRONG)

    result = project.run("-s")

    result.assert_outcomes(passed=2, xfailed=1)
    assert result.stdout.str().count("WORLD pessimist 4") == 3


@pytest.mark.parametrize(
    "text",
    [
        "conversations: {}\n",
        "format: other/chat@1\nconversations: {}\n",
        "# format: botpenguin-otp/chat@1\n- a\n",
        "deeper:\n  format: botpenguin-otp/chat@1\n",
        "",
        "\x00\x01",
        "{{ helm }}: [",
    ],
)
def test_files_of_others(project, text):
    """A file without our format line is left alone, whatever is in it."""
    project.file("test_other.chat.yaml", text)

    assert project.run().ret == pytest.ExitCode.NO_TESTS_COLLECTED


@pytest.mark.parametrize("name", ["login.chat.yaml", "test_login.yaml", "test_login.chat.yml", "test_login.bot.yaml"])
def test_names_of_others(project, name):
    """Only `test_*.chat.yaml` is looked into, where none is named."""
    project.chat(TWO, name)

    assert project.run().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_named_on_the_command_line(project):
    """A chat file that is named is collected whatever it is called, and told what it lacks."""
    project.chat(TWO, "login.chat.yaml")
    project.file("other.chat.yaml", "bot: phone-login.bot.yaml\nconversations: {a: [{user: b}]}\n")

    project.run("login.chat.yaml").assert_outcomes(passed=2)
    result = project.run("other.chat.yaml")
    result.assert_outcomes(errors=1)
    assert "other.chat.yaml:1:1: The key 'format' is missing." in told_by(result)


def test_later_format(project):
    """A file of a later format says which format is read."""
    project.file("test_later.chat.yaml", "format: botpenguin-otp/chat@2\nbot: a.bot.yaml\nconversations: {}\n")

    result = project.run()

    result.assert_outcomes(errors=1)
    assert re.search(r"test_later\.chat\.yaml:1:9: .*botpenguin-otp/chat@1", told_by(result))
    assert "Traceback" not in told_by(result)


def test_every_fault(project):
    """A bad chat file is told once, every fault with file:line:column and nearest fit, and without a traceback."""
    project.chat(
        """
  one:
    - usr: "+1 415 555 0123"
    - bot: {contians: code}
    - bot: {matches: "("}
    - expect: {calls: {Send OPT: 1}}
  two:
    profile: mismatch-40
    steps:
      - user: "{{code of ana}}"
      - fault: {twilio: {create: {delay: 0}}}
""",
        name="below/test_bad.chat.yaml",
        bot="../phone-login.bot.yaml",
    )
    project.chat(TWO)

    result = project.run()

    told = told_by(result)
    result.assert_outcomes(errors=1)
    for place, text in [
        ("5:7", "'usr'"),
        ("6:13", "Did you mean 'contains'?"),
        ("7:22", "Not a regular expression"),
        (r"8:\d+", "Did you mean 'Send OTP'?"),
        ("10:14", "Did you mean 'mismatch-400'?"),
        ("12:15", "There is no contact 'ana'"),
        ("13:9", "This fault changes nothing"),
    ]:
        assert re.search(rf"^E?\s*below/test_bad\.chat\.yaml:{place}: .*{re.escape(text)}", told, re.MULTILINE), place
    assert "Traceback" not in told
    assert "collecting.py" not in told


def test_bad_bot(project):
    """A fault in the bot is told with its place in the bot's file; a missing bot with those that are there."""
    project.chat(TWO, "test_a.chat.yaml", bot="phone-logn.bot.yaml")
    bot = project.changed_bot(("next: send_code", "next: send_cod"))
    project.chat(TWO, "test_b.chat.yaml", bot=bot)

    result = project.run()

    told = told_by(result)
    result.assert_outcomes(errors=2)
    assert re.search(r"test_a\.chat\.yaml:2:6: There is no bot file 'phone-logn\.bot\.yaml'.*phone-login\.bot", told)
    assert re.search(r"changed\.bot\.yaml:\d+:\d+: .*'send_cod'.*'send_code'", told)
    assert "Traceback" not in told


def test_place(project):
    """An item's place is the line of its name in the YAML file: in JUnit, and for what jumps to it."""
    project.chat(TWO + WRONG)

    result = project.run("--junit-xml=out.xml", "-o", "junit_family=xunit1", "-v")

    result.assert_outcomes(passed=2, failed=1)
    cases = ET.parse(project.path / "out.xml").iter("testcase")  # noqa: S314  # our own file
    assert [(case.get("name"), case.get("file"), case.get("line")) for case in cases] == [
        ("right code, first time", "test_login.chat.yaml", "3"),
        ("no sms yet", "test_login.chat.yaml", "7"),
        ("wrong", "test_login.chat.yaml", "10"),
    ]
    result.stdout.fnmatch_lines(["test_login.chat.yaml::right code, first time PASSED *"])
    assert "test_login.chat.yaml:12: expected sms to be 5, but it is 0" in told_by(result)


def test_stopping(project):
    """`-x` stops after the first conversation that fails."""
    project.chat(WRONG + TWO)

    project.run("-x").assert_outcomes(failed=1)


def test_last_failed(project):
    """`--last-failed` plays what failed and nothing else."""
    project.chat(TWO + WRONG)
    project.run().assert_outcomes(passed=2, failed=1)

    project.run("--last-failed").assert_outcomes(failed=1)


def test_from_another_folder(project, monkeypatch):
    """Places are written as one reads them from where pytest was started."""
    project.chat(WRONG, "below/test_login.chat.yaml", bot="../phone-login.bot.yaml")
    monkeypatch.chdir(project.path / "below")

    result = project.run("--rootdir", str(project.path), "-c", "../pytest.ini")

    result.assert_outcomes(failed=1)
    assert "\ntest_login.chat.yaml:5: expected sms to be 5" in told_by(result)


def test_xdist(project):
    """Workers give the same results as one process, under one drawn seed."""
    shutil.copy(SOUND, project.path)
    project.chat(TWO + WRONG)
    project.file("conftest.py", TOLD)
    args = ("-rA", "--otp-seed=random", "-W", "error")

    alone = project.run(*args)
    shared = project.run_alone(*args, "-n", "2", "--dist", "loadfile")

    for result in (alone, shared):
        result.assert_outcomes(passed=17, failed=1)
        header = told_by(result).partition("botpenguin-otp: seed ")[2].split()[0]
        assert set(re.findall(r"WORLD \S+ (\d+)", told_by(result))) == {header}

    def results(result):
        return sorted(line for line in result.stdout.lines if re.match(r"(PASSED|FAILED) ", line))

    assert results(alone) == results(shared)


def test_hooks_of_others(project):
    """Other plugins find what they expect around an item: a module, a function, fixture names, a docstring or none."""
    project.file(
        "conftest.py",
        """
import pytest

@pytest.fixture(scope="module", autouse=True)
def around(request):
    assert request.module.__name__ == "test_login"

@pytest.hookimpl
def pytest_collection_modifyitems(items):
    for item in items:
        assert callable(item.function) and item.cls is None
        assert "otp_world" in item.fixturenames
        assert item.get_closest_marker("asyncio") is None
        assert item.location[0].endswith(".chat.yaml")
""",
    )
    project.chat(TWO)

    project.run("-W", "error").assert_outcomes(passed=2)
