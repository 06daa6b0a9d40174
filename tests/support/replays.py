"""Cassettes to be replayed, made of pairs of request and response."""

from recordings import BOT, DAY

from pytest_botpenguin_otp.cassettes.codes import code_of
from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange
from pytest_botpenguin_otp.cassettes.scrub import Scrubber
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.wire import json_response
from pytest_botpenguin_otp.world import World

__all__ = ["JSON", "NO", "SENT", "YES", "as_is", "cassette", "login"]

JSON = (("Content-Type", "application/json"),)
SENT = json_response(200, {"success": True, "data": {"otp": "483920"}})
YES = json_response(200, {"success": True})
NO = json_response(400, {"success": False})


def cassette(*pairs):
    """Return a scrubbed cassette."""
    return Scrubber().scrub(pairs, file="it.yaml", made=DAY, target="fake").cassette


def as_is(*pairs):
    """Return a cassette that nothing has scrubbed."""
    return Cassette(file="it.yaml", exchanges=tuple(Exchange(request=asked, response=told) for asked, told in pairs))


def login(replay, typed=None, phone="+44 7700 900123", profile="mismatch-400"):
    """Play a chat with the example bot, and return it."""
    world = World(PROFILES[profile], seed=99)
    chat = FlowRunner(world).start(BOT, service=replay)
    chat.user(phone)
    chat.user(typed or code_of(chat, world.profile))
    assert world.failures() == ()
    return chat
