"""A loopback HTTP server: the same services, for a client in any language or process."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import RLock, Thread
from typing import TYPE_CHECKING, ClassVar, Self

from pytest_botpenguin_otp.errors import NoResponseError, OtpError, check_type, did_you_mean
from pytest_botpenguin_otp.faults import SLOW_MS
from pytest_botpenguin_otp.transports.doors import Door, door_for, refusal
from pytest_botpenguin_otp.transports.encoding import encode
from pytest_botpenguin_otp.transports.http1 import Continue, Message, Parser
from pytest_botpenguin_otp.transports.syntax import LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from types import TracebackType

    from pytest_botpenguin_otp.wire import Response, Service

__all__ = ["LoopbackServer", "ServerError"]

HOST = "127.0.0.1"
RESET_ON_CLOSE = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class ServerError(OtpError):
    """The loopback server was asked for something that it cannot do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a server treats its clients; `linger_s` real seconds are given to one that was told its last answer."""

    scale: float
    limits: Limits
    linger_s: float


class LoopbackServer:
    """Serves each service on a port of its own at 127.0.0.1, all in one thread.

    `services` maps base URLs (`https://api.twilio.com`) to what answers for them: a request for `/x` at that port
    becomes a request for `https://api.twilio.com/x`. One service works at a time, under `lock`; a test that looks at
    the same world meanwhile holds it too. Virtual time is not waited for, unless `real_time_scale` says how many real
    seconds a virtual one takes; the body of a slow response goes out byte by byte all the same. What a service raises
    is answered with 404 (`UnmatchedRequestError`) or 500 and kept in `failures`. A timeout leaves the client waiting
    until it gives up or the server stops; a reset is a TCP reset.

    A connection that is over for us is closed, so that the client can read its last answer; if the client does not
    close it too, it is dropped `linger_s` real seconds later.

    Clients that read proxy settings from the environment need `NO_PROXY` to be `no_proxy` where there is a proxy.
    """

    no_proxy: ClassVar[str] = HOST

    def __init__(
        self,
        services: Mapping[str, Service],
        *,
        lock: AbstractContextManager[object] | None = None,
        real_time_scale: float = 0.0,
        limits: Limits = LIMITS,
        linger_s: float = 10.0,
    ) -> None:
        check_type(
            "LoopbackServer(services)", services, Mapping, "a dict from base URL to service: {'https://a.test': world}"
        )
        check_type("real_time_scale", real_time_scale, (int, float), "a number of real seconds for a virtual one")
        self.lock = RLock() if lock is None else lock
        self.failures: list[BaseException] = []
        self._manners = Manners(scale=real_time_scale, limits=limits, linger_s=linger_s)
        doors = [door_for(service, base, lock=self.lock, failures=self.failures) for base, service in services.items()]
        self._doors = {door.base: door for door in doors}
        self._urls: dict[str, str] = {}
        self._connections: set[Connection] = set()
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Future[None], Thread] | None = None

    def start(self) -> Self:
        """Bind the ports and begin to answer; raise `ServerError` where this server runs already."""
        if self._running is not None:
            raise ServerError("This server runs already; stop it first, or make another.")
        sockets = [(door, socket.create_server((HOST, 0))) for door in self._doors.values()]
        self._urls = {door.base: f"http://{HOST}:{bound.getsockname()[1]}" for door, bound in sockets}
        loop = asyncio.SelectorEventLoop()
        stopping: asyncio.Future[None] = loop.create_future()
        thread = Thread(target=self._run, args=(loop, stopping, sockets), name="otp-server", daemon=True)
        self._running = loop, stopping, thread
        thread.start()
        return self

    def stop(self, *, timeout_s: float = 5.0) -> None:
        """Drop every connection and give the ports back; a stopped server may be stopped again, or started anew.

        Raise `ServerError` where a service, or somebody who holds the lock, keeps the thread busy for `timeout_s`
        real seconds: then it stops as soon as it can.
        """
        if self._running is None:
            return
        loop, stopping, thread = self._running
        with suppress(RuntimeError):  # an earlier call has stopped it, too late to see it end
            loop.call_soon_threadsafe(_resolve, stopping)
        thread.join(timeout_s)
        if thread.is_alive():
            raise ServerError("The server cannot stop: a service is still at work, or waits for the lock.")
        self._running = None
        self._urls = {}

    def url(self, base: str) -> str:
        """Return where the service of that base URL is served, as `http://127.0.0.1:PORT`."""
        base = base.rstrip("/")
        if base not in self._doors:
            raise ServerError(f"Nothing here answers for {base!r}. {did_you_mean(base, self._doors)}")
        if base not in self._urls:
            raise ServerError("This server does not run; start it first.")
        return self._urls[base]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _run(
        self,
        loop: asyncio.AbstractEventLoop,
        stopping: asyncio.Future[None],
        sockets: list[tuple[Door, socket.socket]],
    ) -> None:
        try:
            loop.run_until_complete(self._serve(stopping, sockets))
        finally:
            loop.close()

    async def _serve(self, stopping: asyncio.Future[None], sockets: list[tuple[Door, socket.socket]]) -> None:
        loop = asyncio.get_running_loop()
        servers = [
            await loop.create_server(partial(Connection, door, self._connections, self._manners), sock=bound)
            for door, bound in sockets
        ]
        await stopping
        while accepting := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(accepting)  # to close a server under a connection being accepted would leak its socket
        for server in servers:
            server.close()
        for connection in tuple(self._connections):
            connection.drop()
        await asyncio.sleep(0)  # noqa: TID251  # lets each connection hear that it is lost


class Connection(asyncio.Protocol):
    """One client: its requests are answered in order, one write each but for slow ones, and nothing here waits."""

    def __init__(self, door: Door, connections: set[Connection], manners: Manners) -> None:
        self._door = door
        self._connections = connections
        self._manners = manners
        self._parser = Parser(manners.limits)
        self._most = manners.limits.head + manners.limits.body
        self._timer: asyncio.TimerHandle | None = None
        self._clogged = False  # the client does not read fast enough
        self._deaf = False  # nothing that comes will be answered any more
        self._ended = False  # the client has said that it sends no more

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, with TCP_NODELAY: asyncio sets that only on sockets made with an explicit protocol."""
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # what TCP gives is one
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        """Forget the connection and whatever was still to be done for it."""
        self._connections.discard(self)
        self._deaf = True
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        """Answer every request that is now whole."""
        if self._deaf:
            return
        self._parser.feed(data)
        self._proceed()
        if self._parser.waiting > self._most:
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """Close, unless an answer is still on its way to a client that only said it has no more to ask."""
        self._ended = True
        return self._busy and not self._deaf

    def pause_writing(self) -> None:
        """Take up no further request while the client does not read the answers."""
        self._clogged = True

    def resume_writing(self) -> None:
        """Go on where `pause_writing` stopped."""
        self._clogged = False
        self._proceed()

    def drop(self) -> None:
        """Break the connection off."""
        self._transport.abort()

    @property
    def _busy(self) -> bool:
        return self._clogged or self._timer is not None

    def _proceed(self) -> None:
        while not (self._clogged or self._deaf or self._timer is not None):
            event = self._parser.next_event()
            if event is None:
                self._idle()
                return
            if isinstance(event, Message):
                self._answer(event)
            elif isinstance(event, Continue):
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            else:
                self._write(refusal(event.status, event.reason), keep_alive=False)

    def _idle(self) -> None:
        if self._ended:
            self._transport.close()
        else:
            self._transport.resume_reading()

    def _answer(self, message: Message) -> None:
        try:
            response = self._door.ask(message.method, message.path, message.headers, message.body)
        except NoResponseError as error:
            if error.kind == "reset":
                self._after(error.elapsed_ms, self._reset)
            else:
                self._deaf = True
            return
        reply = partial(
            self._write, response, method=message.method, keep_alive=message.keep_alive, http10=message.http10
        )
        trickling_ms = SLOW_MS * len(response.body) if response.slow else 0
        self._after(response.elapsed_ms - trickling_ms, reply)

    def _after(self, elapsed_ms: int, action: Callable[[], None]) -> None:
        delay_s = elapsed_ms / 1000 * self._manners.scale
        if delay_s > 0:
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._late, action)
        else:
            action()

    def _late(self, action: Callable[[], None]) -> None:
        self._timer = None
        action()
        self._proceed()

    def _write(self, response: Response, *, method: str = "", keep_alive: bool, http10: bool = False) -> None:
        whole = encode(response, method=method, keep_alive=keep_alive, http10=http10)
        if response.slow:
            end = whole.index(b"\r\n\r\n") + 4
            self._transport.write(whole[:end])
            self._trickle(whole[end:], keep_alive=keep_alive)
            return
        self._transport.write(whole)
        if not keep_alive:
            self._part()

    def _trickle(self, body: bytes, at: int = 0, *, keep_alive: bool) -> None:
        if at < len(body):
            self._transport.write(body[at : at + 1])
            rest = partial(self._trickle, body, at + 1, keep_alive=keep_alive)
            delay_s = SLOW_MS / 1000 * self._manners.scale
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._late, rest)
        elif not keep_alive:
            self._part()

    def _part(self) -> None:
        # To close with bytes unread would reset the connection, and the client might lose the answer: it goes first.
        self._deaf = True
        if self._ended:
            self._transport.close()
        else:
            self._transport.resume_reading()
            self._transport.write_eof()
            self._timer = asyncio.get_running_loop().call_later(self._manners.linger_s, self._transport.abort)

    def _reset(self) -> None:
        self._deaf = True
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        self._transport.abort()


def _resolve(stopping: asyncio.Future[None]) -> None:
    if not stopping.done():
        stopping.set_result(None)
