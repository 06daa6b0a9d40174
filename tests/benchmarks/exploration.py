"""How long all rules take on a bot, beside the same promise as a hypothesis state machine. Run it; it prints."""

import sys
from pathlib import Path
from time import perf_counter

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import checked
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.world import World

TESTS = Path(__file__).parents[1]
PLANTED = TESTS / "bots" / "AU07-breaks.bot.yaml"
RUNS, EXAMPLES = 10, (100, 1000)
PHONES = ["+1 415 555 0123", "+44 7700 900123"]
FAULTS = ["none", 400, 401, 429, 500, {"timeout": True}, {"reset": True}, {"lost": True}]


class LetInError(AssertionError):
    """Someone was let in after a send that had failed."""


def machine(path):
    """Return the state machine of a bot: a user who types, services that fail, and the promise of AU07."""
    bot = bots.load(path)

    class Chat(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.world = World(PROFILES["mismatch-400"])
            self.chat = FlowRunner(self.world).start(bot)

        @rule(
            what=st.sampled_from(["phone", "code", "previous", "again", "I have it", "", "hello"]),
            phone=st.sampled_from(PHONES),
            fault=st.sampled_from(FAULTS),
            operation=st.sampled_from(["send", "verify"]),
        )
        def say(self, what, phone, fault, operation):
            if self.chat.ended != "waiting":
                return
            if fault != "none":
                self.world.botpenguin.fail(**{operation: fault})
            sent = [one.code for one in self.world.botpenguin.sent] or ["000000"]
            text = {"phone": phone, "code": sent[-1], "previous": sent[-2:][0]}.get(what, what)
            self.chat.user(text)
            sends = self.chat.calls("Send OTP")
            if self.chat.verified and sends and sends[-1].status != 200:
                raise LetInError

    return Chat


def by_hypothesis(examples):
    """Return in how many runs the planted fault was found, and the seconds of each run."""
    found, took = 0, []
    for number in range(RUNS):
        made = seed(number)(machine(PLANTED))
        began = perf_counter()
        try:
            run_state_machine_as_test(
                made,
                settings=settings(
                    max_examples=examples,
                    stateful_step_count=10,
                    database=None,
                    deadline=None,
                    print_blob=False,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        except LetInError:
            found += 1
        took.append(perf_counter() - began)
    return found, took


def main():
    """Print states and seconds for the examples, and the comparison."""
    for path in [*sorted(TESTS.glob("examples/*/*.bot.yaml")), PLANTED]:
        began = perf_counter()
        result = checked(bots.load(path))
        took = perf_counter() - began
        told = [run.outcomes.exploration for run in result.explorations]
        states, moves = sum(one.states for one in told), sum(one.transitions for one in told)
        whole = all(one.exhaustive for one in told)
        name = path.relative_to(TESTS)
        print(f"{name}: {len(told)} profiles, {states} states, {moves} transitions, exhaustive {whole}, {took:.2f} s")
    for examples in EXAMPLES:
        found, took = by_hypothesis(examples)
        print(
            f"hypothesis, {examples} examples a run: found in {found} of {RUNS} runs, "
            f"{sum(took) / len(took):.2f} s a run, the longest {max(took):.2f} s"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
