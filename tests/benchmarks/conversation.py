"""A conversation of the guide in process, beside its two calls through bare respx: one run, interleaved.

Run by hand: `python tests/benchmarks/conversation.py`. It prints CPU microseconds (median and least of many rounds)
and the ratio of the medians. Nothing is asserted.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import httpx
from two_calls import mocked, two_calls

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.transports.http import OtpTransport, through
from pytest_botpenguin_otp.world import World

BOT = Path(__file__).parents[1] / "examples" / "readme" / "phone-login.bot.yaml"
ROUNDS, EACH = 60, 40


def main() -> None:
    """Print the table."""
    bot = bots.load(BOT)

    def conversation(service=None) -> None:
        world = World()
        chat = FlowRunner(world).start(bot, service=service(world) if service else None)
        chat.user("+1 415 555 0123")
        chat.user(world.handset().code())
        if not chat.verified or world.failures():
            raise SystemExit(chat.transcript())

    def through_httpx(world: World):
        return through(httpx.Client(transport=OtpTransport(world)))

    with mocked() as client:
        subjects = {
            "conversation in process, fresh world, journal, contracts": conversation,
            "the same, its two calls through httpx and our transport": lambda: conversation(through_httpx),
            "two calls through bare respx, nothing else": lambda: two_calls(client),
        }
        taken = {name: [] for name in subjects}
        for _ in range(ROUNDS):
            for name, subject in subjects.items():
                began = time.process_time()
                for _ in range(EACH):
                    subject()
                taken[name].append((time.process_time() - began) / EACH * 1e6)
    bare = statistics.median(taken["two calls through bare respx, nothing else"])
    for name, values in taken.items():
        median = statistics.median(values)
        print(f"{name:58} median {median:8.0f} us   least {min(values):8.0f} us   x{bare / median:5.1f} of bare respx")


if __name__ == "__main__":
    main()
