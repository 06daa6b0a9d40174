"""Bots that log people in: sound by construction, or with one flaw of a known name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pytest_botpenguin_otp.errors import check_type, did_you_mean
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES, Profile
from pytest_botpenguin_otp.strategies.broken import StrategyError
from pytest_botpenguin_otp.strategies.flaws import FLAWS
from pytest_botpenguin_otp.strategies.shapes import Shape, Written, least_delays, login, mismatch_status, written

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["flawed_bots", "sound_bots"]

MOST_ATTEMPTS = 4
SCHEMES = {"any-scheme": ("", "Bearer "), "bare": ("",), "bearer": ("Bearer ",)}
DEFAULT_PROFILE = PROFILES[DEFAULT]


@st.composite
def _shapes(draw: st.DrawFn, profile: Profile, least: int, branches: tuple[str, ...]) -> Shape:
    attempts = draw(st.integers(least, MOST_ATTEMPTS))
    resend = draw(st.sampled_from(["none", "word", "choice"])) if attempts > 1 else "none"
    resend_at = draw(st.integers(1, attempts - 1)) if resend != "none" else 1
    guarded = tuple(draw(st.lists(st.booleans(), min_size=attempts, max_size=attempts)))
    more = draw(st.lists(st.integers(0, 3), min_size=attempts, max_size=attempts))
    delays = zip(least_delays(attempts, guarded, resend, resend_at), more, strict=True)
    branch = draw(st.sampled_from(branches))
    saves = profile.saves_when == "always" and branch != "status"
    whole = draw(st.booleans())
    return Shape(
        attempts=attempts,
        resend=resend,
        resend_at=resend_at,
        branch=branch,
        whole=saves and whole,
        guarded=guarded,
        delays=tuple(least + extra for least, extra in delays),
        scheme=draw(st.sampled_from(SCHEMES[profile.authorization])),
        own_urls=draw(st.booleans()),
        redirect=draw(st.booleans()),
    )


def _branches(profile: Profile) -> tuple[str, ...]:
    by_flag = ("flag", "not_flag", "any_of")
    return by_flag if mismatch_status(profile) is None else (*by_flag, "status")


def sound_bots(profile: Profile = DEFAULT_PROFILE) -> st.SearchStrategy[Written]:
    """Give bots that keep every promise under `profile`, which is to be an honest one.

    The code and the flag are mapped as the profile says. What varies: 1 to 4 attempts; a resend by a word, by a choice
    or not at all; branching by status or flag, where the profile allows both; guards against an empty code; delays, of
    5 seconds after a send and 2 after a verify or more; whose URLs; one flow or two.
    """
    _check(profile)
    return _shapes(profile, 1, _branches(profile)).map(lambda shape: written(login(shape, profile), shape))


def flawed_bots(
    profile: Profile = DEFAULT_PROFILE, *, flaws: Collection[str] = tuple(FLAWS)
) -> st.SearchStrategy[Written]:
    """Give bots that would be sound but for one flaw of `FLAWS`, whose name they carry.

    Raises `StrategyError` for an unknown flaw.
    """
    _check(profile)
    if isinstance(flaws, str) or not flaws:
        raise StrategyError(f"flawed_bots(flaws=...) takes some flaws, such as [{next(iter(FLAWS))!r}].")
    for name in flaws:
        if name not in FLAWS:
            raise StrategyError(f"There is no flaw {name!r}. {did_you_mean(name, FLAWS)}")
    return st.sampled_from(list(flaws)).flatmap(lambda name: _flawed(profile, name))


def _check(profile: Profile) -> None:
    check_type("What takes a profile", profile, Profile, "a profile, such as pytest_botpenguin_otp.profile.find(NAME)")


def _flawed(profile: Profile, name: str) -> st.SearchStrategy[Written]:
    flaw = FLAWS[name]
    branches = ("status",) if flaw.by_status else _branches(profile)

    def spoiled(shape: Shape) -> Written:
        tree = login(shape, profile)
        flaw.spoil(tree, shape, profile)
        return written(tree, shape, name)

    return _shapes(profile, flaw.attempts, branches).map(spoiled)
