"""Which answer of a profile a recorded one is, and where the code is in it; what nobody can tell, teaches nothing."""

import json
from dataclasses import replace

import pytest
from lessons import CODE, DEFAULT, cassette, lesson, login
from recordings import DAY, send_request, verify_request

from pytest_botpenguin_otp import profile
from pytest_botpenguin_otp.cassettes.errors import LeakError
from pytest_botpenguin_otp.cassettes.learn import learn
from pytest_botpenguin_otp.cassettes.reading import scrubbed
from pytest_botpenguin_otp.cassettes.samples import pasted, samples
from pytest_botpenguin_otp.wire import Response, json_response


@pytest.mark.parametrize(
    ("body", "path", "kind"),
    [
        ({"data": {"otp": CODE, "id": "20001234"}}, "data.otp", "text"),
        ({"id": 7654321, "list": [{"c": int(CODE)}]}, "list.0.c", "number"),
        ({"data": CODE}, "data", "text"),
        ({"a.b": CODE, "c": CODE}, "c", "text"),
        ({"otp": "ABC-12"}, "otp", "text"),
    ],
)
def test_the_code_is_what_is_used_later(body, path, kind):
    """Among many numbers, the code is the one that a later verify request gives back; it stays out of the profile."""
    code = "ABC-12" if "ABC-12" in str(body) else CODE
    recorded = login(json_response(200, body), json_response(200, {"ok": 1}), json_response(400, {"ok": 0}), code)
    got = lesson(recorded).profile

    assert (got.code_path, got.code_type) == (path, kind)
    assert code not in json.dumps(profile.to_json(got))


@pytest.mark.parametrize(
    "body",
    [
        {"id": "20001234", "ref": CODE},
        {"otp": "20001234", "pin": CODE},
        {"success": True},
        {"status": 20001},
        {"ok": True, "otp": "12"},
    ],
)
def test_no_code_to_be_found(body):
    """Where two values could be the code, or none, its path is not learned, and it is said why."""
    taught = lesson(cassette((send_request(), json_response(200, body))))

    assert taught.profile.code_path == DEFAULT.code_path
    assert "just one value of 4 to 10 digits" in taught.missing["code_path"]
    assert ("which value is the code" in taught.missing.get("send_ok", "")) is (CODE in body.values())


@pytest.mark.parametrize("key", ["otp", "OTP", "sms_otp", "pin", "verificationCode", "code"])
def test_a_code_is_known_by_its_name(key):
    """Where two values could be the code, the one that is called so is it."""
    taught = lesson(cassette((send_request(), json_response(200, {"id": "20001234", key: CODE}))))

    assert taught.profile.code_path == key


@pytest.mark.parametrize(
    ("key", "used", "known"),
    [
        ("otp", False, "recorded"),
        ("messageId", False, "assumed"),
        ("messageId", True, "recorded"),
        ("code", False, "assumed"),
        ("code", True, "recorded"),
    ],
)
def test_a_guess_is_told(key, used, known):
    """That the only number is the code is a guess, unless it is called so or used as one; a guess is not recorded."""
    pairs = [(send_request(), json_response(200, {"ok": True, key: CODE}))]
    if used:
        pairs.append((verify_request(CODE, "271828"), json_response(400, {"ok": False})))
    taught = lesson(cassette(*pairs))

    assert taught.profile.code_path == key
    assert taught.profile.how_known("code_path").kind == taught.profile.how_known("send_ok").kind == known
    assert any("is the code is a guess" in told for told in taught.warnings) is (known == "assumed")


def test_code_inside_other_texts_and_keys():
    """A code in a sentence becomes its place too; one in a key stops everything."""
    sentence = {"otp": CODE, "note": f"use {CODE} now"}
    got = lesson(cassette((send_request(), json_response(200, sentence)))).profile

    assert json.loads(got.send_ok.body) == {"otp": "{{code}}", "note": "use {{code}} now"}
    with pytest.raises(LeakError, match="send_ok: the answer holds the code"):
        lesson(cassette((send_request(), json_response(200, {"otp": CODE, f"is{CODE}": True}))))


@pytest.mark.parametrize("typed", ["483 920", " 483920", "#483920", "x483920", "\u0664\u0668\u0663\u0669\u0662\u0660"])
def test_a_code_with_blanks_teaches_no_mismatch(typed):
    """What a service may take for the right code is neither the answer to a right one nor to a wrong one."""
    sent = send_request(), json_response(200, {"data": {"otp": "483920"}})
    yes = verify_request("483920", typed), json_response(200, {"success": True})
    got = lesson(scrubbed(cassette(sent, yes), made=DAY))

    assert {"verify_ok", "verify_mismatch"}.isdisjoint(got.learned)


@pytest.mark.parametrize("code", ["AB12", "AB12CD34", "ab12cde", "QWERT", "1234"])
def test_the_length_of_codes_with_letters(code):
    """A code keeps its length and is one text wherever it stands, so that the length learned is the one recorded."""
    sent = send_request(), json_response(200, {"data": {"otp": code}})
    wrong = verify_request(code, code[::-1]), json_response(400, {"success": False})
    yes = verify_request(code, code), json_response(200, {"success": True})
    got = lesson(scrubbed(cassette(sent, wrong, yes), made=DAY))

    assert (got.profile.code_length, got.profile.code_path) == (len(code), "data.otp")
    assert {"code_length", "verify_ok", "verify_mismatch"} <= {*got.learned}
    assert any("more in it than digits" in told for told in got.warnings) is not code.isdecimal()


