"""The command `rules`: what is promised of a bot."""

from __future__ import annotations

import json as jsons

import typer

from pytest_botpenguin_otp import rules as known
from pytest_botpenguin_otp.cli.screen import Screen
from pytest_botpenguin_otp.report import catalogue as report

__all__ = ["rules"]


def rules(code: str | None, *, json: bool, markdown: bool = False) -> None:
    """Print the whole catalogue, or the rule of `code`; raise `UnknownRuleError` where there is none."""
    chosen = None if code is None else known.find(code)
    if json:
        told = report.to_json(known.CATALOGUE.values() if chosen is None else [chosen])
        typer.echo(jsons.dumps(told, indent=2, ensure_ascii=False))
        return
    if markdown:
        typer.echo("\n".join(report.markdown(known.CATALOGUE.values() if chosen is None else [chosen])))
        return
    screen = Screen()
    if chosen is not None:
        first, *rest = report.details(chosen)
        screen.line(first, "bold")
        for line in rest:
            screen.line(line)
        return
    for line in report.lines(known.CATALOGUE.values()):
        screen.line(line, "" if line.startswith(" ") else "bold")
    screen.line("botpenguin-otp rules CODE tells why, the remedy, and the standards.", "dim")
