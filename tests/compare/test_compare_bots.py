"""Any two bots get the same answer in both directions, the same every time, and a bot is equal to itself."""

from itertools import combinations
from pathlib import Path

import pytest
from editing import SOUND, shown

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.compare import UndecidedError, compare, compare_under, first_difference
from pytest_botpenguin_otp.explorer import Bounds
from pytest_botpenguin_otp.profile import PROFILES

TESTS = Path(__file__).parents[1]
FILES = {
    file.relative_to(TESTS).as_posix(): file
    for file in (*sorted((TESTS / "bots").rglob("*.bot.yaml")), *sorted((TESTS / "examples").rglob("*.bot.yaml")))
}
PAIRS = list(combinations(FILES, 2))
NEAR, FAR = 1, 37
NEIGHBOURS = [
    (name, list(FILES)[(number + apart) % len(FILES)]) for number, name in enumerate(FILES) for apart in (NEAR, FAR)
]
"""Each bot beside the next one, which is as like it as can be, and beside one of another shape."""
SWAPPED = ("bots/AU05-breaks.bot.yaml", "bots/sound/goto-on-mismatch.bot.yaml")
"""Two where the old bot's code belongs to what the user types in the new one, which has a code of the same name too."""
DEFAULT = PROFILES["mismatch-400"]
BOUNDS = Bounds(faults=1)
OTHER = {"lax": "strict", "strict": "lax"}


def seen(differences, *, swapped=False):
    """Return what is said of the differences, as if the old bot were the new one where `swapped`."""
    told = set()
    for one in differences:
        places = [told_one and told_one.component for told_one in (one.old_told, one.new_told)]
        pulls = {mark.pull for mark in one.marks}
        if swapped:
            places, pulls = places[::-1], {OTHER[pull] for pull in pulls}
        told.add((one.kind, *places, one.cost, frozenset(one.parts), frozenset(pulls), bool(one.beyond)))
    return told


def test_both_directions():
    """What is more lax in one direction is more strict in the other, and everything else is the same."""
    for names in [*PAIRS[:: len(PAIRS) // 45], SWAPPED]:
        old, new = (bots.load(FILES[name]) for name in names)
        there, back = (compare(*both, DEFAULT, BOUNDS, rules=False) for both in ((old, new), (new, old)))

        assert seen(there.differences) == seen(back.differences, swapped=True), names
        assert there.equal == back.equal


def test_both_directions_at_first_sight():
    """Every bot differs from its neighbours as they do from it: in the same way, by a chat of the same cost."""
    for names in NEIGHBOURS:
        old, new = (bots.load(FILES[name]) for name in names)
        there, back = first_difference(old, new, DEFAULT, BOUNDS), first_difference(new, old, DEFAULT, BOUNDS)

        assert (there is None) == (back is None), names
        if there is not None and back is not None:
            assert seen([there]) == seen([back], swapped=True), names


def test_the_first_difference():
    """It is the first of all that a whole comparison finds, and nothing where that proves both equal."""
    for names in PAIRS[3 :: len(PAIRS) // 12]:
        old, new = (bots.load(FILES[name]) for name in names)
        first, every = first_difference(old, new, DEFAULT, BOUNDS), compare(old, new, DEFAULT, BOUNDS, rules=False)

        assert (first and (first.key, first.cost, first.way)) == next(
            ((one.key, one.cost, one.way) for one in every.differences), None
        ), names


def test_undecided():
    """A search that was cut before it found anything proves nothing, and says so instead of an answer."""
    old = bots.load(SOUND)
    new = bots.parse(SOUND.read_text(encoding="utf-8").replace("delay: 30", "delay: 60"), "new.bot.yaml")

    with pytest.raises(UndecidedError, match=r"may be equal or not: cut by the budget of 5 states\.$"):
        first_difference(old, new, DEFAULT, Bounds(states=5))


def test_differences_can_be_played():
    """Whatever is said to differ between two bots of any shape does so against the fakes."""
    played = 0
    for names in PAIRS[5 :: len(PAIRS) // 25]:
        old, new = (bots.load(FILES[name]) for name in names)
        for one in compare(old, new, DEFAULT, BOUNDS, rules=False).differences[:5]:
            chats = (one.old_chat, one.new_chat)
            if one.kind != "offer" and all(chat.playable for chat in chats):
                played += 1
                assert shown(chats[0]) != shown(chats[1]), (names, one.way)

    assert played > 15


@pytest.mark.parametrize("name", FILES)
def test_itself(name):
    """A bot is equal to itself at once, and by proof."""
    bot = bots.load(FILES[name])
    at_once, by_proof = compare(bot, bot, DEFAULT, BOUNDS), compare(bot, bot, DEFAULT, BOUNDS, prove=True)

    assert at_once.equal
    assert at_once.transitions == 0
    assert by_proof.equal, [one.way for one in by_proof.differences]
    assert by_proof.transitions > 0


def test_the_same_every_time():
    """Two comparisons find the same, in the same order, by the same chats."""
    old, new = bots.load(SOUND), bots.load(FILES["examples/guide/phone-login.bot.yaml"])
    first, second = (compare_under(old, new, bounds=BOUNDS, rules=False) for _ in range(2))

    assert [one.key for one in first.differences] == [one.key for one in second.differences]
    assert [one.way for one in first.differences] == [one.way for one in second.differences]
    assert str(first) == str(second)
