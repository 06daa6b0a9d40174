"""What a bot's APIs send where, and which attributes hold the code and the phone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_botpenguin_otp.bot.graph import following
from pytest_botpenguin_otp.bot.model import SEND_PATH, VERIFY_PATH, ApiCall, Choice, End, Message, Question, Redirect
from pytest_botpenguin_otp.explorer import is_strange
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
    "sent_by",
    "sent_codes",
    "shown",
    "shows",
    "typed_by",
    "typed_codes",
]

HOLE = re.compile("\ue000([0-9]+)\ue001")
CODE = re.compile(r"(?:^|[a-z_-])(?:otp|pin|code|passcode)$", re.IGNORECASE)
"""How own backends name the field of a code."""
PHONE = re.compile(r"phone|mobile|msisdn|^to$|^tel$|^(?:to)?_?number$|recipient", re.IGNORECASE)
"""How own backends name the field of the number that a code goes to."""
CODE_KINDS = frozenset({"text_question", "numeric_input", "question"})
"""The questions to which a user may type a code."""


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
    fed = frozenset(code for api in bot.apis.values() if api.role == "verify" for code in sent_by(bot, api))
    paths = {saved[attribute] for attribute in fed & saved.keys()}
    return frozenset(
        attribute for attribute, path in saved.items() if path in paths or path.rpartition(".")[2] == "otp"
    )


def sent_by(bot: Bot, api: Api) -> frozenset[str]:
    """Return the attributes that a verify API checks the user's code against.

    They stand at `systemOtp`; at another key of an own backend stands what a send has saved from a field for codes.
    """
    named = _named(api, "systemOtp")
    if named or not is_strange(api):
        return named
    saved = {attribute: path for send in bot.apis.values() if send.role == "send" for attribute, path in send.save}
    return frozenset(name for name in api.reads if CODE.search(saved.get(name, "").rpartition(".")[2]))


def typed_codes(bot: Bot) -> frozenset[str]:
    """Return the attributes that are checked as the user's code."""
    return frozenset(code for api in bot.apis.values() if api.role == "verify" for code in typed_by(bot, api))


def typed_by(bot: Bot, api: Api) -> frozenset[str]:
    """Return the attributes that a verify API checks as the user's code.

    They stand at `userOtp`; an own backend may have any key for what a question has saved that no send has needed. Of
    several, those that are called a code are meant, or else those that are asked for behind a send alone.
    """
    named = _named(api, "userOtp")
    if named or not is_strange(api):
        return named
    known = {attribute for send in bot.apis.values() if send.role == "send" for attribute in send.reads}
    asking = [part for part in bot.components.values() if isinstance(part, Question) and part.kind in CODE_KINDS]
    found = {part.save for part in asking}.intersection(api.reads) - known
    called = {
        name
        for field in fields(api)
        for name in references(field.text)
        if CODE.search(name) or (len(field.text) == 1 and CODE.search(field.name))
    }
    before = _before_send(bot)
    later = {part.save for part in asking if part.id not in before}
    for meant in (called, later):
        found = found & meant or found
    return frozenset(found)


def _before_send(bot: Bot) -> dict[str, None]:
    """Return the components that some way leads to without a send."""
    sends = {call.id for call in calls(bot, "send")}
    met = {bot.start: None}
    frontier = [bot.start]
    for at in frontier:
        for known in () if at in sends else following(bot.components[at]):
            if known not in met:
                met[known] = None
                frontier.append(known)
    return met


def _named(api: Api, name: str) -> frozenset[str]:
    """Return the attributes that stand at a key of an API."""
    return frozenset(known for field in fields(api) if field.name == name for known in references(field.text))


def code_questions(bot: Bot) -> Iterator[Question]:
    """Yield the questions that ask for the code."""
    wanted = typed_codes(bot)
    yield from (known for known in bot.components.values() if isinstance(known, Question) and known.save in wanted)


def phone_questions(bot: Bot) -> Iterator[Question]:
    """Yield the questions whose answer is the number that the code goes to."""
    sends = [api for api in bot.apis.values() if api.role == "send"]
    read = {attribute for api in sends for attribute in api.reads}
    named = {attribute for api in sends for attribute in _numbers(api)}
    for known in bot.components.values():
        if isinstance(known, Question) and (
            known.save in named or (known.kind == "phone_number" and known.save in read)
        ):
            yield known


def _numbers(api: Api) -> frozenset[str]:
    """Return the attributes that a send API takes as a number: at `toNumber`, or at such a key of an own backend."""
    named = _named(api, "toNumber")
    if named or not is_strange(api):
        return named
    return frozenset(known for field in fields(api) if PHONE.search(field.name) for known in references(field.text))


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
