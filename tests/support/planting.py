"""The sound bot with bugs planted in it."""

import copy

from editing import TREE, built

from pytest_botpenguin_otp.profile import DEFAULT, PROFILES

__all__ = ["GONE", "PROFILE", "edited"]

PROFILE = PROFILES[DEFAULT]
GONE = object()
"""Put where a key is to be taken away."""


def edited(*edits):
    """Return the sound bot with values put at paths into its tree; a component may be named alone."""
    tree = copy.deepcopy(TREE)
    for *path, value in edits:
        first, *rest = path
        whole = (first, *rest) if first == "apis" else ("flows", "main", "components", first, *rest)
        *above, last = whole
        at = tree
        for key in above:
            at = at[key]
        if value is GONE:
            del at[last]
        else:
            at[last] = value
    return built(tree)
