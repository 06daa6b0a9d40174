"""APIs that are meant to be a documented endpoint, by the look of them, and are called somewhere else."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_botpenguin_otp.bot.model import SEND_PATH, VERIFY_PATH
from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.rules.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.bot import Api, Bot

__all__ = ["amiss", "meant", "nowhere"]

PATHS = {"send": SEND_PATH, "verify": VERIFY_PATH}
BODIES = {"send": {"accountSID", "authToken", "toNumber"}, "verify": {"systemOtp", "userOtp"}}
NEAR = 0.85
"""Paths so much alike are taken for a slip."""


def nowhere(bot: Bot) -> Iterator[Finding]:
    """SO01: find what is meant to be Send OTP or Verify OTP, where no other API of the bot is."""
    roles = {api.role for api in bot.apis.values()}
    for api in bot.apis.values():
        if meant(api) not in (None, *roles):
            why = amiss(api)
            finding = Finding.of("SO01", api.where("url"), f"Nobody is known to be let in. {why}")
            yield replace(finding, remedy=why)


def meant(api: Api) -> str | None:
    """Return the role that an API without one is meant to have: by its path, or by the keys of its body."""
    if api.role is not None:
        return None
    path = _path(api)
    near = max(PATHS, key=lambda role: _likeness(path, PATHS[role]))
    if _likeness(path, PATHS[near]) >= NEAR:
        return near
    keys = {field.name for field in reading.fields(api) if field.part == "body"}
    return next((role for role, wanted in BODIES.items() if wanted <= keys), None)


def amiss(api: Api) -> str:
    """Say of such an API what is wrong with its URL, and both ways out; empty for any other."""
    role = meant(api)
    if role is None:
        return ""
    return (
        f"The URL of {api.name} ({api.where('url')}) is no documented endpoint. Did you mean {PATHS[role]!r}? If it is "
        f"a backend of your own, give the API a line: role: {role}."
    )


def _path(api: Api) -> str:
    try:
        return urlsplit(reading.address(api)).path.rstrip("/") or "/"
    except ValueError:
        return "/"


def _likeness(path: str, known: str) -> float:
    """Return how much alike two paths are, or their last parts: the rest may be a gateway's."""
    whole, last = (
        SequenceMatcher(None, one.lower(), other).ratio()
        for one, other in ((path, known), (path.rpartition("/")[2], known.rpartition("/")[2]))
    )
    return max(whole, last)
