"""What is wrong with a cassette: secrets, age, provenance, contract, and whether any test names it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.botpenguin import TOKEN
from pytest_botpenguin_otp.cassettes.breaches import breaches
from pytest_botpenguin_otp.cassettes.encodings import peeled
from pytest_botpenguin_otp.cassettes.model import MOST_VALUES
from pytest_botpenguin_otp.cassettes.names import PUBLIC_NUMBERS, RESERVED, digits_of, is_fake, is_number
from pytest_botpenguin_otp.cassettes.parts import LITERALS, dissect, endpoint, rewrite, unnamed
from pytest_botpenguin_otp.cassettes.scan import scan
from pytest_botpenguin_otp.cassettes.scrub import SECRET_HEADER
from pytest_botpenguin_otp.cassettes.templates import CODE, CODE_KEY, leaves, tree_of
from pytest_botpenguin_otp.twilio.phones import MAGIC_FROM, NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange
    from pytest_botpenguin_otp.cassettes.reading import Source
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["Audited", "Finding", "audit", "exit_code", "secrets"]

CALLBACK = re.compile(r"https://callback-[0-9]+\.example\.invalid/")
CHECKED = {
    "auth": "authorization",
    "code": "one-time code",
    "id": "id",
    "phone": "phone number",
    "sid": "SID",
    "token": "token",
    "url": "URL",
}
"""The kinds of values that must be pseudonyms, as `parts.rewrite` names them, and how each is told."""
KEPT_HEADERS = ("authorization", "authtype")
BLAND = {"7"}
DIGITS = re.compile(r"[0-9]+")
OWN_NAMES = re.compile(r"\bword-[0-9]+\b|fake-(?:token-)?x*[0-9]+|(?:[A-Z]{2})?(?:fa4e){3,}[0-9a-f]{1,7}")
MASKED = re.compile(r"(?:(?:Bearer|Basic) )?(?:[A-Z_-]{1,24}|[a-z]{1,12}|[<\[({*].{0,40}[>\])}*]|.{0,5})")
"""What a person writes in place of a secret."""
OWN_WORDS = re.compile(r"\bfakes?\b|\bloopback\b", re.IGNORECASE)
NOBODYS = (".test", ".example", ".invalid", ".localhost", ".local")
MAGIC_SENDERS = {NUMBER, *MAGIC_FROM}
FINDING = 1
UNREADABLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong with a file: `check` is secret, age, provenance, contract or orphan; never a recorded value."""

    file: str
    check: str
    message: str
    place: str = ""

    def __str__(self) -> str:
        where = f"{self.file}: {self.place}" if self.place else self.file
        return f"{where}: {self.check}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What an audit made of one cassette; `age_days` is None where nothing says when it was made.

    A `foreign` one holds other calls than ours, of tests that use vcrpy as such: it is searched for secrets only.
    """

    cassette: Cassette
    age_days: int | None
    findings: tuple[Finding, ...]
    foreign: bool = False


def audit(source: Source, *, today: date, max_age: int | None = None, profile: Profile | None = None) -> Audited:
    """Hold a cassette against everything but the tests that name it; `max_age` in days, `today` in UTC.

    With a `profile`, its answers keep their contract too.
    """
    cassette = source.cassette
    told = cassette.provenance
    if told is None and cassette.exchanges and not any(endpoint(one.request) for one in cassette.exchanges):
        return Audited(cassette=cassette, age_days=None, findings=_foreign_secrets(source), foreign=True)
    age = None if told is None else (today - told.made).days
    findings = (
        *secrets(source),
        *_provenance(cassette, age),
        *_age(cassette, age, max_age),
        *_contract(cassette, profile),
    )
    return Audited(cassette=cassette, age_days=age, findings=findings)


def exit_code(findings: Iterable[Finding], faults: Iterable[str]) -> int:
    """Return 2 where a file could not be read, 1 where there is a finding, else 0."""
    return UNREADABLE if [*faults] else FINDING if [*findings] else 0


def secrets(source: Source) -> tuple[Finding, ...]:
    """Return every place of a cassette that holds, by its form or by its name, what must never be in a file."""
    cassette = source.cassette
    found = _by_form(source)
    if cassette.provenance is None or cassette.provenance.kind in ("recorded", "observed"):
        for number, exchange in enumerate(cassette.exchanges):
            at = f"interactions[{number}]"
            found.update(dict.fromkeys(_unmasked(exchange, at)))
    return _findings(cassette, found)


def _foreign_secrets(source: Source) -> tuple[Finding, ...]:
    """Return what is a secret by its form, and credentials in headers: what else other tests keep is theirs to know."""
    found = _by_form(source)
    for number, exchange in enumerate(source.cassette.exchanges):
        for where, headers in (("request", exchange.request.headers), ("response", exchange.response.headers)):
            secret = (text for name, text in headers if SECRET_HEADER.search(name) and not is_fake(text))
            if any(MASKED.fullmatch(text) is None for text in secret):
                found[f"interactions[{number}].{where}.headers", "a header that may hold a secret"] = None
    return _findings(source.cassette, found)


def _by_form(source: Source) -> dict[tuple[str, str], None]:
    try:
        return dict.fromkeys((one.place, one.kind) for one in scan(source.text, file=source.cassette.file))
    except RecursionError:
        return {("", "a text nested too deep to be searched"): None}


def _findings(cassette: Cassette, found: Iterable[tuple[str, str]]) -> tuple[Finding, ...]:
    return tuple(Finding(file=cassette.file, check="secret", place=place, message=kind) for place, kind in found)


def _unmasked(exchange: Exchange, at: str) -> Iterator[tuple[str, str]]:
    request = exchange.request
    found: list[tuple[str, str]] = []

    def note(kind: str, place: str, text: str) -> str:
        kind = kind.removesuffix(" number")
        if kind in CHECKED and not _is_pseudonym(kind, text):
            found.append((f"{at}.request.{place}", f"{CHECKED[kind]} that is no pseudonym"))
        return text

    rewrite(request, note)
    yield from found
    if any(unnamed(request)):
        yield f"{at}.request", "a value that no contract names"
    for where, headers in (("request", request.headers), ("response", exchange.response.headers)):
        secret = (name for name, _ in headers if SECRET_HEADER.search(name))
        if any(name.lower() not in KEPT_HEADERS for name in secret):
            yield f"{at}.{where}.headers", "a header that may hold a secret"
    if endpoint(request) != "twilio":
        yield from _codes(exchange, at)


def _codes(exchange: Exchange, at: str) -> Iterator[tuple[str, str]]:
    """Yield what is named like a code in an answer and has the form of one: no pattern finds bare digits elsewhere."""
    for path, value in leaves(tree_of(exchange.response.body)):
        named = isinstance(path[-1], str) and CODE_KEY.fullmatch(path[-1]) if path else None
        text = str(value)
        status = value == exchange.response.status
        if named and CODE.fullmatch(text) and not status and not _is_pseudonym("code", text):
            yield f"{at}.response.body", "one-time code that is no pseudonym"


def _is_pseudonym(kind: str, text: str) -> bool:
    match kind:
        case "code":
            return _is_code(text)
        case "phone":
            return text in PUBLIC_NUMBERS or _is_phone(digits_of(text))
        case "url":
            return CALLBACK.fullmatch(text) is not None
        case _:
            return text in LITERALS or is_fake(text)


def _is_code(text: str) -> bool:
    """Say whether each number in a text is a pseudonym, also where the text encodes another."""
    found = peeled(text)
    if found is not None and (not text.isdecimal() or (found.inner.isdecimal() and _is_code(found.inner))):
        return _is_code(found.inner)
    runs = [digits_of(text)] if is_number(text) else DIGITS.findall(OWN_NAMES.sub(" ", text))
    return all(not run or set(run) == BLAND or _in_series(run) or _is_phone(run) for run in runs)


def _is_phone(digits: str) -> bool:
    """Say whether a number is reserved, after `00` or `0`, with or without its country."""
    bare = digits.removeprefix("00").removeprefix("0")
    return set(digits) <= BLAND or any(RESERVED.fullmatch(one) for one in (bare, f"1{bare}", f"44{bare}"))


def _in_series(digits: str) -> bool:
    least = 0 if digits[0] == "0" else 10 ** (len(digits) - 1)
    return least <= int(digits) <= least + min(MOST_VALUES, max(least // 10, 99))


def _provenance(cassette: Cassette, age: int | None) -> Iterator[Finding]:
    told = cassette.provenance

    def finding(message: str) -> Finding:
        return Finding(file=cassette.file, check="provenance", message=message)

    if told is None:
        yield finding("it says nothing of where it comes from. Record it anew, or: botpenguin-otp cassettes scrub FILE")
        return
    if age is not None and age < 0:
        yield finding("it was made on a day that has not come yet.")
    if told.kind == "recorded" and told.scrubber is None:
        yield finding("it was recorded and never scrubbed: botpenguin-otp cassettes scrub FILE")
    marks = tuple(dict.fromkeys(_marks(cassette))) if told.real else ()
    if marks:
        yield finding(f"it claims to be a recording of the real service, but {'; '.join(marks)}.")


def _marks(cassette: Cassette) -> Iterator[str]:
    """Yield what gives a fake away."""
    if cassette.provenance is not None and OWN_WORDS.search(cassette.provenance.source):
        yield "its source speaks of a fake"
    for exchange in cassette.exchanges:
        if _is_nobodys(exchange.request.address.host):
            yield "its host is nobody's"
        if TOKEN in (exchange.request.header("authorization") or ""):
            yield "its token is that of the fake"
        _, slots = dissect(exchange.request)
        if {slots.get("body.fromNumber"), slots.get("body.From")} & MAGIC_SENDERS:
            yield "its sender is a magic number of Twilio's, from which nothing real is sent"


def _is_nobodys(host: str) -> bool:
    name = host.rpartition(":")[0] if host.count(":") == 1 else host
    if name == "localhost" or name.endswith(NOBODYS):
        return True
    try:
        return not ip_address(name).is_global
    except ValueError:
        return False


def _age(cassette: Cassette, age: int | None, max_age: int | None) -> Iterator[Finding]:
    if max_age is not None and age is not None and age > max_age:
        yield Finding(file=cassette.file, check="age", message=f"{age} days old, more than {max_age}. Record it anew.")


def _contract(cassette: Cassette, profile: Profile | None) -> Iterator[Finding]:
    for number, exchange in enumerate(cassette.exchanges):
        for message in breaches(exchange, profile):
            yield Finding(file=cassette.file, check="contract", place=f"interactions[{number}]", message=message)
