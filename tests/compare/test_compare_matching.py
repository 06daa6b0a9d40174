"""What of two bots belongs together does not depend on which of them is called the old one."""

from itertools import combinations
from pathlib import Path

import pytest
from editing import SOUND

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.compare.matching import match

TESTS = Path(__file__).parents[1]
BOTS = {
    file: bots.load(file) for folder in ("bots", "examples") for file in sorted((TESTS / folder).rglob("*.bot.yaml"))
}
PAIRS = list(combinations(BOTS, 2))
REDIRECT = TESTS / "bots" / "sound" / "redirect.bot.yaml"
"""A bot of several flows: nearly every other one has components in another place and under other names."""


def turned(pairs):
    """Return pairs the other way round."""
    return {(other, one) for one, other in pairs}


def changed(matching):
    """Return what was changed as pairs of an old and a new component."""
    back = {other: one for one, other in matching.components.items()}
    return {(back.get(known), known) for known in matching.changed} | {(known, None) for known in matching.gone}


@pytest.mark.parametrize("pairs", [PAIRS[::40], [pair for pair in PAIRS if REDIRECT in pair]], ids=["some", "flows"])
def test_both_directions(pairs):
    """Components, attributes and changes are the same, seen from the other side."""
    for one, other in pairs:
        there, back = match(BOTS[one], BOTS[other]), match(BOTS[other], BOTS[one])
        names = (one.name, other.name)

        assert set(there.components.items()) == turned(back.components.items()), names
        assert set(there.attributes.items()) == turned(back.attributes.items()), names
        assert changed(there) == turned(changed(back)), names


def test_another_component_of_the_same_name():
    """It is gone and new; the arrows to it, which lead to the same name, are no change of where they begin."""
    text = SOUND.read_text(encoding="utf-8")
    question = "wrong_code: {type: text_question, save: why"
    old, new = (bots.parse(part, "bot.yaml") for part in (text, text.replace("wrong_code: {type: message", question)))

    assert changed(match(old, new)) == {("main/wrong_code", None), (None, "main/wrong_code")}
    assert changed(match(new, old)) == {("main/wrong_code", None), (None, "main/wrong_code")}
