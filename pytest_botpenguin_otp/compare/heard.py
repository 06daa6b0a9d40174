"""What of a step can be noticed from outside: texts, requests, the end; each with its time."""

from __future__ import annotations

import json
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import quote

from pytest_botpenguin_otp.machine import Ask, Call, End, Say
from pytest_botpenguin_otp.values import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_botpenguin_otp.machine import Effect
    from pytest_botpenguin_otp.wire import Request

__all__ = ["Part", "Told", "Typed", "parts", "told"]

What = Literal["says", "asks", "calls", "ends"]
Part = tuple[str, str]
"""Where in a request something is (`body.userOtp`, `header authorization`), and what is there."""
Typed = tuple[str, ...]
"""What stands for the code in a typed reference, in each spelling: its name is no difference."""
NONE: Mapping[str, tuple[Part, ...]] = MappingProxyType({})
STAND_IN = "{{the code that was sent}}"


class Told(NamedTuple):
    """One thing that was noticed, `at_ms` after the last time that both chats were alike."""

    at_ms: int
    what: What
    content: tuple[Part, ...]
    component: str

    def like(self, other: Told) -> bool:
        """Say whether this is the same as `other`, but perhaps for its time."""
        return self.what == other.what and self.content == other.content


def told(
    effects: Iterable[Effect], at_ms: int, typed: Typed = (), secrets: Mapping[str, tuple[Part, ...]] = NONE
) -> tuple[Told, ...]:
    """Return what is noticed of `effects`; a wait is noticed only by what comes after it.

    `secrets` are those that the calls of each API send.
    """
    found = [_told(effect, at_ms, secrets) for effect in effects if isinstance(effect, Say | Ask | Call | End)]
    return tuple([_neutral(one, typed) for one in found]) if typed else tuple(found)


def _told(effect: Say | Ask | Call | End, at_ms: int, secrets: Mapping[str, tuple[Part, ...]]) -> Told:
    match effect:
        case Say(component=component, text=text):
            return Told(at_ms, "says", (("text", plain(text)),), component)
        case Ask(component=component, text=text):
            return Told(at_ms, "asks", (("text", plain(text)),), component)
        case End(component=component, how=how):
            return Told(at_ms, "ends", (("how", how),), component)
        case _:
            return Told(at_ms, "calls", (*parts(effect.request), *secrets.get(effect.api, ())), effect.component)


def _neutral(one: Told, typed: Typed) -> Told:
    content = one.content
    for spelt in typed:
        content = tuple((where, text.replace(spelt, STAND_IN)) for where, text in content)
    return one._replace(content=content)


def spellings(attribute: str) -> Typed:
    """Return how a typed reference to `attribute` may be written in a request or a text."""
    written = f"{{{{{attribute}}}}}"
    return (written, quote(written, safe=""))


@lru_cache(maxsize=8192)
def parts(request: Request) -> tuple[Part, ...]:
    """Return a request part by part: the order of headers, and of keys in a JSON body, is none of its own."""
    headers = sorted((f"header {name.lower()}", text) for name, text in request.headers)
    return (("method", request.method), ("url", request.url), *headers, *_body(request.body))


def _body(body: bytes) -> Iterator[Part]:
    if not body:
        return
    try:
        tree = json.loads(body)
    except (ValueError, RecursionError):
        yield "body", body.decode("utf-8", "replace")
        return
    if isinstance(tree, dict):
        yield from sorted((f"body.{name}", json.dumps(part, sort_keys=True)) for name, part in tree.items())
    yield "body", "" if isinstance(tree, dict) else json.dumps(tree, sort_keys=True)
