"""A bot under a profile, with its secrets: all that the step needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.discretion import Discreet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.template import SecretRef

__all__ = ["LOOP_LIMIT", "Machine", "Secrets"]

LOOP_LIMIT = 100
"""So many components, or twice as many as a larger bot has, may act between two questions; more go round in a loop."""


@dataclass(frozen=True, slots=True)
class Secrets(Discreet):
    """What `${NAME}` stands for: by the field it is written in, then by its name, else a visibly fake text.

    The `repr` shows names only.
    """

    by_field: Mapping[str, str] = field(default_factory=dict, repr=False)
    by_name: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __hash__(self) -> int:
        return hash((tuple(sorted(self.by_field)), tuple(sorted(self.by_name))))

    def of(self, secret: SecretRef) -> str:
        """Return the secret's text."""
        known = self.by_field.get(secret.field)
        return str(known) if known is not None else self.by_name.get(secret.name, f"fake-{secret.name.lower()}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One bot under one profile."""

    bot: Bot
    profile: Profile
    secrets: Secrets = field(default_factory=Secrets)
