"""What a finding means for the exit code: a pure function over tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_botpenguin_otp.rules.finding import Finding

__all__ = ["COUNTED_PROFILES", "HEADINGS", "NEEDS", "UNPROVED", "Verdict", "exit_code", "grouped", "judge"]

Verdict = Literal["fails", "in part", "own backend", "if BotPenguin", "advice"]
Counts = Literal["always", "named", "never"]

HEADINGS: Mapping[Verdict, str] = {
    "fails": "",
    "in part": "the flow can do part of it",
    "own backend": "needs an own backend",
    "if BotPenguin": "if BotPenguin ...",
    "advice": "worth a look",
}
"""Each verdict in the order in which it is told, and the heading above its findings."""

COUNTED_PROFILES = frozenset({"mismatch-400", "mismatch-200"})
"""What holds under one of these counts, where the user names no profile."""

FAILING = frozenset({"critical", "high"})

UNPROVED = frozenset({"SO03"})
"""What fails although nothing in a bot mends it, and no bot can switch off: without it, no rule is known to be kept."""

LEFT_OVER = "attributes left over from an earlier chat"

NEEDS: Mapping[str, Counts] = {
    "nothing": "always",
    "a user's odd input": "always",
    "one fault": "always",
    "several faults": "always",
    "text that is pasted into a body unescaped": "named",
    "typed references that are filled in": "named",
    "codes that come as numbers": "named",
    "answers that are kept when they come too early": "named",
    "another rendering of the phone": "named",
    "a service that lies": "never",
    "a next step for calls without an answer": "never",
    LEFT_OVER: "never",
    "more than one chat": "never",
}
"""What a finding may take: counted always, only under a profile that the user has named, or never.

Those that a name makes count are properties of a profile: a finding takes one only under profiles that have it.
"""


def judge(finding: Finding, profile: str | None = None) -> Verdict:
    """Say whether `finding` fails the check, and else under which heading it is listed; `profile` is the user's.

    | fix    | holds under, and takes          | severity       | verdict         |
    |--------|---------------------------------|----------------|-----------------|
    | any    | other profiles, or what is left | any            | `if BotPenguin` |
    |        | open by BotPenguin              |                |                 |
    | F or C | what no user and no failing     | any            | `if BotPenguin` |
    |        | network can do                  |                |                 |
    | F/B    | anything else; C/B likewise     | any            | `in part`       |
    | B      | anything else                   | any            | `own backend`   |
    | F or C | the counted profiles            | critical, high | `fails`         |
    | F or C | the counted profiles            | else           | `advice`        |
    | none   | the counted profiles            | any            | `advice`        |
    | none   | a search that was cut: SO03     | any            | `fails`         |
    """
    if finding.rule in UNPROVED and finding.severity in FAILING:
        return "fails"
    letters = set(finding.fix.split("/"))
    counted = COUNTED_PROFILES if profile is None else {profile}
    if finding.profiles and not counted.intersection(finding.profiles):
        return "if BotPenguin"
    counts = NEEDS[finding.needs]
    if (counts == "named" and profile is None) or finding.needs == LEFT_OVER:
        return "if BotPenguin"
    if "B" in letters:
        return "own backend" if letters == {"B"} else "in part"
    if counts == "never":
        return "if BotPenguin"
    return "fails" if finding.severity in FAILING and letters <= {"F", "C"} else "advice"


def grouped(findings: Iterable[Finding], profile: str | None = None) -> dict[Verdict, tuple[Finding, ...]]:
    """Return the findings by verdict, in the order of `HEADINGS`; no verdict without findings."""
    judged = [(judge(finding, profile), finding) for finding in findings]
    every = {known: tuple(finding for verdict, finding in judged if verdict == known) for known in HEADINGS}
    return {known: found for known, found in every.items() if found}


def exit_code(findings: Iterable[Finding], profile: str | None = None, *, strict: bool = False) -> int:
    """Return 1 if a finding fails the check, or with `strict` if there is any, else 0."""
    return int(any(strict or judge(finding, profile) == "fails" for finding in findings))
