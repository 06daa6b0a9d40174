"""Strict replay: a request must be the recorded one up to a consistent renaming of its values."""

from __future__ import annotations

import json
import re
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from threading import Lock
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes.binding import Binding
from pytest_botpenguin_otp.cassettes.encodings import DEEPEST, JSON_STARTS, peeled
from pytest_botpenguin_otp.cassettes.errors import CassetteError, MissError
from pytest_botpenguin_otp.cassettes.names import is_number
from pytest_botpenguin_otp.cassettes.parts import BODIES, LITERALS, Shape, dissect, endpoint
from pytest_botpenguin_otp.cassettes.templates import NOT_JSON, is_flat_body, leaves, text_of, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange
    from pytest_botpenguin_otp.wire import Request, Response

__all__ = ["Replay"]

TOKEN = re.compile(r"\+?[0-9A-Za-z]+(?:[-_][0-9A-Za-z]+)*")
VALUE = re.compile(r"\+?[0-9]{4,15}|(?:[A-Z]{2})?[0-9a-f]{16,40}")
GLUED = re.compile(r"(?:[A-Z]{2})?(?:fa4e){3,}[0-9a-f]{4}|fake-(?:token-)?x*[0-9]+|(?<![0-9])[+]?[0-9]{4,15}(?![0-9])")
GROUPS = r"[+(]?[0-9]+(?:[ ().-]{1,3}[0-9]+)+(?![0-9A-Za-z%=_-])"
RUN = re.compile(rf"{GROUPS}|[A-Za-z0-9+/_%.~=-]+")
PART = re.compile(r"[^=/+.~]+={0,2}")
WORDS = {
    "method": "the method",
    "host": "the host",
    "path": "the path",
    "query": "the keys of the query",
    "authorization": "the form of Authorization",
    "content_type": "the media type",
    "body": "the body's keys and types",
    "scheme": "the scheme of the URL",
}
TYPED = "body.userOtp"
ERROR = 400
BLIND = (
    "its codes stand where no contract names them, so they were not kept, and a wrong one would be let in like the "
    "right one. Send them as systemOtp and userOtp in a JSON object"
)
NEVER = "Nothing went live: a replay never does."


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Taken:
    """A recorded exchange, taken apart; `number` counts from 1."""

    number: int
    exchange: Exchange
    shape: Shape
    slots: Mapping[str, str]

    @property
    def blind(self) -> bool:
        """Whether this may be a yes to a code that was not kept."""
        verify = endpoint(self.exchange.request) == "verify" and self.exchange.response.status < ERROR
        return verify and not _holds_codes(self.shape.body)

    @property
    def name(self) -> str:
        return f"interaction {self.number} (line {self.exchange.line}): {self.shape.method} {self.shape.path}"


