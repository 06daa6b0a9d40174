"""Responses become bytes of HTTP/1.1 that no client can misread, or are refused."""

import pytest

from pytest_botpenguin_otp.transports.encoding import encode
from pytest_botpenguin_otp.transports.syntax import RefusedError
from pytest_botpenguin_otp.wire import Response

FRAMED = (("Content-Type", "text/plain"), ("content-length", "99"), ("Connection", "upgrade"))


@pytest.mark.parametrize(
    ("status", "settings", "expected"),
    [
        (200, {}, b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"),
        (200, {"method": "HEAD"}, b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n"),
        (204, {}, b"HTTP/1.1 204 No Content\r\nContent-Type: text/plain\r\n\r\n"),
        (304, {}, b"HTTP/1.1 304 Not Modified\r\nContent-Type: text/plain\r\n\r\n"),
        (
            799,
            {"keep_alive": False},
            b"HTTP/1.1 799 \r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
        ),
        (
            200,
            {"http10": True},
            b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok",
        ),
    ],
)
def test_encode(status, settings, expected):
    """A response is framed by its body and its request, whatever its own headers say of that."""
    assert encode(Response(status=status, headers=FRAMED, body=b"ok"), **settings) == expected


@pytest.mark.parametrize(
    ("status", "header"),
    [(100, ("X", "1")), (99, ("X", "1")), (1000, ("X", "1"))]
    + [(200, ("X", text)) for text in ("a\r\nSet-Cookie: b", "a\n", "a\r", "a\x00", "\u20ac")]
    + [(200, (name, "1")) for name in ("", "X Y", "X:", "\xe9")],
)
def test_no_such_response(status, header):
    """A response that would break the protocol, or smuggle a header, is never sent."""
    with pytest.raises(RefusedError, match="The service answered with"):
        encode(Response(status=status, headers=(header,)))
