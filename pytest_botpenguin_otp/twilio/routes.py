"""Which path of the 2010-04-01 API means what."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from pytest_botpenguin_otp.errors import nothing_matches

__all__ = ["METHODS", "ROUTES", "SHAPES", "Route", "explain", "read_path"]


class Route(NamedTuple):
    """What a path names: `messages`, `message`, `media`, or `format` (any of these, not in JSON), or `nothing`."""

    kind: str
    account_sid: str = ""
    sid: str = ""


METHODS = {
    "messages": {"POST": "create", "GET": "list"},
    "message": {"GET": "fetch", "POST": "update", "DELETE": "delete"},
    "media": {"GET": "media"},
}
"""The operation of each method on each kind of path."""

_ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
_PLACES = {
    "messages": f"{_ACCOUNT}/Messages.json",
    "message": f"{_ACCOUNT}/Messages/{{MessageSid}}.json",
    "media": f"{_ACCOUNT}/Messages/{{MessageSid}}/Media.json",
}
ROUTES = MappingProxyType(
    {(method, place): METHODS[kind][method] for kind, place in _PLACES.items() for method in METHODS[kind]}
)
"""The operation of each method and path."""

_HEX = "32 hexadecimal digits"
SHAPES = MappingProxyType(
    {
        "{AccountSid}": (re.compile(r"AC[0-9a-fA-F]{32}").fullmatch, f"AC and {_HEX}"),
        "{MessageSid}": (re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}").fullmatch, f"SM or MM and {_HEX}"),
        "{MessageSid}.json": (re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}\.json").fullmatch, f"SM or MM, {_HEX} and .json"),
    }
)
"""What fits the part of a path that stands for many."""

_PATH = re.compile(
    r"/2010-04-01/Accounts/(AC[0-9a-fA-F]{32})/Messages(?:/((?:SM|MM)[0-9a-fA-F]{32})(/Media)?)?(\.json|\.csv|\.xml)?"
).fullmatch


@lru_cache(maxsize=4096)
def read_path(path: str) -> Route:
    """Read a path; it is case-sensitive, and a malformed account or message sid names nothing (Twilio error 20404)."""
    match = _PATH(path)
    if match is None:
        return Route("nothing")
    account_sid, sid, media, ending = match.groups()
    if ending != ".json":
        return Route("format", account_sid, sid or "")
    if sid is None:
        return Route("messages", account_sid)
    return Route("media" if media else "message", account_sid, sid)


def explain(method: str, path: str) -> str:
    """Say why a method and path that mean nothing do not: the nearest that do, and the first difference."""
    return nothing_matches(method, path, ROUTES, SHAPES)
