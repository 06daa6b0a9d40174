"""Real exchanges in, a cassette out: the one point at which anything is scrubbed, by allow list.

What is kept. Of a request: method, host, the path's known words, the fields that a contract names, Authorization,
`authtype` and the media type. Of a response: the status, the media type and the body. Each value becomes a pseudonym;
a field that no contract names becomes `unnamed_1`, so that only the fact and its type remain. A response of the two OTP
endpoints keeps its JSON structure, since nobody knows their fields yet: keys that are plain identifiers, numbers below
1,000, statuses and known Twilio error codes, dates as their form, and the words of a list (`words.WORDS`). Everything
else in it becomes a pseudonym. A response of Twilio keeps the fields of Twilio's contracts.

A pseudonym keeps the length, the type and the leading zero. Only phone numbers cannot always: reserved for fiction are
+1 xxx 555 01xx (11 digits) and +44 7700 900xxx (12 digits), so a number of another length becomes the nearest of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp._version import __version__
from pytest_botpenguin_otp.cassettes.errors import CassetteError
from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange, Provenance, check_count
from pytest_botpenguin_otp.cassettes.names import PUBLIC_NUMBERS, Names, Seen, is_fake
from pytest_botpenguin_otp.cassettes.parts import endpoint, media_type, rewrite, unnamed
from pytest_botpenguin_otp.cassettes.texts import Texts
from pytest_botpenguin_otp.cassettes.words import WORDS
from pytest_botpenguin_otp.wire import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

__all__ = ["SECRET_HEADER", "Scrubbed", "Scrubber"]

SECRET_HEADER = re.compile(r"cookie|token|key|secret|auth|session|password|credential|csrf|signature", re.IGNORECASE)
GUESSED = frozenset(["field", "header", "word"])
"""The kinds of values of which nothing is known but where they stood."""
LEAST = 4
LEAST_DROPPED = 6
MOST_WALKS = 5
VERSION = contracts.BASE.rstrip("/").rpartition("/")[2]
PLAIN = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A cassette that may be written, and every sensitive value that it was made without."""

    cassette: Cassette
    seen: tuple[Seen, ...]


class Scrubber:
    """Scrubs exchanges; `known` are secrets of the run that may stand anywhere."""

    def __init__(self, known: Iterable[Seen] = ()) -> None:
        self._known = tuple(known)

    def scrub(
        self,
        exchanges: Iterable[tuple[Request, Response]],
        *,
        file: str,
        made: date,
        target: str,
        kind: str = "recorded",
        source: str = "",
    ) -> Scrubbed:
        """Return the exchanges with a pseudonym for each sensitive value.

        Raises `CassetteError` for an exchange that no contract covers.
        """
        real = tuple(exchanges)
        _refuse_foreign(real)
        names, told = self._settled(real)
        provenance = Provenance(
            kind=kind, target=target, made=made, contracts=VERSION, scrubber=__version__, source=source
        )
        seen = dict.fromkeys((*self._known, *names.seen, *_dropped(real)))
        check_count(len(seen))
        public = _public(told)
        return Scrubbed(
            Cassette(file=file, exchanges=told, provenance=provenance),
            tuple(one for one in seen if _sensitive(one) and not (one.kind in GUESSED and one.value in public)),
        )

    def _settled(self, real: tuple[tuple[Request, Response], ...]) -> tuple[Names, tuple[Exchange, ...]]:
        """Walk until nothing new comes to light: what one walk learns, the next finds in texts that came before."""
        met: dict[Seen, None] = {}
        for _ in range(MOST_WALKS):
            names = Names((*self._known, *met))
            told = tuple(Exchange(request=request, response=response) for request, response in _walk(real, names))
            fresh = [seen for seen in names.seen if seen not in met]
            if not fresh:
                break
            met.update(dict.fromkeys(fresh))
        return names, told


def _refuse_foreign(real: tuple[tuple[Request, Response], ...]) -> None:
    foreign = [
        f"interaction {number}: {request.method} to {request.host} is none of Send OTP, Verify OTP, Twilio's Messages"
        for number, (request, _) in enumerate(real, 1)
        if endpoint(request) is None
    ]
    if foreign:
        told = "\n".join(foreign)
        raise CassetteError(f"{told}\nOnly what a contract describes is kept; leave other calls out of the recording.")


def _walk(real: tuple[tuple[Request, Response], ...], names: Names) -> Iterator[tuple[Request, Response]]:
    texts = Texts(names)

    def rename(kind: str, place: str, text: str) -> str:
        del place
        return texts.field(kind, text)

    for request, response in real:
        asked = rewrite(request, rename)
        media = media_type(response.header("content-type"))
        headers = () if media is None else (("Content-Type", media),)
        body = texts.body(response.body, twilio=endpoint(request) == "twilio")
        yield asked, Response(status=response.status, headers=headers, body=body.encode())


def _dropped(real: tuple[tuple[Request, Response], ...]) -> Iterator[Seen]:
    """Yield what was left out and sounds secret: it must not have come in by another way."""
    for request, response in real:
        for name, text in (*request.headers, *response.headers):
            if SECRET_HEADER.search(name) and name.lower() != "authtype":
                yield from (Seen("header", part) for part in re.split(r"[;=, ]+", text) if len(part) >= LEAST_DROPPED)
        yield from (Seen("field", text) for text in unnamed(request) if len(text) >= LEAST_DROPPED)


def _public(told: tuple[Exchange, ...]) -> str:
    """Return what is kept of every exchange on purpose: an answer that repeats it, as error pages do, tells nothing."""
    requests = [exchange.request for exchange in told]
    headers = [header for exchange in told for header in (*exchange.request.headers, *exchange.response.headers)]
    return "\n".join(
        (
            *dict.fromkeys(request.url.partition("?")[0] for request in requests),
            *dict.fromkeys(name for name, _ in headers),
            *dict.fromkeys(text for name, text in headers if name == "Content-Type"),
        )
    )


def _sensitive(seen: Seen) -> bool:
    """Say whether a value must be looked for: not what is public, too short to be told apart, or a mere word."""
    text = seen.value
    if len(text) < LEAST or text in PUBLIC_NUMBERS or is_fake(text):
        return False
    return not (PLAIN.fullmatch(text) and (seen.kind in ("word", "header") or text.lower() in WORDS))
