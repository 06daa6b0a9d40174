"""Requests are read from bytes however these are cut, and whatever is ambiguous is refused."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.transports.http1 import Continue, Message, Parser, Refused, origin
from pytest_botpenguin_otp.transports.syntax import Limits, RefusedError

SMALL = Limits(head=120, headers=4, body=40)
CRLF = b"\r\n"


def head(*lines, first="POST /x HTTP/1.1", host="Host: a.test"):
    """Return the head of a request, or a whole one without a body."""
    return "\r\n".join((first, *([host] if host else []), *lines, "", "")).encode("latin-1")


def events(*pieces, limits=SMALL):
    """Feed the pieces one after another and return all events but invitations."""
    parser, found = Parser(limits), []
    for piece in pieces:
        parser.feed(piece)
        while (event := parser.next_event()) is not None:
            found.append(event)
    return [event for event in found if not isinstance(event, Continue)]


def only(data, limits=SMALL):
    """Return the single event of `data`."""
    (event,) = events(data, limits=limits)
    return event


CHUNKED = head("Transfer-Encoding: chunked")
GOOD = {
    "no body": (head(), b""),
    "length": (head("Content-Length: 5") + b"hello", b"hello"),
    "the same length twice": (head("Content-Length: 2", "Content-Length: 2") + b"ok", b"ok"),
    "the same length in a list": (head("Content-Length: 2, 2") + b"ok", b"ok"),
    "no valid UTF-8": (head("Content-Length: 2") + b"\xff\xfe", b"\xff\xfe"),
    "chunks": (CHUNKED + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", b"abcde"),
    "chunks in capitals": (head("transfer-encoding: Chunked") + b"A\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
    "chunks and trailers": (CHUNKED + b"1\r\na\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n", b"a"),
    "empty lines first": (b"\r\n\r\n" + head(), b""),
    "HTTP/1.0 without host": (head(first="POST /x HTTP/1.0", host=None), b""),
    "absolute form": (head(first="POST http://b.test:80/x HTTP/1.1"), b""),
    "exactly the cap": (head("Content-Length: 40") + b"x" * 40, b"x" * 40),
}
BAD = {
    "garbage": (b"hello there" + CRLF * 2, 400),
    "one word": (b"GET" + CRLF * 2, 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "HTTP/1.2": (head(first="GET / HTTP/1.2"), 505),
    "HTTP/0.9": (head(first="GET / HTTP/0.9"), 505),
    "no version": (head(first="GET /"), 400),
    "bare line feeds": (b"GET / HTTP/1.1\nHost: a.test\n\n", 400),
    "one bare line feed": (b"GET / HTTP/1.1\r\nHost: a.test\nX: 1\r\n\r\n", 400),
    "bare carriage return": (b"GET / HTTP/1.1\r\nHost: a.test\rX: 1\r\n\r\n", 400),
    "carriage return before the end": (head("X: a\r"), 400),
    "carriage return in a trailer": (CHUNKED + b"0\r\nX: a\r\r\n\r\n", 400),
    "folded header": (head("X: 1", " 2"), 400),
    "space before colon": (head("X : 1"), 400),
    "no colon": (head("X"), 400),
    "no name": (head(": 1"), 400),
    "NUL in a header": (head("X: a\x00b"), 400),
    "NUL in the path": (head(first="GET /a\x00b HTTP/1.1"), 400),
    "space in the path": (head(first="GET /a b HTTP/1.1"), 400),
    "raw UTF-8 in the path": (head(first="GET /\xc3\xa9 HTTP/1.1"), 400),
    "fragment": (head(first="GET /a#b HTTP/1.1"), 400),
    "CONNECT": (head(first="CONNECT a.test:443 HTTP/1.1"), 400),
    "CONNECT with a path": (head(first="CONNECT /x HTTP/1.1"), 400),
    "asterisk": (head(first="OPTIONS * HTTP/1.1"), 400),
    "no slash": (head(first="GET x HTTP/1.1"), 400),
    "no host": (head(host=None), 400),
    "two hosts": (head("Host: b.test"), 400),
    "different lengths": (head("Content-Length: 2", "Content-Length: 3") + b"ok!", 400),
    "different lengths in a list": (head("Content-Length: 2, 3") + b"ok!", 400),
    "length and chunks": (head("Content-Length: 2", "Transfer-Encoding: chunked") + b"ok", 400),
    "signed length": (head("Content-Length: +2") + b"ok", 400),
    "negative length": (head("Content-Length: -2"), 400),
    "no length": (head("Content-Length:"), 400),
    "foreign digits": (head("Content-Length: \xb2"), 400),
    "chunks in HTTP/1.0": (head("Transfer-Encoding: chunked", first="POST / HTTP/1.0"), 400),
    "gzip": (head("Transfer-Encoding: gzip, chunked"), 501),
    "chunked twice": (head("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), 501),
    "body too long": (head("Content-Length: 41"), 413),
    "length of many digits": (head("Content-Length: " + "9" * 60), 413),
    "chunk too long": (CHUNKED + b"29\r\n", 413),
    "chunks too long": (CHUNKED + b"28\r\n" + b"x" * 40 + b"\r\n1\r\n", 413),
    "no chunk size": (CHUNKED + b"\r\n", 400),
    "bad chunk size": (CHUNKED + b"0x1\r\na\r\n", 400),
    "endless chunk size": (CHUNKED + b"0" * 5000, 400),
    "bare line feed in a chunk": (CHUNKED + b"1\na\n0\n\n", 400),
    "longer than its chunk": (CHUNKED + b"1\r\nabc\r\n", 400),
    "bad trailer": (CHUNKED + b"0\r\nX\r\n\r\n", 400),
    "NUL in a trailer": (CHUNKED + b"0\r\nX: \x00\r\n\r\n", 400),
    "too many trailers": (CHUNKED + b"0\r\n" + b"X: 1\r\n" * 5, 431),
    "too many headers": (head("A: 1", "B: 1", "C: 1", "D: 1"), 431),
    "head too long": (head("X: " + "x" * 120), 431),
    "endless head": (b"GET /" + b"x" * 200, 431),
}


@pytest.mark.parametrize(("data", "body"), GOOD.values(), ids=GOOD)
def test_understood(data, body):
    """What HTTP/1.1 allows is read, whatever its framing."""
    event = only(data)

    assert isinstance(event, Message)
    assert (event.method, event.path, event.body) == ("POST", "/x", body)


@pytest.mark.parametrize(("data", "status"), BAD.values(), ids=BAD)
def test_refused(data, status):
    """What is broken, too large or ambiguous is refused with its own status, and nothing after it is read."""
    event = only(data + head())

    assert isinstance(event, Refused)
    assert event.status == status
    assert event.reason.endswith(".")


@given(st.data())
def test_splits(data):
    """However the bytes are cut into pieces, the requests and the refusal are the same."""
    names = data.draw(st.lists(st.sampled_from(sorted(GOOD)), max_size=4))
    bad = data.draw(st.sampled_from([None, *sorted(BAD)]))
    stream = b"".join(GOOD[name][0] for name in names) + (BAD[bad][0] if bad else b"")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=20)))
    pieces = [stream[start:end] for start, end in pairwise([0, *cuts, len(stream)])]

    assert events(*pieces) == events(stream)
    assert len(events(stream)) == len(names) + bool(bad)


@pytest.mark.parametrize(("data", "status"), BAD.values(), ids=BAD)
def test_byte_by_byte(data, status):
    """A client that sends one byte at a time is told the same."""
    (event,) = events(*(data[at : at + 1] for at in range(len(data))))

    assert event.status == status


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_any_bytes(pieces):
    """No bytes at all make the parser fail."""
    assert all(isinstance(event, Message | Refused) for event in events(*pieces))


@given(st.binary(max_size=30), st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_chunks(body, sizes):
    """A body is the same in chunks of any size."""
    stream, rest = CHUNKED, body
    for size in sizes * 30:
        piece, rest = rest[:size], rest[size:]
        stream += b"%x\r\n%s\r\n" % (len(piece), piece) if piece else b""

    assert only(stream + b"0\r\n\r\n").body == body


@pytest.mark.parametrize(
    ("first", "connection", "keep_alive"),
    [
        ("GET / HTTP/1.1", "X: 1", True),
        ("GET / HTTP/1.1", "Connection: Close", False),
        ("GET / HTTP/1.1", "Connection: te, close", False),
        ("GET / HTTP/1.0", "X: 1", False),
        ("GET / HTTP/1.0", "Connection: Keep-Alive", True),
    ],
)
def test_keep_alive(first, connection, keep_alive):
    """HTTP/1.1 stays unless told to close, HTTP/1.0 closes unless told to stay."""
    assert only(head(connection, first=first)).keep_alive is keep_alive


def test_headers_keep_their_spelling():
    """Header names and values come as they were sent, without the blanks around a value."""
    message = only(head("x-One: \t a  b \t", "X-Empty:", "X-High: \xe9"))

    assert message.headers[1:] == (("x-One", "a  b"), ("X-Empty", ""), ("X-High", "\xe9"))


def test_continue():
    """A client that asks first is invited once, and only where it still has something to send."""
    parser = Parser(SMALL)
    asking = head("Content-Length: 2", "Expect: 100-continue")
    parser.feed(asking)

    assert [parser.next_event(), parser.next_event()] == [Continue(), None]
    parser.feed(b"o")
    assert parser.next_event() is None
    assert parser.waiting == 1
    parser.feed(b"k" + asking + b"ok")
    assert [parser.next_event().body, parser.next_event().body, parser.next_event()] == [b"ok", b"ok", None]


def test_too_long_is_refused_before_it_is_sent():
    """A client that asks first with a body too long hears 413, not an invitation."""
    assert only(head("Content-Length: 99", "Expect: 100-continue")).status == 413


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/", "/"),
        ("/a?b=c#".rstrip("#"), "/a?b=c"),
        ("//evil.test/x", "//evil.test/x"),
        ("/a/../b/%2e%2E/c%2Fd%00", "/a/../b/%2e%2E/c%2Fd%00"),
        ("http://b.test/x?y", "/x?y"),
        ("HTTPS://user@b.test:8443", "/"),
        ("http://b.test?y=/z", "/?y=/z"),
        ("http://b.test//x", "//x"),
    ],
)
def test_origin(target, path):
    """A target is passed on as path and query, encoded as it came, and never as another host."""
    assert origin("GET", target) == path


@pytest.mark.parametrize("target", ["", "*", "x", "ftp://a/x", "http:///x", "http://a/x#y", "a.test:443"])
def test_no_origin(target):
    """A target without a path of its own is refused."""
    with pytest.raises(RefusedError) as caught:
        origin("GET", target)

    assert caught.value.status == 400
