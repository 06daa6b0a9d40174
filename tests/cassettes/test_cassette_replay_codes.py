"""A replay approves nothing that was not approved: codes and numbers may be renamed, and stay equal as they were."""

import json
from dataclasses import replace
from itertools import combinations
from operator import eq

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import send_request, verify_request
from replays import JSON, NO, SENT, YES, as_is, cassette, login

from pytest_botpenguin_otp.cassettes.errors import CassetteError, MissError
from pytest_botpenguin_otp.cassettes.replay import Replay
from pytest_botpenguin_otp.cassettes.spellings import spellings
from pytest_botpenguin_otp.wire import json_response

PLAIN = verify_request("1", "2")


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


def test_a_code_is_told_before_it_is_typed():
    """A code that an answer had told is not let in before that answer, whatever is typed in its place."""
    replay = Replay(cassette((send_request(), SENT), (verify_request("483920", "483920"), YES)))
    early = r"body\.systemOtp: recorded was a value that interaction 1 had told before; make that call first"

    with pytest.raises(MissError, match=early):
        replay(verify_request("000000", "000000"))
    code = replay(send_request()).json()["data"]["otp"]

    assert code != "000000"
    assert replay(verify_request(code, code)) == YES


ELSEWHERE = {
    "form": lambda system, user: f"systemOtp={system}&userOtp={user}",
    "list": lambda system, user: json.dumps([system, user]),
    "renamed": lambda system, user: json.dumps({"systemOtp": system, "code": user}),
    "nested": lambda system, user: json.dumps({"systemOtp": system, "userOtp": {"value": user}}),
    "in a list": lambda system, user: json.dumps({"systemOtp": [{"value": system}], "userOtp": user}),
}


@pytest.mark.parametrize("make", [as_is, cassette])
@pytest.mark.parametrize("body", ELSEWHERE.values(), ids=ELSEWHERE)
def test_codes_that_were_not_kept(body, make):
    """Where the codes stand elsewhere than a contract has them, nobody could tell a wrong one: a yes is not played."""

    def asked(system, user):
        return replace(PLAIN, body=body(system, user).encode())

    pairs = (asked("483920", "271828"), NO), (asked("483920", "483920"), YES)
    replay = Replay(make(*pairs))
    refused = replay(asked("100001", "271828"))

    assert refused == NO
    for wrong in ("000000", "100001"):
        with pytest.raises(MissError, match="its codes stand where no contract names them"):
            replay(asked("100001", wrong))


FORMS = ("{0}", "{0} ", " {1} {2}", "{1}-{2}", "#{0}")
PHONES, OTHER_PHONES = ("+14155550123", "+447700900123"), ("+447700900456", "+14155550123", "+12125550111")
WRONG, OTHER_WRONG = ("271828", "314159"), ("161803", "271828", "141421")
typed = st.tuples(st.sampled_from(["right", "earlier", "wrong", "other wrong"]), st.sampled_from(FORMS))
conversations = st.lists(st.one_of(st.integers(0, 1), typed), min_size=1, max_size=6)


def truthful():
    """Return a service that compares the codes as they are, and sends a new one each time."""
    codes = iter(("903817", "483920", "120044", "777123", "909090", "340021"))

    def answer(request):
        said = request.json()
        if "toNumber" in said:
            return json_response(200, {"success": True, "data": {"otp": next(codes)}})
        return YES if said["systemOtp"] == said["userOtp"] else NO

    return answer


def held(service, conversation, phones, wrong, values):
    """Hold a conversation; yield each call and its answer, and note in `values` what is asked and what is told."""
    sent = [wrong[0]]
    for step in conversation:
        if isinstance(step, int):
            asked = send_request(to=phones[step])
            values.append(("phone", phones[step]))
        else:
            which, form = step
            code = {"right": sent[-1], "earlier": sent[0], "wrong": wrong[0], "other wrong": wrong[1]}[which]
            user = form.format(code, code[:3], code[3:])
            asked = verify_request(sent[-1], user)
            values += [("code", sent[-1]), ("code", user)]
        given = service(asked)
        if isinstance(step, int):
            sent.append(given.json()["data"]["otp"])
            values.append(("code", sent[-1]))
        yield asked, given


def alike(recorded, live):
    """Say whether two live values are the same wherever the recorded ones are, as texts and, of codes, in spelling."""

    def equal(one, other):
        spelled = map(eq, spellings(one[1]), spellings(other[1])) if one[0] == other[0] == "code" else ()
        return one[1] == other[1], *spelled

    pairs = zip(combinations(recorded[: len(live)], 2), combinations(live, 2), strict=True)
    return all(equal(*was) == equal(*now) for was, now in pairs)


@given(
    recorded=conversations,
    edits=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1), typed), max_size=2),
    phones=st.permutations(OTHER_PHONES),
    wrong=st.permutations(OTHER_WRONG),
)
def test_a_conversation_plays_if_and_only_if_the_same_values_are_equal(recorded, edits, phones, wrong):
    """Whatever is renamed plays, with the recorded verdicts; what makes equal what was not, or unequal, is a miss."""
    then, now = [], []
    pairs = list(held(truthful(), recorded, PHONES, WRONG, then))
    replay = Replay(cassette(*pairs))
    edited = list(recorded)
    for place, phone, code in edits:
        number = place % len(edited)
        edited[number] = phone if isinstance(edited[number], int) else code
    try:
        for (_, was), (_, given) in zip(pairs, held(replay, edited, phones, wrong, now), strict=True):
            assert given.status == was.status
            assert alike(then, now)
    except MissError:
        assert not alike(then, now)
    else:
        assert replay.unplayed() == ()
