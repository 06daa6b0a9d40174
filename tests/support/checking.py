"""Every bot of the tests, checked once in a run: those that are alike but for their first line together."""

from pathlib import Path

from pytest_botpenguin_otp import bot
from pytest_botpenguin_otp.rules import checked

__all__ = ["BOTS", "EXAMPLES", "check_all", "codes"]

BOTS = Path(__file__).parents[1] / "bots"
EXAMPLES = Path(__file__).parents[1] / "examples"
KNOWN = {}


def check_all(path):
    """Check a bot file under every profile."""
    text = path.read_text(encoding="utf-8")
    body = text.partition("\n")[2] if text.startswith("#") else text
    if body not in KNOWN:
        KNOWN[body] = checked(bot.parse(text, str(path)))
    return KNOWN[body]


def codes(path):
    """Return the codes of the rules that a bot breaks."""
    return {finding.rule for finding in check_all(path).findings}
