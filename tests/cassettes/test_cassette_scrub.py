"""What is kept of an exchange, and in which form: structure, words, and one pseudonym for each value."""

import json
import re
from base64 import b64decode, b64encode
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import DAY, PATH, PHONE, post, send_request, verify_request
from scrubbing import SENT, SID, TOKEN, pair, scrubbed, written

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.errors import CassetteError
from pytest_botpenguin_otp.cassettes.names import RESERVED, Seen
from pytest_botpenguin_otp.cassettes.parts import LITERALS
from pytest_botpenguin_otp.cassettes.replay import Replay
from pytest_botpenguin_otp.cassettes.scan import scan
from pytest_botpenguin_otp.cassettes.scrub import Scrubber
from pytest_botpenguin_otp.wire import Request, Response, json_response

HEX32 = st.integers(16**20, 16**32 - 1).map(lambda number: f"{number:032x}")
CODES = st.from_regex(r"[0-9]{4,8}", fullmatch=True)

NUMBERS = st.one_of(
    st.integers(0, 99).map("+14155550{:02d}".format).map(lambda told: told + "1"),
    st.integers(7000000000, 7999999999).map("+44{}".format),
    st.integers(10**8, 10**10).map("+49{}".format),
)


def test_structure_stays():
    """What is to be learned of an answer is still there: keys, types, statuses, words, forms."""
    answer = {
        "success": True,
        "message": "OTP sent successfully to +49 30 901820, Alice!",
        "data": {"otp": "012345", "expiresIn": 300, "at": "2026-11-23T10:00:00.123Z", "tries": None, "n": 483921},
        "_id": "65f0c0ffee65f0c0ffee65f0",
        "code": 200,
    }
    told = json.loads(scrubbed((send_request(), json_response(200, answer))).exchanges[0].response.body)

    assert told == {
        "success": True,
        "message": "OTP sent successfully to +12125550101, word-1!",
        "data": {"otp": "000001", "expiresIn": 300, "at": "2000-01-01T00:00:00.000Z", "tries": None, "n": 100001},
        "_id": "fa4efa4efa4efa4efa4e0003",
        "code": 200,
    }


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "expired at 2026-11-23T10:00:00Z, or 2026-11-23 10:00:00.5",
            "expired at 2000-01-01T00:00:00Z, or 2000-01-01 00:00:00.0",
        ),
        ("errors 21211 and 30003 30005", "errors 21211 and 30003 30005"),
        ("status 200, 404, 71234", "status 200, 404, 10001"),
        ("attempt 2 of 3", "attempt 2 of 3"),
        ("at 10:30", "at 10:01"),
        ("[true, 7] is {}", "[true, 7] is {}"),
        ('{"is": [true, null, "Bob", "483920"]}', '{"is": [true, null, "word-1", "100001"]}'),
        ("c483920d-true-99", "x100001x-true-77"),
    ],
)
def test_words_of_a_message(message, told):
    """Words that tell nothing, short numbers, Twilio's error codes and the form of a date stay."""
    answer = json_response(200, {"otp": "483920", "message": message})

    assert scrubbed((send_request(), answer)).exchanges[0].response.json()["message"] == told


def test_same_value_same_pseudonym():
    """A number in every spelling is one person, a code one code; another code is another."""
    text = f"to {PHONE}, 14155550123, (415) 555-0123; code 483920"
    answer = {"message": text, "otp": "483920", "typed": "483 920", "other": "111222"}
    told = json.loads(scrubbed((send_request(), json_response(200, answer))).exchanges[0].response.body)

    assert told["message"] == f"to +12125550100, 12125550100, (212) 555-0100; code {told['otp']}"
    assert told["typed"].replace(" ", "") == told["otp"]
    assert told["other"] not in (told["otp"], "111222")


