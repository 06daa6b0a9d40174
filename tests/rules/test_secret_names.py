"""One secret under two names is told as a note, and two secrets are left alone."""

import json

import pytest
from commandline import run

from pytest_botpenguin_otp import bot
from pytest_botpenguin_otp.rules import notes

URL = "https://api.v7.botpenguin.com/integrations/custom-feature/"
HEAD = "format: botpenguin-otp/bot@1\nname: B\nflows: {main: {start: a, components: {a: {type: end_chat}}}}\napis:\n"
NEAR = "the names are nearly the same. If one secret is meant, give it one name."


def told(**apis):
    """Return the notes on a bot of these APIs, each told by its URL and headers."""
    lines = (
        f"  {name}: {{method: POST, url: '{url}', headers: {{{headers}}}}}\n" for name, (url, headers) in apis.items()
    )
    return [(note.place, note.message) for note in notes(bot.parse(HEAD + "".join(lines), "b.yaml"))]


def two(one, other, field="X-Key", url=URL):
    """Return the notes on two APIs that read a secret each."""
    return told(One=(URL, f"{field}: '${{{one}}}'"), Two=(url, f"{field}: '${{{other}}}'"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BOTPENGUIN_TOKEN", "BOTPENGUIN_TOKN"),
        ("BOTPENGUIN_TOKEN", "BOTPENGUIN_TOKEM"),
        ("BOTPENGUIN_TOKEN", "BOTPENGIUN_TOKEN"),
        ("BOTPENGUIN_TOKEN", "BOTPENGUIN_TOKENS"),
        ("BOTPENGUIN_TOKEN", "BOTPENGUINTOKEN"),
        ("BOTPENGUIN_TOKEN", "botpenguin_token"),
    ],
)
def test_a_slip(one, other):
    """Names that one slip makes of each other are told, in either order, whatever field they stand in."""
    assert two(one, other) == [("b.yaml:6", f"Two reads ${{{other}}}, One reads ${{{one}}}: {NEAR}")]
    assert two(other, one) == [("b.yaml:6", f"Two reads ${{{one}}}, One reads ${{{other}}}: {NEAR}")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TOKEN", "TOKEN"),
        ("TOKEN_1", "TOKEN_2"),
        ("TOKEN", "TOKEN2"),
        ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
        ("CRM_US_KEY", "CRM_UK_KEY"),
        ("SEND_TOKEN", "VERIFY_TOKEN"),
        ("TOKEN", "CRM_TOKEN"),
        ("TOKEN", "TKEOM"),
    ],
)
def test_two_secrets(one, other):
    """Names that are numbered, or differ by more than a slip, are two secrets."""
    assert two(one, other) == []


def test_one_credential():
    """One credential of one host has one name; another host has its own."""
    (note,) = two("TOKEN", "BP_KEY", field="Authorization")

    assert note[1].startswith(
        "Two reads ${BP_KEY}, One reads ${TOKEN}: both are the Authorization of api.v7.botpenguin."
    )
    assert two("TOKEN", "BP_KEY", field="Authorization", url="https://crm.example.test/") == []


def test_the_rarer_name_is_told():
    """The note stands at the name that is read less often, and once for two names."""
    known, wrong = "Authorization: '${TOKEN}'", "Authorization: '${TOKN}', X-Key: '${TOKN}'"

    assert told(A=(URL, wrong), B=(URL, known), C=(URL, known), D=(URL, known)) == [
        ("b.yaml:5", f"A reads ${{TOKN}}, B reads ${{TOKEN}}: {NEAR}")
    ]


def test_check_tells(tmp_path):
    """`check` tells it with its place, for people and machines, and finds nothing for that."""
    file = tmp_path / "login.bot.yaml"
    api = "  {0}: {{method: POST, url: 'https://crm.example.test/', headers: {{X-Key: '${{{1}}}'}}}}\n"
    ran = {}
    for second in ("KEY", "KEYS"):
        file.write_text(HEAD + api.format("A", "KEY") + api.format("B", second), encoding="utf-8")
        ran[second] = run("check", str(file)), run("check", "--json", str(file))
    (before, _), (after, as_json) = ran.values()
    (note,) = json.loads(as_json.stdout)["notes"]

    assert before.exit_code == after.exit_code
    assert note == {
        "file": str(file),
        "line": 6,
        "column": None,
        "message": f"B reads ${{KEYS}}, A reads ${{KEY}}: {NEAR}",
    }
    told_first, told_last = before.stdout.splitlines(), after.stdout.splitlines()
    assert told_last == [*told_first[:-1], f"{file}:6: note: {note['message']}", told_first[-1]]
