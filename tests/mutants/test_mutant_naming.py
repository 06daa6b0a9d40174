"""Conversations are called by what happens in them, each by a name of its own."""

import pytest
from mutating import DEFAULT, SOUND

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.explorer import replay
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.mutants.naming import name_of, unique

WAYS = {
    "S": "the first question",
    "S A": "a phone number and no more",
    "S A n r": "right code, first time",
    "S A n x": "a wrong code",
    "S A n x t n r": "right code, second time",
    "S A n x t n d t n r": "right code, third time",
    "S A n x t n x": "a wrong code twice",
    "S A n c1 r": "nothing typed, then the right code",
    "S A n c0": "the answer 'again'",
    "S w": "a word",
    "S A u": "Twilio refuses the number of Send OTP",
    "S A n r t s500": "the right code, then Verify OTP answers 500",
    "S A n r E": "the right code, then a word during the delay",
    "S A n R": "begun anew",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_name(way):
    """Only what is not as it mostly is makes a name."""
    machine = Machine(bot=bots.load(SOUND), profile=DEFAULT)

    assert name_of(replay(machine, f"otp1-{way.replace(' ', '')}")) == WAYS[way]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ((), ()),
        (("a", "b"), ("a", "b")),
        (("a", "a", "a"), ("a", "a (2)", "a (3)")),
        (("a", "a (2)", "a"), ("a", "a (2)", "a (3)")),
    ],
)
def test_unique(names, told):
    """No name comes twice."""
    assert unique(names) == told
