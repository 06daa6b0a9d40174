"""`cassettes scrub`: an old file of vcrpy's in, a scrubbed one beside it; nothing run, nothing overwritten."""

import gzip
import json
import os
import zlib
from base64 import b64encode
from datetime import UTC, datetime

import httpx
import pytest
import vcr
from commandline import run, told
from recordings import DAY, SHIPPED, send_request

from pytest_botpenguin_otp import documents
from pytest_botpenguin_otp.cassettes import form, reading
from pytest_botpenguin_otp.cassettes.errors import LeakError
from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange
from pytest_botpenguin_otp.cli import taping
from pytest_botpenguin_otp.errors import FileError
from pytest_botpenguin_otp.transports.server import LoopbackServer
from pytest_botpenguin_otp.wire import Response, json_response

BASE = "https://api.v7.botpenguin.com"
SECRETS = {
    "sid": "AC" + "0123456789abcdef" * 2,
    "token": "fedcba9876543210" * 2,
    "phone": "+14155552671",
    "code": "903817",
    "key": "kept-by-nobody-7f3a",
    "cookie": "session-of-a-visitor",
    "name": "Kowalski",
}
"""Made up; none of them opens anything."""
GOOD = (SHIPPED / "login-mismatch-400.yaml").read_text(encoding="utf-8")
PATH = "/integrations/custom-feature/"


def answer(request):
    """Answer as a service does that packs its bodies, sets cookies, and names people."""
    headers = (("Content-Type", "application/json"), ("Set-Cookie", f"s={SECRETS['cookie']}"))
    if request.path.endswith("verify-user-otp"):
        return json_response(200, {"success": True, "message": "approved"}, headers=headers)
    body = json.dumps({"otp": SECRETS["code"], "name": SECRETS["name"], "ü": "ö"}).encode()
    packed = (("Content-Encoding", "gzip"), ("Date", "Sun, 22 Nov 2026 10:00:00 GMT"))
    return Response(status=200, headers=(*headers, *packed), body=gzip.compress(body, mtime=0))


@pytest.fixture
def old(tmp_path):
    """Return a file that vcrpy itself wrote, unscrubbed, of calls to a loopback server."""
    path = tmp_path / "old.yaml"
    sent = {
        "accountSID": SECRETS["sid"],
        "authToken": SECRETS["token"],
        "fromNumber": "+15005550006",
        "toNumber": SECRETS["phone"],
    }
    headers = {"Authorization": f"Bearer {SECRETS['key']}", "Cookie": SECRETS["cookie"]}
    codes = {"systemOtp": SECRETS["code"], "userOtp": SECRETS["code"]}
    with (
        LoopbackServer({BASE: answer}) as server,
        httpx.Client(trust_env=False) as client,
        vcr.VCR().use_cassette(str(path)),
    ):
        client.post(f"{server.url(BASE)}{PATH}send-otp-sms", json=sent, headers=headers)
        client.post(f"{server.url(BASE)}{PATH}verify-user-otp", json=codes, headers=headers)
    text = path.read_text(encoding="utf-8")
    missing = [name for name, value in SECRETS.items() if name not in ("code", "name") and value not in text]

    assert not missing
    assert "!!binary" in text
    return path


def test_scrub(old):
    """A file of vcrpy's becomes one of ours: none of its secrets, its day, and what nobody knows said so."""
    before = old.read_bytes()
    result = run("cassettes", "scrub", str(old))
    out = old.with_name("old.scrubbed.yaml")
    text = out.read_text(encoding="utf-8")
    cassette = form.load(out)
    provenance = cassette.provenance

    assert result.exit_code == 0, result.output
    assert result.stdout == f"wrote {out}\n"
    assert not [name for name, value in SECRETS.items() if value in text + result.output]
    assert (provenance.kind, provenance.target, provenance.real) == ("recorded", "unknown", False)
    assert provenance.made.isoformat() == "2026-11-22"
    assert "unknown target, made 2026-11-22 (by the Date of its first response)" in result.stderr
    assert "still holds what it held" in result.stderr
    assert cassette.exchanges[0].response.json()["otp"] == "100001"
    assert cassette.exchanges[1].request.json() == {"systemOtp": "100001", "userOtp": "100001"}
    assert old.read_bytes() == before
    assert run("cassettes", "audit", str(out), "--max-age", "100000").exit_code == 1  # the shape is no contract's


def test_never_over_another(old):
    """What is there already stays as it is."""
    out = old.with_name("old.scrubbed.yaml")
    out.write_text("mine", encoding="utf-8")

    assert f"{out}: is there already. Nothing was written" in told(run("cassettes", "scrub", str(old)))
    assert out.read_text(encoding="utf-8") == "mine"
    out.unlink()
    out.symlink_to(old)
    assert "is there already" in told(run("cassettes", "scrub", str(old)))


