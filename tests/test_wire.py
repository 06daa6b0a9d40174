"""HTTP as values: taken apart without loss, and never with an error that a client could cause."""

import json
import re
from base64 import b64encode
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.wire import Address, Request, Response, json_response, read_json, stack


def request(url="https://a.test/", **fields):
    """Make a request."""
    return Request(**({"method": "POST", "url": url} | fields))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://A.Test", ("https", "a.test", "/", "")),
        ("https://a.test:443/x?y=1", ("https", "a.test", "/x", "y=1")),
        ("http://a.test:80/x", ("http", "a.test", "/x", "")),
        ("https://a.test:80/x", ("https", "a.test:80", "/x", "")),
        ("http://user:pw@a.test:8080/%20x", ("http", "a.test:8080", "/%20x", "")),
        ("https://a.test:99999/x", ("https", "a.test", "/x", "")),
        ("/x", ("", "", "/x", "")),
        ("https://[::1]:8/x", ("https", "::1:8", "/x", "")),
        ("https://[a.test/x", ("", "", "https://[a.test/x", "")),
    ],
)
def test_address(url, address):
    """A URL is taken apart the same way everywhere; one that cannot be is all path."""
    assert request(url).address == Address(*address)
    assert (request(url).host, request(url).path) == address[1:3]


@given(st.text() | st.text("[]:/@%?#a1").map("http://".__add__))
def test_any_url(url):
    """No URL raises, and a path is never empty."""
    asked = request(url)

    assert asked.path
    assert isinstance(asked.segments(), tuple)
    assert isinstance(asked.params(), tuple)


def test_headers():
    """Names of headers compare without case; the first counts."""
    headers = (("X-A", "1"), ("x-a", "2"))

    for message in (request(headers=headers), Response(status=200, headers=headers)):
        assert [message.header("x-A"), message.header("b"), message.header("b", "none")] == ["1", None, "none"]


def test_repr():
    """A `repr` holds neither headers nor body, query nor credentials of the URL."""
    asked = request("https://user:pw@a.test/x?token=t", headers=(("Authorization", "t"),), body=b"secret")

    assert repr(asked) == "<POST https://a.test/x, 6 bytes>"
    assert repr(Response(status=200, body=b"secret")) == "<200, 6 bytes>"


def test_bodies():
    """A body is read as JSON, as a form, a query as pairs; blanks are kept."""
    assert request(body=b'{"a": 1}').json() == {"a": 1}
    assert Response(status=200, body=b"[]").json() == []
    assert request(body=b"a=1&b=&a=%2B2").form() == (("a", "1"), ("b", ""), ("a", "+2"))
    assert request(body=b"\xff=1").form() == (("\ufffd", "1"),)
    assert request("https://a.test/?a=1&b=").params() == (("a", "1"), ("b", ""))
    assert request("https://a.test/a%2Fb//c").segments() == ("a/b", "", "c")


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1))
def test_form_of_anything(pairs):
    """A form is read back as it was written, whatever it says."""
    assert request(body=urlencode(pairs).encode()).form() == tuple(pairs)


@given(st.text(" \n0[]{}", max_size=5) | st.recursive(st.integers() | st.text(), st.lists).map(json.dumps))
def test_read_json(text):
    """A body is the JSON that Python reads in it, with or without blanks around, and an error where that finds none."""
    try:
        known = json.loads(text)
    except ValueError as error:
        with pytest.raises(ValueError, match=re.escape(str(error))):
            read_json(text.encode())
    else:
        assert read_json(text.encode()) == known


def basic(text):
    """Encode credentials."""
    return f"Basic {b64encode(text.encode()).decode()}"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (basic("user:pass:word"), ("user", "pass:word")),
        (basic("user:").replace("Basic", "bAsIc"), ("user", "")),
        (basic("no colon"), None),
        (basic("a:b").replace("Basic", "Bearer"), None),
        ("Basic", None),
        ("Basic ====", None),
        ("Basic /////w==", None),
        (None, None),
    ],
)
def test_basic_auth(header, found):
    """Basic credentials are read where there are any, and nothing is raised where there are none."""
    headers = () if header is None else (("Authorization", header),)

    assert request(headers=headers).basic_auth() == found


def test_json_response():
    """A JSON response is UTF-8 and says so."""
    told = json_response(201, {"a": "\u00fc"})

    assert told == Response(
        status=201, headers=(("Content-Type", "application/json; charset=utf-8"),), body='{"a": "\u00fc"}'.encode()
    )
    assert json.loads(told.body) == {"a": "\u00fc"}


def test_stack():
    """The first layer sees each request first."""
    seen = []

    def layer(name):
        def wrap(service):
            def wrapped(asked):
                seen.append(name)
                return service(asked)

            return wrapped

        return wrap

    answer = stack(lambda _: Response(status=204), layer("outer"), layer("inner"))(request())

    assert (answer.status, seen) == (204, ["outer", "inner"])
