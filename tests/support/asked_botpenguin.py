"""The fake BotPenguin, asked as a bot asks it."""

import json
from dataclasses import replace

from pytest_botpenguin_otp.botpenguin import TOKEN, FakeBotPenguin
from pytest_botpenguin_otp.clock import Clock
from pytest_botpenguin_otp.faults import FaultPlan
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES
from pytest_botpenguin_otp.wire import Request, json_response

__all__ = ["AUTH", "BODY", "HOST", "SEND", "VERIFY", "Service", "message"]

HOST = "https://api.v7.botpenguin.com/integrations/custom-feature"
SEND, VERIFY = f"{HOST}/send-otp-sms", f"{HOST}/verify-user-otp"
BODY = {
    "accountSID": "AC" + "fa4e" * 8,
    "authToken": "fa4e" * 8,
    "fromNumber": "+15005550006",
    "toNumber": "+14155550123",
}
AUTH = (("Authorization", TOKEN),)


class Service:
    """A fake whose Twilio answers as it is told, and notes what it was asked."""

    def __init__(self, profile=PROFILES[DEFAULT], twilio=None, seed=0, **choices):
        self.asked = []
        self.twilio = twilio or json_response(201, {"sid": "SM1"})
        self.plan = FaultPlan()
        self.fake = FakeBotPenguin(
            profile=replace(profile, **choices), wire=self.wire, clock=Clock(), seed=seed, faults=self.plan
        )

    def wire(self, request):
        """Answer for Twilio."""
        self.asked.append(request)
        if isinstance(self.twilio, Exception):
            raise self.twilio
        return self.twilio

    def ask(self, url, body, headers=AUTH, method="POST"):
        """Ask the fake."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.fake(Request(method=method, url=url, headers=headers, body=content))

    def send(self, **changes):
        """Ask for a code."""
        return self.ask(SEND, BODY | changes)

    def verify(self, system, user):
        """Ask whether two codes are the same."""
        return self.ask(VERIFY, {"systemOtp": system, "userOtp": user})


def message(answer):
    """Return what an answer says."""
    return answer.json()["message"]
