"""Each recorded exchange held against its contract: a request that was taken, a success, an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.cassettes.likeness import differences
from pytest_botpenguin_otp.cassettes.parts import endpoint
from pytest_botpenguin_otp.wire import JSON, Response

if TYPE_CHECKING:
    from pytest_botpenguin_otp.cassettes.model import Exchange
    from pytest_botpenguin_otp.profile import Answer, Profile
    from pytest_botpenguin_otp.wire import Request

__all__ = ["breaches"]

ERROR = 400
NO_CONTENT = 204
ANSWERS = {
    "send": ("botpenguin/send-response", "botpenguin/send-response-number", "botpenguin/status-send-response"),
    "verify": ("botpenguin/verify-response", "botpenguin/status-verify-response"),
    "create": ("twilio/message",),
    "list": ("twilio/message-page",),
    "message": ("twilio/message",),
}
ERRORS = {
    "send": ("botpenguin/error-response", "botpenguin/status-error-response"),
    "verify": ("botpenguin/error-response", "botpenguin/status-error-response"),
}
PROFILED = {
    "send": ("send_ok", "send_refused", "bad_request", "unauthorized"),
    "verify": ("verify_ok", "verify_mismatch", "bad_request", "unauthorized"),
}
TWILIO_ERRORS = ("twilio/error",)


def breaches(exchange: Exchange, profile: Profile | None = None) -> tuple[str, ...]:
    """Return what breaks a contract, without a value of the exchange.

    Under a `profile`, an answer of the OTP service keeps its contract too where it is one of the profile's, by status,
    keys and types: no contract of ours can know the shape that a service of one's own has.

    An answer is to keep one of the contracts that there are for it; told is the one that it comes nearest to. A
    request may break its own where the answer is an error: it may have been made to get one.
    """
    operation = _operation(exchange.request)
    if operation is None:
        return (f"No contract covers {exchange.request.method} to this path.",)
    status = exchange.response.status
    asked = () if status >= ERROR else _request(exchange.request, operation)
    if profile is not None and any(_is(exchange.response, answer, profile) for answer in _answers(profile, operation)):
        return asked
    return (*asked, *_response(exchange.response, operation))


def _answers(profile: Profile, operation: str) -> tuple[Answer, ...]:
    return tuple(getattr(profile, name) for name in PROFILED.get(operation, ()))


def _is(response: Response, answer: Answer, profile: Profile) -> bool:
    code = "1" * profile.code_length
    body = answer.render(code=code, number=profile.code_type == "number", message="x")
    found = differences(response, Response(status=answer.status, headers=(JSON,), body=body))
    return not any(one.place == "HTTP status" or one.place.startswith("body") for one in found)


def _operation(request: Request) -> str | None:
    found = endpoint(request)
    if found != "twilio":
        return found
    if not request.path.endswith("/Messages.json"):
        return "message"
    return "create" if request.method == "POST" else "list"


def _request(request: Request, operation: str) -> tuple[str, ...]:
    if operation in ERRORS:
        headers = {name.lower(): value for name, value in request.headers}
        return (
            *_told("botpenguin/headers", headers),
            *_told(f"botpenguin/{operation}-request", _json(request)),
        )
    if operation != "create":
        return ()
    fields: dict[str, object] = {}
    for name, value in request.form():
        had = fields.get(name)
        fields[name] = value if had is None else [*(had if isinstance(had, list) else [had]), value]
    return _told("twilio/create-message", fields)


def _response(response: Response, operation: str) -> tuple[str, ...]:
    if response.status == NO_CONTENT:
        return ()
    errors = ERRORS.get(operation, TWILIO_ERRORS)
    tried = errors if response.status >= ERROR else ANSWERS[operation]
    body = _json(response)
    return min((_told(name, body) for name in tried), key=len)


def _told(name: str, instance: object) -> tuple[str, ...]:
    return tuple(f"breaks {name}: {fault}" for fault in contracts.check(name, instance))


def _json(message: Request | Response) -> object:
    try:
        return message.json()
    except (ValueError, RecursionError):
        return None
