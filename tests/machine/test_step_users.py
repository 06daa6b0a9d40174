"""What users may do at a question, and before one: answer, choose, skip, go back, begin again, be early."""

import pytest
from stepping import API, BYE, PROFILE, QUESTION, machine, replied, run, said, started, told

from pytest_botpenguin_otp.machine import (
    Did,
    Passed,
    can,
    question,
)
from pytest_botpenguin_otp.values import Origin, Value, plain


def test_ask_again():
    """An answer that is not taken is told so, by the bot's own words or the profile's, and asked for again."""
    own = machine("a: {type: email, message: 'q?', error_message: 'not {{v}}', save: v, next: e}")
    state, effects = run(own, started(v="y"), said("x"))
    assert told(effects) == [("Say", "not y"), ("Ask", "q?")]
    assert (plain((state.get("v"),)), state.turn, state.trail) == ("y", 1, ())

    default = machine("a: {type: email, message: 'q?', save: v, next: e}", default_error="no good")
    assert told(run(default, started(), said("x"))[1]) == [("Say", "no good"), ("Ask", "q?")]

    assert told(run(own, said("a@b.example"), state=state)[1]) == BYE


@pytest.mark.parametrize(("text", "effects"), [("x", BYE), ("X", [("Say", PROFILE.default_error), ("Ask", "q?")])])
def test_choice(text, effects):
    """A single choice takes exactly the texts of its options."""
    made = machine("a: {type: single_choice, message: 'q?', save: v, options: [{text: x, next: e}]}")
    state, found = run(made, started(), said(text))

    assert told(found) == effects
    assert state.get("v") == (Value("x", Origin("typed", "main/a", 1)) if text == "x" else None)


def test_choice_unsaved():
    """A choice need not be saved."""
    made = machine("a: {type: single_choice, message: 'q?', options: [{text: x, next: e}]}")

    assert run(made, started(), said("x"))[0].attributes == ()


def test_skip_if_answered():
    """A question that is answered already, in an earlier chat too, can be passed over."""
    made = machine(QUESTION % ", skip_if_answered: true")

    assert told(run(made, started(v="x"))[1]) == BYE
    assert told(run(made, started())[1]) == [("Ask", "q?")]


def test_skip():
    """Skip goes on without an answer, where it is offered."""
    made = machine(QUESTION % ", allow_skip: true")
    state, _ = run(made, started())
    assert can(made, state, "skip")

    after, effects = run(made, Did(now_ms=0, action="skip"), state=state)

    assert (told(effects), after.attributes) == (BYE, ())
    assert not can(made, after, "skip")


BACK = (
    "a: {type: text_question, message: 1, save: v, next: b}",
    "b: {type: message, message: between, next: c}",
    "c: {type: text_question, message: 2, save: w, next: e, allow_back: true}",
)


def test_back():
    """Back returns to the question before, as often as there is one."""
    made = machine(*BACK)
    state, _ = run(made, started(), said("x"))
    assert can(made, state, "back")

    after, effects = run(made, Did(now_ms=0, action="back"), state=state)

    assert (told(effects), after.at, after.trail) == ([("Ask", "1")], "main/a", ())
    assert not can(made, after, "back")
    assert told(run(made, said("y"), state=after)[1]) == [("Say", "between"), ("Ask", "2")]


@pytest.mark.parametrize("action", ["skip", "back"])
def test_not_offered(action):
    """What is not offered changes nothing."""
    made = machine(QUESTION % "")
    state, _ = run(made, started())

    assert not can(made, state, action)
    assert run(made, Did(now_ms=0, action=action), state=state) == (state, ())


def test_choice_offers_nothing():
    """A single choice offers neither skip nor back; beginning anew is always offered."""
    made = machine("a: {type: single_choice, message: 'q?', options: [{text: x, next: e}]}")
    state, _ = run(made, started())

    assert question(made, state) is made.bot.components["main/a"]
    assert [can(made, state, action) for action in ("skip", "back", "restart")] == [False, False, True]


@pytest.mark.parametrize(("policy", "origin"), [("kept", Value("x", Origin("left_over", "v"))), ("cleared", None)])
def test_restart(policy, origin):
    """A chat begun anew keeps or clears its attributes, as the profile says, and is not verified."""
    made = machine(*BACK, more="protected: [b]", restart_attributes=policy)
    before, _ = run(made, started(), said("x"))
    assert before.verified

    after, effects = run(made, Did(now_ms=0, action="restart"), state=before)

    assert told(effects) == [("Ask", "1")]
    assert (after.get("v"), after.verified, after.trail, after.ended) == (origin, False, (), None)


@pytest.mark.parametrize("policy", ["dropped", "kept"])
@pytest.mark.parametrize("phase", ["delayed", "calling"])
def test_early_answer(policy, phase):
    """What is typed during a delay or a call is lost, or answers the next question, as the profile says."""
    first = {"delayed": "a: {type: message, delay: 5, message: x, next: b}", "calling": API % "{others: b}"}[phase]
    made = machine(first, "b: {type: text_question, message: 'q?', save: v, next: e}", early_answer=policy)
    go_on = {"delayed": Passed(now_ms=5000), "calling": replied()}[phase]
    state, effects = run(made, started(), said("early", 1), go_on)

    assert told(effects)[-1] == (("Ask", "q?") if policy == "dropped" else ("End", "end_chat"))
    assert state.get("v") == (None if policy == "dropped" else Value("early", Origin("typed", "main/b", 1)))


def test_early_twice():
    """Of several kept answers each meets one question, the ones that are not taken too."""
    made = machine(
        "a: {type: message, delay: 5, message: x, next: b}",
        "b: {type: email, message: 'q?', save: v, next: e}",
        early_answer="kept",
    )
    state, effects = run(made, started(), said("bad", 1), said("a@b.example", 2), said("more", 3), Passed(now_ms=5000))

    assert told(effects) == [
        ("Say", "x"),
        ("Ask", "q?"),
        ("Say", PROFILE.default_error),
        ("Ask", "q?"),
        *BYE,
    ]
    assert [plain((value,)) for value in state.queued] == ["more"]
