"""Small OTP services with one bug each, such as real ones have had."""

import json
from math import inf

from otp_services import BORNE, LIFETIME_S, Service, Sound

from pytest_botpenguin_otp.wire import JSON, Response


class AcceptsAnything(Service):
    """Lets in whoever was sent a code."""

    def reset(self):
        """Forget everything."""
        super().reset()
        self.sent = set()

    def send(self, phone):
        """Send a code; return what the caller is told."""
        self.sent.add(self.fresh(phone))
        return self.inbox[phone]

    def verify(self, system, _):
        """Say whether the text gets in."""
        return system in self.sent


class AcceptsBlanks(Sound):
    """A blank is taken for 'no code was asked for'."""

    def verify(self, reference, typed):
        """Say whether the text gets in."""
        return (reference in self.kept and not typed.strip()) or super().verify(reference, typed)


class ComparesPrefix(Sound):
    """Compares as many digits as were typed."""

    def verify(self, reference, typed):
        """Say whether the text gets in."""
        known = self.kept.get(reference)
        return super().verify(reference, known[1] if known and typed and known[1].startswith(typed) else typed)


class ComparesNumbers(Sound):
    """Compares as whole numbers, so that zeros in front are lost; every second code has one, and not every tenth."""

    def fresh(self, phone):
        """Make a code and show it on the phone."""
        self.inbox[phone] = f"{self.random.randrange(2 * 10**5):06d}"
        return self.inbox[phone]

    def verify(self, reference, typed):
        """Say whether the text gets in."""
        known = self.kept.get(reference)
        same = known and typed.isascii() and typed.isdecimal() and len(typed) < 10 and int(typed) == int(known[1])
        return super().verify(reference, known[1] if same else typed)


class Plain(Service):
    """One code for a phone, forgotten once it was used, and a count of the wrong ones."""

    borne = BORNE

    def reset(self):
        """Forget everything."""
        super().reset()
        self.codes, self.wrong = {}, {}

    def send(self, phone):
        """Send a code; return what the caller is told."""
        self.codes[phone] = (self.fresh(phone), self.now)
        return phone

    def too_old(self, age_s):
        """Say whether a code of that age is good no more."""
        return age_s > LIFETIME_S

    def forget(self, phone):
        """Forget a code that was used."""
        del self.codes[phone]

    def verify(self, phone, typed):
        """Say whether the text gets in."""
        code, at = self.codes.get(phone, (None, 0))
        if code is None or self.too_old(self.now - at) or self.wrong.get(phone, 0) >= self.borne:
            return False
        if typed != code:
            self.wrong[phone] = self.wrong.get(phone, 0) + 1
            return False
        self.forget(phone)
        self.wrong[phone] = 0
        return True


class UsableTwice(Plain):
    """Never forgets a code that was used."""

    def forget(self, phone):
        """Keep it."""


class NeverExpires(Plain):
    """Has no clock."""

    def too_old(self, _):
        """Say that it is not."""
        return False


