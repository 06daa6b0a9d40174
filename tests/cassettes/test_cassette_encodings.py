"""A value is the same in whatever it is encoded: one pseudonym in the file, one live value in a replay."""

import json
import re
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from itertools import product
from urllib.parse import parse_qs, quote, unquote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recordings import DAY, post, send_request, verify_request

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.encodings import folded, peeled
from pytest_botpenguin_otp.cassettes.names import Seen
from pytest_botpenguin_otp.cassettes.record import text_of
from pytest_botpenguin_otp.cassettes.replay import Replay
from pytest_botpenguin_otp.wire import Request, json_response

SECRET = Seen("secret", "hunter2-of-the-run")


def escaped(text):
    """Return a JSON object with every character escaped."""
    return '{"code": "' + "".join(f"\\u{ord(char):04x}" for char in text) + '"}'


def unbased(text):
    """Return what base64 of either alphabet encodes, with or without its padding."""
    digits = text.rstrip("=").replace("+", "-").replace("/", "_")
    return urlsafe_b64decode(digits + "=" * (-len(digits) % 4)).decode()


EDGES = re.compile(r"(?:x|word-[0-9]+)(.*?)(?:y|x|word-[0-9]+)")
ENCODINGS = {
    "JSON": (lambda text: json.dumps({"code": text}), lambda told: json.loads(told)["code"]),
    "JSON list": (lambda text: json.dumps([1, [text]]), lambda told: json.loads(told)[1][0]),
    "JSON key": (lambda text: json.dumps({text: 1}), lambda told: next(iter(json.loads(told)))),
    "escaped JSON": (escaped, lambda told: json.loads(told)["code"]),
    "percent": (lambda text: quote(text, safe=""), unquote),
    "percent, all": (lambda text: "".join(f"%{byte:02x}" for byte in text.encode()), unquote),
    "form": (lambda text: urlencode({"to": text, "code": "200"}), lambda told: next(iter(parse_qs(told).values()))[0]),
    "base64": (lambda text: b64encode(text.encode()).decode(), unbased),
    "base64, bare": (lambda text: urlsafe_b64encode(text.encode()).decode().rstrip("="), unbased),
    "hex": (lambda text: text.encode().hex(), lambda told: bytes.fromhex(told).decode()),
    "text": (lambda text: f"sent: {text}, was it?", lambda told: re.search(r"[a-z0-9-]*: (.*), was it\?", told)[1]),
    "glued": (lambda text: f"x{text}y", lambda told: EDGES.fullmatch(told)[1]),
}
UNREADABLE = [(inner, "glued") for inner in ("base64", "base64, bare", "hex")]
"""What nobody can take apart: where in `xNDgzOTIwy` the base64 begins."""
NESTINGS = [(), *((one,) for one in ENCODINGS), *(two for two in product(ENCODINGS, repeat=2) if two not in UNREADABLE)]
HEX = st.integers(16**31, 16**32 - 1).map(lambda number: f"{number:032x}")
TOKENS = st.one_of(HEX, st.from_regex(r"[a-zA-Z0-9]{4}-[a-zA-Z0-9]{8}-[0-9]{3}[a-z]", fullmatch=True))
VALUES = st.fixed_dictionaries(
    {
        "code": st.from_regex(r"0[0-9]{3,7}|[1-9][0-9]{3,7}", fullmatch=True),
        "phone": st.one_of(
            st.integers(2000000000, 9999999999).map("+1{}".format),
            st.integers(7000000000, 7999999999).map("+44{}".format),
        ),
        "sid": HEX.map("AC{}".format),
        "token": TOKENS,
        "name": st.sampled_from(["Zoltan", "Marguerite", "Bo-Peep", "Quasimodo"]),
        "secret": st.just(SECRET.value),
    }
)
LIVE = {"code": "", "phone": "+447700900777", "sid": "AC" + "12ab" * 8, "token": "34cd" * 8}


def encoded(text, nesting):
    """Return a text in some encodings, the first being the innermost."""
    for name in nesting:
        text = ENCODINGS[name][0](text)
    return text


def decoded(text, nesting):
    """Return what is in some encodings."""
    for name in reversed(nesting):
        text = ENCODINGS[name][1](text)
    return text


def login(values, nesting=()):
    """Return exchanges with each value as it is, and in some encodings, in every place that may hold it."""
    hidden = {kind: encoded(value, nesting) for kind, value in values.items()}
    send = send_request(sid=values["sid"], token=values["token"], to=values["phone"])
    answers = [
        json_response(200, {"data": {"otp": values["code"]}}),
        json_response(200, {"plain": values, "hidden": hidden}),
        json_response(200, {}),
    ]
    verify = verify_request(values["code"], values["code"])
    typed = [verify_request(values["code"], text) for text in hidden.values()]
    return [(send, answers[0]), (verify, answers[1]), *((one, answers[2]) for one in typed)]


def plays(text, values, nesting):
    """Hold a cassette and a replay of it against what was recorded."""
    cassette = form.loads(text, "it.yaml")
    told = cassette.exchanges[1].response.json()
    typed = [json.loads(one.request.body)["userOtp"] for one in cassette.exchanges[2:]]
    for kind, hidden, asked in zip(values, told["hidden"].values(), typed, strict=True):
        plain = told["plain"][kind]
        assert plain != values[kind]
        if kind != "name" or not {"glued", "JSON key"}.intersection(nesting):
            assert decoded(hidden, nesting) == plain, kind
            assert decoded(asked, nesting) == plain, kind

    replay = Replay(cassette)
    live = told["plain"] | LIVE
    live["code"] = replay(login(live)[0][0]).json()["data"]["otp"]
    given = replay(login(live)[1][0]).json()
    assert given["plain"] == live
    assert {kind: decoded(given["hidden"][kind], nesting) for kind in LIVE} == {kind: live[kind] for kind in LIVE}


