"""The shipped contract tests against a live service: every consent, and nothing but one SMS."""

import pytest
from recordings import PHONE, secrets_of
from suiting import ALL, SUITE

from pytest_botpenguin_otp.world import World

REAL = "https://api.v7.botpenguin.com"


@pytest.mark.usefixtures("no_sockets")
def test_consents(project, monkeypatch):
    """A service that is not on this machine needs every consent, and each that is missing is named."""
    monkeypatch.delenv("BOTPENGUIN_OTP_LIVE", raising=False)
    monkeypatch.setenv("CI", "1")
    result = project.run(*SUITE, "--otp-target", REAL)

    result.assert_outcomes(errors=ALL)
    for missing in ("--otp-live", "BOTPENGUIN_OTP_LIVE=1", "--otp-live-to", "--otp-sms-budget", "--otp-live-in-ci"):
        result.stdout.fnmatch_lines([f"- *{missing}*"])
    result.stdout.fnmatch_lines(["Nothing was sent."])
    told = result.stdout.str().partition("= short test summary")[0].splitlines()
    assert (told.count("Nothing was sent."), told.count("A live call was refused. Missing: (as told above)")) == (1, 14)


@pytest.mark.usefixtures("no_sockets")
def test_consents_and_credentials(project, monkeypatch):
    """With every consent the credentials are asked for by name, costly scenarios are skipped, and nothing was sent."""
    monkeypatch.setenv("BOTPENGUIN_OTP_LIVE", "1")
    for name in ("CI", "BOTPENGUIN_TOKEN", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM_NUMBER"):
        monkeypatch.delenv(name, raising=False)
    consents = ("--otp-live", "--otp-live-to", "+14155550123", "--otp-sms-budget", "1")
    result = project.run(*SUITE, "--otp-target", REAL, *consents, "-k", "send", "-rs")

    result.assert_outcomes(failed=1, skipped=6, deselected=8)
    result.stdout.fnmatch_lines(["*could send a real SMS*"])
    result.stdout.fnmatch_lines(["- the environment variable TWILIO_FROM_NUMBER"])
    assert "+14155550123" not in result.stdout.str()


@pytest.mark.usefixtures("no_sockets")
def test_a_consent_that_a_conftest_gives_is_none(project, monkeypatch):
    """What code sets after the run has begun was typed by nobody, and sends nothing."""
    monkeypatch.setenv("BOTPENGUIN_OTP_LIVE", "1")
    monkeypatch.delenv("CI", raising=False)
    project.file("conftest.py", "def pytest_sessionstart(session):\n    session.config.option.otp_live = True\n")
    result = project.run(*SUITE, "--otp-target", REAL, "--otp-live-to", "+14155550123", "--otp-sms-budget", "1")

    result.assert_outcomes(errors=ALL)
    result.stdout.fnmatch_lines(["*--otp-live: a consent is typed for each run; *Nothing was sent."])


LIVE = """
import pytest
import respx
from pytest_botpenguin_otp.transports.http import answer

@pytest.fixture(autouse=True)
def real(otp_world):
    with respx.mock:
        respx.route(host="api.v7.botpenguin.com").mock(side_effect=lambda asked: answer(otp_world, asked))
        yield
"""


def test_live(project, monkeypatch):
    """With every consent a live service is asked, for one SMS, which is told; what would cost more is skipped."""
    project.file("conftest.py", LIVE)
    for name, text in {**secrets_of(World()), "TWILIO_FROM_NUMBER": "+15005550006"}.items():
        monkeypatch.setenv(name, text)
    monkeypatch.delenv("CI", raising=False)
    consents = ("--otp-live", "--otp-live-to", PHONE, "--otp-sms-budget", "1")
    result = project.run(*SUITE, "--otp-target", REAL, *consents)

    result.assert_outcomes(passed=8, skipped=7)
    result.stderr.fnmatch_lines(["botpenguin-otp: real SMS 1 of at most 1, to +1********23"])
    result.stdout.fnmatch_lines(["botpenguin-otp: a live service: 8 checked, 7 could not be shown"])
    assert PHONE not in result.stdout.str()


UNMARKED = """
def pytest_collection_modifyitems(items):
    next(item for item in items if "authorization" in item.name).add_marker(pytest.mark.otp(live=False))
"""


def test_live_by_marker(project, monkeypatch):
    """The tests of the suite are marked for live calls; one whose marker is taken back is refused, the others run."""
    project.file("conftest.py", LIVE + UNMARKED)
    for name, text in {**secrets_of(World()), "TWILIO_FROM_NUMBER": "+15005550006"}.items():
        monkeypatch.setenv(name, text)
    monkeypatch.delenv("CI", raising=False)
    consents = ("--otp-live", "--otp-live-to", PHONE, "--otp-sms-budget", "1", "-k", "authorization")
    result = project.run(*SUITE, "--otp-target", REAL, *consents)

    result.assert_outcomes(passed=2, skipped=1, errors=1, deselected=ALL - 4)
    result.stdout.fnmatch_lines(
        ["- the marker @pytest.mark.otp(live=True) on this test (*add_marker*", "Nothing was sent."]
    )


WHITE_LABEL = """
import httpx, pathlib, pytest, respx

@pytest.fixture(autouse=True)
def real():
    def answer(asked):
        pathlib.Path("got").write_text(asked.headers["authorization"])
        return httpx.Response(503)

    with respx.mock(assert_all_called=False) as router:
        router.route(host="white-label.test").mock(side_effect=answer)
        yield
"""


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_live_on_a_named_host(project, monkeypatch, scheme):
    """The host of the target gets the real credentials over https; over http the run is refused, nothing is sent."""
    project.file("conftest.py", WHITE_LABEL)
    secrets = {**secrets_of(World()), "TWILIO_FROM_NUMBER": "+15005550006", "BOTPENGUIN_TOKEN": "mine"}
    for name, text in secrets.items():
        monkeypatch.setenv(name, text)
    monkeypatch.delenv("CI", raising=False)
    consents = ("--otp-live", "--otp-live-to", PHONE, "--otp-sms-budget", "1", "-k", "right_code")
    result = project.run(*SUITE, "--otp-target", f"{scheme}://white-label.test", *consents)
    got = project.path / "got"

    if scheme == "https":
        assert got.read_text(encoding="utf-8") == "mine"
        return
    result.assert_outcomes(errors=1, deselected=ALL - 1)
    result.stdout.fnmatch_lines(["- https: *plain http*--otp-target https://white-label.test", "Nothing was sent."])
    assert not got.exists()
