"""Twilio's side: forms that make a message, valid and with one fault, and errors."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pytest_botpenguin_otp.strategies.broken import Broken, Spoil, without
from pytest_botpenguin_otp.strategies.phones import phone_numbers
from pytest_botpenguin_otp.twilio.errors import ERRORS, TwilioError
from pytest_botpenguin_otp.twilio.phones import NUMBER

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["broken_create_message_forms", "create_message_forms", "twilio_errors"]

FLAGS = st.sampled_from(["true", "false"])
MEDIA = "https://example.com/a.png"
SPARE = {
    "StatusCallback": st.sampled_from(["https://example.com/status", "http://127.0.0.1:1/status"]),
    "ValidityPeriod": st.integers(1, 36000).map(str),
    "SmartEncoded": FLAGS,
    "ProvideFeedback": FLAGS,
    "ContentRetention": st.sampled_from(["retain", "discard"]),
    "RiskCheck": st.sampled_from(["enable", "disable"]),
    "MediaUrl": st.just(MEDIA) | st.lists(st.just(MEDIA), min_size=1, max_size=10),
}
BODIES = st.text(min_size=1, max_size=160) | st.integers(161, 1600).map("x".__mul__)


def create_message_forms() -> st.SearchStrategy[dict[str, object]]:
    """Give forms from +15005550006 to reserved numbers that make a message, with more parameters or fewer.

    A value is a text, or a list of texts where the name is repeated.
    """
    return st.fixed_dictionaries({"To": phone_numbers(), "From": st.just(NUMBER), "Body": BODIES}, optional=SPARE)


def _setting(key: str, value: object) -> Spoil:
    return lambda form: dict(form) | {key: value}


def _silenced(form: Mapping[str, object]) -> dict[str, object]:
    return without(without(form, "MediaUrl"), "Body")


_FAULTS: tuple[tuple[str, str, int, Spoil], ...] = (
    ("To", "missing", 21604, lambda form: without(form, "To")),
    ("To", "empty", 21604, _setting("To", "")),
    ("To", "words", 21211, _setting("To", "my number")),
    ("To", "no plus", 21211, _setting("To", "14155550123")),
    ("To", "a line feed at its end", 21211, _setting("To", "+14155550123\n")),
    ("From", "missing", 21603, lambda form: without(form, "From")),
    ("From", "empty", 21603, _setting("From", "")),
    ("Body", "missing", 21619, _silenced),
    ("Body", "empty", 21619, lambda form: without(form, "MediaUrl") | {"Body": ""}),
    ("Body", "too long", 21617, _setting("Body", "x" * 1601)),
    ("MessagingServiceSid", "of an account", 21705, _setting("MessagingServiceSid", "AC" + "fa4e" * 8)),
    ("MediaUrl", "too many", 21620, _setting("MediaUrl", [MEDIA] * 11)),
    ("StatusCallback", "too long", 21609, _setting("StatusCallback", "https://example.com/" + "x" * 3981)),
    ("ValidityPeriod", "0", 21624, _setting("ValidityPeriod", "0")),
    ("ValidityPeriod", "too long", 21624, _setting("ValidityPeriod", "36001")),
    ("ValidityPeriod", "words", 21624, _setting("ValidityPeriod", "an hour")),
)


def broken_create_message_forms() -> st.SearchStrategy[Broken]:
    """Give forms with one fault; `code` is the Twilio error that it is refused with."""
    return st.builds(
        lambda form, fault: Broken(body=fault[3](form), field=fault[0], what=fault[1], code=fault[2]),
        create_message_forms(),
        st.sampled_from(_FAULTS),
    )


def twilio_errors() -> st.SearchStrategy[dict[str, object]]:
    """Give bodies in which Twilio says no: each known error, its places filled with reserved numbers."""
    return st.builds(_error, st.sampled_from(list(ERRORS.values())), phone_numbers(), st.booleans())


def _error(error: TwilioError, number: str, detailed: bool) -> dict[str, object]:  # noqa: FBT001  # drawn by position
    known = defaultdict(str, {"to": number, "to_masked": f"{number[:-4]}XXXX", "from": NUMBER, "n": "50"})
    told: dict[str, object] = {
        "code": error.code,
        "message": error.text.format_map(known),
        "more_info": f"https://www.twilio.com/docs/errors/{error.code}",
        "status": error.status,
    }
    return told | ({"detail": "Your AccountSid or AuthToken was incorrect."} if detailed else {})
