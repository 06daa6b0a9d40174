"""Templates are filled with every origin kept, and a request is what the bot file and the profile say."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp import bot, template
from pytest_botpenguin_otp.machine import Machine, Secrets, render
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES
from pytest_botpenguin_otp.template import SecretRef
from pytest_botpenguin_otp.values import LITERAL, Origin, Value, plain

TYPED, RECEIVED = Origin("typed", "main/ask", 1), Origin("received", "data.otp", 1)
HONEST, PESSIMIST = PROFILES[DEFAULT], PROFILES["pessimist"]
SECRETS = Secrets({"authorization": "fake-token"}, {"KEY": "fake-key"})


def machine(profile=HONEST, **fields):
    """Make a machine of a bot with one API, which is returned too."""
    told = json.dumps({"method": "POST", "url": "https://a.test/"} | fields)
    text = f"""format: botpenguin-otp/bot@1
name: B
apis: {{P: {told}}}
flows: {{main: {{start: a, components: {{a: {{type: end_chat}}}}}}}}"""
    made = bot.parse(text)
    return Machine(bot=made, profile=profile, secrets=SECRETS), made.apis["P"]


def sent(attributes=None, profile=HONEST, **fields):
    """Return the request of that API."""
    made, api = machine(profile, **fields)
    values = {name: Value(text, TYPED) for name, text in (attributes or {}).items()}
    return render.request(api, values, made, render.body(api, values, made))


def test_origins():
    """Each part of a filled text knows where it comes from."""
    made, _ = machine()
    values = {"a": Value("x", TYPED), "b": Value("y", RECEIVED)}
    parts = render.fill(template.parse("1{{a}}{{b}}{{c}}${KEY}"), values, made, "none")

    assert parts == (
        Value("1", LITERAL),
        Value("x", TYPED),
        Value("y", RECEIVED),
        Value("none", Origin("unset", "c")),
        Value("fake-key", Origin("secret", "KEY")),
    )


@pytest.mark.parametrize(
    ("field", "name", "text"),
    [("authorization", "ANY", "fake-token"), ("x", "KEY", "fake-key"), ("x", "My_Key", "fake-my_key")],
)
def test_secrets(field, name, text):
    """A secret is known by its field, then by its name, and is else visibly fake; none shows itself."""
    assert SECRETS.of(SecretRef(name, field)) == text
    assert "fake" not in repr(SECRETS)
    assert hash(SECRETS) == hash(Secrets({"authorization": "other"}, {"KEY": "other"}))


INJECTION = '1","systemOtp":"1'
VERIFY = {"systemOtp": "{{system}}", "userOtp": "{{user}}"}


def test_escaped():
    """Under an honest profile a typed text stays inside its own JSON string."""
    request = sent({"user": INJECTION}, body=VERIFY)

    assert request.json() == {"systemOtp": "", "userOtp": INJECTION}


def test_pasted():
    """Under the pessimist a typed text can break out, and become the other code."""
    request = sent({"user": INJECTION, "system": "2"}, PESSIMIST, body=VERIFY)

    assert request.json() == {"systemOtp": "1", "userOtp": "1"}


@given(st.text())
def test_any_text(text):
    """Whatever is typed, an escaped body says exactly that, and the URL leads to the same place."""
    url = "https://a.test/{{user}}/end"
    request = sent({"user": text}, url=url, body=VERIFY, params={"q": "{{user}}"})

    assert request.json()["userOtp"] == text
    assert (request.host, request.segments(), request.params()) == ("a.test", (text, "end"), (("q", text),))


@pytest.mark.parametrize(("how", "told"), [("", ""), ("{}", "{}"), ("null", "null"), ("{{user}}", "{{user}}")])
def test_unset(how, told):
    """The profile says what an unset attribute becomes in a request."""
    request = sent(profile=replace(HONEST, unset_rendering=how), body=VERIFY, headers={"X": "{{none}}"})

    assert request.json() == {"systemOtp": told, "userOtp": told}
    assert request.header("x") == told


@pytest.mark.parametrize(
    ("profile", "typed", "told"),
    [
        (HONEST, "{{b}}", "{{b}}"),
        (PESSIMIST, "{{b}}", "123456"),
        (PESSIMIST, "x{{b}}y${KEY}", "x123456yfake-key"),
        (PESSIMIST, "{{none}}", "{}"),
        (PESSIMIST, "{{a}}", "{{a}}"),
        (PESSIMIST, "{{A}}", "{{A}}"),
    ],
)
def test_references(profile, typed, told):
    """Where a typed {{reference}} is expanded again, it reads other attributes, and comes to an end."""
    made, _ = machine(profile)
    values = {"a": Value(typed, TYPED), "b": Value("123456", RECEIVED)}

    assert plain(render.fill(template.parse("{{a}}"), values, made, "{}")) == told


def test_reference_origins():
    """What a typed reference is expanded to keeps its own origin; the rest stays typed."""
    made, _ = machine(PESSIMIST)
    values = {"a": Value("x{{b}}", TYPED), "b": Value("123456", RECEIVED)}

    assert render.fill(template.parse("{{a}}"), values, made, "") == (Value("x", TYPED), Value("123456", RECEIVED))


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"url": "https://a.test/{{v}}"}, "https://a.test/a%2F%3F%20%26"),
        ({"url": "https://a.test/", "params": {"a b": "{{v}}", "c": "1"}}, "https://a.test/?a%20b=a%2F%3F%20%26&c=1"),
        ({"url": "https://a.test/?x=1", "params": {"c": "1"}}, "https://a.test/?x=1&c=1"),
        ({"url": "https://a.test/${KEY}"}, "https://a.test/fake-key"),
    ],
)
def test_url(fields, url):
    """What is put into a URL is percent-encoded there."""
    assert sent({"v": "a/? &"}, **fields).url == url


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({}, ()),
        ({"body": "x"}, (("Content-Type", "application/json"),)),
        ({"body": "x", "headers": {"content-type": "text/plain"}}, (("content-type", "text/plain"),)),
        ({"headers": {"Authorization": "Bearer ${ANY}"}}, (("Authorization", "Bearer fake-token"),)),
    ],
)
def test_headers(fields, headers):
    """A body is sent as JSON unless the bot says otherwise; a request without one says nothing of it."""
    request = sent(**fields)

    assert request.headers == headers
    assert request.body == fields.get("body", "").encode()
    assert request.method == "POST"
