"""`otp_cassette` in a user's suite: replay by default, a miss is a failure, recording needs every consent."""

import json
import re
import shlex
import sys
from textwrap import indent

import pytest
import yaml
from recorded_project import CODE, LOGIN, README_BOT, RECORD, SECRETS, SENSITIVE, TEST, ship

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.errors import CassetteError
from pytest_botpenguin_otp.cassettes.fixture import cassette_path, slug
from pytest_botpenguin_otp.cassettes.scan import scan
from pytest_botpenguin_otp.profile import PROFILES, to_json
from pytest_botpenguin_otp.transports.server import LoopbackServer
from pytest_botpenguin_otp.twilio.accounts import DEFAULT
from pytest_botpenguin_otp.wire import json_response

HELD = """service, code, attributes, said = otp_cassette.service, otp_cassette.code(chat), chat.attributes, chat.said
    texts, calls = tuple(attributes.values()), chat.calls()
    assert not chat.verified, [code, attributes, said, texts, calls]"""

LOUD = ("--showlocals", "--junitxml=junit.xml", "-olog_cli=true", "--log-level=DEBUG", "-ojunit_logging=all")


def test_replay(user):
    """By default a test plays its cassette, without any consent."""
    ship(user)
    user.file("test_module.py", LOGIN + TEST)

    user.run("-p", "no:randomly").assert_outcomes(passed=1)


def test_replay_of_an_awaited_chat(user):
    """A cassette plays for the async runner too, though nothing of it is to be awaited."""
    ship(user)
    user.file(
        "test_module.py",
        "import asyncio\n"
        "def test_it(async_flow_runner, otp_cassette):\n"
        "    async def login():\n"
        "        chat = await async_flow_runner.start('login.bot.yaml', service=otp_cassette.service)\n"
        "        await chat.user('+447700900123')\n"
        "        await chat.user(otp_cassette.code(chat))\n"
        "        return chat\n"
        "    assert asyncio.run(login()).verified\n",
    )

    user.run().assert_outcomes(passed=1)


def test_named(user):
    """The marker names another cassette; a name that leads out is refused."""
    ship(user).rename(user.path / "cassettes" / "shared.yaml")
    user.file(
        "test_module.py",
        LOGIN
        + TEST.replace("live=True", "cassette='shared'")
        + "@pytest.mark.otp(cassette='../../secret')\ndef test_out(otp_cassette): pass\n",
    )
    result = user.run()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*cassette='../../secret'*: a cassette is named by letters*"])


@pytest.mark.usefixtures("no_sockets")
def test_missing_cassette_is_a_failure(user):
    """Without a cassette a test fails, says how to record one, and nothing goes live."""
    user.file("test_module.py", LOGIN + TEST)
    result = user.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["There is no cassette *test_it.yaml. Nothing went live. Record it: pytest --otp-record*"]
    )


@pytest.mark.usefixtures("no_sockets")
def test_wrong_code(user):
    """A replay with a wrong code fails once, at the line of the test, without any value, with `--showlocals` too."""
    ship(user)
    user.file(
        "test_module.py", LOGIN + TEST.replace("otp_cassette)\n    assert", "otp_cassette, '000111')\n    assert")
    )
    result = user.run("--showlocals", "--junitxml=junit.xml")
    shown = result.stdout.str() + (user.path / "junit.xml").read_text(encoding="utf-8")

    result.assert_outcomes(failed=1)
    assert "The first difference: body.userOtp" in shown
    assert "100003" not in shown.replace("100003'", "")
    assert shown.count("these interactions were never played") == 1


