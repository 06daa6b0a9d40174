"""What a mutant is beside the original: another bot, as a chat shows; the same, as is proved; or not to be told."""

import copy

import pytest
from editing import renamed
from mutating import DEFAULT, GUIDE, PROFILES, SMALL, SOUND, SOUNDS, document, made, read

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import mutants
from pytest_botpenguin_otp.explorer import Bounds
from pytest_botpenguin_otp.mutants.making import built
from pytest_botpenguin_otp.mutants.playing import failure, passes

ORIGINAL = bots.load(SMALL)


def reordered(tree):
    """Turn the mappings of both calls round."""
    for name in ("send_code", "verify"):
        part = tree["flows"]["main"]["components"][name]
        part["responses"] = dict(reversed(part["responses"].items()))


def with_dead(tree, text="Nobody comes here."):
    """Add a component that nothing leads to."""
    tree["flows"]["main"]["components"]["attic"] = {"type": "message", "message": text, "next": "bye"}


def proved(tree, original=ORIGINAL, profiles=PROFILES, bounds=None):
    """Compare a bot made of a tree with the original."""
    return mutants.prove(original, bots.parse(built(document(), tree), "x.bot.yaml"), profiles, DEFAULT, bounds)


@pytest.mark.parametrize(
    "edit",
    [
        lambda tree: renamed(tree, lambda known: known[0]),
        reordered,
        with_dead,
        lambda tree: tree["apis"].update(dict(reversed(tree["apis"].items()))),
    ],
    ids=["renamed", "reordered", "dead", "apis reordered"],
)
def test_what_changes_nothing_is_proved(edit):
    """A renamed component, reordered mappings and a component that nothing leads to make no other bot."""
    tree = copy.deepcopy(document().tree)
    edit(tree)

    assert proved(tree).how == "equivalent"


def test_a_dead_component_changed():
    """What a component says to nobody makes no difference."""
    tree, other = copy.deepcopy(document().tree), copy.deepcopy(document().tree)
    with_dead(tree)
    with_dead(other, "Still nobody.")

    assert proved(other, bots.parse(built(document(), tree), "dead.bot.yaml")).how == "equivalent"


def test_a_chat_that_shows_it(tmp_path):
    """For each mutant that differs, its chat, as it stands in a file, passes on the bot and fails on the mutant."""
    proofs = [(mutant, mutants.prove(ORIGINAL, mutant.bot(), PROFILES, DEFAULT)) for mutant in made()[::3]]
    shown = [(mutant, proof.chat) for mutant, proof in proofs if proof.how == "differs"]
    assert len(shown) > 15

    for mutant, chat in shown:
        (conversation,) = read(mutants.as_text(chat), SMALL, tmp_path / "test_x.chat.yaml")
        assert failure(conversation, ORIGINAL, DEFAULT) is None
        assert not passes(conversation, mutant.bot(), DEFAULT), str(mutant)


def test_only_another_profile_shows_it():
    """Where only another profile tells a mutant from the bot, its chat names that profile."""
    (mutant,) = (one for one in made(SOUND) if one.told == "200 of verify leads to welcome")
    shown = mutants.prove(bots.load(SOUND), mutant.bot(), PROFILES[1:2], DEFAULT)

    assert (shown.how, shown.chat.profile, shown.chat.seed) == ("differs", "mismatch-200", None)


def test_a_button_more():
    """No step of a chat can ask whether a button is there: such a mutant is no survivor, and not equivalent either."""
    tree = copy.deepcopy(document().tree)
    tree["flows"]["main"]["components"]["ask_phone"]["allow_skip"] = "true"
    found = proved(tree)

    assert (found.how, found.chat) == ("beyond chats", None)
    assert "one button more" in found.why


def test_a_budget_proves_nothing():
    """What the bounds do not tell is not compared, and said to be so."""
    tree = copy.deepcopy(document().tree)
    with_dead(tree)
    tree["flows"]["main"]["components"]["verify"]["responses"]["503"] = "sorry"
    found = proved(tree, bounds=Bounds(states=2))

    assert found.how == "not compared"
    assert "2 states" in found.why


def test_a_service_of_another_kind():
    """Nothing is proved of a bot whose services answer in a way that is not known."""
    path = SOUNDS / "own-backend.bot.yaml"
    (mutant,) = (one for one in made(path) if one.told == "welcome says something else")
    found = mutants.prove(bots.load(path), mutant.bot(), PROFILES[:1], DEFAULT)

    assert found.how == "not compared"
    assert "how Send code, Check code may answer is not known" in found.why


def test_a_bot_that_breaks_a_contract():
    """Where every chat with a bot fails as it is, no chat shows a change: the breach is told as the reason."""
    (mutant,) = (one for one in made(GUIDE) if one.told == "verified says something else")
    found = mutants.prove(bots.load(GUIDE), mutant.bot(), PROFILES[:1], DEFAULT)

    assert found.how == "beyond chats"
    assert "the chat that shows it fails on the bot as it is: " in found.why
    assert "broke the contract" in found.why


def test_a_number_that_is_sent_as_it_was_typed():
    """Where blanks in a number would break a contract, the chat types it without."""
    tree = copy.deepcopy(document().tree)
    tree["flows"]["main"]["components"]["ask_phone"]["type"] = "text_question"
    original = bots.parse(built(document(), tree), "typed.bot.yaml")
    tree["flows"]["main"]["components"]["welcome"]["message"] = "Hello!"
    found = proved(tree, original, PROFILES[:1])

    assert found.how == "differs"
    assert '- user: "+447700900123"' in mutants.as_text(found.chat)
