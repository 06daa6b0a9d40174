"""From a bot file's tree to a `Bot`, once nothing is wrong with it."""

from __future__ import annotations

import json
from difflib import get_close_matches
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import documents, template
from pytest_botpenguin_otp.bot import hints, names
from pytest_botpenguin_otp.bot.model import (
    SEND_PATH,
    VERIFY_PATH,
    Api,
    ApiCall,
    Bot,
    Branch,
    Choice,
    Compare,
    Component,
    Condition,
    End,
    Group,
    IfElse,
    Ignored,
    Message,
    Option,
    Question,
    Redirect,
    Role,
)
from pytest_botpenguin_otp.documents import Document, Tree, as_list, as_map, as_text
from pytest_botpenguin_otp.errors import FileError, check_type
from pytest_botpenguin_otp.wire import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_botpenguin_otp.template import Template

__all__ = ["load", "parse"]

QUESTIONS = ("phone_number", "text_question", "numeric_input", "name", "email", "question")


def load(path: Path | str) -> Bot:
    """Read the bot file at `path`; raise `FileError` with every fault, each with `file:line:column`."""
    check_type("load(path)", path, (str, PathLike), "the path of a bot file")
    return _bot(documents.read(_there(Path(path))))


def _there(path: Path) -> Path:
    """Return `path`; where nothing is there, raise `FileError` with the nearest bot, and where it was looked for."""
    try:
        there = path.exists()
    except OSError:
        there = True  # what is wrong with it, reading tells
    if there:
        return path
    beside = sorted(str(found) for found in path.parent.glob("*.bot.yaml"))
    close = get_close_matches(str(path), beside, n=1, cutoff=0.8)
    near = f" Did you mean {close[0]!r}?" if close else ""
    looked = "" if path.is_absolute() else f" Paths begin at {Path.cwd()}, where this was started."
    raise FileError([f"{path}: there is no such file.{near}{looked}"])


def parse(text: str, file: str = "bot.yaml") -> Bot:
    """Read a bot from YAML text; `file` is what messages call it. Raises `FileError` as `load` does."""
    return _bot(documents.parse(text, file))


def _bot(document: Document) -> Bot:
    document.must_be("bot")
    amiss = dict(hints.meant(document))
    breaches = (fault for fault in document.breaches("bot") if fault[0] not in amiss)
    faults = [*amiss.items(), *breaches, *names.faults(document)]
    if faults:
        raise FileError(f"{place}: {message}" for place, message in documents.in_order(faults))
    tree = as_map(document.tree)
    flows = as_map(tree["flows"])
    components = {
        component.id: component
        for flow in flows
        for component in (_component(document, flow, name) for name in as_map(as_map(flows[flow])["components"]))
    }
    return Bot(
        name=as_text(tree["name"]),
        file=document.file,
        start=_start(flows, names.first_flow(flows)),
        apis=MappingProxyType({name: _api(document, name) for name in as_map(tree.get("apis"))}),
        components=MappingProxyType(components),
        protected=frozenset(
            known for wanted in as_list(tree.get("protected")) for known in names.matching(as_text(wanted), components)
        ),
        ignored=tuple(
            Ignored(as_text(as_map(item)["rule"]), as_text(as_map(item)["reason"]))
            for item in as_list(tree.get("ignore"))
        ),
    )


def _start(flows: dict[str, Tree], flow: str) -> str:
    return f"{flow}/{as_text(as_map(flows[flow])['start'])}"


def _api(document: Document, name: str) -> Api:
    tree = as_map(as_map(as_map(document.tree)["apis"])[name])
    url = as_text(tree["url"])
    body = tree.get("body")
    text = body if isinstance(body, str) or body is None else json.dumps(body, ensure_ascii=False)
    return Api(
        name=name,
        method=as_text(tree["method"]),
        url=template.parse(url, field="url"),
        params=_named(tree.get("params")),
        headers=_headers(as_map(tree.get("headers")), has_body=text is not None),
        body=None if text is None else template.parse(text, field="body"),
        save=tuple((attribute, as_text(path)) for attribute, path in as_map(tree.get("save")).items()),
        role=_role(as_text(tree.get("role")), url),
        place=f"{document.file}:{document.line('apis', name)}",
        lines=MappingProxyType(
            {path[2:]: line for path, (line, _) in document.keys.items() if path[:2] == ("apis", name)}
        ),
    )


def _named(tree: Tree) -> tuple[tuple[str, Template], ...]:
    return tuple((name, template.parse(as_text(text), field=name.lower())) for name, text in as_map(tree).items())


def _headers(tree: dict[str, Tree], *, has_body: bool) -> tuple[tuple[str, Template], ...]:
    typed = any(name.lower() == "content-type" for name in tree)
    return _named(tree if typed or not has_body else tree | {"Content-Type": "application/json"})


