"""Two answers held together: what counts as a difference, what is noise, and that no value is told."""

import json

import pytest

from pytest_botpenguin_otp.cassettes.likeness import NOISE, differences
from pytest_botpenguin_otp.wire import Response, json_response

HTML = Response(status=200, headers=(("Content-Type", "text/html"),), body=b"<html>")
RFC = "Sat, 01 Jan 2000 00:00:00 +0000"
ISO = "2000-01-01T00:00:00Z"
SID = "SM" + "fa4e" * 8


def told(recorded, fake, **settings):
    """Return the differences of two JSON answers as texts."""
    return [str(one) for one in differences(json_response(200, recorded), json_response(200, fake), **settings)]


@pytest.mark.parametrize(
    ("recorded", "fake", "expected"),
    [
        ({"a": 1}, {"a": 2}, []),
        ({"a": 1}, {"a": 2.5}, []),
        ({"a": "x"}, {"a": ""}, []),
        ({"a": "some text"}, {"a": "271828"}, []),
        ({"a": []}, {"a": [1]}, []),
        ({"a": [1]}, {"a": []}, []),
        ({"a": 1}, {}, ["body.a: recorded a number, the fake nothing"]),
        ({}, {"a": None}, ["body.a: recorded nothing, the fake null"]),
        ({"a": True}, {"a": 1}, ["body.a: recorded true or false, the fake a number"]),
        ({"a": "1"}, {"a": 1}, ["body.a: recorded a text, the fake a number"]),
        ({"a": {"b": [1]}}, {"a": {"b": {}}}, ["body.a.b: recorded a list, the fake a mapping"]),
        ({"a": [1, "x", 2, "y"]}, {"a": [1]}, ["body.a[]: recorded a text, the fake a number"]),
        ({"a": RFC}, {"a": ISO}, ["body.a: recorded a date as in RFC 2822, the fake a date as in ISO 8601"]),
        ({"a": "+12125550100"}, {"a": "someone"}, ["body.a: recorded a phone number in E.164, the fake a text"]),
        ({"a": SID}, {"a": "MM" + SID[2:]}, ["body.a: recorded a SID SM..., the fake a SID MM..."]),
        ({"a": "271828"}, {"a": SID}, ["body.a: recorded digits, the fake a SID SM..."]),
        ({"+1 415 555 0123": 1}, {}, ["body.(a name): recorded a number, the fake nothing"]),
        ([1], {"a": 1}, ["body: recorded a list, the fake a mapping"]),
        ([{"a": 1}, {"b": "x"}, 7], [{"a": 2}, {"b": "y"}, 8], []),
        ([{"b": "x"}], [{"a": 2}, {"b": 1}], ["body[].b: recorded a text, the fake a number"]),
    ],
)
def test_shapes(recorded, fake, expected):
    """Keys, types and sure forms count; values, and texts without a form, do not."""
    assert told(recorded, fake) == expected


@pytest.mark.parametrize(
    ("recorded", "fake", "expected"),
    [
        ({"ok": True}, {"ok": False}, ["the value at ok: recorded true, the fake false"]),
        ({"ok": 21604}, {"ok": 21211}, ["the value at ok: recorded 21604, the fake 21211"]),
        ({"ok": "271828"}, {"ok": "314159"}, ["the value at ok: recorded another value, the fake another value"]),
        ({"ok": True}, {"ok": True}, []),
    ],
)
def test_declared_values(recorded, fake, expected):
    """A declared value counts; it is told only where it is too plain to be anybody's."""
    assert told(recorded, fake, values={"ok"}) == expected


def test_form_of_the_code():
    """A code must have the length and the characters that were recorded."""
    lengths = told({"pin": "27182"}, {"pin": "271828"}, code_path="pin")
    letters = told({"pin": "27182A"}, {"pin": "271828"}, code_path="pin")

    assert lengths == ["the code at pin: recorded 5 digits, the fake 6 digits"]
    assert letters == ["the code at pin: recorded 6 characters, the fake 6 digits"]
    assert told({}, {}, code_path="pin") == told({"pin": "1"}, {"pin": "2"}, code_path="pin") == []


@pytest.mark.parametrize(
    ("recorded", "fake", "expected"),
    [
        (HTML, HTML, []),
        (json_response(200, {}), Response(status=500, body=b"{}"), ["HTTP status: recorded 200, the fake 500"]),
        (Response(status=204), Response(status=204, body=b" "), []),
        (Response(status=200, body=b"x"), Response(status=200), ["body: recorded no JSON, the fake nothing"]),
        (
            HTML,
            json_response(200, {}),
            ["media type: recorded text/html, the fake application/json", "body: recorded no JSON, the fake JSON"],
        ),
    ],
)
def test_heads(recorded, fake, expected):
    """The status and the media type count, also where there is no JSON."""
    assert [str(one) for one in differences(recorded, fake)] == expected


def test_noise():
    """Headers that come with any server do not count; others do, and what scrubbing left out only where none was."""
    noisy = tuple((name.replace("*", "more").title(), "x") for name in NOISE if name != "content-type")
    recorded = Response(status=200, headers=(*noisy, ("Deprecation", "soon")))
    fake = Response(status=200, headers=(("Warning", "old"),))

    assert [str(one) for one in differences(recorded, fake)] == [
        "header deprecation: recorded a text, the fake nothing"
    ]
    assert [one.place for one in differences(recorded, fake, complete=True)] == ["header deprecation", "header warning"]


def test_null_is_marked():
    """A null on one side is marked, since a contract may allow both."""
    found = differences(json_response(200, {"a": None, "b": 1}), json_response(200, {"a": 1, "b": "x"}))

    assert [one.null for one in found] == [True, False]


def test_deep_answers():
    """An answer that is nested too deep to be read is no JSON, and no crash."""
    deep = Response(status=200, body=("[" * 100_000 + "]" * 100_000).encode())

    assert [str(one) for one in differences(deep, json_response(200, []))] == ["body: recorded no JSON, the fake JSON"]
    assert json.loads(json_response(200, []).body) == []
