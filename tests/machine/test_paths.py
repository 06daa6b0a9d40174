"""Paths into a JSON response, and the text that an attribute gets from there."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.machine.paths import at, read

TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("body", "path", "text"),
    [
        ('{"a": "012345"}', "a", "012345"),
        ('{"a": {"b": "x"}}', "a.b", "x"),
        ('{"a": true, "b": false, "c": null}', "a", "true"),
        ('{"a": true, "b": false, "c": null}', "b", "false"),
        ('{"a": true, "b": false, "c": null}', "c", "null"),
        ('{"a": 0.10}', "a", "0.10"),
        ('{"a": 1e5}', "a", "1e5"),
        ('{"a": -0}', "a", "-0"),
        ('{"a": 123456789012345678901234567890}', "a", "123456789012345678901234567890"),
        ('{"a": NaN}', "a", "NaN"),
        ('{"a": ' + "9" * 5000 + "}", "a", "9" * 5000),
        ('{"a": {"b": [1, 0.10, {"c": "\u00fc \\" x"}, true]}}', "a", '{"b":[1,0.10,{"c":"\u00fc \\" x"},true]}'),
        ('{"a": [10, {"b": "x"}]}', "a.0", "10"),
        ('{"a": [10, {"b": "x"}]}', "a.1.b", "x"),
        ('{"a": [10]}', "a.1", None),
        ('{"a": [10]}', "a.-1", None),
        ('{"a": [10]}', "a.\u0660", None),
        ('{"a": [10]}', "a.b", None),
        ('{"a": {"0": "x"}}', "a.0", "x"),
        ('{"a": "x"}', "a.b", None),
        ('{"a": "x"}', "b", None),
        ('["x"]', "0", "x"),
        ('"x"', "a", None),
        ("<html>", "a", None),
        ("", "a", None),
        ('{"a": ', "a", None),
        ("[" * 100_000, "0", None),
    ],
)
def test_at(body, path, text):
    """A value is saved as the text it was sent as; what is not there, or is no JSON, gives nothing."""
    assert at(read(body.encode()), path) == text


@pytest.mark.parametrize("body", [b"\xff", b'{"a": "\xfc"}'])
def test_binary(body):
    """What is not UTF-8 is no JSON."""
    assert read(body) is None


@given(TREES)
def test_compact(tree):
    """An object or a list is saved as compact JSON that means the same."""
    told = at(read(json.dumps({"a": tree}).encode()), "a")

    assert told == (tree if isinstance(tree, str) else json.dumps(tree, ensure_ascii=False, separators=(",", ":")))


@given(st.binary(), st.text())
def test_any_body(body, path):
    """No body and no path raises."""
    found = at(read(body), path)

    assert found is None or isinstance(found, str)