def test_unplayed_is_a_failure(user):
    """What was not played is named."""
    ship(user)
    user.file("test_module.py", LOGIN + "def test_it(otp_cassette): assert len(otp_cassette.unplayed) == 2")
    result = user.run()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*never played:", "- interaction 1 (line *send-otp-sms", "- interaction 2 (line *"])


def test_a_miss_that_is_swallowed_is_a_failure(user):
    """A test that goes on after a request that was not recorded fails all the same, without any value."""
    ship(user)
    swallowed = """
    with pytest.raises(AssertionError):
        otp_cassette.service(request)
"""
    user.file(
        "test_module.py", f"from recordings import send_request\n{LOGIN}{TEST}    request = send_request()\n{swallowed}"
    )
    result = user.run()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*the test passed, although these requests had no answer:", "- <POST *not recorded*"])


@pytest.mark.usefixtures("no_sockets")
def test_recording_without_consent(user):
    """`--otp-record` alone names everything that is missing at once, and sends nothing."""
    user.file("test_module.py", LOGIN + TEST.replace("(live=True)", "(seed=1)"))
    result = user.run("--otp-record")

    result.assert_outcomes(errors=1)
    for missing in ("--otp-live", "BOTPENGUIN_OTP_LIVE=1", "live=True", "--otp-live-to", "--otp-sms-budget N"):
        result.stdout.fnmatch_lines([f"- *{missing}*"])
    result.stdout.fnmatch_lines(["Nothing was sent."])
    assert not (user.path / "cassettes").exists()


def test_record_and_replay(consenting):
    """A recording leaves a clean file and nothing sensitive on the terminal, in JUnit, with locals; then it plays."""
    consenting.file("test_module.py", LOGIN + TEST)
    recorded = consenting.run_alone(*RECORD, *LOUD)
    path = consenting.path / "cassettes" / "test_module" / "test_it.yaml"
    text = path.read_text(encoding="utf-8")
    shown = recorded.stdout.str() + recorded.stderr.str() + (consenting.path / "junit.xml").read_text(encoding="utf-8")

    recorded.assert_outcomes(passed=1)
    assert "botpenguin-otp: real SMS 1 of at most 2, to +4*********23" in recorded.stderr.str()
    assert [secret for secret in (*SENSITIVE, "send-otp-sms> not in cassette") if secret in text + shown] == []
    assert scan(text) == ()
    assert form.load(path).provenance.target == "fake"
    assert form.load(path).provenance.source == "pytest --otp-record, profile mismatch-400"
    consenting.run().assert_outcomes(passed=1)


def test_a_failing_recording_shows_nothing(consenting):
    """A test that fails while recording shows no secret either, whatever pytest is asked to show."""
    failing = TEST.replace("assert chat.verified", HELD)
    consenting.file("test_module.py", LOGIN + failing)
    result = consenting.run(*RECORD, *LOUD)
    shown = result.stdout.str() + (consenting.path / "junit.xml").read_text(encoding="utf-8")

    result.assert_outcomes(failed=1)
    assert [secret for secret in SENSITIVE if secret in shown] == []


def test_budget_and_destination(consenting):
    """The second SMS over the budget is refused, and so is another number."""
    consenting.file("test_module.py", LOGIN + TEST + TEST.replace("test_it", "test_more"))
    result = consenting.run(*RECORD[:3], "--otp-sms-budget=1")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*a larger --otp-sms-budget (all 1 are used)"])
    result = consenting.run("--otp-record", "--otp-live", "--otp-live-to=+14155550123", "--otp-sms-budget=1")
    result.stdout.fnmatch_lines(["*this destination among your own numbers"])


def test_ci_needs_its_own_switch(consenting, monkeypatch):
    """Under CI, recording asks for one consent more."""
    monkeypatch.setenv("CI", "true")
    consenting.file("test_module.py", LOGIN + TEST)
    consenting.run(*RECORD).stdout.fnmatch_lines(["*--otp-live-in-ci, since CI is set"])

    consenting.run(*RECORD, "--otp-live-in-ci").assert_outcomes(passed=1)


def test_classes_have_cassettes_of_their_own(consenting):
    """Tests of the same name in two classes are recorded into two files, and each plays its own."""
    method = (
        TEST.replace("\n@", "\n    @")
        .replace("\ndef test_it(", "\n    def test_it(self, ")
        .replace("\n    ", "\n        ")
    )
    classes = "".join(
        f"class Test{name}:{method}".replace("        @", "    @").replace("        def", "    def") for name in "AB"
    )
    consenting.file("test_module.py", LOGIN + classes)
    consenting.run(*RECORD).assert_outcomes(passed=2)
    folder = consenting.path / "cassettes" / "test_module"

    assert sorted(path.name for path in folder.iterdir()) == ["TestA.test_it.yaml", "TestB.test_it.yaml"]
    consenting.run().assert_outcomes(passed=2)


def test_the_place_is_looked_at_before_anything_is_sent(consenting, asked, tmp_path):
    """Where the cassette could not be written, nothing is sent: a file or a link where its folder is to be."""
    consenting.file("test_module.py", LOGIN + TEST)
    folder = consenting.path / "cassettes"
    folder.write_text("", encoding="utf-8")
    consenting.run(*RECORD).stdout.fnmatch_lines(
        ["*cassettes: is no folder that can be written into*Nothing was sent."]
    )
    folder.unlink()
    folder.symlink_to(tmp_path)
    consenting.run(*RECORD).stdout.fnmatch_lines(["*cassettes: is a link; *Nothing was sent."])
    folder.unlink()
    (folder / "test_module" / "test_it.yaml").mkdir(parents=True)
    consenting.run(*RECORD).stdout.fnmatch_lines(["*test_it.yaml: is a folder, *Nothing was sent."])
    (folder / "test_module" / "test_it.yaml").rmdir()
    (folder / "test_module" / "test_it.yaml.failed").symlink_to(tmp_path / "elsewhere")
    consenting.run(*RECORD).stdout.fnmatch_lines(["*test_it.yaml.failed: is a link; *Nothing was sent."])

    assert asked == []
    assert list(tmp_path.iterdir()) == []


def test_a_recording_of_nothing_is_a_failure(consenting):
    """A test that passes without one call through the cassette is told so, and leaves no file."""
    consenting.file("test_module.py", LOGIN + "@pytest.mark.otp(live=True)\ndef test_it(otp_cassette): pass\n")
    result = consenting.run(*RECORD)

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*test_it.yaml: nothing was recorded. Either no call was made*"])
    assert not (consenting.path / "cassettes").exists()


def test_a_recording_goes_where_the_bot_says(consenting, asked):
    """A target for the suite moves no call of a test: it is refused before anything is sent."""
    consenting.file("test_module.py", LOGIN + TEST)
    result = consenting.run(*RECORD, f"--otp-target={consenting.url}")

    result.stdout.fnmatch_lines(["*the calls of this test go where its bot file says.*Nothing was sent."])
    assert asked == []


def test_a_cassette_that_nobody_plays(user):
    """A test that names a recording and does not ask for it would be green against the fake: it fails."""
    user.file("test_module.py", "import pytest\n@pytest.mark.otp(cassette='x')\ndef test_it(flow_runner): pass\n")
    result = user.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*names a recording, but the test does not ask for otp_cassette*"])


def test_under_xdist(consenting):
    """Workers share one budget; two of them never write one file."""
    tests = "".join(
        TEST.replace("test_it", f"test_{n}").replace("live=True", "live=True, cassette='one'") for n in "ab"
    )
    consenting.file("test_module.py", LOGIN + tests)
    result = consenting.run_alone(*RECORD, "-n2")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*another test of this run records into it; give each a cassette of its own. *"])


def test_one_budget_for_all_workers(consenting, asked):
    """Two workers that record each a cassette of their own share the budget of one SMS."""
    consenting.file("test_module.py", LOGIN + TEST + TEST.replace("test_it", "test_more"))
    result = consenting.run(*RECORD[:3], "--otp-sms-budget=1", "-n2")

    result.assert_outcomes(passed=1, failed=1)
    assert sum(request.path.endswith("send-otp-sms") for request in asked) == 1


@pytest.mark.parametrize(
    ("option", "place"),
    [("--otp-live", "ini"), ("--otp-live-in-ci", "ini"), ("--otp-sms-budget=2", "ini"), ("--otp-live", "environment")],
)
def test_a_standing_consent_is_none(consenting, asked, monkeypatch, option, place):
    """A consent in addopts, or in PYTEST_ADDOPTS, ends the run before anything is sent, and is named."""
    consenting.file("test_module.py", LOGIN + TEST)
    if place == "ini":
        own = (consenting.path / "pytest.ini").read_text(encoding="utf-8")
        consenting.file("pytest.ini", own.replace("addopts =", f"addopts = {option}"))
    else:
        monkeypatch.setenv("PYTEST_ADDOPTS", option)
    typed = [given for given in RECORD if given.partition("=")[0] != option.partition("=")[0]]
    result = consenting.run(*typed)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{option.partition('=')[0]}: a consent is typed for each run; *Nothing was sent."])
    assert asked == []


@pytest.mark.parametrize("workers", [(), ("-n1",)])
def test_a_consent_that_a_conftest_gives_is_none(consenting, asked, workers):
    """What code sets after the run has begun was typed by nobody either, and sends nothing."""
    consenting.file("test_module.py", LOGIN + TEST)
    own = (consenting.path / "conftest.py").read_text(encoding="utf-8")
    late = "\ndef pytest_sessionstart(session):\n    session.config.option.otp_live = True\n"
    consenting.file("conftest.py", own + late)
    result = consenting.run(*(given for given in RECORD if given != "--otp-live"), *workers)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*--otp-live: a consent is typed for each run; *Nothing was sent."])
    assert asked == []


@pytest.mark.parametrize("given", ["1e9", "1.5", "many", "-1", "0", "21", ""])
def test_budgets_that_are_none(consenting, asked, given):
    """A budget is a small whole number; whatever else is said sends nothing."""
    consenting.file("test_module.py", LOGIN + TEST)
    result = consenting.run(*RECORD[:3], f"--otp-sms-budget={given}")

    assert result.ret != 0
    assert asked == []


@pytest.mark.parametrize(
    ("marks", "lives"),
    [
        (("", "live='yes'"), False),
        (("", "live=1"), False),
        (("live=True", "seed=1"), True),
        (("live=True", "live=False"), False),
    ],
)
def test_markers(consenting, asked, marks, lives):
    """The marker of a class holds for its tests, and a test may take it back; only True is a consent."""
    above, own = (f"@pytest.mark.otp({told})" if told else "" for told in marks)
    test = f"{own}\ndef test_it(self, flow_runner, otp_cassette): login(flow_runner, otp_cassette)"
    consenting.file("test_module.py", f"{LOGIN}\n{above}\nclass TestIt:\n{indent(test, '    ')}\n")
    result = consenting.run(*RECORD)

    assert (result.ret == 0, bool(asked)) == (lives, lives)


def test_a_test_that_is_run_again_sends_nothing(consenting, asked):
    """What runs a failed test once more, as plugins do, gets a refusal in place of a second SMS."""
    consenting.file("test_module.py", LOGIN + TEST.replace("assert chat.verified", "assert not chat.verified"))
    again = "\ndef pytest_runtest_protocol(item, nextitem):\n" + 2 * (
        "    for report in runtestprotocol(item, nextitem=nextitem): pass\n"
    )
    conftest = (consenting.path / "conftest.py").read_text(encoding="utf-8")
    consenting.file("conftest.py", f"from _pytest.runner import runtestprotocol\n{conftest}{again}    return True\n")
    result = consenting.run(*RECORD)

    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(["*A test that is run again records nothing more: no send is retried.*"])
    assert sum(request.path.endswith("send-otp-sms") for request in asked) == 1


def test_without_the_extra(consenting, monkeypatch):
    """Without vcrpy, recording says which line installs it, and sends nothing."""
    monkeypatch.setitem(sys.modules, "pytest_botpenguin_otp.cassettes.record", None)
    consenting.file("test_module.py", LOGIN + TEST)

    consenting.run(*RECORD).stdout.fnmatch_lines(["*needs an extra: pip install 'pytest-botpenguin-otp[[]record[]]'"])


def test_code_command(consenting, asked):
    """Where the answer holds no code at its place, the user types what the command prints, or in a replay printed."""
    consenting.file("code.py", f"print({CODE})")
    consenting.file("test_module.py", LOGIN + TEST)
    profile = consenting.file("profile.json", _profile_without_code())
    command = shlex.join([sys.executable, str(consenting.path / "code.py")])
    result = consenting.run(*RECORD, f"--otp-profile={profile}", f"--otp-code-command={command}")
    text = (consenting.path / "cassettes" / "test_module" / "test_it.yaml").read_text(encoding="utf-8")

    result.assert_outcomes(passed=1)
    assert [request.json().get("userOtp") for request in asked] == [None, CODE]
    assert [secret for secret in SENSITIVE if secret in text + result.stdout.str()] == []
    consenting.run(f"--otp-profile={profile}").assert_outcomes(passed=1)


def test_no_code_command(consenting):
    """Without a command, the refusal says both ways out."""
    consenting.file("test_module.py", LOGIN + TEST)
    profile = consenting.file("profile.json", _profile_without_code())
    result = consenting.run(*RECORD, f"--otp-profile={profile}")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*Learn a profile from the recording, or say --otp-code-command COMMAND, which prints the code."]
    )


@pytest.mark.parametrize("ending", ["assert not chat.verified", "pytest.skip()", "raise KeyboardInterrupt"])
def test_a_recording_that_does_not_pass_replaces_nothing(consenting, ending):
    """An earlier cassette stays as it was; what was sent is kept beside it, scrubbed, and told."""
    consenting.file("test_module.py", LOGIN + TEST)
    consenting.run_alone(*RECORD).assert_outcomes(passed=1)
    path = consenting.path / "cassettes" / "test_module" / "test_it.yaml"
    good = path.read_bytes()
    consenting.file("test_module.py", LOGIN + TEST.replace("assert chat.verified", ending))
    told = consenting.run_alone(*RECORD).stderr.str()
    beside = path.with_name("test_it.yaml.failed").read_text(encoding="utf-8")

    assert path.read_bytes() == good
    assert f"{path} stays as it was, this recording is {path}.failed" in told
    assert "send-otp-sms" in beside
    assert [secret for secret in SENSITIVE if secret in beside] == []


def test_a_first_recording_that_fails_is_kept_beside(consenting):
    """Where there is no earlier cassette, a failing test leaves none that is played; a profile can be learned of it."""
    consenting.file("test_module.py", LOGIN + TEST.replace("assert chat.verified", "assert not chat.verified"))
    consenting.run(*RECORD).assert_outcomes(failed=1)
    path = consenting.path / "cassettes" / "test_module" / "test_it.yaml"

    assert not path.exists()
    assert len(form.load(path.with_name("test_it.yaml.failed")).exchanges) == 2


@pytest.mark.parametrize(
    ("base", "told"),
    [
        ("http://api.v7.botpenguin.com", "not over http to api.v7.botpenguin.com;"),
        ("https://white-label.test", "not over https to white-label.test;"),
        ("https://api.v7.botpenguin.com.evil.test", "not over https to api.v7.botpenguin.com.evil.test;"),
    ],
)
def test_no_credentials_for_other_hosts(consenting, asked, base, told):
    """With every consent, a bot with another URL gets no connection, and the refusal names the way out."""
    consenting.file("login.bot.yaml", README_BOT.replace("https://api.v7.botpenguin.com", base))
    consenting.file("test_module.py", LOGIN + TEST)
    result = consenting.run(*RECORD)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"*{told}*BOTPENGUIN_OTP_HOST=HOST*", "*Nothing was sent."])
    assert asked == []


