"""Cassettes as a person reads them, and what an audit found: lines, and the same as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from pytest_botpenguin_otp.cassettes.parts import dissect, endpoint
from pytest_botpenguin_otp.cassettes.templates import NOT_JSON, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_botpenguin_otp.cassettes.audit import Audited, Finding
    from pytest_botpenguin_otp.cassettes.learn import Learned
    from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["audit_json", "audit_lines", "audit_summary", "learned_lines", "show_json", "show_lines"]

SYSTEM, USER = "body.systemOtp", "body.userOtp"
SAME = {"True": "  (the same code twice)", "False": "  (two different codes)", "None": ""}
CALLED = {"send": "Send OTP", "verify": "Verify OTP", "twilio": "Twilio's Messages", None: "no contract covers it"}


def _origin(cassette: Cassette) -> str:
    told = cassette.provenance
    if told is None:
        return "says nothing of where it comes from"
    scrubber = f"scrubbed by {told.scrubber}" if told.scrubber else "not scrubbed"
    return f"{told.kind}, target {told.target}, {told.made.isoformat()}, contracts {told.contracts}, {scrubber}"


def audit_lines(audited: Iterable[Audited], orphans: Iterable[Finding]) -> Iterator[str]:
    """Yield a line for each cassette and one for each finding."""
    for one in audited:
        if one.foreign:
            yield f"{one.cassette.file}: not ours, since it holds none of our calls; searched for secrets only"
            yield from (f"  {finding}" for finding in one.findings)
            continue
        age = "age unknown" if one.age_days is None else f"{one.age_days} days old"
        count = len(one.cassette.exchanges)
        told = f"{one.cassette.file}: {_origin(one.cassette)}; {age}; {count} exchange{'' if count == 1 else 's'}"
        yield told if one.findings else f"{told}; nothing found"
        yield from (f"  {finding}" for finding in one.findings)
    yield from map(str, orphans)


def audit_summary(files: int, findings: int, faults: int) -> str:
    """Return the last line."""
    unread = f", {faults} could not be read" if faults else ""
    told = f"{files} cassette{'' if files == 1 else 's'}, {findings} finding{'' if findings == 1 else 's'}{unread}"
    return f"{told}."


def audit_json(audited: Iterable[Audited], findings: Sequence[Finding], faults: Sequence[str]) -> dict[str, object]:
    """Return an audit as JSON."""
    return {
        "cassettes": [
            {
                "file": one.cassette.file,
                "provenance": _provenance(one.cassette),
                "age_days": one.age_days,
                "exchanges": len(one.cassette.exchanges),
                "foreign": one.foreign,
            }
            for one in audited
        ],
        "findings": [
            {"file": one.file, "check": one.check, "place": one.place, "message": one.message} for one in findings
        ],
        "unreadable": list(faults),
    }


def _provenance(cassette: Cassette) -> dict[str, object] | None:
    told = cassette.provenance
    if told is None:
        return None
    return {
        "kind": told.kind,
        "target": told.target,
        "made": told.made.isoformat(),
        "contracts": told.contracts,
        "scrubber": told.scrubber,
        "source": told.source,
        "real": told.real,
    }


def show_lines(cassette: Cassette) -> Iterator[str]:
    """Yield a cassette as a person reads it; it must have been scrubbed."""
    yield f"{cassette.file}: {_origin(cassette)}"
    if cassette.provenance is not None and cassette.provenance.source:
        yield f"  {cassette.provenance.source}"
    for number, exchange in enumerate(cassette.exchanges, 1):
        told = _exchange(exchange)
        yield ""
        yield f"{number}. {told['method']} {told['host']}{told['path']} ({told['operation']})"
        yield f"   Authorization: {told['authorization']}"
        yield f"   asks     {told['request']}{SAME[str(told['same_code'])]}"
        yield f"   answers  {told['status']} {told['content_type'] or ''}".rstrip()
        yield from (f"            {line}" for line in str(told["shown"]).splitlines())


def show_json(cassette: Cassette) -> dict[str, object]:
    """Return what `show_lines` tells as JSON."""
    exchanges = [_exchange(exchange) for exchange in cassette.exchanges]
    for told in exchanges:
        del told["shown"]
    return {"file": cassette.file, "provenance": _provenance(cassette), "exchanges": exchanges}


def _exchange(exchange: Exchange) -> dict[str, object]:
    shape, values = dissect(exchange.request)
    body = tree_of(exchange.response.body)
    if body is NOT_JSON:
        body = exchange.response.body.decode("utf-8", "replace")
    shown = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, indent=2)
    return {
        "operation": CALLED[endpoint(exchange.request)],
        "method": shape.method,
        "host": shape.host,
        "path": shape.path + (f"?{shape.query}" if shape.query else ""),
        "authorization": shape.authorization,
        "request": unquote_plus(shape.body) if endpoint(exchange.request) == "twilio" else shape.body,
        "same_code": values[SYSTEM] == values[USER] if {SYSTEM, USER} <= values.keys() else None,
        "status": exchange.response.status,
        "content_type": exchange.response.header("content-type"),
        "body": body,
        "shown": shown,
    }


def learned_lines(learned: Learned, base: Profile) -> Iterator[str]:
    """Yield what was learned and how that is known, what contradicts, and what was not learned."""
    kinds = {learned.profile.how_known(name).kind for name in learned.learned}
    yield f"Learned: {', '.join(learned.learned) or 'nothing'}."
    if learned.learned and "recorded" not in kinds:
        yield "None of it counts as recorded: only a recording of the real service, or an answer pasted from it, does."
    yield from (f"Warning: {told}" for told in learned.warnings)
    yield from (f"Contradiction: {told} Not learned." for told in learned.contradictions)
    yield f"Not learned, so as {base.name} has it:"
    for name, reason in learned.missing.items():
        yield f"  {name} ({base.how_known(name).kind}): {reason}"
