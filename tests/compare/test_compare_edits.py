"""Every single edit of a bot is proved to change nothing, or shown by a chat that really differs."""

from pathlib import Path

from editing import EDITS, SOUND, TREE, built, chatted, edited, renamed, shown
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import documents
from pytest_botpenguin_otp.compare import compare_under
from pytest_botpenguin_otp.explorer import Bounds
from pytest_botpenguin_otp.mutants.making import made
from pytest_botpenguin_otp.profile import PROFILES

OLD = bots.load(SOUND)
TESTS = Path(__file__).parents[1]
FILES = sorted((*(TESTS / "bots" / "sound").glob("*.bot.yaml"), *(TESTS / "examples").rglob("*.bot.yaml")))
BOUNDS = Bounds(faults=1)
PHONE = "+1 415 555 0123"
CODES = ("{{code}}", "0000", "", "again", " 12 34 ", "seven")
SOME = settings(
    database=None, derandomize=True, deadline=None, max_examples=40, phases=[Phase.explicit, Phase.generate]
)
FEW = settings(SOME, max_examples=12)


def picking(data):
    """Return what chooses one of several."""
    return lambda known: data.draw(st.sampled_from(known))


def proved(new, profile):
    """Compare with the sound bot, search and all; the rules are searched for elsewhere, and cost most of the time."""
    return compare_under(OLD, new, (profile,), BOUNDS, prove=True, rules=False)


def assert_shown(difference):
    """Play both chats of a difference, and see them differ."""
    old, new = difference.old_chat, difference.new_chat

    assert old is not None
    if "loop" in (old.ended, new.ended) or difference.kind == "offer" or not (old.playable and new.playable):
        return
    assert shown(old) != shown(new), (difference.kind, difference.way)


@SOME
@given(st.data(), st.sampled_from(EDITS), st.sampled_from(list(PROFILES.values())))
def test_single_edits(data, edit, profile):
    """An edit is proved equal, and then no chat differs; or each difference is one when it is played."""
    new = edited(edit, picking(data))
    found = proved(new, profile)

    for difference in found.differences:
        assert_shown(difference)
    if found.equal:
        said = data.draw(st.lists(st.sampled_from(CODES), max_size=4))
        for texts in ((PHONE, *said), ("nonsense", PHONE, "again", *said)):
            assert chatted(OLD, profile, texts) == chatted(new, profile, texts), texts


@FEW
@given(st.data(), st.sampled_from(FILES), st.sampled_from(list(PROFILES.values())))
def test_single_edits_of_any_bot(data, file, profile):
    """That holds for a bot of every shape, and for each edit that its chats are graded by."""
    old, edits = bots.load(file), made(documents.read(file)).mutants
    found = compare_under(old, data.draw(st.sampled_from(edits)).bot(), (profile,), BOUNDS, prove=True, rules=False)

    for difference in found.differences:
        assert_shown(difference)
    if found.equal:
        for texts in ((PHONE, *CODES), ("nonsense", PHONE, "again", *CODES)):
            assert chatted(old, profile, texts) == chatted(found.new, profile, texts), texts


@FEW
@given(st.data(), st.sampled_from(list(PROFILES.values())))
def test_renaming_is_no_difference(data, profile):
    """Another name for a component, an attribute or an API is proved to change nothing."""
    found = proved(edited(renamed, picking(data)), profile)

    assert found.equal, [difference.way for difference in found.differences]
    assert str(found).startswith("equal: yes, exhaustive")


def test_the_tree_is_the_bot():
    """What is edited is the sound bot itself."""
    assert compare_under(OLD, built(TREE)).transitions == 0
    assert compare_under(OLD, built(TREE)).equal
