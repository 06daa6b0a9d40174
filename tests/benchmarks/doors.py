"""One verify-user-otp POST through each door and each peer, in one run, interleaved.

Run by hand: `python tests/benchmarks/doors.py`. It prints CPU microseconds (median and least of many rounds) and the
ratios that are goals. Nothing is asserted. The peers answer a constant; ours authenticates, checks, journals.
It runs itself inside pytest, a round in two tests, since pytest-httpx is a fixture and nothing else.
"""

from __future__ import annotations

import statistics
import sys
import time
from contextlib import ExitStack
from importlib.util import find_spec

import httpx
import pytest
import requests
import respx

from pytest_botpenguin_otp.transports.http import OtpTransport
from pytest_botpenguin_otp.transports.respx_routes import mounted
from pytest_botpenguin_otp.world import World

try:
    import responses
except ImportError:
    responses = None

URL = "https://api.v7.botpenguin.com/integrations/custom-feature/verify-user-otp"
SAID = {"systemOtp": "135790", "userOtp": "135790"}
YES = {"success": True, "message": "", "code": 200}
ROUNDS, EACH = 60, 40


def canned(_request: httpx.Request) -> httpx.Response:
    """Answer as the bare mocks do."""
    return httpx.Response(200, json=YES)


def measure(subject, mount=None) -> float:
    """Return the CPU microseconds of one request, with a mock that is mounted while it is measured."""
    with ExitStack() as stack:
        if mount is not None:
            mount(stack)
        subject()
        began = time.process_time()
        for _ in range(EACH):
            subject()
        return (time.process_time() - began) / EACH * 1e6


def respx_route(stack: ExitStack) -> None:
    """Mount a bare respx route."""
    stack.enter_context(respx.mock).post(URL).respond(json=YES)


def respx_side_effect(stack: ExitStack) -> None:
    """Mount a bare respx side effect."""
    stack.enter_context(respx.mock).post(URL).mock(side_effect=canned)


def our_respx(stack: ExitStack) -> None:
    """Mount our respx door."""
    stack.enter_context(mounted(World()))


def fixed_response(stack: ExitStack) -> None:
    """Mount `responses`."""
    stack.enter_context(responses.RequestsMock()).add(responses.POST, URL, json=YES)


def asks(client, token):
    """Return what asks once through a client, of httpx or requests."""

    def ask() -> None:
        if client.post(URL, json=SAID, headers={"Authorization": token}).json()["success"] is not True:
            raise SystemExit("a wrong answer")

    return ask


@pytest.fixture(scope="module", params=range(ROUNDS))
def turn(request):
    """Interleave: pytest runs both tests for one value before the next."""
    return request.param


@pytest.fixture(scope="session")
def taken():
    """Collect the microseconds by name, and print them after the last test."""
    found = {}
    yield found
    print()
    show(found)


@pytest.fixture(scope="session")
def subjects():
    """Give what is measured, each with its mock: all but pytest-httpx."""
    token, plain = World().botpenguin.token, httpx.Client()
    found = {
        "canned MockTransport": (asks(httpx.Client(transport=httpx.MockTransport(canned)), token), None),
        "our OtpTransport": (asks(httpx.Client(transport=OtpTransport(World())), token), None),
        "bare respx route": (asks(plain, token), respx_route),
        "bare respx side effect": (asks(plain, token), respx_side_effect),
        "our respx door": (asks(plain, token), our_respx),
    }
    if responses is not None:
        found["responses, with requests"] = (asks(requests.Session(), token), fixed_response)
    return found


@pytest.mark.usefixtures("turn")
def test_doors(taken, subjects):
    """Measure each door once."""
    for name, (subject, mount) in subjects.items():
        taken.setdefault(name, []).append(measure(subject, mount))


if find_spec("pytest_httpx"):

    @pytest.fixture(scope="session")
    def plain():
        """Give a client and its token to the test below."""
        return httpx.Client(), World().botpenguin.token

    @pytest.mark.usefixtures("turn")
    def test_pytest_httpx(taken, plain, httpx_mock):
        """Measure pytest-httpx once."""
        httpx_mock.add_response(method="POST", url=URL, json=YES, is_reusable=True)
        taken.setdefault("pytest-httpx", []).append(measure(asks(*plain)))


def main() -> None:
    """Print the table."""
    sys.exit(
        pytest.main(
            [
                __file__,
                "-q",
                "-s",
                "-p",
                "no:cacheprovider",
                "-p",
                "no:warnings",
                "-o",
                "addopts=",
                "-o",
                "filterwarnings=",
            ]
        )
    )


def show(taken: dict[str, list[float]]) -> None:
    """Print medians, then each goal: the median of the ratios within a round, which a noisy machine leaves alone."""
    for name, values in taken.items():
        print(f"{name:26} median {statistics.median(values):7.0f} us   least {min(values):7.0f} us")
    for ours, other, goal in (
        ("our respx door", "bare respx side effect", 1.1),
        ("our OtpTransport", "canned MockTransport", 1.2),
        ("our OtpTransport", "bare respx route", 0.6),
    ):
        ratio = statistics.median(one / two for one, two in zip(taken[ours], taken[other], strict=True))
        print(f"{ours} / {other}: {ratio:.2f} (goal: at most {goal}){'' if ratio <= goal else ' MISSED'}")


if __name__ == "__main__":
    main()
