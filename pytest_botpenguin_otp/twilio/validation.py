"""What Twilio refuses a new message for, and in which order it looks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_botpenguin_otp.frozen import quick
from pytest_botpenguin_otp.twilio.phones import MAGIC_FROM, MAGIC_TO, NUMBER, check_sender, check_to, mask
from pytest_botpenguin_otp.twilio.segments import utf16_units

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pytest_botpenguin_otp.twilio.accounts import Account, MessagingService

__all__ = ["CHECKS", "Draft", "check"]

BODY_UNITS = 1600
CALLBACK_CHARACTERS = 4000
LONGEST_VALIDITY = 36000
MOST_MEDIA = 10

_SERVICE_SID = re.compile(r"MG[0-9a-fA-F]{32}").fullmatch
_HOST = re.compile(r"[0-9A-Za-z.:-]+").fullmatch


@quick
@dataclass(frozen=True, slots=True)
class Draft:
    """A message that somebody asks for: its parameters, and what the fake knows of who asks.

    `to` is as it was given; so is `sender`, else it is the first of the pool of the Messaging Service.
    """

    account: Account
    params: Mapping[str, str]
    to: str
    sender: str
    service: MessagingService | None
    media: tuple[str, ...]
    owners: Mapping[str, str]
    opted_out: Collection[tuple[str, str]] = frozenset()
    sent_today: int = 0

    def values(self) -> dict[str, object]:
        """Return what the texts of errors may name."""
        trial = self.account.trial
        return {
            "to": self.to,
            "to_masked": mask(self.to),
            "from": self.sender,
            "account_sid": self.account.sid,
            "n": trial.daily if trial and trial.daily is not None else "",
        }


def _recipient_given(draft: Draft) -> int | None:
    return None if draft.to else 21604


def _sender_given(draft: Draft) -> int | None:
    return None if draft.params.get("From") or draft.params.get("MessagingServiceSid") else 21603


def _content_given(draft: Draft) -> int | None:
    return None if draft.params.get("Body") or draft.media else 21619


def _recipient_form(draft: Draft) -> int | None:
    return check_to(draft.to)


def _service_usable(draft: Draft) -> int | None:
    sid = draft.params.get("MessagingServiceSid")
    if not sid:
        return None
    if not _SERVICE_SID(sid):
        return 21705
    if draft.service is None:
        return 21701
    return None if draft.sender else 21704


def _sender_form(draft: Draft) -> int | None:
    sender = draft.sender
    if sender in MAGIC_FROM:
        return MAGIC_FROM[sender]
    return None if check_sender(sender) else 21212


def _not_to_oneself(draft: Draft) -> int | None:
    return 21266 if draft.to == draft.sender else None


def _body_length(draft: Draft) -> int | None:
    return 21617 if utf16_units(draft.params.get("Body", "")) > BODY_UNITS else None


def _media(draft: Draft) -> int | None:
    if not draft.media:
        return None
    fine = len(draft.media) <= MOST_MEDIA and all(map(_is_web, draft.media))
    return None if fine else 21620


def _status_callback(draft: Draft) -> int | None:
    url = draft.params.get("StatusCallback")
    return None if not url or (len(url) <= CALLBACK_CHARACTERS and _is_web(url)) else 21609


def _validity(draft: Draft) -> int | None:
    given = draft.params.get("ValidityPeriod")
    if given is None:
        return None
    fine = given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= LONGEST_VALIDITY
    return None if fine else 21624


def _ownership(draft: Draft) -> int | None:
    sender = draft.sender
    if draft.account.test:
        return None if sender == NUMBER else 21606
    if sender in draft.account.numbers:
        return None
    if check_sender(sender) == "alphanumeric":
        if draft.account.trial:
            return 21267
        return 21612 if draft.to.startswith("+1") else None
    return 21660 if sender in draft.owners else 21659


def _magic_recipient(draft: Draft) -> int | None:
    return MAGIC_TO.get(draft.to)


def _subscribed(draft: Draft) -> int | None:
    if not draft.opted_out:
        return None
    senders = {draft.sender, *(draft.service.numbers if draft.service else ())}
    return 21610 if any((sender, draft.to) in draft.opted_out for sender in senders) else None


def _trial(draft: Draft) -> int | None:
    trial = draft.account.trial
    if trial is None:
        return None
    if draft.to not in trial.verified:
        return 21608
    return 63038 if trial.daily is not None and draft.sent_today >= trial.daily else None


CHECKS: tuple[Callable[[Draft], int | None], ...] = (
    _recipient_given,
    _sender_given,
    _content_given,
    _recipient_form,
    _service_usable,
    _sender_form,
    _not_to_oneself,
    _body_length,
    _media,
    _status_callback,
    _validity,
    _ownership,
    _magic_recipient,
    _subscribed,
    _trial,
)
"""Every check, in the order in which it is made.

What is missing comes first, then what is malformed, then what the account may not do, then what the recipient may not
get. Twilio documents no order: this one is assumed. It is the same for every account.
"""


def check(draft: Draft) -> int | None:
    """Return the code of the first error of a draft, or None where it may be sent."""
    for made in CHECKS:
        code = made(draft)
        if code is not None:
            return code
    return None


def _is_web(url: str) -> bool:
    """Say whether a URL is http or https with a valid host, without underscores; plain http to loopback is fine."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(_HOST(parts.hostname or ""))
