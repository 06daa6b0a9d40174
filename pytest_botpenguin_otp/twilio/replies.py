"""Twilio's responses: the headers that a real one carries, JSON bodies, and the shape of an error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.twilio.errors import ERRORS, TwilioError
from pytest_botpenguin_otp.wire import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["encode", "error_reply", "reply", "unsupported"]

encode = json.JSONEncoder(ensure_ascii=False).encode

_ALLOWED = (
    "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since,"
    " Idempotency-Key"
)
_BEFORE = (("Content-Type", "application/json"), ("Twilio-Concurrent-Requests", "1"))
_AFTER = (
    ("Twilio-Request-Duration", "0.143"),
    ("X-Home-Region", "us1"),
    ("X-Api-Domain", "api.twilio.com"),
    ("X-Powered-By", "AT-5000"),
    ("X-Shenanigans", "none"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Headers", _ALLOWED),
    ("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS"),
    ("Access-Control-Expose-Headers", "ETag"),
    ("Access-Control-Allow-Credentials", "true"),
)
MORE_INFO = "https://www.twilio.com/docs/errors/"


def reply(status: int, value: object, *, request_id: str) -> Response:
    """Return `value` as JSON (None: no body) with the headers of a recorded answer; `request_id` is `RQ` + 32 hex."""
    headers = (*_BEFORE, ("Twilio-Request-Id", request_id), *_AFTER)
    return Response(status=status, headers=headers, body=b"" if value is None else encode(value).encode())


def error_reply(
    error: TwilioError | int, values: Mapping[str, object], *, request_id: str, status: int | None = None
) -> Response:
    """Return an error in Twilio's shape: exactly `code`, `message`, `more_info` and `status`.

    More keys would not be read as this error: with `type` and `title` too, the official Python SDK takes RFC 9457.
    """
    found = ERRORS[error] if isinstance(error, int) else error
    shown = {
        "code": found.code,
        "message": found.text.format_map(values),
        "more_info": f"{MORE_INFO}{found.code}",
        "status": status or found.status,
    }
    answer = reply(status or found.status, shown, request_id=request_id)
    headers = (*answer.headers, ("X-Twilio-Error-Code", str(found.code)))
    return Response(status=answer.status, headers=headers, body=answer.body)


def unsupported(what: str, *, request_id: str) -> Response:
    """Return 501 for something that Twilio could do and this fake cannot: `what` says which, and the way out."""
    error = TwilioError(20501, 501, "This fake Twilio {what}", "ours")
    return error_reply(error, {"what": what}, request_id=request_id)
