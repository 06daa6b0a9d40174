"""Nothing sensitive gets into a cassette, wherever and however it is planted."""

import gzip
import json
import re
from base64 import b64encode, encodebytes, urlsafe_b64encode
from functools import reduce
from urllib.parse import quote, quote_plus

import pytest
from recordings import PATH, PHONE, post, send_request, verify_request
from scrubbing import SENT, SID, TOKEN, TWILIO, based, pair, written

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.errors import LeakError
from pytest_botpenguin_otp.cassettes.names import Seen
from pytest_botpenguin_otp.cassettes.scan import scan
from pytest_botpenguin_otp.wire import Request, Response, json_response


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


def test_a_leak_is_no_file(tmp_path, monkeypatch):
    """Were anything left, there is no file, and the message has place and kind but no value."""
    monkeypatch.setattr("pytest_botpenguin_otp.cassettes.texts.Texts.text", lambda *told: told[2])
    answer = json_response(200, {"message": "hunterxyz"})

    with pytest.raises(LeakError) as caught:
        written((send_request(), answer), known=[Seen("password", "hunterxyz")])
    assert "hunterxyz" not in str(caught.value)
    assert "interactions[0].response.body.string.message: a known password" in str(caught.value)
    assert list(tmp_path.iterdir()) == []
