"""The pure step: one bot under one profile, and what each event makes of it."""

from pytest_botpenguin_otp.machine.model import Machine, Secrets
from pytest_botpenguin_otp.machine.state import (
    Ask,
    Call,
    Did,
    Effect,
    End,
    Event,
    Passed,
    Replied,
    Said,
    Say,
    Silent,
    Started,
    State,
    Wait,
)
from pytest_botpenguin_otp.machine.step import can, question, step

__all__ = [
    "Ask",
    "Call",
    "Did",
    "Effect",
    "End",
    "Event",
    "Machine",
    "Passed",
    "Replied",
    "Said",
    "Say",
    "Secrets",
    "Silent",
    "Started",
    "State",
    "Wait",
    "can",
    "question",
    "step",
]
