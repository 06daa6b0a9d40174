"""Names in a bot file that lead nowhere; tolerant of any shape, so that all faults are told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.documents import as_list, as_map, as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_botpenguin_otp.documents import Document, Key, Tree

__all__ = ["faults", "first_flow", "matching"]

Fault = tuple[str, str]
Named = tuple[str, tuple["Key", ...]]


def first_flow(flows: Iterable[str]) -> str:
    """Return the flow in which a chat begins: `main`, or else the first one."""
    names = list(flows)
    return "main" if "main" in names or not names else names[0]


def matching(wanted: str, components: Iterable[str]) -> list[str]:
    """Return the ids that `wanted` names: `flow/name` exactly, or a bare name in any flow."""
    return [known for known in components if wanted in (known, known.partition("/")[2])]


def faults(document: Document) -> Iterator[Fault]:
    """Yield (place, message) for each name in the file that exists nowhere, and for a start that is missing."""
    tree = as_map(document.tree)
    flows = as_map(tree.get("flows"))
    if len(flows) > 1 and "main" not in flows:
        yield document.where("flows"), "With several flows, the one that a chat begins in is called 'main'."
    for flow, content in flows.items():
        if "/" in flow:
            message = f"The flow {flow!r} has a slash in its name, which divides a flow from its component."
            yield document.where("flows", flow), message
        yield from _flow_faults(document, tree, flow, as_map(content))
    known = [f"{flow}/{name}" for flow, content in flows.items() for name in as_map(as_map(content).get("components"))]
    bare = {name.partition("/")[2] for name in known}
    for index, wanted in enumerate(as_list(tree.get("protected"))):
        if isinstance(wanted, str) and not matching(wanted, known):
            yield document.unknown("component", wanted, bare, "protected", index)


def _flow_faults(document: Document, tree: dict[str, Tree], flow: str, content: dict[str, Tree]) -> Iterator[Fault]:
    components = as_map(content.get("components"))
    start = content.get("start")
    if isinstance(start, str) and start not in components:
        yield document.unknown("component", start, components, "flows", flow, "start")
    for name, component in components.items():
        path = ("flows", flow, "components", name)
        part = as_map(component)
        for wanted, where in _following(part):
            if wanted not in components:
                yield document.unknown("component", wanted, components, *path, *where)
        api = part.get("api")
        if isinstance(api, str) and api not in as_map(tree.get("apis")):
            yield document.unknown("api", api, as_map(tree.get("apis")), *path, "api")
        target = part.get("flow")
        if isinstance(target, str) and target not in as_map(tree.get("flows")):
            yield document.unknown("flow", target, as_map(tree.get("flows")), *path, "flow")


def _following(component: dict[str, Tree]) -> Iterator[Named]:
    for key in ("next", "otherwise"):
        if isinstance(component.get(key), str):
            yield as_text(component[key]), (key,)
    for code, wanted in as_map(component.get("responses")).items():
        if isinstance(wanted, str):
            yield wanted, ("responses", code)
    for key in ("options", "branches"):
        for index, part in enumerate(as_list(component.get(key))):
            wanted = as_map(part).get("next")
            if isinstance(wanted, str):
                yield wanted, (key, index, "next")
