"""For each rule: the chat that is saved for the bot that breaks it, played on that bot and on the mended one."""

import re

import pytest
from checking import BOTS, EXAMPLES, check_all

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import chat, player
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import DECIDABLE
from pytest_botpenguin_otp.world import World

NAMES = re.compile("^bot: .*$", re.MULTILINE)
OWN = {"AB02", "AU12", "IN03", "IN04", "IN05"}
"""What only an own backend mends: no fake answers for that one, so that no chat of these can pass."""
IN_THE_FILE = {
    "AU06", "AU13", "AU14", "AU19", "AU21", "AU22", "AB05", "AB07", "AB09", "LK01", "LK02", "LK03", "LK04", "LK05",
    "LK07", "LK08", "SE01", "SE02", "SE03", "SE05", "SE06", "SE10", "IN02", "IN09", "IN10", "IN11", "IN12", "IN13",
    "ER01", "ER04", "ER05", "ER10", "SO01", "SO02",
}  # fmt: skip
"""What is shown by a line of the file, or by there being no chat: nothing is saved of it."""
SHOWN = [code for code in DECIDABLE if code not in IN_THE_FILE | OWN | {"SO03"}]


EVERY = {
    path.relative_to(BOTS.parent).as_posix(): path
    for path in sorted((*BOTS.rglob("*.bot.yaml"), *EXAMPLES.rglob("*.bot.yaml")))
}


def saved(code):
    """Return what is saved of a rule for the bot that breaks it."""
    found = check_all(BOTS / f"{code}-breaks.bot.yaml").findings
    return [finding for finding in found if finding.rule == code and finding.chat is not None]


def fails(finding, path):
    """Say whether a saved chat fails with a bot, as under pytest: by a fault that never struck, too."""
    text = NAMES.sub(f"bot: {path.name}", finding.chat)
    (conversation,) = chat.parse(text, str(path.with_name("test_it.chat.yaml"))).conversations
    world = World(PROFILES[finding.under], conversation.seed)
    try:
        player.play(conversation, bots.load(path), world)
    except player.ExpectationError:
        return True
    return bool(world.failures(unused_faults=True))


@pytest.mark.parametrize("code", SHOWN)
def test_saved_until_mended(code):
    """A saved chat fails as long as its rule is broken, and passes once the bot is mended."""
    found = saved(code)

    assert found
    assert [fails(one, BOTS / f"{code}-breaks.bot.yaml") for one in found] == [True] * len(found)
    assert [fails(one, BOTS / f"{code}-keeps.bot.yaml") for one in found] == [False] * len(found)


@pytest.mark.parametrize("code", sorted(OWN))
def test_saved_for_an_own_backend(code):
    """What only an own backend mends is saved, too, and fails as long as it is broken."""
    found = saved(code)

    assert found
    assert [fails(one, BOTS / f"{code}-breaks.bot.yaml") for one in found] == [True] * len(found)


@pytest.mark.parametrize("code", sorted(IN_THE_FILE))
def test_nothing_to_save(code):
    """What only the file shows has no chat."""
    assert saved(code) == []


@pytest.mark.parametrize("name", EVERY)
def test_every_saved_chat_fails(name):
    """Whatever is saved of any bot can be read, and fails with it: of whichever rule, not only the bot's own."""
    found = [finding for finding in check_all(EVERY[name]).findings if finding.chat is not None]

    assert [(one.rule, one.place) for one in found if not fails(one, EVERY[name])] == []
