"""A request taken apart into what a contract names: the one walk that scrubbing and replay share."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, unquote_plus, urlencode

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.botpenguin import PATHS
from pytest_botpenguin_otp.cassettes.errors import CassetteError

if TYPE_CHECKING:
    from pytest_botpenguin_otp.wire import Request

__all__ = ["BODIES", "LITERALS", "Rename", "Shape", "dissect", "endpoint", "media_type", "rewrite", "unnamed"]

Rename = Callable[[str, str, str], str]
"""Takes the kind, the place and the text of a value, and returns what is to stand there instead."""

LITERALS = frozenset(["", "{}", '{""}', "null", "undefined"])
"""What an unset attribute is known to become: no value, so it has no pseudonym, and must be the same in a replay."""

BODIES: Mapping[str, Mapping[str, str]] = {
    "send": {"accountSID": "sid", "authToken": "token", "fromNumber": "phone", "toNumber": "phone"},
    "verify": {"systemOtp": "code", "userOtp": "code"},
}
FORM_KINDS = {
    "To": "phone",
    "From": "phone",
    "MessagingServiceSid": "sid",
    "ContentSid": "sid",
    "ApplicationSid": "sid",
}
URLS = ("StatusCallback", "MediaUrl")
QUERY = {"To": "phone", "From": "phone", "PageToken": "id"} | dict.fromkeys(
    ("DateSent", "DateSent<", "DateSent>", "PageSize", "Page"), "text"
)
TWILIO_PATH = re.compile(r"/2010-04-01/Accounts/[^/]+/Messages(?:/[^/]+)?\.json")
SID = re.compile(r"([A-Z]{2}[0-9a-fA-F]{32})(\.json)?")
SEGMENTS = frozenset(
    """2010-04-01 Accounts Messages Messages.json integrations custom-feature send-otp-sms verify-user-otp api v1 v2 v3
    otp sms send verify auth login send-otp verify-otp""".split()  # noqa: SIM905  # one can read it
)
SCHEMES = {"bearer": "Bearer", "key": "Key", "token": "Token"}
MEDIA_TYPES = frozenset(
    """application/json application/x-www-form-urlencoded application/xml application/problem+json text/html text/plain
    text/xml""".split()  # noqa: SIM905  # one can read it
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What must be equal in a replay: everything of a request but its values. Values stand in `slots` by place."""

    method: str
    host: str
    path: str
    query: str
    authorization: str
    content_type: str
    body: str
    scheme: str


def endpoint(request: Request) -> str | None:
    """Name what a request is for, `send`, `verify` or `twilio`, on whatever host; None where no contract covers it."""
    path = request.path
    if TWILIO_PATH.fullmatch(path):
        return "twilio"
    if request.method.upper() != "POST":
        return None
    for known, operation in PATHS.items():
        if path.endswith(known):
            return operation
    body = _loads(request.body)
    if isinstance(body, dict):
        for operation, fields in BODIES.items():
            if fields.keys() <= body.keys():
                return operation
    return None


def dissect(request: Request) -> tuple[Shape, dict[str, str]]:
    """Return the shape of a request, and its values by place."""
    slots: dict[str, str] = {}

    def note(kind: str, place: str, text: str) -> str:
        slots[place] = text
        return f"<{kind}>"

    told = rewrite(request, note, canonical=True)
    address = told.address
    shape = Shape(
        method=told.method,
        host=address.host,
        path=unquote(address.path),
        query=unquote_plus(address.query),
        authorization=_form(told.header("authorization"), request),
        content_type=told.header("content-type") or "",
        body=told.body.decode(),
        scheme=address.scheme,
    )
    return shape, slots


def rewrite(request: Request, rename: Rename, *, canonical: bool = False) -> Request:
    """Return the request with only what a contract names in it, each value as `rename` gives it.

    `canonical` sorts keys and leaves out how a media type is written, so that equal requests become equal bytes. Raises
    `CassetteError` for a body nested deeper than can be read.
    """
    address = request.address
    try:
        body = _body(request, rename, canonical=canonical).encode()
    except RecursionError:
        raise CassetteError(
            "A request body is nested some hundred deep; such a call is neither kept nor played."
        ) from None
    path = "/".join(_segment(part, number, rename) for number, part in enumerate(address.path.split("/")))
    query = _pairs(
        request.params(), QUERY if endpoint(request) == "twilio" else {}, "query", rename, canonical=canonical
    )
    return replace(
        request,
        method=request.method.upper(),
        url=f"{address.scheme}://{address.host}{path}" + (f"?{query}" if query else ""),
        headers=tuple(_headers(request, rename, canonical=canonical)),
        body=body,
    )


def unnamed(request: Request) -> tuple[str, ...]:
    """Return the texts in the body and the query that no contract names, for whoever must look out for them.

    What stands for such a text in a scrubbed request is none.
    """
    kind = endpoint(request)
    fields = _form_fields() if kind == "twilio" else BODIES.get(kind or "", {})
    query = QUERY if kind == "twilio" else {}
    found = [text for name, text in request.params() if name not in query]
    if kind == "twilio":
        return (*found, *(text for name, text in request.form() if name not in fields))
    body = _loads(request.body)
    rest = [value for name, value in body.items() if name not in fields] if isinstance(body, dict) else [body]
    return (*found, *_leaves(rest))


def media_type(text: str | None, *, charset: bool = True) -> str | None:
    """Return a known media type with its usual charset, an unknown one as `application/octet-stream`."""
    if text is None:
        return None
    media, _, rest = text.partition(";")
    media = media.strip().lower()
    if media not in MEDIA_TYPES:
        return "application/octet-stream"
    return f"{media}; charset=utf-8" if charset and "utf-8" in rest.lower() else media


