"""Small OTP services: two that are sound, each written for itself, and what is not about codes."""

import json
from random import Random

from pytest_botpenguin_otp.wire import JSON, Response

__all__ = ["BORNE", "LIFETIME_S", "SOUND", "Service", "Sound", "Strict"]

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


SOUND = (Sound, Strict)