class Replay:
    """A service that answers from a cassette, strictly, and from nowhere else.

    A request must have the method, host, path, keys, types and form of Authorization that were recorded, in the order
    in which requests of its shape were recorded. Its values may differ, but consistently: each recorded value stands
    for the first live one that it meets, for no other, and no two stand for the same one. Answers are told in the live
    values. Anything else raises `MissError`, an `AssertionError`. A cassette with a body that is nested beyond sense
    raises `CassetteError` at once.
    """

    def __init__(self, cassette: Cassette) -> None:
        _refuse_deep(cassette)
        self.cassette = cassette
        self._taken = [
            _Taken(number, exchange, *dissect(exchange.request))
            for number, exchange in enumerate(cassette.exchanges, 1)
        ]
        self._left: dict[Shape, deque[_Taken]] = {}
        for taken in self._taken:
            self._left.setdefault(taken.shape, deque()).append(taken)
        self._values = {value for taken in self._taken for value in taken.slots.values()}
        self._told = _first_told(self._taken)
        self._binding = Binding()
        self._done: set[int] = set()
        self._missed: list[str] = []
        self._one = Lock()

    def __repr__(self) -> str:
        return f"<replay of {self.cassette.file}, {self.played} of {len(self._taken)} played>"

    def __call__(self, request: Request) -> Response:
        """Answer as recorded; raise `MissError` where this request was not."""
        __tracebackhide__ = True
        shape, slots = dissect(request)
        with self._one:
            queue = self._left.get(shape)
            difference = self._difference(queue[0], slots) if queue else None
            if queue and difference is None:
                self._done.add(queue[0].number)
                return self._answer(queue.popleft().exchange)
        del slots
        told = self._miss(shape, queue[0] if queue else None, difference)
        self._missed.append(f"{request!r} was not recorded like this.\n{told}")
        raise MissError(f"{self.cassette.file}: {self._missed[-1]}\n{NEVER}")

    @property
    def played(self) -> int:
        """How many interactions have been played."""
        return len(self._done)

    @property
    def missed(self) -> tuple[str, ...]:
        """Tell every request so far that was not recorded, as its error did."""
        return tuple(self._missed)

    def unplayed(self) -> tuple[str, ...]:
        """Name every interaction that was not played, in the order of the file."""
        return tuple(taken.name for taken in self._unplayed())

    def typed(self) -> str | None:
        """Return the code that was typed for the next Verify OTP to be played, in live values; None where none was."""
        found = next((taken.slots[TYPED] for taken in self._unplayed() if TYPED in taken.slots), None)
        return None if found is None else self._binding.meant(found)

    def _unplayed(self) -> list[_Taken]:
        return sorted((taken for queue in self._left.values() for taken in queue), key=lambda taken: taken.number)

    def _difference(self, taken: _Taken, slots: Mapping[str, str]) -> str | None:
        if taken.blind:
            return BLIND
        for place, value in taken.slots.items():
            number = self._told.get(value)
            if number is not None and number not in self._done:
                return f"{place}: recorded was a value that interaction {number} had told before; make that call first"
        return self._binding.difference(taken.slots, slots, taken.number)

    def _miss(self, shape: Shape, nearest: _Taken | None, difference: str | None) -> str:
        if nearest is not None:
            return f"The nearest is {nearest.name}\nThe first difference: {difference}."
        alike = [taken for taken in self._taken if taken.shape == shape]
        if alike:
            often = "once, and was played" if len(alike) == 1 else f"{len(alike)} times, and was played as often"
            return f"It was recorded {often}; this is once more. Record the conversation again, or leave the call out."
        if not self._taken:
            return "The cassette holds no interaction at all."
        near = max(self._candidates(), key=lambda taken: _likeness(taken.shape, shape))
        return f"The nearest is {near.name}\nThe first difference: {_shape_difference(near.shape, shape)}."

    def _candidates(self) -> Iterator[_Taken]:
        left = [queue[0] for queue in self._left.values() if queue]
        yield from left or self._taken

    def _answer(self, exchange: Exchange) -> Response:
        """Return the recorded response in live values."""
        body = exchange.response.body
        if not body:
            return exchange.response
        text = body.decode()
        try:
            tree = json.loads(text)
        except (ValueError, RecursionError):
            return replace(exchange.response, body=self._text(text, DEEPEST).encode())
        told = self._tree(tree, DEEPEST)
        return exchange.response if told == tree else replace(exchange.response, body=_json(told))

    def _tree(self, tree: object, depth: int) -> object:
        match tree:
            case dict():
                return {self._text(key, depth): self._tree(value, depth) for key, value in tree.items()}
            case list():
                return [self._tree(value, depth) for value in tree]
            case str():
                return self._text(tree, depth)
            case bool() | None:
                return tree
            case _:
                shown = json.dumps(tree)
                live = self._text(shown, 0)
                return tree if live == shown else _number(live)

    def _text(self, text: str, depth: int) -> str:
        value = text in self._values and text not in LITERALS
        known = self._binding.live_of(text) if value else None
        if known is not None:
            return known
        told = self._inside(text, depth)
        if value and self._binding.live_of(text) is None:
            if told == text:
                return self._binding.of_answer(text)
            self._binding.add(text, told)
        return told

    def _inside(self, text: str, depth: int) -> str:
        if depth and text.startswith(JSON_STARTS):
            with suppress(ValueError, RecursionError):
                tree = json.loads(text)
                told = self._tree(tree, depth - 1)
                return text if told == tree else json.dumps(told, ensure_ascii=False)
        return RUN.sub(lambda found: self._run(found[0], depth), text)

    def _run(self, run: str, depth: int) -> str:
        """Return, in live values, a number in any spelling, or what has no blank in it, whatever encodes it."""
        opened = self._opened(run, depth)
        if opened is not None:
            return opened
        if is_number(run):
            return self._binding.respelled(run) or TOKEN.sub(lambda found: self._token(found[0]), run)
        if not run.isalnum():
            told = PART.sub(lambda found: self._opened(found[0], depth) or found[0], run)
            if told != run:
                return told
        return TOKEN.sub(lambda found: self._token(found[0]), run)

    def _opened(self, text: str, depth: int) -> str | None:
        found = peeled(text) if depth and self._binding.live_of(text) is None else None
        if found is None:
            return None
        told = self._text(found.inner, depth - 1)
        return None if told == found.inner else found.again(told)

    def _token(self, token: str) -> str:
        if VALUE.fullmatch(token):
            return self._binding.respelled(token) or self._binding.of_answer(token)
        told = (
            token if self._binding.live_of(token) is not None else GLUED.sub(lambda found: self._glued(found[0]), token)
        )
        return self._binding.of_answer(token) if told == token and token in self._values else told

    def _glued(self, text: str) -> str:
        known = text in self._values or self._binding.live_of(text) is not None
        return self._binding.respelled(text) or (self._binding.of_answer(text) if known else text)


