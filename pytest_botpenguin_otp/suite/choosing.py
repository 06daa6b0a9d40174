"""Which target the suite runs against, by `--otp-target`; a real one needs every consent, one on loopback none."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_botpenguin_otp.botpenguin import TOKEN
from pytest_botpenguin_otp.cassettes import codes, consent, consenting, shelf
from pytest_botpenguin_otp.errors import MissingExtraError, OtpError
from pytest_botpenguin_otp.settings import beside_ini, setting
from pytest_botpenguin_otp.suite.asking import Asked, Caller
from pytest_botpenguin_otp.suite.recorded import Recorded
from pytest_botpenguin_otp.twilio.accounts import DEFAULT
from pytest_botpenguin_otp.twilio.phones import NUMBER
from pytest_botpenguin_otp.world import BOTPENGUIN_URL

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.suite.target import Target
    from pytest_botpenguin_otp.wire import Service

__all__ = ["TARGETS", "chosen", "consents", "live"]

TARGETS = "fake, cassettes, or the URL of a service"
NOBODY = "+14155550123"
OWN_SENDER = "fake-twilio_from_number"
"""What becomes `TWILIO_FROM_NUMBER` of the environment, at the last moment."""


def chosen(
    config: pytest.Config, profile: Profile, fakes: Callable[[], Service], shared: Path, given: consent.Consents
) -> Target:
    """Return the target of `--otp-target`; `fakes` makes one, `shared` is a folder of all processes of this run.

    `given` is what `consents` has said. Raises `OtpError` where there is no such target.
    """
    told = setting(config, "target")
    if told == "fake":
        return Asked(fakes(), profile, _caller(BOTPENGUIN_URL), evidence="the fakes of this package", naming=True)
    if told == "cassettes":
        return Recorded(_recordings(config), profile)
    if not live(told):
        raise OtpError(f"The suite needs to know what to check: --otp-target {TARGETS}; not {told!r}.")
    url = told.rstrip("/")
    try:
        return _on_loopback(config, url, profile) if _is_loopback(url) else _real(config, url, profile, shared, given)
    except ImportError:
        raise MissingExtraError.of("--otp-target URL", "http") from None


def _recordings(config: pytest.Config) -> Path:
    typed, there = config.getoption("otp_cassettes"), config.getini("otp_cassettes")
    path = beside_ini(config, there) if there and not typed else Path(typed or shelf.FOLDER)
    if not path.exists():
        raise OtpError(f"There is no file or folder of cassettes {str(path)!r}. Name one: --otp-cassettes PATH.")
    return path


def live(told: str) -> bool:
    """Say whether a target is a service, which is asked once for all tests."""
    return urlsplit(told).scheme in ("http", "https") and bool(urlsplit(told).hostname)


def _caller(base_url: str, *, to: str = NOBODY, sender: str = NUMBER) -> Caller:
    send = {"accountSID": DEFAULT.sid, "authToken": DEFAULT.auth_token, "fromNumber": sender, "toNumber": to}
    return Caller(base_url=base_url, authorization=TOKEN, send=send)


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _on_loopback(config: pytest.Config, url: str, profile: Profile) -> Asked:
    """Return a service on this machine, which gets visibly fake credentials and a number that is nobody's."""
    import httpx

    from pytest_botpenguin_otp.transports.http import through

    client = httpx.Client(trust_env=False, follow_redirects=False, timeout=profile.timeout_s)
    config.add_cleanup(client.close)
    return Asked(through(client), profile, _caller(url), evidence="a service on this machine")


def consents(config: pytest.Config, *, marker: bool) -> consent.Consents:
    """Return what was consented to for one test; `marker` is whether its own marker has.

    Raises `ConsentError`, naming all that is missing, where the target is a service that is not on this machine, and
    wherever a consent was not typed for this run.
    """
    told = setting(config, "target")
    given = consenting.given(config, marker=marker)
    if not live(told) or _is_loopback(told):
        return given
    missing = consent.refusals(given)
    if urlsplit(told).scheme != "https":
        missing += (f"https: real credentials never go over plain http, so say --otp-target {_secure(told)}",)
    if missing:
        raise consent.refused(missing)
    return given


def _real(config: pytest.Config, url: str, profile: Profile, shared: Path, given: consent.Consents) -> Asked:
    from pytest_botpenguin_otp.cassettes.live import Credentials, Live

    guard = consent.Guard(given, consent.Budget(shared / "sms", given.budget), partial(_tell, config))
    service = Live(guard, Credentials(os.environ, target=url))
    config.add_cleanup(service.close)
    command = setting(config, "code_command")
    return Asked(
        service,
        profile,
        _caller(url, to=min(given.numbers), sender=OWN_SENDER),
        evidence="a live service",
        sparing=True,
        command=partial(codes.from_command, command) if command else None,
    )


def _secure(url: str) -> str:
    parts = urlsplit(url)
    return f"https://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _tell(config: pytest.Config, line: str) -> None:
    """Print a line past the capture, on the terminal of whoever started the run."""
    capture = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled() if capture is not None else nullcontext():
        sys.stderr.write(f"\n{line}\n")
        sys.stderr.flush()
