"""The respx door: three named routes for the two hosts, answered by a world; every other host is left alone."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.botpenguin import HOST, PATHS
from pytest_botpenguin_otp.errors import MissingExtraError
from pytest_botpenguin_otp.transports.http import answer
from pytest_botpenguin_otp.world import TWILIO_HOST

try:
    import respx
    from respx.mocks import HTTPCoreMocker
    from respx.models import AllMockedAssertionError
    from respx.patterns import M, Pattern
except ModuleNotFoundError as error:
    raise MissingExtraError.of("pytest_botpenguin_otp.transports.respx_routes", "http") from error

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from pytest_botpenguin_otp.world import World

__all__ = ["httpx2_warning", "mounted"]

NAMES = {"send": "send_otp", "verify": "verify_otp"}
CREATE = r"^/2010-04-01/Accounts/[^/]+/Messages\.json$"


@contextmanager
def mounted(world: World) -> Iterator[respx.MockRouter]:
    """Route the two hosts to `world` while the context lasts.

    Routes are named `send_otp`, `verify_otp` and `create_message`, so that `router["send_otp"].called` reads well;
    `twilio` and `botpenguin` take the rest of each host. Requests to other hosts are left to the test's own routers
    where there are any, and else pass through untouched.
    """

    def serve(request: httpx.Request) -> httpx.Response:
        return answer(world, request)

    def leave(request: httpx.Request) -> httpx.Request:
        if HTTPCoreMocker.routers != [router]:
            raise AllMockedAssertionError(f"RESPX: {request!r} not mocked!")
        return request

    with respx.mock(assert_all_called=False) as router:
        for path, operation in PATHS.items():
            router.route(M(path=path), _post_to(HOST), name=NAMES[operation]).mock(side_effect=serve)
        router.route(M(path__regex=CREATE), _post_to(TWILIO_HOST), name="create_message").mock(side_effect=serve)
        router.route(host=HOST, name="botpenguin").mock(side_effect=serve)
        router.route(host=TWILIO_HOST, name="twilio").mock(side_effect=serve)
        router.route(name="elsewhere").mock(side_effect=leave)
        yield router


def _post_to(host: str) -> Pattern:
    """Return what a route asks after its path, which is where most requests differ: respx stops at the first no."""
    return M(host=host) & M(method="POST")


def httpx2_warning() -> str | None:
    """Say what respx does not see, where httpx2 is imported: its requests would reach the network."""
    if "httpx2" not in sys.modules:
        return None
    return (
        "httpx2 is imported, and respx does not see its requests: they would reach the network. "
        "Point httpx2 at the otp_server fixture instead."
    )
