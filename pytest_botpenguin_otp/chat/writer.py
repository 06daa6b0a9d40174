"""From conversations to the text of a chat file, which reads as just these conversations."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.chat.model import Bot, Do, Early, Expect, Inject, Speaker, User, Wait

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_botpenguin_otp.chat.model import Conversation, Step
    from pytest_botpenguin_otp.faults import Fault

__all__ = ["quoted", "written"]

WHERE = ("service", "operation", "callback")


def written(conversations: Iterable[Conversation], bot: str) -> str:
    """Return a chat file with these conversations; `bot` is the path to the bot's file from where it will stand."""
    lines = ["format: botpenguin-otp/chat@1", f"bot: {quoted(bot)}", "conversations:"]
    for conversation in conversations:
        lines += _conversation(conversation)
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Write a text so that YAML reads just that: as JSON does, but for what is not printable."""
    told = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in told)


def _conversation(conversation: Conversation) -> Iterator[str]:
    yield f"  {quoted(conversation.name)}:"
    settings = list(_settings(conversation))
    indent = "      " if settings else "    "
    if settings:
        yield from settings
        yield "    steps:"
    for step in conversation.steps:
        yield from (f"{indent}- {line}" for line in _step(step))


def _settings(conversation: Conversation) -> Iterator[str]:
    if conversation.profile is not None:
        yield f"    profile: {conversation.profile if conversation.profile.isascii() else quoted(conversation.profile)}"
    if conversation.seed is not None:
        yield f"    seed: {conversation.seed}"
    if conversation.cassette is not None:
        yield f"    cassette: {quoted(conversation.cassette)}"
    if conversation.while_offered:
        yield "    while_offered: true"
    if conversation.attributes:
        yield f"    attributes: {_map((name, quoted(text)) for name, text in conversation.attributes)}"


def _step(step: Step) -> Iterator[str]:
    match step:
        case User(text=text):
            yield f"user: {quoted(text)}"
        case Early(text=text):
            yield f"during_delay: {quoted(text)}"
        case Bot(how="equals", text=text):
            yield f"bot: {quoted(text)}"
        case Bot(how=how, text=text):
            yield f"bot: {{{how}: {quoted(text)}}}"
        case Do(action=action):
            yield f"do: {action}"
        case Wait(seconds=seconds):
            yield f"wait: {seconds}"
        case Speaker(name=name):
            yield f"as: {_key(name)}"
        case Inject(faults=faults):
            yield from (f"fault: {_fault(fault)}" for fault in faults)
        case Expect():
            yield f"expect: {_map(_expected(step))}"


def _fault(fault: Fault) -> str:
    told = [
        (field.name, _scalar(getattr(fault, field.name)))
        for field in fields(fault)
        if field.name not in WHERE and getattr(fault, field.name) != field.default
    ]
    names = [name for name, _ in told]
    what = told[0][1] if names in (["code"], ["status"]) else _map(told)
    return f"{{{fault.service}: {{{fault.operation}: {what}}}}}"


def _expected(step: Expect) -> Iterator[tuple[str, str]]:
    for name in ("verified", "ended", "sms"):
        value = getattr(step, name)
        if value is not None:
            yield name, value if name == "ended" else _scalar(value)
    for name in ("elapsed", "elapsed_at_least"):
        seconds = getattr(step, name)
        if seconds is not None:
            yield name, f"{seconds:g}"
    if step.calls:
        yield "calls", _map((_key(api), str(count)) for api, count in step.calls)
    if step.attributes:
        yield "attributes", _map((_key(name), quoted(text)) for name, text in step.attributes)


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return quoted(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _key(name: str) -> str:
    return name if name.replace(" ", "").replace("_", "").isalnum() and name.isascii() else quoted(name)


def _map(pairs: Iterable[tuple[str, str]]) -> str:
    return f"{{{', '.join(f'{key}: {value}' for key, value in pairs)}}}"
