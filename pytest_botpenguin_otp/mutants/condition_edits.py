"""Single edits of conditions: another operator, another value, branches swapped or left out."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.documents import as_list, as_map, as_text
from pytest_botpenguin_otp.mutants.trees import Change, components, dropped, put, put_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.documents import Tree
    from pytest_botpenguin_otp.mutants.trees import Part, Path

__all__ = ["branches", "groups", "operators", "values"]

OPPOSITE = {
    "equals": "not_equals",
    "not_equals": "equals",
    "any_of": "none_of",
    "none_of": "any_of",
    "greater": "less",
    "less": "greater",
}
OTHER_GROUP = {"all": "any", "any": "all"}
ELSE = "something else"


def operators(tree: Tree) -> Iterator[Change]:
    """Compare the other way round."""
    for part in components(tree, "if_else"):
        for path, compare in _comparisons(part):
            operator = _operator(compare)
            other = {OPPOSITE[operator] if key == operator else key: value for key, value in compare.items()}
            asked = f"{compare['attribute']} {OPPOSITE[operator]} {_shown(compare)}"
            told = f"{part.name} asks for {asked}, not for {operator}"
            yield Change(path=path, told=told, tree=put(tree, path, other))


def values(tree: Tree) -> Iterator[Change]:
    """Compare with something else."""
    for part in components(tree, "if_else"):
        for path, compare in _comparisons(part):
            operator = _operator(compare)
            for other in _others(compare[operator]):
                told = f"{part.name} compares {compare['attribute']} with {other!r}, not with {_shown(compare)}"
                yield Change(path=(*path, operator), told=told, tree=put(tree, (*path, operator), other))


def _others(value: Tree) -> Iterator[Tree]:
    if isinstance(value, list):
        if len(value) > 1:
            yield from (dropped(value, (index,)) for index in range(len(value)))
        else:
            yield [ELSE]
    elif as_text(value).lstrip("-").isdecimal():
        yield from (str(int(as_text(value)) + by) for by in (1, -1))
    else:
        yield ELSE


def groups(tree: Tree) -> Iterator[Change]:
    """Ask for any of several conditions where all must hold, or the other way round."""
    for part in components(tree, "if_else"):
        for path, condition in _conditions(part):
            kind = next((kind for kind in OTHER_GROUP if len(as_list(condition.get(kind))) > 1), None)
            if kind is not None:
                told = f"{part.name} asks for {OTHER_GROUP[kind]} of its conditions, not for {kind}"
                yield Change(path=path, told=told, tree=put(tree, path, {OTHER_GROUP[kind]: condition[kind]}))


def branches(tree: Tree) -> Iterator[Change]:
    """Swap where two ways out of a condition lead, or leave a branch out."""
    for part in components(tree, "if_else"):
        found = [as_map(branch) for branch in as_list(part.tree.get("branches"))]
        ways = [((*part.path, "branches", index, "next"), branch["next"]) for index, branch in enumerate(found)]
        ways.append(((*part.path, "otherwise"), part.tree["otherwise"]))
        for (one, here), (other, there) in combinations(ways, 2):
            if here != there:
                told = f"{part.name} swaps where it goes: {as_text(here)} and {as_text(there)}"
                yield Change(path=one, told=told, tree=put_all(tree, {one: there, other: here}))
        for path, target in ways[:-1]:
            if target != part.tree["otherwise"]:
                told = f"{part.name} goes to {part.text('otherwise')} where it went to {as_text(target)}"
                yield Change(path=path, told=told, tree=put(tree, path, part.tree["otherwise"]))
        for target in dict.fromkeys(as_text(target) for _, target in ways[:-1]):
            if target != part.text("otherwise"):
                told = f"{part.name} goes to {target} where it went to {part.text('otherwise')}"
                yield Change(path=ways[-1][0], told=told, tree=put(tree, ways[-1][0], target))


def _conditions(part: Part) -> Iterator[tuple[Path, dict[str, Tree]]]:
    """Yield every condition of a component, those inside others too, with its path."""
    for index, branch in enumerate(as_list(part.tree.get("branches"))):
        waiting = [((*part.path, "branches", index, "when"), as_map(as_map(branch).get("when")))]
        for path, condition in waiting:
            yield path, condition
            for kind in OTHER_GROUP:
                inside = enumerate(as_list(condition.get(kind)))
                waiting.extend(((*path, kind, number), as_map(one)) for number, one in inside)


def _comparisons(part: Part) -> Iterator[tuple[Path, dict[str, Tree]]]:
    return ((path, condition) for path, condition in _conditions(part) if "attribute" in condition)


def _operator(compare: dict[str, Tree]) -> str:
    return next(key for key in compare if key in OPPOSITE)


def _shown(compare: dict[str, Tree]) -> str:
    return repr(compare[_operator(compare)])
