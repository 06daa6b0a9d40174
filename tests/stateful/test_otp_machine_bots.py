"""OtpMachine and bots: sound bots pass, flawed ones fail with a chat file that fails too, until the bot is mended."""

import re
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest
from hypothesis import seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.stateful import run_state_machine_as_test

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp import player
from pytest_botpenguin_otp.errors import ChatError
from pytest_botpenguin_otp.journal import Answered, Calling
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES
from pytest_botpenguin_otp.stateful import PROMISES, BrokenPromiseError, OtpMachine
from pytest_botpenguin_otp.stateful.botrules import BotMachine
from pytest_botpenguin_otp.stateful.bots import BotTalk
from pytest_botpenguin_otp.stateful.running import quiet_settings
from pytest_botpenguin_otp.strategies.flaws import FLAWS
from pytest_botpenguin_otp.strategies.shapes import Shape, login, written

TESTS = Path(__file__).parents[1]
EXAMPLE = TESTS / "examples" / "sound" / "phone-login.bot.yaml"
SOUND = (EXAMPLE, *sorted((TESTS / "bots" / "sound").glob("*.bot.yaml")))
ASKS_A_SHOP = "look-up.bot.yaml"
"""It also calls an API that nothing answers but what a test mounts."""
PROFILE = PROFILES[DEFAULT]
BROKEN = {
    "missing-delay": "delays",
    "short-delay": "delays",
    "short-retry": "delays",
    "unmapped-others": "mapped",
    "unmapped-silence": "mapped",
    "others-welcome": "closed",
    "silence-welcomes": "closed",
    "mismatch-welcomes": "wrong-code",
    "self-compare": "wrong-code",
    "back-door": "order",
    "code-shown": "secret",
    "endless": "attempts",
    "no-token": "contract",
}
"""Flaws of a bot, and the promise that each breaks."""
MOST_STEPS = 12
MOST_STEPS_TAKEN = 10
STEP = re.compile(r"^ +- ", re.MULTILINE)


def told(bot, number=0, **how):
    """Return what a run with a seed tells, or None."""
    made = OtpMachine.of(bot, **how)
    try:
        run_state_machine_as_test(seed(number)(made), settings=settings(made.TestCase.settings, derandomize=False))
    except BrokenPromiseError as error:
        return "\n".join([str(error), *getattr(error, "__notes__", [])])  # hypothesis' own notes would hold codes
    return None


def flawed(name):
    """Return a bot with one flaw."""
    shape = Shape()
    tree = login(shape, PROFILE)
    FLAWS[name].spoil(tree, shape, PROFILE)
    return written(tree, shape, name)


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.name)
def test_sound_bot_keeps_every_promise(path):
    """A sound bot is let alone, by the test case that users take; one that calls a third service says what it lacks."""
    told = r"Nothing here answers POST https://shop\.example"
    with pytest.raises(pytest.fail.Exception, match=told) if path.name == ASKS_A_SHOP else nullcontext():
        OtpMachine.of(path).TestCase("runTest").runTest()


@pytest.mark.parametrize("name", BROKEN)
def test_flawed_bot_fails_with_a_chat_file(name, tmp_path):
    """A flaw is told by its promise and a short chat file; played by itself, that fails too."""
    bot = flawed(name)
    report = told(bot.bot, promises=[BROKEN[name]])

    assert report is not None
    assert report.startswith(f"{PROMISES[BROKEN[name]]}\n")
    text = report.partition("\n\n")[2]
    assert 1 <= len(STEP.findall(text)) <= MOST_STEPS
    assert "as:" not in text
    (tmp_path / "generated.bot.yaml").write_text(bot.text, encoding="utf-8")
    file = tmp_path / "test_found.chat.yaml"
    file.write_text(text, encoding="utf-8")
    chat = chats.load(file)
    assert not passes(chat)


def passes(chat):
    """Say whether the one conversation of a chat file passes, as pytest would."""
    (conversation,) = chat.conversations
    world = player.world_for(conversation, PROFILE, 0)
    try:
        player.play(conversation, chat.bot, world)
    except ChatError:
        return False
    return not world.failures()


@pytest.mark.parametrize(("name", "number"), [("back-door", 3), ("others-welcome", 3), ("silence-welcomes", 2)])
def test_chat_file_has_one_contact(name, number):
    """Where one contact is enough to show a bug, no other one is in the chat, however it was found."""
    report = told(flawed(name).bot, number)

    assert report is not None
    assert "as:" not in report


@pytest.mark.parametrize("number", [23, 44])
def test_silence_without_a_mapping_is_found(number):
    """A call that maps no silence is found with seeds by which chance alone found nothing."""
    assert str(told(flawed("unmapped-silence").bot, number)).startswith(f"{PROMISES['mapped']}\n")


