"""The suite's magic-code check, as users run it."""

import pytest
import suiting

from pytest_botpenguin_otp.errors import NoResponseError
from pytest_botpenguin_otp.transports.server import LoopbackServer
from pytest_botpenguin_otp.wire import JSON, Response
from pytest_botpenguin_otp.world import BOTPENGUIN_URL, World

SUITE = (*suiting.SUITE, "-k", "magic")


def test_fakes_pass(project):
    """The fakes have no magic code."""
    project.run(*SUITE, "--otp-target", "fake").assert_outcomes(passed=1, deselected=suiting.ALL - 1)


@pytest.mark.parametrize(("opened", "passed"), [(False, 1), (True, 0)])
def test_service_at_a_url(project, opened, passed):
    """A service on loopback is asked over HTTP; one with a backdoor fails, and the code is named."""
    world = World()

    def service(request):
        answer = world(request)
        magic = opened and request.path.endswith("verify-user-otp") and request.json()["userOtp"] == "123456"
        return Response(status=200, headers=(JSON,), body=b'{"success": true}') if magic else answer

    with LoopbackServer({BOTPENGUIN_URL: service}) as server:
        result = project.run(*SUITE, "--otp-target", server.url(BOTPENGUIN_URL))

    result.assert_outcomes(passed=passed, failed=1 - passed, deselected=suiting.ALL - 1)
    if opened:
        result.stdout.fnmatch_lines(["*These get in without being the code that was sent: 123456*"])


def test_service_that_hangs_up(project):
    """A service that gives no answer to a code proves nothing: that fails, in a sentence."""
    world = World()

    def service(request):
        if request.path.endswith("verify-user-otp"):
            raise NoResponseError("reset")
        return world(request)

    with LoopbackServer({BOTPENGUIN_URL: service}) as server:
        result = project.run(*SUITE, "--otp-target", server.url(BOTPENGUIN_URL))

    result.assert_outcomes(failed=1, deselected=suiting.ALL - 1)
    result.stdout.fnmatch_lines(["magic codes: Verify OTP at *gave no answer*"])
    assert "Traceback" not in result.stdout.str()
