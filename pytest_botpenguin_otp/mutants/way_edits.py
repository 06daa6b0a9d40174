"""Single edits of where a bot goes next: response mappings, conditions, options, the order of components."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.documents import as_list, as_map, as_text
from pytest_botpenguin_otp.mutants.trees import Change, Part, components, dropped, put, put_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.documents import Tree
    from pytest_botpenguin_otp.mutants.trees import Path

__all__ = [
    "arrows",
    "attempts",
    "calls_skipped",
    "ends",
    "mappings_dropped",
    "mappings_led_elsewhere",
    "mappings_swapped",
    "options",
    "order",
    "protected",
    "questions_skipped",
    "redirects",
]

QUESTIONS = ("phone_number", "text_question", "numeric_input", "name", "email", "question")
OTHER_END = {"end_chat": "live_chat", "live_chat": "end_chat"}


def mappings_dropped(tree: Tree) -> Iterator[Change]:
    """Leave a response mapping out."""
    for part in components(tree, "api"):
        for code in part.map("responses"):
            path = (*part.path, "responses", code)
            yield Change(path=path, told=f"{part.name} no longer maps {code}", tree=dropped(tree, path))


def mappings_swapped(tree: Tree) -> Iterator[Change]:
    """Swap where two responses lead."""
    for part in components(tree, "api"):
        for (one, here), (other, there) in combinations(part.map("responses").items(), 2):
            if here != there:
                path = (*part.path, "responses")
                swapped = put_all(tree, {(*path, one): there, (*path, other): here})
                yield Change(path=(*path, one), told=f"{part.name} swaps where {one} and {other} lead", tree=swapped)


def mappings_led_elsewhere(tree: Tree) -> Iterator[Change]:
    """Lead one response where another one leads, or to what is protected."""
    wanted = [as_text(name).rpartition("/")[2] for name in as_list(as_map(tree).get("protected"))]
    for part in components(tree, "api"):
        flow = [other.key for other in components(tree) if other.flow == part.flow]
        responses = part.map("responses")
        targets = dict.fromkeys((*map(as_text, responses.values()), *(name for name in wanted if name in flow)))
        for code, leads in responses.items():
            path = (*part.path, "responses", code)
            for target in (target for target in targets if target != leads):
                yield Change(path=path, told=f"{code} of {part.name} leads to {target}", tree=put(tree, path, target))


def questions_skipped(tree: Tree) -> Iterator[Change]:
    """Never ask a question: whatever leads to it leads to what comes after it."""
    for part in components(tree, *QUESTIONS):
        if part.text("next") != part.key:
            told = f"{part.name} is never asked"
            yield Change(path=part.path, told=told, tree=_led_past(tree, part, part.text("next")))


def calls_skipped(tree: Tree) -> Iterator[Change]:
    """Never call an API: whatever leads to its component leads to where 200 does."""
    for part in components(tree, "api"):
        target = as_text(part.map("responses").get("200"))
        if target and target != part.key:
            told = f"{part.text('api')} is not called at {part.name}; the chat goes on as after 200"
            yield Change(path=part.path, told=told, tree=_led_past(tree, part, target))


def _led_past(tree: Tree, part: Part, target: str) -> Tree:
    return put_all(tree, dict.fromkeys(_arrows_to(tree, part), target))


def _arrows_to(tree: Tree, part: Part) -> Iterator[Path]:
    """Yield the path of each arrow of the same flow that leads to a component; of the flow's start, too."""
    flow = ("flows", part.flow)
    if as_map(as_map(as_map(tree)["flows"])[part.flow]).get("start") == part.key:
        yield (*flow, "start")
    for other in components(tree):
        if other.flow == part.flow:
            yield from (path for path, target in arrows(other) if target == part.key)


def arrows(part: Part) -> Iterator[tuple[Path, str]]:
    """Yield every arrow that leaves a component: its path, and the name of where it leads."""
    for code, target in part.map("responses").items():
        yield (*part.path, "responses", code), as_text(target)
    for key in ("branches", "options"):
        for index, inside in enumerate(as_list(part.tree.get(key))):
            yield (*part.path, key, index, "next"), as_text(as_map(inside).get("next"))
    for key in ("otherwise", "next"):
        if key in part.tree:
            yield (*part.path, key), part.text(key)


