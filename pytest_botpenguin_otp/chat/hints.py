"""What somebody will have meant whose chat file has a step where none can be, or names a bot that is not there."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.documents import as_list, as_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.documents import Document

__all__ = ["misplaced", "near_bot"]

STEPS = ("user", "bot", "wait", "do", "during_delay", "as", "fault", "expect")
SETTINGS = ("profile", "seed", "cassette", "while_offered", "attributes")
"""What stands beside the steps of a conversation in its long form."""
ENDING = ".bot.yaml"
LIKE_FILE = 0.75
MOST = 8
"""So many files are told by name."""


def misplaced(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (place, message) for steps that are no list items, two in one, and settings in the place of a step."""
    for name, content in as_map(as_map(document.tree).get("conversations")).items():
        path = ("conversations", name)
        for key in as_map(content):
            if key in STEPS:
                told = f"{key!r} is a step: a conversation is a list of steps, and each begins with '- '."
                yield document.where(*path, key), told
        inside = (*path, "steps") if isinstance(content, dict) else path
        for index, step in enumerate(as_list(document.at(inside))):
            keys = [key for key in as_map(step) if key in STEPS]
            if len(keys) > 1:
                told = f"{len(keys)} steps stand in one: begin {keys[1]!r} with '- ', too."
                yield document.where(*inside, index), told
            for key in as_map(step):
                if key in SETTINGS:
                    told = f"{key!r} is no step: it stands beside 'steps', in the long form of a conversation."
                    yield document.where(*inside, index, key), told


def near_bot(folder: Path, path: Path) -> str:
    """Return which bot file may be meant by `path`, and those beside it; `folder` is the chat file's."""
    beside = sorted(found.name for found in path.parent.glob(f"*{ENDING}"))
    names = {name.removesuffix(ENDING): name for name in beside}
    close = get_close_matches(path.name.removesuffix(ENDING), names, n=1, cutoff=LIKE_FILE)
    if close:
        return f"Did you mean {names[close[0]]!r}, in the same folder?"
    around = [*folder.glob(f"*/{path.name}"), folder.parent / path.name, *folder.parent.glob(f"*/{path.name}")]
    found = next((one for one in sorted(around) if one.is_file()), None)
    if found is not None:
        return f"Did you mean {Path(os.path.relpath(found, folder)).as_posix()!r}? The path counts from the chat file."
    more = f" and {len(beside) - MOST} more" if len(beside) > MOST else ""
    known = f" Beside it there is: {', '.join(beside[:MOST])}{more}." if beside else ""
    return f"The path counts from the folder of the chat file.{known}"
