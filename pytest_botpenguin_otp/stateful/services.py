"""A service under test: each call, what it must and must not answer, and the calls in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.errors import NoResponseError, OtpError
from pytest_botpenguin_otp.stateful import guesses
from pytest_botpenguin_otp.stateful.ledger import Broken, Ledger, Tried, meant
from pytest_botpenguin_otp.stateful.promises import PROMISES, BrokenPromiseError
from pytest_botpenguin_otp.stateful.verdicts import accepted, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from pytest_botpenguin_otp.stateful.asking import Asking, Issued
    from pytest_botpenguin_otp.wire import Response

__all__ = ["MALFORMED", "NOT_SENT", "ServiceTalk"]

NOT_SENT = "271828"
SHORTEST_LEAK = 4
MALFORMED = {
    "no JSON at all": b"{",
    "an empty body": b"",
    "an empty object": b"{}",
    "null": b"null",
}


class ServiceTalk:
    """Calls of a few contacts to one service; raises `BrokenPromiseError` as soon as one of `held` is broken.

    Contacts are told by number, from 0 on, round and round.
    """

    def __init__(self, asking: Asking, phones: Sequence[str], held: Collection[str], attempts: int) -> None:
        self._asking = asking
        self._phones = phones
        self._held = held
        self.attempts = attempts
        self._ledgers = [Ledger() for _ in phones]
        self._lines: list[str] = []
        self._now = 0.0

    def unspoiled(self, who: int) -> int:
        """Return that contact, or where it was refused something the next one that was not: it may be locked."""
        ring = [(who + further) % len(self._phones) for further in range(len(self._phones))]
        return next((one for one in ring if self._ledgers[one].clean), ring[0])

    def newest(self, who: int) -> Issued | None:
        """Return a contact's newest code."""
        who %= len(self._phones)
        issued = self._ledgers[who].issued
        return issued[-1] if issued else None

    def previous(self, who: int) -> Issued | None:
        """Return the code before that."""
        who %= len(self._phones)
        issued = self._ledgers[who].issued
        return issued[-2] if len(issued) > 1 else None

    def passed(self, seconds: int) -> None:
        """Note that time has passed."""
        self._now += seconds
        self._lines.append(f"({seconds} s pass)")

    def send(self, who: int) -> None:
        """Ask for a code."""
        who %= len(self._phones)
        ledger = self._ledgers[who]
        answer = self._call(f"Send OTP for contact {who + 1}", lambda: self._asking.ask_send(self._phones[who]))
        issued = self._asking.issued(self._phones[who], answer, self._now) if answer is not None else None
        self._tell("a code was sent" if issued is not None else "no code was sent")
        if issued is None and ledger == Ledger():
            self._break(Broken("right-code", "the first Send OTP was refused, so that nothing can be checked"))
        self._ledgers[who] = ledger.sent(issued)
        if issued is not None and answer is not None:
            self._keep_secret(answer, issued, at_path=self._asking.code is None)

    def verify(self, who: int, what: str, typed: str, reference: str | None = None) -> None:
        """Type a text, which a report calls `what`; `reference` is that of the newest code unless it is told."""
        who %= len(self._phones)
        ledger, newest = self._ledgers[who], self.newest(who)
        sent = reference if reference is not None else newest.reference if newest is not None else NOT_SENT
        answer = self._call(
            f"Verify OTP for contact {who + 1}, {what}",
            lambda: self._asking.ask_verify(self._phones[who], sent, typed),
        )
        if answer is None:
            self._ledgers[who] = ledger.refused()
            self._break(Broken("mapped", "Verify OTP was well asked, and nothing came back"))
            return
        said = verdict(self._asking.profile, answer)
        tried = Tried(typed=typed, at=self._now, said=said, current=reference is None)
        self._tell(tried.said)
        self._ledgers[who] = ledger.tried(tried)
        broken = ledger.broken(tried, self.attempts)
        if broken is not None and broken.uncounted:
            self._guess_without_resend()
        self._break(broken)
        if newest is not None and meant(typed) != newest.code:
            self._keep_secret(answer, newest)

    def _guess_without_resend(self) -> None:
        """Break the promise about attempts where a service counts nothing: else the resend would be blamed for it."""
        who = self.unspoiled(0)
        if not (self._ledgers[who].clean and {"attempts", "resend"} <= set(self._held)):
            return
        lines, self._lines = self._lines, []
        self.send(who)
        newest = self.newest(who)
        if newest is not None and self._ledgers[who].clean:
            for number in range(self.attempts):
                self.verify(who, "another code", guesses.typed("another code", newest.code, number))
            self.verify(who, "the right code", newest.code)
        self._lines = lines

    def unsigned(self, who: int, operation: str) -> None:
        """Leave the Authorization header out."""
        who %= len(self._phones)
        newest = self.newest(who)
        if operation == "send":
            answer = self._call(
                "Send OTP without Authorization", lambda: self._asking.ask_send(self._phones[who], signed=False)
            )
            yes = answer is not None and accepted(self._asking.profile, answer)
        else:
            reference, typed = (NOT_SENT, NOT_SENT) if newest is None else (newest.reference, newest.code)
            answer = self._call(
                f"Verify OTP for contact {who + 1} without Authorization, the right code",
                lambda: self._asking.ask_verify(self._phones[who], reference, typed, signed=False),
            )
            yes = answer is not None and verdict(self._asking.profile, answer) == "yes"
        self._refuse(who, Broken("authorization", "a call without Authorization was answered with yes"), yes=yes)

    def malformed(self, who: int, what: str) -> None:
        """Send Verify OTP a body that breaks its contract: of `MALFORMED`, or a value of `BROKEN_VALUES`."""
        who %= len(self._phones)
        newest = self.newest(who)
        body: object = MALFORMED.get(what)
        if body is None:
            reference = newest.reference if newest is not None else NOT_SENT
            told = self._asking.verify_body(self._phones[who], reference, NOT_SENT)
            typed = [name for name, value in self._asking.verify.items() if value == "{{user_otp}}"]
            body = told | dict.fromkeys(typed, guesses.BROKEN_VALUES[what])
        answer = self._call(
            f"Verify OTP for contact {who + 1}, with {what} " + ("as its body" if what in MALFORMED else "as the code"),
            lambda: self._asking.post(self._asking.verify_path, body),
        )
        yes = answer is not None and verdict(self._asking.profile, answer) == "yes"
        self._refuse(who, Broken("closed", "a request that breaks its contract was answered with yes"), yes=yes)

    def _refuse(self, who: int, broken: Broken, *, yes: bool) -> None:
        self._tell("yes" if yes else "refused")
        self._ledgers[who] = self._ledgers[who].refused()
        self._break(broken if yes else None)

    def _call(self, what: str, ask: Callable[[], Response]) -> Response | None:
        """Make a call and note it; return None where nothing came back, which a mapping can name."""
        self._lines.append(what)
        try:
            answer = ask()
        except NoResponseError as error:
            self._tell(str(error))
            return None
        except OtpError:
            raise
        except Exception as error:
            self._tell(f"{type(error).__name__} was raised")
            self._break(Broken("mapped", f"the service raised {type(error).__name__}"))
            raise
        self._tell(str(answer.status))
        return answer

    def _tell(self, what: str) -> None:
        joint = ", " if ": " in self._lines[-1] else ": "
        self._lines[-1] += f"{joint}{what}"

    def _keep_secret(self, answer: Response, issued: Issued, *, at_path: bool = False) -> None:
        """Break the promise where an answer holds the code, elsewhere than at the code path."""
        if len(issued.code) < SHORTEST_LEAK:
            return
        told = answer.body.decode("utf-8", "replace") + " ".join(text for _, text in answer.headers)
        if told.count(issued.code) > at_path:
            self._break(Broken("secret", "the answer holds the code"))

    def _break(self, broken: Broken | None) -> None:
        if broken is None or broken.promise not in self._held:
            return
        calls = "\n".join(f"{number:4}. {line}" for number, line in enumerate(self._lines, 1))
        raise BrokenPromiseError(
            f"{PROMISES[broken.promise]}\n"
            f"In the last of these calls {broken.told}. Make them in this order to see it again:\n{calls}"
        )
