"""Services of odd shapes: recorded, learned, verified, and asked again as fakes under what was learned."""

import pytest
from lessons import CODE, lesson, login
from recordings import DAY

from pytest_botpenguin_otp.botpenguin import TOKEN
from pytest_botpenguin_otp.cassettes import triangle
from pytest_botpenguin_otp.cassettes.reading import scrubbed
from pytest_botpenguin_otp.suite import scenario
from pytest_botpenguin_otp.suite.asking import Asked, Caller
from pytest_botpenguin_otp.suite.target import faults
from pytest_botpenguin_otp.wire import json_response
from pytest_botpenguin_otp.world import BOTPENGUIN_URL, World

SHAPES = {
    "number deep in a list of unlike things": (
        json_response(201, {"response": {"items": [{"kind": "sms", "parts": 1}, {"value": int(CODE)}]}}),
        json_response(201, {"response": {"items": [{"verified": True}]}}),
        json_response(422, {"errors": [{"field": "userOtp", "detail": "does not match"}]}),
    ),
    "another envelope for each answer": (
        json_response(202, {"queued": {"pin": CODE, "parts": 1}}),
        json_response(200, ["verified", {"at": "2026-11-23T10:00:00Z"}]),
        json_response(401, {"error": {"type": "mismatch", "left": 4}}),
    ),
    "told by a word": (
        json_response(200, {"status": "sent", "otp": CODE}),
        json_response(200, {"status": "approved"}),
        json_response(200, {"status": "denied"}),
    ),
}


@pytest.mark.parametrize("answers", SHAPES.values(), ids=SHAPES)
def test_learned_and_verified(answers):
    """Under what was learned the fakes answer as recorded, and let in the right code and no other."""
    recorded = scrubbed(login(*answers), made=DAY)
    taught = lesson(recorded)
    found = triangle.verify(recorded, taught.profile, today=DAY)
    world = World(taught.profile)
    send = {
        "accountSID": world.twilio.account_sid,
        "authToken": world.twilio.auth_token,
        "fromNumber": world.twilio.number,
        "toNumber": "+14155550123",
    }
    caller = Caller(base_url=BOTPENGUIN_URL, authorization=TOKEN, send=send)
    asked = Asked(world, taught.profile, caller, evidence="fakes under what was learned")

    assert {"send_ok", "verify_ok", "verify_mismatch", "code_path"} <= {*taught.learned}
    assert taught.warnings == taught.contradictions == ()
    assert (found.verdict, found.checked) == ("same", 3), found.held
    assert [faults(asked, name) for name in (scenario.SEND, scenario.RIGHT, scenario.WRONG)] == [()] * 3
