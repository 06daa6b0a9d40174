"""Writes the chats that break a rule or a property as chat files, where the user wants them."""

from __future__ import annotations

import json
import os
import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

__all__ = ["save"]

OPTION = "otp_save_counterexamples"
MARK = "# Written by --otp-save-counterexamples, and written anew by each run that finds this."
"""The first line of each file that is saved: one without it is somebody else's."""
BOT_LINE = re.compile("^bot: .*$", re.MULTILINE)


def save(config: pytest.Config, bot: Path, about: str, text: str) -> list[str]:
    """Write a chat file for the bot file beside it, if the option or its ini twin says where; tell where it went.

    `about` is the rule and line, or the property, that the file is named after.
    """
    told = str(config.getoption(OPTION) or config.getini(OPTION) or "")
    if not told:
        return []
    folder = Path(config.invocation_params.dir, told)
    folder.mkdir(parents=True, exist_ok=True)
    here = Path(os.path.relpath(bot, config.rootpath)).as_posix()
    file = folder / f"test_{_slug(here)}_{about}.chat.yaml"
    if file.exists() and not file.read_bytes().startswith(MARK.encode()):
        return [f"    not written to {_short(file)}: what is there is not ours; move it, or name another folder"]
    way = Path(os.path.relpath(bot, folder)).as_posix()
    moved = BOT_LINE.sub(lambda _: f"bot: {json.dumps(way, ensure_ascii=False)}", text, count=1)
    file.write_text(f"{MARK}\n{moved}", encoding="utf-8", newline="\n")
    return [f"    written to {_short(file)}"]


def _slug(here: str) -> str:
    """Return a name for the bot at a path that no other bot has; without its folders where it has none."""
    name = here.removesuffix(".bot.yaml")
    slug = re.sub(r"\W+", "_", name).strip("_")
    return slug if slug == name else f"{slug}_{sha256(here.encode()).hexdigest()[:8]}"


def _short(path: Path) -> Path:
    """Return `path` as one reads it from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
