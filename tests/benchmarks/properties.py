"""How fast bodies are generated and conversations are played, beside the same two calls through a bare respx mock.

Run by hand: `python tests/benchmarks/properties.py`. It prints how many a second of CPU (the best of some rounds), on
one core. Nothing is asserted.
"""

from __future__ import annotations

import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test
from two_calls import mocked, send, two_calls

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.player import play
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.stateful import OtpMachine
from pytest_botpenguin_otp.strategies import conversations, send_bodies
from pytest_botpenguin_otp.world import World

BOT = bots.load(Path(__file__).parents[1] / "examples" / "sound" / "phone-login.bot.yaml")
ROUNDS, EXAMPLES = 5, 1000
QUIET = settings(
    database=None,
    deadline=None,
    max_examples=EXAMPLES,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def best(work, each: int) -> float:
    """Return how many of `each` are done a second of CPU in the best round."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return each / min(taken)


def generated(strategy, then=lambda _: None):
    """Return what draws from a strategy, and does something with each value."""

    @QUIET
    @given(strategy)
    def draw(value):
        then(value)

    return draw


def one_conversation() -> None:
    """Log in with the right code, in a fresh world."""
    world = World()
    chat = FlowRunner(world).start(BOT)
    chat.user("+1 415 555 0123")
    chat.user(world.handset().code())


def main() -> None:
    """Print the table."""
    made = OtpMachine.of(BOT)

    def machine() -> None:
        run_state_machine_as_test(made, settings=settings(made.TestCase.settings, max_examples=200))

    with mocked() as client:

        def pairs() -> None:
            for _ in range(200):
                two_calls(client)

        def log_in() -> None:
            for _ in range(500):
                one_conversation()

        subjects = {
            "valid send bodies generated": (generated(send_bodies()), EXAMPLES),
            "the same, each sent to a bare respx mock": (
                generated(send_bodies(), lambda body: send(client, body)),
                EXAMPLES,
            ),
            "conversations stepped in process": (log_in, 500),
            "conversations generated (each played while it is made)": (generated(conversations(BOT)), EXAMPLES),
            "conversations generated and played": (
                generated(conversations(BOT), lambda one: play(one, BOT, World())),
                EXAMPLES,
            ),
            "conversations of OtpMachine, 10 steps each": (machine, 200),
            "the two calls of a conversation through bare respx": (pairs, 200),
        }
        for name, (work, each) in subjects.items():
            print(f"{name:58} {best(work, each):8,.0f} a second")


if __name__ == "__main__":
    main()