def test_a_code_does_not_cut_a_number():
    """Where texts are replaced, a number that holds the code is cut (`To=%2B1555<CODE>7`); here both are whole."""
    told = scrubbed((send_request(to="+15551234567"), json_response(200, {"otp": "123456", "to": "+15551234567"})))
    answer = json.loads(told.exchanges[0].response.body)

    assert json.loads(told.exchanges[0].request.body)["toNumber"] == answer["to"] == "+12125550100"
    assert answer["otp"] == "100001"


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("Bearer s3cret-s3cret", "Bearer fake-token-x1"),
        ("bEARER s3cret-s3cret", "Bearer fake-token-x1"),
        ("Key s3cret-s3cret", "Key fake-token-x1"),
        ("s3cret-s3cret", "fake-token-x1"),
        ("s3cret-s3cre", "fake-token-1"),
        ("s3cret-s3cr", "fake-xxxxx1"),
        ("two words", "fake-xxx1"),
        ("s3cret", "fake-1"),
        ("s3c", "fake-1"),
        (f"Bearer {TOKEN}", f"Bearer {'fa4e' * 7}0001"),
        (f"Bearer {'s3-' * 300}", f"Bearer fake-token-{'x' * 888}1"),
        ("Basic !!!", "Basic fake-1"),
        ("Basic " + b64encode(b"some-user:p4ss-word-p4ss").decode(), "Basic " + pair("fake-xxx1", "fake-token-xx2")),
        ("", ""),
        ("Bearer {}", "Bearer {}"),
    ],
)
def test_authorization_keeps_its_form(kept, told):
    """The scheme stays, the token becomes an evidently fake one of its length, and a blank stays blank."""
    text = written((verify_request("1", "2", authorization=kept), SENT))

    assert form.loads(text, "it.yaml").exchanges[0].request.header("authorization") == told
    assert len(told) == len(kept) or kept in ("s3c", "Basic !!!")


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("+1 415 555 0123", "+1 212 555 0100"),
        ("+14155550123", "+12125550100"),
        ("14155550123", "12125550100"),
        ("4155550123", "2125550100"),
        ("(415) 555-0123", "(212) 555-0100"),
        ("+447911123456", "+447700900001"),
        ("00447911123456", "00447700900001"),
        ("447911123456", "447700900001"),
        ("07911 123456", "07700 900001"),
        ("+919876543210", "+447700900001"),
        ("whatsapp:+14155550123", "whatsapp:+12125550100"),
        # no number of this length is nobody's: the nearest
        ("+4930901820", "+12125550100"),
        ("0612345678", "07700900001"),
        ("8613912345678", "447700900001"),
        ("+8613912345678", "+447700900001"),
    ],
)
def test_a_number_keeps_its_form(kept, told):
    """Length, plus, `00`, leading zero and what stands between stay, as far as there is such a number for fiction."""
    answer = json_response(200, {"to": kept, "text": f"Sent to {kept}."})
    exchange = form.loads(written((send_request(to=kept), answer)), "it.yaml").exchanges[0]

    assert json.loads(exchange.request.body)["toNumber"] == told
    assert exchange.response.json() == {"to": told, "text": f"Sent to {told}."}


@pytest.mark.parametrize(
    "typed", ["", "{}", "null", "123 456", "abcdef", "1", "0", "00", "é", "1" * 30, "x" * 90, '1","systemOtp":"1']
)
def test_what_a_user_typed_keeps_its_relation(typed):
    """Equal stays equal, other stays other, and what an unset attribute became stays that."""
    cassette = scrubbed((verify_request(typed, typed), SENT), (verify_request(typed, typed + "7"), SENT))
    (same, other) = (json.loads(exchange.request.body) for exchange in cassette.exchanges)

    assert same["systemOtp"] == same["userOtp"] == other["systemOtp"] != other["userOtp"]
    assert (same["userOtp"] == typed) == (typed in ("", "{}", "null"))


def test_types_stay():
    """A number stays a number, true stays true, a list a list."""
    body = {"systemOtp": 12345, "userOtp": 1.5}
    answer = [1.25, 12345, -123456, True, None, 21211, {"status": 21610}, {"x": 21211}, 10**15]
    cassette = scrubbed((post(f"{PATH}/verify-user-otp", body), json_response(200, answer)))
    told = json.loads(cassette.exchanges[0].request.body)
    answered = json.loads(cassette.exchanges[0].response.body)

    assert told["systemOtp"] == answered[1] == 10001
    assert isinstance(told["userOtp"], float)
    assert answered[0] == 0.5
    assert answered[3:5] == [True, None]
    assert answered[6] == {"status": 21610}
    assert answered[7] != {"x": 21211}
    assert answered[8] == 0


def test_encoded_values_stay_encoded():
    """A value in percent form or base64 becomes its pseudonym in that form."""
    answer = {"percent": quote(PHONE), "pair": pair(SID, TOKEN), "in a text": f"is {quote(PHONE)}."}
    answer["other"] = b64encode(b"hello world!").decode()
    cassette = scrubbed((send_request(sid=SID, token=TOKEN), json_response(200, answer)))
    asked, told = (
        json.loads(body) for body in (cassette.exchanges[0].request.body, cassette.exchanges[0].response.body)
    )

    assert unquote(told["percent"]) == asked["toNumber"]
    assert b64decode(told["pair"]).decode() == f"{asked['accountSID']}:{asked['authToken']}"
    assert list(told.values())[2] == f"is {told['percent']}."
    assert b64decode(told["other"]) == b"word-1 word-2!"


def test_odd_requests():
    """Values in lists and mappings, numbers that are none, no body, other media types: each has its form."""
    body = {"systemOtp": ["abcdef", {"deep": "s3cret"}], "userOtp": "ghijkl"}
    odd = post(f"{PATH}/verify-user-otp", body, headers=(("Content-Type", "multipart/form-data; boundary=s3cret"),))
    empty = Request(method="POST", url=f"{PATH}/verify-user-otp")
    see = {"message": "Read https://www.twilio.com/docs/errors/21211 or 2010-04-01", "more_info": None}
    cassette = scrubbed((odd, json_response(200, see)), (empty, Response(status=204)), (send_request(to="abc"), SENT))
    first, second, third = cassette.exchanges

    assert json.loads(first.request.body) == {"systemOtp": ["xxxxxx", {"unnamed_1": ""}], "userOtp": "xxxxxy"}
    assert first.request.header("content-type") == "application/octet-stream"
    assert json.loads(first.response.body) == see
    assert (second.request.body, second.response.body) == (b"", b"")
    assert json.loads(third.request.body)["toNumber"] == "xxx"


