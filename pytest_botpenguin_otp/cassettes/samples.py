"""What recordings and pasted answers show, one sample an answer: which of a profile's answers it is, and how known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.cassettes.errors import CassetteError
from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange
from pytest_botpenguin_otp.cassettes.parts import dissect, endpoint
from pytest_botpenguin_otp.cassettes.pasting import mistake
from pytest_botpenguin_otp.cassettes.reading import scrubbed
from pytest_botpenguin_otp.cassettes.spellings import alike
from pytest_botpenguin_otp.cassettes.templates import (
    CODE_KEY,
    candidates,
    denies,
    find_code,
    place_of,
    text_of,
    tree_of,
)
from pytest_botpenguin_otp.profile import Provenance
from pytest_botpenguin_otp.wire import JSON, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet
    from datetime import date

    from pytest_botpenguin_otp.cassettes.templates import Path, Tree

__all__ = ["AMBIGUOUS", "GUESS", "NOT_REFUSED", "OPERATIONS", "Sample", "pasted", "samples"]

OPERATIONS = ("send", "verify")
ERROR = 400
UNAUTHORIZED = 401
TOO_MANY = 429
SERVER_ERROR = 500
AMBIGUOUS = "which value is the code cannot be told"
NOT_REFUSED = "a code that differs was not plainly refused, and no answer to the right code shows what a yes is"
GUESS = "by the only number in it that may be a code"
REFUSED = "the right code was refused: it had expired, was used up, or is not what is compared"
URL = "https://api.v7.botpenguin.com"
ASKED = {
    "send": (
        "/integrations/custom-feature/send-otp-sms",
        b'{"accountSID": "", "authToken": "", "fromNumber": "", "toNumber": ""}',
    ),
    "verify": ("/integrations/custom-feature/verify-user-otp", b'{"systemOtp": "", "userOtp": ""}'),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One answer: which `answer` of a profile it is, None for none; `tree` is `NOT_JSON` where the body is none.

    `code` is where the code is in it, and the value there. `doubt` says why it teaches no such answer all the same.
    `authorization` is the form of the header that was sent (`bare`, `Bearer`, ...), None for a pasted answer, and
    `accepted` whether it was taken.
    """

    place: str
    answer: str | None
    status: int
    tree: Tree = field(repr=False)
    known: Provenance
    code: tuple[Path, object] | None = field(default=None, repr=False)
    doubt: str = ""
    authorization: str | None = None
    accepted: bool = False


def samples(cassette: Cassette) -> tuple[Sample, ...]:
    """Return what a scrubbed cassette shows of the two OTP endpoints; a fake's or a stranger's answer is `assumed`."""
    known = _known(cassette)
    trusted = {_sent(one) for one in cassette.exchanges if one.response.status != UNAUTHORIZED}
    used: set[str] = set()
    found: list[Sample] = []
    for number, exchange in reversed([*enumerate(cassette.exchanges)]):
        operation = endpoint(exchange.request)
        if operation not in OPERATIONS:
            continue
        tree = tree_of(exchange.response.body)
        status = exchange.response.status
        code = find_code(tree, status, used) if operation == "send" else None
        refused = code is None and (status >= ERROR or denies(tree))
        name = _field(operation, exchange, refused=refused, trusted=_sent(exchange) in trusted)
        sample = Sample(
            place=f"{cassette.file}: interaction {number + 1}",
            answer=name,
            status=status,
            tree=tree,
            known=known if code is None else _as_sure(known, code, used),
            code=code if name == "send_ok" else None,
            doubt=_doubt(name, status, tree, used) if code is None else "",
            authorization=dissect(exchange.request)[0].authorization,
            accepted=name != "unauthorized",
        )
        found.append(sample)
        if operation == "verify":
            used.add((_pair(exchange) or ("", ""))[0])
    return tuple(_settled(found[::-1]))


def pasted(body: bytes, file: str, operation: str, status: int, *, mismatch: bool, made: date) -> Sample:
    """Return what an answer that a person pasted shows; scrubbed first, so that nothing of it but its form stays.

    Raises `CassetteError` where nobody could say which answer it is, or where it is no JSON object or list.
    """
    name = _pasted_field(file, operation, status, mismatch=mismatch)
    wrong = mistake(body)
    if wrong is not None:
        raise CassetteError(f"{file}: {wrong}")
    path, asked = ASKED[operation]
    exchange = Exchange(
        request=Request(method="POST", url=URL + path, body=asked),
        response=Response(status=status, headers=(JSON,), body=body),
    )
    clean = scrubbed(Cassette(file=file, exchanges=(exchange,)), made=made).exchanges[0].response
    tree = tree_of(clean.body)
    source = f"{PurePath(file).name}, an answer pasted from BotPenguin"
    known = Provenance(kind="recorded", source=source, date=made.isoformat())
    code = find_code(tree, status, frozenset()) if name == "send_ok" else None
    if name == "verify_ok" and denies(tree):
        raise CassetteError(f"{file}: this answer says no: if the code was wrong, say --mismatch.")
    if name == "send_ok" and code is None and denies(tree):
        name = "send_refused"
    return Sample(
        place=file,
        answer=name,
        status=status,
        tree=tree,
        known=known if code is None else _as_sure(known, code, frozenset()),
        code=code,
        doubt=_doubt(name, status, tree, frozenset()) if name == "send_ok" and code is None else "",
    )


