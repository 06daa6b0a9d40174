"""How long it takes to change the sound example, to grade its chats, and to generate chats. Run it; it prints."""

import sys
from pathlib import Path
from time import process_time

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import documents, mutants, player
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES

SOUND = Path(__file__).parents[1] / "examples" / "sound" / "phone-login.bot.yaml"
PLAYS = 50


def timed(what, call):
    """Print what a call took in seconds of one core, and return what it returned."""
    began = process_time()
    result = call()
    print(f"{what}: {process_time() - began:.2f} s")
    return result


def play(conversations, bot):
    """Play conversations again and again; return the milliseconds of one."""
    began = process_time()
    for _ in range(PLAYS):
        for one in conversations:
            player.play(one, bot, player.world_for(one, PROFILES[DEFAULT], 0))
    return 1000 * (process_time() - began) / PLAYS / len(conversations)


def main():
    """Print what each part costs on one core."""
    found = timed("make mutants", lambda: mutants.made(documents.read(SOUND)))
    conversations = mutants.find(SOUND, [SOUND.parent]).conversations
    print(f"one conversation: {play(conversations, bots.load(SOUND)):.2f} ms; {len(found.mutants)} mutants")
    grade = timed(f"grade {len(conversations)} conversations", lambda: mutants.grade(SOUND, conversations))
    print(f"{grade.score:.1f} %: {len(grade.killed)} killed, {len(grade.survived)} survived", end="")
    print(f", {len(grade.equivalent)} equivalent, {len(grade.beyond)} beyond chats")
    made = timed("generate", lambda: mutants.generate(SOUND))
    print(f"{len(made.conversations)} conversations")
    every = timed("grade those", lambda: mutants.grade(SOUND, made.conversations))
    print(f"{every.score:.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