def test_secrets_of_the_run():
    """What the run knows as a secret is replaced wherever it stands, and looked for at the end."""
    answer = json_response(500, {"message": "bad token hunter2xyz", "t": "hunter2xyz", "n": "Al-Pin0"})
    known = [Seen("secret", "hunter2xyz"), Seen("name", "Al-Pin0")]
    text = written((post(f"{PATH}/verify-user-otp", {"systemOtp": True, "userOtp": None}), answer), known=known)

    assert "bad token fake-xxxx" in text
    assert '{"systemOtp": true, "userOtp": null}' in text
    assert "hunter2xyz" not in text
    assert "Al-Pin0" not in text


def test_other_calls_are_refused():
    """A call that no contract describes is named by place, method and host, and refuses the whole recording."""
    request = post("https://crm.example.test/secret/path", {"a": 1})
    get = Request(method="POST", url="https://crm.example.test/x", body=b"[]")

    with pytest.raises(CassetteError, match=r"interaction 2: POST to crm\.example\.test is none of") as caught:
        scrubbed((send_request(), SENT), (request, SENT), (get, SENT))
    assert "secret" not in str(caught.value)
    assert "interaction 3" in str(caught.value)


def test_white_label_paths_lose_their_secrets():
    """An endpoint under another name is known by its body, and unknown parts of its path become pseudonyms."""
    request = post("https://bot.example.test/hooks/T0PS3CRET/x", {"systemOtp": "1", "userOtp": "2", "extra": "3"})
    told = scrubbed((request, SENT)).exchanges[0].request

    assert told.url == "https://bot.example.test/segment-1/segment-2/segment-3"
    assert json.loads(told.body).keys() == {"systemOtp", "userOtp", "unnamed_1"}


@given(sid=HEX32, token=HEX32, to=NUMBERS, code=CODES, typed=CODES, word=st.text(min_size=4))
def test_properties(*, sid, token, to, code, typed, word):
    """For all secrets: the scan finds nothing, contracts that were kept are kept, and the recording plays through."""
    asked = send_request(sid=f"AC{sid}", token=token, to=to, authorization=f"Bearer {token[::-1]}")
    sent = json_response(200, {"success": True, "message": "", "data": {"otp": code}, "code": 200})
    verdict = json_response(400, {"success": False, "message": f"{word} {to} {typed}", "code": 400})
    exchanges = [(asked, sent), (verify_request(code, typed), verdict), (verify_request(code, code), sent)]
    done = Scrubber().scrub(exchanges, file="it.yaml", made=DAY, target="fake")
    text = form.dump(done.cassette)
    first, second, third = done.cassette.exchanges
    told = json.loads(first.request.body)

    assert scan(text, done.seen) == ()
    assert contracts.check("botpenguin/send-request", told) == ()
    assert contracts.check("botpenguin/send-response", json.loads(first.response.body)) == ()
    assert contracts.check("botpenguin/verify-request", json.loads(second.request.body)) == ()
    assert contracts.check("botpenguin/error-response", json.loads(second.response.body)) == ()
    assert RESERVED.fullmatch(told["toNumber"])
    assert told["toNumber"] != to
    kept = json.loads(third.request.body)["systemOtp"]
    assert len(kept) == len(code)
    assert (kept[0] == "0") == (code[0] == "0")
    assert kept != code

    replay = Replay(form.loads(text, "it.yaml"))
    live = replay(asked).json()["data"]["otp"]
    wrong = live if typed == code else f"{live}1"
    assert replay(verify_request(live, wrong)).status == 400
    assert replay(verify_request(live, live)).status == 200
    assert replay.unplayed() == ()


TYPED = st.text("ab12C #-", min_size=1, max_size=8) | st.text(max_size=8)


@given(codes=st.lists(TYPED, min_size=2, max_size=6, unique=True))
def test_codes_typed_stay_apart(codes):
    """Of what was typed each text has a pseudonym of its own and of the same length, be it a code or not."""
    kept = [code for code in codes if code not in LITERALS]
    told = [
        json.loads(one.request.body)["userOtp"]
        for one in scrubbed(*((verify_request("483920", code), Response(status=400)) for code in kept)).exchanges
    ]

    assert len(set(told)) == len(kept)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_the_structure_of_json_in_other_encodings(encoding):
    """JSON keeps its structure whatever it begins with and is written in, and its values are replaced."""
    body = '{"success": true, "data": {"otp": "483920", "name": "Zoë Kovács"}}'.encode(encoding)
    [exchange] = scrubbed((send_request(), Response(status=200, body=body))).exchanges
    told = exchange.response.json()

    assert (told["success"], told["data"]["otp"]) == (True, "100001")
    assert not {"Zoë", "Kovács", "ë"} & {*re.split(r"\W+", exchange.response.body.decode()), *told["data"]["name"]}
