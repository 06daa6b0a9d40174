"""What the commands mutate and generate print, write and refuse."""

import json
import shutil

import pytest
from commandline import LOOP, run, told
from mutating import SMALL, SMALL_CHAT

from pytest_botpenguin_otp import chat as chats

HAPPY = """
  happy:
    - user: "+1 415 555 0123"
    - user: "{{code}}"
    - bot: Welcome!
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Work in a folder with the small bot and its chats."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(SMALL, "login.bot.yaml")
    text = SMALL_CHAT.read_text(encoding="utf-8").replace("phone-login.bot.yaml", "login.bot.yaml")
    (tmp_path / "test_login.chat.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("here")
def test_survivors():
    """The score, then each change that would go unnoticed with its place and a chat; 1, since there are such."""
    result = run("mutate", "login.bot.yaml", "--chats", ".")

    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("67.6 % of the changes to login.bot.yaml are noticed: 46 noticed, 22 unnoticed\n")
    assert "this change would go unnoticed: sorry says something else (login.bot.yaml:36)\n" in result.stdout
    assert '    "Twilio refuses the number of Send OTP":\n      - bot: "What is your phone number?"\n' in result.stdout


@pytest.mark.usefixtures("here")
def test_json_and_a_floor():
    """One JSON document alone on stdout; with a floor, the score decides how the command leaves."""
    low = run("mutate", "login.bot.yaml", "--chats", "test_login.chat.yaml", "--floor", "60", "--json")
    data = json.loads(low.stdout)

    assert (low.exit_code, low.stderr) == (0, "")
    assert (data["format"], data["floor"], data["score"]) == ("botpenguin-otp/mutants@1", 60, 67.65)
    assert data["cut"] == []
    assert {"kind": "end", "change": "bye is live_chat, not end_chat", "place": "login.bot.yaml:37"}.items() <= next(
        one for one in data["survived"] if one["kind"] == "end"
    ).items()
    high = run("mutate", "login.bot.yaml", "--chats", ".", "--floor", "67.7")
    assert high.exit_code == 1
    assert high.stdout.endswith("below the floor: 67.6 % is less than 67.7 %\n")


def test_generated_chats_notice_all(here):
    """What generate writes passes `mutate` with 100 %; it is for the bot beside it, and may be written anew."""
    (here / "tests").mkdir()
    for _ in range(2):
        result = run("generate", "login.bot.yaml", "-o", "tests/test_all.chat.yaml")
        assert (result.exit_code, result.stdout) == (0, "")
    graded = run("mutate", "login.bot.yaml", "--chats", "tests")

    assert "irreducible: without any one of them, something is missed." in result.stderr
    assert "wrote tests/test_all.chat.yaml\n" in result.stderr
    assert 'bot: "../login.bot.yaml"' in (here / "tests" / "test_all.chat.yaml").read_text(encoding="utf-8")
    assert graded.exit_code == 0
    assert graded.stdout.startswith("100 % of the changes to login.bot.yaml are noticed: 68 noticed, 0 unnoticed\n")


def test_generated_on_stdout(here):
    """Without a file the chats alone go to stdout, and read as a chat file for the bot as it was named."""
    result = run("generate", "login.bot.yaml")
    chat = chats.parse(result.stdout, str(here / "out.chat.yaml"))

    assert result.exit_code == 0
    assert chat.conversations[0].name == "right code, first time"
    assert "Not covered: " in result.stderr
    assert "Not covered: " in result.stdout.partition("format:")[0]


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("login.bot.yaml", "is there already, and was not written by generate"),
        ("test_login.chat.yaml", "is there already, and was not written by generate"),
        (".", "this is a folder"),
        ("nowhere/test_x.chat.yaml", "there is no such folder"),
    ],
)
def test_nothing_is_overwritten(here, output, words):
    """The bot, and whatever else was not written by generate, stays as it is."""
    before = {path.name: path.read_bytes() for path in here.iterdir()}

    assert words in told(run("generate", "login.bot.yaml", "-o", output))
    assert {path.name: path.read_bytes() for path in here.iterdir()} == before


@pytest.mark.usefixtures("here")
def test_a_name_that_pytest_leaves_alone():
    """Whoever writes to a file that pytest does not collect is told so."""
    assert "pytest collects it as test_*.chat.yaml only" in run("generate", "login.bot.yaml", "-o", "all.yaml").stderr


@pytest.mark.usefixtures("here")
def test_cut_search_is_no_success():
    """Where a budget ends the search the commands leave with 1, and say so plainly."""
    generated = run("generate", "login.bot.yaml", "--states", "5")
    graded = run("mutate", "login.bot.yaml", "--chats", ".", "--states", "5", "--floor", "1")

    assert (generated.exit_code, graded.exit_code) == (1, 1)
    for shown in (generated.stderr, graded.stdout):
        last = shown.splitlines()[-1]
        assert "he search was cut by the budget of 5 states: " in last
        assert "--states" in last
        assert "may be equal or not" not in shown
    data = json.loads(run("mutate", "login.bot.yaml", "--chats", ".", "--states", "5", "--json").stdout)
    assert data["cut"] == ["the budget of 5 states"]


def test_what_is_no_chat_file(here):
    """A file of another kind is told as such, not read."""
    (here / "test_x.py").write_text("def test_x(): ...\n", encoding="utf-8")

    assert "test_x.py: this is not a chat file." in told(run("mutate", "login.bot.yaml", "--chats", "test_x.py"))


def test_refused(here):
    """No bot, no chats, chats of another bot, and chats that fail: told in sentences, and left with 2."""
    (here / "empty").mkdir()
    failing = SMALL_CHAT.read_text(encoding="utf-8").replace("phone-login.bot.yaml", "login.bot.yaml")
    (here / "failing.chat.yaml").write_text(failing.replace("Welcome!", "Hello!"), encoding="utf-8")
    (here / "broken.bot.yaml").write_text("a: [", encoding="utf-8")
    asked = {
        ("nobody.bot.yaml", "--chats", "."): "nobody.bot.yaml: there is no such file.",
        ("broken.bot.yaml", "--chats", "."): "broken.bot.yaml:2:1: Not valid YAML",
        ("login.bot.yaml", "--chats", "nowhere"): "nowhere: there is no such file or folder.",
        ("login.bot.yaml", "--chats", "empty"): "login.bot.yaml: no conversation names this bot",
        ("login.bot.yaml", "--chats", "failing.chat.yaml"): "'the right code lets you in' fails on the bot as it is",
        ("login.bot.yaml",): "--chats",
        ("login.bot.yaml", "--chats", ".", "--floor", "101"): "less than or equal to 100",
        ("login.bot.yaml", "--chats", ".", "--profile", "nope"): "nope",
    }

    for args, words in asked.items():
        assert words in told(run("mutate", *args)), args
    assert "broken.bot.yaml:2:1: Not valid YAML" in told(run("generate", "broken.bot.yaml"))


def test_a_bot_that_no_chat_can_be_had_with(tmp_path):
    """A flow that goes round without asking has no chat: that is told, and nothing is written."""
    path = tmp_path / "round.bot.yaml"
    path.write_text(LOOP, encoding="utf-8")
    result = run("generate", str(path), "-o", str(tmp_path / "test_round.chat.yaml"))

    assert "no conversation can be written for this bot.\n- a chat that ends as loop" in told(result)
    assert [one.name for one in tmp_path.iterdir()] == ["round.bot.yaml"]
