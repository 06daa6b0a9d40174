"""A chat that went well still fails its test where a contract was broken or a planned fault never struck."""

import pytest

pytestmark = pytest.mark.usefixtures("no_sockets")

GOOD = """
  well:
    - user: "+1 415 555 0123"
    - user: "{{code}}"
    - bot: Welcome!
    - expect: {verified: true}
"""
SENT = """
  well:
    - user: "+1 415 555 0123"
    - expect: {verified: false}
"""
UNUSED = """
  unused:
    - fault: {twilio: {create: {code: 21211, nth: 3}}}
    - fault: {botpenguin: {verify: 500}}
"""
PYTHON = """
def test_python(flow_runner, handset):
    chat = flow_runner.start("changed.bot.yaml")
    chat.user("+1 415 555 0123")
    chat.user(handset.code())
    assert chat.verified
"""
UNUSED_PYTHON = """
import pytest

{}
def test_python(fake_twilio):
    fake_twilio.fail(create=21211)
"""
NEVER = "A fault never struck as planned: "


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ("delay: 5", "delay: 0"),
            "The flow broke the contract timing: verified 0 s after the send; the guide asks for 5 s",
        ),
        (("delay: 5", "delay: 4"), "The flow broke the contract timing: verified 4 s after the send"),
    ],
)
def test_timing(project, change, told):
    """A bot that verifies too soon fails its conversation and its Python test, though both went well."""
    bot = project.changed_bot(change)
    project.chat(GOOD, bot=bot)
    project.file("test_python.py", PYTHON)

    result = project.run()

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines([f"{told}*", "*CONTRACT *"])
    assert "plugin.py" not in result.stdout.str()


def test_timing_of_second_try(project):
    """Verifying again has a delay of its own to keep."""
    bot = project.changed_bot(("delay: 5\n(        responses: .*wrong_code_2)", r"delay: 1\n\1"))
    project.chat(GOOD.replace('- user: "{{code}}"', '- user: "0000"\n    - user: "{{code}}"'), bot=bot)

    result = project.run()

    result.assert_outcomes(failed=1)
    assert "contract timing: verified again after 1 s; the guide asks for 2 s" in result.stdout.str()


@pytest.mark.parametrize(
    ("change", "contract", "told"),
    [
        (("toNumber:", "toNumbr:"), "botpenguin/send-request", "'toNumber' is missing"),
        (("toNumber:", "toNumbr:"), "botpenguin/send-request", "no key 'toNumbr'"),
        (("fromNumber: .*", ""), "botpenguin/send-request", "'fromNumber' is missing"),
        ((r'Authorization: "\S+"', 'Authorization: " "'), "botpenguin/headers", "uthorization"),
        (("headers: .*", ""), "botpenguin/headers", "uthorization"),
    ],
)
def test_requests(project, change, contract, told):
    """A wrong key in a body and a missing or blank Authorization are each named, with their contract."""
    project.chat(SENT, bot=project.changed_bot(change))

    result = project.run()

    result.assert_outcomes(failed=1)
    failures = result.stdout.str().partition("botpenguin-otp ---")[0].splitlines()
    assert [line for line in failures if f"The flow broke the contract {contract}: " in line and told in line]


def test_every_breach(project):
    """All breaches of a run are told, each on a line, also where the chat fails too."""
    bot = project.changed_bot(("toNumber:", "toNumbr:"), (r'Authorization: "\S+"', 'Authorization: " "'))
    project.chat(SENT + "  other:\n" + GOOD.partition("well:\n")[2], bot=bot)

    result = project.run()

    result.assert_outcomes(failed=2)
    for contract in ("send-request", "headers"):
        assert result.stdout.str().count(f"The flow broke the contract botpenguin/{contract}:") >= 1
        assert result.stdout.str().count(f"botpenguin/{contract} broken by the flow:") >= 2