def test_a_write_that_fails_leaves_nothing(old, monkeypatch):
    """Where the disk is full, no empty file stays behind."""

    def full(text, path):
        del text
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(taping.form, "write_text", full)

    assert "No space left on device" in told(run("cassettes", "scrub", str(old)))
    assert sorted(path.name for path in old.parent.iterdir()) == ["old.yaml"]


def test_the_day(tmp_path):
    """Without a Date, the day is what the user says, else when the file was last changed."""
    for name in ("a.yml", "b.yaml", "c"):
        exchange = Exchange(request=send_request(), response=json_response(400, {}))
        form.write(Cassette(file=name, exchanges=(exchange,)), tmp_path / name)
        os.utime(tmp_path / name, (0, 0))

    def day(name):
        return form.load(tmp_path / name).provenance.made.isoformat()

    assert "last changed" in run("cassettes", "scrub", str(tmp_path / "a.yml")).stderr
    assert "(as you say)" in run("cassettes", "scrub", str(tmp_path / "b.yaml"), "--made", "2026-01-02").stderr
    assert run("cassettes", "scrub", str(tmp_path / "c")).exit_code == 0
    assert (day("a.scrubbed.yaml"), day("b.scrubbed.yaml")) == ("1970-01-01", "2026-01-02")
    assert (tmp_path / "c.scrubbed.yaml").is_file()
    assert "--made soon: a day is written YYYY-MM-DD" in told(
        run("cassettes", "scrub", str(tmp_path / "a.yml"), "--made", "soon")
    )


def test_one_of_ours_keeps_its_provenance(tmp_path):
    """A cassette that knows where it comes from is scrubbed anew and still knows it."""
    path = tmp_path / "login.yaml"
    path.write_bytes((SHIPPED / "login-mismatch-400.yaml").read_bytes())
    result = run("cassettes", "scrub", str(path))
    cassette = form.load(tmp_path / "login.scrubbed.yaml")

    assert result.stderr == ""
    assert cassette.provenance == form.load(path).provenance


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("!!python/object/apply:os.system ['touch pwned']", "nothing in a cassette is ever run"),
        ("version: !!python/tuple [1]", "nothing in a cassette is ever run"),
        ("version: !mine 1", "only !!binary is"),
        ("version: !!binary [a]", "only !!binary is"),
        ("a: !!binary '\x00'", "YAML"),
        ("a: !!binary aGk=\nb: [", "Not valid YAML"),
        ("version: !!binary MQ==", "The list of interactions is missing"),
        ("a: &x [1]\nb: *x", "The list of interactions is missing"),
        ("<<: {a: 1}", "A merge key (<<) is not read here"),
        ("[" * 40 + "]" * 40, "Nested more than 24 deep"),
        (GOOD.replace("version: 1", "version: !!binary MQ=="), "A tag (tag:yaml.org,2002:binary)"),
    ],
)
def test_hostile_files(tmp_path, monkeypatch, text, words):
    """Tags are told, never obeyed; the folder stays as it was."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.yaml").write_bytes(text.encode())

    assert words in told(run("cassettes", "scrub", "old.yaml"))
    assert [path.name for path in tmp_path.iterdir()] == ["old.yaml"]


def test_links_and_bytes(tmp_path):
    """A link out of the folder, a folder, half a text, a huge file: each is a plain refusal."""
    (tmp_path / "in").mkdir()
    (tmp_path / "out.yaml").write_text("a: !!binary aGk=", encoding="utf-8")
    (tmp_path / "in" / "link.yaml").symlink_to(tmp_path / "out.yaml")
    (tmp_path / "half.yaml").write_bytes(b"a: \xff")
    (tmp_path / "huge.yaml").write_text("!" * 10_000_001, encoding="utf-8")

    for name, words in (
        ("in/link.yaml", "leads out of its folder"),
        ("in", "no such cassette"),
        ("half.yaml", "not UTF-8"),
        ("huge.yaml", "larger than"),
    ):
        assert words in told(run("cassettes", "scrub", str(tmp_path / name)))


def test_foreign_calls(tmp_path):
    """A call that no contract covers is named, and nothing is written."""
    path = tmp_path / "old.yaml"
    request = {"method": "GET", "uri": "https://shop.example/x", "headers": {}, "body": None}
    tree = {"interactions": [{"request": request, "response": {"status": {"code": 200}, "body": {}}}], "version": 1}
    path.write_text(json.dumps(tree), encoding="utf-8")

    assert "interaction 1: GET to shop.example is none of Send OTP" in told(run("cassettes", "scrub", str(path)))
    assert [one.name for one in tmp_path.iterdir()] == ["old.yaml"]


def test_what_is_left_is_not_written(monkeypatch):
    """Where the scan still finds something, or cannot search, nothing comes out."""
    exchange = Exchange(request=send_request(), response=json_response(400, {}))
    cassette = Cassette(file="a.yaml", exchanges=(exchange,))
    monkeypatch.setattr(reading, "scan", lambda *_, **__: ("interactions[0]: a token",))
    with pytest.raises(LeakError, match="after scrubbing it would still hold:\n- interactions"):
        reading.scrubbed(cassette, made=DAY)

    def deep(*_, **__):
        raise RecursionError

    monkeypatch.setattr(reading, "scan", deep)
    with pytest.raises(LeakError, match="nested too deep to be searched"):
        reading.scrubbed(cassette, made=DAY)


@pytest.mark.parametrize("depth", [40, 100_000])
def test_deep_bodies(tmp_path, depth):
    """A body that is nested beyond sense is refused before anything walks through it."""
    path = tmp_path / "a.yaml"
    body = b'{"toNumber": ' + b"[" * depth + b"]" * depth + b"}"
    request = send_request()
    deep = type(request)(method="POST", url=request.url, body=body)
    form.write(Cassette(file="a", exchanges=(Exchange(request=deep, response=json_response(200, 1)),)), path)
    with pytest.raises(FileError, match="a body is nested deeper"):
        reading.read(path)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b'plain \xe2\x82\xac "\\\n\x07', 'plain € "\\\n\x07'),
        (gzip.compress(b"packed", mtime=0), "packed"),
        (zlib.compress(b"packed"), "packed"),
        (b"\x1f\x8b broken", "[not text]"),
        (b"\xff", "[not text]"),
    ],
)
def test_binary(raw, text):
    """`!!binary` is the text it holds, unpacked; what follows keeps its line."""
    encoded = b64encode(raw).decode()
    told_ = reading.plain(f"a: !!binary |\n  {encoded}\nb: é\n", "a.yaml")
    document = documents.parse(told_, "a.yaml")

    assert document.tree == {"a": text, "b": "é"}
    assert document.keys[("b",)] == (3, 1)


HTTPX = """\
interactions:
- request:
    body: '{"systemOtp": "903817", "userOtp": "903817"}'
    headers:
      authorization: [kept-by-nobody-7f3a]
    method: POST
    uri: https://api.v7.botpenguin.com/integrations/custom-feature/verify-user-otp
  response:
    content: CONTENT
    headers:
      Content-Type: [application/json]
    http_version: HTTP/1.1
    status_code: 200
