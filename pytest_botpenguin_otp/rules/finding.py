"""One broken promise, told to the person who built the bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from pytest_botpenguin_otp.rules.catalogue import CATALOGUE

if TYPE_CHECKING:
    from pytest_botpenguin_otp.rules.rule import Severity

__all__ = ["Finding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that a bot breaks; `place` is `file:line`, `message` says what is wrong there and what to do about it.

    `profiles` are those under which it holds, all where empty; `needs` is the most that it takes, one of
    `verdict.NEEDS`, `also` the rest.
    A finding of the exploration has the shortest chat that shows it: `counterexample` as lines of a transcript,
    `token` to play it again `under` a profile (its name, or as the user named it), `chat` as the text of a chat file.
    """

    rule: str
    severity: Severity
    fix: str
    place: str
    message: str
    why: str = ""
    remedy: str = ""
    profiles: tuple[str, ...] = ()
    needs: str = "nothing"
    also: tuple[str, ...] = ()
    counterexample: tuple[str, ...] = ()
    token: str | None = None
    under: str | None = None
    chat: str | None = None

    @classmethod
    def of(cls, code: str, place: str, message: str) -> Self:
        """Make a finding with what the catalogue says of the rule; `dataclasses.replace` makes it more precise."""
        rule = CATALOGUE[code]
        return cls(
            rule=code,
            severity=rule.severity,
            fix=rule.fix,
            place=place,
            message=message,
            why=rule.why,
            remedy=rule.remedy,
        )

    @property
    def file(self) -> str:
        """The file of the place."""
        return self.place.rpartition(":")[0]

    @property
    def line(self) -> int:
        """The line of the place."""
        return int(self.place.rpartition(":")[2])
