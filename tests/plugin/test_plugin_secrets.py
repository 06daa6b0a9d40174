"""Whatever a run shows, no code, number, credential or token is in it: not on the screen, not in the JUnit file."""

import re

import pytest

from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.world import World

pytestmark = pytest.mark.usefixtures("no_sockets")

SEED = 7
ZERO_FIRST = 31  # the first code under this seed begins with 0, which a JSON number loses
LOUD = ("-vv", "--showlocals", "-rA", "--tb=long", "--junit-xml=out.xml")
TITLE = "- botpenguin-otp -"
PHONES = ("4155550123", "555 0123", "5550123", "15005550006", "7700900123", "7700 900123")
ECHO = (
    ("Enter the code we sent you", "{{system_otp}} is for {{phone}}, not {{user_otp}}"),
    ("Welcome!", "Welcome {{phone}} with {{user_otp}} for {{system_otp}}"),
)
GOOD = """
    - user: "+1 415 555 0123"
    - user: "{{code}}"
    - bot: Welcome!
"""
CONVERSATIONS = """
  says another code:
    - user: "+1 415 555 0123"
    - bot: "{code} is for you"
  says another greeting:
    - user: "+1 (415) 555-0123"
    - user: "{code}"
    - bot: {matches: "^Hello [0-9]{6}$"}
  attributes:
    - user: "+1.415.555.0123"
    - user: "{code}"
    - expect: {attributes: {system_otp: "x", phone: "y", user_otp: "z"}}
  speaks after the end:
    - user: "+14155550123"
    - user: "{code}"
    - user: "{code}"
  two contacts:
    - user: "+1 415 555 0123"
    - as: anna
    - user: "+44 7700 900123"
    - user: "{code of user}"
    - bot: Welcome, Anna!
  no such code:
    - user: "+1 415 555 0123"
    - user: "{previous_code}"
  unused:
    - fault: {twilio: {create: {code: 21211, phone: "+14155550123", nth: 9}}}
    - user: "+1 415 555 0123"
  typed with spaces:
    - user: "+1 415 555 0123"
    - user: " {code} "
    - bot: Welcome!
  again:
    - user: "+1 415 555 0123"
    - user: again
    - user: "{code}"
    - bot: Welcome!
"""


def sections(result):
    """Return how often the section of ours was shown."""
    return result.stdout.str().count(TITLE)


def all_of(project, result):
    """Return everything that a run has written."""
    return result.stdout.str() + result.stderr.str() + (project.path / "out.xml").read_text(encoding="utf-8")


def planted(project, seed, profile="mismatch-400"):
    """Return everything that a run of the echoing bot with this seed must not show."""
    world = World(PROFILES[profile], seed)
    chat = FlowRunner(world).start(project.path / project.changed_bot(*ECHO))
    chat.user("+1 415 555 0123")
    chat.user("again")
    codes = {world.handset().code(), world.handset().previous_code()}
    spaced = {f"{code[:3]}{sign}{code[3:]}" for code in codes for sign in " -."}
    credentials = {world.twilio.account_sid, world.twilio.auth_token, world.botpenguin.token}
    return {*codes, *spaced, *(code.lstrip("0") for code in codes), *credentials, *PHONES}


@pytest.mark.parametrize(
    ("profile", "seed"),
    [
        *((name, SEED) for name in sorted(PROFILES)),
        ("mismatch-400", ZERO_FIRST),
        ("numeric-code", ZERO_FIRST),
    ],
)
def test_secrets_of_conversations(project, profile, seed):
    """No failure of a conversation shows a code, a number, a credential or a token, however loud the run."""
    secrets = planted(project, seed, profile)
    text = re.sub(r"\{(code|previous_code|code of user)\}", r"{{\1}}", CONVERSATIONS)
    project.chat(text, bot=project.changed_bot(*ECHO))

    result = project.run(*LOUD, f"--otp-seed={seed}", f"--otp-profile={profile}")

    told = all_of(project, result)
    assert sections(result) == result.parseoutcomes()["failed"] >= 8
    assert "[code 1]" in told
    assert "[phone 1]" in told
    assert {secret for secret in secrets if secret in told} == set()


