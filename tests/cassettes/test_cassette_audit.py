"""`cassettes audit`: secrets, age, provenance, contract, orphans; places and kinds, never a value."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from commandline import run, told
from recordings import DAY, SHIPPED, post, send_request, verify_request

from pytest_botpenguin_otp.botpenguin import TOKEN
from pytest_botpenguin_otp.cassettes import audit as audits
from pytest_botpenguin_otp.cassettes import form, orphans
from pytest_botpenguin_otp.cassettes.audit import audit
from pytest_botpenguin_otp.cassettes.breaches import breaches
from pytest_botpenguin_otp.cassettes.fixture import cassette_path
from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange, Provenance
from pytest_botpenguin_otp.cassettes.reading import Source, read
from pytest_botpenguin_otp.profile import find
from pytest_botpenguin_otp.wire import Request, Response, json_response

REAL = Provenance(kind="recorded", target="real", made=DAY, contracts="v1", scrubber="0.1.0")
HOST = "https://api.v7.botpenguin.com"
TWILIO = "https://api.twilio.com/2010-04-01/Accounts/ACfa4efa4efa4efa4efa4efa4efa4e0001/Messages"
SENT = json_response(200, {"success": True, "message": "", "data": {"otp": "100001"}, "code": 200})
SENDER = "+12125550101"


def asked(**fields):
    """Return a scrubbed request for a code, from a number that is nobody's."""
    body = json.loads(send_request().body) | {"fromNumber": SENDER} | fields
    return post(f"{HOST}/integrations/custom-feature/send-otp-sms", body, authorization="fake-token-1")


def source(*pairs, provenance=REAL, **more):
    """Return a cassette of pairs of request and response, and its text."""
    exchanges = tuple(Exchange(request=request, response=response) for request, response in pairs)
    cassette = Cassette(file="it.yaml", exchanges=exchanges, provenance=provenance, **more)
    return Source(cassette, form.dump(cassette))


def found(one, check=None, **more):
    """Return place and message of what an audit finds."""
    findings = audit(one, today=DAY, **more).findings
    return [(finding.place, finding.message) for finding in findings if check in (None, finding.check)]


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped(path):
    """What ships is clean, and is caught as soon as it claims to be the real thing."""
    shipped = read(path)
    claims = replace(shipped.cassette, provenance=replace(shipped.cassette.provenance, target="real"))
    [(_, message)] = found(Source(claims, shipped.text))

    assert found(shipped) == []
    assert message.startswith("it claims to be a recording of the real service, but its source speaks of a fake; ")
    assert "magic number" in message


def test_a_real_one():
    """A scrubbed recording of the real service is fine."""
    one = source((asked(), SENT))

    assert found(one) == []
    assert audit(one, today=DAY).age_days == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "http://127.0.0.1:8000/integrations/custom-feature/send-otp-sms"}, "its host is nobody's"),
        ({"url": "http://localhost/integrations/custom-feature/send-otp-sms"}, "its host is nobody's"),
        ({"url": "http://a.test/integrations/custom-feature/send-otp-sms"}, "its host is nobody's"),
        ({"headers": (("Authorization", f"Bearer {TOKEN}"),)}, "its token is that of the fake"),
        ({"body": send_request().body}, "from which nothing real is sent"),
    ],
)
def test_a_fake_that_claims_to_be_real(change, words):
    """Hosts, credentials and senders that are no real ones give a fake away."""
    one = source((replace(asked(), **change), SENT))
    assert any(words in message for _, message in found(one, "provenance"))
    honest = replace(one.cassette, provenance=replace(REAL, target="fake"))

    assert found(Source(honest, one.text), "provenance") == []


@pytest.mark.parametrize(
    ("provenance", "words"),
    [
        (None, "it says nothing of where it comes from"),
        (replace(REAL, scrubber=None), "it was recorded and never scrubbed"),
        (replace(REAL, made=DAY + timedelta(days=1)), "on a day that has not come yet"),
    ],
)
def test_provenance(provenance, words):
    """What does not say where it comes from, or says what cannot be, is a finding."""
    [(_, message)] = found(source((asked(), SENT), provenance=provenance))

    assert words in message


