"""A bot file that can be run becomes a `Bot`; one that cannot is refused with every reason at once."""

import json
from dataclasses import FrozenInstanceError

import pytest
from bot_files import HEAD, SOUND

from pytest_botpenguin_otp import bot
from pytest_botpenguin_otp.bot import (
    ApiCall,
    Branch,
    Choice,
    Compare,
    End,
    Group,
    IfElse,
    Ignored,
    Message,
    Option,
    Question,
    Redirect,
)
from pytest_botpenguin_otp.template import Ref, SecretRef
from pytest_botpenguin_otp.values import Value

SEND = "https://api.v7.botpenguin.com/integrations/custom-feature/send-otp-sms"
VERIFY = "https://api.v7.botpenguin.com/integrations/custom-feature/verify-user-otp"


def read(components, *, apis="{}", start="a", more=""):
    """Read a bot of one flow."""
    text = f"{HEAD}apis: {apis}\nflows: {{main: {{start: {start}, components: {components}}}}}\n{more}"
    return bot.parse(text, "b.yaml")


def test_load():
    """A bot file becomes a bot that knows its start, its protected components and the attribute of the code."""
    loaded = bot.load(SOUND)

    assert (loaded.name, loaded.file, loaded.start) == ("Phone login", str(SOUND), "main/ask_phone")
    assert loaded.protected == {"main/welcome"}
    assert loaded.code_attribute == "user_otp"
    assert loaded == bot.load(str(SOUND))
    assert hash(loaded) == hash(bot.load(SOUND))
    assert loaded.components["main/ask_phone"].place == f"{SOUND}:24"
    assert loaded.apis["Send OTP"].place == f"{SOUND}:4"


def test_frozen():
    """A bot cannot be changed once it is read."""
    loaded = bot.load(SOUND)

    with pytest.raises(FrozenInstanceError):
        loaded.name = "x"
    for mapping in (loaded.apis, loaded.components, loaded.components["main/verify"].responses):
        with pytest.raises(TypeError, match="does not support item assignment"):
            mapping["x"] = None


END = "b: {type: end_chat}"
A = {"id": "main/a", "place": "b.yaml:4"}
B = "main/b"
TEXT = (Value("x"),)
FULL = """type: phone_number, message: x, save: s, next: b, error_message: x, max_length: 012,
  skip_if_answered: true, allow_skip: true, allow_back: true, countries: [US, GB]"""
NESTED = """type: if_else, branches: [{when: {all: [{attribute: v, any_of: [1, '{{w}}']},
  {any: [{less: '', attribute: v}]}]}, next: b}], otherwise: a"""


@pytest.mark.parametrize(
    ("told", "made"),
    [
        ("type: message, message: x, next: b", Message(**A, message=TEXT, next=B)),
        ("type: message, delay: 5, message: x, next: b", Message(**A, delay_ms=5000, message=TEXT, next=B)),
        (
            "type: message, message: 'Hi {{n}}', next: b",
            Message(**A, message=(Value("Hi "), Ref("n", "message")), next=B),
        ),
        *(
            (f"type: {kind}, message: x, save: s, next: b", Question(**A, kind=kind, message=TEXT, save="s", next=B))
            for kind in ("phone_number", "text_question", "numeric_input", "name", "email", "question")
        ),
        (
            FULL,
            Question(
                **A,
                kind="phone_number",
                message=TEXT,
                save="s",
                next=B,
                error_message=TEXT,
                max_length=12,
                skip_if_answered=True,
                allow_skip=True,
                allow_back=True,
                countries=("US", "GB"),
            ),
        ),
        (
            "type: email, message: x, save: s, next: b, skip_if_answered: false",
            Question(**A, kind="email", message=TEXT, save="s", next=B),
        ),
        (
            "type: single_choice, message: x, options: [{text: 1, next: b}, {text: yes, next: a}], save: s",
            Choice(**A, message=TEXT, options=(Option("1", B), Option("yes", "main/a")), save="s"),
        ),
        (
            "type: single_choice, message: x, options: [{text: 1, next: b}]",
            Choice(**A, message=TEXT, options=(Option("1", B),)),
        ),
        (
            "type: api, api: P, responses: {200: b, '400': a, others: b, no_response: b}",
            ApiCall(**A, api="P", responses={"200": B, "400": "main/a", "others": B, "no_response": B}),
        ),
        ("type: api, api: P", ApiCall(**A, api="P", responses={})),
        (
            "type: if_else, branches: [{when: {attribute: v, equals: true}, next: b}], otherwise: a",
            IfElse(**A, branches=(Branch(Compare("v", "equals", ((Value("true"),),)), B),), otherwise="main/a"),
        ),
        (
            NESTED,
            IfElse(
                **A,
                branches=(
                    Branch(
                        Group(
                            "all",
                            (
                                Compare("v", "any_of", ((Value("1"),), (Ref("w"),))),
                                Group("any", (Compare("v", "less", ((),)),)),
                            ),
                        ),
                        B,
                    ),
                ),
                otherwise="main/a",
            ),
        ),
        ("type: redirect, flow: main", Redirect(**A, flow="main", message=None, next="main/a")),
        ("type: redirect, flow: main, message: x", Redirect(**A, flow="main", message=TEXT, next="main/a")),
        ("type: live_chat", End(**A, kind="live_chat")),
        ("type: end_chat, message: x, delay: 0", End(**A, kind="end_chat", message=TEXT)),
    ],
)
def test_components(told, made):
    """Every type of component is read with all its settings; what is not said is off."""
    read_bot = read(f"{{a: {{{told}}}, {END}}}", apis="{P: {method: GET, url: x}}")

    assert read_bot.components["main/a"] == made
    assert read_bot.components["main/a"].name == "a"
    assert isinstance(hash(read_bot.components["main/a"]), int)


