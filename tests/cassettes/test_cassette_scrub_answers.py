"""What services really answer besides the documented: error pages that repeat the call, and texts in pieces."""

import json

import pytest
from recordings import DAY, PATH, post, send_request, verify_request

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.errors import CassetteError, LeakError
from pytest_botpenguin_otp.cassettes.names import Seen
from pytest_botpenguin_otp.cassettes.record import text_of
from pytest_botpenguin_otp.cassettes.scan import scan_text
from pytest_botpenguin_otp.wire import Response, json_response

HOST = "api.v7.botpenguin.com"
KEYS = [f"key_{number}" for number in range(1, 7)]
CALLED = "/integrations/custom-feature/send-otp-sms"


def kept(body, known=()):
    """Return what is kept of the answer of Send OTP, where 483920 is the code that is verified."""
    exchanges = [
        (send_request(), Response(status=404, headers=(("Content-Type", "text/html; charset=utf-8"),), body=body)),
        (verify_request("483920", "483920"), json_response(200, {"success": True})),
    ]
    text = text_of(exchanges, file="it.yaml", made=DAY, target="fake", known=known)
    return form.loads(text, "it.yaml").exchanges[0].response.body.decode()


@pytest.mark.parametrize(
    "body",
    [
        f"<!DOCTYPE html><html><body><pre>Cannot POST {CALLED}</pre></body></html>",
        f'{{"statusCode": 404, "message": "Cannot POST {CALLED}", "error": "Not Found"}}',
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head></html>',
        f"<title>{HOST} | 521: Web server is down</title>",
        f'{{"error": "POST https://{HOST}{CALLED} failed", "path": "{CALLED}"}}',
    ],
)
def test_a_page_that_repeats_the_call(body):
    """Host, path and header names that an error page repeats are kept in every exchange, and refuse no recording."""
    assert "word-1" in kept(body.encode())


def test_a_secret_in_the_path_is_a_secret():
    """What the run knows as a secret refuses a recording even where it is a part of what is kept on purpose."""
    with pytest.raises(LeakError, match="a known secret"):
        kept(b"{}", known=[Seen("secret", "v7.botpenguin")])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"type": "Buffer", "data": [*b"Dear Alice, 483920"]}, {"type": "word-1", "data": [0] * 18}),
        ({"raw": {str(place): byte for place, byte in enumerate(b"483920")}}, {"raw": dict.fromkeys(KEYS, 0)}),
        ({"rows": [1, 2, 3, 4], "few": [72, 105]}, {"rows": [1, 2, 3, 4], "few": [72, 105]}),
        ({"data": [72, 105, 33, True, None, "a"]}, {"data": [72, 105, 33, True, None, "a"]}),
    ],
)
def test_bytes_of_a_text(body, told):
    """A text that is told byte by byte, as Node writes a buffer, is none any more; other numbers stay."""
    assert json.loads(kept(json.dumps(body).encode())) == told


@pytest.mark.parametrize(
    "body",
    [
        {"first_half": "483", "second_half": "920"},
        {"code": 200, "one": 48, "two": "392", "three": 0},
        {"digits": [{"digit": int(digit)} for digit in "483920"]},
    ],
)
def test_a_code_in_parts(body):
    """A code whose parts stand next to each other, each too short to be one, is found, and there is no file."""
    with pytest.raises(LeakError, match=r"interactions\[0\]\.response\.body\.string: a known code"):
        kept(json.dumps(body).encode())


def test_short_numbers_that_are_no_parts():
    """Short numbers that make no known code together are no finding, however many there are."""
    rows = json.dumps([{"status": 200 + number % 7, "row": number % 1000} for number in range(20_000)])

    assert scan_text(rows, [Seen("code", "483920")]) == ()
    assert scan_text('{"a": 483, "b": "x", "c": 920}', [Seen("code", "483920")]) == ()


@pytest.mark.parametrize(
    ("answer", "more"),
    [
        ([str(100_000 + number) for number in range(6000)], {}),
        ({f"key-{number}x": f"name{number}x" for number in range(6000)}, {}),
        ({}, {f"more{number}": f"s3cret{number}" for number in range(6000)}),
    ],
)
def test_a_crowd(answer, more):
    """More values than anybody records are refused before the search for each of them takes minutes."""
    request = post(f"{PATH}/verify-user-otp", {"systemOtp": "1", "userOtp": "2"} | more)
    with pytest.raises(CassetteError, match="more than 5000 different values"):
        text_of([(request, json_response(200, answer))], file="it.yaml", made=DAY, target="fake")
