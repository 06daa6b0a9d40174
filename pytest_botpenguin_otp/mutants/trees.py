"""A bot file's tree with one part changed: each change makes a new tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.documents import Key, Tree, as_map, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Change", "Part", "Path", "apis", "at", "components", "dropped", "put", "put_all"]

Path = tuple[Key, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One edit: the `tree` of the whole bot after it, the `path` that was edited, and `told`, the edit in words."""

    path: Path
    told: str
    tree: Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An API or a component: its path, what it is called in words, and its tree."""

    path: Path
    name: str
    tree: dict[str, Tree]

    def text(self, key: str) -> str:
        """Return the text at a key; empty where there is none."""
        return as_text(self.tree.get(key))

    def map(self, key: str) -> dict[str, Tree]:
        """Return the mapping at a key; empty where there is none."""
        return as_map(self.tree.get(key))

    @property
    def flow(self) -> str:
        """The flow that a component is in."""
        return str(self.path[1])

    @property
    def key(self) -> str:
        """The name of a component in its flow."""
        return str(self.path[-1])


def at(tree: Tree, path: Path) -> Tree:
    """Return the part at `path`, which must be there."""
    for key in path:
        tree = tree[key] if isinstance(tree, list) and isinstance(key, int) else as_map(tree)[str(key)]
    return tree


def put(tree: Tree, path: Path, value: Tree) -> Tree:
    """Return `tree` with `value` at `path`: in the place of what is there, or last in its mapping."""
    return _edited(tree, path, lambda _: (value,))


def put_all(tree: Tree, values: dict[Path, Tree]) -> Tree:
    """Return `tree` with each value at its path."""
    for path, value in values.items():
        tree = put(tree, path, value)
    return tree


def dropped(tree: Tree, path: Path) -> Tree:
    """Return `tree` without the part at `path`."""
    return _edited(tree, path, lambda _: ())


def _edited(tree: Tree, path: Path, edit: Callable[[Tree], tuple[Tree, ...]]) -> Tree:
    key, *rest = path
    if isinstance(tree, list):
        index = int(key)
        made = edit(tree[index]) if not rest else (_edited(tree[index], tuple(rest), edit),)
        return [*tree[:index], *made, *tree[index + 1 :]]
    inside = as_map(tree)
    old = inside.get(str(key))
    made = edit(old) if not rest else (_edited({} if old is None else old, tuple(rest), edit),)
    if made:
        return {**inside, str(key): made[0]}
    return {name: part for name, part in inside.items() if name != key}


def apis(tree: Tree) -> Iterator[Part]:
    """Yield the APIs of a bot."""
    for name, api in as_map(as_map(tree).get("apis")).items():
        yield Part(path=("apis", name), name=name, tree=as_map(api))


def components(tree: Tree, *types: str) -> Iterator[Part]:
    """Yield the components of a bot, those of `types` only where such are named; with several flows, with theirs."""
    flows = as_map(as_map(tree).get("flows"))
    for flow, content in flows.items():
        for name, component in as_map(as_map(content).get("components")).items():
            part = as_map(component)
            if not types or as_text(part.get("type")) in types:
                told = f"{flow}/{name}" if len(flows) > 1 else name
                yield Part(path=("flows", flow, "components", name), name=told, tree=part)
