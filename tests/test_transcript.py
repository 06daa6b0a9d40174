"""A journal reads as a chat, and shows no number, code or secret, in whatever spelling it comes."""

import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pytest_botpenguin_otp import journal as j
from pytest_botpenguin_otp.journal import Journal
from pytest_botpenguin_otp.transcript import Mask, transcript
from pytest_botpenguin_otp.wire import Request, Response

PHONE, CODE = "+14155550123", "012345"
SID, TOKEN = "SM" + "fa4e" * 8, "fa4e" * 8
WHO = {"contact": "user", "component": "main/a"}
CALL = WHO | {"api": "Send OTP", "call": 1}
HOST = "https://api.twilio.com"


def journal_of(*events):
    """Make a journal."""
    journal = Journal()
    for event in events:
        journal.append(event)
    return journal


def asked(url=f"{HOST}/x", body=b""):
    """Make a request."""
    return Request(method="POST", url=url, body=body)


def calling(now_ms=0, **fields):
    """Make the event of a call."""
    return j.Calling(now_ms=now_ms, role=None, request=asked(**fields), **CALL)


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (j.BotSaid(now_ms=0, text="Hello", **WHO), ["    0.0 s  bot      Hello"]),
        (j.UserSaid(now_ms=1500, text="hi", **WHO), ["    1.5 s  user     hi"]),
        (j.UserSaid(now_ms=0, text="", **WHO), ["    0.0 s  user     (nothing)"]),
        (
            j.UserSaid(now_ms=0, text="hi", early=True, **WHO),
            ["    0.0 s  user     hi  (while the bot waited for a delay)"],
        ),
        (j.UserDid(now_ms=0, action="skip", **WHO), ["    0.0 s  user     (skip)"]),
        (calling(), ["    0.0 s  call     Send OTP: POST api.twilio.com/x"]),
        (
            calling(body=b'{"a":  1}'),
            ["    0.0 s  call     Send OTP: POST api.twilio.com/x", '                    {"a": 1}'],
        ),
        (
            j.Answered(now_ms=0, response=Response(status=200, body=b"{}"), **CALL),
            ["    0.0 s  answer   Send OTP: 200 {}"],
        ),
        (j.Answered(now_ms=0, response=Response(status=204), **CALL), ["    0.0 s  answer   Send OTP: 204"]),
        (j.Answered(now_ms=0, silence="timeout", **CALL), ["    0.0 s  answer   Send OTP: none (timeout)"]),
        (
            j.Served(now_ms=0, service="crm.example.test", operation=None, request=asked()),
            ["    0.0 s  crm.exam POST api.twilio.com/x: no route"],
        ),
        (
            j.Served(now_ms=0, service="twilio", operation=None, request=asked(), unmatched=f"near {PHONE}"),
            ["    0.0 s  twilio   POST api.twilio.com/x: no route", "                    near [phone 1]"],
        ),
        (
            j.Served(
                now_ms=0,
                service="twilio",
                operation="create",
                request=asked(),
                response=Response(status=201, body=b"{}"),
            ),
            ["    0.0 s  twilio   create: 201"],
        ),
        (
            j.Served(
                now_ms=0,
                service="twilio",
                operation="create",
                request=asked(),
                response=Response(status=400, body=b"{}"),
                fault="twilio create: code 21211",
            ),
            ["    0.0 s  fault    twilio create: code 21211", "           twilio   create: 400 {}"],
        ),
        (
            j.Served(now_ms=0, service="twilio", operation="create", request=asked()),
            ["    0.0 s  twilio   create: no answer"],
        ),
        (
            j.Served(now_ms=0, service="botpenguin", operation="send", request=asked()),
            ["    0.0 s  client   send: no answer"],
        ),
        (
            j.Breach(now_ms=0, contract="bot", by="flow", faults=("one", "two")),
            ["    0.0 s  CONTRACT bot broken by the flow: one", "           CONTRACT bot broken by the flow: two"],
        ),
        (j.Failed(now_ms=0, expectation="a\nb"), ["    0.0 s  FAILED   a", "           FAILED   b"]),
        (j.Ended(now_ms=123_456, how="end_chat", **WHO), ["  123.5 s  end      end_chat"]),
        (j.Event(now_ms=0), []),
    ],
)
def test_lines(event, lines):
    """Each event is told in lines with the virtual second, the one who acted, and what was done."""
    assert transcript(journal_of(event)).splitlines() == lines


