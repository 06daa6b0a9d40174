"""What recordings teach: a profile that answers as they did, each field with its source, and no code in it."""

import json
from dataclasses import replace

import pytest
from commandline import run, told
from hypothesis import given
from hypothesis import strategies as st
from recordings import DAY, SHIPPED, send_request, verify_request

from pytest_botpenguin_otp import profile
from pytest_botpenguin_otp.botpenguin import TOKEN
from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.errors import CassetteError, LeakError
from pytest_botpenguin_otp.cassettes.learn import learn
from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange, Provenance
from pytest_botpenguin_otp.cassettes.reading import scrubbed
from pytest_botpenguin_otp.cassettes.samples import pasted, samples
from pytest_botpenguin_otp.machine import paths
from pytest_botpenguin_otp.strategies import profiles
from pytest_botpenguin_otp.wire import Response, json_response
from pytest_botpenguin_otp.world import World

DEFAULT = profile.PROFILES[profile.DEFAULT]
REAL = Provenance(kind="recorded", target="real", made=DAY, contracts="v1", scrubber="0.1.0")
REFUSED = "+15005550001"
CODE = "483920"


def cassette(*pairs, provenance=REAL, file="folder/login.yaml"):
    """Return a cassette of pairs of request and response."""
    exchanges = tuple(Exchange(request=asked, response=given) for asked, given in pairs)
    return Cassette(file=file, exchanges=exchanges, provenance=provenance)


def lesson(*cassettes, base=DEFAULT, **more):
    """Learn from cassettes."""
    return learn([sample for one in cassettes for sample in samples(one)], base=base, **more)


def login(send, ok, mismatch, code=CODE, **more):
    """Return a cassette of a send, a wrong code and the right one."""
    return cassette(
        (send_request(), send),
        (verify_request(code, "271828"), mismatch),
        (verify_request(code, code), ok),
        **more,
    )


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
    ("body", "path", "kind"),
    [
        ({"data": {"otp": CODE, "id": "20001234"}}, "data.otp", "text"),
        ({"id": 7654321, "list": [{"c": int(CODE)}]}, "list.0.c", "number"),
        ({"data": CODE}, "data", "text"),
        ({"a.b": CODE, "c": CODE}, "c", "text"),
        ({"otp": "ABC-12"}, "otp", "text"),
    ],
)
def test_the_code_is_what_is_used_later(body, path, kind):
    """Among many numbers, the code is the one that a later verify request gives back; it stays out of the profile."""
    code = "ABC-12" if "ABC-12" in str(body) else CODE
    recorded = login(json_response(200, body), json_response(200, {"ok": 1}), json_response(400, {"ok": 0}), code)
    got = lesson(recorded).profile

    assert (got.code_path, got.code_type) == (path, kind)
    assert code not in json.dumps(profile.to_json(got))


@pytest.mark.parametrize(
    "body",
    [
        {"id": "20001234", "ref": CODE},
        {"otp": "20001234", "pin": CODE},
        {"success": True},
        {"status": 20001},
        {"ok": True, "otp": "12"},
    ],
)
def test_no_code_to_be_found(body):
    """Where two values could be the code, or none, its path is not learned, and it is said why."""
    taught = lesson(cassette((send_request(), json_response(200, body))))

    assert taught.profile.code_path == DEFAULT.code_path
    assert "just one value of 4 to 10 digits" in taught.missing["code_path"]
    assert ("which value is the code" in taught.missing.get("send_ok", "")) is (CODE in body.values())


@pytest.mark.parametrize("key", ["otp", "OTP", "sms_otp", "pin", "verificationCode", "code"])
def test_a_code_is_known_by_its_name(key):
    """Where two values could be the code, the one that is called so is it."""
    taught = lesson(cassette((send_request(), json_response(200, {"id": "20001234", key: CODE}))))

    assert taught.profile.code_path == key


def test_code_inside_other_texts_and_keys():
    """A code in a sentence becomes its place too; one in a key stops everything."""
    sentence = {"otp": CODE, "note": f"use {CODE} now"}
    got = lesson(cassette((send_request(), json_response(200, sentence)))).profile

    assert json.loads(got.send_ok.body) == {"otp": "{{code}}", "note": "use {{code}} now"}
    with pytest.raises(LeakError, match="send_ok: the answer holds the code"):
        lesson(cassette((send_request(), json_response(200, {"otp": CODE, f"is{CODE}": True}))))


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


