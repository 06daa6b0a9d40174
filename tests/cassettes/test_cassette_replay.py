"""A replay answers what was recorded, once and in order, and tells a miss by place and never by value."""

import sys
from dataclasses import replace
from threading import Thread

import pytest
from recordings import PATH, SHIPPED, post, send_request, verify_request
from replays import NO, as_is, cassette, login

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.errors import MissError
from pytest_botpenguin_otp.cassettes.replay import Replay
from pytest_botpenguin_otp.wire import Request, json_response

PLAIN = verify_request("1", "2")


@pytest.mark.parametrize("name", ["mismatch-400", "status-envelope"])
def test_shipped_cassettes_play(name):
    """A chat that goes as recorded passes, with another number and another wrong code."""
    replay = Replay(form.load(SHIPPED / f"login-{name}.yaml"))

    assert not login(replay, "000000", profile=name).verified
    assert login(replay, profile=name).verified
    assert replay.unplayed() == ()
    assert replay.played == 4
    assert repr(replay).endswith("4 of 4 played>")


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (Request(method="PUT", url=f"{PATH}/verify-user-otp", body=b"{}"), "the method: recorded POST, now PUT"),
        (post("https://other.test/integrations/custom-feature/verify-user-otp", {}), "the host: recorded api.v7"),
        (post(f"{PATH}/verify-user-otps", {}), "the path: recorded /integrations"),
        (verify_request("1", "2", authorization="Bearer x"), "the form of Authorization: recorded bare, now Bearer"),
        (verify_request("1", "2", authorization=""), "the form of Authorization: recorded bare, now blank"),
        (post(f"{PATH}/verify-user-otp?a=1", {}), "the keys of the query: recorded nothing, now unnamed_1="),
        (verify_request(1, "2"), "the body's keys and types"),
        (post(f"{PATH}/verify-user-otp", {"systemOtp": "1"}), "the body's keys and types"),
        (post(f"{PATH}/verify-user-otp", {"systemOtp": "1", "userOtp": "2", "x": "s3cret"}), "keys and types"),
        (verify_request("1", ""), "the body's keys and types"),
        (Request(method="POST", url=f"{PATH}/verify-user-otp", body=b"{}"), "Authorization: recorded bare, now none"),
        (
            replace(PLAIN, url=PLAIN.url.replace("https:", "http:")),
            "the scheme of the URL: recorded https, now http",
        ),
        (
            replace(PLAIN, headers=(*PLAIN.headers, ("authorization", "s3cret"))),
            "the form of Authorization: recorded bare, now several",
        ),
        (
            verify_request("1", "2", headers=(("Content-Type", "text/plain"),)),
            "the media type: recorded nothing, now text/plain",
        ),
    ],
)
def test_misses(request_, told):
    """Anything else than recorded is a miss that shows the nearest request and the first difference."""
    replay = Replay(cassette((verify_request("1234", "5678"), NO)))

    with pytest.raises(MissError) as caught:
        replay(request_)
    assert told in str(caught.value)
    assert "interaction 1 (line 1)" in str(caught.value)
    assert "Nothing went live" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert len(replay.unplayed()) == 1


def test_a_pair_is_not_a_text():
    """Basic with a user and a password is not Basic with something else."""
    replay = Replay(as_is((verify_request("1", "2", authorization="Basic YTpi"), NO)))

    with pytest.raises(
        MissError, match=r"headers\.Authorization\.user: a value was recorded here, and now there is none"
    ):
        replay(verify_request("1", "2", authorization="Basic !!!"))


def test_once_more_is_a_miss():
    """An interaction plays once; an empty cassette plays nothing."""
    replay = Replay(cassette((verify_request("1234", "5678"), NO)))
    replay(verify_request("1", "2"))

    with pytest.raises(MissError, match="recorded once, and was played; this is once more"):
        replay(verify_request("1", "2"))
    with pytest.raises(MissError, match="The nearest is interaction 1"):
        replay(verify_request("1", ""))
    with pytest.raises(MissError, match="holds no interaction at all"):
        Replay(cassette())(verify_request("1", "2"))


UNNAMED = {"text": "en", "number": 0.5, "flag": True, "nothing": None, "list": ["en"], "map": {"en": 1}}


@pytest.mark.parametrize("recorded", UNNAMED)
@pytest.mark.parametrize("live", UNNAMED)
def test_what_no_contract_names_keeps_its_type(recorded, live):
    """A field that no contract names stands for one of the same JSON type, whatever its name and its value were."""
    url, codes = f"{PATH}/verify-user-otp", {"systemOtp": "1234", "userOtp": "5678"}
    told = cassette((post(url, codes | {"locale": UNNAMED[recorded], "more": 7}), NO))
    replay = Replay(form.loads(form.dump(told), "it.yaml"))
    request = post(url, codes | {"other": 9, "bypass": UNNAMED[live]})

    if recorded == live:
        assert replay(request) == NO
    else:
        with pytest.raises(MissError, match="keys and types"):
            replay(request)


def steps(work):
    """Return how many calls a piece of work makes, in Python and in C, generators resumed included."""
    made = 0

    def count(frame, event, arg):
        nonlocal made
        del frame, arg
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return made


def test_loading_and_playing_take_time_in_proportion():
    """Four times as many exchanges, all of one shape and with values of their own, take four times as many steps."""

    def work(count):
        phones = [f"+1{200 + number // 100}55501{number % 100:02d}" for number in range(count)]
        sent = [(send_request(to=phone), json_response(200, {"otp": f"{n:06d}"})) for n, phone in enumerate(phones)]
        text = form.dump(as_is(*sent))

        def play():
            replay = Replay(form.loads(text, "it.yaml"))
            for asked, _ in sent:
                replay(asked)
            assert replay.unplayed() == ()

        return steps(play)

    work(1)
    few, many = work(250), work(1000)

    assert 3.5 < many / few < 4.5


def test_threads():
    """Requests of several threads at once are played one at a time: each recorded answer is given once."""
    phones = [f"+1{200 + number // 100}55501{number % 100:02d}" for number in range(200)]
    sent = [(send_request(to=phone), json_response(200, {"otp": f"{n:06d}"})) for n, phone in enumerate(phones)]
    replay = Replay(as_is(*sent))
    told = []
    threads = [
        Thread(target=lambda some: told.extend(replay(asked).json()["otp"] for asked, _ in some), args=(sent[k::4],))
        for k in range(4)
    ]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)

    assert sorted(told) == [f"{number:06d}" for number in range(200)]
    assert replay.unplayed() == ()