def test_same_moment():
    """A second is written once for all that happens in it, and contacts are named where there are several."""
    journal = journal_of(
        j.BotSaid(now_ms=0, text="Hello", **WHO),
        j.UserSaid(now_ms=0, text="hi", contact="anna", component="main/a"),
        j.SmsArrived(now_ms=5000, to=PHONE, text=f"Code {CODE}", sid=SID),
    )

    assert transcript(journal) == (
        "    0.0 s  bot      user: Hello\n           user     anna: hi\n    5.0 s  sms      to [phone 1]: Code [code 1]"
    )


def test_long():
    """A long body is cut, after everything sensitive is taken out."""
    told = transcript(journal_of(calling(body=b"x " * 70 + PHONE.encode() + b" y" * 100)))

    assert told.endswith("...")
    assert "[phone 1]" in told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (PHONE, "[phone 1]"),
        ("call +1 415 555 0123 now", "call [phone 1] now"),
        ("(415) 555-0123", "([phone 1]"),
        ("0044 7700 900123", "[phone 2]"),
        (CODE, "[code 1]"),
        (f"x{CODE}y", "x[code 1]y"),
        (SID, "[SM...]"),
        (TOKEN, "[32 hex digits]"),
        ("987654", "[6 digits]"),
        ("4711", "[4 digits]"),
        ("1 2-3.4", "[4 digits]"),
        ("\uff19\uff18\uff17\uff16", "[4 digits]"),
        ("\uff11\uff12\uff13\uff14\uff15\uff16", "[6 digits]"),
        ("7654321 is short", "[7 digits] is short"),
        ("12345", "[code 1]"),
        ("+1415555XXXX", "[masked number]"),
        ("in 2026", "in 2026"),
        (f"an eyJhbGciOiJIUzI1NiJ9.eyJ{'x' * 9}.abc-_d!", "an [web token]!"),
        ("the-token", "[authToken]"),
        ("the-token-2", "[longer]"),
        ('a \\"b\\" c', "a [quoted] c"),
    ],
)
def test_mask(text, shown):
    """Each kind of sensitive text has a name, and what is not sensitive stays."""
    journal = journal_of(
        j.SmsArrived(now_ms=0, to=PHONE, text=f"Code {CODE}", sid=SID),
        j.UserSaid(now_ms=0, text="4711", **WHO),
        j.UserSaid(now_ms=0, text="1 2-3.4", **WHO),
        j.UserSaid(now_ms=0, text="\uff19\uff18\uff17\uff16", **WHO),
    )
    mask = Mask(journal, [("authToken", "the-token"), ("longer", "the-token-2"), ("quoted", '"b"'), ("none", "")])

    assert mask(text) == shown


def test_same_name():
    """The same number has the same name throughout, another one another."""
    mask = Mask(Journal())

    assert [mask(PHONE), mask("+447700900123"), mask("415 555 0123")] == ["[phone 1]", "[phone 2]", "[phone 1]"]


def digits_of(text):
    """Return the digits in a text, in ASCII, with nothing between."""
    return "".join(str(int(digit)) for digit in re.findall(r"\d", text))


SEPARATORS = st.sampled_from(["", " ", "-", ".", "  ", "\u00a0", "\t", ", ", " - ", "/"])
WIDE = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}


@st.composite
def spelt(draw, digits):
    """Spell a number or code as a person might."""
    text = digits[0] + "".join(draw(SEPARATORS) + digit for digit in digits[1:])
    return text.translate(WIDE) if draw(st.booleans()) else text


