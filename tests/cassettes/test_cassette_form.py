"""The file: read without executing anything, written in one step, the same bytes for the same value."""

import json
import multiprocessing
import os
import re
from datetime import UTC, datetime

import pytest
from recordings import DAY, SHIPPED, make, verify_request
from vcr.persisters.filesystem import FilesystemPersister
from vcr.serializers import yamlserializer

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.errors import CassetteError
from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange, Provenance
from pytest_botpenguin_otp.errors import FileError
from pytest_botpenguin_otp.wire import Response

GOOD = (SHIPPED / "login-mismatch-400.yaml").read_text(encoding="utf-8")
OLD = """\
interactions:
- request:
    body: null
    headers:
      Accept: ['*/*', 'text/html']
      X: plain
      Y: []
    method: GET
    uri: https://api.v7.botpenguin.com/x
  response:
    body: {string: "012345"}
    headers: {}
    status: {code: 200, message: OK}
- request: {method: POST, uri: https://example.test/, body: a}
  response: {status: {code: 204}, body: {string: null}}
version: 1
"""


def exchange(text, body=b""):
    """Return an exchange with a text in many places."""
    return Exchange(
        request=verify_request(text, "x"), response=Response(status=299, headers=(("A", text), ("A", "b")), body=body)
    )


def value(*exchanges):
    """Return a cassette with provenance."""
    provenance = Provenance(kind="recorded", target="fake", made=DAY, contracts="v1", source="it's: a #test")
    return Cassette(file="it.yaml", exchanges=exchanges, provenance=provenance)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped(path):
    """What ships says that a fake was recorded, is in its one form, and vcrpy reads it too."""
    cassette = form.load(path)
    requests, responses = FilesystemPersister.load_cassette(path, yamlserializer)

    assert (cassette.provenance.kind, cassette.provenance.target) == ("recorded", "fake")
    assert not cassette.provenance.real
    assert form.dump(cassette) == path.read_text(encoding="utf-8")
    assert [request.uri for request in requests] == [one.request.url for one in cassette.exchanges]
    assert [response["body"]["string"] for response in responses] == [one.response.body for one in cassette.exchanges]


def test_shipped_are_made_again(tmp_path):
    """Recording the fakes anew, over loopback and through vcrpy, gives what ships byte for byte."""
    make(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.glob("*.yaml")}

    assert made == {path.name: path.read_bytes() for path in SHIPPED.glob("*.yaml")}


@pytest.mark.parametrize("text", ["plain", "é \u2028 'x' \"y\"\n\tz", "012345", "yes", "- a: *b", "x " * 2000, "null"])
def test_there_and_back(text):
    """Every text survives, and the same value is the same bytes."""
    cassette = value(exchange(text, json.dumps(text).encode()), exchange("2"))
    again = form.loads(form.dump(cassette), "it.yaml")

    assert form.dump(again) == form.dump(cassette)
    assert [(one.request.body, one.response) for one in again.exchanges] == [
        (one.request.body, one.response) for one in cassette.exchanges
    ]
    assert again.exchanges[0].line > 1


def test_old_files():
    """A file of vcrpy's has no provenance; `null` is no body."""
    cassette = form.loads(OLD, "old.yaml")
    first, second = cassette.exchanges

    assert cassette.provenance is None
    assert first.request.body == b""
    assert first.request.headers == (("Accept", "*/*"), ("Accept", "text/html"), ("X", "plain"))
    assert first.response.body == b"012345"
    assert (second.request.body, second.response.body) == (b"a", b"")
    assert form.loads(form.dump(cassette), "x") is not None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("made: '2026-11-23'", "made: someday"), "to be YYYY-MM-DD"),
        (("cassette@1", "cassette@2"), "another version"),
        (("kind: recorded", "kind: recorder"), "Did you mean 'recorded'"),
        (("target: fake", "target: faked"), "Did you mean 'fake'"),
        (("contracts: v1", "contracts: ''"), "'contracts' is missing"),
        (("version: 1", "version: 2"), "no cassette of a version"),
        (("version: 1", ""), "no cassette of a version"),
        (("interactions:", "interaction:"), "half a file"),
        (("method: POST", "method: ''"), "has no method"),
        (("code: 200", "code: 2000"), "no status code"),
        (("code: 200", "code: 099"), "no status code"),
        (("interactions:", "x: !!python/object/apply:os.system ['touch made']\ninteractions:"), "A tag"),
        (("interactions:", "x: !!binary aGk=\ninteractions:"), "A tag"),
        (("interactions:", "x: &a b\ninteractions:"), "An anchor"),
        (("interactions:", "x: {<<: {a: b}}\ninteractions:"), "A merge key"),
        (("interactions:", "x: [a, *a]\ninteractions:"), "An alias"),
        (("interactions:", "interactions: []\ninteractions:"), "second time"),
        (("interactions:", f"x: {'[' * 50}\ninteractions:"), "Nested more than|Not valid"),
        (('    body: \'{"accountSID"', '    body: {a: b}\n    c: \'{"accountSID"'), "A body is to be a text"),
        (("      - fake-token-xxxxxxxxx1", "      - {a: b}"), "value of a header"),
    ],
)
def test_hostile(change, told):
    """Each is a clear error with a place; nothing is executed."""
    with pytest.raises(FileError, match=told) as caught:
        form.loads(GOOD.replace(*change), "it.yaml")
    assert all(re.match(r"it\.yaml(:\d+:\d+)?: ", line) for line in caught.value.faults)


