"""What BotPenguin leaves open, as named choices, each with its provenance."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.errors import ProfileError, check_type, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEFAULT", "FIELDS", "PROFILES", "Answer", "Profile", "Provenance", "find", "from_json", "to_json"]

FORMAT = "botpenguin-otp/profile@1"
DEFAULT = "mismatch-400"
MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a choice is known: `documented`, `observed`, `recorded` or `assumed`; by which source, and since when."""

    kind: str = "assumed"
    source: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the OTP service: an HTTP status, and JSON text with places for code, message and status.

    `"{{code}}"` with its quotes becomes the code as the profile types it; `{{message}}` becomes text inside a string;
    `"{{status}}"` becomes the status as a number.
    """

    status: int
    body: str

    def render(self, *, code: str = "", number: bool = False, message: str = "") -> bytes:
        """Return the body with its places filled; `number` gives the code as a JSON number, so zeros in front go."""
        text = self.body
        if "{{status}}" in text:
            text = text.replace('"{{status}}"', str(self.status))
        if "{{code}}" in text:
            told = str(int(code)) if number and code else json.dumps(code)
            text = text.replace('"{{code}}"', told).replace("{{code}}", code)
        if "{{message}}" in text:
            text = text.replace("{{message}}", json.dumps(message)[1:-1])
        return text.encode()


def _answer(status: int, body: object) -> Answer:
    return Answer(status, json.dumps(body, ensure_ascii=False))


def _envelope(status: int, *, success: bool, data: object = None) -> Answer:
    told = {"success": success, "message": "" if success else "{{message}}"}
    return _answer(status, told | ({} if data is None else {"data": data}) | {"code": "{{status}}"})


def _status_envelope(status: int, *, success: bool, data: object = None) -> Answer:
    told = {"status": "success" if success else "error", "message": "{{message}}"}
    return _answer(status, told | ({} if data is None else {"data": data}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Every undocumented choice of BotPenguin as one frozen value; `FIELDS` says what each field means.

    `honest` marks a profile under which a sound bot can work: the code comes as text, bodies are escaped, success is
    told by the status or by the mapped flag.
    """

    name: str
    summary: str
    honest: bool
    send_ok: Answer
    send_refused: Answer
    verify_ok: Answer
    verify_mismatch: Answer
    bad_request: Answer
    unauthorized: Answer
    not_found: Answer
    code_path: str = "data.otp"
    code_type: str = "text"
    code_length: int = 6
    flag_path: str = "success"
    flag_ok: str = "true"
    flag_mismatch: str = "false"
    comparison: str = "nonempty-text"
    missing_path: str = "unset"
    saves_when: str = "always"
    phone_rendering: str = "e164"
    unset_rendering: str = ""
    unset_in_message: str = ""
    body_rendering: str = "escaped"
    references: str = "once"
    early_answer: str = "dropped"
    restart_attributes: str = "kept"
    numeric_storage: str = "text"
    authorization: str = "any-scheme"
    default_error: str = "Please enter a valid answer."
    sms_text: str = "Your verification code is {code}."
    timeout_s: int = 30
    provenance: tuple[tuple[str, Provenance], ...] = field(default=(), repr=False)

    def how_known(self, name: str) -> Provenance:
        """Return the provenance of the field `name`: this profile's own, else that of the shared table."""
        return dict(self.provenance).get(name) or FIELDS[name][1]


def _guess(source: str) -> Provenance:
    return Provenance(source=source, date="2026-11-22")


def _seen(source: str) -> Provenance:
    return Provenance(kind="observed", source=source, date="2026-11-22")


OTHER_ENDPOINTS = "No response of the two OTP endpoints is published; other endpoints of the same host answer so."
NOBODY_SAYS = "No page found says; your flow relies on it."