@given(data=st.data(), code=st.from_regex(r"[0-9]{4,8}", fullmatch=True), last=st.integers(100, 199))
def test_nothing_survives(data, code, last):
    """No number and no code survives in a transcript: typed, said, sent, answered, in any spelling."""
    phone = f"+14155550{last}"
    assume(code not in "0123456789 2026")
    typed_phone, typed_code = data.draw(spelt(phone[1:])), data.draw(spelt(code))
    body = json.dumps({"to": phone, "user": typed_code, "own": typed_phone, "code": code}, ensure_ascii=False).encode()
    journal = journal_of(
        j.UserSaid(now_ms=0, text=typed_phone, **WHO),
        j.SmsArrived(now_ms=0, to=phone, text=f"Your code is {code}.", sid=SID),
        j.UserSaid(now_ms=0, text=typed_code, **WHO),
        j.BotSaid(now_ms=0, text=f"You typed {typed_code} at {typed_phone}; {phone} got {code}", **WHO),
        calling(url=f"{HOST}/{phone}/%2B{phone[1:]}/{code}?to={phone}", body=body),
        j.Answered(now_ms=0, response=Response(status=400, body=body), **CALL),
        j.Served(now_ms=0, service="x", operation=None, request=asked(url=f"{HOST}/{SID}/{code}")),
        j.Breach(now_ms=0, contract="x", by="flow", faults=(f"{phone} {code}",)),
        j.Failed(now_ms=0, expectation=f"{typed_phone} {code}"),
    )
    told = transcript(journal)
    shown = re.sub(
        r"^ *[0-9.]+ s|Send OTP: 400 |\[(phone|code) [0-9]+\]|\[[0-9]+ (hex )?digits\]", "", told, flags=re.MULTILINE
    )

    assert not re.search(r"\d", shown)
    assert transcript(journal) == told


@given(st.text('ab"\\/\u00fc 1{}', min_size=4, max_size=12), st.text(max_size=5), st.text(max_size=5))
def test_no_secret_survives(secret, before, after):
    """No planted secret survives, as it is or as it stands in JSON."""
    assume(secret.strip() and secret not in "[name]")
    text = before + secret + after
    journal = journal_of(
        j.BotSaid(now_ms=0, text=text, **WHO),
        calling(body=json.dumps({"a": text}, ensure_ascii=False).encode()),
    )
    told = transcript(journal, [("name", secret)])

    assert secret not in told.replace("[name]", "\0")
    assert json.dumps(secret, ensure_ascii=False)[1:-1] not in told.replace("[name]", "\0")


def test_fields_of_secrets():
    """What stands in a field of a secret or a code is shown nowhere, for services of any kind."""
    request = Request(
        method="POST",
        url="https://crm.test/logins",
        headers=(("X-Api-Key", "crm-key-of-mine"), ("Authorization", "Bearer own-token")),
        body=b'{"password": "hush", "ticket": "own-token", "otp": "K7F9QX"}',
    )
    answer = Response(status=400, body=b'{"token": "fresh-one", "pin": 4711, "code": 21211, "otp": "", ')
    journal = journal_of(
        j.Calling(now_ms=0, role=None, request=request, **CALL),
        j.Answered(now_ms=0, response=answer, **CALL),
        j.BotSaid(now_ms=0, text="Bearer own-token, crm-key-of-mine, fresh-one; 4711 or k7f9qx? K7F9QX!", **WHO),
        j.UserSaid(now_ms=0, text="B2C4D6", **WHO),
        j.SmsArrived(now_ms=0, to=PHONE, text="Use QW12ER", sid=SID),
        j.Failed(now_ms=0, expectation="wanted QW12ER, not B2C4D6"),
    )
    told = transcript(journal)

    assert told.splitlines() == [
        "    0.0 s  call     Send OTP: POST crm.test/logins",
        '                    {"password": "[password]", "ticket": "[Authorization]", "otp": "[code 2]"}',
        '           answer   Send OTP: 400 {"token": "[token]", "pin": [code 3], "code": 21211, "otp": "",',
        "           bot      [Authorization], [X-Api-Key], [token]; [code 3] or k7f9qx? [code 2]!",
        "           user     [6 characters]",
        "           sms      to [phone 1]: Use [code 1]",
        "           FAILED   wanted [code 1], not [6 characters]",
    ]


def test_a_host_is_no_phone():
    """A host and a version in a URL stay, so that a refusal can be read; the same digits elsewhere are a number's."""
    missed = "No POST http://127.0.0.1:8000/2010-04-01/x, https://192.168.100.200/; call 192.168.100.200, 2010-04-01"
    journal = journal_of(j.Failed(now_ms=0, expectation=missed))

    told = "No POST http://127.0.0.1:8000/2010-04-01/x, https://192.168.100.200/; call [phone 1], [phone 2]"
    assert transcript(journal) == f"    0.0 s  FAILED   {told}"