def test_age():
    """Old ones are a finding where a limit is set; the age is told in any case."""
    one = source((asked(), SENT), provenance=replace(REAL, made=DAY - timedelta(days=31)))

    assert audit(one, today=DAY).age_days == 31
    assert found(one) == []
    assert found(one, max_age=31) == []
    assert found(one, max_age=30) == [("", "31 days old, more than 30. Record it anew.")]
    assert audit(source(provenance=None), today=DAY, max_age=0).age_days is None


SECRETS = {
    "SID": asked(accountSID="AC" + "0123456789abcdef" * 2),
    "token": asked(authToken="0123456789abcdef" * 2),
    "phone number": asked(toNumber="+14155552671"),
    "phone number ": asked(toNumber="4155552671"),
    "authorization": replace(asked(), headers=(("Authorization", "kept-by-nobody-7f3a"),)),
    "authorization ": replace(asked(), headers=(("Authorization", "Bearer kept-by-nobody"),)),
    "one-time code": verify_request("903817", "100001", authorization="fake-token-1"),
    "one-time code ": verify_request("012345", "000001", authorization="fake-token-1"),
    "URL": Request(method="POST", url=f"{TWILIO}.json", body=b"To=%2B12125550100&StatusCallback=https://me.example/s"),
    "a value that no contract names": asked(password="hunter"),
    "a header that may hold a secret": replace(asked(), headers=(*asked().headers, ("Cookie", "s=1"))),
}


@pytest.mark.parametrize("kind", SECRETS)
def test_secrets_in_requests(kind):
    """Whatever is named like a secret, and is no pseudonym, is found, by place and kind alone."""
    request = SECRETS[kind]
    one = source((request, Response(status=500)))
    told_ = found(one, "secret")

    assert any(place.startswith("interactions[0]") and kind.strip() in message for place, message in told_)
    for secret in ("0123456789abcdef", "4155552671", "nobody", "903817", "012345", "me.example", "hunter"):
        assert secret not in str(audit(one, today=DAY).findings)


@pytest.mark.parametrize(
    ("body", "finds"),
    [
        ({"data": {"otp": "903817"}}, True),
        ({"code": 903817}, True),
        ({"list": ["903817"]}, False),
        ({"code": 200}, False),
        ({"otp": "100001"}, False),
        ({"otp": "7777"}, False),
        ("903817", False),
    ],
)
def test_codes_in_answers(body, finds):
    """What is named like a code and looks like one must be a pseudonym."""
    told_ = found(source((asked(), json_response(200, body))), "secret")

    assert told_ == ([("interactions[0].response.body", "one-time code that is no pseudonym")] if finds else [])


def test_values_by_form():
    """The forms of secrets are found wherever they stand, in any encoding."""
    one = source((asked(), json_response(400, {"message": "%2B14155552671"})))

    assert any(message == "phone number" for _, message in found(one, "secret"))


def test_pseudonyms():
    """Everything that scrubbing gives passes, and so do Twilio's magic numbers and what is no code at all."""
    fine = [
        asked(toNumber="+447700900001"),
        asked(toNumber="7700900001"),
        asked(toNumber="7777"),
        asked(fromNumber="+15005550006"),
        verify_request("000001", "{}", authorization="fake-token-1"),
        verify_request("1001", "word-1", authorization="fake-token-1"),
        verify_request("", "100 001", authorization="fake-token-1"),
        verify_request("MTAwMDAx", "word-1 100001, x100002x", authorization="fake-token-xx1"),
        verify_request("313030303031", "+12125550100", authorization=f"Bearer {'fa4e' * 7}0001"),
        asked(toNumber="07700 900001"),
        asked(toNumber="00447700900001"),
        asked(toNumber="whatsapp:+1 212 555 0100"),
        Request(method="POST", url=f"{TWILIO}.json", body=b"StatusCallback=https://callback-1.example.invalid/"),
    ]

    assert found(source(*((request, Response(status=500)) for request in fine)), "secret") == []


@pytest.mark.parametrize("typed", ["my code 483920", "NDgzOTIw", "x483920y", "343833393230", "07911 123456"])
def test_no_pseudonyms(typed):
    """A code among words, or encoded, is found as well."""
    pair = (verify_request("100001", typed, authorization="fake-token-1"), Response(status=500))

    assert found(source(pair), "secret") == [
        ("interactions[0].request.body.userOtp", "one-time code that is no pseudonym")
    ]


