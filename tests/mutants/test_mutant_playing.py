"""What plays a conversation fails for the reasons that it fails for under pytest, and tells no code or number."""

import pytest
from mutating import DEFAULT, SMALL, read

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.mutants.playing import expecting, failure, passes

BOT = bots.load(SMALL)
LOGIN = """
  one:
    - user: "+1 415 555 0123"
    - user: "{{code}}"
"""
FAILS = {
    "    - expect: {verified: false}\n": "expected verified",
    '    - user: "and then?"\n': "x.chat.yaml:8: ",
    "    - do: back\n": "x.chat.yaml:8: ",
    "    - fault: {botpenguin: {send: 500}}\n": "never struck",
}


def conversation(text, folder):
    """Read one conversation."""
    (made,) = read(text, SMALL, folder / "x.chat.yaml")
    return made


@pytest.mark.parametrize("more", FAILS)
def test_what_fails(more, tmp_path):
    """What is not as expected, what cannot be said or done, and a fault that never struck: each is told."""
    made = conversation(LOGIN + more, tmp_path)
    told = failure(made, BOT, DEFAULT)

    assert FAILS[more] in told
    assert "555 0123" not in told
    assert not passes(made, BOT, DEFAULT)
    assert expecting(made, BOT, DEFAULT) is None


def test_what_passes(tmp_path):
    """What passes is given all that is true in its end, and passes with it."""
    made = conversation(LOGIN, tmp_path)
    whole = expecting(made, BOT, DEFAULT)

    assert (failure(made, BOT, DEFAULT), passes(made, BOT, DEFAULT)) == (None, True)
    assert (whole.steps[-1].verified, whole.steps[-1].sms) == (True, 1)
    assert passes(whole, BOT, DEFAULT)