def test_a_host_of_ones_own(consenting, asked, monkeypatch):
    """The environment may name one host more."""
    monkeypatch.setenv("BOTPENGUIN_OTP_HOST", "white-label.test")
    consenting.file("login.bot.yaml", README_BOT.replace("api.v7.botpenguin.com", "white-label.test"))
    consenting.file("test_module.py", LOGIN + TEST)

    consenting.run(*RECORD).assert_outcomes(passed=1)
    assert asked[0].json()["authToken"] == SECRETS["TWILIO_AUTH_TOKEN"]


def test_loopback_gets_no_credentials(consenting, asked):
    """A service on this machine is recorded with the fakes' own credentials."""
    consenting.file("login.bot.yaml", README_BOT.replace("https://api.v7.botpenguin.com", consenting.url))
    consenting.file("test_module.py", LOGIN + TEST)

    consenting.run(*RECORD).assert_outcomes(passed=1)
    assert asked[0].json()["authToken"] == DEFAULT.auth_token
    assert not any(secret in f"{request.headers}{request.body}" for request in asked for secret in SECRETS.values())


def _profile_without_code():
    told = to_json(PROFILES["mismatch-400"])
    told["fields"]["code_path"]["value"] = "data.elsewhere"
    return json.dumps(told)


def test_beside_vcr(user):
    """A project's own `@pytest.mark.vcr` tests record and play as ever, in the same run."""
    ship(user)
    with LoopbackServer({"https://theirs.test": lambda _: json_response(200, {"hello": 1})}) as server:
        user.file(
            "test_module.py",
            LOGIN
            + TEST
            + "import httpx\n"
            + "@pytest.mark.vcr\n"
            + "def test_theirs():\n"
            + "    with httpx.Client(trust_env=False) as client:\n"
            + f"        assert client.get('{server.url('https://theirs.test')}/x').json() == {{'hello': 1}}\n",
        )
        user.run("--record-mode=once").assert_outcomes(passed=2)
    user.run("--block-network").assert_outcomes(passed=2)
    theirs = yaml.safe_load((user.path / "cassettes" / "test_module" / "test_theirs.yaml").read_text(encoding="utf-8"))
    assert theirs["interactions"][0]["request"]["headers"]["accept"] == ["*/*"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("test_it", "test_it"),
        ("test_it[+1 41]", "test_it-1-41-ba7816bf"),
        ("..", "-d3b1"),
        ("con", "con-"),
        ("x" * 300, "x" * 100),
    ],
)
def test_slugs(name, told):
    """A test's name becomes a file name; what is changed gets a mark, so that no two fall together."""
    assert slug(name).startswith(told[:11].rstrip("-") if name != ".." else "")
    assert slug(name) == slug(name)
    assert (slug(name) == name) is (name == "test_it")
    assert "/" not in slug(name)


