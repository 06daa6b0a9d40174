"""Every door maps URLs, locks, refuses and turns what is raised into an answer in one way."""

from threading import Lock

import pytest

from pytest_botpenguin_otp.errors import NoResponseError, UnmatchedRequestError
from pytest_botpenguin_otp.transports.doors import BaseUrlError, door_for, refusal
from pytest_botpenguin_otp.wire import json_response

BASE = "https://a.test"


def raising(error):
    """Return a service that raises."""

    def service(_):
        raise error

    return service


def test_ask():
    """The service sees its own URL while the lock is held."""
    lock, seen = Lock(), []

    def service(request):
        seen.append((request, lock.locked()))
        return json_response(200, None)

    answer = door_for(service, f"{BASE}/", lock=lock).ask("PUT", "/x?y", (("A", "b"),), b"body")

    ((request, locked),) = seen
    assert answer.status == 200
    assert (request.method, request.url, request.headers, request.body) == (
        "PUT",
        f"{BASE}/x?y",
        (("A", "b"),),
        b"body",
    )
    assert locked
    assert not lock.locked()


@pytest.mark.parametrize(
    ("error", "status"), [(UnmatchedRequestError("no"), 404), (ValueError("secret"), 500), (SystemExit(1), 500)]
)
def test_failures(error, status):
    """Whatever a service raises becomes an answer, is kept, and frees the lock; foreign messages are not told."""
    lock, failures = Lock(), []
    answer = door_for(raising(error), BASE, lock=lock, failures=failures).ask("GET", "/", (), b"")

    assert answer.status == status
    assert failures == [error]
    assert b"secret" not in answer.body
    assert not lock.locked()


def test_no_response():
    """Only silence is raised: what to make of it is up to the door."""
    door = door_for(raising(NoResponseError("lost")), BASE)
    with pytest.raises(NoResponseError, match="lost"):
        door.ask("GET", "/", (), b"")

    assert door.failures == []


def test_refusal():
    """A refusal is JSON with its reason."""
    assert refusal(413, "Too long.").json() == {"error": "Too long."}


@pytest.mark.parametrize("url", ["a.test", "ftp://a.test", "https://", "https://a.test?x", "https://a.test/#y"])
def test_no_base(url):
    """A base URL is an http or https URL without query and fragment."""
    with pytest.raises(BaseUrlError, match="is no base URL"):
        door_for(raising(ValueError()), url)
