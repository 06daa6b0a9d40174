"""What chats notice of all changes to a bot: those that notice little score low, with the right survivors."""

import pytest
from mutating import SMALL, SMALL_CHAT, SOUND, document, graded, made, read

from pytest_botpenguin_otp import mutants
from pytest_botpenguin_otp.errors import FileError
from pytest_botpenguin_otp.mutants import GradingError
from pytest_botpenguin_otp.report import mutants as report

HAPPY = """
  happy:
    - user: "+1 415 555 0123"
    - user: "{{code}}"
    - bot: Welcome!
    - expect: {verified: true}
"""


def happy(tmp_path, text=HAPPY):
    """Grade the happy way alone."""
    return mutants.grade(SMALL, read(text, SMALL, tmp_path / "x.chat.yaml"))


def test_every_mutant_is_somewhere():
    """Each one is noticed, unnoticed, proved equal, not compared, or beyond any chat."""
    grade = graded(SMALL, SMALL_CHAT)
    groups = (grade.killed, grade.survived, grade.not_compared, grade.beyond)

    assert {one.mutant for group in groups for one in group} | {*grade.equivalent} == {*made()}
    assert sum(map(len, groups)) + len(grade.equivalent) == len(made())
    assert grade.score == 100 * len(grade.killed) / (len(grade.killed) + len(grade.survived))


def test_who_noticed():
    """A change is told with the first conversation that fails on it."""
    by = {one.mutant.told: one.by for one in graded(SMALL, SMALL_CHAT).killed}

    assert by["welcome says something else"] == by["verify waits 6 s, not 5 s"] == "the right code lets you in"
    assert by["400 of verify leads to welcome"] == "a wrong code does not"
    assert "sorry says something else" not in by


@pytest.fixture(scope="module")
def weak(tmp_path_factory):
    """Grade the happy way alone."""
    return happy(tmp_path_factory.mktemp("weak"))


def test_a_weak_chat(weak):
    """The happy way alone scores low: failures of services, wrong codes and longer delays go unnoticed."""
    told = {one.mutant.told for one in weak.survived}
    seen = {"welcome says something else", "verify waits 4 s, not 5 s", "welcome is no longer protected"}
    missed = {
        "400 of verify leads to welcome",
        "wrong_code says something else",
        "others of send_code leads to welcome",
        "verify waits 6 s, not 5 s",
        "Verify OTP takes systemOtp from user_otp, not from system_otp",
    }

    assert weak.score < graded(SMALL, SMALL_CHAT).score < 80
    assert told & (missed | seen) == missed


def test_a_survivors_chat(weak, tmp_path):
    """Whoever adds the chats of all survivors has none left."""
    chats = dict.fromkeys(mutants.as_text(one.proof.chat) for one in weak.survived)
    added = [read(text, SMALL, tmp_path / "y.chat.yaml")[0] for text in chats]
    strong = mutants.grade(SMALL, (*read(HAPPY, SMALL, tmp_path / "x.chat.yaml"), *added))

    assert (strong.survived, strong.score) == ((), 100)


def test_conversations_that_fail(tmp_path):
    """Nothing is graded while a conversation fails on the bot as it is: each is told, without a code in it."""
    text = HAPPY.replace("Welcome!", "Hello!") + HAPPY.replace("happy", "sad").replace("true", "false")
    with pytest.raises(GradingError) as raised:
        happy(tmp_path, text)

    told = str(raised.value)
    assert "'happy' fails on the bot as it is: " in told
    assert "'sad' fails on the bot as it is: " in told
    assert "graded once every conversation passes" in told


def test_a_fault_that_never_strikes(tmp_path):
    """As under pytest, a conversation fails for a fault that never struck."""
    with pytest.raises(GradingError, match="never struck as planned"):
        happy(tmp_path, HAPPY + "    - fault: {botpenguin: {verify: 500}}\n")


def test_no_conversation():
    """A bot that no conversation names is told so, with the way out."""
    with pytest.raises(GradingError, match="no conversation names this bot, so that every change of it would"):
        mutants.grade(SMALL, ())


def test_recordings_are_not_played(tmp_path):
    """A conversation that a recording answers is left out, and named."""
    taped = "  taped:\n    cassette: some\n    steps:\n      - bot: What is your phone number?\n"
    known = graded(SMALL, SMALL_CHAT)
    every = mutants.find(SMALL, [SMALL_CHAT]).conversations
    grade = mutants.grade(SMALL, (*read(taped, SMALL, tmp_path / "x.chat.yaml"), *every))

    assert (grade.conversations, grade.unplayed) == (known.conversations, ("taped",))
    assert "1 conversation answered by recordings" in "\n".join(report.lines(grade, ()))


def test_whose_chats(tmp_path):
    """Of a folder, only chat files of this bot are read; a broken one is told where it was named, or is of this bot."""
    (tmp_path / ".hidden").mkdir()
    head = f"format: botpenguin-otp/chat@1\nbot: {SMALL}\nconversations:"
    for name, text in {
        "own.chat.yaml": head + HAPPY,
        "other.chat.yaml": f"format: botpenguin-otp/chat@1\nbot: {SOUND}\nconversations: {{}}\n",
        "broken.chat.yaml": "a: [",
        "foreign.chat.yaml": "format: something\n",
        ".hidden/own.chat.yaml": head + HAPPY,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = mutants.find(SMALL, [tmp_path, tmp_path / "own.chat.yaml"])

    assert [path.name for path in found.files] == ["own.chat.yaml"]
    assert (len(found.conversations), found.others) == (1, 2)
    with pytest.raises(FileError, match=r"broken\.chat\.yaml"):
        mutants.find(SMALL, [tmp_path / "broken.chat.yaml"])
    (tmp_path / "own.chat.yaml").write_text(head + HAPPY.replace("user:", "usr:"), encoding="utf-8")
    with pytest.raises(FileError, match="usr"):
        mutants.find(SMALL, [tmp_path])


def test_the_report():
    """Each survivor is told with its place and a chat; changes that one chat notices are told together."""
    grade = graded(SMALL, SMALL_CHAT)
    text = "\n".join(report.lines(grade, [SMALL_CHAT]))
    data = report.to_json(grade, [SMALL_CHAT], 50)

    assert text.count("this change would go unnoticed: ") == len(grade.survived)
    assert text.count("this conversation notices") < len(grade.survived)
    assert f"bye is live_chat, not end_chat ({SMALL}:" in text
    assert "1 proved to change nothing; 3 that no chat file can tell" in text
    assert len(data["killed"]) == len(grade.killed)
    assert data["survived"][0]["chat"].startswith('  "')
    assert (data["score"], data["floor"], document().file) == (round(grade.score, 2), 50, data["bot"])


@pytest.mark.parametrize(("score", "told"), [(100.0, "100 %"), (99.99, "99.9 %"), (66.666, "66.6 %"), (0.0, "0 %")])
def test_percent(score, told):
    """A score is never rounded up: 100 % means that nothing is missing."""
    assert report.percent(score) == told
