"""One promise about a bot, as the catalogue holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["DECIDED", "FIXES", "SEVERITIES", "Decided", "Rule", "Severity"]

Severity = Literal["critical", "high", "medium", "low", "info"]
Decided = Literal["static", "run", "exploration", "tool"]

SEVERITIES: dict[Severity, str] = {
    "critical": "someone becomes verified without the phone, or credentials leak",
    "high": "likely abuse, or a code leaks",
    "medium": "a limit is weakened, or a user is led astray",
    "low": "hygiene",
    "info": "advice",
}
"""Each severity, worst first, and what it means."""

DECIDED: dict[Decided, str] = {
    "static": "on the bot file alone",
    "run": "on what happened in a chat",
    "exploration": "by trying every answer of user and services",
    "tool": "not on a bot: a promise of this tool, or advice",
}
"""Each way in which a rule is decided, and what it means."""

FIXES: dict[str, str] = {
    "F": "the flow",
    "C": "the configuration of an API or a component",
    "B": "an own backend; BotPenguin's documented components cannot",
}
"""Each letter of a fix class, and what mends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: `fix` joins letters of `FIXES` by a slash, or is empty where nothing in a bot mends it.

    `reasons` are the standards and CWE ids that the bot is measured against; none where no standard speaks of it;
    `undecided` says which part of the promise is not looked at, and why, if any.
    """

    code: str
    title: str
    severity: Severity
    decided: tuple[Decided, ...]
    fix: str
    reasons: tuple[str, ...]
    why: str
    remedy: str
    undecided: str = ""

    @property
    def family(self) -> str:
        """The letters of the code."""
        return self.code[:2]

    @property
    def mended_by(self) -> str:
        """What mends it, in words; empty where nothing does."""
        return ", or ".join(FIXES[letter] for letter in self.fix.split("/") if letter)
