"""Exchanges scrubbed, and what stands in them."""

from base64 import b64encode

from recordings import DAY

from pytest_botpenguin_otp.cassettes.record import text_of
from pytest_botpenguin_otp.cassettes.scrub import Scrubber
from pytest_botpenguin_otp.wire import json_response

__all__ = ["SENT", "SID", "TOKEN", "TWILIO", "based", "pair", "scrubbed", "written"]

SENT = json_response(200, {"success": True, "message": "", "data": {"otp": "483920"}, "code": 200})
SID, TOKEN = "AC" + "0badc0de" * 4, "feedface" * 4
TWILIO = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json"


def written(*exchanges, known=()):
    """Return the finished text of a cassette."""
    return text_of(exchanges, file="it.yaml", made=DAY, target="fake", known=known)


def pair(user, password):
    """Return what follows Basic."""
    return b64encode(f"{user}:{password}".encode()).decode()


def based(text):
    """Return a text in base64."""
    return b64encode(text.encode()).decode()


def scrubbed(*exchanges):
    """Return the scrubbed cassette."""
    return Scrubber().scrub(exchanges, file="it.yaml", made=DAY, target="fake").cassette
