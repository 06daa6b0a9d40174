"""The pure step: every component, every event, every choice of a profile; deterministic, and it never raises."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stepping import API, BYE, QUESTION, machine, replied, run, said, started, told

from pytest_botpenguin_otp import bot
from pytest_botpenguin_otp.machine import (
    Did,
    Machine,
    Passed,
    Replied,
    Said,
    Silent,
    Started,
    State,
    Wait,
    question,
    step,
)
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.values import Origin, Value

SOUND = bot.load(Path(__file__).parent.parent / "examples" / "sound" / "phone-login.bot.yaml")


@pytest.mark.parametrize(
    ("component", "effects", "phase"),
    [
        ("a: {type: message, message: 'hi {{v}}', next: e}", [("Say", "hi "), *BYE], "ended"),
        ("a: {type: message, message: '', next: e}", BYE, "ended"),
        (QUESTION % "", [("Ask", "q?")], "asking"),
        ("a: {type: single_choice, message: 'q?', options: [{text: x, next: e}]}", [("Ask", "q?")], "asking"),
        (API % "{}", [("Call", "P")], "calling"),
        ("a: {type: if_else, branches: [{when: {attribute: v, equals: ''}, next: e}], otherwise: a}", BYE, "ended"),
        ("a: {type: if_else, branches: [{when: {attribute: v, equals: x}, next: a}], otherwise: e}", BYE, "ended"),
        ("a: {type: live_chat}", [("End", "live_chat")], "ended"),
        ("a: {type: end_chat, message: so long}", [("Say", "so long"), ("End", "end_chat")], "ended"),
        ("a: {type: message, delay: 5, message: x, next: e}", [("Wait", 5000)], "delayed"),
    ],
)
def test_components(component, effects, phase):
    """Each component does what it is for, as soon as it is reached."""
    state, found = run(machine(component), started())

    assert (told(found), state.phase) == (effects, phase)


def test_redirect():
    """A redirect goes on at the start of another flow, after its message."""
    made = machine(
        "a: {type: redirect, flow: other, message: over}",
        more="  other: {start: x, components: {x: {type: live_chat}}}\n",
    )
    state, effects = run(made, started())

    assert (told(effects), state.at) == ([("Say", "over"), ("End", "live_chat")], "other/x")


def test_first_branch():
    """The first branch that holds is taken."""
    branches = "[{when: {attribute: v, equals: x}, next: a}, {when: {attribute: v, any_of: ['', y]}, next: e}]"
    made = machine(f"a: {{type: if_else, branches: {branches}, otherwise: a}}")

    assert told(run(made, started())[1]) == BYE


def test_compares_with_attribute():
    """A condition may compare with another attribute, and an unset one equals the empty text whatever is shown."""
    made = machine(
        "a: {type: if_else, branches: [{when: {attribute: v, equals: '{{w}}'}, next: e}], otherwise: b}",
        "b: {type: live_chat}",
    )

    assert run(made, started(v="x", w="x"))[0].at == "main/e"
    assert run(made, started(v="x", w="y"))[0].at == "main/b"
    assert run(made, started())[0].at == "main/e"


MAPPED = "{'200': b, '404': c, others: d, no_response: f}"
TARGETS = tuple(f"{name}: {{type: live_chat}}" for name in "bcdf")


@pytest.mark.parametrize(
    ("mapping", "event", "at", "ended"),
    [
        (MAPPED, replied(status=200), "b", "live_chat"),
        (MAPPED, replied(status=404), "c", "live_chat"),
        (MAPPED, replied(status=500), "d", "live_chat"),
        (MAPPED, replied(status=201), "d", "live_chat"),
        (MAPPED, Silent(now_ms=0), "f", "live_chat"),
        (MAPPED, Silent(now_ms=0, kind="lost"), "f", "live_chat"),
        ("{'200': b}", replied(status=500), "a", "unmapped"),
        ("{'200': b, others: b}", Silent(now_ms=0), "a", "unmapped"),
        ("{}", replied(), "a", "unmapped"),
    ],
)
def test_mapping(mapping, event, at, ended):
    """The exact code counts before `others`; silence is `no_response` only; what is not mapped ends the chat."""
    state, effects = run(machine(API % mapping, *TARGETS), started(), event)

    assert (state.at, state.ended) == (f"main/{at}", ended)
    assert told(effects) == [("End", ended)]


def test_delay():
    """A component with a delay acts when its time has come, not before, and not because somebody speaks."""
    made = machine("a: {type: message, delay: 5, message: x, next: e}")
    state, effects = run(made, started(1000))
    assert (effects, state.due_ms) == ((Wait(6000),), 6000)

    early, nothing = run(made, said("hello?", 2000), Passed(now_ms=5999), state=state)
    assert (early.phase, early.due_ms, early.turn, nothing) == ("delayed", 6000, 1, ())

    done, effects = run(made, Passed(now_ms=6000), state=early)
    assert (told(effects), done.now_ms, done.due_ms) == ([("Say", "x"), *BYE], 6000, 0)


@pytest.mark.parametrize(
    ("choices", "body", "status", "value"),
    [
        ({}, b'{"d": {"v": "012"}}', 200, Value("012", Origin("received", "d.v", 1))),
        ({}, b'{"d": {"v": true}}', 400, Value("true", Origin("received", "d.v", 1))),
        ({"saves_when": "2xx"}, b'{"d": {"v": 1}}', 400, Value("old", Origin("left_over", "v"))),
        ({"saves_when": "2xx"}, b'{"d": {"v": 0.10}}', 204, Value("0.10", Origin("received", "d.v", 1))),
        ({}, b'{"d": {}}', 200, None),
        ({}, b"<html>", 200, None),
        ({"missing_path": "unset"}, b"", 200, None),
        ({"missing_path": "keep"}, b"{}", 200, Value("old", Origin("left_over", "v"))),
        ({"missing_path": "empty"}, b"{}", 200, Value("", Origin("unset", "v"))),
    ],
)
def test_save(choices, body, status, value):
    """A response is saved with its origin; the profile says after which statuses, and what a missing path leaves."""
    made = machine(API % "{others: e}", save="{v: d.v}", **choices)

    assert run(made, started(v="old"), replied(body, status))[0].get("v") == value


def test_unset_twice():
    """A path that is missing leaves an attribute unset that was so before."""
    made = machine(API % "{others: e}", save="{v: d.v, w: d.w}")

    assert run(made, started(), replied())[0].attributes == ()


def test_call():
    """A call says which API, the how-manieth it is, and its body with the origins of its parts."""
    made = machine(API % "{others: a}")
    _, (call,) = run(made, started(v="y"), replied())

    assert (call.api, call.role, call.number, call.component) == ("P", None, 2, "main/a")
    assert call.body == (Value("x"), Value("y", Origin("left_over", "v")))
    assert call.request.body == b"xy"


@pytest.mark.parametrize(
    "components",
    [
        ("a: {type: message, message: x, next: a}",),
        ("a: {type: message, message: x, next: b}", "b: {type: redirect, flow: main}"),
    ],
)
def test_loop(components):
    """A flow that goes round without asking ends as `loop`, instead of never."""
    state, effects = run(machine(*components), started())

    assert (state.ended, told(effects)[-1]) == ("loop", ("End", "loop"))


def test_loop_over_calls():
    """A round that only calls is a loop too; one that asks is not."""
    calls = machine(API % "{others: a}")
    asks = machine(
        "a: {type: text_question, message: 'q?', save: v, next: b}", "b: {type: api, api: P, responses: {others: a}}"
    )

    assert run(calls, started(), *[replied()] * 200)[0].ended == "loop"
    assert run(asks, started(), *[said("x"), replied()] * 200)[0].ended is None


def test_long_way():
    """A bot of many components in a row is no loop."""
    row = [f"m{n}: {{type: message, message: x, next: m{n + 1}}}" for n in range(150)]
    made = machine(*row, "m150: {type: end_chat}", start="m0")

    assert run(made, started())[0].ended == "end_chat"


@pytest.mark.parametrize(
    "event", [said("x"), replied(), Silent(now_ms=0), Passed(now_ms=0), Did(now_ms=0, action="skip")]
)
@pytest.mark.parametrize("phase", ["new", "ended"])
def test_out_of_place(phase, event):
    """An event that cannot happen in a state changes nothing but the time."""
    made = machine("a: {type: end_chat}")
    before = State() if phase == "new" else run(made, started())[0]

    assert step(made, before, event) == (before, ())
    later, effects = step(made, before, replace(event, now_ms=9))
    assert (later, effects) == (before._replace(now_ms=9), ())


def test_state():
    """A state can be a key, and says what an attribute is."""
    state, _ = run(machine(QUESTION % ""), started(v="x"))

    assert {state: 1}[run(machine(QUESTION % ""), started(v="x"))[0]] == 1
    assert (state.get("v"), state.get("w")) == (Value("x", Origin("left_over", "v")), None)
    assert question(machine(QUESTION % ""), State()) is None


BODIES = [b"", b"<html>", b"[]", b'{"data": {"otp": "012345"}}', b'{"success": true}', b'{"success": false}', b"\xff"]
EVENTS = st.one_of(
    st.builds(Said, now_ms=st.integers(0, 10), text=st.sampled_from(["+1 415 555 0123", "", "again", "0"]) | st.text()),
    st.builds(Passed, now_ms=st.integers(0, 60_000)),
    st.builds(Replied, now_ms=st.just(0), status=st.sampled_from([200, 204, 400, 500]), body=st.sampled_from(BODIES)),
    st.builds(Silent, now_ms=st.just(0), kind=st.sampled_from(["timeout", "reset", "lost"])),
    st.builds(Did, now_ms=st.just(0), action=st.sampled_from(["skip", "back", "restart"])),
    st.just(Started(now_ms=0)),
)


@settings(deadline=None)
@given(st.sampled_from(sorted(PROFILES)), st.lists(EVENTS, max_size=25))
def test_any_event(name, events):
    """In any reachable state any event can come: nothing raises, the state is hashable, and the same comes twice."""
    made = Machine(bot=SOUND, profile=PROFILES[name])
    state = State()
    for event in [Started(now_ms=0), *events]:
        kept = hash(state)
        first, second = step(made, state, event), step(made, state, event)

        assert first == second
        assert hash(state) == kept
        assert {first[0]}
        assert first[0].phase != "acting"
        assert first[0].now_ms == event.now_ms
        assert first[0].attributes == tuple(sorted(first[0].attributes))
        state = first[0]
