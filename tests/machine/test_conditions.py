"""Whether the condition of a branch holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.bot import Compare, Group
from pytest_botpenguin_otp.machine.conditions import holds
from pytest_botpenguin_otp.values import Value, plain

OPERATORS = ("equals", "not_equals", "any_of", "none_of", "greater", "less")


def compare(text, operator, *values):
    """Say whether a comparison holds for an attribute of that text."""
    condition = Compare("a", operator, tuple((Value(value),) for value in values))
    return holds(condition, {"a": Value(text)}, plain)


@pytest.mark.parametrize(
    ("text", "operator", "values", "expected"),
    [
        ("true", "equals", ["true"], True),
        ("True", "equals", ["true"], False),
        ("1.0", "equals", ["1"], False),
        ("", "equals", [""], True),
        ("", "equals", ["x"], False),
        ("a", "not_equals", ["b"], True),
        ("a", "not_equals", ["a"], False),
        ("b", "any_of", ["a", "b"], True),
        ("c", "any_of", ["a", "b"], False),
        ("c", "none_of", ["a", "b"], True),
        ("a", "none_of", ["a", "b"], False),
        ("10", "greater", ["9"], True),
        ("9", "greater", ["9"], False),
        ("0.10", "greater", ["0.1"], False),
        ("1e3", "greater", [" 999 "], True),
        ("-1", "less", ["0"], True),
        ("0", "less", ["-1"], False),
        *((text, operator, ["5"], False) for operator in ("greater", "less") for text in ("", "x", "NaN", "Infinity")),
        *(("5", operator, [text], False) for operator in ("greater", "less") for text in ("", "x", "-Infinity")),
        ("1" + "0" * 400, "greater", ["1"], True),
    ],
)
def test_operators(text, operator, values, expected):
    """Texts are compared as texts; `greater` and `less` compare numbers, and never hold for anything else."""
    assert compare(text, operator, *values) is expected


YES, NO = Compare("a", "equals", ((Value("x"),),)), Compare("a", "equals", ((Value("y"),),))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Group("all", (YES, YES)), True),
        (Group("all", (YES, NO)), False),
        (Group("any", (NO, YES)), True),
        (Group("any", (NO, NO)), False),
        (Group("all", (YES, Group("any", (NO, Group("all", (YES,)))))), True),
        (Group("any", (NO, Group("all", (YES, NO)))), False),
    ],
)
def test_groups(condition, expected):
    """Groups may stand in groups."""
    assert holds(condition, {"a": Value("x")}, plain) is expected


@given(st.text(), st.sampled_from(OPERATORS), st.text())
def test_any_text(text, operator, value):
    """Every comparison of any texts holds or does not; opposites never agree."""
    opposite = {"equals": "not_equals", "not_equals": "equals", "any_of": "none_of", "none_of": "any_of"}
    found = compare(text, operator, value)

    assert found in (True, False)
    assert operator not in opposite or compare(text, opposite[operator], value) is not found
    assert not (compare(text, "greater", value) and compare(text, "less", value))


@pytest.mark.parametrize(
    ("operator", "value", "expected"), [("equals", "", True), ("equals", "x", False), ("less", "1", False)]
)
def test_unset(operator, value, expected):
    """An unset attribute equals only the empty text, and is no number."""
    assert holds(Compare("b", operator, ((Value(value),),)), {"a": Value("x")}, plain) is expected
