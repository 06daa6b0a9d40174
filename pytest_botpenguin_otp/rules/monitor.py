"""The second engine: reads the journal of a run, and says which rules it broke."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from pytest_botpenguin_otp.bot import Question
from pytest_botpenguin_otp.journal import Answered, BotSaid, Calling, Ended, Served, SmsArrived, UserDid, UserSaid
from pytest_botpenguin_otp.machine import paths
from pytest_botpenguin_otp.machine.answers import E164, accept, phone
from pytest_botpenguin_otp.machine.telling import says_yes
from pytest_botpenguin_otp.rules import reading, wiring
from pytest_botpenguin_otp.rules.dynamic.telling import WRONG
from pytest_botpenguin_otp.rules.rounds import reached
from pytest_botpenguin_otp.rules.watched import Chat, Sms, is_number_at, is_whole, plain_digits
from pytest_botpenguin_otp.template import references

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.journal import Event
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["monitor"]

DIGITS = re.compile(r"[0-9]{4,10}")
GAPS_S = (30, 40, 60, 90, 120)
MOST_WRONG = MOST_SENT = 5
MAX_AGE_S = 600
DIGITS_WANTED = 6
EMPTY = ("", "{}")
UNHEARD = ("malformed", "empty", "wrong_type")
"""Faults that spoil an answer after the service has done its work."""
RETRY = {429: "AB10", 401: "ER09", 403: "ER09"}


def monitor(
    events: Iterable[Event], bot: Bot, profile: Profile, *, left_over: frozenset[str] = frozenset()
) -> frozenset[str]:
    """Return the codes of the dynamic rules that one contact's chat broke; `left_over` names what it began with."""
    watcher = _Monitor(bot, profile, left_over)
    every = list(events)
    speakers = [event.contact for event in every if isinstance(event, BotSaid | Calling | Ended)]
    for event in every:
        if getattr(event, "contact", speakers[-1] if speakers else "") == (speakers[-1] if speakers else ""):
            watcher.take(event)
    return frozenset(watcher.broken)


