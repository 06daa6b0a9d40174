"""Nothing sensitive gets into a cassette, wherever and however it is planted; what is harmless stays."""

import gzip
import json
import re
from base64 import b64decode, b64encode, encodebytes, urlsafe_b64encode
from functools import reduce
from urllib.parse import quote, quote_plus, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import DAY, PATH, PHONE, post, send_request, verify_request

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.errors import CassetteError, LeakError
from pytest_botpenguin_otp.cassettes.names import RESERVED, Seen
from pytest_botpenguin_otp.cassettes.parts import LITERALS
from pytest_botpenguin_otp.cassettes.record import text_of
from pytest_botpenguin_otp.cassettes.replay import Replay
from pytest_botpenguin_otp.cassettes.scan import scan
from pytest_botpenguin_otp.cassettes.scrub import Scrubber
from pytest_botpenguin_otp.wire import Request, Response, json_response

SENT = json_response(200, {"success": True, "message": "", "data": {"otp": "483920"}, "code": 200})
SID, TOKEN = "AC" + "0badc0de" * 4, "feedface" * 4
TWILIO = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json"
HEX32 = st.integers(16**20, 16**32 - 1).map(lambda number: f"{number:032x}")
CODES = st.from_regex(r"[0-9]{4,8}", fullmatch=True)
NUMBERS = st.one_of(
    st.integers(0, 99).map("+14155550{:02d}".format).map(lambda told: told + "1"),
    st.integers(7000000000, 7999999999).map("+44{}".format),
    st.integers(10**8, 10**10).map("+49{}".format),
)


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


def spellings(secret):
    """Return a secret in every encoding."""
    raw = secret.encode()
    aligned = [b64encode(b"." * shift + raw).decode()[4:-4] for shift in range(3)]
    escaped = "".join(f"\\u{ord(char):04x}" for char in secret)
    twice = [b64encode(one.encode()).decode()[2:-4] for one in aligned]
    packed = [zipped(secret), b64encode(secret.encode("utf-16")).decode(), wide(secret), "-".join(secret)]
    return [secret, quote(secret, safe=""), quote_plus(secret), raw.hex(), escaped, *aligned, *twice, *packed]


def zipped(text):
    """Return a text packed, in base64."""
    return b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def wide(text):
    """Return a text with wide digits."""
    return "".join(chr(0xFF10 + int(char)) if char.isdecimal() else char for char in text)


class Planter:
    """Hands out canaries, each of them once, and remembers where it was planted."""

    def __init__(self):
        self.places = {}

    def __call__(self, place, form="canary{:02d}Zq7x9{:02d}pW"):
        """Return the next canary."""
        number = len(self.places)
        self.places[place] = form.format(number, number)
        return self.places[place]


