"""A text that is only put in other words hides nothing of what comes behind it, and is told once."""

import copy

import pytest
from editing import TREE, built, shown

from pytest_botpenguin_otp.compare import compare, compare_under
from pytest_botpenguin_otp.explorer import Bounds
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.report import comparisons as report

OLD = built(TREE, "old.bot.yaml")
DEFAULT = PROFILES["mismatch-400"]
BOUNDS = Bounds(faults=1)
GREETING = {"ask_phone": {"message": "Your number, please?"}}
EVERY = {name: part for name, part in TREE["flows"]["main"]["components"].items() if "message" in part}


def changed(*changes):
    """Read the sound bot with settings of components replaced."""
    tree = copy.deepcopy(TREE)
    components = tree["flows"]["main"]["components"]
    for change in changes:
        for name, wanted in change.items():
            components[name] |= wanted
    return built(tree, "new.bot.yaml")


def responses(name, **wanted):
    """Return a change of one call's mappings; `s400` stands for 400."""
    known = TREE["flows"]["main"]["components"][name]["responses"]
    return {name: {"responses": known | {status.removeprefix("s"): to for status, to in wanted.items()}}}


def compared(*changes):
    """Compare the sound bot with a changed one."""
    return compare(OLD, changed(*changes), DEFAULT, BOUNDS)


def seen(found):
    """Return what differs where, in the order of the cheapest."""
    return [(one.component, one.kind, one.parts, one.verdict) for one in found.differences]


def test_what_comes_behind_a_greeting():
    """Three changes are three differences, each once, and each chat plays and differs."""
    found = compared(GREETING, {"wrong_code": {"message": "No."}}, {"verify": {"delay": "1"}})

    assert sorted(seen(found)) == [
        ("main/ask_phone", "text", (), "different"),
        ("main/verify", "time", (), "more lax"),
        ("main/wrong_code", "text", (), "different"),
    ]
    assert found.exhaustive
    assert all(one.beyond and shown(one.old_chat) != shown(one.new_chat) for one in found.differences)
    assert len(found.grouped) == len(found.differences)


def test_a_lax_mapping_behind_a_greeting():
    """What lets a wrong code in is told with its chat, whatever the first question is called."""
    found = compared(GREETING, responses("verify", s400="welcome"))
    lax = found.lax[0]
    lines = list(report.told(lax))

    assert [one[0] for one in seen(found)] == ["main/ask_phone", "main/verify"]
    assert "the user is verified here, and was not" in [mark.reason for mark in lax.marks]
    assert "Welcome!" in lax.new_chat.said
    assert any(line.lstrip().startswith("+") and "Welcome!" in line for line in lines)
    assert any(line.lstrip().startswith("-") and "That code is not right." in line for line in lines)


def test_every_text_at_once():
    """All texts of the bot are told, each once, and the error message beside its question."""
    words = [{name: {"message": f"Other words, {number}."}} for number, name in enumerate(EVERY)]
    found = compared(*words, {"ask_phone": {"error_message": "Once more, please."}})
    wanted = [(f"main/{name}", "text", (), "different") for name in EVERY]

    assert sorted(seen(found)) == sorted([*wanted, ("main/ask_phone", "text", ("error message",), "different")])
    assert all(one.beyond for one in found.differences)


def test_both_directions():
    """The other way round the same is told, with the opposite marks."""
    new = changed(
        GREETING, {"wrong_code": {"message": "No."}}, {"verify": {"delay": "1"}}, responses("verify_2", s400="bye")
    )
    there, back = compare(OLD, new, DEFAULT, BOUNDS), compare(new, OLD, DEFAULT, BOUNDS)
    opposite = {"more lax": "more strict", "more strict": "more lax"}

    assert {(*one[:3], opposite.get(one[3], one[3])) for one in seen(there)} == set(seen(back))
    assert [(one.cost, bool(one.beyond)) for one in there.differences] == [
        (one.cost, bool(one.beyond)) for one in back.differences
    ]


def test_a_text_and_its_time():
    """One step in which both the words and the time are others is both."""
    found = compared({"wrong_code": {"message": "No.", "delay": "3"}})

    assert sorted(one.kind for one in found.differences) == ["text", "time"]
    assert {one.component for one in found.differences} == {"main/wrong_code"}


def test_words_are_not_to_blame_for_another_way():
    """Where a mapping leads to a question in other words, the mapping is told, and the words beside it."""
    found = compared(GREETING, responses("verify_2", s400="ask_phone"))

    assert {(one.component, one.kind) for one in found.differences} == {
        ("main/ask_phone", "text"),
        ("main/verify_2", "way"),
    }


@pytest.mark.parametrize("kind", ["numeric_input", "email"])
def test_another_kind_of_question(kind):
    """A question that takes something else is not just put in other words."""
    found = compared({"ask_code": {"message": "Code?", "type": kind}})

    assert {one.component for one in found.differences} == {"main/ask_code"}
    assert found.differences[0].kind == "text"


def test_told_once_under_every_profile():
    """The same words under several profiles are one difference."""
    found = compare_under(OLD, changed(GREETING, {"wrong_code": {"message": "No."}}), bounds=BOUNDS)

    assert [one.component for one in found.differences] == ["main/ask_phone", "main/wrong_code"]
    assert found.differences[0].profiles == tuple(PROFILES)
