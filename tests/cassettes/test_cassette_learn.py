"""What recordings teach: a profile that answers as they did, each field with its source, and no code in it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lessons import CODE, DEFAULT, REAL, cassette, lesson, login
from recordings import DAY, SHIPPED, send_request, verify_request

from pytest_botpenguin_otp import profile
from pytest_botpenguin_otp.botpenguin import TOKEN
from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.errors import CassetteError
from pytest_botpenguin_otp.cassettes.reading import scrubbed
from pytest_botpenguin_otp.machine import paths
from pytest_botpenguin_otp.strategies import profiles
from pytest_botpenguin_otp.wire import json_response
from pytest_botpenguin_otp.world import World

REFUSED = "+15005550001"


def played(known):
    """Return what a fake under a profile answers to everything that it can be asked."""
    world = World(known, seed=3)
    header = f"Bearer {TOKEN}" if known.authorization == "bearer" else TOKEN
    sid, token = world.twilio.account_sid, world.twilio.auth_token
    pairs = []

    def ask(request):
        pairs.append((request, world(request)))
        return pairs[-1][1]

    def send(**more):
        return send_request(sid, token, **more)

    sent = ask(send(authorization=header))
    code = paths.at(paths.read(sent.body), known.code_path)
    ask(verify_request(code, code[::-1] + "7", authorization=header))
    ask(verify_request(code, code, authorization=header))
    ask(send(to=REFUSED, authorization=header))
    ask(replace(send(authorization=header), body=b'{"toNumber": "+14155550123"}'))
    ask(send(authorization=" "))
    return cassette(*pairs)


@given(known=profiles(), masked=st.booleans())
def test_a_world_under_a_profile_teaches_that_profile(known, masked):
    """What a fake was seen to answer, scrubbed or not, gives its answers back, and how it tells yes from no."""
    recorded = played(known)
    taught = lesson(scrubbed(recorded, made=DAY) if masked else recorded)
    got = taught.profile

    for name in ("send_ok", "send_refused", "verify_ok", "verify_mismatch", "bad_request", "unauthorized"):
        assert getattr(got, name) == getattr(known, name), name
    assert (got.code_path, got.code_type) == (known.code_path, known.code_type)
    assert got.code_length == known.code_length or known.code_type == "number"
    assert taught.contradictions == ()
    if known.flag_ok.startswith("{"):
        assert got.flag_path.startswith(f"{known.flag_path}.")
    else:
        assert (got.flag_path, got.flag_ok, got.flag_mismatch) == (
            known.flag_path,
            known.flag_ok,
            known.flag_mismatch,
        )
    assert profile.from_json(profile.to_json(got)).send_ok == known.send_ok


@pytest.mark.parametrize("name", profile.PROFILES)
def test_every_shipped_profile_is_learned(name):
    """Each of the five gives itself back as far as answers show it; only what is honest is called so."""
    known = profile.PROFILES[name]
    got = lesson(scrubbed(played(known), made=DAY)).profile

    assert got.send_ok == known.send_ok
    assert got.verify_mismatch == known.verify_mismatch
    assert got.code_type == known.code_type
    assert got.honest is (known.code_type == "text")


def test_provenance():
    """A field learned from the real service says so, with file and day; the rest keeps what it had."""
    taught = lesson(cassette((send_request(), json_response(200, {"data": {"otp": CODE}}))))

    assert taught.profile.how_known("send_ok") == profile.Provenance(
        kind="recorded", source="login.yaml", date=DAY.isoformat()
    )
    assert taught.profile.how_known("sms_text") == DEFAULT.how_known("sms_text")
    assert taught.learned == ("send_ok", "code_path", "code_type", "code_length")
    assert "it takes an answer to the right code" in taught.missing["flag_path"]
    assert set(taught.missing) | set(taught.learned) == set(profile.FIELDS)


@pytest.mark.parametrize(
    ("provenance", "kind", "source"),
    [
        (replace(REAL, target="fake"), "assumed", "a recording of a fake"),
        (replace(REAL, target="unknown"), "assumed", "a recording of an unknown target"),
        (replace(REAL, kind="documented"), "documented", "login.yaml"),
        (replace(REAL, kind="observed"), "observed", "login.yaml"),
        (None, "assumed", "says nothing of where it comes from"),
    ],
)
def test_only_the_real_thing_is_recorded(provenance, kind, source):
    """A recording of anything but the real service never yields a field that is called recorded."""
    taught = lesson(cassette((send_request(), json_response(200, {"otp": CODE})), provenance=provenance))
    known = taught.profile.how_known("code_path")

    assert known.kind == kind
    assert source in known.source


def test_the_real_one_is_the_source_where_both_agree():
    """Of two recordings that agree, the real one stands for the field."""
    answer = json_response(200, {"otp": CODE})
    fake = cassette((send_request(), answer), provenance=replace(REAL, target="fake"), file="fake.yaml")
    taught = lesson(fake, cassette((send_request(), answer)))

    assert taught.profile.how_known("code_path").source == "login.yaml"
    assert taught.contradictions == ()


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ({"otp": CODE}, {"data": {"otp": CODE}}, "code_path"),
        ({"otp": CODE}, {"otp": int(CODE)}, "code_type"),
        ({"otp": CODE}, {"otp": "4839"}, "code_length"),
        ({"otp": CODE, "success": True}, {"otp": CODE, "success": 1}, "send_ok"),
    ],
)
def test_contradictions(first, second, field):
    """What two recordings tell differently is learned from neither, and both places are named."""
    one, other = (
        cassette((send_request(), json_response(200, body)), file=name)
        for body, name in ((first, "a.yaml"), (second, "b.yaml"))
    )
    taught = lesson(one, other)

    assert f"{field}: a.yaml: interaction 1 and b.yaml: interaction 1 tell different things." in taught.contradictions
    assert taught.missing[field] == "recordings contradict each other"
    assert getattr(taught.profile, field) == getattr(DEFAULT, field)


def test_what_differs_each_time_is_no_contradiction():
    """Codes, ids, days and texts for people may differ from one answer to the next."""
    answers = (
        {"otp": otp, "id": ident, "at": day, "message": text, "took": took}
        for otp, ident, day, text, took in (
            (CODE, "fa4e" * 6, "2000-01-01", "OTP sent", 0.25),
            ("271828", "fa4e" * 5 + "0001", "2000-02-01", "sent", 0.5),
        )
    )
    pairs = [(send_request(), json_response(200, body)) for body in answers]
    used = [(verify_request(code, "1"), json_response(400, {})) for code in (CODE, "271828")]

    assert lesson(cassette(*pairs, *used)).contradictions == ()


@pytest.mark.parametrize(
    ("ok", "mismatch", "flag"),
    [
        ({"x": "a", "match": True}, {"x": "b", "match": False}, ("match", "true", "false")),
        ({"deep": {"er": "yes"}}, {"deep": {"er": "no"}}, ("deep.er", "yes", "no")),
        ({"message": "good"}, {"message": "bad"}, None),
        ({"code": 200}, {"code": 400}, None),
        ({"r": "word-1"}, {"r": "word-2"}, None),
        ({"verified": True}, {"error": "x"}, None),
    ],
)
def test_flags(ok, mismatch, flag):
    """The flag is what differs between yes and no, and is neither a text for people nor the status."""
    taught = lesson(
        cassette(
            (verify_request(CODE, CODE), json_response(200, ok)),
            (verify_request(CODE, "1"), json_response(400, mismatch)),
        )
    )
    got = taught.profile

    if flag is None:
        assert taught.missing["flag_path"].startswith("no flag is seen")
    else:
        assert (got.flag_path, got.flag_ok, got.flag_mismatch) == flag


def test_a_mismatch_answered_like_a_match_is_not_honest():
    """Where nothing tells a wrong code from the right one, no bot can be sound, and that is told."""
    yes = json_response(200, {"message": "done"})
    taught = lesson(login(json_response(200, {"otp": CODE}), yes, yes))

    assert taught.profile.honest is False
    assert [told.partition(":")[0] for told in taught.warnings] == ["verify_ok and verify_mismatch are alike"]


@pytest.mark.parametrize(
    ("taken", "refused", "form"),
    [
        ("token-a", "Bearer token-a", "bare"),
        ("Bearer token-a", "token-a", "bearer"),
        ("token-a", None, None),
    ],
)
def test_authorization(taken, refused, form):
    """A form of the header is learned once another was seen to be refused."""
    pairs = [(send_request(authorization=taken), json_response(200, {"otp": CODE}))]
    if refused:
        pairs.append((send_request(authorization=refused), json_response(401, {"message": "no"})))
    taught = lesson(cassette(*pairs))

    assert taught.profile.authorization == (form or DEFAULT.authorization)
    assert ("authorization" in taught.learned) is (form is not None)
    if form is None:
        assert taught.missing["authorization"] == "only seen: bare is taken"


def test_both_forms_of_authorization():
    """Both taken is any scheme."""
    given = json_response(200, {"otp": CODE})
    taught = lesson(cassette(*((send_request(authorization=told), given) for told in ("abc", "Bearer abc"))))

    assert "authorization" in taught.learned
    assert taught.profile.authorization == "any-scheme"


def test_nothing_to_learn_from():
    """A cassette of Twilio alone teaches nothing about BotPenguin; a shipped name is taken."""
    with pytest.raises(CassetteError, match="Nothing to learn from"):
        lesson(form.load(SHIPPED / "twilio-messages.yaml"))
    with pytest.raises(CassetteError, match="'mismatch-200' is the name of a shipped profile"):
        lesson(form.load(SHIPPED / "login-mismatch-400.yaml"), name="mismatch-200")


def test_many_sources_make_a_short_summary():
    """Four files are told as three and one more."""
    found = [
        cassette((send_request(), json_response(200, {"otp": CODE})), file=f"{number}.yaml") for number in range(4)
    ]

    assert lesson(*found).profile.summary == "learned from 0.yaml; 1.yaml; 2.yaml and 1 more"
