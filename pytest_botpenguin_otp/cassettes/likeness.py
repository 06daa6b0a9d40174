"""Two answers held against each other: status, media type, headers, keys, types and formats; values where declared."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes.parts import media_type
from pytest_botpenguin_otp.machine import paths

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pytest_botpenguin_otp.wire import Response

__all__ = ["NOISE", "Difference", "differences"]

NOISE = (
    *("accept-ranges", "access-control-*", "age", "alt-svc", "cache-control", "cf-*", "connection", "content-encoding"),
    *("content-length", "content-security-policy", "content-type", "cross-origin-*", "date", "etag", "expires"),
    *("keep-alive", "last-modified", "nel", "origin-agent-cluster", "pragma", "ratelimit-*", "referrer-policy"),
    *("report-to", "server", "server-timing", "set-cookie", "strict-transport-security", "transfer-encoding"),
    *("twilio-*", "vary", "via", "x-*"),
)
"""Headers that say nothing of a contract; a star stands for any ending. The media type is compared by itself."""

SURE = (
    ("a date as in RFC 2822", re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} [+-][0-9]{4}")),
    ("a date as in ISO 8601", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*")),
    ("a phone number in E.164", re.compile(r"\+[1-9][0-9]{6,14}")),
)
SID = re.compile(r"([A-Z]{2})[0-9a-fA-F]{32}")
DIGITS = re.compile(r"[0-9]+")
TEXT, NUMBER, NULL, NOTHING = "a text", "a number", "null", "nothing"
MISSING = object()
KINDS = {bool: "true or false", str: TEXT, dict: "a mapping", list: "a list", object: NUMBER}
PLAIN_KEY = re.compile(r"[A-Za-z_][0-9A-Za-z_-]{0,39}")
HARMLESS = re.compile(r"[A-Za-z_]{1,16}|-?[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: what stands at a place on either side, and no value but harmless declared ones."""

    place: str
    recorded: str
    fake: str

    @property
    def null(self) -> bool:
        """Whether one side is null, which a contract may allow."""
        return NULL in (self.recorded, self.fake)

    def __str__(self) -> str:
        return self.told("recorded", "the fake")

    def told(self, recorded: str, fake: str) -> str:
        """Return it as a sentence, the two sides called so."""
        return f"{self.place}: {recorded} {self.recorded}, {fake} {self.fake}"


def differences(
    recorded: Response,
    fake: Response,
    *,
    values: Collection[str] = (),
    code_path: str | None = None,
    complete: bool = False,
) -> tuple[Difference, ...]:
    """Return what differs between a recorded answer and the fake's; no value but harmless declared ones is told.

    `values` are the paths whose values count; the text at `code_path` must have the same length and form. `complete`
    says that the recording kept all headers; a scrubbed one keeps the media type only.
    """
    found = [*_heads(recorded, fake, complete=complete)]
    trees = [tree for response in (recorded, fake) for tree in _trees(response)]
    if len(trees) == len((recorded, fake)):
        found += _walk("body", *trees)
    elif _form(recorded) != _form(fake):
        found.append(Difference("body", _form(recorded), _form(fake)))
    found += _values(recorded, fake, values)
    if code_path is not None:
        found += _code(code_path, *(paths.at(paths.read(response.body), code_path) for response in (recorded, fake)))
    return tuple(dict.fromkeys(found))


def _trees(response: Response) -> tuple[object, ...]:
    """Return the JSON value of a body as the only one, or none at all."""
    try:
        return (json.loads(response.body.decode()),)
    except (ValueError, RecursionError):
        return ()


def _form(response: Response) -> str:
    if _trees(response):
        return "JSON"
    return "no JSON" if response.body.strip() else "nothing"


def _heads(recorded: Response, fake: Response, *, complete: bool) -> Iterator[Difference]:
    if recorded.status != fake.status:
        yield Difference("HTTP status", str(recorded.status), str(fake.status))
    media = [media_type(response.header("content-type"), charset=False) or "" for response in (recorded, fake)]
    if media[0] != media[1] and all(media):
        yield Difference("media type", *media)
    left, right = ({name.lower() for name, _ in response.headers if not _noise(name)} for response in (recorded, fake))
    for name in sorted(left - right):
        yield Difference(f"header {_key(name)}", TEXT, NOTHING)
    for name in sorted(right - left) if complete else ():
        yield Difference(f"header {_key(name)}", NOTHING, TEXT)


def _noise(name: str) -> bool:
    name = name.lower()
    return any(name.startswith(known[:-1]) if known.endswith("*") else name == known for known in NOISE)


def _key(name: str) -> str:
    return name if PLAIN_KEY.fullmatch(name) else "(a name)"


def _walk(place: str, recorded: object, fake: object) -> Iterator[Difference]:
    kinds = _kind(recorded), _kind(fake)
    if kinds[0] != kinds[1]:
        yield Difference(place, *kinds)
        return
    match recorded, fake:
        case dict(), dict():
            for key in sorted({*recorded, *fake}):
                yield from _walk(f"{place}.{_key(key)}", recorded.get(key, MISSING), fake.get(key, MISSING))
        case list(), list() if fake:
            for number, inside in enumerate(recorded):
                yield from _nearest(f"{place}[]", inside, fake[number % len(fake)], fake)
        case str(), str():
            yield from _formats(place, recorded, fake)


def _nearest(place: str, recorded: object, opposite: object, every: list[object]) -> tuple[Difference, ...]:
    """Return what an element of a list has otherwise than the one opposite, or else than the one most like it."""
    found = tuple(_walk(place, recorded, opposite))
    return found and min((found, *(tuple(_walk(place, recorded, one)) for one in every)), key=len)


def _kind(value: object) -> str:
    if value is None or value is MISSING:
        return NULL if value is None else NOTHING
    return next(name for kind, name in KINDS.items() if isinstance(value, kind))


def _formats(place: str, recorded: str, fake: str) -> Iterator[Difference]:
    if not recorded or not fake:
        return
    left, right = _format(recorded), _format(fake)
    if left != right and {left, right} != {TEXT, "digits"}:
        yield Difference(place, left, right)


def _format(text: str) -> str:
    sid = SID.fullmatch(text)
    if sid:
        return f"a SID {sid[1]}..."
    sure = next((name for name, pattern in SURE if pattern.fullmatch(text)), None)
    return sure or ("digits" if DIGITS.fullmatch(text) else TEXT)


def _values(recorded: Response, fake: Response, values: Collection[str]) -> Iterator[Difference]:
    trees = [paths.read(response.body) for response in (recorded, fake)]
    for path in sorted(values):
        left, right = (paths.at(tree, path) for tree in trees)
        if left != right and left is not None and right is not None:  # a missing key is told as such
            yield Difference(f"the value at {path}", _shown(left), _shown(right))


def _shown(value: str) -> str:
    return value if HARMLESS.fullmatch(value) else "another value"


def _code(path: str, recorded: str | None, fake: str | None) -> Iterator[Difference]:
    if recorded is not None and fake is not None:
        forms = [f"{len(text)} {'digits' if DIGITS.fullmatch(text) else 'characters'}" for text in (recorded, fake)]
        if forms[0] != forms[1]:
            yield Difference(f"the code at {path}", *forms)
