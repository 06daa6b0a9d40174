"""The suite's magic-code check, as users run it."""

import pytest

from pytest_botpenguin_otp.transports.server import LoopbackServer
from pytest_botpenguin_otp.wire import JSON, Response
from pytest_botpenguin_otp.world import BOTPENGUIN_URL, World

SUITE = ("-p", "no:cacheprovider", "--pyargs", "pytest_botpenguin_otp.suite", "-k", "magic")


def test_fakes_pass(project):
    """The fakes have no magic code."""
    project.run(*SUITE, "--otp-target", "fake").assert_outcomes(passed=1, deselected=14)


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

    result.assert_outcomes(passed=passed, failed=1 - passed, deselected=14)
    if opened:
        result.stdout.fnmatch_lines(["*These get in without being the code that was sent: 123456*"])
