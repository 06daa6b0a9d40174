"""Worlds and files by the words of a command line."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import profile
from pytest_botpenguin_otp.errors import FileError, ProfileError, did_you_mean
from pytest_botpenguin_otp.world import World

if TYPE_CHECKING:
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["chosen_profile", "file", "world"]

MOST = 8
"""So many files are told by name."""
OURS = ("*.bot.yaml", "*.chat.yaml")


def chosen_profile(name: str | None) -> Profile:
    """Return the profile of `--profile`, or the default; raise `ProfileError`."""
    try:
        return profile.find(profile.DEFAULT if name is None else name)
    except OSError as error:
        raise ProfileError.unknown(str(name), profile.PROFILES) from error


def world(name: str | None, seed: int) -> World:
    """Make a world under the profile of `--profile`."""
    return World(chosen_profile(name), seed)


def file(named: str) -> Path:
    """Return the path of a bot or chat file; raise `FileError`, naming what is near, where there is none."""
    path = Path(named)
    try:
        if path.is_dir():
            raise FileError([f"{path}: this is a folder. {_near(path, '')}"])
        if not path.exists():
            raise FileError([f"{named}: there is no such file. {_near(path.parent, path.name)}"])
    except OSError as error:
        raise FileError([f"{named}: cannot be read: {error.strerror}."]) from error
    return path


def _near(folder: Path, name: str) -> str:
    deep = "*/" if not name and not any(found for pattern in OURS for found in folder.glob(pattern)) else ""
    there = sorted(found.relative_to(folder).as_posix() for pattern in OURS for found in folder.glob(deep + pattern))
    if not there:
        return "Name a *.bot.yaml or *.chat.yaml file."
    if name and len(there) <= MOST:
        return did_you_mean(name, there)
    close = get_close_matches(name, there, n=1, cutoff=0.5)
    near = f"Did you mean {close[0]!r}? Known" if close else "Known" if name else "Name a file in it"
    more = f" and {len(there) - MOST} more" if len(there) > MOST else ""
    return f"{near}: {', '.join(there[:MOST])}{more}."
