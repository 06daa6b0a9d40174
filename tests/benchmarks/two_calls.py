"""The two calls of a conversation through a bare respx mock, and nothing else: what ours is measured beside."""

from __future__ import annotations

from contextlib import contextmanager

import httpx
import respx

HOST = "https://api.v7.botpenguin.com/integrations/custom-feature"
SEND = {
    "accountSID": "AC" + "fa4e" * 8,
    "authToken": "0" * 32,
    "fromNumber": "+15005550006",
    "toNumber": "+14155550123",
}
VERIFY = {"systemOtp": "012345", "userOtp": "012345"}


@contextmanager
def mocked():
    """Mock both calls, and give a client for them."""
    with respx.mock as router:
        router.post(f"{HOST}/send-otp-sms").respond(json={"success": True, "data": {"otp": "012345"}, "code": 200})
        router.post(f"{HOST}/verify-user-otp").respond(json={"success": True, "message": "", "code": 200})
        yield httpx.Client(headers={"Authorization": "fake"}, transport=httpx.HTTPTransport(verify=False))


def send(client, body=SEND) -> None:
    """Ask for a code, and read the answer."""
    client.post(f"{HOST}/send-otp-sms", json=body).json()


def two_calls(client) -> None:
    """Ask for a code and verify it, and read both answers."""
    send(client)
    client.post(f"{HOST}/verify-user-otp", json=VERIFY).json()
