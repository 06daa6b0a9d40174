"""For each rule a bot that breaks it and one that keeps it; sound bots of many shapes are left in peace."""

import pytest
from checking import BOTS, check_all, codes

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.bot import Choice
from pytest_botpenguin_otp.journal import BotSaid
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import CATALOGUE, DECIDABLE, STATIC, check_file, exit_code, judge
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.world import World

PAIRS = sorted(path.name for path in BOTS.glob("*.bot.yaml"))
SOUND = sorted(path.name for path in (BOTS / "sound").glob("*.bot.yaml"))


NOBODY = {"AB02", "IN03", "IN05"}
DESIGN = {"AB02", "AU12", "IN03", "IN05"}
"""What the documented verify call itself breaks: no clock, no count, and codes as they were typed."""
NOT_SO = {
    **dict.fromkeys(["AB02-keeps", "AU12-keeps", "IN03-keeps", "IN05-keeps", "LK08-keeps"], DESIGN),  # own backends
    **dict.fromkeys(["IN01-breaks", "IN02-breaks", "SE06-breaks", "SE10-breaks"], NOBODY),
    "AU05-breaks": NOBODY,
    "IN12-breaks": {"IN03", "IN05"},
}
"""Which of them a bot does not break: nobody comes to Verify OTP, or it gets numbers."""
ALSO = {
    "AB01-breaks": {"AU10"},  # an answer is lost, and the same code is checked again
    "AB06-breaks": {"AB03"},  # numbers without end are SMS without end
    "AB10-breaks": {"ER10"},
    "AU03-breaks": {"AU16"},  # 400 is an error too
    "AU04-breaks": {"AU15", "ER02", "IN06"},
    "AU05-breaks": {"SO01"},
    "AU06-breaks": {"SO01"},
    "AU06-keeps": {"IN08"},  # its attribute has a name that is short enough to be typed
    "AU07-breaks": {"ER02"},
    "IN02-breaks": {"SO01"},
    "IN10-breaks": {"IN07", "IN08"},
    "SE06-breaks": {"SO01"},
    "SE10-breaks": {"SO01"},
}
"""What else follows from breaking a rule."""


@pytest.mark.parametrize("name", PAIRS)
def test_exactly_that_rule(name):
    """The bot that breaks a rule breaks no other, but for what follows from it; the one that keeps it none at all."""
    stem = name.removesuffix(".bot.yaml")
    code, _, kind = stem.partition("-")
    own = {code} if kind == "breaks" else set()

    assert codes(BOTS / name) == (DESIGN - NOT_SO.get(stem, set())) | own | ALSO.get(stem, set())


@pytest.mark.parametrize("name", PAIRS)
def test_the_file_alone(name):
    """A rule that the file decides is found in it alone, and nothing else is."""
    code, _, kind = name.removesuffix(".bot.yaml").partition("-")
    static = {"AB10-breaks": {"ER10"}, "AU04-breaks": {"AU15"}}.get(name.removesuffix(".bot.yaml"), set())
    own = {code} if kind == "breaks" and code in STATIC else set()

    assert {finding.rule for finding in check_file(bots.load(BOTS / name))} == own | static


def test_a_pair_for_every_rule():
    """No rule is without its two bots, and the catalogue says which rules can be decided how.

    SO03 tells that a budget was reached: that is a matter of the budget, not of a bot.
    """
    decidable = [code for code in DECIDABLE if code != "SO03"]
    wanted = sorted(f"{code}-{kind}.bot.yaml" for code in decidable for kind in ("breaks", "keeps"))

    assert wanted == PAIRS
    assert set(STATIC) == {code for code, rule in CATALOGUE.items() if "static" in rule.decided}


def test_what_is_not_decided_says_so():
    """A rule that no item decides is advice, a promise of the tool, or left to a person; the catalogue tells which."""
    for code in CATALOGUE.keys() - set(DECIDABLE):
        assert set(CATALOGUE[code].decided) <= {"review", "tool"}, code


@pytest.mark.parametrize("name", SOUND)
def test_no_false_alarm(name):
    """Nothing of high or critical severity that the flow could mend is found in a sound bot."""
    findings = check_all(BOTS / "sound" / name).findings

    assert [finding for finding in findings if judge(finding) == "fails"] == []
    assert exit_code(findings) == 0


ANSWERS = {"phone_number": "+1 415 555 0123", "email": "someone@example.com", "name": "Robin"}


def played(name, profile, code=None):
    """Play a bot to its end, or until it has verified; type the code on the handset, or `code`."""
    world = World(PROFILES[profile])
    handset = world.handset()
    bot = bots.load(BOTS / "sound" / name)
    chat = FlowRunner(world).start(bot)
    while chat.ended == "waiting" and not chat.verified:
        *_, last = (event for event in world.journal.of(BotSaid) if event.question)
        asked = bot.components[last.component]
        if isinstance(asked, Choice):
            chat.user(asked.options[0].text)
        else:
            chat.user(ANSWERS.get(asked.kind) or code or handset.code())
    return chat


@pytest.mark.parametrize("profile", ["mismatch-400", "mismatch-200"])
@pytest.mark.parametrize("name", sorted(set(SOUND) - {"own-backend.bot.yaml"}))
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
    (finding,) = check_file(bots.load(BOTS / "SE01-breaks.bot.yaml"))

    assert "the secret of 'Authorization'" in finding.message
    assert "4711" not in repr(finding)
