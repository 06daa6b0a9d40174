"""One world on loopback: the two hosts, each at a port of its own, for any client in any language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pytest_botpenguin_otp.errors import NoResponseError, UnmatchedRequestError, check_callable, check_type
from pytest_botpenguin_otp.transports.server import LoopbackServer
from pytest_botpenguin_otp.world import BOTPENGUIN_URL, TWILIO_URL

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import TracebackType

    from pytest_botpenguin_otp.wire import Request, Response, Service
    from pytest_botpenguin_otp.world import World

__all__ = ["OtpServer"]


class OtpServer:
    """Serves `world` at 127.0.0.1: what is asked at `twilio_url` is asked of api.twilio.com, and so on.

    Nobody waits for virtual time, unless `real_time_scale` says how many real seconds a virtual one takes. Hold `lock`
    to look at the world, or to move its clock, while a client is still at work. A service that is mounted in the
    world, and asks this server while the server waits for it, waits for ever.

    Many clients take a proxy from the environment, for loopback too. Where there is one, set `NO_PROXY` and
    `no_proxy` to `no_proxy` (`monkeypatch.setenv`, or the environment of the process that is started): requests,
    httpx, urllib, and Node's fetch with `NODE_USE_ENV_PROXY` heed it. aiohttp takes none unless it is told to.
    """

    def __init__(self, world: World, *, real_time_scale: float = 0.0) -> None:
        check_callable("OtpServer(world)", world, "a world")
        check_type("real_time_scale", real_time_scale, (int, float), "a number of real seconds for a virtual one")
        service = _witnessed(world)
        self._server = LoopbackServer({TWILIO_URL: service, BOTPENGUIN_URL: service}, real_time_scale=real_time_scale)

    def __repr__(self) -> str:
        return f"<OtpServer at {self.no_proxy}>"

    @property
    def twilio_url(self) -> str:
        """Where `https://api.twilio.com` is: `http://127.0.0.1:PORT`; raise `ServerError` where it does not run."""
        return self._server.url(TWILIO_URL)

    @property
    def botpenguin_url(self) -> str:
        """Where `https://api.v7.botpenguin.com` is: `http://127.0.0.1:PORT`; raise `ServerError` as `twilio_url`."""
        return self._server.url(BOTPENGUIN_URL)

    @property
    def no_proxy(self) -> str:
        """The host to put into the environment's `NO_PROXY`."""
        return self._server.no_proxy

    @property
    def lock(self) -> AbstractContextManager[object]:
        """What is held while the world answers."""
        return self._server.lock

    @property
    def failures(self) -> tuple[BaseException, ...]:
        """What went wrong inside while a request was answered, first to last."""
        return tuple(self._server.failures)

    @property
    def unexpected(self) -> tuple[str, ...]:
        """The failures that are no client's fault, each in a sentence."""
        return tuple(_told(error) for error in self.failures if not isinstance(error, UnmatchedRequestError))

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.stop()


def _witnessed(world: World) -> Service:
    """Return `world`, with a line in its journal where it breaks: the client is told no more than 500."""

    def service(request: Request) -> Response:
        try:
            return world.answer(request)
        except (NoResponseError, UnmatchedRequestError):
            raise
        except BaseException as error:
            world.failed(f"{request.method} {request.host}{request.path}: {_told(error)}")
            raise

    return service


def _told(error: BaseException) -> str:
    return f"The service behind otp_server raised {type(error).__name__}: {error}"
