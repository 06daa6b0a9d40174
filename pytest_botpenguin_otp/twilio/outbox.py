"""What becomes of a message: made, kept, brought to its handset, redacted, canceled; and what a user sends back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.journal import SmsArrived
from pytest_botpenguin_otp.twilio.dates import DAY_MS, read_date
from pytest_botpenguin_otp.twilio.lifecycle import INBOUND, STILL, course_of
from pytest_botpenguin_otp.twilio.messages import Message
from pytest_botpenguin_otp.twilio.phones import normalise
from pytest_botpenguin_otp.twilio.segments import count_segments
from pytest_botpenguin_otp.twilio.store import Store

if TYPE_CHECKING:
    from pytest_botpenguin_otp.clock import Clock
    from pytest_botpenguin_otp.journal import Journal
    from pytest_botpenguin_otp.twilio.callbacks import Callbacks
    from pytest_botpenguin_otp.twilio.validation import Draft

__all__ = ["START", "STOP", "Outbox"]

STOP = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
"""What a user texts to get no more (Twilio docs, advanced opt-out)."""

START = frozenset({"START", "YES", "UNSTOP"})
"""What a user texts to get messages again (Twilio docs, advanced opt-out)."""


class Outbox:
    """The messages of one fake Twilio and what happens to them; `callbacks` is None where nobody is told."""

    def __init__(self, *, clock: Clock, journal: Journal, seed: int, callbacks: Callbacks | None) -> None:
        self.store = Store()
        self.callbacks = callbacks
        self.opted_out: set[tuple[str, str]] = set()
        self._clock = clock
        self._journal = journal
        self._seed = seed
        self._random: Random | None = None
        self._position = 0
        self._sent: dict[tuple[str, int], int] = {}

    def sent_today(self, account_sid: str) -> int:
        """Count what an account sent since the last virtual midnight, UTC."""
        return self._sent.get((account_sid, self._today()), 0)

    def create(self, draft: Draft, failure: int | None) -> Message:
        """Make the message that `draft` asks for, which passed every check; `failure` is how it will end, if badly."""
        message = self._make(draft, failure)
        if draft.account.test:
            return message
        self.store.put(message)
        if draft.account.trial is not None:
            self._sent[message.account_sid, self._today()] = self.sent_today(message.account_sid) + 1
        if failure is None:
            self._bring(message)
        if self.callbacks is not None and message.status_callback:
            self.callbacks.follow(message)
        return message

    def redact(self, message: Message) -> Message:
        """Take the text out of a message; what reached a handset stays there."""
        redacted = message.redact(self._clock.now_ms)
        self.store.put(redacted)
        return redacted

    def cancel(self, message: Message) -> Message:
        """Cancel a scheduled message."""
        canceled = message.cancel(self._clock.now_ms)
        self.store.put(canceled)
        if self.callbacks is not None and message.status_callback:
            self.callbacks.cancel(canceled)
        return canceled

    def receive(self, account_sid: str, *, from_: str, to: str, body: str) -> Message:
        """Take an inbound SMS, and opt its sender out or in where the body is such a keyword."""
        message = self._new(account_sid, "SM", to=normalise(to), from_=normalise(from_), body=body)
        message = replace(message, status="received", course=INBOUND, direction="inbound")
        self.store.put(message)
        keyword = body.strip().upper()
        if keyword in STOP:
            self.opted_out.add((message.to, message.from_))
        elif keyword in START:
            self.opted_out.discard((message.to, message.from_))
        return message

    def _make(self, draft: Draft, failure: int | None) -> Message:
        params, account, service = draft.params, draft.account, draft.service
        body = params.get("Body", "")
        if account.trial is not None:
            body = account.trial.prefix + body
        message = self._new(account.sid, "MM" if draft.media else "SM", to=draft.to, from_=draft.sender, body=body)
        if not (service or failure or draft.media or account.test or "StatusCallback" in params):
            return message
        wait_ms = 0 if service is None else self._wait_ms(params.get("SendAt"))
        via = "number" if service is None else "service"
        course = STILL if account.test else course_of(via=via, failure=failure, wait_ms=wait_ms)
        return replace(
            message,
            course=course,
            status=course[0][1],
            num_media=len(draft.media),
            failure=failure,
            messaging_service_sid=service.sid if service else None,
            status_callback=params.get("StatusCallback") or (service.status_callback if service else None),
        )

    def _new(self, account_sid: str, kind: str, *, to: str, from_: str, body: str) -> Message:
        self._position += 1
        if self._random is None:
            self._random = Random(self._seed)
        return Message(
            sid=f"{kind}{self._random.getrandbits(128):032x}",
            account_sid=account_sid,
            to=to,
            from_=from_,
            body=body,
            created_ms=self._clock.now_ms,
            updated_ms=self._clock.now_ms,
            num_segments=count_segments(body),
            position=self._position,
        )

    def _bring(self, message: Message) -> None:
        if message.status == "scheduled":
            due_ms = message.created_ms + message.course[1][0]
            self._clock.at(due_ms, partial(self._bring_later, message.sid))
        else:
            self._arrive(message)

    def _bring_later(self, sid: str) -> None:
        message = self.store.get(sid)
        if message is not None and message.status != "canceled":
            self._arrive(message)

    def _arrive(self, message: Message) -> None:
        self.store.arrive(message)
        self._journal.append(SmsArrived(now_ms=self._clock.now_ms, to=message.to, text=message.body, sid=message.sid))

    def _wait_ms(self, send_at: str | None) -> int:
        try:
            return max(read_date(send_at or "")[0] - self._clock.now_ms, 0)
        except ValueError:
            return 0

    def _today(self) -> int:
        return self._clock.now_ms // DAY_MS
