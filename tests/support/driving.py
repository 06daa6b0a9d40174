"""Chats with small bots, and one whole login."""

import json
from pathlib import Path

from pytest_botpenguin_otp import bot
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.world import World

__all__ = ["OWN", "PHONE", "SOUND", "asking", "bot_of", "login", "start"]

SOUND = Path(__file__).parent.parent / "examples" / "sound" / "phone-login.bot.yaml"
PHONE = "+1 415 555 0123"
OWN = "https://own.example.test/"


def bot_of(components, more=""):
    """Make a bot of one flow with an API of its own, and one with the role of each OTP service."""
    verify = '{systemOtp: "{{v}}", userOtp: "{{v}}"}'
    return bot.parse(
        "format: botpenguin-otp/bot@1\nname: B\n"
        f"apis:\n  Own: {{method: GET, url: '{OWN}', save: {{v: v}}}}\n"
        "  Verify: {method: POST, url: 'https://api.v7.botpenguin.com/integrations/custom-feature/verify-user-otp',"
        f" headers: {{Authorization: '${{T}}'}}, body: {verify}}}\n"
        "  Send: {method: POST, role: send, url: 'https://own.example.test/send'}\n"
        f"flows: {{main: {{start: a, components: {components}}}}}\n{more}",
        "b.yaml",
    )


def asking(**settings):
    """Make a bot that asks twice with a delay between."""
    told = json.dumps(settings)[1:-1]
    extra = f", {told}" if told else ""
    return bot_of(
        "{a: {type: text_question, message: one, save: v, next: b}, "
        "b: {type: message, message: wait, delay: 5, next: c}, "
        f"c: {{type: text_question, message: two, save: w, next: d{extra}}}, d: {{type: end_chat, message: bye}}}}"
    )


def start(made, world=None, **settings):
    """Start a chat."""
    return FlowRunner(world or World()).start(made, **settings)


def login(chat):
    """Log in with the second try."""
    for text in (PHONE, "0000", None):
        yield chat.world.handset().code() if text is None else text