@pytest.mark.parametrize(
    "parameter", ["+447700900123", "447700900123", "(415) 555-0123", "1 2 3 4", "271828", "a-0badc0de0badc0de"]
)
def test_slugs_tell_no_parameter(parameter):
    """No number, code or key that a test is given stands in the name of its file; others still do."""
    assert re.fullmatch("test_it-[0-9a-f]{8}", slug(f"test_it[{parameter}]"))
    assert slug(f"test_it[{parameter}]") != slug(f"test_it[{parameter}1]")
    assert slug("test_it[mismatch-200]").startswith("test_it-mismatch-200-")


@pytest.mark.parametrize("name", ["", "/etc/x", "..", "a/../b", "a\\b", "con", "a/NUL.yaml", ".hidden", "a//b", "a\n"])
def test_bad_names(tmp_path, name):
    """No name leads out of the folder."""
    with pytest.raises(CassetteError, match="a cassette is named by letters"):
        cassette_path(tmp_path, "m", "t", name)


def test_good_names(tmp_path):
    """Names may have folders, and their suffix or not."""
    assert cassette_path(tmp_path, "test_m", "t", "a/b") == tmp_path / "cassettes" / "a" / "b.yaml"
    assert cassette_path(tmp_path, "test_m", "t", "a.yaml") == tmp_path / "cassettes" / "a.yaml"
    assert cassette_path(tmp_path, "test_m", "test_t") == tmp_path / "cassettes" / "test_m" / "test_t.yaml"
