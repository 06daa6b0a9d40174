"""The triangle: contract, recording and fake, and which of them stands alone."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from recordings import DAY, PATH, SHIPPED, post, send_request, verify_request

from pytest_botpenguin_otp import profile, world
from pytest_botpenguin_otp.cassettes import shelf
from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange, Provenance
from pytest_botpenguin_otp.cassettes.triangle import WARN_AFTER_DAYS, verify
from pytest_botpenguin_otp.wire import Request, Response, json_response

M400 = profile.PROFILES["mismatch-400"]
SENT = json_response(200, {"success": True, "message": "", "data": {"otp": "100001"}, "code": 200})
YES = json_response(200, {"success": True, "message": "", "code": 200})
NO = json_response(400, {"success": False, "message": "no", "code": 400})
MESSAGES = f"{world.TWILIO_URL}/2010-04-01/Accounts/AC{'fa4e' * 7}beef/Messages"
BASIC = "Basic QUNmYTRlZmE0ZWZhNGVmYTRlZmE0ZWZhNGVmYTRlYmVlZjpmYTRlZmE0ZWZhNGVmYTRlZmE0ZWZhNGVmYTRlY2FmZQ=="
FORM = ("Content-Type", "application/x-www-form-urlencoded")


def cassette(*exchanges, target="real", kind="recorded", made=DAY, **more):
    """Return a cassette of pairs of request and response."""
    known = Provenance(kind=kind, target=target, made=made, contracts="v1", scrubber="0", **more)
    told = tuple(Exchange(request=request, response=response) for request, response in exchanges)
    return Cassette(file="it.yaml", exchanges=told, provenance=known)


def held(*exchanges, under=M400, **settings):
    """Return what the triangle tells of exchanges."""
    return verify(cassette(*exchanges), under, today=DAY, **settings).held


def twilio(body="", method="POST", path=".json", authorization=BASIC):
    """Return a request to Twilio."""
    headers = (("Authorization", authorization), FORM)
    return Request(method=method, url=f"{MESSAGES}{path}", headers=headers, body=body.encode())


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_cassettes(path):
    """Every cassette that ships is the same under the profile it was recorded under, and claims to prove nothing."""
    name = path.stem.removeprefix("login-")
    found = verify(shelf.load(path), profile.PROFILES.get(name, M400), today=DAY)

    assert (found.verdict, found.real, found.failed) == ("same", False, False)
    assert found.checked == len(found.held) > 0


@pytest.mark.parametrize(
    ("system", "user", "answer"),
    [
        ("100001", "100001", YES),
        ("100001", "100002", NO),
        ("100001", "", NO),
        ("100009", "100009", YES),
        ("1", "2", NO),
    ],
)
def test_codes_come_alive(system, user, answer):
    """The code of the fake stands for the recorded one: two codes are equal, or not, as they were recorded."""
    found = held((send_request(), SENT), (verify_request(system, user), answer))

    assert [one.verdict for one in found] == ["same", "same"]


def test_a_code_that_the_fake_sends_by_chance():
    """A recorded code that was never sent stays another one, though the fake should send the same digits."""
    fake = world.World(M400)
    fake(send_request(fake.twilio.account_sid, fake.twilio.auth_token, authorization=fake.botpenguin.token))
    code = fake.handset().code()
    found = held((send_request(), SENT), (verify_request("100001", code), NO))

    assert [one.verdict for one in found] == ["same", "same"]


def test_wrong_code_that_was_approved():
    """A service that once said yes to a wrong code differs from the fake in status and in the flag."""
    (_, found) = held((send_request(), SENT), (verify_request("100001", "100002"), YES))

    assert (found.verdict, found.alone) == ("drift", None)
    assert "HTTP status: recorded 200, the fake 400" in found.details
    assert "the value at success: recorded true, the fake false" in found.details
    assert found.details[-1] == "the contract allows both, so neither stands alone; what is open, a profile says"


def test_recording_stands_alone():
    """Contract and fake agree against the recording."""
    (found,) = held((send_request(), json_response(200, {"pin": "100001"})))

    assert (found.verdict, found.alone, found.number) == ("drift", "recording", 1)
    assert found.request == "POST /integrations/custom-feature/send-otp-sms"


def test_fake_stands_alone():
    """Contract and recording agree against a fake whose profile breaks the contract."""
    odd = replace(M400, verify_ok=profile.Answer(200, '{"success": true, "extra": 1, "message": "", "code": 200}'))
    (found,) = held((verify_request("1", "1"), YES), under=odd)

    assert (found.verdict, found.alone) == ("drift", "fake")


def test_contract_stands_alone():
    """Recording and fake agree against the contract."""
    odd = replace(M400, verify_ok=profile.Answer(200, '{"success": true}'))
    (found,) = held((verify_request("1", "1"), json_response(200, {"success": True})), under=odd)

    assert (found.verdict, found.alone) == ("drift", "contract")
    assert any("the fake breaks its contract" in line for line in found.details)


def test_all_three_differ():
    """Where no two agree nobody stands alone."""
    odd = replace(M400, verify_ok=profile.Answer(200, '{"success": true}'))
    (found,) = held((verify_request("1", "1"), json_response(200, {"ok": True})), under=odd)

    assert (found.verdict, found.alone) == ("drift", None)


def test_no_contract():
    """A profile of one's own has no written contract: recording and fake alone are held together."""
    own = replace(M400, name="own")
    good, bad = held((verify_request("1", "1"), YES), (verify_request("1", "1"), json_response(200, {})), under=own)

    assert (good.verdict, bad.verdict, bad.alone) == ("same", "drift", None)
    assert bad.details[-1] == "no contract is written for this answer, so neither stands alone"


