"""What a bot is: APIs, flows of components, protected components; all frozen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Literal

from pytest_botpenguin_otp.template import Ref, Template, references

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "SEND_PATH",
    "VERIFY_PATH",
    "Api",
    "ApiCall",
    "Bot",
    "Branch",
    "Choice",
    "Compare",
    "Component",
    "Condition",
    "End",
    "Group",
    "IfElse",
    "Ignored",
    "Message",
    "Option",
    "Question",
    "Redirect",
    "Role",
]

Role = Literal["send", "verify"]

SENDER = re.compile(r'"fromNumber"\s*:\s*"(\+[1-9][0-9]{6,14})"')

SEND_PATH = "/integrations/custom-feature/send-otp-sms"
VERIFY_PATH = "/integrations/custom-feature/verify-user-otp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """An entry of Developers > Your APIs.

    `body` is JSON text with holes, or None; with one, `headers` hold a Content-Type, JSON where the file has none.
    `save` pairs an attribute with a dotted path into the response; `role` is given by the file, or known by the URL's
    path, or None. `lines` tells where its parts stand.
    """

    name: str
    method: str
    url: Template
    params: tuple[tuple[str, Template], ...] = ()
    headers: tuple[tuple[str, Template], ...] = ()
    body: Template | None = None
    save: tuple[tuple[str, str], ...] = ()
    role: Role | None = None
    place: str = ""
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict, repr=False, compare=False)

    def where(self, *keys: str) -> str:
        """Return `file:line` of a part of the entry, such as `save` and an attribute, or of what is around it."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return f"{self.place.rpartition(':')[0]}:{self.lines[keys]}" if keys else self.place

    def reads_at(self, attribute: str) -> str:
        """Return `file:line` of the part that reads an attribute first."""
        named: list[tuple[tuple[str, ...], Template]] = [(("params", name), text) for name, text in self.params]
        named += [(("headers", name), text) for name, text in self.headers]
        named += [(("body", part.field), (part,)) for part in self.body or () if isinstance(part, Ref)]
        reading = (keys for keys, text in named if attribute in references(text))
        return self.where(*next(reading, ("url",)))

    @property
    def reads(self) -> tuple[str, ...]:
        """The attributes that a call of this API reads, in order."""
        named = [template for _, template in (*self.params, *self.headers)]
        return tuple(name for part in (self.url, *named, self.body or ()) for name in references(part))


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One block of a flow; `id` is `flow/name`, `place` is `file:line`, `delay_ms` passes before it acts."""

    id: str
    place: str
    delay_ms: int = 0

    @property
    def name(self) -> str:
        """The component's own name, without its flow."""
        return self.id.partition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Component):
    """Shows a text and goes on."""

    message: Template
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Component):
    """Asks for one answer of `kind` (`phone_number`, `text_question`, ...) and saves it."""

    kind: str
    message: Template
    save: str
    next: str
    error_message: Template | None = None
    max_length: int | None = None
    skip_if_answered: bool = False
    allow_skip: bool = False
    allow_back: bool = False
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers of a single choice, and where it leads."""

    text: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Component):
    """Asks for one of at most five options."""

    message: Template
    options: tuple[Option, ...]
    save: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall(Component):
    """Calls an API; `responses` maps an exact code, `others` or `no_response` to the next component."""

    api: str
    responses: Mapping[str, str]

    def __hash__(self) -> int:
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison of an attribute; `values` holds one template, or several for `any_of` and `none_of`."""

    attribute: str
    operator: str
    values: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which `all` or `any` must hold."""

    kind: str
    conditions: tuple[Condition, ...]


Condition = Compare | Group


@dataclass(frozen=True, slots=True)
class Branch:
    """Where to go when a condition holds."""

    when: Condition
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IfElse(Component):
    """Goes to the first branch whose condition holds, else to `otherwise`."""

    branches: tuple[Branch, ...]
    otherwise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect(Component):
    """Goes on in another flow, at that flow's start (`next`)."""

    message: Template | None
    flow: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Component):
    """The end of the chat: `end_chat` or `live_chat`."""

    kind: str
    message: Template | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A rule that this bot switches off, and why."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A bot file; `components` by id in the file's order, `start` the id of the first component.

    The chat begins in the flow `main`, or in the only flow there is.
    """

    name: str
    file: str
    start: str
    apis: Mapping[str, Api]
    components: Mapping[str, Component]
    protected: frozenset[str] = frozenset()
    ignored: tuple[Ignored, ...] = ()
    senders: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The numbers (E.164) that the bot's send APIs name as their `fromNumber`."""
    served: tuple[tuple[str, Role], ...] = field(init=False, repr=False, compare=False)
    """The URLs of the APIs that have a role, as far as they are fixed, each with its role."""

    def __post_init__(self) -> None:
        """Read once what every chat with this bot asks for."""
        bodies = [part for api in self.apis.values() if api.role == "send" for part in api.body or ()]
        senders = [number for part in bodies for number in SENDER.findall(getattr(part, "text", ""))]
        served = [(_fixed(api.url), api.role) for api in self.apis.values() if api.role is not None]
        object.__setattr__(self, "senders", tuple(senders))
        object.__setattr__(self, "served", tuple([(url, role) for url, role in served if url]))

    def __hash__(self) -> int:
        return hash((self.file, self.name))

    @property
    def saved(self) -> frozenset[str]:
        """The attributes that a question, a choice or an API saves into."""
        asked = (part.save for part in self.components.values() if isinstance(part, Question | Choice))
        received = (attribute for api in self.apis.values() for attribute, _ in api.save)
        return frozenset(name for name in (*asked, *received) if name)

    @property
    def read(self) -> frozenset[str]:
        """The attributes that a text, a condition or an API of the bot reads."""
        return frozenset(_read((*self.components.values(), *self.apis.values())))

    @property
    def code_attribute(self) -> str | None:
        """The attribute that feeds `userOtp` of the verify API: the code question saves into it."""
        for api in self.apis.values():
            for part in (api.body or ()) if api.role == "verify" else ():
                if isinstance(part, Ref) and part.field == "userOtp":
                    return part.attribute
        return None


def _read(value: object) -> Iterator[str]:
    """Yield the attributes that templates and comparisons inside a value name."""
    if isinstance(value, Ref):
        yield value.attribute
    elif isinstance(value, Compare | Group | Branch | Component | Api):
        yield from (value.attribute,) if isinstance(value, Compare) else ()
        yield from _read(tuple(getattr(value, part.name) for part in fields(value)))
    elif isinstance(value, tuple):
        for one in value:
            yield from _read(one)


def _fixed(template: Template) -> str:
    return "".join(getattr(part, "text", "") for part in template)
