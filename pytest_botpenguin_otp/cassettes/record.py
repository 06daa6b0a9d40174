"""Recording on vcrpy: a serializer and a persister that let nothing pass but a scrubbed and scanned cassette."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import vcr
from vcr.persisters.filesystem import CassetteNotFoundError
from vcr.serialize import serialize

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.errors import CassetteError, LeakError
from pytest_botpenguin_otp.cassettes.scan import scan
from pytest_botpenguin_otp.cassettes.scrub import Scrubber
from pytest_botpenguin_otp.wire import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from pytest_botpenguin_otp.cassettes.names import Seen
    from pytest_botpenguin_otp.wire import Service

__all__ = ["Keeper", "recording", "text_of"]

NAME = "botpenguin-otp"
WHOLE = MappingProxyType(
    {
        "serializer": NAME,
        "record_mode": vcr.mode.ALL,
        "decode_compressed_response": True,
        "cassette_library_dir": None,
        "path_transformer": None,
        "inject_cassette": False,
        "record_on_exception": True,
        "drop_unused_requests": False,
        "skip_patchers": (),
        "ignore_hosts": (),
        "ignore_localhost": False,
        "filter_headers": (),
        "filter_query_parameters": (),
        "filter_post_data_parameters": (),
        "filter_sensitive_data": (),
        "before_record_response": None,
        "before_save_interaction": None,
    }
)
"""Settings that no `vcr_config` or hook of a project may change: the scrubber must see all that was really said."""

TALKATIVE = frozenset(["vcr", "httpx", "httpcore"])
"""Packages that log URLs, headers and bodies of what goes through them."""


def text_of(
    exchanges: Iterable[tuple[Request, Response]],
    *,
    file: str,
    made: date,
    target: str,
    known: Iterable[Seen] = (),
    source: str = "",
) -> str:
    """Return the finished text of a cassette of real exchanges; raise `LeakError` where it would tell anything.

    The error names places and kinds, and no value.
    """
    scrubbed = Scrubber(known).scrub(exchanges, file=file, made=made, target=target, source=source)
    text = form.dump(scrubbed.cassette)
    found = scan(text, scrubbed.seen, file=file)
    if found:
        told = "\n".join(f"- {finding}" for finding in found)
        raise LeakError(f"{file}: not written, since it would hold:\n{told}")
    return text


class Keeper:
    """What vcrpy calls a serializer and a persister, in one: the only way from a recording to a file.

    `made` is the day, in UTC; `target` says, once all is recorded, what kind of service has answered. `url` turns a
    recorded URL into the one to keep, where a stand-in was recorded under another address. While `good` is false, the
    cassette is not written but beside it, an earlier one stays as it is, and `tell` gets a line that says so. It is
    `empty` until something was recorded.
    """

    def __init__(
        self,
        *,
        made: date,
        target: Callable[[], str],
        known: Callable[[], Iterable[Seen]] = tuple,
        source: str = "",
        url: Callable[[str], str] = str,
        tell: Callable[[str], object] = str,
    ) -> None:
        self._made = made
        self._target = target
        self._known = known
        self._source = source
        self._url = url
        self._tell = tell
        self._file = "a cassette"
        self.good = True
        self.empty = True

    def load_cassette(self, cassette_path: str, serializer: object) -> tuple[list[object], list[object]]:
        """Begin anew: an old recording is never mixed with a new one."""
        del serializer
        raise CassetteNotFoundError(cassette_path)

    def save_cassette(self, cassette_path: str, cassette_dict: Mapping[str, object], serializer: object) -> None:
        """Scrub, scan and write in one step; raise `LeakError` and write nothing where anything is left."""
        del serializer
        path = Path(cassette_path)
        self._file = path.name
        beside = form.beside(path)
        stays = f"{path} stays as it was, " if path.exists() else ""
        form.write_text(serialize(cassette_dict, self), path if self.good else beside)
        self.empty = False
        if not self.good:
            self._tell(f"botpenguin-otp: the test did not pass: {stays}this recording is {beside}")
        elif beside.exists():
            self._tell(f"botpenguin-otp: {beside} is left of an earlier run that did not pass; delete it when you like")

    def serialize(self, cassette_dict: Mapping[str, list[Mapping[str, Mapping[str, object]]]]) -> str:
        """Return the finished text of what vcrpy has recorded."""
        real = [self._real(told["request"], told["response"]) for told in cassette_dict["interactions"]]
        return text_of(
            real, file=self._file, made=self._made, target=self._target(), known=self._known(), source=self._source
        )

    def deserialize(self, cassette_string: str) -> Mapping[str, object]:
        """Refuse: a replay is never vcrpy's."""
        del cassette_string
        raise CassetteError("A cassette of botpenguin-otp is replayed by otp_cassette, not by vcrpy.")

    def _real(self, asked: Mapping[str, object], given: Mapping[str, object]) -> tuple[Request, Response]:
        status, body = given["status"], given["body"]
        code = status["code"] if isinstance(status, dict) else 0
        return (
            Request(
                method=str(asked["method"]),
                url=self._url(str(asked["uri"])),
                headers=tuple(_headers(asked["headers"])),
                body=_bytes(asked["body"]),
            ),
            Response(
                status=int(str(code)),
                headers=tuple(_headers(given["headers"])),
                body=_bytes(body.get("string") if isinstance(body, dict) else body),
            ),
        )


def _headers(told: object) -> Iterator[tuple[str, str]]:
    for name, values in told.items() if isinstance(told, dict) else ():
        for value in values if isinstance(values, list | tuple) else [values]:
            yield str(name), value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(told: object) -> bytes:
    if isinstance(told, str):
        return told.encode("utf-8", "surrogateescape")
    return told if isinstance(told, bytes) else b""


class _Ours(threading.local):
    """A service that is recorded; while a thread is `asking`, what vcrpy sees there is its request, else another's."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.asking = False

    def __call__(self, request: Request) -> Response:
        __tracebackhide__ = True
        self.asking = True
        try:
            return self._service(request)
        finally:
            self.asking = False

    def own(self, request: object) -> object:
        """Return a request of ours, and None for another, as vcrpy asks."""
        return request if self.asking else None

    @contextmanager
    def unlogged(self) -> Iterator[None]:
        """Keep what the packages below a call of ours log of it from every log, however talkative it is set."""

        def heard(_: logging.LogRecord) -> bool:
            return not self.asking

        names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in TALKATIVE]
        loggers = [logging.getLogger(name) for name in names]
        for logger in loggers:
            logger.addFilter(heard)
        try:
            yield
        finally:
            for logger in loggers:
                logger.removeFilter(heard)


@contextmanager
def recording(
    service: Service,
    path: Path,
    keeper: Keeper,
    passed: Callable[[], bool] = lambda: True,
    configure: Callable[[vcr.VCR], object] = lambda _: None,
) -> Iterator[Service]:
    """Record what goes through the service that this gives, and nothing else, into `path` at the end.

    Only a recording without an error, of a test that has `passed`, is written there, and not beside it. `configure`
    may set up the recorder, but not what is written, or where.
    Requests that other code makes meanwhile, in other threads too, pass vcrpy unseen, and a project's own recorders
    are left as they are.
    """
    ours = _Ours(service)
    keeper.good = False
    recorder = vcr.VCR()
    configure(recorder)
    recorder.register_serializer(NAME, keeper)
    recorder.register_persister(keeper)
    whole = recorder.use_cassette(str(path.absolute()), **WHOLE, before_record_request=ours.own)
    with whole, ours.unlogged():  # entering it imports what talks too
        yield ours
        keeper.good = passed()
