"""The package needs an extra, and says so by its pip line alone."""

import importlib
import sys

import pytest

from pytest_botpenguin_otp.errors import MissingExtraError

NAME = "pytest_botpenguin_otp.stateful"


@pytest.fixture
def forgotten(monkeypatch):
    """Forget that the package was imported."""
    for name in [name for name in sys.modules if name == NAME or name.startswith(f"{NAME}.")]:
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.usefixtures("forgotten")
def test_without_hypothesis_the_pip_line_is_told(monkeypatch):
    """Who has not installed the extra is told how to."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "hypothesis"]:
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(MissingExtraError, match=r"pip install 'pytest-botpenguin-otp\[properties\]'"):
        importlib.import_module(NAME)


@pytest.mark.usefixtures("forgotten")
def test_another_missing_module_is_told_as_it_is(monkeypatch):
    """Only a missing hypothesis is blamed on the extra."""
    monkeypatch.setitem(sys.modules, f"{NAME}.asking", None)

    with pytest.raises(ModuleNotFoundError, match="asking"):
        importlib.import_module(NAME)
