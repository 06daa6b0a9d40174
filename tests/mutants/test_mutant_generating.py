"""Generated chats pass, notice every change there is, and none of them can be left out."""

import pytest
from mutating import DEFAULT, SMALL, SOUNDS, document

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp import mutants
from pytest_botpenguin_otp.chat import Expect, User
from pytest_botpenguin_otp.mutants.playing import failure, passes
from pytest_botpenguin_otp.mutants.probing import probes
from pytest_botpenguin_otp.report import generated as report

BOTS = (SOUNDS / "options-menu.bot.yaml", SOUNDS / "status-flag.bot.yaml")


@pytest.mark.parametrize("path", BOTS, ids=lambda path: path.stem)
def test_a_score_of_a_hundred(path, tmp_path):
    """Chats that are generated pass under any seed, take every way, come out in every way, and miss no change."""
    found = mutants.generate(path)
    file = tmp_path / "test_all.chat.yaml"
    file.write_text(report.chat_file(found, str(path)), encoding="utf-8")
    chat = chats.load(file)
    grade = mutants.grade(path, chat.conversations)

    assert (grade.score, grade.survived, grade.not_compared) == (100, (), ())
    assert (len(grade.killed), len(grade.equivalent)) == (found.noticed, found.equivalent)
    assert [failure(one, chat.bot, DEFAULT, seed) for one in chat.conversations for seed in (7, 8)] == [None] * (
        2 * len(chat.conversations)
    )
    assert_every_way(path, found, chat)
    assert_readable(found, chat)


def assert_every_way(path, found, chat):
    """They take every mapping, option and branch, and come out in every way that they say."""
    ways = [probe for probe in probes(document(path)) if str(probe) in found.ways]
    ends = {(one.steps[-1].ended, one.steps[-1].verified) for one in chat.conversations}

    assert len(ways) == len(found.ways) > 10
    for probe in ways:
        assert any(not passes(one, probe.bot(), DEFAULT) for one in chat.conversations), str(probe)
    assert ends == {*found.outcomes}


def assert_readable(found, chat):
    """Each has a name of its own, a right code by its name, and ends with what is to be true."""
    names = [one.name for one in chat.conversations]
    typed = [step.text for one in chat.conversations for step in one.steps if isinstance(step, User)]

    assert names == [one.name for one in found.conversations]
    assert len({*names}) == len(names)
    assert all(isinstance(one.steps[-1], Expect) for one in chat.conversations)
    assert "{{code}}" in typed


def test_irreducible():
    """Without any one of them, a way, an outcome or a change is missed; the same bot gives the same chats."""
    found = mutants.generate(SMALL)
    wanted = [one.bot() for one in (*probes(document(SMALL)), *mutants.made(document(SMALL)).mutants)]
    noticed = [
        {number for number, bot in enumerate(wanted) if not passes(one, bot, DEFAULT)}
        | {(one.steps[-1].ended, one.steps[-1].verified)}
        for one in found.conversations
    ]

    for number, own in enumerate(noticed):
        assert own - set().union(*noticed[:number], *noticed[number + 1 :]), found.conversations[number].name
    assert mutants.generate(SMALL) == found


def test_what_cannot_be_covered_is_told():
    """A way that no chat takes, and a change that no chat file can tell, stand at the top of the file, with reasons."""
    found = mutants.generate(SOUNDS / "own-backend.bot.yaml")
    head = report.chat_file(found, "x.bot.yaml").partition("\nformat:")[0]

    assert all(line.startswith("#") for line in head.splitlines())
    assert "may answer is not known" in head
    assert "# - 200 of verify (" in head
    assert "come to 1 outcome" in head