FIXED = {
    "code": "048392",
    "phone": "+12005550000",
    "sid": "AC" + "0badc0de" * 4,
    "token": "abcd-Efgh1234-567z",
    "name": "Bo-Peep",
    "secret": SECRET.value,
}


@pytest.mark.parametrize("outer", ["", *ENCODINGS])
def test_one_value_one_pseudonym(outer):
    """Each kind of value, decoded from one encoding or two, is its pseudonym, and in a replay the live one."""
    for nesting in (one for one in NESTINGS if "".join(one[-1:]) == outer):
        text = text_of(login(FIXED, nesting), file="it.yaml", made=DAY, target="fake", known=[SECRET])

        plays(text, FIXED, nesting)


def test_places_of_a_request():
    """In a path, a query, a text message and a pair of credentials, too, a value is its pseudonym, encoded or not."""
    sid, token, phone = FIXED["sid"], "feedface" * 4, FIXED["phone"]
    basic = (("Authorization", f"Basic {b64encode(f'{sid}:{token}'.encode()).decode()}"),)
    messages = f"https://api.twilio.com/2010-04-01/Accounts/{sid}/Messages.json"
    form_body = urlencode({"To": f"whatsapp:{phone}", "From": "+15005550006", "Body": f"Code 048-392 for {phone}"})
    hook = f"https://bot.example.test/hooks/{sid}/048392/{b64encode(b'048392').decode()}/c048392d/other"
    pairs = [
        (send_request(sid=sid, token=token, to=phone), json_response(200, {"otp": "048392"})),
        (Request(method="POST", url=messages, headers=basic, body=form_body.encode()), json_response(201, {})),
        (Request(method="GET", url=f"{messages}?To={quote(phone)}", headers=basic), json_response(200, {})),
        (post(hook, {"systemOtp": "048392", "userOtp": "048 392"}), json_response(200, {})),
    ]
    told = form.loads(text_of(pairs, file="it.yaml", made=DAY, target="fake"), "it.yaml").exchanges
    send, create, listed, hooked = (one.request for one in told)
    code, body = told[0].response.json()["otp"], send.json()

    assert create.basic_auth() == listed.basic_auth() == (body["accountSID"], body["authToken"])
    assert create.segments()[2] == hooked.segments()[1] == body["accountSID"]
    assert dict(create.form())["To"] == f"whatsapp:{body['toNumber']}"
    assert dict(create.form())["Body"] == f"Code {code[:3]}-{code[3:]} for {body['toNumber']}"
    assert listed.params() == (("To", body["toNumber"]),)
    assert hooked.segments()[2:] == (code, b64encode(code.encode()).decode(), f"x{code}x", "segment-2")
    assert hooked.json() == {"systemOtp": code, "userOtp": f"{code[:3]} {code[3:]}"}


@settings(max_examples=30)
@given(values=VALUES, nesting=st.sampled_from(NESTINGS))
def test_any_value_one_pseudonym(values, nesting):
    """The same for any code, number, SID, token and name."""
    text = text_of(login(values, nesting), file="it.yaml", made=DAY, target="fake", known=[SECRET])

    plays(text, values, nesting)


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("NDgzOTIw", "483920"),
        ("NDgz\r\nOTIw", "483920"),
        ("SGVsbG8_", "Hello?"),
        ("4d4441774d444177", "MDAwMDAw"),
        ("%2B1", "+1"),
        ("a=%2B1", None),
        ("\\u0034\\x38", "48"),
        ("\\\\ud83d\\\\ude00", "\U0001f600"),
        ("success!", None),
        ("language", None),
        ("fa4efa4efa4e", None),
        ("AAAAAAAA", None),
    ],
)
def test_peeled(text, inner):
    """What encodes a text is that text, and nothing else is; encoded again, it can be decoded in the same way."""
    found = peeled(text)

    assert (found and found.inner) == inner
    assert found is None or (found.again("a") == "a" or peeled(found.again("another text")).inner == "another text")


@pytest.mark.parametrize(
    ("text", "plain"),
    [("\uff14\uff18", "48"), ("\u0664\u200b\u0668", "48"), ("4\u00a08", "4 8"), ("4\x008", "48"), ("a\nb", "a\nb")],
)
def test_folded(text, plain):
    """Wide digits, those of other scripts and invisible signs between them hide nothing."""
    assert folded(text) == plain


@pytest.mark.parametrize(
    "bomb",
    [
        json.dumps(json.dumps(json.dumps(json.dumps(json.dumps(json.dumps(json.dumps("483920"))))))),
        "[" * 5000,
        json.dumps("[" * 900 + "]" * 900),
        "%25" * 3000,
        "\\u005c" * 3000,
        "1-" * 20_000,
        "\\" * 20_000,
    ],
)
def test_no_bomb(bomb):
    """However deep a text is nested, there is an end, and no value is left."""
    for _ in range(12):
        bomb = b64encode(bomb.encode()).decode() if len(bomb) < 20_000 else bomb
    answer = json_response(200, {"otp": "483920", "bomb": bomb})

    assert "483920" not in text_of([(send_request(), answer)], file="it.yaml", made=DAY, target="fake")
