"""The command `profiles`: tables of what BotPenguin leaves open."""

from __future__ import annotations

import json as jsons
from typing import TYPE_CHECKING

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from pytest_botpenguin_otp import profile as known
from pytest_botpenguin_otp.cli import choosing
from pytest_botpenguin_otp.cli.errors import clean
from pytest_botpenguin_otp.cli.screen import Screen
from pytest_botpenguin_otp.report import profiles as report

if TYPE_CHECKING:
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["profiles"]

DIFFERS = "bold yellow"
WIDE = 110
"""From this width on, seven columns can be read."""


def profiles(name: str | None, *, json: bool) -> None:
    """Print all profiles side by side, or the one called `name`; raise `ProfileError` for an unknown one."""
    chosen = None if name is None else choosing.chosen_profile(name)
    if json:
        every = [known.to_json(profile) for profile in known.PROFILES.values()]
        told = every if chosen is None else known.to_json(chosen)
        typer.echo(jsons.dumps(told, indent=2, ensure_ascii=False))
        return
    screen = Screen()
    if chosen is None:
        _side_by_side(screen, tuple(known.PROFILES.values()))
    else:
        _one(screen, chosen)


def _table(screen: Screen) -> Table:
    return Table(box=box.ROUNDED if screen.is_terminal else box.ASCII, show_lines=True)


def _side_by_side(screen: Screen, every: tuple[Profile, ...]) -> None:
    for profile in every:
        screen.line(f"{profile.name}: {profile.summary}")
    if screen.console.width < WIDE:
        _one_below_the_other(screen, every)
    else:
        _columns(screen, every)
    screen.line(f"* differs from {every[0].name}. botpenguin-otp profiles NAME tells the source of every field.", "dim")


def _columns(screen: Screen, every: tuple[Profile, ...]) -> None:
    table = _table(screen)
    table.add_column("field", ratio=3, overflow="fold")
    table.add_column("known", ratio=1, overflow="fold")
    for profile in every:
        table.add_column(profile.name, ratio=2, overflow="fold")
    for row in report.rows(every):
        values = (
            Text(clean(f"* {value}" if differs else value), style=DIFFERS if differs else "")
            for value, differs in zip(row.values, row.differs, strict=True)
        )
        table.add_row(Text.assemble((row.field, "bold"), f"\n{row.meaning}"), row.known, *values)
    screen.console.print(table)


def _one_below_the_other(screen: Screen, every: tuple[Profile, ...]) -> None:
    """Print what columns would squeeze: each value once, with the profiles that have it."""
    names = [profile.name for profile in every]
    for row in report.rows(every):
        screen.line()
        screen.line(f"{row.field} ({row.known}): {row.meaning}", "bold")
        (having, first), *others = report.grouped(row, names)
        screen.line(f"    {having if others else 'all'}: {first}")
        for having, value in others:
            screen.line(f"  * {having}: {value}", DIFFERS)
    screen.line()


def _one(screen: Screen, profile: Profile) -> None:
    screen.line(f"{profile.name}: {profile.summary}", "bold")
    honest = "can" if profile.honest else "cannot"
    screen.line(f"A sound bot {honest} work under it.")
    table = _table(screen)
    for column in ("field", "value", "known", "source"):
        table.add_column(column, overflow="fold")
    for detail in report.details(profile):
        table.add_row(
            Text.assemble((detail.field, "bold"), f"\n{detail.meaning}"),
            Text(clean(detail.value)),
            detail.known,
            Text(clean(detail.source)),
        )
    screen.console.print(table)