def planted():
    """Return exchanges with a canary in every place there is."""
    plant = Planter()
    body = {
        "accountSID": "AC" + plant("json: account sid", "{:02d}bad{:02d}" + "c0" * 12 + "9"),
        "authToken": plant("json: auth token", "{:02d}bee{:02d}" + "d1" * 12 + "8"),
        "fromNumber": plant("json: from number", "+4479119{:02d}4{:02d}"),
        "toNumber": plant("json: to number", "+4479229{:02d}5{:02d}"),
        "top": plant("json: unknown field"),
        "nested": {"deep": {"er": plant("json: nested")}},
        "list": [1, plant("json: in a list")],
        "number": int(plant("json: number", "77{:02d}55{:02d}31")),
        "percent": quote("%" + plant("json: percent form"), safe=""),
        "base64": b64encode(plant("json: base64 form").encode()).decode(),
    }
    headers = [
        ("X-Bot-Token", plant("request header")),
        ("Cookie", f"session={plant('request cookie')}; a=b"),
        ("User-Agent", plant("user agent")),
        ("Content-Type", f"application/json; boundary={plant('media type')}"),
        ("authtype", plant("authtype")),
    ]
    url = f"https://{plant('userinfo')}:x@api.v7.botpenguin.com/{plant('path')}/send-otp-sms"
    url += f"?api_key={plant('query')}&b={quote_plus(' ' + plant('query, encoded'))}"
    request = post(url, body, authorization=f"Bearer {plant('authorization')}", headers=tuple(headers))
    answer = {
        "success": True,
        "message": f"Sent to {body['toNumber']}, dear {plant('message')}",
        "data": {"otp": plant("code", "9{:02d}4{:02d}"), "user": {"name": plant("answer: nested")}},
        "ids": [plant("answer: in a list"), int(plant("answer: number", "8{:02d}66{:02d}4"))],
        plant("answer: a key"): 1,
        "echo": json.dumps({"authToken": body["authToken"], "x": plant("answer: JSON in a text")}),
        "link": f"https://example.test/?t={quote(plant('answer: link'), safe='')}",
        "encoded": b64encode(f"{body['accountSID']}:{body['authToken']}".encode()).decode(),
        "blob": b64encode(plant("answer: base64").encode()).decode(),
        "jwt": f"eyJhbGciOiJIUzI1NiJ9.eyJ{plant('answer: token')}.abc",
        "mail": f"{plant('answer: e-mail')}@example.test",
        "twice": based(based(plant("answer: base64 twice"))),
        "bare": urlsafe_b64encode(f"??>{plant('answer: url-safe base64')}".encode()).decode().rstrip("="),
        "lines": encodebytes(f"{'a text ' * 9}{plant('answer: base64 in lines')}".encode()).decode(),
        "gzip": zipped(plant("answer: gzip")),
        "utf-16": b64encode(plant("answer: UTF-16").encode("utf-16")).decode(),
        "hex": plant("answer: hexadecimal").encode().hex(),
        "percent": quote(json.dumps({"x": plant("answer: percent-encoded JSON")}), safe=""),
        "escapes": "".join(f"\\u{ord(char):04x}" for char in plant("answer: escapes")),
        "wide": wide(plant("answer: wide digits", "84{:02d}61{:02d}")),
        "apart": "-".join(plant("answer: digits apart", "85{:02d}62{:02d}")),
        "comma": plant("answer: a comma", "{:02d}7,8{:02d}"),
        "float": float(plant("answer: a float", "86{:02d}71{:02d}")),
        f"+4479339{plant('answer: a number as key', '{:02d}6{:02d}')}": 1,
        based(plant("answer: base64 as key")): 1,
        "glued": f"Ab{plant('answer: glued', '87{:02d}72{:02d}')}Yz",
        "pair": based(f"code={plant('answer: form in base64', '88{:02d}73{:02d}')} to={body['toNumber']}"),
    }
    given = json_response(
        200,
        answer,
        headers=(
            ("Set-Cookie", f"sid={plant('answer cookie')}"),
            ("X-Api-Token", plant("answer header")),
            ("ETag", plant("etag")),
            ("Content-Length", "29"),
            ("Content-Type", "application/json; charset=utf-8"),
        ),
    )
    form_body = f"To={quote(PHONE)}&From=%2B15005550006&Body=Hi+{plant('form: text')}&Secret={plant('form: unknown')}"
    form_body += f"&StatusCallback=https%3A%2F%2Fuser%3A{plant('form: link')}%40example.test%2F"
    basic = f"Basic {pair(body['accountSID'], plant('basic: password', '{:02d}abc{:02d}' + 'e2' * 12 + '7'))}"
    create = Request(method="POST", url=TWILIO, headers=(("Authorization", basic),), body=form_body.encode())
    error = {"code": 21211, "message": f"The 'To' number {plant('error text')} is not valid", "status": 400}
    error |= {"unknown": plant("error: unknown field"), "detail": plant("error: detail")}
    html = Response(status=502, body=f"<html><b>{plant('HTML')}</b> Bad gateway</html>".encode())
    binary = Response(status=500, body=b"\xff\xfe" + plant("binary").encode())
    told = [(request, given), (create, json_response(400, error)), (verify_request("", ""), html)]
    raw = Request(method="POST", url=f"{PATH}/verify-user-otp", body=f"no json {plant('raw body')}".encode())
    doubled = '{"systemOtp": "1", "systemOtp": "' + plant("a key twice") + '", "userOtp": "1"}'
    twice = Request(method="POST", url=f"{PATH}/verify-user-otp", body=doubled.encode())
    return plant.places, [*told, (raw, binary), (twice, html), *planted_oddly(plant)]


