"""A changed part of a tree makes a new tree, and leaves the old one as it was."""

import copy

import pytest
from mutating import document

from pytest_botpenguin_otp.mutants.trees import apis, at, components, dropped, put, put_all

TREE = {"a": {"b": ["x", {"c": "y"}]}, "d": "z"}


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        (lambda: put(TREE, ("d",), "new"), {"a": {"b": ["x", {"c": "y"}]}, "d": "new"}),
        (lambda: put(TREE, ("a", "b", 1, "c"), "new"), {"a": {"b": ["x", {"c": "new"}]}, "d": "z"}),
        (lambda: put(TREE, ("e", "f"), "new"), TREE | {"e": {"f": "new"}}),
        (lambda: put_all(TREE, {("d",): "1", ("a",): "2"}), {"a": "2", "d": "1"}),
        (lambda: dropped(TREE, ("d",)), {"a": {"b": ["x", {"c": "y"}]}}),
        (lambda: dropped(TREE, ("a", "b", 0)), {"a": {"b": [{"c": "y"}]}, "d": "z"}),
    ],
)
def test_a_change(changed, wanted):
    """Only what is named is changed, in its place; the tree that was is as it was."""
    before = copy.deepcopy(TREE)

    assert changed() == wanted
    assert list(changed()) == list(wanted)
    assert before == TREE


def test_parts_of_a_bot():
    """APIs and components come in the file's order, with where they stand."""
    tree = document().tree

    assert [part.name for part in apis(tree)] == ["Send OTP", "Verify OTP"]
    assert [part.key for part in components(tree, "api")] == ["send_code", "verify"]
    assert all(at(tree, part.path) is part.tree for part in (*apis(tree), *components(tree)))
