"""Templates filled with a chat's attributes, every part keeping its origin."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from pytest_botpenguin_otp import template as templates
from pytest_botpenguin_otp.template import Ref
from pytest_botpenguin_otp.values import Origin, Text, Value, plain
from pytest_botpenguin_otp.wire import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_botpenguin_otp.bot import Api
    from pytest_botpenguin_otp.machine.model import Machine
    from pytest_botpenguin_otp.template import Template

__all__ = ["body", "fill", "request"]

MAX_EXPANSIONS = 3


def fill(template: Template, attributes: Mapping[str, Value], machine: Machine, unset: str) -> Text:
    """Fill `template`; an unset attribute becomes the text `unset`.

    Where the profile expands references again, a typed `{{attribute}}` inside a value is filled too.
    """
    if len(template) == 1 and isinstance(template[0], Value):
        return (template[0],)
    return _fill(template, attributes, machine, unset, MAX_EXPANSIONS)


def _fill(template: Template, attributes: Mapping[str, Value], machine: Machine, unset: str, depth: int) -> Text:
    parts: list[Value] = []
    for part in template:
        if isinstance(part, Value):
            parts.append(part)
        elif isinstance(part, Ref):
            value = attributes.get(part.attribute)
            if value is None:
                parts.append(Value(unset, Origin("unset", part.attribute)))
            elif "{{" in value.text and machine.profile.references == "recursive" and depth:
                again = templates.parse(value.text)
                parts.extend(
                    Value(piece.text, value.origin) if piece.origin.kind == "literal" else piece
                    for piece in _fill(again, attributes, machine, unset, depth - 1)
                )
            else:
                parts.append(value)
        else:
            parts.append(Value(machine.secrets.of(part), Origin("secret", part.name)))
    return tuple(parts)


def _put(text: Text, change: Callable[[str], str]) -> Text:
    return tuple([part if part.origin.kind == "literal" else Value(change(part.text), part.origin) for part in text])


_ENCODE = json.JSONEncoder(ensure_ascii=False).encode


def _escape(text: str) -> str:
    return _ENCODE(text)[1:-1]


def _quote(text: str) -> str:
    return quote(text, safe="", errors="replace")


def body(api: Api, attributes: Mapping[str, Value], machine: Machine) -> Text:
    """Fill an api's body: each text escaped for JSON, or pasted as it is, as the profile says."""
    if api.body is None:
        return ()
    text = fill(api.body, attributes, machine, machine.profile.unset_rendering)
    return _put(text, _escape) if machine.profile.body_rendering == "escaped" else text


def request(api: Api, attributes: Mapping[str, Value], machine: Machine, text: Text) -> Request:
    """Build the HTTP request of a call whose body is `text`."""
    unset = machine.profile.unset_rendering

    def filled(template: Template) -> str:
        return plain(fill(template, attributes, machine, unset))

    fixed = len(api.url) == 1 and isinstance(api.url[0], Value)
    url = filled(api.url) if fixed else plain(_put(fill(api.url, attributes, machine, unset), _quote))
    if api.params:
        joint = "&" if "?" in url else "?"
        url += joint + "&".join(f"{_quote(name)}={_quote(filled(value))}" for name, value in api.params)
    headers = tuple([(name, filled(value)) for name, value in api.headers])
    return Request(method=api.method, url=url, headers=headers, body=plain(text).encode("utf-8", "replace"))
