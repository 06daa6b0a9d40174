"""The command `explore`: how far a search of a bot goes, and how its chats can come out."""

from __future__ import annotations

import json as jsons
from time import perf_counter
from typing import TYPE_CHECKING

import typer

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import explorer
from pytest_botpenguin_otp.cli import choosing
from pytest_botpenguin_otp.cli.screen import Screen
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.profile import PROFILES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.explorer import Bounds, Outcomes

__all__ = ["explore"]

FORMAT = "botpenguin-otp/explore@1"


def explore(bot: str, profile: str | None, bounds: Bounds, *, replay: str | None, json: bool) -> int:
    """Print what can happen to a bot under each profile, or the one way that a replay token tells.

    Return the exit code: 1 where not everything was seen, else 0.
    """
    found = bots.load(choosing.file(bot))
    screen = Screen()
    if replay is not None:
        way = explorer.replay(Machine(bot=found, profile=choosing.chosen_profile(profile)), replay, bounds=bounds)
        for line in way.lines().splitlines() if way.playable else way.labels():
            screen.line(line)
        return 0
    chosen = PROFILES.values() if profile is None else [choosing.chosen_profile(profile)]
    seen = {
        known.name: explorer.outcomes(Machine(bot=found, profile=known), bounds=bounds, clock=perf_counter)
        for known in chosen
    }
    unseen = int(not all(one.exploration.exhaustive for one in seen.values()))
    if json:
        told = {"format": FORMAT, "bot": bot, "profiles": {name: _to_json(one) for name, one in seen.items()}}
        typer.echo(jsons.dumps(told, indent=2, ensure_ascii=False))
        return unseen
    for name, one in seen.items():
        screen.line(name, "bold")
        for line in _lines(one):
            screen.line(f"  {line}")
    return unseen


def _lines(found: Outcomes) -> Iterator[str]:
    told = found.exploration
    yield f"{told.states} states, {told.transitions} transitions, in {told.seconds or 0:.2f} s"
    yield f"within: {told.bounds}"
    yield "exhaustive: yes" if told.exhaustive else f"exhaustive: no: {' and '.join(told.open)}"
    for (ended, verified), way in sorted(found.reached.items()):
        yield f"comes out: {ended}, {'verified' if verified else 'not verified'}, such as {explorer.encode(way)}"
    mapped, never = len(found.mappings), found.never_mapped
    yield f"mappings followed: {mapped} of {mapped + len(never)}"
    unseen = "not seen within the budget" if told.cut else "not seen"
    followed, reached = ("never followed", "never reached") if told.exhaustive else (unseen, unseen)
    yield from (f"{followed}: {known.partition('/')[2]} {code}" for known, code in never)
    yield from (f"{reached}: {known.partition('/')[2]}" for known in found.never_reached)


def _to_json(found: Outcomes) -> dict[str, object]:
    """Return what was found; what was not seen is `never` so only where everything was looked at."""
    told = found.exploration
    unless = "never" if told.exhaustive else "unseen"
    return {
        "states": told.states,
        "transitions": told.transitions,
        "seconds": told.seconds,
        "bounds": str(told.bounds),
        "exhaustive": told.exhaustive,
        "cut": list(told.cut),
        "open": list(told.open),
        "outcomes": [
            {"ended": ended, "verified": verified, "token": explorer.encode(way)}
            for (ended, verified), way in sorted(found.reached.items())
        ],
        "mappings": [
            {"component": known, "code": code, "token": explorer.encode(way)}
            for (known, code), way in sorted(found.mappings.items())
        ],
        f"{unless}_mapped": [{"component": known, "code": code} for known, code in found.never_mapped],
        f"{unless}_reached": list(found.never_reached),
    }
