"""The catalogue, family SO: what must be possible sometimes, or a check proves nothing."""

from __future__ import annotations

from pytest_botpenguin_otp.rules.rule import Rule

__all__ = ["RULES"]

RULES = (
    Rule(
        code="SO01",
        title="The right code lets a user in.",
        severity="high",
        decided=("exploration",),
        fix="F",
        reasons=(),
        why="A login that nobody passes keeps every other promise, and is of no use.",
        remedy=(
            "List what only a verified user may reach as protected, and lead there from the mapping or branch for a "
            "right code."
        ),
    ),
    Rule(
        code="SO02",
        title="Every response mapping can be followed.",
        severity="high",
        decided=("exploration",),
        fix="F",
        reasons=(),
        why=(
            "A mapping that no answer of user and services leads to is a mistake, or hides one before it: nothing "
            "behind it was tried, so that the other rules prove nothing there."
        ),
        remedy="Look at what comes before the call: it is never made, or never with what that answer needs.",
        undecided=(
            "Nothing is asked of mappings that only the yes of an own backend, or a condition on what another API has "
            "answered, leads to. It is enough that a chat comes to a mapping under one of the profiles that are tried."
        ),
    ),
    Rule(
        code="SO03",
        title="Everything that can happen was looked at.",
        severity="high",
        decided=("exploration",),
        fix="",
        reasons=(),
        why="Where a budget ended the search, what was not seen is not proved.",
        remedy="Make the flow smaller, or raise the budget.",
    ),
)