def test_secrets_of_addresses(project):
    """A call that nothing answers is told with its place and without what is in its URL."""
    secrets = planted(project, SEED)
    bot = project.changed_bot(
        *ECHO, ("https://api.v7.botpenguin.com/integrations/custom-feature/verify-user-otp", "https://crm.example/{{phone}}")
    )  # fmt: skip
    project.chat(f"  nobody there:{GOOD}", bot=bot)

    result = project.run(*LOUD, f"--otp-seed={SEED}")

    told = all_of(project, result)
    result.assert_outcomes(failed=1)
    assert "test_login.chat.yaml:7: Nothing here answers POST https://crm.example/" in told
    assert {secret for secret in secrets if secret in told} == set()
    assert "collecting.py" not in told


def test_secrets_of_python_tests(project):
    """Nor does a Python test: not by the values of its fixtures, nor by an error that is raised inside of ours."""
    secrets = planted(project, SEED)
    project.file(
        "test_python.py",
        """
import pytest

@pytest.fixture
def chat(flow_runner, handset):
    chat = flow_runner.start("changed.bot.yaml")
    chat.user("+1 415 555 0123")
    chat.user(handset.code())
    return chat

def made(token):
    from pytest_botpenguin_otp.wire import Request
    return Request(method="GET", url="https://crm.example/", headers=(("Authorization", token),))

def test_error(chat, handset):
    chat.user(handset.code())

def test_early(chat, handset):
    chat.during_delay(handset.code())

def test_other_handset(chat, otp_world):
    otp_world.claim("anna", "+44" + "7700900" + "123")
    otp_world.handset("anna").code()

def test_previous(chat, handset):
    handset.previous_code()

def test_unmatched(otp_world, chat):
    otp_world(made(otp_world.botpenguin.token))

def test_values(chat, otp_world, fake_botpenguin, handset, flow_runner):
    assert not fake_botpenguin.sent

def test_verified(chat, fake_botpenguin):
    assert not fake_botpenguin.verified

def test_messages(chat, handset):
    assert handset.messages == ()

def test_secrets(chat, otp_world):
    assert otp_world.secrets == otp_world
""",
    )

    result = project.run(*LOUD, f"--otp-seed={SEED}")

    told = all_of(project, result)
    result.assert_outcomes(failed=9)
    assert {secret for secret in secrets if secret in told} == set()


def test_secrets_of_values(project):
    """Nor do the values that hold a whole run, when an assertion shows them."""
    secrets = planted(project, SEED)
    project.file(
        "test_python.py",
        """
import pytest

@pytest.fixture
def chat(flow_runner):
    chat = flow_runner.start("changed.bot.yaml")
    chat.user("+1 415 555 0123")
    return chat

def test_journal(chat, otp_world):
    assert otp_world.journal.events == ()

def test_calls(chat):
    assert chat.calls() == ()

def test_fakes(chat, fake_twilio, fake_botpenguin):
    assert fake_twilio == fake_botpenguin
""",
    )

    result = project.run(*LOUD, f"--otp-seed={SEED}")

    told = all_of(project, result)
    result.assert_outcomes(failed=3)
    assert {secret for secret in secrets if secret in told} == set()


