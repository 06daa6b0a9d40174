"""The properties of a bot file as items, each tried on the cases that Hypothesis thinks of."""

from __future__ import annotations

from random import SystemRandom
from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp import profile
from pytest_botpenguin_otp.counterexamples import save
from pytest_botpenguin_otp.errors import MissingExtraError, OtpError
from pytest_botpenguin_otp.report import properties as report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.properties import Broken

__all__ = ["NAMES", "PropertyItem", "property_items"]

NAMES = ("bodies", "auth", "timing", "success", "retry", "metamorphic")
"""Every property; known here too, so that Hypothesis is not imported before one of them runs."""
SEED = "--hypothesis-seed"
SEEDS = 1 << 32


def property_items(parent: pytest.Module, bot: Bot, named: Sequence[Profile]) -> Iterator[pytest.Item]:
    """Yield one item for each property, unless they are switched off.

    Each is held under all profiles that the user names, or under the one that the fixture `otp_profile` gives.
    """
    if not (parent.config.getoption("otp_no_properties") or parent.config.getini("otp_no_properties")):
        for name in NAMES:
            yield _item(parent, name, bot, named)


def _item(parent: pytest.Module, name: str, bot: Bot, named: Sequence[Profile]) -> PropertyItem:
    def holds(request: pytest.FixtureRequest, otp_profile: object) -> None:
        try:
            given = otp_profile if isinstance(otp_profile, profile.Profile) else profile.find(str(otp_profile))
            for known in named if len(named) > 1 else [given]:
                _hold(request.config, parent.path, name, bot, known)
        except MissingExtraError as error:
            raise pytest.skip.Exception(str(error)) from None
        except OtpError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None

    item: PropertyItem = PropertyItem.from_parent(parent, name=f"property[{name}]", callobj=holds)
    return item


def _hold(config: pytest.Config, path: Path, name: str, bot: Bot, known: Profile) -> None:
    """Look for a case that breaks the property; fail with it, or skip where the property does not speak of the bot."""
    from pytest_botpenguin_otp import properties

    held, subject = properties.PROPERTIES[name], properties.Subject(bot=bot, profile=known)
    reason = held.applies(subject)
    if reason is not None:
        pytest.skip(reason)
    seed = SystemRandom().randrange(SEEDS) if properties.is_random() and _free(config) else None
    found = properties.hunt(held, subject, seed=seed)
    if found is not None:
        again = None if seed is None else f"{SEED}={seed}"
        told = [*report.lines(name, found, bot, known, again), *_saved(config, path, name, found)]
        pytest.fail("\n".join(told), pytrace=False)


def _saved(config: pytest.Config, bot: Path, name: str, found: Broken) -> list[str]:
    """Write the chats as a chat file where that is wanted, and tell where; not such as would pass."""
    return save(config, bot, f"property_{name}", chats.written(found.chats, bot.name)) if found.shows else []


def _free(config: pytest.Config) -> bool:
    """Say whether the user chose no seed for Hypothesis."""
    return config.getoption(SEED, default=None) is None


class PropertyItem(pytest.Function):
    """One property, held against one bot; it may be given fixtures and marks like any test."""

    def reportinfo(self) -> tuple[Path, int, str]:
        """Give the bot's place."""
        return self.path, 0, self.name
