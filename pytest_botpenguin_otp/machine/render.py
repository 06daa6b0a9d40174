"""Templates filled with a chat's attributes, every part keeping its origin."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from pytest_botpenguin_otp import template as templates
from pytest_botpenguin_otp.template import Ref, SecretRef
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
    url = _line(api.url, attributes, machine, _quote)
    if api.params:
        joint = "&" if "?" in url else "?"
        told = [(name, _line(value, attributes, machine)) for name, value in api.params]
        url += joint + "&".join([f"{_quote(name)}={_quote(value)}" for name, value in told])
    headers = tuple([(name, _line(value, attributes, machine)) for name, value in api.headers])
    return Request(method=api.method, url=url, headers=headers, body=plain(text).encode("utf-8", "replace"))


def _line(
    template: Template, attributes: Mapping[str, Value], machine: Machine, change: Callable[[str], str] | None = None
) -> str:
    """Fill `template` where nobody asks for origins; `change` is for what is filled in."""
    if len(template) == 1:
        part = template[0]
        if isinstance(part, Value):
            return part.text
        if isinstance(part, SecretRef) and change is None:
            return machine.secrets.of(part)
    text = fill(template, attributes, machine, machine.profile.unset_rendering)
    return plain(text if change is None else _put(text, change))
