"""Cassettes to audit, and what an audit finds in them."""

import json

from recordings import DAY, post, send_request

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.audit import audit
from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange, Provenance
from pytest_botpenguin_otp.cassettes.reading import Source
from pytest_botpenguin_otp.wire import json_response

__all__ = ["HOST", "REAL", "SENDER", "SENT", "asked", "found", "source"]

REAL = Provenance(kind="recorded", target="real", made=DAY, contracts="v1", scrubber="0.1.0")
HOST = "https://api.v7.botpenguin.com"
SENT = json_response(200, {"success": True, "message": "", "data": {"otp": "100001"}, "code": 200})
SENDER = "+12125550101"


def asked(**fields):
    """Return a scrubbed request for a code, from a number that is nobody's."""
    body = json.loads(send_request().body) | {"fromNumber": SENDER} | fields
    return post(f"{HOST}/integrations/custom-feature/send-otp-sms", body, authorization="fake-token-1")


def source(*pairs, provenance=REAL, **more):
    """Return a cassette of pairs of request and response, and its text."""
    exchanges = tuple(Exchange(request=request, response=response) for request, response in pairs)
    cassette = Cassette(file="it.yaml", exchanges=exchanges, provenance=provenance, **more)
    return Source(cassette, form.dump(cassette))


def found(one, check=None, **more):
    """Return place and message of what an audit finds."""
    findings = audit(one, today=DAY, **more).findings
    return [(finding.place, finding.message) for finding in findings if check in (None, finding.check)]
