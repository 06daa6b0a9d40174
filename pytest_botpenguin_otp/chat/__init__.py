"""The chat file, read into frozen values."""

from pytest_botpenguin_otp.chat.model import (
    USER,
    Bot,
    Chat,
    Conversation,
    Do,
    Early,
    Expect,
    Inject,
    Speaker,
    Step,
    User,
    Wait,
)
from pytest_botpenguin_otp.chat.reader import load, parse
from pytest_botpenguin_otp.chat.writer import written

__all__ = [
    "USER",
    "Bot",
    "Chat",
    "Conversation",
    "Do",
    "Early",
    "Expect",
    "Inject",
    "Speaker",
    "Step",
    "User",
    "Wait",
    "load",
    "parse",
    "written",
]
