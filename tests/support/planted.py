"""Small OTP services, each written for itself: two that are sound, and many with one bug that real ones have had."""

import json
from random import Random

from pytest_botpenguin_otp.wire import JSON, Response

LIFETIME_S = 600
BORNE = 5


class Service:
    """What is not about codes: JSON in and out, Authorization, a clock, and phones that show their newest code."""

    yes = '{"success": true}'
    no = '{"success": false}'

    def __init__(self):
        self.reset()

    def reset(self):
        """Forget everything."""
        self.now = 0
        self.random = Random(7)
        self.inbox = {}

    def pass_time(self, seconds):
        """Let so many seconds pass."""
        self.now += seconds

    def inbox_of(self, phone):
        """Return the newest code on a phone."""
        return self.inbox[phone]

    def fresh(self, phone):
        """Make a code and show it on the phone."""
        self.inbox[phone] = f"{self.random.randrange(10**6):06d}"
        return self.inbox[phone]

    def signed(self, request):
        """Say whether a request carries Authorization."""
        return bool(request.header("authorization"))

    def __call__(self, request):
        """Answer one request."""
        if not self.signed(request):
            return Response(status=401, headers=(JSON,), body=self.no.encode())
        try:
            body = request.json()
        except ValueError:
            return Response(status=400, headers=(JSON,), body=self.no.encode())
        if request.path.endswith("send-otp-sms"):
            reference = self.send(body["toNumber"])
            sent = {"success": reference is not None, "data": {"otp": reference}}
            return Response(status=429 if reference is None else 200, headers=(JSON,), body=json.dumps(sent).encode())
        return self.answered(body)

    def answered(self, body):
        """Answer a check."""
        texts = isinstance(body, dict) and all(isinstance(body.get(name), str) for name in ("systemOtp", "userOtp"))
        good = texts and self.verify(body["systemOtp"], body["userOtp"])
        return Response(status=200 if good else 400, headers=(JSON,), body=(self.yes if good else self.no).encode())


class Sound(Service):
    """Gives the caller a reference, keeps the code, its age and the phone's failures, and forgets what was used."""

    def reset(self):
        """Forget everything."""
        super().reset()
        self.kept = {}
        self.failed = {}

    def send(self, phone):
        """Send a code; return what the caller is told."""
        reference = f"ref-{self.random.randrange(10**9)}"
        self.kept = {ref: one for ref, one in self.kept.items() if one[0] != phone}
        self.kept[reference] = (phone, self.fresh(phone), self.now)
        return reference

    def verify(self, reference, typed):
        """Say whether the text gets in."""
        phone, code, at = self.kept.get(reference, (None, None, 0))
        recent = [when for when in self.failed.get(phone, ()) if self.now - when < LIFETIME_S]
        if code is None or self.now - at > LIFETIME_S or len(recent) >= BORNE:
            return False
        if typed != code:
            self.failed[phone] = [*recent, self.now]
            return False
        del self.kept[reference]
        self.failed[phone] = []
        return True


class Strict(Service):
    """Sound in another way: sends the same code again while it is good, five times at most, and strips blanks."""

    def reset(self):
        """Forget everything."""
        super().reset()
        self.open = {}

    def send(self, phone):
        """Send a code; return what the caller is told."""
        one = self.open.get(phone)
        if one is None or self.now - one["at"] >= LIFETIME_S:
            one = self.open[phone] = {"code": self.fresh(phone), "at": self.now, "sends": 0, "wrong": 0, "used": False}
        if one["sends"] == BORNE or one["used"] or one["wrong"] == BORNE:
            return None
        one["sends"] += 1
        return phone

    def verify(self, phone, typed):
        """Say whether the text gets in."""
        one = self.open.get(phone)
        if one is None or one["used"] or one["wrong"] == BORNE or self.now - one["at"] >= LIFETIME_S:
            return False
        one["used"] = typed.strip() == one["code"]
        one["wrong"] += not one["used"]
        return one["used"]


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


class UsableTwice(Service):
    """Never forgets a code that was used."""

    def reset(self):
        """Forget everything."""
        super().reset()
        self.codes, self.wrong = {}, {}

    def send(self, phone):
        """Send a code; return what the caller is told."""
        self.codes[phone] = (self.fresh(phone), self.now)
        return phone

    def verify(self, phone, typed):
        """Say whether the text gets in."""
        code, at = self.codes.get(phone, ("", 0))
        good = bool(code) and self.now - at <= LIFETIME_S and self.wrong.get(phone, 0) < BORNE and typed == code
        self.wrong[phone] = 0 if good else self.wrong.get(phone, 0) + 1
        return good


class NeverExpires(Service):
    """Has no clock."""

    def reset(self):
        """Forget everything."""
        super().reset()
        self.codes, self.wrong = {}, {}

    def send(self, phone):
        """Send a code; return what the caller is told."""
        self.codes[phone] = self.fresh(phone)
        return phone

    def verify(self, phone, typed):
        """Say whether the text gets in."""
        if phone not in self.codes or self.wrong.get(phone, 0) >= BORNE:
            return False
        if typed != self.codes[phone]:
            self.wrong[phone] = self.wrong.get(phone, 0) + 1
            return False
        del self.codes[phone]
        self.wrong[phone] = 0
        return True


class ExpiresInWholeMinutes(Service):
    """Rounds the age down to minutes before it compares."""

    def reset(self):
        """Forget everything."""
        super().reset()
        self.codes, self.wrong = {}, {}

    def send(self, phone):
        """Send a code; return what the caller is told."""
        self.codes[phone] = (self.fresh(phone), self.now)
        return phone

    def verify(self, phone, typed):
        """Say whether the text gets in."""
        code, at = self.codes.get(phone, (None, 0))
        if code is None or (self.now - at) // 60 > LIFETIME_S // 60 or self.wrong.get(phone, 0) >= BORNE:
            return False
        if typed != code:
            self.wrong[phone] = self.wrong.get(phone, 0) + 1
            return False
        del self.codes[phone]
        self.wrong[phone] = 0
        return True


class Unbounded(Service):
    """Counts nothing."""

    def reset(self):
        """Forget everything."""
        super().reset()
        self.codes = {}

    def send(self, phone):
        """Send a code; return what the caller is told."""
        self.codes[phone] = (self.fresh(phone), self.now)
        return phone

    def verify(self, phone, typed):
        """Say whether the text gets in."""
        code, at = self.codes.get(phone, (None, 0))
        good = code is not None and typed == code and self.now - at <= LIFETIME_S
        if good:
            del self.codes[phone]
        return good


class OneTooMany(Sound):
    """Counts the wrong codes, and locks after one too many."""

    def verify(self, reference, typed):
        """Say whether the text gets in."""
        phone, code, at = self.kept.get(reference, (None, None, 0))
        if code is None or self.now - at > LIFETIME_S or len(self.failed.get(phone, ())) > BORNE:
            return False
        if typed != code:
            self.failed.setdefault(phone, []).append(self.now)
            return False
        del self.kept[reference]
        self.failed[phone] = []
        return True


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


SOUND = (Sound, Strict)
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