@pytest.mark.parametrize("typed", ["483 920", " 483920", "#483920", "x483920", "\u0664\u0668\u0663\u0669\u0662\u0660"])
def test_a_code_with_blanks_teaches_no_mismatch(typed):
    """What a service may take for the right code is neither the answer to a right one nor to a wrong one."""
    sent = send_request(), json_response(200, {"data": {"otp": "483920"}})
    yes = verify_request("483920", typed), json_response(200, {"success": True})
    got = lesson(scrubbed(cassette(sent, yes), made=DAY))

    assert {"verify_ok", "verify_mismatch"}.isdisjoint(got.learned)


@pytest.mark.parametrize("code", ["AB12", "AB12CD34", "ab12cde", "QWERT", "1234"])
def test_the_length_of_codes_with_letters(code):
    """A code keeps its length and is one text wherever it stands, so that the length learned is the one recorded."""
    sent = send_request(), json_response(200, {"data": {"otp": code}})
    wrong = verify_request(code, code[::-1]), json_response(400, {"success": False})
    yes = verify_request(code, code), json_response(200, {"success": True})
    got = lesson(scrubbed(cassette(sent, wrong, yes), made=DAY))

    assert (got.profile.code_length, got.profile.code_path) == (len(code), "data.otp")
    assert {"code_length", "verify_ok", "verify_mismatch"} <= {*got.learned}
    assert any("more in it than digits" in told for told in got.warnings) is not code.isdecimal()


@pytest.mark.parametrize("carried", ["fa4e" * 8, "5f2b9c1e-77aa-4c1d-9e21-000000000001", "Your word is 483920"])
@pytest.mark.parametrize("status", [200, 201])
def test_what_is_sent_as_system_otp_is_no_code(carried, status):
    """An id of a session, or a sentence, is not taken for the code, nor a yes to another text for a mismatch."""
    sent = send_request(), json_response(200, {"where": {"it": carried}, "ttl": 600})
    yes = verify_request(carried, "903817"), json_response(status, {"result": "VALID"})
    no = verify_request(carried, "271828"), json_response(401, {"result": "INVALID"})
    one, both = (lesson(scrubbed(cassette(sent, *pairs), made=DAY)) for pairs in ((yes,), (yes, no)))

    assert one.learned == ()
    assert both.learned == ("verify_mismatch",)
    assert (both.profile.verify_mismatch.status, both.contradictions) == (401, ())
    assert "stands at where.it and is no code" in one.missing["code_path"] == one.missing["send_ok"]
    assert "refused by no status" in one.missing["verify_mismatch"]


def test_a_mismatch_by_200_takes_the_right_code_too():
    """That 200 is a no, only a yes shows, of whichever recording; who pastes an answer says himself what it is."""
    no = verify_request(CODE, "271828"), json_response(200, {"success": False})
    yes = verify_request(CODE, CODE), json_response(200, {"success": True})
    said = pasted(b'{"success": false}', "answer.json", "verify", 200, mismatch=True, made=DAY)

    assert lesson(cassette(no)).learned == ()
    assert "verify_mismatch" in lesson(cassette(no), cassette(yes)).learned
    assert "verify_mismatch" in learn([said], base=DEFAULT).learned


@pytest.mark.parametrize("again", [True, False])
def test_a_right_code_that_was_refused_is_no_yes(again):
    """A code that had expired, or was used once more, teaches neither what a yes is nor a contradiction."""
    pair = verify_request(CODE, CODE)
    taken = [(pair, json_response(200, {"success": True}))] if again else []
    taught = lesson(cassette(*taken, (pair, json_response(400, {"success": False, "message": "expired"}))))

    assert ("verify_ok" in taught.learned) is again
    assert taught.contradictions == ()
    assert taught.profile.verify_ok.status == 200
    assert ("the right code was refused: it had expired" in taught.missing.get("verify_ok", "")) is not again


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


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (send_request(), 429),
        (verify_request(CODE, CODE), 500),
        (verify_request("", ""), 200),
        (replace(verify_request("", ""), body=b"nonsense"), 200),
        (replace(verify_request("", ""), body=b'{"systemOtp": 1}'), 200),
    ],
)
def test_what_teaches_no_answer(request_, status):
    """A rate limit, a server's error and a verify without codes are none of a profile's answers."""
    assert lesson(cassette((request_, json_response(status, {"success": False})))).learned == ()


