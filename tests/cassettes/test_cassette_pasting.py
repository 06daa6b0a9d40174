"""Answers that a person pasted out of BotPenguin: what they teach, and what went wrong on the way."""

import json

import pytest
from commandline import run, told
from lessons import DEFAULT
from recordings import DAY

from pytest_botpenguin_otp import profile
from pytest_botpenguin_otp.cassettes.errors import CassetteError
from pytest_botpenguin_otp.cassettes.learn import learn
from pytest_botpenguin_otp.cassettes.pasting import mistake
from pytest_botpenguin_otp.cassettes.samples import pasted


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
        (b'{"verified": false}', "verify", 200, False, "this answer says no: if the code was wrong, say --mismatch"),
        (b"<p>", "send", 200, False, "this is no JSON"),
    ],
)
def test_pasted_refusals(body, operation, status, mismatch, words):
    """What nobody could place is refused, with the option that helps."""
    with pytest.raises(CassetteError, match=words):
        pasted(body, "answer.json", operation, status, mismatch=mismatch, made=DAY)


GOOD = '{"success": true,\n "data": {"otp": "483920"}}'
MISHAPS = {
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + GOOD: "something stands before it, as a status line",
    "```json\n" + GOOD + "\n```": "something stands before it",
    GOOD + "\n\nfrom API Logs": "something stands after it",
    GOOD + "\n" + GOOD: "there are two; learn from one after the other",
    GOOD + ",\n[]": "there are two",
    GOOD.replace('"', "\u201c"): "typographic quotation marks or blanks",
    GOOD.replace(" ", "\u00a0"): "typographic quotation marks or blanks",
    GOOD[:-1]: "its end is missing",
    GOOD[:-5]: "its end is missing",
    GOOD.replace('"otp"', "'otp'"): "from line 2 of it on",
    "<html>Bad gateway</html>": "it has no {",
    "success: true": "it has no {",
    "": "it has no {",
    '{"a": NaN}': "a profile cannot hold it",
    "[" * 40 + "]" * 40: "a profile cannot hold it",
    "[" * 100_000: "a profile cannot hold it",
    "[" + "1" * 5_000 + "]": "a profile cannot hold it",
    '"483920"': "one value and no answer",
    "483920": "one value and no answer",
    "null": "one value and no answer",
    json.dumps(GOOD): "one value and no answer",
    '{"requestBody": {}, "Response": {"otp": "483920"}}': "the entry of a log, with the request in it",
}


@pytest.mark.parametrize(("text", "words"), MISHAPS.items(), ids=MISHAPS.values())
def test_mishaps(text, words):
    """What is no body alone is refused with what went wrong and the way out, and without any value of it."""
    found = mistake(text.encode())

    assert words in found
    assert found.endswith("paste the body of the response alone, from { to }.")
    assert "483920" not in found


@pytest.mark.parametrize(
    "text", [GOOD, GOOD.replace("\n", "\r\n"), f"\ufeff{GOOD}\n\n", "[]", '{"response": {"otp": 1}}']
)
def test_no_mishap(text):
    """Windows line ends, a byte order mark and blanks around it are none; nor is a key that is called like a part."""
    assert mistake(text.encode()) is None


def test_not_utf_8():
    """A file that Windows calls Unicode is told apart."""
    assert "save it as UTF-8" in mistake(GOOD.encode("utf-16"))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("answer.txt", "HTTP/1.1 200 OK\n\n{}", "something stands before it"),
        ("answer.json", '{"interactions": 1', "its end is missing"),
        ("half.yaml", "version: 1\n", "is this half a file?"),
        ("half.yaml.failed", "interactions:\n- request:\n", "The request has no method"),
    ],
)
def test_what_a_file_is(tmp_path, name, text, words):
    """A file is a cassette by its name or by its interactions, and is told as such; anything else is a paste."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")

    assert words in told(run("cassettes", "learn", str(path), "--operation", "send"))
