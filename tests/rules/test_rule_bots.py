"""For each rule a bot that breaks it and one that keeps it; sound bots of many shapes are left in peace."""

import pytest
from checking import BOTS, check_all, codes

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.bot import Choice
from pytest_botpenguin_otp.explorer import unanswered
from pytest_botpenguin_otp.journal import BotSaid
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import CATALOGUE, DECIDABLE, STATIC, check_file, exit_code, judge
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.wire import Response
from pytest_botpenguin_otp.world import World

PAIRS = sorted(path.name for path in BOTS.glob("*.bot.yaml"))
SOUND = sorted(path.name for path in (BOTS / "sound").glob("*.bot.yaml"))


NOBODY = {"AB02", "IN03", "IN05"}
DESIGN = {"AB02", "AU12", "IN03", "IN04", "IN05", "LK04"}
"""What the documented calls themselves break: no clock, no count, codes handed out and held as they were typed."""
OWN = ("AB02-keeps", "AU12-keeps", "IN03-keeps", "IN04-keeps", "IN05-keeps", "LK04-keeps", "LK08-keeps")
"""The bots with an own backend."""
NOT_SO = {
    **dict.fromkeys(OWN, DESIGN),
    **{f"{code}-breaks": DESIGN - {code} for code in DESIGN},
    "IN01-breaks": NOBODY | {"IN04"},
    "IN12-breaks": {"IN03"},
}
"""Which of them a bot does not break: it has an own backend, switches them off, lets nobody in, or gets numbers."""
OPEN = {"SO03"}
"""What is told of every own backend: nobody knows how its yes looks."""


@pytest.mark.parametrize("name", PAIRS)
def test_exactly_that_rule(name):
    """The bot that breaks a rule breaks no other that a bot can keep, and the one that keeps it none at all."""
    stem = name.removesuffix(".bot.yaml")
    code, _, kind = stem.partition("-")
    own = {code} if kind == "breaks" else set()

    assert codes(BOTS / name) == (DESIGN - NOT_SO.get(stem, set())) | own | (OPEN if stem in OWN else set())


@pytest.mark.parametrize("name", PAIRS)
def test_the_file_alone(name):
    """A rule that the file decides is found in it alone, and nothing else is."""
    stem = name.removesuffix(".bot.yaml")
    code, _, kind = stem.partition("-")
    own = {code} if kind == "breaks" and code in STATIC else set()
    design = {"LK04"} - NOT_SO.get(stem, set())

    assert {finding.rule for finding in check_file(bots.load(BOTS / name))} == own | design


def test_a_pair_for_every_rule():
    """No rule is without its two bots, and the catalogue says which rules can be decided how.

    SO03 tells that a budget was reached: that is a matter of the budget, not of a bot.
    """
    decidable = [code for code in DECIDABLE if code != "SO03"]
    wanted = sorted(f"{code}-{kind}.bot.yaml" for code in decidable for kind in ("breaks", "keeps"))

    assert wanted == PAIRS
    assert set(STATIC) == {code for code, rule in CATALOGUE.items() if "static" in rule.decided}


def test_what_is_not_decided_says_so():
    """A rule that no item decides is advice, or a promise of the tool; the catalogue tells which."""
    for code in CATALOGUE.keys() - set(DECIDABLE):
        assert CATALOGUE[code].decided == ("tool",), code


@pytest.mark.parametrize("name", SOUND)
def test_no_false_alarm(name):
    """Nothing of high or critical severity that the flow could mend is found in a sound bot."""
    findings = check_all(BOTS / "sound" / name).findings

    assert [finding for finding in findings if judge(finding) == "fails"] == []
    assert exit_code(findings) == 0


ANSWERS = {"phone_number": "+1 415 555 0123", "email": "someone@example.com", "name": "Robin"}


def played(name, profile, code=None):
    """Play a bot to its end, or until it has verified; type the code on the handset, or `code`.

    At a choice that comes again, the next option is taken, so that each round is left at last.
    """
    world = World(PROFILES[profile])
    handset = world.handset()
    bot = bots.load(BOTS / "sound" / name)
    world.mount("https://shop.example", lambda _: Response(status=200, body=b'{"order": {"state": "open"}}'))
    chat = FlowRunner(world).start(bot)
    while chat.ended == "waiting" and not chat.verified:
        heard = [event.component for event in world.journal.of(BotSaid) if event.question]
        asked = bot.components[heard[-1]]
        if isinstance(asked, Choice):
            chat.user(asked.options[min(heard.count(asked.id), len(asked.options)) - 1].text)
        else:
            chat.user(ANSWERS.get(asked.kind) or code or handset.code())
    return chat


@pytest.mark.parametrize("profile", ["mismatch-400", "mismatch-200"])
@pytest.mark.parametrize("name", [name for name in SOUND if not unanswered(bots.load(BOTS / "sound" / name))])
def test_they_are_sound(name, profile):
    """The right code is let in, and a wrong one leads to an end of the chat."""
    right, wrong = played(name, profile), played(name, profile, "12")

    assert right.verified
    assert (wrong.verified, wrong.ended in ("end_chat", "live_chat")) == (False, True)


def test_ten_shapes():
    """There are at least ten sound bots."""
    assert len(SOUND) >= 10


def test_no_finding_says_a_secret():
    """What is found written out is named by its kind only."""
    (finding,) = (one for one in check_file(bots.load(BOTS / "SE01-breaks.bot.yaml")) if one.rule == "SE01")

    assert "the secret of 'Authorization'" in finding.message
    assert "4711" not in repr(finding)