def test_bodies_that_are_no_json():
    """An HTML page teaches no template, and that is said; a broken request is a bad one."""
    page = Response(status=400, body=b"<h1>Bad</h1>")
    deep = Response(status=200, body=b"[" * 40 + b"]" * 40)
    endless = Response(status=200, body=b'{"success": NaN}')
    nonsense = replace(send_request(), body=b"{")
    taught = lesson(
        cassette(
            (send_request(), page), (nonsense, page), (send_request(), deep), (verify_request(CODE, CODE), endless)
        )
    )

    assert "interaction 1: the answer is no JSON" in taught.missing["send_refused"]
    assert "interaction 2: the answer is no JSON" in taught.missing["bad_request"]
    assert "interaction 3: the answer is no JSON" in taught.missing["send_ok"]
    assert "interaction 4: the answer is no JSON" in taught.missing["verify_ok"]


def test_a_refusal_by_200():
    """A send without a code, where another had one, is a refusal."""
    got = lesson(
        cassette(
            (send_request(), json_response(200, {"success": True, "otp": CODE})),
            (send_request(), json_response(200, {"success": False, "message": "no"})),
        )
    ).profile

    assert got.send_refused.status == 200
    assert json.loads(got.send_refused.body) == {"success": False, "message": "{{message}}"}


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


@pytest.mark.parametrize(
    ("operation", "status", "mismatch", "answer"),
    [
        ("send", 200, False, "send_ok"),
        ("send", 400, False, "send_refused"),
        ("send", 401, False, "unauthorized"),
        ("verify", 200, False, "verify_ok"),
        ("verify", 400, True, "verify_mismatch"),
        ("verify", 200, True, "verify_mismatch"),
    ],
)
def test_pasted(operation, status, mismatch, answer):
    """A pasted answer is what was said of it; its code, numbers and names are gone before anything is learned."""
    body = {"success": True, "data": {"otp": "903817"}, "to": "+14155552671", "note": "for Kowalski"}
    sample = pasted(json.dumps(body).encode(), "answer.json", operation, status, mismatch=mismatch, made=DAY)
    taught = learn([sample], base=DEFAULT)
    text = json.dumps(profile.to_json(taught.profile))

    assert sample.answer == answer
    assert answer in taught.learned
    assert taught.profile.how_known(answer).kind == "recorded"
    assert not any(secret in text for secret in ("903817", "4155552671", "Kowalski"))


def test_pasted_with_a_byte_order_mark(tmp_path):
    """An answer that an editor saved with a byte order mark teaches what it does without one."""
    path = tmp_path / "answer.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"ok": True, "pin": "903817"}).encode())
    result = run("cassettes", "learn", str(path), "--operation", "send", "-o", str(tmp_path / "own.json"))

    assert result.exit_code == 0, result.output
    assert profile.find(str(tmp_path / "own.json")).code_path == "pin"


@pytest.mark.parametrize(
    ("body", "operation", "status", "mismatch", "words"),
    [
        (b"{}", "", 200, False, "needs --operation send or verify"),
        (b"{}", "send", 200, True, "goes with --operation verify"),
        (b"{}", "verify", 400, False, "say --mismatch"),
        (b"<p>", "send", 200, False, "this is no JSON"),
    ],
)
def test_pasted_refusals(body, operation, status, mismatch, words):
    """What nobody could place is refused, with the option that helps."""
    with pytest.raises(CassetteError, match=words):
        pasted(body, "answer.json", operation, status, mismatch=mismatch, made=DAY)