HANDED_OUT = """
import pytest
from hypothesis import given, settings, HealthCheck, strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase

@pytest.fixture
def chat(flow_runner, otp_world):
    chat = flow_runner.start("changed.bot.yaml")
    chat.user("+1 415 555 0123")
    chat.user("again")
    return chat

@pytest.fixture
def values(chat, handset, fake_twilio, fake_botpenguin, otp_world):
    account, key = fake_twilio.add_account(), fake_twilio.add_api_key()
    chat.user(handset.code())
    message = handset.messages[-1]
    return {
        "code": handset.code(), "previous": handset.previous_code(), "cut": handset.code()[:-1],
        "more": handset.code() + " ",
        "body": message.body, "to": message.to, "from": message.from_, "message": message, "messages": handset.messages,
        "of Twilio": fake_twilio.messages, "to()": fake_twilio.to(fake_twilio.number), "sid": fake_twilio.account_sid,
        "token": fake_twilio.auth_token, "number": fake_twilio.number, "account": account.auth_token, "key": key.secret,
        "bearer": fake_botpenguin.token, "sent": fake_botpenguin.sent, "sent code": fake_botpenguin.sent[0].code,
        "sent to": fake_botpenguin.sent[0].to, "verified": fake_botpenguin.verified,
        "verified code": fake_botpenguin.verified[0].code, "said": chat.said, "last": chat.said[-1],
        "attributes": chat.attributes, **{f"attribute {name}": text for name, text in chat.attributes.items()},
        "chat": chat, "calls": chat.calls(), "handset": handset, "world": otp_world, "secrets": otp_world.secrets,
        "transcript": chat.transcript(), "came": fake_twilio.receive("+1 415 555 0123", fake_twilio.number, "STOP"),
    }

def test_locals(values):
    for place, value in values.items():
        print("planted:", place)
    raise AssertionError

def test_words(chat):
    assert chat.said[0] == "What is your name?"

def test_attributes(values):
    assert values["attributes"] == {}

def test_said(values):
    assert values["said"] == ()

def test_lists(values):
    assert [values["code"], values["to"]] == [values["token"], "x"]

def test_wire(chat, otp_world):
    calls = chat.calls()
    request, response, events = calls[0].request, calls[0].response, otp_world.journal.events
    body, form, headers, told = request.body, request.form(), request.headers, response.json()
    assert [request.json(), dict(headers), body, form, told, response.body, response.headers] == [{}] * 7

def test_body(chat):
    assert chat.calls()[0].request.body == b"{}"

def test_json(chat):
    assert chat.calls()[0].response.json() == {"success": False}

def test_decoded(chat):
    assert chat.calls()[0].request.body.decode().split(",") == ""

def test_event(otp_world, chat):
    assert [event.text for event in otp_world.journal.events if hasattr(event, "text")] == []

def test_equal(values):
    assert values["code"] == values["previous"]

def test_text(values):
    assert values["body"] == "Your code is " + values["previous"]

def test_inside(values):
    assert values["code"] not in values["body"]

def test_outside(values):
    assert values["previous"] in values["body"]

def test_less(values):
    assert values["token"] < ""

def test_several(values):
    assert (values["message"], values["token"]) == (values["messages"][0], values["key"])

@settings(
    max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=False,
    database=DirectoryBasedExampleDatabase("kept"),
)
@given(place=st.data())
def test_drawn(values, place):
    code = values["code"]
    typed = place.draw(st.sampled_from([code, values["previous"], values["to"]]))
    other = place.draw(st.just(code))
    assert typed != other or typed == ""
    raise AssertionError(typed is other)
"""


def test_secrets_of_what_is_handed_out(project):
    """No value that a test is given shows itself: as a local, in an assertion, by what hypothesis does."""
    secrets = planted(project, SEED)
    project.file("test_python.py", HANDED_OUT)

    result = project.run(*LOUD, f"--otp-seed={SEED}")

    told = all_of(project, result)
    kept = [file.read_bytes() for file in (project.path / "kept").rglob("*") if file.is_file()]
    result.assert_outcomes(failed=17)
    assert told.count("planted: ") >= 30
    assert {secret for secret in secrets if secret in told} == set()
    assert kept
    assert {secret for secret in secrets for text in kept if secret.encode() in text} == set()
    result.stdout.fnmatch_lines(["*- What is your name?", "*+ What is your phone number?"])
    result.stdout.fnmatch_lines(["*6 and 6 characters; the first difference is at *"])
