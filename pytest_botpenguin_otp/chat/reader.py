"""From a chat file to a `Chat`, once nothing is wrong with it or with its bot."""

from __future__ import annotations

import re
from difflib import get_close_matches
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import contracts, documents, profile
from pytest_botpenguin_otp.chat.hints import misplaced, near_bot
from pytest_botpenguin_otp.chat.model import (
    USER,
    Bot,
    Chat,
    Conversation,
    Do,
    Early,
    Expect,
    Inject,
    Speaker,
    Step,
    User,
    Wait,
)
from pytest_botpenguin_otp.documents import Document, Key, Tree, as_list, as_map, as_text
from pytest_botpenguin_otp.errors import FaultError, FileError, OtpError, check_type
from pytest_botpenguin_otp.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["CODE_OF", "load", "parse"]

STAND_IN = re.compile(r"\{\{[ ]*([^{}]*?)[ ]*\}\}")
STAND_INS = ("{{code}}", "{{previous_code}}", "{{code of NAME}}")
"""What is filled in where a user types it; any other text in braces is typed as it stands, unless it is nearly one."""
LIKE_CODE = 0.75
ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]*")
LIKE_ATTRIBUTE = 0.75

CODE_OF = re.compile(r"\{\{[ ]*code of ([^{}]+?)[ ]*\}\}")


def load(path: Path | str) -> Chat:
    """Read the chat file at `path` and its bot; raise `FileError` with every fault in both."""
    check_type("load(path)", path, (str, PathLike), "the path of a chat file")
    return _chat(documents.read(Path(path)))


def parse(text: str, file: str) -> Chat:
    """Read a chat from YAML text; `file` is where it stands, for messages and to find the bot. Raises `FileError`."""
    return _chat(documents.parse(text, file))


def _chat(document: Document) -> Chat:
    document.must_be("chat")
    tree = as_map(document.tree)
    amiss = dict(misplaced(document))
    faults = [*amiss.items(), *(fault for fault in document.breaches("chat") if fault[0] not in amiss)]
    bot = _bot(document, as_text(tree.get("bot")), faults) if as_text(tree.get("bot")) else None
    faults.extend(_faults(document, bot))
    faults.extend(_impossible(document))
    if faults or bot is None:
        raise FileError(f"{place}: {message}" if place else message for place, message in documents.in_order(faults))
    conversations = tuple(
        _conversation(document, name, content) for name, content in as_map(tree["conversations"]).items()
    )
    return Chat(file=document.file, bot=bot, conversations=conversations)


def _bot(document: Document, named: str, faults: list[tuple[str, str]]) -> bots.Bot | None:
    path = Path(document.file).parent / named
    if not path.is_file():
        faults.append(
            (
                document.where("bot", value=True),
                f"There is no bot file {str(path)!r}. {near_bot(Path(document.file).parent, path)}",
            )
        )
        return None
    try:
        return bots.load(path)
    except FileError as error:
        faults.extend(("", fault) for fault in error.faults)
        return None


def _long(content: Tree) -> tuple[list[Tree], dict[str, Tree], tuple[Key, ...]]:
    """Return the steps, the settings of the long form, and the path from the conversation to its steps."""
    if isinstance(content, dict):
        return as_list(content.get("steps")), content, ("steps",)
    return as_list(content), {}, ()


def _faults(document: Document, bot: bots.Bot | None) -> Iterator[tuple[str, str]]:
    for name, content in as_map(as_map(document.tree).get("conversations")).items():
        steps, settings, inside = _long(content)
        path = ("conversations", name)
        if isinstance(settings.get("profile"), str):
            try:
                profile.find(as_text(settings["profile"]))
            except OtpError as error:
                yield document.where(*path, "profile", value=True), str(error)
        contacts = {USER, *(as_text(as_map(step)["as"]) for step in steps if "as" in as_map(step))}
        left_over = as_map(settings.get("attributes"))
        if bot is not None and left_over:
            yield from _left_over_faults(document, (*path, "attributes"), frozenset(left_over), bot.saved | bot.read)
        attributes = None if bot is None else bot.saved | left_over.keys()
        for index, step in enumerate(steps):
            here = (*path, *inside, index)
            yield from _step_faults(document, here, as_map(step), bot)
            for kind in ("user", "during_delay"):
                yield from _typed_faults(document, (*here, kind), as_text(as_map(step).get(kind)), contacts, attributes)
            for wanted in as_map(as_map(as_map(step).get("expect")).get("attributes")):
                if attributes is not None and wanted not in attributes:
                    yield document.unknown("attribute", wanted, attributes, *here, "expect", "attributes", wanted)


