"""Which files are cassettes of ours: by the folder they lie in, and by their format line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes import form

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_botpenguin_otp.cassettes.model import Cassette

__all__ = ["FOLDER", "files", "is_ours", "load"]

FOLDER = "cassettes"
SUFFIXES = (".yaml", ".yml")
OURS = re.compile(rb"^[ \t]+format:[ \t]*[\"']?botpenguin-otp/cassette@", re.MULTILINE)
HEAD = 1 << 12


def is_ours(path: Path) -> bool:
    """Say whether a file is a cassette that says so itself; an old one of vcrpy's does not."""
    if path.suffix not in SUFFIXES or path.name.startswith(".") or not path.is_file():
        return False
    with path.open("rb") as file:
        return OURS.search(file.read(HEAD)) is not None


def files(path: Path) -> tuple[Path, ...]:
    """Return the cassettes in a folder and below, sorted; a file is itself, whatever it holds."""
    if not path.is_dir():
        return (path,)
    return tuple(sorted(found for found in path.rglob("*") if is_ours(found)))


def load(path: Path) -> Cassette:
    """Read a cassette; links may not lead out of its `cassettes` folder, or of its own. Raises `FileError`."""
    root = next((parent for parent in path.parents if parent.name == FOLDER), path.parent)
    return form.load(path, root=root)
