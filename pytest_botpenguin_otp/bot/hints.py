"""What somebody will have meant whose bot file has a component, or a branch, of a shape that there is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.documents import as_list, as_map, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.documents import Document

__all__ = ["meant"]

WAITS = ("delay", "wait", "sleep", "timer")
CONDITIONS = ("attribute", "all", "any", "equals", "not_equals", "any_of", "none_of", "greater", "less")


def meant(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (place, message) for components that only wait, and for branches whose condition is not under `when`."""
    for flow, content in as_map(as_map(document.tree).get("flows")).items():
        for name, part in as_map(as_map(content).get("components")).items():
            path = ("flows", flow, "components", name)
            component = as_map(part)
            if as_text(component.get("type")) in WAITS:
                told = "No component only waits: write 'delay: SECONDS' in the one that is to come later."
                yield document.where(*path, "type", value=True), told
            for index, branch in enumerate(as_list(component.get("branches"))):
                for key in as_map(branch):
                    if key in CONDITIONS:
                        told = f"{key!r} belongs to a condition: when: {{attribute: ..., equals: ...}}, next: ..."
                        yield document.where(*path, "branches", index, key), told
