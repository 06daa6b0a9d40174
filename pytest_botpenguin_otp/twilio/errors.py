"""Twilio's REST errors: code, HTTP status, text, and where each text is known from."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from pytest_botpenguin_otp.errors import FaultError

if TYPE_CHECKING:
    from pytest_botpenguin_otp.faults import Fault

__all__ = ["DELIVERY_ERRORS", "ERRORS", "LATER", "TwilioError", "by_status", "check_code", "known_error"]


class TwilioError(NamedTuple):
    """One error of the REST API.

    `text` may name `{to}`, `{to_masked}`, `{from}`, `{account_sid}`, `{path}` and `{n}`. `provenance`: `REC` a recorded
    exchange, `OBS` a real text seen in public, `RT` a public test against the real API, `DOC` Twilio's documentation,
    `title` where only the title of the error dictionary is known and stands in for the text.
    """

    code: int
    status: int
    text: str
    provenance: str


UNVERIFIED = (
    "The number {to_masked} is unverified. Trial accounts cannot send messages to unverified numbers; verify"
    " {to_masked} at twilio.com/user/account/phone-numbers/verified, or purchase a Twilio number to send messages to"
    " unverified numbers"
)
NOT_OURS = (
    "The 'From' phone number provided ({from}) is not a valid message-capable Twilio phone number for this destination"
)
NO_REGION = "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to_masked}"
NO_ROUTE = "Message cannot be sent with the current combination of 'To' ({to_masked}) and/or 'From' ({from}) parameters"
NOT_A_SENDER = "The 'From' number {from} is not a valid phone number, shortcode, or alphanumeric sender ID."
EMPTY_POOL = "The Messaging Service does not have a phone number available to send a message"
ALPHANUMERIC_TRIAL = "Alphanumeric Sender ID cannot be used as the 'From' number on trial accounts"
OLD_SANDBOX = "The 'from' phone number must be the sandbox phone number for trial accounts."

_TABLE = (
    TwilioError(20003, 401, "Authenticate", "RT, OBS"),
    TwilioError(20004, 405, "Method not allowed", "title"),
    TwilioError(20008, 403, "Resource not accessible with Test Account Credentials", "OBS, DOC"),
    TwilioError(20009, 409, "Cannot delete message because delivery has not been completed.", "RT, one only"),
    TwilioError(20404, 404, "The requested resource {path} was not found", "RT"),
    TwilioError(20429, 429, "Too Many Requests", "OBS"),
    TwilioError(20500, 500, "Internal Server Error", "title"),
    TwilioError(20503, 503, "Service unavailable", "title"),
    TwilioError(21211, 400, "Invalid 'To' Phone Number: {to_masked}", "OBS"),
    TwilioError(21212, 400, NOT_A_SENDER, "RT"),
    TwilioError(21265, 400, "'To' number cannot be a Short Code: {to_masked}", "OBS"),
    TwilioError(21266, 400, "'To' and 'From' number cannot be the same", "OBS"),
    TwilioError(21267, 400, ALPHANUMERIC_TRIAL, "title"),
    TwilioError(21268, 400, "Sending to Premium rate or Information Service numbers is not allowed", "title"),
    TwilioError(21408, 400, NO_REGION, "OBS"),
    TwilioError(21601, 400, "Phone number is not a valid SMS-capable inbound phone number", "title"),
    TwilioError(21602, 400, "Message body is required.", "OBS"),
    TwilioError(21603, 400, "A 'From' phone number is required.", "OBS"),
    TwilioError(21604, 400, "A 'To' phone number is required.", "OBS"),
    TwilioError(21606, 400, NOT_OURS, "OBS"),
    TwilioError(21607, 400, OLD_SANDBOX, "title"),
    TwilioError(21608, 400, UNVERIFIED, "REC"),
    TwilioError(21609, 400, "Invalid 'StatusCallback'", "title"),
    TwilioError(21610, 400, "Attempt to send to unsubscribed recipient", "OBS"),
    TwilioError(21611, 429, "SMS queue is full.", "RT; another RT says 400"),
    TwilioError(21612, 400, NO_ROUTE, "OBS"),
    TwilioError(21614, 400, "To number: {to}, is not a mobile number", "RT"),
    TwilioError(21617, 400, "The concatenated message body exceeds the 1600 character limit.", "OBS"),
    TwilioError(21619, 400, "A text message body or media urls must be specified.", "OBS"),
    TwilioError(21620, 400, "Invalid media URL(s)", "title"),
    TwilioError(21624, 400, "Invalid validity period value", "title"),
    TwilioError(21635, 400, "'To' number cannot be a landline", "DOC, title"),
    TwilioError(21659, 400, "'From' {from} is not a Twilio phone number or Short Code country mismatch", "OBS"),
    TwilioError(21660, 400, "Mismatch between the 'From' number {from} and the account {account_sid}", "OBS"),
    TwilioError(21661, 400, "'From' number is not SMS-capable", "title"),
    TwilioError(21701, 400, "The Messaging Service does not exist", "title"),
    TwilioError(21703, 400, EMPTY_POOL, "title"),
    TwilioError(21704, 400, "The Messaging Service contains no phone numbers", "title"),
    TwilioError(21705, 400, "The Messaging Service is invalid", "title"),
    TwilioError(63038, 429, "Account exceeded the {n} daily messages limit", "OBS"),
)
ERRORS = {error.code: error for error in _TABLE}
"""What a request may be refused with, by code."""

DELIVERY_ERRORS = {
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30022: "US A2P 10DLC - Rate Limits Exceeded",
    30023: "US A2P 10DLC - Daily Message Cap Reached",
    30032: "Toll-Free Number Has Not Been Verified",
    30034: "US A2P 10DLC - Message from an Unregistered Number",
    30410: "Provider Timeout Error",
    30450: "Message delivery blocked",
}
"""What a message may fail with after its 201, by code (titles of Twilio's error dictionary)."""

LATER = range(30001, 30500)
"""Codes that a message fails with after its 201, of which `DELIVERY_ERRORS` are those with a title."""

_BY_STATUS = {401: 20003, 403: 20008, 404: 20404, 405: 20004, 429: 20429, 500: 20500, 503: 20503}


def by_status(status: int) -> TwilioError:
    """Return the error that Twilio tells with this HTTP status.

    Where the dictionary names none, the code is 20000 + status, as in its own 20404, 20429, 20500 and 20503, and the
    text is HTTP's: an assumption.
    """
    if status in _BY_STATUS:
        return ERRORS[_BY_STATUS[status]]
    known = {known.value: known.phrase for known in HTTPStatus}
    return TwilioError(20000 + status, status, known.get(status, "Unknown error"), "assumed")


def check_code(fault: Fault) -> None:
    """Raise `FaultError` where a fault, of whichever service, tells a code that `known_error` does not know."""
    if fault.code is not None and fault.code not in LATER:
        known_error(fault.code, fault.status)


def known_error(code: int, status: int | None) -> TwilioError:
    """Return the error of this code; raise `FaultError` where no text is known and `status` says no HTTP status."""
    if code in ERRORS:
        return ERRORS[code]
    if status is None:
        raise FaultError(
            f"This fake has no text for Twilio error {code}: give its HTTP status and body too, or choose one of"
            f" {', '.join(map(str, sorted({*ERRORS, *DELIVERY_ERRORS})))}."
        )
    return TwilioError(code, status, f"Error {code}", "assumed")
