"""Aliases in what vcrpy wrote mean what they say, and are neither a bomb nor a trap; a cassette of ours has none."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from recordings import DAY, SHIPPED, send_request

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.aliases import written_out
from pytest_botpenguin_otp.cassettes.reading import read, scrubbed
from pytest_botpenguin_otp.errors import FileError

SHARED = st.recursive(st.text(max_size=8), lambda inner: st.lists(inner, max_size=3), max_leaves=6)
"""Lists and texts, of which PyYAML writes an alias for each list that stands somewhere twice."""


@given(st.lists(SHARED, min_size=1, max_size=4), st.data())
def test_they_mean_what_yaml_says(parts, data):
    """Whatever shares parts is the same without aliases, and has as many lines."""
    names = st.dictionaries(st.text(max_size=5), st.sampled_from(parts), max_size=4)
    tree = [*parts, data.draw(names), data.draw(names), parts]
    text = yaml.dump(tree, allow_unicode=data.draw(st.booleans()), default_flow_style=data.draw(st.booleans()))
    told = written_out(text, "it.yaml")

    assert yaml.safe_load(told) == yaml.safe_load(text)
    assert not any(getattr(event, "anchor", None) for event in yaml.parse(told))
    assert told.count("\n") == text.count("\n")


def test_an_old_cassette(tmp_path):
    """Header values that two calls of vcrpy's share are read, and so is what is shared in base64."""
    accept, agent = ["*/*"], {"string": b"\xff{}"}
    request = send_request()
    calls = [
        {
            "request": {
                "method": "POST",
                "uri": request.url,
                "headers": {"Accept": accept, "Authorization": ["s3cret-token"]},
                "body": request.body.decode(),
            },
            "response": {"status": {"code": 200 + number, "message": "OK"}, "headers": {"A": accept}, "body": agent},
        }
        for number in range(3)
    ]
    path = tmp_path / "old.yaml"
    path.write_text(yaml.dump({"interactions": calls, "version": 1}), encoding="utf-8")
    source = read(path)

    assert path.read_text(encoding="utf-8").count("*id00") == 7
    assert [one.response.status for one in source.cassette.exchanges] == [200, 201, 202]
    assert {one.request.header("accept") for one in source.cassette.exchanges} == {"*/*"}
    assert {one.response.body for one in source.cassette.exchanges} == {b"[not text]"}
    assert len(scrubbed(source.cassette, made=DAY).exchanges) == 3


LAUGHS = "\n".join(
    f"{name}: &{name} [{', '.join([f'*{of}'] * 10)}]" for name, of in zip("bcdefghi", "abcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            f"a: &a [x, x]\n{LAUGHS}",
            ":7:[0-9]+: What the aliases stand for is more than a cassette may hold; write it out",
        ),
        ("a: &a [*a]", ":1:8: The alias [*]a stands for nothing that ends before it; write it out"),
        ("a: *b\nb: &b x", ":1:4: The alias [*]b stands for nothing"),
        ("a: &a {x: 1}\nb:\n  <<: *a", "A merge key"),
        ("a: &a x\nb: *a\nc: [", "An anchor"),
        ("a: !!binary &a aGk=\nb: *a", "The list of interactions is missing"),
        ("a: &a !!python/name:os.system x\nb: *a", "nothing in a cassette is ever run"),
        ("a: &a [x]\n*a : b", "cannot be a key"),
        ("a: &a " + "[" * 20 + "]" * 20 + "\nb: " + "[" * 20 + "*a" + "]" * 20, "Nested more than 24 deep"),
    ],
)
def test_hostile_aliases(tmp_path, text, words):
    """A bomb, a knot, a name before its value, a merge key, a depth: each a plain refusal with its place."""
    path = tmp_path / "old.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(FileError, match=words):
        read(path)


def test_none_in_a_cassette_of_ours(tmp_path):
    """A cassette that says where it comes from has no aliases, as nothing of ours writes one."""
    path = tmp_path / "it.yaml"
    text = next(SHIPPED.glob("*.yaml")).read_text(encoding="utf-8")
    path.write_text(text.replace("version: 1", "version: &a 1\nmore: *a"), encoding="utf-8")

    with pytest.raises(FileError, match=r"An a(nchor|lias) "):
        read(path)
    with pytest.raises(FileError, match=r"An a(nchor|lias) "):
        form.load(path)
