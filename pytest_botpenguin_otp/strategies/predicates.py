"""What is valid, in plain Python: a second opinion beside the contracts, which these functions never read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

__all__ = ["PREDICATES", "is_create_message_form", "is_headers", "is_send_body", "is_twilio_error", "is_verify_body"]

_E164 = re.compile(r"\+[1-9][0-9]{6,14}").fullmatch
_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}").fullmatch
_TOKEN = re.compile(r"[0-9a-fA-F]{32}").fullmatch
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+").fullmatch
_LEFT_OVER = re.compile(r"\{\{|\$\{|<[^>]*>|your[ _-]?(api[ _-]?)?(token|key)|[\r\n]", re.IGNORECASE).search
_SCHEME_ALONE = re.compile(r"[ \t]*(bearer|basic|key)?[ \t]*", re.IGNORECASE).fullmatch
_RECIPIENT = re.compile(r"\+[1-9][0-9]{1,14}|[a-z]+:[^ \t\r\n]+").fullmatch
_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}").fullmatch
_CONTENT = re.compile(r"HX[0-9a-fA-F]{32}").fullmatch
_APPLICATION = re.compile(r"AP[0-9a-fA-F]{32}").fullmatch
_DIGITS = re.compile(r"[0-9]+").fullmatch
_MORE_INFO = re.compile(r"https://www\.twilio\.com/docs/errors/[0-9]+").fullmatch

LONGEST_BODY = 1600
LONGEST_URL = 4000
LONGEST_VALIDITY = 36000
MOST_MEDIA = 10
ERROR_KEYS = {"code", "message", "more_info", "status"}
CHOICES = {
    **dict.fromkeys(
        ("ProvideFeedback", "ForceDelivery", "SmartEncoded", "ShortenUrls", "SendAsMms"), ("true", "false")
    ),
    "ContentRetention": ("retain", "discard"),
    "AddressRetention": ("retain", "obfuscate"),
    "TrafficType": ("free",),
    "ScheduleType": ("fixed",),
    "RiskCheck": ("enable", "disable"),
}


def is_send_body(body: object) -> bool:
    """Say whether `body` is one that Send OTP takes."""
    forms = {"accountSID": _ACCOUNT, "authToken": _TOKEN, "fromNumber": _E164, "toNumber": _E164}
    texts = _texts(body, forms)
    return bool(texts) and all(forms[key](text) for key, text in texts.items())


def is_verify_body(body: object) -> bool:
    """Say whether `body` is one that Verify OTP takes: two texts, whatever they hold."""
    return bool(_texts(body, ("systemOtp", "userOtp")))


def is_headers(told: object) -> bool:
    """Say whether headers, names in lower case, hold an Authorization that could be a token."""
    if not isinstance(told, Mapping) or not all(isinstance(text, str) for text in told.values()):
        return False
    text = told.get("authorization")
    named = all(_NAME(name) for name in told)
    return named and text is not None and not _LEFT_OVER(text) and not _SCHEME_ALONE(text)


def is_create_message_form(form: object) -> bool:
    """Say whether a form, names to texts, is one that Twilio makes a message of."""
    if not isinstance(form, Mapping) or not all(_is_text_or_texts(value) for value in form.values()):
        return False
    has_sender = "From" in form or "MessagingServiceSid" in form
    has_content = any(key in form for key in ("Body", "MediaUrl", "ContentSid"))
    return "To" in form and has_sender and has_content and all(_is_field(*item) for item in form.items())


def is_twilio_error(body: object) -> bool:
    """Say whether `body` is how Twilio says no."""
    if not isinstance(body, Mapping) or not ERROR_KEYS <= set(body) <= ERROR_KEYS | {"detail"}:
        return False
    code, status = body["code"], body["status"]
    numbers = type(code) is int and 10000 <= code <= 99999 and type(status) is int and 400 <= status <= 599  # noqa: PLR2004  # Twilio's ranges
    texts = all(isinstance(body[key], str) for key in {"message", "more_info", "detail"} & set(body))
    return numbers and texts and body["message"] != "" and _MORE_INFO(body["more_info"]) is not None


PREDICATES: Mapping[str, Callable[[object], bool]] = {
    "botpenguin/headers": is_headers,
    "botpenguin/send-request": is_send_body,
    "botpenguin/verify-request": is_verify_body,
    "twilio/create-message": is_create_message_form,
    "twilio/error": is_twilio_error,
}
"""The predicate that says the same as each contract."""


def _texts(body: object, keys: Iterable[str]) -> Mapping[str, str]:
    """Return `body` where it maps exactly `keys` to texts, else nothing."""
    fits = isinstance(body, Mapping) and set(body) == set(keys) and all(isinstance(text, str) for text in body.values())
    return body if fits and isinstance(body, Mapping) else {}


def _is_text_or_texts(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(part, str) for part in value))


def _is_field(name: str, value: str | list[str]) -> bool:
    if name == "MediaUrl":
        return bool(value) and all(value) and (isinstance(value, str) or len(value) <= MOST_MEDIA)
    if name in CHOICES:
        return value in CHOICES[name]
    if name in _FIELDS:
        return isinstance(value, str) and bool(_FIELDS[name](value))
    return True


_FIELDS: Mapping[str, Callable[[str], object]] = {
    "To": _RECIPIENT,
    "From": len,
    "Body": lambda text: 1 <= len(text) <= LONGEST_BODY,
    "MessagingServiceSid": _SERVICE,
    "ContentSid": _CONTENT,
    "ApplicationSid": _APPLICATION,
    "StatusCallback": lambda url: 1 <= len(url) <= LONGEST_URL,
    "ValidityPeriod": lambda text: _DIGITS(text) and text[0] != "0" and int(text) <= LONGEST_VALIDITY,
    "Attempt": _DIGITS,
}
