"""What is read where an extra is not installed: an ImportError that names the `pip install` line."""

import importlib
import sys

import pytest

from pytest_botpenguin_otp.errors import MissingExtraError, OtpError

HOME = "pytest_botpenguin_otp"


@pytest.fixture
def without(monkeypatch):
    """Make a package one that is not installed, and forget what was imported of ours."""

    def without(package, ours):
        known = [name for name in sys.modules if name.partition(".")[0] == package]
        for name in (package, *known):
            monkeypatch.setitem(sys.modules, name, None)
        for name in [name for name in sys.modules if name == ours or name.startswith(f"{ours}.")]:
            monkeypatch.delitem(sys.modules, name)

    return without


@pytest.mark.parametrize(
    ("ours", "package", "extra"),
    [
        ("transports.http", "httpx", "http"),
        ("transports.respx_routes", "respx", "http"),
        ("strategies", "hypothesis", "properties"),
        ("properties", "hypothesis", "properties"),
        ("stateful", "hypothesis", "properties"),
    ],
)
def test_an_import_error_with_the_way_out(ours, package, extra, without):
    """Who guards an import by ImportError, or by OtpError, catches it, and who does not reads what to install."""
    without(package, f"{HOME}.{ours}")

    with pytest.raises(ImportError, match=rf"pip install 'pytest-botpenguin-otp\[{extra}\]'") as caught:
        importlib.import_module(f"{HOME}.{ours}")
    assert isinstance(caught.value, MissingExtraError)
    assert isinstance(caught.value, OtpError)


def test_it_can_be_skipped(without):
    """A test module that begins with `pytest.importorskip` is skipped, as for any module that is not there."""
    without("httpx", f"{HOME}.transports.http")

    with pytest.raises(pytest.skip.Exception, match="pip install"):
        pytest.importorskip(f"{HOME}.transports.http")
