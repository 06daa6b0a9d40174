"""What is read by somebody who put a step where none can be, or named a bot that is not there."""

import pytest

from pytest_botpenguin_otp import chat
from pytest_botpenguin_otp.errors import FileError

BOT = """\
format: botpenguin-otp/bot@1
name: Hello
flows:
  main:
    start: hi
    components:
      hi: {type: message, message: Hi, next: bye}
      bye: {type: end_chat}
"""
HEAD = "format: botpenguin-otp/chat@1\nbot: {bot}\nconversations:\n  right:\n"
STEPS = "as, bot, do, during_delay, expect, fault, user, wait"
COUNTS = "The path counts from the folder of the chat file."


@pytest.fixture
def tests(tmp_path):
    """Make a project with a bot, and return the folder of its tests."""
    for folder in ("tests", "bots"):
        (tmp_path / "project" / folder).mkdir(parents=True)
    (tmp_path / "project" / "bots" / "hello.bot.yaml").write_text(BOT, encoding="utf-8")
    return tmp_path / "project" / "tests"


def refused(folder, steps="    - bot: Hi\n", bot="../bots/hello.bot.yaml"):
    """Return the lines by which a chat is refused."""
    with pytest.raises(FileError) as caught:
        chat.parse(HEAD.format(bot=bot) + steps, str(folder / "x"))
    return [line.replace(str(folder), ".") for line in caught.value.faults]


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (
            "    user: a\n    bot: Hi\n",
            [
                "./x:4:3: The key 'steps' is missing.",
                "./x:5:5: 'user' is a step: a conversation is a list of steps, and each begins with '- '.",
                "./x:6:5: 'bot' is a step: a conversation is a list of steps, and each begins with '- '.",
            ],
        ),
        (
            "    - user: a\n      bot: Hi\n",
            ["./x:5:7: 2 steps stand in one: begin 'bot' with '- ', too."],
        ),
        (
            "    steps:\n      - while_offered: true\n      - bot: Hi\n        wait: 5\n        do: skip\n",
            [
                "./x:6:9: 'while_offered' is no step: it stands beside 'steps', in the long form of a conversation.",
                "./x:7:9: 3 steps stand in one: begin 'wait' with '- ', too.",
            ],
        ),
        (
            "    - profile: mismatch-200\n    - usr: a\n",
            [
                "./x:5:7: 'profile' is no step: it stands beside 'steps', in the long form of a conversation.",
                f"./x:6:7: There is no key 'usr' here. Did you mean 'user'? Known: {STEPS}.",
            ],
        ),
    ],
)  # fmt: skip
def test_misplaced(tests, steps, told):
    """A step that is no list item, steps without a dash, and settings among steps are told as what they are, once."""
    assert refused(tests, steps) == told


@pytest.mark.parametrize(
    ("bot", "told"),
    [
        ("../bots/helo.bot.yaml", "Did you mean 'hello.bot.yaml', in the same folder?"),
        ("hello.bot.yaml", "Did you mean '../bots/hello.bot.yaml'? The path counts from the chat file."),
        ("bots/hello.bot.yaml", "Did you mean '../bots/hello.bot.yaml'? The path counts from the chat file."),
        ("../bots/x.bot.yaml", f"{COUNTS} Beside it there is: hello.bot.yaml."),
        ("x.bot.yaml", COUNTS),
        ("nowhere/x.bot.yaml", COUNTS),
    ],
)
def test_near_bot(tests, bot, told):
    """The bot that is meant is named by its path from the chat file, or else those beside where it was looked for."""
    (line,) = refused(tests, bot=bot)

    assert line.startswith(f"./x:2:6: There is no bot file './{bot}'. ")
    assert line.partition("'. ")[2] == told


def test_many_bots(tests):
    """Of many bots some are named, and the others counted."""
    for number in range(10):
        (tests / f"b{number}.bot.yaml").write_text(BOT, encoding="utf-8")
    (line,) = refused(tests, bot="x.bot.yaml")

    assert line.endswith("b6.bot.yaml, b7.bot.yaml and 2 more.")
