"""What is promised of a bot or of a service, as a table, and what of it can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pytest_botpenguin_otp.errors import OtpError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["PROMISES", "BrokenPromiseError", "MachineError", "Promise", "Subject", "chosen"]

Subject = Literal["bot", "service"]


class MachineError(OtpError):
    """A machine was asked for something that it cannot do."""


class BrokenPromiseError(OtpError, AssertionError):
    """A conversation broke a promise; the text says which one, and how to see it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise; `of` says who can keep it, `timed` that it cannot be seen unless time passes.

    `reasons` are the standards and CWE ids that it is measured against, if any speaks of it.
    """

    name: str
    title: str
    why: str
    reasons: tuple[str, ...]
    of: tuple[Subject, ...]
    timed: bool = False

    def __str__(self) -> str:
        reasons = f"; {', '.join(self.reasons)}" if self.reasons else ""
        return f"{self.title} ({self.name}{reasons})"


_TABLE = (
    Promise(
        name="right-code",
        title="The right code verifies.",
        why="A login that nobody passes keeps every other promise, and is of no use.",
        reasons=(),
        of=("bot", "service"),
    ),
    Promise(
        name="wrong-code",
        title="A wrong code never verifies.",
        why="Whoever gets in with another text than the code needs no phone.",
        reasons=("CWE-303", "CWE-1025", "CVE-2025-12374"),
        of=("bot", "service"),
    ),
    Promise(
        name="order",
        title="Nothing verifies before a code was sent and checked.",
        why="A check that can be left out, or fed with a code that nobody sent, checks nothing.",
        reasons=("CWE-304", "CWE-472", "ASVS 5.0 2.3.1"),
        of=("bot", "service"),
    ),
    Promise(
        name="once",
        title="A code is used once.",
        why="Who looks over a shoulder, or reads a log, must not get in with what was used.",
        reasons=("CWE-294", "NIST SP 800-63B-4 3.1.3.2", "ASVS 5.0 6.5.1"),
        of=("service",),
    ),
    Promise(
        name="expiry",
        title="A code expires after 10 minutes.",
        why="The longer a code is good, the longer it can be guessed or found.",
        reasons=("CWE-613", "NIST SP 800-63B-4 3.1.3.2", "ASVS 5.0 6.5.5"),
        of=("service",),
        timed=True,
    ),
    Promise(
        name="attempts",
        title="Wrong codes are bounded.",
        why="A million guesses find every code of six digits.",
        reasons=("CWE-307", "NIST SP 800-63B-4 3.2.2", "ASVS 5.0 6.6.3"),
        of=("bot", "service"),
    ),
    Promise(
        name="resend",
        title="A new code replaces the old one, and does not reset the count of wrong ones.",
        why="Else every resend gives more codes that are good, or more guesses.",
        reasons=("CWE-307", "NIST SP 800-63B-4 3.1.3.2", "OWASP MFA cheat sheet"),
        of=("bot", "service"),
    ),
    Promise(
        name="secret",
        title="No reply holds the code.",
        why="Who is told the code needs no phone.",
        reasons=("CWE-201", "ASVS 5.0 14.2.6"),
        of=("bot", "service"),
    ),
    Promise(
        name="closed",
        title="An error verifies nobody.",
        why="A service that is down, or a request that is broken, must not open the door.",
        reasons=("CWE-636", "ASVS 5.0 16.5.3"),
        of=("bot", "service"),
    ),
    Promise(
        name="authorization",
        title="A call without its Authorization header is refused.",
        why="Else anyone who knows the address can send SMS, and try codes.",
        reasons=("CWE-306",),
        of=("service",),
    ),
    Promise(
        name="contract",
        title="Every request keeps its contract and carries its Authorization header.",
        why="What is not as documented is refused, or taken for something else.",
        reasons=("CWE-1286", "CWE-306"),
        of=("bot",),
    ),
    Promise(
        name="delays",
        title="The delays are kept: 5 seconds before the first verify, 2 before another.",
        why="The guide asks for them, so that the code is there when it is compared.",
        reasons=("help.botpenguin.com, Chatbot User Authentication, step 3",),
        of=("bot",),
    ),
    Promise(
        name="mapped",
        title="Every answer of a service has a component that follows it.",
        why="Where none does, the chat ends without a word.",
        reasons=("CWE-754", "CWE-703"),
        of=("bot", "service"),
    ),
)
PROMISES = {promise.name: promise for promise in _TABLE}
"""Every promise by name."""


def chosen(
    subject: Subject, names: Collection[str] | None, *, timed: bool
) -> tuple[frozenset[str], tuple[Promise, ...]]:
    """Return the names of what is held of `subject`, and the promises that are not, since no time can pass (`timed`).

    Raises `MachineError` for a name that there is none of, or of which `subject` can promise nothing.
    """
    able = {name: promise for name, promise in PROMISES.items() if subject in promise.of}
    for name in names or ():
        if name not in able:
            only = f": it is one of {'services' if subject == 'bot' else 'bots'} only" if name in PROMISES else ""
            raise MachineError(f"There is no promise {name!r} of a {subject}{only}. {did_you_mean(name, able)}")
    wanted = [able[name] for name in able if names is None or name in names]
    unseen = tuple(promise for promise in wanted if promise.timed and not timed)
    if unseen and names is not None:
        told = ", ".join(promise.name for promise in unseen)
        raise MachineError(f"No time can pass here, so that {told} cannot be seen: give pass_time=, or leave it out.")
    return frozenset(promise.name for promise in wanted if promise not in unseen), unseen