def api(**fields):
    """Read a bot with one API."""
    told = json.dumps({"method": "POST", "url": SEND} | fields)
    return read("{a: {type: end_chat}}", apis=f"{{P: {told}}}").apis["P"]


@pytest.mark.parametrize(
    ("fields", "role"),
    [
        ({}, "send"),
        ({"url": VERIFY}, "verify"),
        ({"url": VERIFY + "/"}, "verify"),
        ({"url": VERIFY + "?x=1"}, "verify"),
        ({"url": SEND.replace("api.v7.botpenguin.com", "chat.example.test")}, "send"),
        ({"url": "https://own.example.test/otp"}, None),
        ({"url": "https://own.example.test/otp", "role": "send"}, "send"),
        ({"url": SEND, "role": "verify"}, "verify"),
        ({"url": "{{host}}/otp"}, None),
        ({"url": "https://[broken"}, None),
    ],
)
def test_roles(fields, role):
    """An API's role is what the file says, else what the path of its URL says."""
    assert api(**fields).role == role


@pytest.mark.parametrize(
    ("fields", "secret"),
    [
        ({"headers": {"Authorization": "Bearer ${T}"}}, SecretRef("T", "authorization")),
        ({"headers": {"X-Key": "${T}"}}, SecretRef("T", "x-key")),
        ({"params": {"Key": "${T}"}}, SecretRef("T", "key")),
        ({"url": "https://a.test/${T}"}, SecretRef("T", "url")),
        ({"body": {"accountSID": "${T}"}}, SecretRef("T", "accountSID")),
        ({"body": '{"authToken": "${T}"}'}, SecretRef("T", "authToken")),
        ({"body": {"deep": {"authToken": "a${T}"}}}, SecretRef("T", "authToken")),
        ({"body": "${T}"}, SecretRef("T", "body")),
    ],
)
def test_secrets(fields, secret):
    """A secret knows the field it stands in, since that says whose it is."""
    found = api(**fields)
    parts = [*found.url, *(found.body or ())]
    parts += [part for _, text in (*found.headers, *found.params) for part in text]

    assert secret in parts


def test_reads():
    """An API reads the attributes in its URL, parameters, headers and body, in that order."""
    found = api(url="https://a.test/{{a}}", params={"x": "{{b}}"}, headers={"y": "{{c}}"}, body={"z": "{{d}}{{a}}"})

    assert found.reads == ("a", "b", "c", "d", "a")
    assert api().reads == ()


@pytest.mark.parametrize("key", ["200", "'200'", '"200"'])
def test_code_keys(key):
    """`200` and "200" are the same key of a response mapping."""
    made = read(f"{{a: {{type: api, api: P, responses: {{{key}: a}}}}}}", apis="{P: {method: GET, url: x}}")

    assert made.components["main/a"].responses == {"200": "main/a"}


def test_ignored():
    """A bot names the rules that it switches off, and why."""
    made = read("{a: {type: end_chat}}", more="ignore: [{rule: AB02, reason: legacy}]\nprotected: [a, main/a]")

    assert made.ignored == (Ignored("AB02", "legacy"),)
    assert made.protected == {"main/a"}
    assert made.code_attribute is None


@pytest.mark.parametrize(
    ("flows", "start"),
    [
        ("{only: {start: a, components: {a: {type: end_chat}}}}", "only/a"),
        (
            "{x: {start: a, components: {a: {type: end_chat}}}, main: {start: b, components: {b: {type: end_chat}}}}",
            "main/b",
        ),
    ],
)
def test_start(flows, start):
    """A chat begins in the flow main, or in the only one."""
    assert bot.parse(f"{HEAD}flows: {flows}").start == start


UNWISE = """
apis:
  Send OTP:
    method: POST
    url: http://api.v7.botpenguin.com/integrations/custom-feature/send-otp-sms?token=fake-token
    headers: {Authorization: fake-literal-token}
    body: {accountSID: fake, authToken: fake, fromNumber: "+15005550006", toNumber: "{{never_set}}"}
flows:
  main:
    start: send
    components:
      send: {type: api, api: Send OTP, responses: {}}
      unreachable: {type: message, message: "{{never_set}}", next: unreachable}
"""


def test_unwise():
    """What is unwise loads: it is a finding elsewhere, never a refusal."""
    assert len(bot.parse(HEAD + UNWISE).components) == 2