def _left_over_faults(
    document: Document, path: tuple[Key, ...], given: frozenset[str], known: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Yield the names that are nearly one of the bot's; others may be left over, and mean nothing to it."""
    for name in sorted(filter(ATTRIBUTE.fullmatch, given - known)):
        if get_close_matches(name, known - given, n=1, cutoff=LIKE_ATTRIBUTE):
            yield document.unknown("attribute", name, known, *path, name)


def _typed_faults(
    document: Document, path: tuple[Key, ...], text: str, contacts: set[str], attributes: frozenset[str] | None
) -> Iterator[tuple[str, str]]:
    for wanted in CODE_OF.findall(text):
        if wanted not in contacts:
            yield document.unknown("contact", wanted, contacts, *path)
    for found in STAND_IN.finditer(text):
        near = _nearest(found[1])
        if near is not None and found[1] not in (attributes or ()):
            told = f"Nothing is filled in for {found[0]!r}. Did you mean {near!r}? Known: {', '.join(STAND_INS)}."
            yield document.where(*path, value=True), told


def _nearest(name: str) -> str | None:
    """Return the stand-in that somebody who wrote `{{name}}` will have meant; None where it is one, or like none."""
    plain = "_".join(name.lower().replace("-", " ").split())
    if name in ("code", "previous_code") or CODE_OF.fullmatch(f"{{{{{name}}}}}"):
        return None
    if plain.startswith(("code_of", "code_for")):
        return STAND_INS[2]
    near = get_close_matches(plain, ("code", "previous_code"), n=1, cutoff=LIKE_CODE)
    return f"{{{{{near[0]}}}}}" if near else None


def _step_faults(
    document: Document, path: tuple[Key, ...], step: dict[str, Tree], bot: bots.Bot | None
) -> Iterator[tuple[str, str]]:
    for how in ("matches", "never"):
        pattern = as_map(step.get("bot")).get(how)
        if isinstance(pattern, str):
            try:
                re.compile(pattern)
            except re.error as error:
                yield document.where(*path, "bot", how, value=True), f"Not a regular expression: {error}."
    for api in as_map(as_map(step.get("expect")).get("calls")):
        if bot is not None and api not in bot.apis:
            yield document.unknown("api", api, bot.apis, *path, "expect", "calls", api)


def _impossible(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the faults that no service could carry out; what is wrong with their shape, the contract has told."""
    wrong = [fault.path for fault in contracts.check("chat", document.tree)]
    for name, content in as_map(as_map(document.tree).get("conversations")).items():
        steps, _, inside = _long(content)
        for index, step in enumerate(steps):
            path = ("conversations", name, *inside, index, "fault")
            if "fault" not in as_map(step) or any(known[: len(path)] == path for known in wrong):
                continue
            try:
                _inject(as_map(as_map(step)["fault"]))
            except FaultError as error:
                yield document.where(*path), str(error)


def _conversation(document: Document, name: str, content: Tree) -> Conversation:
    steps, settings, inside = _long(content)
    path = ("conversations", name, *inside)
    seed = as_text(settings.get("seed"))
    return Conversation(
        name=name,
        place=f"{document.file}:{document.line('conversations', name)}",
        steps=tuple(_step(f"{document.file}:{document.line(*path, index)}", step) for index, step in enumerate(steps)),
        profile=as_text(settings.get("profile")) or None,
        seed=int(seed) if seed else None,
        cassette=as_text(settings.get("cassette")) or None,
        while_offered=as_text(settings.get("while_offered")) == "true",
        attributes=tuple((key, as_text(text)) for key, text in as_map(settings.get("attributes")).items()),
    )


def _step(place: str, tree: Tree) -> Step:
    ((kind, value),) = as_map(tree).items()
    return _STEPS[kind](place, value)


def _said(place: str, value: Tree) -> Step:
    if isinstance(value, str):
        return Bot(place=place, how="equals", text=value)
    ((how, text),) = as_map(value).items()
    return Bot(place=place, how=how, text=as_text(text))


def _expect(place: str, value: Tree) -> Step:
    tree = as_map(value)
    return Expect(
        place=place,
        verified={"true": True, "false": False}.get(as_text(tree.get("verified"))),
        ended=as_text(tree.get("ended")) or None,
        sms=int(as_text(tree["sms"])) if "sms" in tree else None,
        elapsed=float(as_text(tree["elapsed"])) if "elapsed" in tree else None,
        elapsed_at_least=float(as_text(tree["elapsed_at_least"])) if "elapsed_at_least" in tree else None,
        calls=tuple((api, int(as_text(count))) for api, count in as_map(tree.get("calls")).items()),
        attributes=tuple((name, as_text(text)) for name, text in as_map(tree.get("attributes")).items()),
    )


_STEPS: dict[str, Callable[[str, Tree], Step]] = {
    "user": lambda place, value: User(place=place, text=as_text(value)),
    "during_delay": lambda place, value: Early(place=place, text=as_text(value)),
    "bot": _said,
    "wait": lambda place, value: Wait(place=place, seconds=int(as_text(value))),
    "do": lambda place, value: Do(place=place, action=as_text(value)),
    "as": lambda place, value: Speaker(place=place, name=as_text(value)),
    "fault": lambda place, value: Inject(place=place, faults=_inject(as_map(value))),
    "expect": _expect,
}

_NUMBERS = ("status", "code", "delay", "nth", "times", "seed")
_FLAGS = ("timeout", "reset", "lost", "malformed", "empty", "huge", "wrong_type", "slow")


def _inject(tree: dict[str, Tree]) -> tuple[Fault, ...]:
    return tuple(
        Fault.of(service, operation, _fault(value))
        for service, operations in tree.items()
        for operation, value in as_map(operations).items()
    )


def _fault(value: Tree) -> object:
    if isinstance(value, str):
        return int(value)
    told: dict[str, object] = {}
    for key, text in as_map(value).items():
        if key in _NUMBERS:
            told[key] = int(as_text(text))
        elif key in _FLAGS:
            told[key] = as_text(text) == "true"
        else:
            told[key] = float(as_text(text)) if key == "share" else as_text(text)
    return told