class _Monitor:
    def __init__(self, bot: Bot, profile: Profile, left_over: frozenset[str]) -> None:
        self._bot, self._profile = bot, profile
        self._stale = bool(left_over)
        self._doors = {finding.place for finding in wiring.side_doors(bot)}
        self._phones = {known.id for known in reading.phone_questions(bot)}
        self._behind = reached(bot, sorted(bot.protected))
        self._codes = {known.id for known in reading.code_questions(bot)}
        self._chat = Chat()
        self._calling: Calling | None = None
        self._served: str | None = None
        self._wrong_ever = 0
        self._arrived: list[Sms] = []
        self.broken: set[str] = set()

    def take(self, event: Event) -> None:
        """Look at one event."""
        match event:
            case SmsArrived():
                self._arrived.append(Sms(event.to, "".join(DIGITS.findall(event.text)[:1]), event.now_ms))
            case Served(service="botpenguin"):
                self._served = event.fault
            case Calling():
                self._enter(event.component)
                self._call(event)
            case Answered():
                self._answered(event)
            case BotSaid():
                self._enter(event.component)
                self._said(event)
            case UserSaid() | UserDid():
                self._user(event)
            case Ended():
                self._enter(event.component)
                self._ended(event)

    # what the user does

    def _user(self, event: UserSaid | UserDid) -> None:
        chat = self._chat
        if isinstance(event, UserDid) and event.action == "restart":
            self._stale = True
            self._chat = Chat(sms=chat.sms, phone=chat.phone)
            return
        chat.last, chat.failed, chat.said = "user", None, (event.component,)
        if isinstance(event, UserDid):
            if event.action == "skip" and event.component in self._phones | self._codes:
                self.broken.add("AU15")
            return
        if event.component in self._codes or event.early:
            chat.typed, chat.early = event.text, event.early
        if event.component in self._phones and not event.early:
            self._number(event)

    def _number(self, event: UserSaid) -> None:
        chat, asked = self._chat, self._bot.components[event.component]
        taken = accept(asked, event.text, self._profile) if isinstance(asked, Question) else None
        if taken is None:
            return
        found = phone(event.text, asked.countries) if isinstance(asked, Question) else None
        number = found.e164 if found is not None else taken
        if chat.phone and number != chat.phone and chat.checked and chat.flaw in (None, "AU17"):
            chat.flaw = "AU17"
        chat.phone = number

    # what the flow sends

    def _call(self, event: Calling) -> None:
        self._calling, chat = event, self._chat
        tree = paths.read(event.request.body)
        body = tree if isinstance(tree, dict) else {}
        if not is_whole(event.request.body):
            self.broken.add("IN07")
        if chat.failed is not None and chat.failed.response is not None:
            code = RETRY.get(chat.failed.response.status)
            at_once = code != "AB10" or chat.failed.now_ms == event.now_ms
            same = self._bot.apis[chat.failed.api].role == event.role
            if code is not None and at_once and (same or code == "AB10"):
                self.broken.add(code)
        if event.role == "send":
            self._sending(event, body.get("toNumber"))

    def _sending(self, event: Calling, to: object) -> None:
        chat = self._chat
        if chat.last == "send":
            self.broken.add("AB08")
        if isinstance(to, str) and to not in EMPTY and not E164.fullmatch(to):
            self.broken.add("IN01")
        if chat.good is not None and chat.good.to == to:
            gap_s = GAPS_S[min(max(len(chat.sms), 1), len(GAPS_S)) - 1]
            if event.now_ms - chat.good.now_ms < gap_s * 1000:
                self.broken.add("AB04")

    # what comes back

    def _answered(self, event: Answered) -> None:
        chat, role = self._chat, self._bot.apis[event.api].role
        chat.last = role or chat.last
        chat.spoken = False
        chat.failed, chat.said = event, ()
        if role == "send":
            self._sent(event)
        elif role == "verify":
            self._verified(event)
        self._served = None

    def _told(self, event: Answered, role: Literal["send", "verify"]) -> bool:
        response = event.response
        return response is not None and says_yes(self._profile, role, response.status, response.body)

    def _sent(self, event: Answered) -> None:
        chat, arrived = self._chat, self._arrived[-1:]
        self._arrived.clear()
        code = None if event.response is None else paths.at(paths.read(event.response.body), self._profile.code_path)
        chat.sms.extend(arrived)
        chat.send_failed = not (arrived and code is not None and self._told(event, "send"))
        if not chat.send_failed:
            chat.good = arrived[0]
        if arrived:
            chat.wrong_since_sms = 0
            self._made(event, arrived[0])
            if len(chat.sms) > MOST_SENT:
                self.broken.add("AB03")
                self.broken.update(["AB06"] if len({sms.to for sms in chat.sms}) > 1 else [])

    def _made(self, event: Answered, sms: Sms) -> None:
        """Look at the code itself: as the SMS has it, and as the bot gets it."""
        if len(sms.code) < DIGITS_WANTED:
            self.broken.add("IN11")
        path = self._profile.code_path
        saved = any(known == path for _, known in self._bot.apis[event.api].save)
        if saved and event.response is not None and is_number_at(event.response.body, path):
            self.broken.add("IN04")

    def _verified(self, event: Answered) -> None:
        chat, calling = self._chat, self._calling
        tree = None if calling is None else paths.read(calling.request.body)
        body = tree if isinstance(tree, dict) else {}
        system, user = str(body.get("systemOtp", "")), str(body.get("userOtp", ""))
        chat.checked = True
        chat.flaw = self._flaw(event, system, user)
        if chat.typed is not None and "{{" in chat.typed and user != chat.typed:
            self.broken.add("IN08")
        if chat.typed == "" and user == "":
            self.broken.add("IN06")
        if chat.flaw in ("AU10", "AU12"):
            self.broken.add(chat.flaw)
        if self._is_compared(event) and chat.good is not None and system == user == chat.good.code:
            chat.good.used = True
        if self._is_no(event):
            self._wrong(user)

    def _is_compared(self, event: Answered) -> bool:
        """Say whether the service looked at the codes, whatever the flow was told."""
        unheard = self._served is not None and any(word in self._served for word in UNHEARD)
        return self._told(event, "verify") or event.silence == "lost" or unheard

    def _is_no(self, event: Answered) -> bool:
        """Say whether the service itself told a mismatch."""
        response, told = event.response, self._profile.verify_mismatch
        if response is None or self._served is not None or response.status != told.status:
            return False
        return response.body == told.render(message="OTP does not match")

    def _wrong(self, user: str) -> None:
        chat = self._chat
        chat.wrong += 1
        chat.wrong_since_sms += 1
        self._wrong_ever += 1
        if chat.wrong_since_sms > MOST_WRONG:
            self.broken.add("AB01")
        elif chat.wrong > MOST_WRONG or self._wrong_ever > chat.wrong:
            self.broken.add("AB02")
        if chat.early and user == chat.typed:
            self.broken.add("AU20")
        newest = chat.sms[-1].code if chat.sms else ""
        if newest and user.lstrip("0") == newest.lstrip("0") and newest.startswith("0"):
            self.broken.add("IN03")
        if newest and user != newest and plain_digits(user) == newest:
            self.broken.add("IN05")

    def _flaw(self, event: Answered, system: str, user: str) -> str | None:
        """Return the rule that letting someone in now would break."""
        chat = self._chat
        if not self._told(event, "verify"):
            return self._unsaid(event)
        if self._is_same(event.api):
            return "AU05"
        if chat.typed is not None and user != chat.typed and user not in EMPTY:
            return "IN08" if "{{" in chat.typed else "IN07"
        if system in EMPTY or user in EMPTY:
            return "AU04"
        good = chat.good
        if good is None or system.lstrip("0") not in [sms.code.lstrip("0") for sms in chat.sms]:
            return "AU09" if self._stale else "AU06"
        broken = {
            "AU07": chat.send_failed,
            "AU11": system.lstrip("0") != good.code.lstrip("0"),
            "AU08": bool(chat.phone) and good.to != chat.phone,
            "AU10": good.used,
            "AU12": event.now_ms - good.now_ms > MAX_AGE_S * 1000,
        }
        return next((code for code, holds in broken.items() if holds), None)

    def _is_same(self, api: str) -> bool:
        """Say whether one attribute feeds both codes."""
        fed = {known.name: known.text for known in reading.fields(self._bot.apis[api])}
        return references(fed.get("systemOtp", ())) == references(fed.get("userOtp", ())) != ()

    def _unsaid(self, event: Answered) -> str:
        if event.response is None:
            return "AU16"
        if event.response.status == self._profile.verify_ok.status:
            return "AU02"
        return "AU03" if self._is_no(event) else "AU16"

    # what the user sees

    def _enter(self, component: str) -> None:
        chat = self._chat
        if component not in self._bot.protected:
            return
        if not chat.verified and not chat.checked:
            door = self._bot.components[component].place in self._doors
            self.broken.add("AU09" if self._stale else "AU18" if door else "AU01")
        elif chat.flaw == "AU17" or (not chat.verified and chat.flaw is not None):
            self.broken.add(chat.flaw or "")
            if self._stale and chat.flaw in ("AU02", "AU16"):
                self.broken.add("AU09")
        chat.verified = True

    def _said(self, event: BotSaid) -> None:
        chat = self._chat
        if event.question and event.component in self._codes and chat.last == "send" and chat.send_failed:
            self.broken.add("ER02")
        failed = chat.failed
        if failed is not None and not chat.spoken and self._bot.apis[failed.api].role == "verify":
            self._first_word(event, failed)
        chat.spoken = True
        chat.said = (*chat.said, event.component)

    def _first_word(self, event: BotSaid, failed: Answered) -> None:
        """ER03: an error is told in the words for a wrong code, by what the words say or by where they lead."""
        error = self._chat.flaw == "AU16" and (failed.response is None or failed.response.status != 400)  # noqa: PLR2004
        if error and (WRONG.search(event.text) or self._leads_to_code(event.component)):
            self.broken.add("ER03")

    def _leads_to_code(self, known: str) -> bool:
        component, met = self._bot.components[known], {known}
        while getattr(component, "next", None) not in (None, *met) and component.id not in self._codes:
            component = self._bot.components[component.next]  # type: ignore[attr-defined]  # asked for just now
            met.add(component.id)
            api = getattr(component, "api", None)
            if api is not None:
                return self._bot.apis[api].role == "verify"
        return component.id in self._codes

    def _ended(self, event: Ended) -> None:
        chat = self._chat
        silent = chat.failed is not None and not chat.spoken
        told_apart = any(known not in self._behind for known in chat.said)
        if event.how == "live_chat" and not chat.verified and event.component in self._behind and not told_apart:
            self.broken.add("ER07")
        if event.how == "end_chat" and silent and not chat.verified:
            self.broken.add("ER06")
