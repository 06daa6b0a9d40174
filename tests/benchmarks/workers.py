"""How long all rules take on a folder of 20 bots, with one worker of pytest-xdist and with two.

Run by hand: `python tests/benchmarks/workers.py`. Each bot is the sound example with a first question of its own, so
that nothing about one is known from another, and is explored under one profile. Runs are interleaved; median and
least seconds are printed.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

SOUND = Path(__file__).parents[1] / "examples" / "sound" / "phone-login.bot.yaml"
QUESTION = "What is your phone number?"
WORKERS, PROFILE = (1, 2), "mismatch-400"


def run(folder: str, workers: int) -> tuple[float, str]:
    """Return the seconds of one run of pytest, and how many tests passed in it."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--otp-bots=*.bot.yaml"]
    command += [f"--otp-profile={PROFILE}", "-n", str(workers), "--dist", "loadfile"]
    began = perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, text=True)  # noqa: S603
    took = perf_counter() - began
    if done.returncode != 0:
        raise SystemExit(done.stdout + done.stderr)
    return took, re.search(r"[0-9]+ passed", done.stdout)[0]


def main() -> None:
    """Print each run, and the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each number of workers is run")
    parser.add_argument("--bots", type=int, default=20, help="how many bots are in the folder")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, {options.bots} bots", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pytest.ini").write_text("[pytest]\n")
        text = SOUND.read_text(encoding="utf-8")
        for number in range(options.bots):
            bot = text.replace(QUESTION, f"Bot {number}. {QUESTION}")
            Path(folder, f"bot-{number:02}.bot.yaml").write_text(bot, encoding="utf-8")
        taken = {workers: [] for workers in WORKERS}
        for _ in range(options.rounds):
            for workers, seconds in taken.items():
                took, passed = run(folder, workers)
                seconds.append(took)
                print(f"-n {workers}: {took:.1f} s", flush=True)
    for workers, seconds in taken.items():
        print(f"-n {workers}: median {statistics.median(seconds):6.1f} s   least {min(seconds):6.1f} s   ({passed})")


if __name__ == "__main__":
    main()
