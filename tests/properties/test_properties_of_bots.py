"""The six properties: sound bots keep them all, the guide's does not, and what they do not speak of is left alone."""

import importlib
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planting import PROFILE, edited

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import strategies as some
from pytest_botpenguin_otp.cli import starting
from pytest_botpenguin_otp.collecting_properties import NAMES
from pytest_botpenguin_otp.errors import MissingExtraError
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.properties import PROPERTIES, Subject, hunt

TESTS = Path(__file__).parents[1]
FEW = settings(max_examples=10, derandomize=True, database=None, deadline=None)
SOUND = sorted([*(TESTS / "bots" / "sound").glob("*.bot.yaml"), *(TESTS / "examples" / "sound").glob("*.bot.yaml")])
PACKAGE = "pytest_botpenguin_otp.properties"
WHY = {"type": "text_question", "message": "What went wrong?", "save": "why"}
OWN = frozenset(path.name for path in SOUND if "role: verify" in path.read_text(encoding="utf-8"))
"""Bots whose calls go to an own backend, as their role says."""
COUNTLESS = {"goto-on-mismatch.bot.yaml": ["retry"]}
"""What a sound bot breaks that leads back to its question for ever, as AB01 lists it: no component counts."""
HONEST = st.sampled_from([known for known in PROFILES.values() if known.honest])


def test_every_property_is_an_item():
    """The names that are collected before Hypothesis is imported are those of the table."""
    assert tuple(PROPERTIES) == NAMES


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.name)
def test_a_sound_bot_keeps_them_all(path):
    """Nobody is told off for a sound bot; an own backend is left alone, with the reason."""
    subject = Subject(bot=bots.load(path), profile=PROFILE)
    reasons = [held.applies(subject) for held in PROPERTIES.values()]

    assert [bool(reason) for reason in reasons] == [path.name in OWN] * len(PROPERTIES)
    found = [] if path.name in OWN else [name for name, held in PROPERTIES.items() if hunt(held, subject, settings=FEW)]
    assert found == COUNTLESS.get(path.name, [])


@pytest.mark.parametrize("profile", [PROFILES["mismatch-400"], PROFILES["mismatch-200"]], ids=lambda known: known.name)
@pytest.mark.parametrize(
    ("edits", "asking"),
    [
        ([], {"ask_code", "ask_code_2", "ask_code_3"}),
        ([("ask_code_2", "save", "other")], {"ask_code", "ask_code_2", "ask_code_3"}),
        (
            [("wrong_code", "next", "why"), ("why", {**WHY, "next": "ask_code_2"})],
            {"ask_code", "ask_code_2", "ask_code_3"},
        ),
        (
            [("out_of_order", "next", "why"), ("why", {**WHY, "next": "verify_3"})],
            {"ask_code", "ask_code_2", "ask_code_3"},
        ),
    ],
)
def test_code_questions(profile, edits, asking):
    """What feeds userOtp asks for the code, and what alone stands between a mismatch and a verify; nothing else."""
    subject = Subject(bot=edited(*edits), profile=profile)

    assert {known.partition("/")[2] for known in subject.code_questions} == asking


def test_the_starter_keeps_them_all():
    """What `init` writes keeps every property."""
    subject = Subject(bot=bots.parse(starting.content("bot.yaml"), "starter.bot.yaml"), profile=PROFILE)

    assert [hunt(held, subject, settings=FEW) for held in PROPERTIES.values()] == [None] * 6


@pytest.mark.parametrize("name", NAMES)
def test_bots_that_are_sound_by_construction_keep_it(name):
    """Whatever shape a sound bot has, and under each honest profile, the property holds."""
    held = PROPERTIES[name]

    @FEW
    @given(st.data(), HONEST)
    def keeps(data, profile):
        written = data.draw(some.sound_bots(profile))
        subject = Subject(bot=written.bot, profile=profile)

        assert held.first(subject) is None
        assert held.holds(subject, data.draw(held.cases(subject))) is None

    keeps()


def test_the_guide_breaks_three():
    """The guide sends before it asks for the number, and never asks for the code: told in plain words."""
    path = TESTS / "examples" / "guide" / "phone-login.bot.yaml"
    subject = Subject(bot=bots.load(path), profile=PROFILE)
    found = {name: hunt(held, subject, settings=FEW) for name, held in PROPERTIES.items()}
    told = {name: broken.happened for name, broken in found.items() if broken}

    assert set(told) == {"bodies", "success", "retry"}
    assert "not a phone number" in told["bodies"]
    assert "no code was sent; the code was never asked for" in told["success"]
    assert "the code is never asked for" in told["retry"]


GENERIC = """format: botpenguin-otp/bot@1
name: Hello
apis:
  CRM: {method: POST, url: "https://crm.example/contacts"}
flows: {main: {start: ask, components: {ask: {type: name, message: "Your name?", save: nick, next: tell},
  tell: {type: api, api: CRM, responses: {others: bye, no_response: bye}}, bye: {type: end_chat}}}}
"""
ROUND = {"type": "message", "message": "Hm.", "next": "hm"}
TOLD = {
    "no api of role send and no api of role verify": bots.parse(GENERIC, "crm.bot.yaml"),
    "takes numbers of IN alone": edited(("ask_phone", "countries", ["IN"])),
    "goes round without asking": edited(("hm", ROUND), ("ask_phone", ROUND)),
}


@pytest.mark.parametrize("reason", TOLD)
def test_what_it_does_not_speak_of(reason):
    """A bot without a login, without a reserved number or without a question is no failure: the reason is told."""
    subject = Subject(bot=TOLD[reason], profile=PROFILE)

    assert all(reason in held.applies(subject) for held in PROPERTIES.values())


PRESSED = {
    "back": [("ask_code", "allow_back", "true"), ("ask_code_2", "allow_back", "true")],
    "skip": [("ask_code", "allow_skip", "true")],
}


@pytest.mark.parametrize("name", ["timing", "bodies", "retry"])
@pytest.mark.parametrize("pressed", PRESSED)
def test_what_may_be_pressed_breaks_nothing(pressed, name):
    """Back and skip where a sound bot offers them keep delays and bodies, and let nobody in."""
    subject = Subject(bot=edited(*PRESSED[pressed]), profile=PROFILE)

    assert hunt(PROPERTIES[name], subject, settings=settings(FEW, max_examples=40)) is None


def test_without_hypothesis_the_pip_line_is_told(monkeypatch):
    """Who has not installed the extra is told how to; another missing module is told as it is."""
    mine = [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]
    for name in mine:
        monkeypatch.delitem(sys.modules, name)
    with monkeypatch.context() as other:
        other.setitem(sys.modules, f"{PACKAGE}.cases", None)
        with pytest.raises(ModuleNotFoundError, match="cases"):
            importlib.import_module(PACKAGE)
    for name in [name for name in sys.modules if name.partition(".")[0] == "hypothesis"]:
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(MissingExtraError, match=r"pip install 'pytest-botpenguin-otp\[properties\]'"):
        importlib.import_module(PACKAGE)
