"""A user's project without consents, and one with all of them and a stand-in for the real service."""

import pytest
from recorded_project import ASKED, README_BOT, SECRETS, STAND_IN, real

from pytest_botpenguin_otp.cassettes.consent import CI
from pytest_botpenguin_otp.transports.server import LoopbackServer


@pytest.fixture
def user(project, monkeypatch):
    """Give a project whose bot has the URLs of the documents."""
    for name in (*CI, "PYTEST_ADDOPTS", "BOTPENGUIN_OTP_LIVE", "BOTPENGUIN_OTP_HOST", *SECRETS):
        monkeypatch.delenv(name, raising=False)
    project.file("login.bot.yaml", README_BOT)
    return project


@pytest.fixture
def consenting(user, monkeypatch):
    """Give the same, with every consent, and a loopback server at the other end of what goes to the real service."""
    with LoopbackServer({"https://api.v7.botpenguin.com": real}) as server:
        user.url = server.url("https://api.v7.botpenguin.com")
        user.file("conftest.py", STAND_IN.format(port=user.url.rpartition(":")[2]))
        monkeypatch.setenv("BOTPENGUIN_OTP_LIVE", "1")
        monkeypatch.setenv("NO_PROXY", "*")
        for name, secret in SECRETS.items():
            monkeypatch.setenv(name, secret)
        yield user


@pytest.fixture
def asked():
    """Give the list of what the stand-in for the real service was asked."""
    ASKED.clear()
    return ASKED
