"""The one way from any door to a service: map the URL, hold the lock, turn whatever is raised into a response."""

from __future__ import annotations

from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_botpenguin_otp.errors import NoResponseError, OtpError, UnmatchedRequestError, check_callable, check_type
from pytest_botpenguin_otp.transports.encoding import response_head
from pytest_botpenguin_otp.wire import Request, Response, Service, json_response

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

__all__ = ["BaseUrlError", "Door", "door_for", "refusal"]


class BaseUrlError(OtpError):
    """A service was given a base URL that is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One service and the base URL it is known by.

    `lock` is held while the service works, as nothing in a world is thread safe; `failures` collects what it raised.
    """

    base: str
    service: Service
    lock: AbstractContextManager[object]
    failures: list[BaseException]

    def ask(self, method: str, path: str, headers: tuple[tuple[str, str], ...], body: bytes) -> Response:
        """Return what the service answers, 404 or 500 where it raised; raise only `NoResponseError`."""
        try:
            request = Request(method=method, url=self.base + path, headers=headers, body=body)
            with self.lock:
                response = self.service(request)
            response_head(response.status, response.headers)
            memoryview(response.body)
        except NoResponseError:
            raise
        except BaseException as error:  # noqa: BLE001  # pytest.fail() in a service is one too: the client needs an answer
            self.failures.append(error)
            return _told(error)
        return response


def door_for(
    service: Service,
    base_url: str,
    *,
    lock: AbstractContextManager[object] | None = None,
    failures: list[BaseException] | None = None,
) -> Door:
    """Return the door of `service`; raise `BaseUrlError` where `base_url` is not a plain http or https URL."""
    check_callable("The service of a door", service, "a world, or another function from Request to Response")
    check_type("The base URL of a door", base_url, str, "a text, such as 'https://api.twilio.com'")
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise BaseUrlError(f"{base_url!r} is no base URL; one looks like https://api.twilio.com.")
    return Door(
        base=base_url.rstrip("/"),
        service=service,
        lock=RLock() if lock is None else lock,
        failures=[] if failures is None else failures,
    )


def refusal(status: int, reason: str) -> Response:
    """Return the response that says why a request was not passed on."""
    return json_response(status, {"error": reason})


def _told(error: BaseException) -> Response:
    if isinstance(error, UnmatchedRequestError):
        return refusal(404, str(error))
    message = str(error) if isinstance(error, OtpError) else "The service failed; the failures of this door say why."
    return json_response(500, {"error": type(error).__name__, "message": message})
