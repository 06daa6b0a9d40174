"""Profiles side by side, and one in full: what each field means, its value, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.profile import FIELDS, Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_botpenguin_otp.profile import Profile

__all__ = ["Detail", "Row", "details", "grouped", "rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field of several profiles: `values` in the profiles' order, `known` the kinds of provenance."""

    field: str
    meaning: str
    known: str
    values: tuple[str, ...]

    @property
    def differs(self) -> tuple[bool, ...]:
        """Which values differ from the first profile's."""
        return tuple(value != self.values[0] for value in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One field of one profile; `known` is the kind of provenance with its date, `source` why."""

    field: str
    meaning: str
    value: str
    known: str
    source: str


def rows(profiles: Sequence[Profile]) -> tuple[Row, ...]:
    """Return every field, and first whether a sound bot can work under each profile at all."""
    honest = Row(
        field="honest",
        meaning="whether a sound bot can work under it",
        known="by definition",
        values=tuple("yes" if profile.honest else "no" for profile in profiles),
    )
    return (honest, *(_row(name, profiles) for name in FIELDS))


def grouped(row: Row, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return each value of a row once, after the names of the profiles that have it."""
    found: dict[str, list[str]] = {}
    for name, value in zip(names, row.values, strict=True):
        found.setdefault(value, []).append(name)
    return tuple((", ".join(having), value) for value, having in found.items())


def details(profile: Profile) -> tuple[Detail, ...]:
    """Return every field of one profile with its source."""
    return tuple(_detail(name, profile) for name in FIELDS)


def _row(name: str, profiles: Sequence[Profile]) -> Row:
    kinds = dict.fromkeys(profile.how_known(name).kind for profile in profiles)
    return Row(
        field=name,
        meaning=FIELDS[name][0],
        known=", ".join(kinds),
        values=tuple(_shown(getattr(profile, name)) for profile in profiles),
    )


def _detail(name: str, profile: Profile) -> Detail:
    known = profile.how_known(name)
    return Detail(
        field=name,
        meaning=FIELDS[name][0],
        value=_shown(getattr(profile, name)),
        known=known.kind if known.date is None else f"{known.kind} {known.date}",
        source=known.source,
    )


def _shown(value: object) -> str:
    if isinstance(value, Answer):
        return f"{value.status} {value.body}"
    return str(value) if value != "" else "(empty)"