def test_foreign_client(project):
    """A client that is no flow gets the service's own error, and that is all."""
    project.file(
        "test_client.py",
        """
import httpx
from pytest_botpenguin_otp.transports.http import OtpTransport

BASE = "https://api.v7.botpenguin.com/integrations/custom-feature"

def test_client(otp_world):
    with httpx.Client(transport=OtpTransport(otp_world)) as client:
        token = {"Authorization": otp_world.botpenguin.token}
        assert client.post(f"{BASE}/send-otp-sms", json={"to": "x"}, headers=token).status_code == 400
        assert client.post(f"{BASE}/verify-user-otp", json={}, headers={"Authorization": " "}).status_code == 401
        assert client.post("https://api.twilio.com/2010-04-01/Accounts/AC/Messages.json").status_code in (401, 404)
""",
    )

    project.run().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("by", "failed", "told"), [("fake", 1, "A fake broke the contract twilio/message: $.sid: gone"), ("client", 0, "")]
)
def test_who_broke_it(project, by, failed, told):
    """A breach in an answer of a fake counts, one that was noted of a foreign client does not."""
    project.file(
        "test_python.py",
        f"""
from pytest_botpenguin_otp.journal import Breach

def test_python(otp_world):
    otp_world.journal.append(Breach(now_ms=0, contract="twilio/message", by="{by}", faults=("$.sid: gone",)))
""",
    )

    result = project.run()

    result.assert_outcomes(passed=1 - failed, failed=failed)
    assert told in result.stdout.str()


def test_empty_code(project):
    """What a user typed is no breach, not even nothing."""
    bot = project.changed_bot(
        (r"branches: \[\{when: \{attribute: user_otp, equals: \"\"\}, next: wrong_code\}\]",
         "branches: [{when: {attribute: user_otp, equals: none}, next: wrong_code}]"),
    )  # fmt: skip
    project.chat(
        GOOD.replace("{{code}}", "").replace("Welcome!", "That code is not right.").replace("true", "false"), bot=bot
    )

    project.run().assert_outcomes(passed=1)


def test_unused_faults(project):
    """Faults that never struck fail the test, are listed one by one, and the way out is named."""
    project.chat(UNUSED)
    project.file("test_python.py", UNUSED_PYTHON.format(""))

    result = project.run()

    told = result.stdout.str()
    result.assert_outcomes(failed=2)
    assert f"{NEVER}twilio create: code 21211, from call 3: struck 0 of 1" in told
    assert f"{NEVER}botpenguin verify: status 500: struck 0 of 1" in told
    assert told.count("--otp-allow-unused-faults") >= 2


@pytest.mark.parametrize(
    ("option", "ini", "marker", "failed"),
    [
        ("-q", "", "", 2),
        ("--otp-allow-unused-faults", "", "", 0),
        ("-q", "otp_allow_unused_faults = true", "", 0),
        ("-q", "otp_allow_unused_faults = false", "", 2),
        ("-q", "", "@pytest.mark.otp(allow_unused_faults=True)", 1),
        ("--otp-allow-unused-faults", "", "@pytest.mark.otp(allow_unused_faults=False)", 1),
    ],
)
def test_allowed(project, option, ini, marker, failed):
    """An option, the ini file and the marker allow them; the marker has the last word."""
    project.ini(ini)
    project.chat(UNUSED)
    project.file("test_python.py", UNUSED_PYTHON.format(marker))

    project.run(option).assert_outcomes(passed=2 - failed, failed=failed)


def test_skipped(project):
    """A test that skips itself or is expected to fail is not judged beyond that."""
    project.file(
        "test_python.py",
        """
import pytest

def test_skip(fake_twilio):
    fake_twilio.fail(create=21211)
    pytest.skip("not today")

@pytest.mark.xfail(strict=True)
def test_xfail(fake_twilio):
    fake_twilio.fail(create=21211)
""",
    )

    project.run().assert_outcomes(skipped=1, xfailed=1)
