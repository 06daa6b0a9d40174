"""The table of properties: what each promises, of which bots, over which cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.properties import promises, traps
from pytest_botpenguin_otp.properties.cases import Manner, cases, first_seed
from pytest_botpenguin_otp.properties.metamorphic import metamorphic
from pytest_botpenguin_otp.properties.session import cannot_begin
from pytest_botpenguin_otp.properties.subject import reachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

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

    `holds` holds one case to it; `first` is looked at before any case, and `traps` are the first cases; `applies` says
    why it does not speak of a bot.
    """

    name: str
    promise: str
    manner: Manner
    holds: Callable[[Subject, Case], Broken | None]
    traps: Callable[[Subject], Iterator[Case]]
    applies: Callable[[Subject], str | None] = _applies
    first: Callable[[Subject], Broken | None] = _nothing

    def cases(self, subject: Subject) -> st.SearchStrategy[Case]:
        """Give cases for a subject."""
        return cases(subject, self.manner)


def _way(subject: Subject) -> Broken | None:
    return promises.way_to_success(subject, first_seed(subject.profile))


def _asked(subject: Subject) -> Broken | None:
    seed = first_seed(subject.profile)
    return promises.is_asked(subject, seed) or promises.no_end(subject, seed)


_ALL = (
    Property(
        name="bodies",
        promise="whatever the user types, every request keeps its contract",
        manner=Manner(nasty=50, typos=20, lively=10, turns=6, on=True),
        holds=promises.bodies,
        traps=traps.in_bodies,
    ),
    Property(
        name="auth",
        promise="every request carries its Authorization header, whatever comes before it",
        manner=Manner(nasty=30, lively=10, turns=8, on=True),
        holds=promises.auth,
        traps=traps.in_order,
    ),
    Property(
        name="timing",
        promise="the delays before each verify are kept, whatever the user does and whenever",
        manner=Manner(wrong=60, lively=25, faulty=15, turns=8, on=True),
        holds=promises.timing,
        traps=traps.in_order,
    ),
    Property(
        name="success",
        promise="the right code lets the user in, whatever the number, the code and the detour",
        manner=Manner(wrong=50, typos=10, turns=10),
        holds=promises.success,
        traps=traps.in_digits,
        first=_way,
    ),
    Property(
        name="retry",
        promise="a wrong code lets nobody in, the right one after it does, and attempts end",
        manner=Manner(wrong=75, lively=10, faulty=30, turns=8),
        holds=promises.retry,
        traps=traps.in_codes,
        first=_asked,
    ),
    Property(
        name="metamorphic",
        promise="what should make no difference makes none: other digits, another number, another hour, a second chat",
        manner=Manner(wrong=40, typos=10, faulty=20, turns=6),
        holds=metamorphic,
        traps=traps.in_digits,
    ),
)
PROPERTIES: Mapping[str, Property] = {held.name: held for held in _ALL}
"""Every property, by name."""