class ExpiresInWholeMinutes(Plain):
    """Rounds the age down to minutes before it compares."""

    def too_old(self, age_s):
        """Say whether a code of that age is good no more."""
        return super().too_old(age_s // 60 * 60)


class Unbounded(Plain):
    """Counts nothing."""

    borne = inf


class OneTooMany(Plain):
    """Counts the wrong codes, and locks after one too many."""

    borne = BORNE + 1


class ResendResets(Sound):
    """Keeps the count with the code, so that a new code brings new guesses."""

    def send(self, phone):
        """Send a code; return what the caller is told."""
        self.failed[phone] = []
        return super().send(phone)


class OldCodeLives(Service):
    """Keeps every code of a phone until it expires."""

    def reset(self):
        """Forget everything."""
        super().reset()
        self.codes, self.wrong = {}, {}

    def send(self, phone):
        """Send a code; return what the caller is told."""
        self.codes.setdefault(phone, {})[self.fresh(phone)] = self.now
        return phone

    def verify(self, phone, typed):
        """Say whether the text gets in."""
        if self.wrong.get(phone, 0) >= BORNE:
            return False
        at = self.codes.get(phone, {}).pop(typed, None)
        good = at is not None and self.now - at <= LIFETIME_S
        self.wrong[phone] = 0 if good else self.wrong.get(phone, 0) + 1
        if good:
            self.codes[phone].clear()
        return good


class TellsInSendReply(Sound):
    """Gives the code back with the answer, for the front end."""

    def send(self, phone):
        """Send a code; return what the caller is told."""
        reference = super().send(phone)
        return {"id": reference, "debug": self.inbox[phone]}

    def verify(self, reference, typed):
        """Say whether the text gets in."""
        return super().verify(json.loads(reference)["id"] if reference.startswith("{") else reference, typed)


class TellsWhenWrong(Sound):
    """Says what it expected."""

    def answered(self, body):
        """Answer a check."""
        answer = super().answered(body)
        known = self.kept.get(body.get("systemOtp")) if isinstance(body, dict) else None
        if answer.status == 200 or known is None:
            return answer
        told = {"success": False, "message": f"expected {known[1]}"}
        return Response(status=400, headers=(JSON,), body=json.dumps(told).encode())


class AnybodysCode(Service):
    """Looks for the code among all that were sent."""

    def reset(self):
        """Forget everything."""
        super().reset()
        self.codes, self.wrong = {}, {}

    def send(self, phone):
        """Send a code; return what the caller is told."""
        self.codes = {code: one for code, one in self.codes.items() if one[0] != phone}
        self.codes[self.fresh(phone)] = (phone, self.now)
        return phone

    def verify(self, phone, typed):
        """Say whether the text gets in."""
        if self.wrong.get(phone, 0) >= BORNE:
            return False
        _, at = self.codes.get(typed, (None, -LIFETIME_S - 1))
        good = self.now - at <= LIFETIME_S
        self.wrong[phone] = 0 if good else self.wrong.get(phone, 0) + 1
        self.codes.pop(typed, None)
        return good


class YesOnItsOwnError(Sound):
    """Lets users in where it cannot read the code, so that nobody is locked out by a bug."""

    def verify(self, reference, typed):
        """Say whether the text gets in."""
        try:
            int(typed)
        except ValueError:
            return reference in self.kept
        return super().verify(reference, typed)


class YesToNoText(Sound):
    """Compares as its language does: what is not text is as good as true."""

    def answered(self, body):
        """Answer a check."""
        if isinstance(body, dict) and body.get("userOtp") is True:
            return Response(status=200, headers=(JSON,), body=self.yes.encode())
        return super().answered(body)


class MagicCode(Sound):
    """One code was left in for the tests."""

    def verify(self, reference, typed):
        """Say whether the text gets in."""
        return (reference in self.kept and typed == "123456") or super().verify(reference, typed)


class Unsigned(Sound):
    """Asks for Authorization only where it sends."""

    def signed(self, request):
        """Say whether a request carries Authorization."""
        return super().signed(request) or request.path.endswith("verify-user-otp")


class Stateless(Service):
    """Compares what the caller says was sent with what was typed, and remembers nothing."""

    def send(self, phone):
        """Send a code; return what the caller is told."""
        return self.fresh(phone)

    def verify(self, system, typed):
        """Say whether the text gets in."""
        return bool(system) and system == typed


class FailsWithServerError(Sound):
    """Falls over a text that is no number."""

    def answered(self, body):
        """Answer a check."""
        if isinstance(body, dict) and not str(body.get("userOtp", "0")).isdecimal():
            return Response(status=500, body=b"Internal Server Error")
        return super().answered(body)


PLANTED = {
    AcceptsAnything: {"wrong-code"},
    AcceptsBlanks: {"wrong-code"},
    ComparesPrefix: {"wrong-code"},
    ComparesNumbers: {"wrong-code"},
    UsableTwice: {"once"},
    NeverExpires: {"expiry"},
    ExpiresInWholeMinutes: {"expiry"},
    Unbounded: {"attempts"},
    ResendResets: {"resend"},
    OldCodeLives: {"resend"},
    TellsInSendReply: {"secret"},
    TellsWhenWrong: {"secret"},
    AnybodysCode: {"wrong-code"},
    YesOnItsOwnError: {"wrong-code", "once", "expiry", "attempts", "resend"},
    YesToNoText: {"closed"},
    MagicCode: {"wrong-code"},
    Unsigned: {"authorization"},
    Stateless: {"order"},
}
"""Each service with a bug, and the promises of which one is told to be broken."""
