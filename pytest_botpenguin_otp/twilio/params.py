"""The parameters of a request: what Twilio reads from a body, which is what its Content-Type says it is."""

from __future__ import annotations

from email import message_from_bytes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_botpenguin_otp.wire import Request

__all__ = ["form_of"]

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data"


def form_of(request: Request) -> tuple[tuple[str, str], ...]:
    """Return the names and values of a form, in order; nothing where the Content-Type tells of no form.

    Requests must be of one of two types (twilio.com/docs/usage/requests-to-twilio, error 19056). That the parameters
    of another then count as missing (21604 for a new message) was seen of JSON, and is assumed of other types; so is
    that a body without a Content-Type is a form.
    """
    told = request.header("content-type") or FORM
    kind = told.partition(";")[0].strip().lower()
    if kind == PARTS:
        return _parts(told, request.body)
    return request.form() if kind == FORM else ()


def _parts(told: str, body: bytes) -> tuple[tuple[str, str], ...]:
    message = message_from_bytes(b"Content-Type: " + told.encode("latin-1", "replace") + b"\r\n\r\n" + body)
    parts = message.get_payload() if message.is_multipart() else []
    return tuple(
        (str(part.get_param("name", header="content-disposition") or ""), _text(part.get_payload(decode=True)))
        for part in parts
        if not isinstance(part, str)
    )


def _text(content: object) -> str:
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
