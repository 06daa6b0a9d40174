"""The table of properties: what each promises, of which bots, over which cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.properties import promises
from pytest_botpenguin_otp.properties.cases import Manner, cases, first_seed
from pytest_botpenguin_otp.properties.metamorphic import metamorphic
from pytest_botpenguin_otp.properties.session import cannot_begin
from pytest_botpenguin_otp.properties.subject import reachable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis import strategies as st

    from pytest_botpenguin_otp.properties.cases import Case
    from pytest_botpenguin_otp.properties.subject import Subject
    from pytest_botpenguin_otp.properties.telling import Broken

__all__ = ["PROPERTIES", "Property"]


def _nothing(_subject: Subject) -> Broken | None:
    return None


def _applies(subject: Subject) -> str | None:
    return reachable(subject) or cannot_begin(subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A promise of a bot.

    `holds` holds one case to it; `first` is looked at before any case; `applies` says why it does not speak of a bot.
    """

    name: str
    promise: str
    manner: Manner
    holds: Callable[[Subject, Case], Broken | None]
    applies: Callable[[Subject], str | None] = _applies
    first: Callable[[Subject], Broken | None] = _nothing

    def cases(self, subject: Subject) -> st.SearchStrategy[Case]:
        """Give cases for a subject."""
        return cases(subject, self.manner)


def _way(subject: Subject) -> Broken | None:
    return promises.way_to_success(subject, first_seed(subject.profile))


def _asked(subject: Subject) -> Broken | None:
    return promises.is_asked(subject, first_seed(subject.profile))


_ALL = (
    Property(
        name="bodies",
        promise="whatever the user types, every request keeps its contract",
        manner=Manner(nasty=50, typos=20, lively=10, turns=6, on=True),
        holds=promises.bodies,
    ),
    Property(
        name="auth",
        promise="every request carries its Authorization header, whatever comes before it",
        manner=Manner(nasty=30, lively=10, turns=8, on=True),
        holds=promises.auth,
    ),
    Property(
        name="timing",
        promise="the delays before each verify are kept, whatever the user does and whenever",
        manner=Manner(wrong=60, lively=25, faulty=5, turns=8, on=True),
        holds=promises.timing,
    ),
    Property(
        name="success",
        promise="the right code lets the user in, whatever the number, the code and the detour",
        manner=Manner(wrong=50, typos=10, turns=10),
        holds=promises.success,
        first=_way,
    ),
    Property(
        name="retry",
        promise="a wrong code lets nobody in, the right one after it does, and attempts end",
        manner=Manner(wrong=75, lively=10, faulty=10, turns=12, stubborn=True),
        holds=promises.retry,
        first=_asked,
    ),
    Property(
        name="metamorphic",
        promise="what should make no difference makes none: other digits, another number, another hour, a second chat",
        manner=Manner(wrong=40, typos=10, faulty=10, turns=6),
        holds=metamorphic,
    ),
)
PROPERTIES: Mapping[str, Property] = {held.name: held for held in _ALL}
"""Every property, by name."""
