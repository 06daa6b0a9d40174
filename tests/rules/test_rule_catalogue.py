"""The catalogue is whole, and speaks to the author of a bot."""

import re
from collections import Counter

import pytest

from pytest_botpenguin_otp.rules import CATALOGUE, DECIDED, DYNAMIC, FAMILIES, FIXES, SEVERITIES, UnknownRuleError, find

SIZES = {"AU": 22, "AB": 11, "LK": 9, "SE": 10, "IN": 13, "ER": 10, "SO": 3}


def test_every_rule_is_there():
    """Each family counts on without a gap."""
    assert Counter(rule.family for rule in CATALOGUE.values()) == SIZES
    assert list(CATALOGUE) == [
        f"{family}{number:02}" for family, size in SIZES.items() for number in range(1, size + 1)
    ]
    assert list(FAMILIES) == list(SIZES)


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=list(CATALOGUE))
def test_every_rule_is_told(rule):
    """Known words, whole sentences, a standard where any speaks of it, and no claim of compliance."""
    assert rule.severity in SEVERITIES
    assert rule.decided
    assert set(rule.decided) <= set(DECIDED)
    assert set(rule.fix.split("/")) <= {*FIXES, ""}
    assert bool(rule.reasons) == (rule.family != "SO")
    for text in (rule.title, rule.why, rule.remedy):
        assert text.endswith(".")
        assert text[0].isupper() or text.startswith("${")
        assert not re.search(r"complian|certif(?!icate)", text, re.IGNORECASE)


def test_what_is_explored_says_so():
    """The catalogue names the rules that are decided by trying every answer; family SO is so by its kind."""
    explored = {code for code, rule in CATALOGUE.items() if "exploration" in rule.decided and rule.family != "SO"}

    assert explored == set(DYNAMIC)


@pytest.mark.parametrize(
    "rule", [rule for rule in CATALOGUE.values() if rule.fix == "B" and "tool" not in rule.decided]
)
def test_what_no_component_can_mend_is_said(rule):
    """The remedy of what needs an own backend does not promise more than there is."""
    assert re.search(r"own (verify )?backend|cannot prevent|BotPenguin's endpoint", rule.remedy)


def test_find():
    """A code is found in small letters too, and a wrong one told with the nearest."""
    assert find("au01") is CATALOGUE["AU01"]
    assert find("AB02").mended_by == "an own backend; BotPenguin's documented components cannot"
    assert find("LK06").mended_by == ""
    assert find("AU02").mended_by.count(", or ") == 1
    with pytest.raises(UnknownRuleError, match=r"There is no rule 'AU99'\. Did you mean 'AU"):
        find("AU99")
