"""Which path of the 2010-04-01 API means what."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

__all__ = ["METHODS", "Route", "read_path"]


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