def test_answer_that_is_no_json():
    """An answer that is no JSON breaks every contract."""
    (found,) = held((verify_request("1", "1"), Response(status=200, body=b"<html>")))

    assert (found.verdict, found.alone) == ("drift", "recording")
    assert "the recording breaks its contract: this is no JSON" in found.details


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (verify_request("1", "1", authorization="not-known"), json_response(401, {})),
        (verify_request("1", "1", authorization=""), json_response(401, {})),
        (verify_request("1", "1", authorization="Bearer not-known"), json_response(401, {})),
        (Request(method="POST", url=f"{PATH}/verify-user-otp", body=b"{}"), json_response(401, {})),
        (post(f"{PATH}/verify-user-otp", {"systemOtp": "1"}), json_response(400, {})),
        (send_request(), json_response(400, {})),
    ],
)
def test_errors(request_, answer):
    """An error is judged by the error contract, and the fake refuses what was refused, whatever the reason."""
    told = {"success": False, "message": "no", "code": answer.status}
    (found,) = held((request_, replace(answer, body=json.dumps(told).encode())))

    assert (found.verdict, found.details) == ("same", ())


def test_refusal_told_by_the_flag():
    """A send that was refused with 200 and a flag is no success, and is held against the fake's refusal."""
    (found,) = held((send_request(), json_response(200, {"success": False, "message": "", "code": 200})))

    assert found.verdict == "drift"
    assert "HTTP status: recorded 200, the fake 400" in found.details


@pytest.mark.parametrize(
    ("request_", "status", "told"),
    [
        (verify_request("1", "1"), 500, "500 tells of that day"),
        (verify_request("1", "1"), 429, "429 tells of that day"),
        (verify_request("1", "1"), 302, "302 is no answer of these services"),
        (post("https://crm.example.test/", {"a": 1}), 200, "no contract covers this request"),
        (replace(twilio("To=%2B12125550100"), url=MESSAGES.replace("api", "proxy") + ".json"), 201, "do not answer"),
        (twilio(method="GET", path=f"/SM{'fa4e' * 8}.json"), 200, "made before the recording began"),
    ],
)
def test_could_not_be_checked(request_, status, told):
    """What cannot be held against anything is neither the same nor drift; and where that is all, the run fails."""
    found = verify(cassette((request_, json_response(status, {}))), M400, today=DAY)

    assert (found.held[0].verdict, found.held[0].alone) == ("could not be checked", None)
    assert told in found.held[0].details[0]
    assert (found.checked, found.verdict, found.failed) == (0, "could not be checked", True)


def test_nothing_checked_fails():
    """An empty cassette is no success."""
    found = verify(cassette(), M400, today=DAY)

    assert (found.checked, found.failed) == (0, True)


def test_one_checked_is_enough():
    """What could not be checked does not hide that the rest was the same."""
    found = verify(cassette((verify_request("1", "1"), YES), (verify_request("1", "1"), Response(status=503))), M400,
                   today=DAY)  # fmt: skip

    assert (found.checked, found.verdict, found.failed) == (1, "same", False)


def test_twilio():
    """A message that was made is found again by its own sid, and refusals are told by Twilio's code."""
    made = json.loads(shelf.load(SHIPPED / "twilio-messages.yaml").exchanges[0].response.body)
    media = made["subresource_uris"]["media"]
    fetched = made | {"subresource_uris": {"media": media, "feedback": media.replace("Media", "Feedback")}}
    refused = {"code": 21211, "message": "no", "more_info": "https://www.twilio.com/docs/errors/21211", "status": 400}
    form = "To=%2B12125550100&From=%2B12125550101&Body=hi"
    found = held(
        (twilio(form), json_response(201, made)),
        (twilio(method="GET", path=f"/{made['sid']}.json"), json_response(200, fetched)),
        (twilio(form), json_response(400, refused)),
        (twilio(form), json_response(400, refused | {"code": 99999})),
        (twilio("From=%2B15005550006&Body=hi"), json_response(400, refused | {"code": 21604})),
        (twilio("From=%2B15005550006&Body=hi"), json_response(400, refused)),
        (twilio(form, authorization="Basic bm86cGU="), json_response(401, refused | {"code": 20003, "status": 401})),
    )

    assert [one.verdict for one in found] == ["same", "same", "same", "drift", "same", "drift", "same"]
    assert "the value at code: recorded 21211, the fake 21604" in found[5].details