@pytest.mark.parametrize(
    ("call", "key"), [("send_code", "others"), ("verify_3", "no_response"), ("send_again", "no_response")]
)
def test_each_answer_without_a_mapping_is_found(call, key):
    """Whichever call has no component for an answer, after whatever went before, that answer is given to it."""
    head, at, rest = EXAMPLE.read_text(encoding="utf-8").partition(f"\n      {call}:\n")
    report = told(bots.parse(head + at + re.sub(rf", {key}: \w+", "", rest, count=1)))

    assert report.startswith(f"{PROMISES['mapped']}\n")
    assert f"'{call}' maps no component" in report


class Followed(BotMachine):
    """Conversations of which nothing is promised, each played again by the steps that it tells."""

    talk = None

    def talks(self, seed):
        """Begin one with the sound example."""
        return BotTalk(bots.load(EXAMPLE), PROFILE, seed, (), 5)

    def teardown(self):
        """Play what was done, and compare the calls and what they were answered."""
        if self.talk is None:
            return
        steps = (chats.Speaker(place="x", name="user"), *self.talk.steps)
        conversation = chats.Conversation(name="x", place="x", steps=steps, seed=self.talk.world.seed)
        world = player.world_for(conversation, PROFILE, 0)
        with suppress(ChatError):  # a text during a delay may be refused, in both
            player.play(conversation, self.talk.bot, world)

        done = calls(self.talk.world)
        assert calls(world)[: len(done)] == done


def calls(world):
    """Return a world's calls and answers."""
    met = (event for event in world.journal.events if isinstance(event, Calling | Answered))
    return [(event.contact, event.component, getattr(event, "response", None)) for event in met]


def test_steps_do_the_same_when_played():
    """Whatever is done, the steps that tell it bring about the same calls when they are played."""
    run_state_machine_as_test(Followed, settings=settings(quiet_settings(), max_examples=50))


def test_mended_bot_passes_the_chat_file(tmp_path):
    """The chat that a flaw gave passes on the bot without the flaw."""
    text = told(flawed("silence-welcomes").bot).partition("\n\n")[2]
    (tmp_path / "generated.bot.yaml").write_text(written(login(Shape(), PROFILE), Shape()).text, encoding="utf-8")
    file = tmp_path / "test_found.chat.yaml"
    file.write_text(text, encoding="utf-8")

    assert passes(chats.load(file))


def test_broken_bot_file_is_told_as_such(tmp_path):
    """A file that is no bot fails the test with its faults, and no traceback."""
    path = tmp_path / "x.bot.yaml"
    path.write_text("format: botpenguin-otp/bot@1\n", encoding="utf-8")
    with pytest.raises(pytest.fail.Exception, match=r"x\.bot\.yaml") as failure:
        OtpMachine.of(path).TestCase("runTest").runTest()

    assert failure.value.pytrace is False


SPOILT = {
    "what is compared is not saved": ("data.otp", "data.code", "right-code"),
    "the token is wrong": ("${TWILIO_AUTH_TOKEN}", "wrong", "right-code"),
    "verified before anything is sent": ("next: send_code", "next: verify", "order"),
}


@pytest.mark.parametrize("what", SPOILT)
@pytest.mark.parametrize("named", [True, False])
def test_bot_that_nobody_gets_into(what, named, tmp_path):
    """Where no way leads to a login the machine fails, however quiet the bot is; the chat it tells fails too."""
    old, new, promise = SPOILT[what]
    bot = tmp_path / EXAMPLE.name
    bot.write_text(EXAMPLE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    report = told(bot, promises=[promise] if named else None)

    head, _, text = report.partition("\n\n")
    assert head.startswith((f"{PROMISES[promise]}\n", f"{PROMISES['right-code']}\n"))
    assert not named or head.startswith(f"{PROMISES[promise]}\n")
    assert re.search(r"Paste this into a file test_[a-z_]+\.chat\.yaml beside phone-login\.bot\.yaml; it fails", head)
    file = tmp_path / "test_found.chat.yaml"
    file.write_text(text, encoding="utf-8")
    assert not passes(chats.load(file))


def test_settings_of_a_test_case_hold():
    """`TestCase` is always the same, so that hypothesis' settings can be put on it; it keeps no database."""
    made = OtpMachine.of(bots.load(EXAMPLE))

    assert made.TestCase is made.TestCase
    assert made.TestCase.settings.database is None


def test_settings_bring_no_database_back(tmp_path, monkeypatch):
    """Settings made anew, as hypothesis' manual has them, keep neither a database nor 50 steps in a failing run."""
    monkeypatch.chdir(tmp_path)
    made = OtpMachine.of(flawed("self-compare").bot)
    database = DirectoryBasedExampleDatabase(tmp_path / ".hypothesis" / "examples")
    made.TestCase.settings = settings(max_examples=30, stateful_step_count=50, database=database)
    with pytest.raises(pytest.fail.Exception):
        made.TestCase("runTest").runTest()

    assert list(tmp_path.iterdir()) == []
    assert quiet_settings(made.TestCase.settings).stateful_step_count == MOST_STEPS_TAKEN
    assert quiet_settings(made.TestCase.settings).max_examples == 30
