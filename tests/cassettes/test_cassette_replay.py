"""A replay approves nothing that was not approved, and tells a miss by place and never by value."""

import json
import sys
from dataclasses import replace
from operator import eq

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import BOT, DAY, PATH, SHIPPED, post, send_request, verify_request

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.codes import code_of
from pytest_botpenguin_otp.cassettes.errors import CassetteError, MissError
from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange
from pytest_botpenguin_otp.cassettes.replay import Replay
from pytest_botpenguin_otp.cassettes.scrub import Scrubber
from pytest_botpenguin_otp.cassettes.spellings import spellings
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.wire import Request, Response, json_response
from pytest_botpenguin_otp.world import World

JSON = (("Content-Type", "application/json"),)
SENT = json_response(200, {"success": True, "data": {"otp": "483920"}})
YES = json_response(200, {"success": True})
NO = json_response(400, {"success": False})

PLAIN = verify_request("1", "2")


def cassette(*pairs):
    """Return a scrubbed cassette."""
    return Scrubber().scrub(pairs, file="it.yaml", made=DAY, target="fake").cassette


def as_is(*pairs):
    """Return a cassette that nothing has scrubbed."""
    return Cassette(file="it.yaml", exchanges=tuple(Exchange(request=asked, response=told) for asked, told in pairs))


def login(replay, typed=None, phone="+44 7700 900123", profile="mismatch-400"):
    """Play a chat with the example bot, and return it."""
    world = World(PROFILES[profile], seed=99)
    chat = FlowRunner(world).start(BOT, service=replay)
    chat.user(phone)
    chat.user(typed or code_of(chat, world.profile))
    assert world.failures() == ()
    return chat


@pytest.mark.parametrize("name", ["mismatch-400", "status-envelope"])
def test_shipped_cassettes_play(name):
    """A chat that goes as recorded passes, with another number and another wrong code."""
    replay = Replay(form.load(SHIPPED / f"login-{name}.yaml"))

    assert not login(replay, "000000", profile=name).verified
    assert login(replay, profile=name).verified
    assert replay.unplayed() == ()
    assert replay.played == 4
    assert repr(replay).endswith("4 of 4 played>")


def test_a_wrong_code_is_never_approved():
    """Other recorders answer `approved` to 000000 where 483920 was recorded; here it is a miss."""
    asked = send_request(headers=JSON), verify_request("483920", "483920", headers=JSON)
    replay = Replay(cassette(*zip(asked, (SENT, YES), strict=True)))

    told = (
        r"body\.userOtp: this was recorded with the same value as one in the answer to interaction 1, and now has ano"
    )
    with pytest.raises(MissError, match=told) as caught:
        login(replay, "000000")
    assert isinstance(caught.value, AssertionError)
    assert isinstance(caught.value, CassetteError)
    assert "000000" not in str(caught.value)
    assert replay.unplayed() == ("interaction 2 (line 1): POST /integrations/custom-feature/verify-user-otp",)


def test_a_right_code_is_no_wrong_one():
    """Where two values were recorded as different, one value is a miss."""
    replay = Replay(cassette((verify_request("483920", "000000"), NO)))

    with pytest.raises(
        MissError, match=r"this was recorded with another value than body\.systemOtp, and now has the same\."
    ):
        replay(verify_request("5555", "5555"))
    assert replay(verify_request("5555", "6666")).status == 400


def test_what_was_typed():
    """Where no answer told the code, a replay tells what was typed for the next verify, and binds nothing by that."""
    session = json_response(200, {"session": "5f2b9c1e77aa4c1d9e21"})
    asked = [verify_request("5f2b9c1e77aa4c1d9e21", code) for code in ("271828", "903817")]
    replay = Replay(cassette((send_request(), session), (asked[0], NO), (asked[1], YES)))
    ident = replay(send_request()).json()["session"]
    wrong = replay.typed()
    refused = replay(verify_request(ident, "100002"))
    right = replay.typed()
    accepted = replay(verify_request(ident, right))

    assert (refused, accepted) == (NO, YES)
    assert len({wrong, right, "100002"}) == 3
    assert replay.typed() is None


def test_a_value_is_bound_once():
    """What a recorded value stands for is fixed by the first request that holds it."""
    sent = (send_request(), SENT)
    replay = Replay(cassette(sent, sent))
    replay(send_request(to="+447700900001"))

    with pytest.raises(
        MissError, match=r"body\.toNumber: this was recorded with the same value as body\.toNumber of interaction 1"
    ):
        replay(send_request(to="+447700900002"))


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


SPELLED = ("{}", " {}", "{} ", "#{}", "{}.", "code {}", "{:-^9}")
"""What a service may take for the same code: what stands around its digits."""
WIDE = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}
ARABIC = {ord(digit): ord(digit) + 0x630 for digit in "0123456789"}
typed_codes = st.one_of(
    st.text(max_size=12),
    st.builds(
        lambda form, code, script: form.format(code).translate(script),
        st.sampled_from(SPELLED),
        st.sampled_from(("483920", "000000", "271828")),
        st.sampled_from(({}, WIDE, ARABIC)),
    ),
)


@pytest.mark.parametrize(
    "recorded",
    [("483920", "483920"), ("483920", "111111"), ("100001", "100 001"), ("AB12", "ab12"), ("100001", "x100001")],
)
@given(typed=typed_codes, code=typed_codes)
def test_equality_stays_as_recorded(recorded, typed, code):
    """Whatever was recorded: a live pair is answered only if it is equal where, and as, the recorded one was."""
    replay = Replay(as_is((verify_request(*recorded), YES)))
    literal = {"", "{}", '{""}', "null", "undefined"} & {typed, code}
    same = [(one == other, *map(eq, spellings(one), spellings(other))) for one, other in (recorded, (code, typed))]
    answered = not literal and same[0] == same[1]
    try:
        replay(verify_request(code, typed))
    except MissError:
        assert not answered
    else:
        assert answered


@pytest.mark.parametrize("spelled", ["{} {}", " {}{}", "#{}{}", "{}-{}", "{}\u00a0{}", ARABIC, WIDE], ids=str)
@pytest.mark.parametrize("sent", [True, False])
def test_a_code_with_blanks_stays_that_code(spelled, sent):
    """Where a service took the right code with blanks, no other code is approved in a replay, whatever its spelling."""

    def typed(code):
        return spelled.format(code[:3], code[3:]) if isinstance(spelled, str) else code.translate(spelled)

    first = [(send_request(), SENT)] if sent else []
    replay = Replay(cassette(*first, (verify_request("483920", typed("483920")), YES)))
    code = json.loads(replay(send_request()).body)["data"]["otp"] if sent else "903817"

    for wrong in ("000000", "000 000", " 271828", "#271828", "271828".translate(ARABIC), "abc", code[:-1], ""):
        with pytest.raises(MissError):
            replay(verify_request(code, wrong))
    assert replay(verify_request(code, typed(code))) == YES


def test_an_answer_tells_a_code_that_was_typed_with_blanks():
    """A code that was met with blanks alone is told in an answer by the digits that stand for it."""
    pairs = (verify_request("7", "100 001"), NO), (send_request(), json_response(200, {"otp": "100001", "n": 100001}))
    replay = Replay(as_is(*pairs))
    replay(verify_request("8", "483 920"))

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
