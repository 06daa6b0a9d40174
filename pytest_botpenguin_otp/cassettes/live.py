"""The real service, over httpx: every consent is asked for first, nothing is sent twice, no secret goes further."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

import httpx

from pytest_botpenguin_otp.botpenguin import HOST, TOKEN
from pytest_botpenguin_otp.cassettes.consent import refused
from pytest_botpenguin_otp.cassettes.errors import bare
from pytest_botpenguin_otp.cassettes.names import Seen
from pytest_botpenguin_otp.cassettes.parts import endpoint
from pytest_botpenguin_otp.errors import NoResponseError
from pytest_botpenguin_otp.twilio.accounts import DEFAULT
from pytest_botpenguin_otp.wire import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_botpenguin_otp.cassettes.consent import Guard
    from pytest_botpenguin_otp.wire import Request

__all__ = ["Credentials", "Live"]

OWN = {DEFAULT.sid: "TWILIO_ACCOUNT_SID", DEFAULT.auth_token: "TWILIO_AUTH_TOKEN", TOKEN: "BOTPENGUIN_TOKEN"}
"""Which environment variable holds the real one of each of the fakes' credentials."""

PREFIX = "fake-"
STANDING_IN = re.compile(rf"{PREFIX}[a-z0-9_]+")
PLAIN = re.compile(r"[!-~](?:[ -~]*[!-~])?")
SENDABLE = " in plain ASCII, with no blank or line end around it"
REAL_HOSTS = frozenset([HOST, "api.twilio.com"])
PATIENCE_S = 30.0
IDENTITY = {"Accept-Encoding": "identity"}
OTHER_HOST = "BOTPENGUIN_OTP_HOST"
"""The environment variable that names one host more which may get the real credentials, as a white-label host does."""


class Credentials:
    """Puts the real credentials into a request at the last moment, so that nothing before it ever holds one.

    They go over https only, to the hosts of the documents, and to a host that the user has named: in `OTHER_HOST`, or
    by `target`, a URL. What goes to this machine keeps the fakes' own.
    """

    def __init__(self, environment: Mapping[str, str], *, target: str = "") -> None:
        self._environment = environment
        named = {environment.get(OTHER_HOST, "").strip().lower(), _place(target)[1]}
        self._hosts = REAL_HOSTS | named - {""}

    @property
    def seen(self) -> tuple[Seen, ...]:
        """The real credentials there are, for whoever must look out for them."""
        told = ((name, self._environment.get(name)) for name in OWN.values())
        return tuple(Seen("secret", text) for _, text in told if text)

    def lacking(self, request: Request) -> tuple[str, ...]:
        """Name what a request needs and has not: a host that may get real credentials, or those that are missing."""
        if _stays_here(request):
            return ()
        scheme, host = _place(request.url)
        if scheme != "https" or host not in self._hosts:
            return (_elsewhere(scheme, host),)
        names = sorted(set(_named(request).values()))
        return tuple(
            f"the environment variable {name}{SENDABLE if self._environment.get(name) else ''}"
            for name in names
            if not PLAIN.fullmatch(self._environment.get(name, ""))
        )

    def fill(self, request: Request) -> Request:
        """Return the request with the real ones; raise `ConsentError` where they are not there, or must not go."""
        lacking = self.lacking(request)
        if lacking:
            raise refused(lacking)
        if _stays_here(request):
            return request
        body = request.body.decode("utf-8", "surrogateescape")
        pair = request.basic_auth()
        wanted = {fake: self._environment[name] for fake, name in _named(request).items()}
        form = endpoint(request) == "twilio"
        for fake, real in wanted.items():
            body = body.replace(fake, quote(real, safe="") if form else json.dumps(real)[1:-1])
        headers = tuple((name, self._header(name, text, pair, wanted)) for name, text in request.headers)
        url = request.url
        for fake, real in wanted.items():
            url = url.replace(fake, quote(real, safe=""))
        return replace(request, url=url, headers=headers, body=body.encode("utf-8", "surrogateescape"))

    def _header(self, name: str, text: str, pair: tuple[str, str] | None, wanted: Mapping[str, str]) -> str:
        if pair is not None and name.lower() == "authorization":
            user, password = (wanted.get(part, part) for part in pair)
            return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"
        for fake, real in wanted.items():
            text = text.replace(fake, real)
        return text


def _place(url: str) -> tuple[str, str]:
    """Return the scheme and the host (with an unusual port) to which httpx would connect; blank where it would not."""
    try:
        told = httpx.URL(url)
    except httpx.InvalidURL:
        return "", ""
    return told.scheme, told.netloc.decode()


