"""What the suite asks of a target: each scenario by name, and which answer of the profile it must get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.cassettes.parts import BODIES, endpoint

if TYPE_CHECKING:
    from pytest_botpenguin_otp.wire import Request

__all__ = [
    "EMPTY",
    "EXPECTED",
    "FIELDS",
    "OPERATIONS",
    "RIGHT",
    "SEND",
    "WRONG",
    "blank",
    "lacking",
    "of",
    "operation_of",
    "unsigned",
]

SEND, RIGHT, WRONG, EMPTY = "send", "right code", "wrong code", "empty code"
OPERATIONS = ("send", "verify")
FIELDS = tuple((operation, name) for operation in OPERATIONS for name in BODIES[operation])
"""Every field of the two requests, with the operation that needs it."""


def unsigned(operation: str) -> str:
    """Name the scenario in which a request has no Authorization header."""
    return f"{operation} without Authorization"


def blank(operation: str) -> str:
    """Name the scenario in which it is blank."""
    return f"{operation} with a blank Authorization"


def lacking(operation: str, name: str) -> str:
    """Name the scenario in which a field is missing."""
    return f"{operation} without {name}"


EXPECTED = {
    SEND: "send_ok",
    RIGHT: "verify_ok",
    WRONG: "verify_mismatch",
    EMPTY: "verify_mismatch",
    **{name(operation): "unauthorized" for name in (unsigned, blank) for operation in OPERATIONS},
    **{lacking(*field): "bad_request" for field in FIELDS},
}
"""Which field of the profile says what a scenario is answered."""


def operation_of(name: str) -> str:
    """Return which of the two requests a scenario ends with."""
    return "send" if name.startswith("send") else "verify"


def of(request: Request) -> str | None:
    """Name the scenario that a request is, or None where it is none of them."""
    operation = endpoint(request)
    if operation not in OPERATIONS:
        return None
    authorization = request.header("authorization")
    if authorization is None or not authorization.strip():
        return unsigned(operation) if authorization is None else blank(operation)
    try:
        body = request.json()
    except (ValueError, RecursionError):
        body = None
    faults = contracts.check(f"botpenguin/{operation}-request", body)
    if faults or not isinstance(body, dict):
        missing = [fault.key for fault in faults if fault.keyword == "required" and fault.key is not None]
        return lacking(operation, missing[0]) if len(missing) == len(faults) == 1 else None
    return SEND if operation == "send" else _typed(body["systemOtp"], body["userOtp"])


def _typed(system: str, user: str) -> str:
    if not user:
        return EMPTY
    return RIGHT if user == system else WRONG
