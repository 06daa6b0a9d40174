"""Every bot of the tests, checked once in a run: by one worker for all, and those alike but for their first line."""

import hashlib
import os
import pickle
from pathlib import Path
from typing import NamedTuple

from counting import resting

from pytest_botpenguin_otp import bot
from pytest_botpenguin_otp.rules import checked

__all__ = ["BOTS", "EXAMPLES", "check_all", "codes", "keep_in"]

BOTS = Path(__file__).parents[1] / "bots"
EXAMPLES = Path(__file__).parents[1] / "examples"
KNOWN = {}
SHELF = []


class Known(NamedTuple):
    """What is kept of a check."""

    findings: tuple


def keep_in(folder):
    """Keep what is found in a folder, for other workers of this run."""
    folder.mkdir(exist_ok=True)
    SHELF[:] = [folder]


def check_all(path):
    """Return what is found in a bot file under every profile."""
    text = path.read_text(encoding="utf-8")
    body = text.partition("\n")[2] if text.startswith("#") else text
    if body not in KNOWN:
        KNOWN[body] = _found_once(text, body, path)
    return KNOWN[body]


def _found_once(text, body, path):
    if not SHELF:
        return _found(text, path)
    kept = SHELF[0] / hashlib.sha256(body.encode()).hexdigest()
    if not kept.exists():
        new = kept.with_suffix(f".{os.getpid()}")
        new.write_bytes(pickle.dumps(_found(text, path)))
        new.replace(kept)
    return pickle.loads(kept.read_bytes())  # noqa: S301  # it was written in this run


def _found(text, path):
    with resting():
        return Known(checked(bot.parse(text, str(path))).findings)


def codes(path):
    """Return the codes of the rules that a bot breaks."""
    return {finding.rule for finding in check_all(path).findings}
