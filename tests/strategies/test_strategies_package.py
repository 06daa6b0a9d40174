"""The package as a whole: what it offers, its health, and what it says without hypothesis."""

import importlib
import inspect
import sys

import pytest
from hypothesis import given, settings

from pytest_botpenguin_otp import strategies as some
from pytest_botpenguin_otp.errors import MissingExtraError
from pytest_botpenguin_otp.strategies.codes import wrong_codes

NAME = "pytest_botpenguin_otp.strategies"
PLAIN = settings(settings.get_profile("default"), max_examples=60, database=None, derandomize=True, deadline=None)
WITH_ARGUMENTS = {
    "conversations": lambda: some.sound_bots().flatmap(lambda written: some.conversations(written.bot)),
    "typed_codes": lambda: some.typed_codes("012345"),
    "wrong_codes": lambda: wrong_codes("012345"),
}
STRATEGIES = sorted(name for name in some.__all__ if inspect.isfunction(getattr(some, name)))


@pytest.mark.parametrize("name", STRATEGIES)
def test_no_health_check_is_tripped(name):
    """Each strategy is fast and filters little enough for hypothesis as it comes, and is documented."""
    values = WITH_ARGUMENTS.get(name, getattr(some, name))()
    seen = []

    def run(value):
        seen.append(value)

    PLAIN(given(values)(run))()

    assert len(seen) > 10
    assert inspect.getdoc(getattr(some, name)).startswith("Give ")


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_same_values_come_every_time(name):
    """With a derandomised setting two runs draw the same values."""
    values = WITH_ARGUMENTS.get(name, getattr(some, name))()
    runs = []

    def run(value):
        runs[-1].append(repr(value))

    drawn = settings(PLAIN, max_examples=20)(given(values)(run))
    for _ in range(2):
        runs.append([])
        drawn()

    assert runs[0] == runs[1]


def simplest_of(values):
    """Let everything fail, and return what it is shrunk to."""
    seen = []

    def refuse(value):
        seen.append(value)
        raise AssertionError

    with pytest.raises(AssertionError):
        PLAIN(given(values)(refuse))()
    return seen[-1]


@pytest.mark.parametrize(
    ("values", "simplest"),
    [
        (some.phone_numbers(), "+14155550100"),
        (some.codes(), "000000"),
        (some.account_sids(), "AC" + "fa4e" * 7 + "0000"),
        (some.verify_bodies(), {"systemOtp": "", "userOtp": ""}),
        (some.wrong_codes("012345"), "012346"),
        (some.headers(), (("Authorization", "fake-botpenguin-token"),)),
        (some.user_turns(), "again"),
    ],
)
def test_values_shrink_to_the_simplest(values, simplest):
    """What is left of a counterexample is what nobody has to puzzle over."""
    assert simplest_of(values) == simplest


def test_bots_shrink_to_the_simplest():
    """What is left of a bot is one attempt, no resend, no choice that does not matter."""
    shape = simplest_of(some.sound_bots()).shape
    fault = simplest_of(some.faults())

    assert shape == some.Shape(attempts=1, guarded=(False,), delays=(5,))
    assert fault.effects == ("status 500",)
    assert (fault.nth, fault.times) == (1, 1)


def test_all_names_are_there():
    """What `__all__` lists can be imported."""
    assert all(hasattr(some, name) for name in some.__all__)
    assert some.__all__ == sorted(some.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name))


def _forget(monkeypatch):
    for name in [name for name in sys.modules if name == NAME or name.startswith(f"{NAME}.")]:
        monkeypatch.delitem(sys.modules, name)


def test_without_hypothesis_the_pip_line_is_told(monkeypatch):
    """Who has not installed the extra is told how to."""
    _forget(monkeypatch)
    for name in [name for name in sys.modules if name.partition(".")[0] == "hypothesis"]:
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(MissingExtraError, match=r"pip install 'pytest-botpenguin-otp\[properties\]'"):
        importlib.import_module(NAME)


def test_another_missing_module_is_told_as_it_is(monkeypatch):
    """Only a missing hypothesis is blamed on the extra."""
    _forget(monkeypatch)
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    monkeypatch.setitem(sys.modules, f"{NAME}.phones", None)

    with pytest.raises(ModuleNotFoundError, match="phones"):
        importlib.import_module(NAME)
