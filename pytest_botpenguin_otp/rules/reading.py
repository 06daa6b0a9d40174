"""What a bot's APIs send where, and which attributes hold the code and the phone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_botpenguin_otp.bot.model import SEND_PATH, VERIFY_PATH, ApiCall, Choice, End, Message, Question, Redirect
from pytest_botpenguin_otp.template import references
from pytest_botpenguin_otp.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.bot import Api, Bot, Component
    from pytest_botpenguin_otp.template import Template

__all__ = [
    "Field",
    "address",
    "calls",
    "code_questions",
    "fields",
    "host",
    "is_botpenguins",
    "literal",
    "phone_questions",
    "saved_by",
    "sent_codes",
    "shown",
    "shows",
    "typed_codes",
]

HOLE = re.compile("\ue000([0-9]+)\ue001")


@dataclass(frozen=True, slots=True)
class Field:
    """One text of an API: `part` is `url`, `params`, `headers` or `body`; `name` its key, or empty."""

    part: str
    name: str
    text: Template


def fields(api: Api) -> Iterator[Field]:
    """Yield each text that a call of `api` sends; a body that is no JSON gives its attributes and secrets only."""
    yield Field("url", "", api.url)
    yield from (Field("params", name, text) for name, text in api.params)
    yield from (Field("headers", name, text) for name, text in api.headers)
    yield from (Field("body", name, text) for name, text in _body(api.body or ()))


def _body(body: Template) -> Iterator[tuple[str, Template]]:
    texts = [part.text if isinstance(part, Value) else f"\ue000{number}\ue001" for number, part in enumerate(body)]
    marked = any("\ue000" in part.text for part in body if isinstance(part, Value))
    try:
        tree = json.loads("" if marked else "".join(texts))
    except (ValueError, RecursionError):
        yield from ((part.field, (part,)) for part in body if not isinstance(part, Value))
        return
    for name, leaf in _leaves(tree):
        yield name, _refilled(leaf, body)


def _leaves(tree: object) -> Iterator[tuple[str, str]]:
    """Yield each text with the key it stands under, in order; numbers and the like as JSON."""
    left = [("", tree)]
    while left:
        name, part = left.pop()
        match part:
            case dict():
                left.extend(reversed(part.items()))
            case list():
                left.extend((name, value) for value in reversed(part))
            case str():
                yield name, part
            case _:
                yield name, json.dumps(part)


def _refilled(text: str, body: Template) -> Template:
    pieces = HOLE.split(text)
    return tuple(
        body[int(piece)] if number % 2 else Value(piece) for number, piece in enumerate(pieces) if number % 2 or piece
    )


def literal(text: Template) -> str | None:
    """Return a text without holes as it stands, or None where it has any."""
    parts = [part.text if isinstance(part, Value) else None for part in text]
    return None if None in parts else "".join(part or "" for part in parts)


def address(api: Api) -> str:
    """Return the API's URL as it is written, with braces for attributes and secrets."""
    return "".join(part.text if isinstance(part, Value) else "{}" for part in api.url)


def host(api: Api) -> str:
    """Return the host of the API's URL in small letters, with braces for holes; empty where there is none."""
    try:
        return urlsplit(address(api)).netloc.rpartition("@")[2].partition(":")[0].lower()
    except ValueError:
        return ""


def is_botpenguins(api: Api) -> bool:
    """Say whether the URL is one of the two documented endpoints, at whatever host."""
    path = (literal(api.url) or "").partition("?")[0]
    return path.rstrip("/").endswith((SEND_PATH, VERIFY_PATH))


def calls(bot: Bot, role: str) -> Iterator[ApiCall]:
    """Yield the components that call an API of `role`, in the file's order."""
    for component in bot.components.values():
        if isinstance(component, ApiCall) and bot.apis[component.api].role == role:
            yield component


def sent_codes(bot: Bot) -> frozenset[str]:
    """Return the attributes that hold the code that was sent."""
    sends = [api for api in bot.apis.values() if api.role == "send"]
    saved = {attribute: path for api in sends for attribute, path in api.save}
    fed = _fed(bot, "verify", "systemOtp") & saved.keys()
    paths = {saved[attribute] for attribute in fed}
    return frozenset(
        attribute for attribute, path in saved.items() if path in paths or path.rpartition(".")[2] == "otp"
    )


def typed_codes(bot: Bot) -> frozenset[str]:
    """Return the attributes that are checked as the user's code."""
    return _fed(bot, "verify", "userOtp")


def _fed(bot: Bot, role: str, name: str) -> frozenset[str]:
    return frozenset(
        attribute
        for api in bot.apis.values()
        if api.role == role
        for field in fields(api)
        if field.name == name
        for attribute in references(field.text)
    )


def code_questions(bot: Bot) -> Iterator[Question]:
    """Yield the questions that ask for the code."""
    wanted = typed_codes(bot)
    yield from (known for known in bot.components.values() if isinstance(known, Question) and known.save in wanted)


def phone_questions(bot: Bot) -> Iterator[Question]:
    """Yield the questions whose answer is the number that the code goes to."""
    read = {attribute for api in bot.apis.values() if api.role == "send" for attribute in api.reads}
    named = _fed(bot, "send", "toNumber")
    for known in bot.components.values():
        if isinstance(known, Question) and (
            known.save in named or (known.kind == "phone_number" and known.save in read)
        ):
            yield known


def saved_by(component: Component) -> str | None:
    """Return the attribute that an answer to `component` is saved to, or None."""
    return component.save if isinstance(component, Question | Choice) else None


def shown(component: Component) -> tuple[Template, ...]:
    """Return the texts that a component shows to the user."""
    match component:
        case Question(message=message, error_message=error):
            return (message, error or ())
        case Message(message=message) | Choice(message=message):
            return (message,)
        case Redirect(message=message) | End(message=message):
            return (message or (),)
        case _:
            return ()


def shows(component: Component) -> tuple[str, ...]:
    """Return the attributes that a component shows to the user."""
    return tuple(attribute for text in shown(component) for attribute in references(text))