def _first_told(every: Iterable[_Taken]) -> dict[str, int]:
    """Return, for each value that an answer tells before any request holds it, the number of that interaction."""
    met: dict[str, int | None] = {}
    for taken in every:
        for value in taken.slots.values():
            met.setdefault(value, None)
        tree = tree_of(taken.exchange.response.body)
        for _, told in () if tree is NOT_JSON else leaves(tree):
            met.setdefault(text_of(told), taken.number)
    return {value: number for value, number in met.items() if number is not None}


def _refuse_deep(cassette: Cassette) -> None:
    deep = [
        f"{cassette.file}:{exchange.line}: interaction {number}: an answer nested too deep; it is not played."
        for number, exchange in enumerate(cassette.exchanges, 1)
        if not is_flat_body(exchange.response.body)
    ]
    if deep:
        raise CassetteError("\n".join(deep))


def _holds_codes(body: str) -> bool:
    """Say whether both codes of a verify request are among its values, by the shape of its body."""
    try:
        tree = json.loads(body)
    except ValueError:
        return False
    return isinstance(tree, dict) and all(name in tree and _is_plain(tree[name]) for name in BODIES["verify"])


def _is_plain(value: object) -> bool:
    return all(map(_is_plain, value)) if isinstance(value, list) else not isinstance(value, dict)


def _json(tree: object) -> bytes:
    return json.dumps(tree, ensure_ascii=False).encode()


def _number(text: str) -> object:
    return int(text) if text.isascii() and text.isdecimal() else text


def _likeness(recorded: Shape, live: Shape) -> tuple[int, int]:
    same = [getattr(recorded, part.name) == getattr(live, part.name) for part in fields(Shape)]
    return sum(same[1:3]), sum(same)


def _shape_difference(recorded: Shape, live: Shape) -> str:
    for part in fields(Shape):
        wanted, given = getattr(recorded, part.name), getattr(live, part.name)
        if wanted != given:
            return f"{WORDS[part.name]}: recorded {_safe(wanted)}, now {_safe(given)}"
    return "none"  # pragma: no cover  # equal shapes are told apart by their values


def _safe(text: str) -> str:
    return text[:200] or "nothing"
