"""Texts with holes: `{{attribute}}`, as the dashboard's "/" inserts it, and `${NAME}` for a secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pytest_botpenguin_otp.values import Text, Value

__all__ = ["Ref", "SecretRef", "Template", "parse", "references", "secrets"]

HOLE = re.compile(r"\{\{[ ]*([a-z][a-z0-9_]*)[ ]*\}\}|\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
JSON_KEY = re.compile(r'"(\w+)"\s*:\s*"?[^"]*\Z')


@dataclass(frozen=True, slots=True)
class Ref:
    """The place of an attribute's text; `field` is the JSON key or header it stands in, or empty."""

    attribute: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class SecretRef:
    """The place of a secret; `field` is the JSON key or header it stands in, since that says whose secret it is."""

    name: str
    field: str


Template = tuple[Value | Ref | SecretRef, ...]
Lookup = Callable[[Ref | SecretRef], Text]


def parse(text: str, *, field: str = "") -> Template:
    """Take `text` apart; `field` names the header or setting it is, and in JSON text the key before a hole does."""
    parts: list[Value | Ref | SecretRef] = []
    end = 0
    for hole in HOLE.finditer(text):
        if hole.start() > end:
            parts.append(Value(text[end : hole.start()]))
        attribute, secret = hole.groups()
        key = JSON_KEY.search(text, 0, hole.start())
        inside = key[1] if key else field
        parts.append(SecretRef(secret, inside) if attribute is None else Ref(attribute, inside))
        end = hole.end()
    if end < len(text):
        parts.append(Value(text[end:]))
    return tuple(parts)


def references(template: Template) -> tuple[str, ...]:
    """Return the attributes that the template reads, in order."""
    return tuple(part.attribute for part in template if isinstance(part, Ref))


def secrets(template: Template) -> tuple[str, ...]:
    """Return the names of the secrets that the template holds, in order."""
    return tuple(part.name for part in template if isinstance(part, SecretRef))
