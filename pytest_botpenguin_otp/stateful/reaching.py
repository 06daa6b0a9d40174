"""A service at a URL, by the standard library alone: on loopback freely, elsewhere only past a guard of live calls."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_botpenguin_otp.cassettes import consent
from pytest_botpenguin_otp.errors import NoResponseError
from pytest_botpenguin_otp.stateful.promises import MachineError
from pytest_botpenguin_otp.wire import Response

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.parse import SplitResult

    from pytest_botpenguin_otp.wire import Request, Service

__all__ = ["on_loopback", "reached"]

PATIENCE_S = 30
CONNECTIONS = {"http": HTTPConnection, "https": HTTPSConnection}


def on_loopback(url: str) -> bool:
    """Say whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def reached(url: str, guard: consent.Guard | None, operation: Callable[[Request], str | None]) -> Service:
    """Return the service at `url`, which follows no redirect and no proxy.

    Elsewhere than on loopback `guard` is asked before each call, which `operation` names. Raises `MachineError` for
    what is no such URL, and `ConsentError` where a guard is needed and there is none.
    """
    if urlsplit(url).scheme not in CONNECTIONS or not urlsplit(url).hostname:
        raise MachineError(f"A service is reached at a URL such as 'http://127.0.0.1:8000'; not {url!r}.")
    if on_loopback(url):
        return send
    if guard is None:
        raise consent.refused((*consent.refusals(consent.Consents()), "guard=, which asks for each of these"))
    if urlsplit(url).scheme != "https":
        raise consent.refused(("https: a real service is never asked over plain http",))
    asked = guard

    def guarded(request: Request) -> Response:
        asked.check(request, operation(request))
        return send(request)

    return guarded


def send(request: Request) -> Response:
    """Send one request over a connection of its own; raise `NoResponseError` where no answer comes."""
    parts = urlsplit(request.url)
    connection = CONNECTIONS[parts.scheme](parts.netloc.rpartition("@")[2], timeout=PATIENCE_S)
    try:
        connection.request(request.method, _target(parts), body=request.body, headers=dict(request.headers))
        answer = connection.getresponse()
        return Response(status=answer.status, headers=tuple(answer.getheaders()), body=answer.read())
    except TimeoutError as error:
        raise NoResponseError("timeout") from error
    except (OSError, HTTPException) as error:
        raise NoResponseError("reset") from error
    finally:
        connection.close()


def _target(parts: SplitResult) -> str:
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