def test_what_nobody_recorded_is_held_against_forms_only():
    """A documented example may hold any code, since it is nobody's; the forms of secrets are found in it too."""
    documented = replace(REAL, kind="documented")
    pair = (verify_request("903817", "903817"), Response(status=500))

    assert found(source(pair, provenance=documented), "secret") == []
    pair = (asked(toNumber="+14155552671"), Response(status=500))
    assert found(source(pair, provenance=documented), "secret") != []


def test_a_text_that_cannot_be_searched(monkeypatch):
    """What is nested too deep to be searched is a finding."""

    def deep(*_, **__):
        raise RecursionError

    monkeypatch.setattr(audits, "scan", deep)

    assert ("", "a text nested too deep to be searched") in found(source((asked(), SENT)), "secret")


MEDIA = b"To=%2B12125550100&From=%2B12125550101&MediaUrl=a&MediaUrl=b&MediaUrl=c"
MESSAGE = form.load(SHIPPED / "twilio-messages.yaml").exchanges[0].response
ERROR = json_response(400, {"success": False, "message": "no", "code": 400})


@pytest.mark.parametrize(
    ("request_", "response", "words"),
    [
        (asked(), SENT, ()),
        (asked(), ERROR, ()),
        (asked(), json_response(400, {"status": "error", "message": "no"}), ()),
        (asked(toNumber=7), ERROR, ()),
        (asked(toNumber=7), SENT, ("breaks botpenguin/send-request: $.toNumber",)),
        (replace(asked(), headers=()), SENT, ("breaks botpenguin/headers",)),
        (asked(), json_response(200, {"otp": "100001"}), ("breaks botpenguin/",)),
        (asked(), Response(status=200, body=b"<p>"), ("breaks botpenguin/",)),
        (asked(), SENT.__class__(status=502, body=SENT.body), ("breaks botpenguin/error-response",)),
        (verify_request("1", "1"), json_response(200, {"success": False, "message": "", "code": 200}), ()),
        (Request(method="GET", url="https://shop.example/x"), SENT, ("No contract covers GET",)),
        (Request(method="GET", url=f"{TWILIO}.json"), json_response(200, {}), ("breaks twilio/message-page",)),
        (Request(method="GET", url=f"{TWILIO}/SM1.json"), MESSAGE, ()),
        (Request(method="DELETE", url=f"{TWILIO}/SM1.json"), Response(status=204), ()),
        (Request(method="POST", url=f"{TWILIO}.json", body=MEDIA), MESSAGE, ()),
        (Request(method="POST", url=f"{TWILIO}.json", body=b"From=x"), MESSAGE, ("breaks twilio/create-message",)),
        (Request(method="POST", url=f"{TWILIO}.json"), json_response(400, {"code": 1}), ("breaks twilio/error",)),
    ],
)  # fmt: skip
def test_contract(request_, response, words):
    """An exchange keeps its contract, an error the error's; a request may be wrong where the answer says so."""
    messages = breaches(Exchange(request=request_, response=response))

    assert bool(messages) is bool(words)
    for word in words:
        assert any(word in message for message in messages)


OWN = json_response(200, {"result": {"passcode": "100001", "ttl": 300}, "state": "sent"})


def test_an_answer_of_ones_own(folder):
    """What a service of one's own answers breaks every contract of ours, and none once its profile was learned."""
    yes, no = ({"result": {"match": match}, "state": "checked"} for match in (True, False))
    verify = [verify_request("100001", typed, authorization="fake-token-1") for typed in ("100001", "100002")]
    one = source((asked(), OWN), (verify[0], json_response(200, yes)), (verify[1], json_response(200, no)))
    form.write(one.cassette, folder / "good.yaml")
    assert run("cassettes", "learn", "cassettes/good.yaml", "-o", "own.json").exit_code == 0
    broken = source((asked(), json_response(200, {"result": {"passcode": 100001}, "state": "sent"})))
    learned = find("own.json")

    assert run("cassettes", "audit").stdout.count(": contract: breaks botpenguin/") >= 3
    result = run("cassettes", "audit", "--profile", "own.json")
    assert result.exit_code == 0, result.output
    assert found(broken, "contract", profile=learned) != []
    assert "There is no profile" in told(run("cassettes", "audit", "--profile", "mismatch-40"))


