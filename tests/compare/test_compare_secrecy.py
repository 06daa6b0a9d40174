"""Secrets are compared by name, though the fakes stand in for them by field; a mere renaming is no difference."""

import pytest
from editing import SOUND

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.compare import compare, first_difference
from pytest_botpenguin_otp.compare.comparison import Comparison
from pytest_botpenguin_otp.explorer import Bounds
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.report import comparisons as report
from pytest_botpenguin_otp.rules import found

TEXT = SOUND.read_text(encoding="utf-8")
OLD = bots.load(SOUND)
DEFAULT = PROFILES["mismatch-400"]
BOUNDS = Bounds(faults=0)
TOKEN, AUTH, SID = "${BOTPENGUIN_TOKEN}", "${TWILIO_AUTH_TOKEN}", "${TWILIO_ACCOUNT_SID}"


def changed(old, new, count=-1):
    """Read the sound bot with a text replaced."""
    assert old in TEXT

    return bots.parse(TEXT.replace(old, new, count), "new.bot.yaml")


@pytest.mark.parametrize(
    ("old", "new", "count", "part"),
    [
        (TOKEN, AUTH, 1, f"secret Authorization: {AUTH}, and was {TOKEN}"),
        (AUTH, TOKEN, 1, f"secret authToken: {TOKEN}, and was {AUTH}"),
        (SID, AUTH, 1, f"secret accountSID: {AUTH}, and was {SID}"),
        (TOKEN, "${OTHER_TOKEN}", 1, f"secret Authorization: ${{OTHER_TOKEN}}, and was {TOKEN}"),
        (AUTH, TOKEN, -1, f"secret authToken: {TOKEN}, and was {AUTH}"),
    ],
)
def test_another_secret(old, new, count, part):
    """A service that gets another secret than before receives something else, in either direction; both are named."""
    made = changed(old, new, count)
    seen = compare(OLD, made, DEFAULT, BOUNDS, rules=False)

    assert part.lower() in "\n".join(report.lines(seen)).lower()
    assert (seen.equal, first_difference(made, OLD, DEFAULT, BOUNDS).kind) == (False, "request")


@pytest.mark.parametrize(("old", "new"), [(TOKEN, "${BP_TOKEN}"), (AUTH, "${AUTH}")])
def test_a_renamed_secret(old, new):
    """A secret that has another name everywhere, one that no other secret had, is the same secret."""
    assert compare(OLD, changed(old, new), DEFAULT, BOUNDS, prove=True, rules=False).equal


@pytest.mark.parametrize(("broken", "how"), [(True, "now broken"), (False, "no longer broken")])
def test_bots_that_keep_other_rules_are_not_equal(broken, how):
    """No comparison says equal above a rule that only one of the bots breaks."""
    findings = found(changed(AUTH, TOKEN, 1))
    sides = {"broken" if broken else "mended": tuple(findings)}
    told = Comparison(old=OLD, new=OLD, profiles=(), bounds=BOUNDS, **sides)

    assert findings
    assert (told.equal, told.is_lax) == (False, broken)
    assert str(told).startswith(f"equal: no, rules {how}")
