"""A bot file that is sound, and the head of any."""

from pathlib import Path

__all__ = ["HEAD", "SOUND"]

SOUND = Path(__file__).parent.parent / "examples" / "sound" / "phone-login.bot.yaml"
HEAD = "format: botpenguin-otp/bot@1\nname: B\n"