version: 1
"""


APPROVED = '{"success": true}'


@pytest.mark.parametrize("content", [f"'{APPROVED}'", f"!!binary {b64encode(APPROVED.encode()).decode()}"])
def test_cassettes_of_httpx(tmp_path, content):
    """What vcrpy wrote of httpx until its version 5 has its status and its body in keys of their own."""
    path = tmp_path / "old.yaml"
    path.write_text(HTTPX.replace("CONTENT", content), encoding="utf-8")
    result = run("cassettes", "scrub", str(path), "--made", "2024-01-31")
    [exchange] = form.load(tmp_path / "old.scrubbed.yaml").exchanges

    assert result.exit_code == 0, result.output
    assert (exchange.response.status, exchange.response.json()) == (200, {"success": True})
    assert exchange.response.header("content-type") == "application/json"
    assert "903817" not in exchange.request.body.decode()


def test_a_bomb():
    """What unpacks to more than a cassette may be is cut, and never held whole."""
    bomb = b64encode(gzip.compress(b"0" * 40_000_000)).decode()

    assert len(reading.plain(f"a: !!binary {bomb}\n", "a.yaml")) < 10_000_100


def test_the_first_day_counts():
    """The oldest Date of all responses, in UTC; nonsense counts for nothing."""
    dates = (
        "nonsense",
        "Sun, 22 Nov 2026 23:30:00 -0200",
        "Tue, 24 Nov 2026 10:00:00 GMT",
        "Mon, 23 Nov 2026 10:00:00",
    )
    exchanges = tuple(
        Exchange(request=send_request(), response=Response(status=200, headers=(("date", one),))) for one in dates
    )

    assert reading.day_in(Cassette(file="a", exchanges=exchanges)) == datetime(2026, 11, 23, tzinfo=UTC).date()
    assert reading.day_in(Cassette(file="a", exchanges=())) is None
