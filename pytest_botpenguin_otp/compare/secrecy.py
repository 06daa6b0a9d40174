"""Which secrets a call sends, by their names: the fakes know secrets by their field, and would not notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import ApiCall
from pytest_botpenguin_otp.template import SecretRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_botpenguin_otp.bot import Api, Bot

__all__ = ["SECRET", "Kept", "kept"]

SECRET = "secret "  # noqa: S105  # the beginning of the name of a part
Kept = dict[str, tuple[tuple[str, str], ...]]
"""For each API the secrets that its calls send: where, and which."""


def kept(old: Bot, new: Bot, components: Mapping[str, str]) -> tuple[Kept, Kept]:
    """Return what each API of both bots sends of secrets, in the names of the new one.

    A name that the new bot does not know any more, and that is one other name wherever it stood, was only renamed: that
    is no difference. `components` of the old bot have their counterparts.
    """
    names = _renamed(old, new, list(_side_by_side(old, new, components)))
    return _of(old, names), _of(new, {})


def _of(bot: Bot, names: Mapping[str, str]) -> Kept:
    found: Kept = {}
    for name, api in bot.apis.items():
        fields: dict[str, list[str]] = {}
        for secret in _secrets(api):
            fields.setdefault(f"{SECRET}{secret.field}".strip(), []).append(names.get(secret.name, secret.name))
        found[name] = tuple(
            sorted((field, " ".join(f"${{{one}}}" for one in known)) for field, known in fields.items())
        )
    return found


def _secrets(api: Api) -> Iterator[SecretRef]:
    for template in (api.url, *(text for _, text in (*api.params, *api.headers)), api.body or ()):
        yield from (part for part in template if isinstance(part, SecretRef))


def _side_by_side(old: Bot, new: Bot, components: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield which name stands where which other one stood."""
    for known, other in components.items():
        here, there = old.components[known], new.components[other]
        if isinstance(here, ApiCall) and isinstance(there, ApiCall):
            one, another = (list(_secrets(bot.apis[call.api])) for bot, call in ((old, here), (new, there)))
            yield from ((a.name, b.name) for a, b in zip(one, another, strict=False) if a.field == b.field)


def _renamed(old: Bot, new: Bot, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    before, now = ({secret.name for api in bot.apis.values() for secret in _secrets(api)} for bot in (old, new))
    met = set(pairs)
    return {
        one: other
        for one, other in met
        if one not in now
        and other not in before
        and sum(one == known for known, _ in met) == sum(other == known for _, known in met) == 1
    }