def test_half_a_file():
    """Wherever a write was cut off, the rest is an error or lacks nothing but the end."""
    lines = GOOD.splitlines(keepends=True)
    for cut in range(1, len(lines) - 1, 7):
        with pytest.raises(FileError):
            form.loads("".join(lines[:cut]), "it.yaml")


def test_too_much(monkeypatch):
    """More interactions than a cassette may have are an error."""
    monkeypatch.setattr(form, "MAX_EXCHANGES", 1)

    with pytest.raises(FileError, match="More than 1 interactions"):
        form.loads(OLD, "it.yaml")


def test_files(tmp_path):
    """No file, another encoding, too large a file, and a link that leads out are errors."""
    path = tmp_path / "cassettes" / "it.yaml"
    form.write(value(), path)
    secret = tmp_path / "secret.yaml"
    secret.write_text(GOOD, encoding="utf-8")
    link = path.with_name("link.yaml")
    link.symlink_to(secret)
    path.with_name("utf-16.yaml").write_text(GOOD, encoding="utf-16")
    path.with_name("large.yaml").write_text("#" * 10_000_001, encoding="utf-8")
    path.with_name("loop.yaml").symlink_to(path.with_name("loop.yaml"))

    for name, told in (
        ("link.yaml", "leads out of its folder"),
        ("none.yaml", "no such cassette"),
        ("loop.yaml", "leads out|no such cassette"),
        ("utf-16.yaml", "not UTF-8"),
        ("large.yaml", "split the recording"),
        ("../cassettes/../secret.yaml", "leads out"),
    ):
        with pytest.raises(FileError, match=told):
            form.load(path.parent / name, root=path.parent)
    with pytest.raises(CassetteError, match="never written through a link"):
        form.write(value(), link)
    assert secret.read_text(encoding="utf-8") == GOOD


def test_unreadable(tmp_path, monkeypatch):
    """A file that cannot be read is an error that says so."""
    (tmp_path / "it.yaml").write_text(GOOD, encoding="utf-8")

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(FileError, match="cannot be read: Permission denied"):
        form.load(tmp_path / "it.yaml")


def test_written_in_one_step(tmp_path, monkeypatch):
    """A write that fails leaves the old file, and nothing else; the mode is that of any file."""
    path = tmp_path / "it.yaml"
    form.write(value(exchange("1")), path)
    before = path.read_bytes()

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(CassetteError, match="cannot be written: No space left"):
        form.write(value(exchange("2")), path)
    assert [child.name for child in tmp_path.iterdir()] == ["it.yaml"]
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o644


def _write_often(path, text):
    for _ in range(60):
        form.write_text(text, path)


def test_two_processes(tmp_path):
    """While two processes write, a reader sees the one file or the other, whole."""
    path = tmp_path / "it.yaml"
    texts = [form.dump(value(*[exchange(str(number))] * 30)) for number in (1, 2)]
    form.write_text(texts[0], path)
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write_often, args=(path, text)) for text in texts]
    for process in processes:
        process.start()
    while any(process.is_alive() for process in processes):
        assert path.read_text(encoding="utf-8") in texts
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0, 0]
    assert [child.name for child in tmp_path.iterdir()] == ["it.yaml"]


def test_day_is_a_day():
    """The day is read as one."""
    assert form.loads(GOOD, "it.yaml").provenance.made == datetime(2026, 11, 23, tzinfo=UTC).date()