FIELDS: Mapping[str, tuple[str, Provenance]] = {
    "send_ok": ("what Send OTP answers when the SMS is on its way", _guess(OTHER_ENDPOINTS)),
    "send_refused": ("what Send OTP answers when Twilio refuses", _guess("No error body is published.")),
    "verify_ok": ("what Verify OTP answers when the codes are the same", _guess(OTHER_ENDPOINTS)),
    "verify_mismatch": ("what Verify OTP answers when they are not", _guess("The guide names no code for a mismatch.")),
    "bad_request": ("what a body that breaks the contract gets", _guess("400 is named, its body is not published.")),
    "unauthorized": ("what a missing or wrong Authorization gets", _guess("401 is named, its body is not published.")),
    "not_found": ("what an unknown path or method gets", _guess(NOBODY_SAYS)),
    "code_path": (
        "where in Send OTP's answer the code is",
        _guess("The guide has a response saved to store 'the verification status or OTP code'; the path is open."),
    ),
    "code_type": ("whether the code comes as JSON text or number", _guess(NOBODY_SAYS)),
    "code_length": ("how many digits a code has", _guess("Six is the least that NIST SP 800-63B-4 3.1.3.2 allows.")),
    "flag_path": ("where in an answer success is told", _guess("`success` on other endpoints of the same host.")),
    "flag_ok": ("the text of that flag for yes", _guess("`true` on other endpoints of the same host.")),
    "flag_mismatch": ("the text of that flag for no", _guess(NOBODY_SAYS)),
    "comparison": ("how the two codes are compared", _guess("The request names two fields and nothing else.")),
    "missing_path": ("what an attribute becomes when its path is missing from the response", _guess(NOBODY_SAYS)),
    "saves_when": ("whether a response is saved to attributes after an error status too", _guess(NOBODY_SAYS)),
    "phone_rendering": (
        "how the phone attribute is written into a body",
        _seen("Contacts hold number and prefix apart; prefixes come with and without a plus."),
    ),
    "unset_rendering": (
        "what an unset attribute becomes inside a body",
        _seen("One integrator's backend guards against {}, null and blanks."),
    ),
    "unset_in_message": ("what an unset attribute becomes in a message", _guess(NOBODY_SAYS)),
    "body_rendering": ("whether text is escaped when it is put into a JSON body", _guess(NOBODY_SAYS)),
    "references": ("whether a typed {{reference}} is expanded again", _guess(NOBODY_SAYS)),
    "early_answer": ("what becomes of an answer typed during a delay", _guess(NOBODY_SAYS)),
    "restart_attributes": (
        "whether attributes outlive a chat that is begun anew",
        _seen("One integrator warns that old values leak into the next chat."),
    ),
    "numeric_storage": ("how a Numeric Input is kept", _guess(NOBODY_SAYS)),
    "authorization": (
        "which forms of the Authorization header are taken",
        _guess("The guide says 'your token or key'."),
    ),
    "default_error": ("what is said to an invalid answer when the bot has no error message", _guess(NOBODY_SAYS)),
    "sms_text": ("the text of the SMS", _guess(NOBODY_SAYS)),
    "timeout_s": ("after how many seconds a call without an answer is given up", _guess(NOBODY_SAYS)),
}
"""Each field: what it means, and how its default is known."""

MISMATCH_400 = Profile(
    name="mismatch-400",
    summary="a wrong code gets 400 and success: false (the default)",
    honest=True,
    send_ok=_envelope(200, success=True, data={"otp": "{{code}}"}),
    send_refused=_envelope(400, success=False),
    verify_ok=_envelope(200, success=True),
    verify_mismatch=_envelope(400, success=False),
    bad_request=_envelope(400, success=False),
    unauthorized=_envelope(401, success=False),
    not_found=_envelope(404, success=False),
)

PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        MISMATCH_400,
        replace(
            MISMATCH_400,
            name="mismatch-200",
            summary="a wrong code gets 200 and success: false",
            verify_mismatch=_envelope(200, success=False),
        ),
        replace(
            MISMATCH_400,
            name="status-envelope",
            summary='answers are {"status": "success" or "error", "message": ...}',
            send_ok=_status_envelope(200, success=True, data={"otp": "{{code}}"}),
            send_refused=_status_envelope(400, success=False),
            verify_ok=_status_envelope(200, success=True),
            verify_mismatch=_status_envelope(400, success=False),
            bad_request=_status_envelope(400, success=False),
            unauthorized=_status_envelope(401, success=False),
            not_found=_status_envelope(404, success=False),
            flag_path="status",
            flag_ok="success",
            flag_mismatch="error",
            provenance=(
                ("send_ok", Provenance(kind="assumed", source="The import endpoint of the same host answers so.")),
            ),
        ),
        replace(
            MISMATCH_400,
            name="numeric-code",
            summary="the code comes as a JSON number, so zeros in front are lost",
            honest=False,
            code_type="number",
            numeric_storage="number",
        ),
        replace(
            MISMATCH_400,
            name="pessimist",
            summary="says yes whenever both texts are equal, empty included; pastes text unescaped",
            honest=False,
            comparison="any-text",
            unset_rendering="{}",
            body_rendering="pasted",
            references="recursive",
            early_answer="kept",
        ),
    )
}
"""The shipped profiles, by name."""


def find(name: str) -> Profile:
    """Return a shipped profile by its name, or read one from the JSON file at the path `name`.

    Raises `ProfileError` for a name that is neither, and for a file that breaks the contract `profile` or is larger
    than 1 MB.
    """
    check_type("find(name)", name, str, "the name of a profile, or the path of one in JSON")
    if name in PROFILES:
        return PROFILES[name]
    path = Path(name)
    if not path.is_file():
        raise ProfileError.unknown(name, PROFILES)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        data = json.loads(content.decode()) if len(content) <= MAX_BYTES else None
    except (ValueError, OSError) as error:
        raise ProfileError(f"{name}: this is no profile in JSON: {error}") from error
    except RecursionError as error:
        raise ProfileError(f"{name}: nested too deep; a profile never is.") from error
    if len(content) > MAX_BYTES:
        raise ProfileError(f"{name}: larger than {MAX_BYTES // 1000} kB; a profile is never that large.")
    try:
        return from_json(data)
    except ProfileError as error:
        raise ProfileError("\n".join(f"{name}: {line}" for line in str(error).splitlines())) from None


def to_json(profile: Profile) -> dict[str, object]:
    """Return the JSON form of a profile, as the contract `profile` describes it."""
    told: dict[str, object] = {}
    for name in FIELDS:
        value = getattr(profile, name)
        known = profile.how_known(name)
        shown = {"status": value.status, "body": json.loads(value.body)} if isinstance(value, Answer) else value
        dated = {} if known.date is None else {"date": known.date}
        told[name] = {"value": shown, "provenance": known.kind, "source": known.source} | dated
    return {
        "format": FORMAT,
        "name": profile.name,
        "summary": profile.summary,
        "honest": profile.honest,
        "fields": told,
    }


def from_json(data: object) -> Profile:
    """Read the JSON form of a profile; raise `ProfileError` with every fault in it."""
    faults = contracts.check("profile", data)
    if faults or not isinstance(data, dict):
        told = (
            f"{fault} {did_you_mean(fault.key or '', fault.known) if fault.known else ''}".rstrip() for fault in faults
        )
        raise ProfileError("\n".join(told))
    told = data["fields"]
    plain: dict[str, object] = {"name": data["name"], "summary": data["summary"], "honest": data["honest"]}
    for name, entry in told.items():
        value = entry["value"]
        plain[name] = _answer(value["status"], value["body"]) if isinstance(value, dict) else value
    sources = tuple(
        (name, Provenance(kind=entry["provenance"], source=entry["source"], date=entry.get("date")))
        for name, entry in told.items()
    )
    return Profile(**plain, provenance=sources)  # type: ignore[arg-type]  # the contract has checked every type
