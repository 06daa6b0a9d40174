"""The bot file, read into frozen values."""

from pytest_botpenguin_otp.bot.model import (
    Api,
    ApiCall,
    Bot,
    Branch,
    Choice,
    Compare,
    Component,
    Condition,
    End,
    Group,
    IfElse,
    Ignored,
    Message,
    Option,
    Question,
    Redirect,
)
from pytest_botpenguin_otp.bot.reader import load, parse

__all__ = [
    "Api",
    "ApiCall",
    "Bot",
    "Branch",
    "Choice",
    "Compare",
    "Component",
    "Condition",
    "End",
    "Group",
    "IfElse",
    "Ignored",
    "Message",
    "Option",
    "Question",
    "Redirect",
    "load",
    "parse",
]
