"""What a broken contract tells: every fault at once, in a bot author's words, and no value that is secret."""

import re
import subprocess
import sys

import pytest
from contract_examples import EXAMPLES, ROOT, VALID, changed, contract_of, leaves, shown

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.contracts import Fault, check

SECRET = "zq9731-hidden"


@pytest.mark.parametrize("path", [path for path in VALID if contract_of(path).startswith(contracts.WIRE)], ids=shown)
def test_wire_faults_show_no_value(path):
    """Nothing that was on the wire is repeated when it breaks a contract: it may be a phone, a code or a token."""
    for place in leaves(VALID[path]):
        for secret in (SECRET, [SECRET], 97319731, {"+14155550199": SECRET}):
            told = repr(check(contract_of(path), changed(VALID[path], place, secret)))

            assert not re.search(r"zq9731|9731|5550199", told)


SHOWN = [
    ("component type", "flows.main.components.it.type", "mesage", "'mesage' is none of the choices here."),
    ("delay", "flows.main.components.it.delay", "five", "'five' is not a whole number of seconds, 0 or more."),
    ("header", "apis.Send OTP.headers.Authorization", None, "This is not a text."),
    ("body", "apis.Send OTP.body", None, "This is not a mapping of JSON keys to texts, or one text"),
    ("url", "apis.Send OTP.url", 5, "This is not a URL."),
    ("long", "flows.main.components.it.delay", "x" * 61, "This is not a whole number of seconds"),
    ("mapping", "flows.main.components.it.delay", {}, "This is not a whole number of seconds"),
    ("method", "apis.Send OTP.method", "PSOT", "'PSOT' is none of the choices here."),
    ("type without description", "apis", [], "This is not a mapping of API names to APIs."),
    ("flow", "flows.main", "ask", "'ask' is not a mapping."),
    ("step", "protected", "it", "'it' is not a list of component names."),
]


@pytest.mark.parametrize(("place", "value", "message"), [row[1:] for row in SHOWN], ids=[row[0] for row in SHOWN])
def test_message_for_a_bot_author(place, value, message):
    """A fault in a file shows what stands there, where that is short and cannot be a secret, and what is wanted."""
    bot = {
        "format": "botpenguin-otp/bot@1",
        "name": "One",
        "apis": {"Send OTP": {"method": "POST", "url": "https://example.com/", "headers": {}}},
        "flows": {"main": {"start": "it", "components": {"it": {"type": "end_chat"}}}},
    }

    (fault,) = check("bot", changed(bot, place.split("."), value))

    assert fault.message.startswith(message)


def test_every_fault_is_told_at_once():
    """All that is wrong is told in one go: by place, unknown keys last, each key on its own."""
    component = {"type": "text_question", "save": "x", "next": "it", "msg": "Hi", "colour": "red", "max_length": "long"}
    bot = {"format": "x", "flows": {"main": {"start": "it", "components": {"it": component}}}}

    told = [(fault.pointer, fault.keyword, fault.key) for fault in check("bot", bot)]

    assert told == [
        ("$", "required", "name"),
        ("$.flows.main.components.it", "required", "message"),
        ("$.flows.main.components.it.max_length", "pattern", None),
        ("$.format", "const", None),
        ("$.flows.main.components.it", "additionalProperties", "colour"),
        ("$.flows.main.components.it", "additionalProperties", "msg"),
    ]


def test_unknown_key_names_the_valid_ones():
    """An unknown key comes with every valid key of that very component."""
    component = {"type": "end_chat", "mesage": "Bye"}
    bot = {
        "format": "botpenguin-otp/bot@1",
        "name": "One",
        "flows": {"m": {"start": "it", "components": {"it": component}}},
    }

    (fault,) = check("bot", bot)

    assert (fault.key, fault.known) == ("mesage", ("type", "delay", "message"))
    assert str(fault) == "$.flows.m.components.it: There is no key 'mesage' here."


def test_a_wrong_key_is_no_matter_of_size():
    """An unknown key beside a known one is told as such, and not a second time as one key too many."""
    chat = {"format": "botpenguin-otp/chat@1", "bot": "a.bot.yaml"}
    chat["conversations"] = {"one": [{"user": "Hi", "comment": "first"}]}

    assert [fault.keyword for fault in check("chat", chat)] == ["additionalProperties"]


def test_bad_name_is_told_with_its_mapping():
    """A key that breaks the rule for names is told at its mapping; on the wire only where it is harmless."""
    bot = changed(VALID[EXAMPLES / "bot/valid/smallest.json"], ("apis",), {"a\nb": {}, " ": {}})
    in_file = [fault for fault in check("bot", bot) if fault.keyword == "propertyNames"]
    (upper,) = check("botpenguin/headers", {"authorization": "fake", "X-Trace": "1"})
    (hidden,) = check("botpenguin/headers", {"authorization": "fake", "+1 415 555 0123": "1"})

    assert [(str(fault), fault.key) for fault in in_file] == [
        ("$.apis: The name ' ' is not a name of at least one letter or digit.", " ")
    ]
    assert (upper.keyword, upper.key, upper.message) == (
        "propertyNames",
        "X-Trace",
        "The name 'X-Trace' is not a header name in lower case.",
    )
    assert (hidden.key, hidden.message) == (None, "A name here is not a header name in lower case.")


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ((), "$"),
        (("apis", "Send OTP", "method"), "$.apis['Send OTP'].method"),
        (("conversations", "one", 3, "bot"), "$.conversations.one[3].bot"),
        (("it's",), '$["it\'s"]'),
        (("a\nb",), "$['a\\nb']"),
        (("200",), "$['200']"),
    ],
)
def test_pointer(path, pointer):
    """A place reads as a JSON path, on one line whatever the keys are."""
    assert Fault(path=path, message="Wrong.", keyword="type").pointer == pointer


def test_messages_cost_nothing_until_needed():
    """Importing costs no engine, and a valid instance loads the fast one only."""
    script = (
        "import sys; from pytest_botpenguin_otp import contracts; before = set(sys.modules);"
        "assert not {'jsonschema', 'jsonschema_rs'} & before;"
        "contracts.check('botpenguin/verify-request', {'systemOtp': '', 'userOtp': ''});"
        "assert 'jsonschema_rs' in sys.modules and 'jsonschema' not in sys.modules;"
        "contracts.check('botpenguin/verify-request', {});"
        "assert 'jsonschema' in sys.modules"
    )

    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT.parent)  # noqa: S603 -- our own text
