"""What a failed comparison of values of ours shows: the fields that differ, and nothing sensitive in clear."""

import pytest

from pytest_botpenguin_otp.botpenguin import Sent, Verified
from pytest_botpenguin_otp.report.differences import MOST, differences
from pytest_botpenguin_otp.runner.core import ApiExchange
from pytest_botpenguin_otp.values import Masked, shown
from pytest_botpenguin_otp.wire import Request, Response

NUMBER, OTHER, CODE = "+14155550123", "+14155550199", "135790"
SENT = Sent(now_ms=1500, to=NUMBER, code=CODE)
CLEAR = (NUMBER, NUMBER[1:], OTHER, OTHER[1:], CODE, "246801", "fake-token", "fa4e70c4")


def request(body=b"", headers=(("Authorization", "fake-token"),), url="https://api.twilio.com/x"):
    """Make a request."""
    return Request(method="POST", url=url, headers=headers, body=body)


def exchange(body):
    """Make a call with an answer."""
    return ApiExchange(
        api="Send OTP", role="send", sent_ms=0, request=request(), response=Response(status=200, body=body)
    )


@pytest.mark.parametrize(
    ("left", "right", "lines"),
    [
        (SENT, Sent(now_ms=1500, to=OTHER, code=CODE), ["Sent == Sent", "to: '[phone 1]' != '[phone 2]'"]),
        (SENT, Sent(now_ms=0, to=NUMBER, code="246801"), None),
        (SENT, Verified(now_ms=1500, code=CODE), ["Sent == Verified", "type: Sent is no Verified"]),
        (
            request(b'{"to": "+14155550123", "otp": 135790, "a": ["135790"], "authToken": "x"}'),
            request(b'{"to": "+14155550123", "otp": 246801, "a": ["246801"], "authToken": "y"}'),
            [
                "Request == Request",
                "body.otp: [code 1] != [code 2]",
                "body.a: ['[code 1]'] != ['[code 2]']",
                "body.authToken: [secret 1] != [secret 2]",
            ],
        ),
        (
            request(b"To=%2B14155550123&Body="),
            request(b"To=%2B14155550199"),
            ["Request == Request", "body.To: '[phone 1]' != '[phone 2]'", "body.Body: '' != (none)"],
        ),
        (
            request(b"hello", headers=()),
            request(b"[1]", url="https://api.twilio.com/y"),
            [
                "Request == Request",
                "url: 'https://api.twilio.com/x' != 'https://api.twilio.com/y'",
                "body: 'hello' != '[1]'",
                "headers.Authorization: (none) != [secret 1]",
            ],
        ),
        (
            exchange(b'{"success": true}'),
            exchange(b'{"success": false}'),
            ["ApiExchange == ApiExchange", "response.body.success: True != False"],
        ),
        (
            Response(status=200, body=b"x" * 200),
            Response(status=200, body=b"x" * 201),
            ["Response == Response", f"body: '{'x' * 99}... != '{'x' * 99}... (they differ further on)"],
        ),
        (
            (SENT, SENT),
            (SENT,),
            ["2 values == 1 values", "[1] only on the left: Sent(now_ms=1500, to='[phone 1]', code='[code 1]')"],
        ),
        ((), (SENT,), None),
        (
            (SENT,),
            (Sent(now_ms=7, to=NUMBER, code=CODE),),
            ["1 values == 1 values", "[0].now_ms: 1500 != 7"],
        ),
    ],
)
def test_differences(left, right, lines):
    """What differs is shown by field, what is longer by what is extra; the same text has the same name."""
    told = differences("==", left, right)

    assert lines is None or sorted(told) == sorted(lines)
    assert told[1:]
    assert [text for text in CLEAR if text in "\n".join(told)] == []


def test_sids():
    """A sid, or a token, has a name too."""
    told = differences("==", request(url="https://a.test/SM" + "a" * 32), request(url="https://a.test/" + "b" * 32))

    assert told[1] == "url: 'https://a.test/[SM 1]' != 'https://a.test/[secret 1]'"


def test_bound():
    """Many differences are cut, and it is said how many there are."""
    ones, others = (tuple(Verified(now_ms=n, code=CODE) for n in range(start, start + MOST + 5)) for start in (0, 100))
    told = differences("==", ones, others)

    assert len(told) == MOST + 2
    assert told[-1] == "... and 5 more"


@pytest.mark.parametrize(
    ("operator", "left", "right"), [("!=", SENT, SENT), ("==", SENT, 1), ("==", (SENT,), (1,)), ("==", "a", SENT)]
)
def test_not_ours(operator, left, right):
    """Everything else is pytest's to explain."""
    assert differences(operator, left, right) is None


@pytest.mark.parametrize(
    ("operator", "left", "right", "lines"),
    [
        (
            "==",
            Masked(CODE),
            "135791",
            ["<6 characters, masked> == '[6 characters]'", "6 and 6 characters; the first difference is at 6"],
        ),
        (
            "==",
            "x",
            Masked(""),
            ["'x' == <0 characters, masked>", "1 and 0 characters; the first difference is at 1"],
        ),
        ("==", Masked(CODE), 135790, ["<6 characters, masked> == [6 characters]"]),
        ("not in", Masked(CODE), shown(f"It is {CODE}"), ["<6 characters, masked> not in 'It is [6 characters]'"]),
        ("in", Masked(CODE), ["no"], ["<6 characters, masked> in ['no']"]),
    ],
)
def test_masked_texts(operator, left, right, lines):
    """Texts of which one is masked are told by where they differ, whatever compares them."""
    told = differences(operator, left, right)

    assert told == lines
    assert not any(CODE in line for line in told)