def _stays_here(request: Request) -> bool:
    host = _place(request.url)[1] and httpx.URL(request.url).host
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _elsewhere(scheme: str, host: str) -> str:
    known = " and ".join(sorted(REAL_HOSTS))
    return (
        f"a host that may get real credentials: they go over https to {known} only, not over {scheme or 'no scheme'} "
        f"to {host or 'no host'}; for a host of your own, reached over https, say {OTHER_HOST}=HOST, or "
        "--otp-target https://HOST for the suite"
    )


def _named(request: Request) -> dict[str, str]:
    """Return which of the fakes' credentials a request holds, and the variable of the real one of each."""
    text = "\n".join(
        [
            request.body.decode("utf-8", "replace"),
            request.url,
            *(told for _, told in request.headers),
            *(request.basic_auth() or ()),
        ]
    )
    others = {fake: fake[len(PREFIX) :].upper() for fake in STANDING_IN.findall(text) if not TOKEN.startswith(fake)}
    return others | {fake: name for fake, name in OWN.items() if fake in text}


class Live:
    """A service that answers from the network; `targets` keeps what kind of service has answered so far.

    An answer that came over no connection, or from a loopback address, came from a fake; who has answered from a
    private address, as in a network of containers, is unknown.
    """

    def __init__(self, guard: Guard, credentials: Credentials, client: httpx.Client | None = None) -> None:
        self._guard = guard
        self._credentials = credentials
        self._client = client or httpx.Client(timeout=PATIENCE_S, follow_redirects=False)
        self.targets: set[str] = set()
        self._peers = _Peers()

    def __repr__(self) -> str:
        return "<live service>"

    def __call__(self, request: Request) -> Response:
        """Ask for every consent, then send the request once; raise `NoResponseError` where nothing comes back."""
        __tracebackhide__ = True
        try:
            return self._answer(request)
        except BaseException as error:  # noqa: BLE001  # whatever it is, it is raised again, with nothing below it
            told = bare(error)
        raise told

    def _answer(self, request: Request) -> Response:
        operation = endpoint(request)
        if operation is None:
            raise refused(("a contract for this call: only Send OTP, Verify OTP and Twilio's Messages go live",))
        self._guard.check(request, operation, self._credentials.lacking(request))
        filled = self._credentials.fill(request)
        try:
            given = self._client.request(
                filled.method,
                filled.url,
                headers=[*filled.headers, *IDENTITY.items()],
                content=filled.body or None,
                extensions={"trace": self._peers.note},
                follow_redirects=False,  # 307 and 308 would send once more
            )
        except httpx.RequestError as error:
            self._guard.tell_silence(request.host, type(error).__name__)
            raise NoResponseError("timeout" if isinstance(error, httpx.TimeoutException) else "reset") from None
        self.targets.add(_target(request.host, self._peers.address(given)))
        return Response(status=given.status_code, headers=tuple(given.headers.multi_items()), body=given.content)

    @property
    def target(self) -> str:
        """What kind of service has answered: `fake` as soon as one of them was, `real` only if all of them were."""
        kinds = ("fake", "unknown", "real")
        return next((kind for kind in kinds if kind in self.targets), "unknown")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class _Peers:
    """Knows where connections lead: a service that has closed one can no longer be asked for its address."""

    def __init__(self) -> None:
        self._newest: object = None

    def note(self, event: str, told: Mapping[str, _Stream]) -> None:
        """Note the address of a connection as it is made; httpcore calls this for all that it does."""
        if event == "connection.connect_tcp.complete":
            self._newest = _address(told["return_value"])

    def address(self, given: httpx.Response) -> object:
        """Return the address that an answer came from, None where it came over no connection."""
        stream = given.extensions.get("network_stream")
        try:
            return None if stream is None else _address(stream)
        except OSError:  # it is closed, and so was not used again since
            return self._newest


class _Stream(Protocol):
    def get_extra_info(self, info: str) -> object:
        """Return what is known of a connection."""


def _address(stream: _Stream) -> object:
    told = stream.get_extra_info("server_addr")
    return told[0] if isinstance(told, tuple) else None


def _target(host: str, address: object) -> str:
    """Say what has answered; an address that is not of the public net may be anybody's, whatever host was asked."""
    try:
        ip = ip_address(str(address))
    except ValueError:
        return "fake"
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip.is_loopback:
        return "fake"
    return "real" if host in REAL_HOSTS and ip.is_global else "unknown"