@pytest.mark.parametrize("carried", ["fa4e" * 8, "5f2b9c1e-77aa-4c1d-9e21-000000000001", "Your word is 483920"])
@pytest.mark.parametrize("status", [200, 201])
def test_what_is_sent_as_system_otp_is_no_code(carried, status):
    """An id of a session, or a sentence, is not taken for the code, nor a yes to another text for a mismatch."""
    sent = send_request(), json_response(200, {"where": {"it": carried}, "ttl": 600})
    yes = verify_request(carried, "903817"), json_response(status, {"result": "VALID"})
    no = verify_request(carried, "271828"), json_response(401, {"result": "INVALID"})
    one, both = (lesson(scrubbed(cassette(sent, *pairs), made=DAY)) for pairs in ((yes,), (yes, no)))

    assert one.learned == ()
    assert both.learned == ("verify_mismatch",)
    assert (both.profile.verify_mismatch.status, both.contradictions) == (401, ())
    assert "stands at where.it and is no code" in one.missing["code_path"] == one.missing["send_ok"]
    assert "was not plainly refused" in one.missing["verify_mismatch"]


def test_a_mismatch_by_200_takes_the_right_code_too():
    """That 200 is a no, its flag or a yes shows, of whichever recording; who pastes an answer says what it is."""

    def answered(user, **body):
        return cassette((verify_request(CODE, user), json_response(200, body)))

    said = pasted(b'{"r": 0}', "answer.json", "verify", 200, mismatch=True, made=DAY)

    assert lesson(answered("271828", r=0)).learned == ()
    assert lesson(answered("271828", success=False)).learned == ("verify_mismatch",)
    assert "verify_mismatch" in lesson(answered("271828", r=0), answered(CODE, r=1)).learned
    assert "verify_mismatch" in learn([said], base=DEFAULT).learned


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"success": False, "message": "no credit"}, "send_refused"),
        ({"data": {"status": "error"}, "status": "failed"}, "send_refused"),
        ({"status": "queued"}, "send_ok"),
        ({"success": True, "sms": {"status": "failed"}}, "send_ok"),
        ({"ok": 0}, "send_ok"),
        ({"success": False, "code": 21211}, "send_refused"),
        ({"success": False, "error": {"twilio": "21211"}}, "send_refused"),
    ],
)
def test_a_send_that_says_no_by_200(body, answer):
    """An answer without a code whose flag says no is a refusal, recorded or pasted, whatever its status."""
    (recorded,) = samples(cassette((send_request(), json_response(200, body))))
    said = pasted(json.dumps(body).encode(), "answer.json", "send", 200, mismatch=False, made=DAY)

    assert (recorded.answer, said.answer) == (answer, answer)


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("again", [True, False])
def test_a_right_code_that_was_refused_is_no_yes(again, status):
    """A code that had expired, or was used once more, teaches neither what a yes is nor a contradiction."""
    pair = verify_request(CODE, CODE)
    expired = json_response(status, {"success": False, "message": "expired"})
    taken = [(pair, json_response(200, {"success": True}))] if again else []
    taught = lesson(cassette(*taken, (pair, expired)))

    assert ("verify_ok" in taught.learned) is again
    assert taught.contradictions == ()
    assert taught.profile.verify_ok.status == 200
    assert ("the right code was refused: it had expired" in taught.missing.get("verify_ok", "")) is not again


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (send_request(), 429),
        (verify_request(CODE, CODE), 500),
        (verify_request("", ""), 200),
        (replace(verify_request("", ""), body=b"nonsense"), 200),
        (replace(verify_request("", ""), body=b'{"systemOtp": 1}'), 200),
    ],
)
def test_what_teaches_no_answer(request_, status):
    """A rate limit, a server's error and a verify without codes are none of a profile's answers."""
    assert lesson(cassette((request_, json_response(status, {"success": False})))).learned == ()


def test_bodies_that_are_no_json():
    """An HTML page teaches no template, and that is said; a broken request is a bad one."""
    page = Response(status=400, body=b"<h1>Bad</h1>")
    deep = Response(status=200, body=b"[" * 40 + b"]" * 40)
    endless = Response(status=200, body=b'{"success": NaN}')
    nonsense = replace(send_request(), body=b"{")
    taught = lesson(
        cassette(
            (send_request(), page), (nonsense, page), (send_request(), deep), (verify_request(CODE, CODE), endless)
        )
    )

    assert "interaction 1: the answer is no JSON" in taught.missing["send_refused"]
    assert "interaction 2: the answer is no JSON" in taught.missing["bad_request"]
    assert "interaction 3: the answer is no JSON" in taught.missing["send_ok"]
    assert "interaction 4: the answer is no JSON" in taught.missing["verify_ok"]


def test_a_refusal_by_200():
    """A send without a code, where another had one, is a refusal."""
    got = lesson(
        cassette(
            (send_request(), json_response(200, {"success": True, "otp": CODE})),
            (send_request(), json_response(200, {"success": False, "message": "no"})),
        )
    ).profile

    assert got.send_refused.status == 200
    assert json.loads(got.send_refused.body) == {"success": False, "message": "{{message}}"}