def test_orphans(tmp_path):
    """A cassette is named by a test's name, by a parametrised one, by a conversation, or by any text of a test."""
    folder = tmp_path / "cassettes"
    files = [
        folder / name
        for name in (
            "test_a/test_one.yaml",
            "test_a/test_two-x-12345678.yaml",
            "test_a/test_three.yaml",
            "login/by_marker.yaml",
            "login/with_suffix.yaml",
            "top.yaml",
            "test_c.chat/one-two-12345678.yaml",
            "lonely.yaml",
        )
    ]
    chat = "conversations:\n  one two:\n    - user: x\n"
    (tmp_path / "test_a.py").write_text(
        "def test_one(): pass\nasync def test_two(): pass\n"
        "MARKS = ['login/by_marker', 'login/with_suffix.yaml', 'top', 7]\n",
        encoding="utf-8",
    )
    (tmp_path / "test_b.py").write_text("def broken(:", encoding="utf-8")
    (tmp_path / "test_c.chat.yaml").write_text(chat, encoding="utf-8")
    (tmp_path / "test_d.chat.yaml").write_text("&", encoding="utf-8")
    named = orphans.names_in(tmp_path)
    files[-2] = cassette_path(tmp_path, "test_c.chat", "one two")

    assert [finding.file for finding in orphans.orphans(files, named)] == [str(files[2]), str(files[-1])]
    assert orphans.orphans([tmp_path / "elsewhere" / "top.yaml"], named) == ()


NAMED = """
class TestA:
    def test_it(self): pass
    class TestDeep:
        async def test_it(self): pass
class TestB(TestA): pass
if True:
    def test_größe(): pass
def test_LONG(): pass
""".replace("LONG", "long_" * 30)


@pytest.mark.parametrize("parameters", ["", "[x]", "[447700900123]", "[é-/]", f"[{'long' * 40}]"])
@pytest.mark.parametrize(
    "test", ["TestA.test_it", "TestA.TestDeep.test_it", "TestB.test_it", "test_größe", "test_long"]
)
def test_orphans_are_named_as_the_fixture_names_them(tmp_path, test, parameters):
    """The name of a test's own cassette is no orphan's, whatever the test is called; another test's is."""
    test = test.replace("test_long", f"test_{'long_' * 30}")
    (tmp_path / "test_größe.py").write_text(NAMED, encoding="utf-8")
    named = orphans.names_in(tmp_path)
    own = cassette_path(tmp_path, "test_größe", test + parameters)
    others = [
        cassette_path(tmp_path, "test_größe", f"{test[:60]}_other{parameters}"),
        cassette_path(tmp_path, "test_other", test + parameters),
    ]

    assert [finding.file for finding in orphans.orphans([own, *others], named)] == [*map(str, others)]


def test_orphans_of_chats(tmp_path):
    """A chat file names cassettes by `cassette:`, and by its conversations under each profile."""
    (tmp_path / "test_c.chat.yaml").write_text(
        "conversations:\n  one:\n    - user: x\n  two é:\n    cassette: sub/login\n    steps: []\n", encoding="utf-8"
    )
    named = orphans.names_in(tmp_path)
    tests = ("one", "one[mismatch-200]", "two é", "two é[mismatch-400]")
    files = [tmp_path / "cassettes/sub/login.yaml", *(cassette_path(tmp_path, "test_c.chat", one) for one in tests)]

    assert orphans.orphans(files, named) == ()
    assert len(orphans.orphans([cassette_path(tmp_path, "test_c.chat", "three")], named)) == 1


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder of cassettes, the working directory's, with one of them good."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "cassettes"
    made.mkdir()
    (made / "good.yaml").write_bytes((SHIPPED / "login-mismatch-400.yaml").read_bytes())
    return made


def test_command(folder):
    """Without a path the folder cassettes is audited; 0 and a line for each."""
    result = run("cassettes", "audit")

    assert folder.is_dir()
    assert result.exit_code == 0, result.output
    assert "cassettes/good.yaml: recorded, target fake, 2026-11-23, contracts v1, scrubbed by 0.1.0; " in result.stdout
    assert "days old; 4 exchanges; nothing found" in result.stdout
    assert result.stdout.endswith("1 cassette, 0 findings.\n")