def test_command_on_stdout():
    """The profile alone is on stdout; what was learned and what not is on stderr; it can be used at once."""
    result = run("cassettes", "learn", str(SHIPPED / "login-status-envelope.yaml"), "--name", "mine")
    made = profile.from_json(json.loads(result.stdout))

    assert result.exit_code == 0, result.output
    assert made.name == "mine"
    assert made.verify_mismatch == profile.PROFILES["status-envelope"].verify_mismatch
    assert "Learned: send_ok, verify_ok, verify_mismatch, code_path" in result.stderr
    assert "None of it counts as recorded" in result.stderr
    assert "  sms_text (assumed): no recording tells it" in result.stderr


VERIFY = ("--operation", "verify")


def test_command_builds_on_another_profile(tmp_path):
    """Three pasted answers make one profile, one after the other, and it plays."""
    begun, more, out = (tmp_path / name for name in ("begun.json", "more.json", "mine.json"))
    send = tmp_path / "send.json"
    send.write_text('{"ok": "Y", "result": {"pin": "903817"}}', encoding="utf-8")
    first = run("cassettes", "learn", str(send), "--operation", "send", "-o", str(begun))
    second = run("cassettes", "learn", "-", *VERIFY, "--base", str(begun), "-o", str(more), typed='{"ok": true}')
    last = ("--base", str(more), "-o", str(out), "--mismatch")
    third = run("cassettes", "learn", "-", *VERIFY, *last, typed='{"ok": false}')
    made = profile.find(str(out))

    assert [one.exit_code for one in (first, second, third)] == [0, 0, 0], first.output + second.output + third.output
    assert f"wrote {out}" in third.stdout
    assert (made.code_path, made.verify_mismatch.body) == ("result.pin", '{"ok": false}')
    assert made.how_known("send_ok").source == "send.json, an answer pasted from BotPenguin"
    assert "903817" not in out.read_text(encoding="utf-8")
    assert run("demo", "--profile", str(out)).exit_code == 0


def test_command_tells_contradictions(tmp_path):
    """Recordings that contradict each other end with 1 and both places."""
    paths_ = [tmp_path / name for name in ("a.yaml", "b.yaml")]
    for path, body in zip(paths_, ({"otp": "100001"}, {"data": {"otp": "100001"}}), strict=True):
        form.write(cassette((send_request(), json_response(200, body))), path)
    result = run("cassettes", "learn", *map(str, paths_))

    assert result.exit_code == 1
    assert "Contradiction: code_path: " in result.stderr
    assert "b.yaml: interaction 1" in result.stderr


def test_command_refusals(tmp_path):
    """What cannot be read, or would be overwritten, ends with 2 and a plain line."""
    path = tmp_path / "a.yaml"
    path.write_bytes((SHIPPED / "login-mismatch-400.yaml").read_bytes())
    big = tmp_path / "big.json"
    big.write_text("1" * 1_000_001, encoding="utf-8")
    broken = tmp_path / "broken.json"
    broken.write_text('{"a": ', encoding="utf-8")

    base = tmp_path / "base.json"
    made = run("cassettes", "learn", str(path), "-o", str(base))
    again = run("cassettes", "learn", str(path), "-o", str(base))
    (tmp_path / "link.yaml").hardlink_to(path)

    assert f"wrote {base}: the profile 'learned'; use it by --otp-profile" in made.stdout.replace("\n", " ")
    assert f"replaced {base}" in again.stdout
    assert "is one of the files to learn from" in told(
        run("cassettes", "learn", str(path), "--base", str(base), "-o", str(base))
    )
    assert "is one of the files to learn from" in told(
        run("cassettes", "learn", str(path), "-o", str(tmp_path / "link.yaml"))
    )
    assert "is one of the files to learn from" in told(run("cassettes", "learn", str(path), "-o", str(path)))
    assert "there is no such file" in told(run("cassettes", "learn", str(tmp_path / "none.yaml")))
    assert "larger than 1000 kB" in told(run("cassettes", "learn", str(big)))
    assert "this is no JSON" in told(run("cassettes", "learn", str(broken), "--operation", "send"))
    assert "no cassette. A pasted answer needs" in told(run("cassettes", "learn", "-", typed="{}"))
    assert "a profile name" in told(run("cassettes", "learn", str(path), "--name", "Not A Name"))
    assert path.read_bytes() == (SHIPPED / "login-mismatch-400.yaml").read_bytes()
