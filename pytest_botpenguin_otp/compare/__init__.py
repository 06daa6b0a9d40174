"""What a change does to a bot: two bots side by side, by what they do and not by what they are called."""

from pytest_botpenguin_otp.compare.comparison import (
    Comparison,
    UndecidedError,
    compare,
    compare_under,
    first_difference,
)
from pytest_botpenguin_otp.compare.difference import Difference, Ending, Mark
from pytest_botpenguin_otp.compare.versions import NotThereError, RevisionError, at_revision, load

__all__ = [
    "Comparison",
    "Difference",
    "Ending",
    "Mark",
    "NotThereError",
    "RevisionError",
    "UndecidedError",
    "at_revision",
    "compare",
    "compare_under",
    "first_difference",
    "load",
]
