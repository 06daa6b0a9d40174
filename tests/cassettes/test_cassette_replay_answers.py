"""Answers of a replay are told in the values of the conversation that is played, spelled as recorded."""

import json

import pytest
from recordings import PATH, post, send_request, verify_request
from replays import NO, SENT, YES, as_is, cassette

from pytest_botpenguin_otp.cassettes.errors import CassetteError
from pytest_botpenguin_otp.cassettes.replay import Replay
from pytest_botpenguin_otp.wire import Response, json_response


def test_an_answer_is_told_in_live_values():
    """What was echoed is the live value, escaped where it must be; types stay."""
    echo = json_response(200, {"to": "+14155550123", "text": "to +14155550123.", "n": 12345, "c": "x", "l": [12345]})
    body = {"systemOtp": "12345", "userOtp": "77777"}
    pairs = (send_request(to="+14155550123"), SENT), (post(f"{PATH}/verify-user-otp", body), echo)
    replay = Replay(as_is(*pairs))
    replay(send_request(to='+447700"900123'))
    live = json.loads(replay(verify_request("98765", "1")).body)

    assert live == {
        "to": '+447700"900123',
        "text": 'to +447700"900123.',
        "n": 98765,
        "c": "x",
        "l": [98765],
    }


def test_a_number_that_no_number_stands_for_becomes_text():
    """A code that was a number in the answer and is now typed with letters is told as text."""
    replay = Replay(as_is((verify_request("12345", "1"), json_response(200, {"n": 12345}))))

    assert replay(verify_request("abc", "1")).json() == {"n": "abc"}


def test_an_answer_is_given_as_recorded_unless_it_is_taken():
    """A code in an answer that nothing stands for is told as recorded; one in use is told as the next free."""
    second = json_response(200, {"otp": "999999", "sid": "fa4e" * 8})
    pairs = (verify_request("111111", "222222"), NO), (send_request(), second), (verify_request("999999", "1111"), YES)
    replay = Replay(as_is(*pairs))
    replay(verify_request("999999", "333333"))
    told = replay(send_request()).json()

    assert told == {"otp": "000000", "sid": "fa4e" * 8}
    assert replay(verify_request("000000", "1")) == YES


def test_text_answers():
    """An answer that is no JSON is told too; an empty one stays empty."""
    text = Response(status=502, body=b"Sorry, 483920")
    replay = Replay(as_is((verify_request("483920", "1"), text), (verify_request("", "1"), Response(status=204))))

    assert replay(verify_request("5555", "2")).body == b"Sorry, 5555"
    assert replay(verify_request("", "2")) == Response(status=204)


@pytest.mark.parametrize("typed", ["483 920", "#483920"])
def test_an_answer_tells_a_code_that_was_typed_with_blanks(typed):
    """A code that was met with blanks or signs alone is told in an answer by the digits that stand for it."""
    pairs = (verify_request("7", "100 001"), NO), (send_request(), json_response(200, {"otp": "100001", "n": 100001}))
    replay = Replay(as_is(*pairs))
    replay(verify_request("8", typed))

    assert replay(send_request()).json() == {"otp": "483920", "n": 483920}


def test_free_codes_run_out():
    """Where every code of a form is taken, a longer one is told, and one without digits gets some."""
    taken = [(verify_request(f"1{n}", f"2{n}"), NO) for n in range(10)]
    texts = (verify_request("xx", "yy"), json_response(200, {"a": "x9", "b": "zz"})), (verify_request("x9", "zz"), NO)
    replay = Replay(as_is(*taken, *texts))
    for n in range(10):
        replay(verify_request(f"x{n}", f"{n}00"))

    assert replay(verify_request("zz", "aa")).json() == {"a": "x90", "b": "zz00"}


def test_an_answer_keeps_the_spelling_of_a_number():
    """The live number stands in the spelling in which the recorded one stood, and a code with its hyphen."""
    echo = {"text": "to 14155550123, (415) 555-0123, 00 1 415 555 0123; 483-920", "x": "c483920d", "+14155550123": True}
    pairs = (send_request(to="+14155550123"), SENT), (verify_request("483920", "1"), json_response(200, echo))
    replay = Replay(cassette(*pairs))
    code = replay(send_request(to="+16505550199")).json()["data"]["otp"]

    assert replay(verify_request(code, "x")).json() == {
        "text": f"to 16505550199, (650) 555-0199, 00 1 650 555 0199; {code[:3]}-{code[3:]}",
        "x": f"x{code}x",
        "+16505550199": True,
    }


@pytest.mark.parametrize("depth", [40, 600, 100_000])
def test_a_deep_answer_is_refused(depth):
    """An answer that is nested beyond sense is told by its place before anything is played; one that is not, plays."""
    deep = Response(status=200, body=b"[" * depth + b"]" * depth)
    flat = Response(status=200, body=b"[" * 20 + b"]" * 20)

    with pytest.raises(CassetteError, match=r"it\.yaml:1: interaction 2: an answer nested too deep"):
        Replay(as_is((send_request(), SENT), (send_request(), deep)))
    assert Replay(as_is((send_request(), flat)))(send_request()) == flat
