"""Each recorded exchange held against its contract: a request that was taken, a success, an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.cassettes.parts import endpoint

if TYPE_CHECKING:
    from pytest_botpenguin_otp.cassettes.model import Exchange
    from pytest_botpenguin_otp.wire import Request, Response

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
TWILIO_ERRORS = ("twilio/error",)


def breaches(exchange: Exchange) -> tuple[str, ...]:
    """Return what breaks a contract, without a value of the exchange.

    An answer is to keep one of the contracts that there are for it; told is the one that it comes nearest to. A
    request may break its own where the answer is an error: it may have been made to get one.
    """
    operation = _operation(exchange.request)
    if operation is None:
        return (f"No contract covers {exchange.request.method} to this path.",)
    status = exchange.response.status
    asked = () if status >= ERROR else _request(exchange.request, operation)
    return (*asked, *_response(exchange.response, operation))


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