def order(tree: Tree) -> Iterator[Change]:
    """Put a component before the one that leads to it."""
    for part in components(tree, "message", *QUESTIONS):
        for after in components(tree, "message", *QUESTIONS):
            if after.flow != part.flow or part.text("next") != after.key or after.key == part.key:
                continue
            if after.text("next") == part.key:
                continue
            swapped = put_all(_led_past(tree, part, after.key), {(*part.path, "next"): after.text("next")})
            swapped = put(swapped, (*after.path, "next"), part.key)
            yield Change(path=after.path, told=f"{after.name} comes before {part.name}", tree=swapped)


def attempts(tree: Tree) -> Iterator[Change]:
    """Ask the same question again after a failure, so that attempts have no bound."""
    for question in components(tree, *QUESTIONS):
        for part in _calls_after(tree, question):
            for path, target in (*_failing(part), *_judged(tree, part)):
                if target != question.key:
                    told = f"{question.name} asks again after {path[-1]} of {path[3]}"
                    yield Change(path=path, told=told, tree=put(tree, path, question.key))


def _failing(part: Part) -> Iterator[tuple[Path, str]]:
    """Yield where a call leads that went wrong."""
    return ((path, target) for path, target in arrows(part) if path[-1] != "200")


def _judged(tree: Tree, part: Part) -> Iterator[tuple[Path, str]]:
    """Yield where a condition leads that finds a well answered call wrong."""
    for other in components(tree, "if_else"):
        if other.flow == part.flow and other.key == as_text(part.map("responses").get("200")):
            yield (*other.path, "otherwise"), other.text("otherwise")


def _calls_after(tree: Tree, question: Part) -> Iterator[Part]:
    """Yield the calls that come right after a question, conditions between them aside."""
    parts = {part.key: part for part in components(tree) if part.flow == question.flow}
    frontier, met = [question.text("next")], set[str]()
    for name in frontier:
        part = parts[name]
        if name in met:
            continue
        met.add(name)
        if part.text("type") == "api":
            yield part
        elif part.text("type") == "if_else":
            frontier.extend(target for _, target in arrows(part))


def options(tree: Tree) -> Iterator[Change]:
    """Swap where two options lead, or leave one out."""
    for part in components(tree, "single_choice"):
        found = [as_map(option) for option in as_list(part.tree.get("options"))]
        for index, option in enumerate(found):
            path = (*part.path, "options", index)
            if len(found) > 1:
                told = f"{part.name} no longer offers {as_text(option['text'])!r}"
                yield Change(path=path, told=told, tree=dropped(tree, path))
            for number, other in enumerate(found[index + 1 :], index + 1):
                if option["next"] != other["next"]:
                    targets = {(*path, "next"): other["next"], (*part.path, "options", number, "next"): option["next"]}
                    told = f"{part.name} swaps where {as_text(option['text'])!r} and {as_text(other['text'])!r} lead"
                    yield Change(path=path, told=told, tree=put_all(tree, dict(targets)))


def ends(tree: Tree) -> Iterator[Change]:
    """Hand over to a person where the chat ended, or the other way round."""
    for part in components(tree, *OTHER_END):
        path, kind = (*part.path, "type"), OTHER_END[part.text("type")]
        yield Change(path=path, told=f"{part.name} is {kind}, not {part.text('type')}", tree=put(tree, path, kind))


def redirects(tree: Tree) -> Iterator[Change]:
    """Redirect to another flow."""
    flows = as_map(as_map(tree).get("flows"))
    for part in components(tree, "redirect"):
        path = (*part.path, "flow")
        for flow in (flow for flow in flows if flow != part.text("flow")):
            told = f"{part.name} redirects to {flow}, not to {part.text('flow')}"
            yield Change(path=path, told=told, tree=put(tree, path, flow))


def protected(tree: Tree) -> Iterator[Change]:
    """Protect a component no longer."""
    for index, name in enumerate(as_list(as_map(tree).get("protected"))):
        path = ("protected", index)
        yield Change(path=path, told=f"{as_text(name)} is no longer protected", tree=dropped(tree, path))
