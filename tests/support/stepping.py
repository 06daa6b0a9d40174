"""Small bots, stepped event by event, and what is told of the effects."""

from dataclasses import replace

from pytest_botpenguin_otp import bot
from pytest_botpenguin_otp.machine import (
    Ask,
    Call,
    End,
    Machine,
    Replied,
    Said,
    Say,
    Started,
    State,
    Wait,
    step,
)
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES
from pytest_botpenguin_otp.values import plain

__all__ = ["API", "BYE", "END", "PROFILE", "QUESTION", "machine", "replied", "run", "said", "started", "told"]

PROFILE = PROFILES[DEFAULT]
END = "e: {type: end_chat, message: bye}"


def machine(*components, start="a", more="", save="{}", profile=PROFILE, **choices):
    """Make a machine of a bot of one flow, which ends at e."""
    text = "\n".join(f"      {component}" for component in (*components, END))
    made = bot.parse(
        f"format: botpenguin-otp/bot@1\nname: B\n"
        f"apis: {{P: {{method: POST, url: 'https://a.test/', body: 'x{{{{v}}}}', save: {save}}}}}\n"
        f"flows:\n  main:\n    start: {start}\n    components:\n{text}\n{more}"
    )
    return Machine(bot=made, profile=replace(profile, **choices))


def run(made, *events, state=None):
    """Give events to a machine; return the state and the effects of the last one."""
    state, effects = state or State(), ()
    for event in events:
        state, effects = step(made, state, event)
    return state, effects


def started(now_ms=0, **left_over):
    """Begin a chat."""
    return Started(now_ms=now_ms, left_over=tuple(left_over.items()))


def said(text, now_ms=0):
    """Type a text."""
    return Said(now_ms=now_ms, text=text)


def replied(body=b"{}", status=200):
    """Answer a call."""
    return Replied(now_ms=0, status=status, body=body)


def told(effects):
    """Shorten effects to what a reader checks."""
    short = []
    for effect in effects:
        match effect:
            case Say() | Ask():
                short.append((type(effect).__name__, plain(effect.text)))
            case Call():
                short.append(("Call", effect.api))
            case Wait():
                short.append(("Wait", effect.until_ms))
            case End():
                short.append(("End", effect.how))
    return short


BYE = [("Say", "bye"), ("End", "end_chat")]
QUESTION = "a: {type: text_question, message: 'q?', save: v, next: e%s}"
API = "a: {type: api, api: P, responses: %s}"