def planted_oddly(plant):
    """Return exchanges with canaries in other media than JSON and forms, and where nobody looks for one."""
    url = f"{PATH}/verify-user-otp"
    packed = gzip.compress(json.dumps({"otp": plant("zipped answer")}).encode())
    utf_16 = json.dumps({"otp": plant("UTF-16 answer")}).encode("utf-16-le")
    parts = '--b\r\nContent-Disposition: form-data; name="userOtp"\r\n\r\n{}\r\n--b--\r\n'
    many = Request(
        method="POST",
        url=url,
        headers=(("Authorization", f"Bearer folded\r\n {plant('folded header')}"),),
        body=parts.format(plant("multipart")).encode(),
    )
    sid = plant("path of an unknown host: SID", "AC{:02d}dad{:02d}" + "c3" * 12 + "9")
    code = plant("path of an unknown host: code", "89{:02d}74{:02d}")
    fields = {"systemOtp": code, "userOtp": float(plant("request: a float", "81{:02d}75{:02d}"))}
    other = post(f"https://bot.example.test/hooks/{sid}/{code}-x?to={plant('query: SID')}", fields)
    exponent = f'{{"n": {plant("answer: an exponent", "82{:02d}76{:02d}")}e-3}}'
    return [
        (verify_request(based(plant("typed: base64")), "{}"), Response(status=200, body=packed)),
        (Request(method="POST", url=url, body=gzip.compress(plant("zipped body").encode())), Response(status=200)),
        (many, Response(status=200, body=utf_16)),
        (other, Response(status=200, body=exponent.encode())),
    ]


def test_canaries():
    """No canary is in the file, in any encoding; and there are some."""
    places, exchanges = planted()
    text = written(*exchanges)

    leaked = [place for place, secret in places.items() for told in spellings(secret) if len(told) > 5 and told in text]
    assert len(places) >= 65, sorted(places)
    assert leaked == []
    assert form.loads(text, "it.yaml").provenance.target == "fake"


def test_canaries_would_be_found():
    """The scan of the finished file finds each of them, however it is encoded, were scrubbing to miss it."""
    places, _ = planted()
    for secret in places.values():
        digits = secret.strip("+").isdecimal()
        for told in [secret] if digits else spellings(secret)[:5]:
            text = f"interactions:\n- request: {{body: {json.dumps('x ' + told + ' y')}}}\nversion: 1\n"

            assert scan(text, [Seen("secret", secret)]), told


