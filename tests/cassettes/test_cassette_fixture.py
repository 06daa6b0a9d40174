"""`otp_cassette` in a user's suite: replay by default, a miss is a failure, and each test has a file of its own."""

import re

import pytest
import yaml
from recorded_project import LOGIN, TEST, ship

from pytest_botpenguin_otp.cassettes.errors import CassetteError
from pytest_botpenguin_otp.cassettes.fixture import cassette_path, slug
from pytest_botpenguin_otp.transports.server import LoopbackServer
from pytest_botpenguin_otp.wire import json_response


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


def test_a_cassette_that_nobody_plays(user):
    """A test that names a recording and does not ask for it would be green against the fake: it fails."""
    user.file("test_module.py", "import pytest\n@pytest.mark.otp(cassette='x')\ndef test_it(flow_runner): pass\n")
    result = user.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*names a recording, but the test does not ask for otp_cassette*"])


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