def test_command_finds(folder):
    """A finding ends with 1; each is told by file, place and check, and by no value."""
    form.write(source((SECRETS["one-time code"], SENT), provenance=None).cassette, folder / "old.yaml")
    (folder / "test_x.py").write_text("X = 'old'", encoding="utf-8")
    result = run("cassettes", "audit", "cassettes", "--tests", ".")

    assert result.exit_code == 1
    assert "cassettes/old.yaml: says nothing of where it comes from; age unknown; 1 exchange\n" in result.stdout
    assert "  cassettes/old.yaml: interactions[0].request.body.systemOtp: secret: one-time code" in result.stdout
    assert "cassettes/good.yaml: orphan: no test names it." in result.stdout
    assert "903817" not in result.output
    assert run("cassettes", "audit", "cassettes/good.yaml", "--max-age", "0").exit_code in (0, 1)


OTHERS = """\
interactions:
- request:
    {headers: {Accept: ['*/*'], Authorization: ['TOKEN']}, body: null, method: GET, uri: 'https://shop.example/orders?page=2'}
  response: {body: {string: '{"code": "903817", "orders": [1]}'}, headers: {}, status: {code: 200, message: OK}}
version: 1
"""


@pytest.mark.parametrize("masked", ["DUMMY", "<redacted>", "***", "fake-token-1", "Bearer XXX"])
def test_cassettes_of_other_tests(folder, masked):
    """What other tests recorded by vcrpy is no concern of ours, and is told so in one line; nor is it an orphan."""
    (folder / "test_shop.yaml").write_text(OTHERS.replace("TOKEN", masked), encoding="utf-8")
    (folder / "test_x.py").write_text("X = 'good'", encoding="utf-8")
    result = run("cassettes", "audit", "--tests", ".")
    told_ = [line for line in result.stdout.splitlines() if "test_shop" in line]

    assert result.exit_code == 0, result.output
    assert told_ == ["cassettes/test_shop.yaml: not ours, since it holds none of our calls; searched for secrets only"]
    tree = json.loads(run("cassettes", "audit", "--json").stdout)
    assert [one["foreign"] for one in tree["cassettes"]] == [False, True]


@pytest.mark.parametrize("secret", ["Bearer kept-by-nobody-7f3a", "hunterhunterhunter", "AC" + "0123456789abcdef" * 2])
def test_secrets_in_cassettes_of_other_tests(folder, secret):
    """A secret is found in whatever file it is."""
    (folder / "test_shop.yaml").write_text(OTHERS.replace("TOKEN", secret), encoding="utf-8")
    result = run("cassettes", "audit")

    assert result.exit_code == 1
    assert "  cassettes/test_shop.yaml: interactions[0].request.headers: secret: " in result.stdout
    assert secret not in result.output


def test_command_json(folder):
    """The same for machines, alone on stdout, unreadable files included."""
    (folder / "half.yml").write_text("interactions: [", encoding="utf-8")
    (folder / "link.yaml").symlink_to(SHIPPED / "login-mismatch-400.yaml")
    result = run("cassettes", "audit", "--json")
    tree = json.loads(result.stdout)

    assert result.exit_code == 2
    assert [one["file"] for one in tree["cassettes"]] == ["cassettes/good.yaml"]
    assert tree["findings"] == []
    assert len(tree["unreadable"]) == 2
    assert "leads out of its folder" in result.stderr
    assert run("cassettes", "audit").stdout.endswith("3 cassettes, 0 findings, 2 could not be read.\n")


def test_command_json_findings(folder):
    """A finding says its file, check, place and message; a file without provenance has none."""
    form.write(source((asked(), SENT), provenance=None).cassette, folder / "good.yaml")
    result = run("cassettes", "audit", "--json")
    tree = json.loads(result.stdout)

    assert result.exit_code == 1
    assert tree["cassettes"][0]["provenance"] is None
    assert [(one["check"], one["place"]) for one in tree["findings"]] == [("provenance", "")]


def test_command_refusals(folder):
    """Nothing to audit is no success."""
    (folder / "good.yaml").unlink()

    assert "there is no cassette (*.yaml) in this folder; nothing was checked" in told(run("cassettes", "audit"))
    assert "there is no such cassette" in told(run("cassettes", "audit", "none.yaml"))
    (folder / "good.yaml").write_bytes((SHIPPED / "login-mismatch-400.yaml").read_bytes())
    assert "no such folder of tests" in told(run("cassettes", "audit", "--tests", "none"))