def _leaves(value: object) -> list[str]:
    match value:
        case dict():
            return [leaf for key, inside in value.items() for leaf in (str(key), *_leaves(inside))]
        case list():
            return [leaf for inside in value for leaf in _leaves(inside)]
        case bool() | None | 0:
            return []
        case _:
            return [str(value)]


def _form(shown: str | None, request: Request) -> str:
    given = request.header("authorization")
    if given is None or shown is None:
        return "none"
    if sum(name.lower() == "authorization" for name, _ in request.headers) > 1:
        return "several"
    scheme = shown.partition(" ")[0]
    return scheme if scheme in (*SCHEMES.values(), "Basic") else ("bare" if shown else "blank")


def _segment(part: str, number: int, rename: Rename) -> str:
    text = unquote(part)
    if not text or text in SEGMENTS:
        return text
    sid = SID.fullmatch(text)
    if sid:
        return quote(rename("sid", f"path[{number}]", sid[1]), safe="<>") + (sid[2] or "")
    return quote(rename("segment", f"path[{number}]", text), safe="<>")


def _headers(request: Request, rename: Rename, *, canonical: bool) -> list[tuple[str, str]]:
    kept: list[tuple[str, str]] = []
    given = request.header("authorization")
    if given is not None:
        kept.append(("Authorization", _authorization(given.strip(), request.basic_auth(), rename)))
    kind = request.header("authtype")
    if kind is not None and not canonical:
        kept.append(("authtype", "Key" if kind.lower() == "key" else "other"))
    media = media_type(request.header("content-type"), charset=not canonical)
    if media is not None:
        kept.append(("Content-Type", media))
    return kept


def _authorization(text: str, pair: tuple[str, str] | None, rename: Rename) -> str:
    scheme, blank, rest = text.partition(" ")
    rest = rest.strip()
    if blank and scheme.lower() == "basic":
        return _basic(rest, pair, rename)
    if blank and scheme.lower() in SCHEMES:
        told = rest if rest in LITERALS else rename("auth", "headers.Authorization", rest)
        return f"{SCHEMES[scheme.lower()]} {told}"
    return text if text in LITERALS else rename("auth", "headers.Authorization", text)


def _basic(encoded: str, pair: tuple[str, str] | None, rename: Rename) -> str:
    if pair is None:
        return f"Basic {rename('auth', 'headers.Authorization', encoded)}"
    user = rename("sid", "headers.Authorization.user", pair[0])
    password = rename("token", "headers.Authorization.password", pair[1])
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def _body(request: Request, rename: Rename, *, canonical: bool) -> str:
    if not request.body:
        return ""
    kind = endpoint(request)
    if kind == "twilio":
        return _pairs(request.form(), _form_fields(), "body", rename, canonical=canonical)
    tree = _loads(request.body)
    if not isinstance(tree, dict):
        return rename("text", "body", request.body.decode("utf-8", "replace"))
    told = _object(tree, BODIES.get(kind or "", {}), "body", rename)
    return json.dumps(told, ensure_ascii=False, sort_keys=canonical)


@cache
def _form_fields() -> Mapping[str, str]:
    named = contracts.schema("twilio/create-message")["properties"]
    names = named if isinstance(named, dict) else {}
    return dict.fromkeys(names, "text") | dict.fromkeys(URLS, "url") | FORM_KINDS


def _pairs(
    pairs: tuple[tuple[str, str], ...],
    fields: Mapping[str, str],
    where: str,
    rename: Rename,
    *,
    canonical: bool,
) -> str:
    told: list[tuple[str, str]] = []
    seen: dict[str, int] = {}
    for name, text in pairs:
        if name not in fields:
            continue
        number = seen[name] = seen.get(name, 0) + 1
        place = f"{where}.{name}" + (f"[{number}]" if number > 1 else "")
        told.append((name, text if text in LITERALS else rename(fields[name], place, text)))
    told += [(f"unnamed_{n}", "") for n in range(1, len(pairs) - len(told) + 1)]
    return urlencode(sorted(told) if canonical else told)


def _object(tree: Mapping[str, object], fields: Mapping[str, str], where: str, rename: Rename) -> dict[str, object]:
    told = {key: _value(value, fields[key], f"{where}.{key}", rename) for key, value in tree.items() if key in fields}
    rest = sorted((_blank(value) for key, value in tree.items() if key not in fields), key=json.dumps)
    return told | {f"unnamed_{number}": blank for number, blank in enumerate(rest, 1)}


def _blank(value: object) -> object:
    """Return the empty value of the same JSON type: all that is told of what no contract names."""
    match value:
        case bool() | None:
            return None if value is None else False
        case str():
            return ""
        case list():
            return []
        case dict():
            return {}
        case _:
            return 0


def _value(value: object, kind: str, place: str, rename: Rename) -> object:
    match value:
        case bool() | None:
            return value
        case str():
            return value if value in LITERALS else rename(kind, place, value)
        case int() | float():
            return _number(rename(f"{kind} number", place, json.dumps(value)))
        case list():
            return [_value(inside, kind, f"{place}[{number}]", rename) for number, inside in enumerate(value)]
        case _:
            return _object(value if isinstance(value, dict) else {}, {}, place, rename)


def _number(text: str) -> object:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise ValueError("a key stands there twice")
    return tree


_DECODER = json.JSONDecoder(object_pairs_hook=_once)


def _loads(body: bytes) -> object:
    """Return the JSON value in `body`; None where it is none, or where a key stands twice and so has two readings."""
    try:
        return _DECODER.decode(body.decode())
    except (ValueError, RecursionError):
        return None