def _pasted_field(file: str, operation: str, status: int, *, mismatch: bool) -> str:
    if operation not in OPERATIONS:
        raise CassetteError(f"{file}: this is no cassette. A pasted answer needs --operation send or verify.")
    if mismatch:
        if operation == "send":
            raise CassetteError("--mismatch is the answer to a wrong code: it goes with --operation verify.")
        return "verify_mismatch"
    if status < ERROR:
        return f"{operation}_ok"
    if status == UNAUTHORIZED:
        return "unauthorized"
    if operation == "send":
        return "send_refused"
    raise CassetteError(f"{file}: a verify answer of {status}: if the code was wrong, say --mismatch.")


def _doubt(name: str | None, status: int, tree: Tree, used: AbstractSet[str]) -> str:
    """Say why an answer without a code in it is not surely the one that it looks like; blank where nothing is odd."""
    match name:
        case "send_ok":
            carried = place_of(tree, used)
            if carried is not None:
                return (
                    f"what is sent as systemOtp later stands at {carried} and is no code, and no profile can say that"
                )
            return AMBIGUOUS if candidates(tree, status) else ""
        case "verify_ok" if status >= ERROR or denies(tree):
            return REFUSED
        case "verify_mismatch" if status < ERROR and not denies(tree):
            return NOT_REFUSED
        case _:
            return ""


def _known(cassette: Cassette) -> Provenance:
    told = cassette.provenance
    name = PurePath(cassette.file).name
    if told is None:
        return Provenance(kind="assumed", source=f"{name}, which says nothing of where it comes from")
    day = told.made.isoformat()
    if told.real:
        return Provenance(kind="recorded", source=name, date=day)
    if told.kind == "recorded":
        what = "a fake" if told.target == "fake" else "an unknown target"
        return Provenance(kind="assumed", source=f"{name}, a recording of {what}", date=day)
    return Provenance(kind=told.kind, source=name, date=day)


def _as_sure(known: Provenance, code: tuple[Path, object], used: AbstractSet[str]) -> Provenance:
    """Return how an answer is known; it is `assumed` where its code is neither used later nor called like one."""
    path, value = code
    name = str(path[-1])
    named = CODE_KEY.fullmatch(name) is not None and name.lower() != "code"
    sure = named or text_of(value) in used
    return known if sure else replace(known, kind="assumed", source=f"{known.source}, {GUESS}")


def _sent(exchange: Exchange) -> str:
    return (exchange.request.header("authorization") or "").strip()


def _pair(exchange: Exchange) -> tuple[str, str] | None:
    """Return systemOtp and userOtp of a verify request that keeps its contract."""
    try:
        body = exchange.request.json()
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or contracts.check("botpenguin/verify-request", body):
        return None
    return body["systemOtp"], body["userOtp"]


def _field(operation: str, exchange: Exchange, *, refused: bool, trusted: bool) -> str | None:
    """Say which answer of a profile this is; None for what none of them tells: a rate limit, a server's error."""
    status = exchange.response.status
    if status >= ERROR and (not _sent(exchange) or (status == UNAUTHORIZED and not trusted)):
        return "unauthorized"
    if status >= ERROR and _breaks(operation, exchange):
        return "bad_request"
    if status == TOO_MANY:
        return None
    if operation == "send":
        return "send_refused" if refused else "send_ok"
    system, user = _pair(exchange) or ("", "")
    if status >= SERVER_ERROR or not (system or user):
        return None
    return _judged(system, user)


def _judged(system: str, user: str) -> str | None:
    """Say what Verify OTP was asked; None where it depends on what this service leaves out of account."""
    if system == user:
        return "verify_ok"
    return None if alike(system, user) else "verify_mismatch"


def _breaks(operation: str, exchange: Exchange) -> bool:
    try:
        body = exchange.request.json()
    except (ValueError, RecursionError):
        return True
    return bool(contracts.check(f"botpenguin/{operation}-request", body))


def _settled(found: list[Sample]) -> Iterator[Sample]:
    """Yield the samples, a send without a code as a refusal where another of the recording had one."""
    with_code = any(one.code is not None for one in found)
    for one in found:
        refused = one.answer == "send_ok" and one.code is None and with_code
        yield replace(one, answer="send_refused") if refused else one