def test_null_that_the_contract_allows():
    """A field that may be null is no drift where it is not."""
    made = json.loads(shelf.load(SHIPPED / "twilio-messages.yaml").exchanges[0].response.body)
    (found,) = held((twilio("To=%2B12125550100&From=%2B15005550006&Body=hi"),
                     json_response(201, made | {"price": "-0.0079"})))  # fmt: skip

    assert found.verdict == "same"


def test_white_label():
    """A recording of another host is replayed at that host."""
    asked = replace(send_request(), url="https://api-v7.white.example/integrations/custom-feature/send-otp-sms")

    assert [one.verdict for one in held((asked, SENT))] == ["same"]


def test_declared_values():
    """A value counts where it is declared, and only there."""
    said = json_response(200, {"success": True, "message": "done", "code": 200})
    exchange = (verify_request("1", "1"), said)

    assert [one.verdict for one in held(exchange)] == ["same"]
    assert [one.verdict for one in held(exchange, values=["message"])] == ["drift"]


@pytest.mark.parametrize(
    ("days", "max_age", "verdict", "warned"),
    [
        (0, None, "same", False),
        (WARN_AFTER_DAYS, None, "same", False),
        (WARN_AFTER_DAYS + 1, None, "same", True),
        (10, 10, "same", False),
        (11, 10, "stale", False),
        (-1, 10, "same", True),
    ],
)
def test_age(days, max_age, verdict, warned):
    """Old recordings are warned about, and fail where a greatest age is given."""
    old = cassette((verify_request("1", "1"), YES), made=DAY - timedelta(days=days))
    found = verify(old, M400, today=DAY, max_age=max_age)

    assert (found.age_days, found.verdict, found.failed) == (days, verdict, verdict == "stale")
    assert bool(found.warnings) is warned


def test_drift_is_worse_than_age():
    """An old recording that differs is drift, and says so."""
    old = cassette((verify_request("1", "1"), NO), (verify_request("1", "1"), YES), made=DAY - timedelta(days=9))
    found = verify(old, M400, today=DAY, max_age=1)

    assert [one.verdict for one in found.held] == ["drift", "stale"]
    assert found.held[1].details == ("9 days old; at most 1 are allowed",)
    assert found.verdict == "drift"


def test_no_provenance():
    """An old file of vcrpy's says no day, so it is stale where an age is given, and proves nothing."""
    old = replace(cassette((verify_request("1", "1"), YES)), provenance=None)
    found = verify(old, M400, today=DAY)

    assert (found.verdict, found.age_days, found.real) == ("same", None, False)
    assert "does not say what answered" in found.evidence
    assert found.warnings == ("It does not say when it was made.",)
    assert verify(old, M400, today=DAY, max_age=1).verdict == "stale"


@pytest.mark.parametrize(
    ("kind", "target", "real"),
    [
        ("recorded", "real", True),
        ("recorded", "fake", False),
        ("recorded", "unknown", False),
        ("documented", "real", False),
        ("observed", "real", False),
        ("assumed", "real", False),
    ],
)
def test_only_real_recordings_prove(kind, target, real):
    """Only a recording of the real service proves anything, and each other says that it does not."""
    found = verify(cassette((verify_request("1", "1"), YES), kind=kind, target=target), M400, today=DAY)

    assert found.real is real
    assert ("proves nothing" in found.evidence) is not real


def test_other_contracts():
    """A recording made with contracts of another version is warned about."""
    old = cassette((verify_request("1", "1"), YES))
    old = replace(old, provenance=replace(old.provenance, contracts="v0"))

    assert "contracts of another version" in verify(old, M400, today=DAY).warnings[0]


@pytest.mark.parametrize("depth", [300, 600, 900, 100_000])
def test_nested_deep(depth):
    """A recording that is nested deep is told, and the rest is checked all the same."""
    deep = f'{{"systemOtp": {"[" * depth}{"]" * depth}, "userOtp": "1"}}'.encode()
    asked = replace(verify_request("1", "1"), body=deep)
    found = held((asked, NO), (verify_request("1", "1"), replace(YES, body=deep)), (verify_request("1", "1"), YES))

    assert [one.verdict for one in found[1:]] == ["drift", "same"]
    assert found[0].verdict in ("same", "could not be checked")


def test_no_value_is_told():
    """Neither a recorded value nor one of the fake's is in what is told."""
    code, phone = "271828", "+12125550100"
    told = {"success": "yes", "message": phone, "data": [code], code: code, "code": code}
    found = held(
        (send_request(to=phone), json_response(200, told)), (verify_request(code, code), json_response(400, told))
    )

    assert not any(value in repr(found) for value in (code, phone))
