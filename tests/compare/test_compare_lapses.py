"""Rules that one of two bots breaks and the other keeps are told only where both were seen to the end."""

from editing import SOUND

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.compare import compare
from pytest_botpenguin_otp.explorer import Bounds
from pytest_botpenguin_otp.profile import PROFILES

TEXT = SOUND.read_text(encoding="utf-8")
LAX = bots.parse(
    TEXT.replace('"400": wrong_code,', '"400": welcome,').replace("https://api", "http://api"), "lax.bot.yaml"
)
ENOUGH_TO_COMPARE = 160
"""So many states hold all pairs of the two bots, and not all states that rules look at in either."""


def test_cut_while_the_rules_were_decided():
    """A budget that suffices to compare, and not to decide the rules, is told; rules of the file count all the same."""
    bounds = Bounds(states=ENOUGH_TO_COMPARE)
    found = compare(bots.load(SOUND), LAX, PROFILES["mismatch-400"], bounds)

    assert found.cut == (f"the budget of {ENOUGH_TO_COMPARE} states, before all rules were decided",)
    assert {finding.rule for finding in found.broken} == {"SE03"}
    assert (found.is_lax, found.exhaustive) == (True, False)


def test_the_clock_holds_for_the_rules_too():
    """Time that runs out while the rules are decided ends that as well."""
    ticks = iter(range(10**9))
    plain = compare(bots.load(SOUND), LAX, PROFILES["mismatch-400"], rules=False)
    bounds = Bounds(seconds=plain.pairs + 20)
    found = compare(bots.load(SOUND), LAX, PROFILES["mismatch-400"], bounds, clock=lambda: next(ticks))

    assert found.cut == (f"the budget of {bounds.seconds} seconds, before all rules were decided",)