def _role(given: str, url: str) -> Role | None:
    path = Request(method="POST", url=url).path.rstrip("/")
    if given == "send" or (not given and path == SEND_PATH):
        return "send"
    if given == "verify" or (not given and path == VERIFY_PATH):
        return "verify"
    return None


class _Parts:
    """One component's tree, read part by part."""

    def __init__(self, document: Document, flow: str, name: str) -> None:
        self.document = document
        self.flow = flow
        self.flows = as_map(as_map(document.tree)["flows"])
        self.tree = as_map(as_map(as_map(self.flows[flow])["components"])[name])
        self.id = f"{flow}/{name}"
        self.place = f"{document.file}:{document.line('flows', flow, 'components', name)}"
        self.delay_ms = int(self.text("delay") or "0") * 1000

    def text(self, key: str) -> str:
        return as_text(self.tree.get(key))

    def template(self, key: str) -> Template:
        return template.parse(self.text(key), field=key)

    def maybe(self, key: str) -> Template | None:
        return self.template(key) if key in self.tree else None

    def flag(self, key: str) -> bool:
        return self.text(key) == "true"

    def next(self, name: Tree) -> str:
        return f"{self.flow}/{as_text(name)}"


def _component(document: Document, flow: str, name: str) -> Component:
    parts = _Parts(document, flow, name)
    kind = parts.text("type")
    return _question(parts, kind) if kind in QUESTIONS else _MAKERS[kind](parts)


def _message(parts: _Parts) -> Component:
    return Message(
        id=parts.id,
        place=parts.place,
        delay_ms=parts.delay_ms,
        message=parts.template("message"),
        next=parts.next(parts.tree["next"]),
    )


def _question(parts: _Parts, kind: str) -> Component:
    return Question(
        id=parts.id,
        place=parts.place,
        delay_ms=parts.delay_ms,
        kind=kind,
        message=parts.template("message"),
        save=parts.text("save"),
        next=parts.next(parts.tree["next"]),
        error_message=parts.maybe("error_message"),
        max_length=int(parts.text("max_length")) if "max_length" in parts.tree else None,
        skip_if_answered=parts.flag("skip_if_answered"),
        allow_skip=parts.flag("allow_skip"),
        allow_back=parts.flag("allow_back"),
        countries=tuple(as_text(country) for country in as_list(parts.tree.get("countries"))),
    )


def _choice(parts: _Parts) -> Component:
    options = (as_map(option) for option in as_list(parts.tree["options"]))
    return Choice(
        id=parts.id,
        place=parts.place,
        delay_ms=parts.delay_ms,
        message=parts.template("message"),
        options=tuple(Option(as_text(option["text"]), parts.next(option["next"])) for option in options),
        save=parts.text("save") or None,
    )


def _api_call(parts: _Parts) -> Component:
    responses = {code: parts.next(following) for code, following in as_map(parts.tree.get("responses")).items()}
    return ApiCall(
        id=parts.id,
        place=parts.place,
        delay_ms=parts.delay_ms,
        api=parts.text("api"),
        responses=MappingProxyType(responses),
    )


def _if_else(parts: _Parts) -> Component:
    branches = (as_map(branch) for branch in as_list(parts.tree["branches"]))
    return IfElse(
        id=parts.id,
        place=parts.place,
        delay_ms=parts.delay_ms,
        branches=tuple(Branch(_condition(as_map(branch["when"])), parts.next(branch["next"])) for branch in branches),
        otherwise=parts.next(parts.tree["otherwise"]),
    )


def _condition(tree: dict[str, Tree]) -> Condition:
    for kind in ("all", "any"):
        if kind in tree:
            return Group(kind, tuple(_condition(as_map(part)) for part in as_list(tree[kind])))
    operator = next(key for key in tree if key != "attribute")
    value = tree[operator]
    values = value if isinstance(value, list) else [value]
    return Compare(as_text(tree["attribute"]), operator, tuple(template.parse(as_text(text)) for text in values))


def _redirect(parts: _Parts) -> Component:
    flow = parts.text("flow")
    return Redirect(
        id=parts.id,
        place=parts.place,
        delay_ms=parts.delay_ms,
        message=parts.maybe("message"),
        flow=flow,
        next=_start(parts.flows, flow),
    )


def _end(parts: _Parts) -> Component:
    return End(
        id=parts.id,
        place=parts.place,
        delay_ms=parts.delay_ms,
        kind=parts.text("type"),
        message=parts.maybe("message"),
    )


_MAKERS: dict[str, Callable[[_Parts], Component]] = {
    "message": _message,
    "single_choice": _choice,
    "api": _api_call,
    "if_else": _if_else,
    "redirect": _redirect,
    "live_chat": _end,
    "end_chat": _end,
}