SMUGGLED = {
    "base64 six times": lambda text: based(based(based(based(based(based(text)))))),
    "base64 twelve times": lambda text: reduce(lambda told, _: based(told), range(12), text),
    "HTML entities": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "hexadecimal with colons": lambda text: text.encode().hex(":"),
    "JSON four deep": lambda text: json.dumps(json.dumps(json.dumps({"a": json.dumps({"b": text})}))),
    "lines": "\n".join,
    "tabs": "\t".join,
    "no width": "\u200b".join,
    "no break": "\u00a0".join,
    "keycaps": lambda text: "".join(f"{char}\ufe0f\u20e3" for char in text),
    "superscript": lambda text: text.translate(dict(zip(map(ord, "0123456789"), "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))),
    "another script": lambda text: text.translate({ord("0") + digit: 0x660 + digit for digit in range(10)}),
    "halves": lambda text: f"{text[:3]} and {text[3:]}",
    "slash": lambda text: f"{text[:3]}/{text[3:]}",
    "stars": "*".join,
    "markup": lambda text: "".join(f"<b>{char}</b>" for char in text),
    "exponent": lambda text: f"{text[:1]}.{text[1:]}e5",
    "zeros before": lambda text: f"0000{text}",
    "zeros behind": lambda text: f"{text}.00",
    "data URI": lambda text: f"data:text/plain;base64,{based(f'code {text}')}",
    "JWT": lambda text: f"eyJhbGciOiJIUzI1NiJ9.{based(json.dumps({'otp': text})).rstrip('=')}.c2ln",
    "URL": lambda text: f"https://u:{text}@example.test/{text}/x?q={text}#{text}",
    "a JSON key": lambda text: json.dumps({text: 1}),
    "after much else": lambda text: "x " * 995 + text,
}


def tried(*exchanges):
    """Return the interactions of a cassette and None, or nothing and why there is none."""
    try:
        return written(*exchanges, known=[Seen("secret", "hunter2-Xy9z")]).partition("interactions:")[2], None
    except LeakError as error:
        return "", str(error)


@pytest.mark.parametrize("way", SMUGGLED)
@pytest.mark.parametrize("secret", ["483920", "hunter2-Xy9z"])
def test_nothing_is_smuggled(way, secret):
    """However a code or a secret is hidden, in an answer, a request or a text message: a pseudonym, or no file."""
    hidden = SMUGGLED[way](secret)
    sms = f"To={quote(PHONE)}&From=%2B15005550006&Body={quote_plus(hidden)}"
    places = {
        r"interactions\[1\]\.response": (verify_request("483920", "{}"), json_response(200, {"a": hidden, hidden: 1})),
        r"interactions\[1\]\.request": (verify_request("483920", hidden), SENT),
        r"interactions\[1\]\.request\.body": (Request(method="POST", url=TWILIO, body=sms.encode()), SENT),
        r"interactions\[1\]\.r": (
            Request(method="POST", url=f"{PATH}/verify-user-otp", body=hidden.encode()),
            Response(status=200, body=hidden.encode()),
        ),
    }
    for place, exchange in places.items():
        kept, refused = tried((verify_request("483920", "483920"), SENT), exchange)

        assert refused is None or re.search(f"- {place}.*: (a known (code|secret)|a text encoded too often)", refused)
        assert secret not in str(refused)
        for told in (hidden, json.dumps(hidden)[1:-1], quote_plus(hidden)):
            assert told not in kept
        assert secret not in re.sub(r"[^0-9A-Za-z-]", "", kept)
        assert "483920" not in re.sub(r"[^0-9]", "", kept)


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
    "media", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON", "text/plain", None]
)
def test_leaks_of_vcrpy(media):
    """What vcrpy's filters leave for each way to write the media type, 3.2 and 5.2 of our measurements: not here."""
    headers = () if media is None else (("Content-Type", media),)
    request = send_request(sid=SID, token=TOKEN, headers=(*headers, ("X-Bot-Token", "BOTSECRET")))
    echo = {"otp": "483920", "echo": request.body.decode(), "nested": {"authToken": TOKEN}}
    given = json_response(200, echo, headers=(("Set-Cookie", "session=topsecret"), ("X-Api-Token", "resp-secret")))
    text = written((request, given))

    for secret in (SID, TOKEN, "483920", "BOTSECRET", "topsecret", "resp-secret", PHONE, PHONE[1:], "29"):
        assert secret not in text
    assert "content-length" not in text.lower()


def test_form_of_a_number_is_found_in_percent_form():
    """`%2B15551234567` is the number too."""
    basic = pair(SID, TOKEN)
    create = Request(
        method="POST",
        url=TWILIO,
        headers=(("Authorization", f"Basic {basic}"), ("Content-Type", "application/x-www-form-urlencoded")),
        body=b"To=%2B15551234567&From=%2B15005550006&Body=Code+123456&Code=123456",
    )
    text = written((create, json_response(201, {"to": "+15551234567", "body": "Code 123456", "secret": "x"})))

    for secret in (SID, TOKEN, basic, "5551234567", "123456", '"secret"', "Code=1"):
        assert secret not in text
    assert "unnamed_1=" in text


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


def test_a_leak_is_no_file(tmp_path, monkeypatch):
    """Were anything left, there is no file, and the message has place and kind but no value."""
    monkeypatch.setattr("pytest_botpenguin_otp.cassettes.texts.Texts.text", lambda *told: told[2])
    answer = json_response(200, {"message": "hunterxyz"})

    with pytest.raises(LeakError) as caught:
        written((send_request(), answer), known=[Seen("password", "hunterxyz")])
    assert "hunterxyz" not in str(caught.value)
    assert "interactions[0].response.body.string.message: a known password" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


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
