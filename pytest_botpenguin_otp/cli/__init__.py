"""The command `botpenguin-otp`: what a person types, translated into calls; each command imports what it needs."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from pytest_botpenguin_otp._version import __version__
from pytest_botpenguin_otp.cli import cassettes
from pytest_botpenguin_otp.cli.errors import plainly

__all__ = ["app", "main"]

app = typer.Typer(
    name="botpenguin-otp",
    help="Test a BotPenguin phone-login bot, offline.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.add_typer(cassettes.app)

PROFILE = typer.Option(metavar="NAME", help="How BotPenguin answers: a shipped profile, or the path of one in JSON.")
SEED = typer.Option(metavar="N", help="The seed of all codes and ids.")
STRICT = typer.Option("--strict", help="Fail on everything that is listed, also on what only an own backend can mend.")
PROVE = typer.Option("--prove", help="Search also where both bots are the same but for names and places.")
STATES = typer.Option(metavar="N", min=1, help="End after so many states.")
MEGABYTES = typer.Option(metavar="N", min=1, help="End when the states take so much memory.")
VERBOSE = typer.Option("--verbose", help="Show the chat behind each finding, also behind what is only listed.")
SECONDS = typer.Option(metavar="N", min=0, help="End after so many seconds.")
CHATS = typer.Option(metavar="TESTS", help="Chat files, or folders of them; may be given more than once.")
FLOOR = typer.Option(metavar="PERCENT", min=0, max=100, help="Fail below this score, and for no survivor above it.")
OUTPUT = typer.Option("-o", "--output", metavar="FILE", help="Write it here, not on stdout; over no file of yours.")
MARKDOWN = typer.Option("--markdown", help="Print it all as one Markdown document on stdout.")
JSON = typer.Option("--json", help="Print the result as one JSON document, and nothing else, on stdout.")


def main() -> None:
    """Run the command line; odd bytes on the streams never end it."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    app(prog_name="botpenguin-otp")


@plainly()
def _version(asked: bool) -> None:  # noqa: FBT001  # typer calls it so
    if asked:
        typer.echo(f"botpenguin-otp {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Test a BotPenguin phone-login bot, offline."""


@app.command(short_help="Watch a phone login three times.")
@plainly()
def demo(
    profile: Annotated[str | None, PROFILE] = None,
    seed: Annotated[int, SEED] = 0,
) -> None:
    """Play a phone login three times: right code, wrong code first, Twilio refusing the number."""
    from pytest_botpenguin_otp.cli import demonstrating

    demonstrating.demo(profile, seed)


@app.command(short_help="Write a bot and its tests to begin with.")
@plainly()
def init(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="Where to write them; made if it is not there.")],
) -> None:
    """Write a bot, a chat file, a Python test and a conftest to begin with; overwrites nothing."""
    from pytest_botpenguin_otp.cli import starting

    starting.init(folder)


@app.command(short_help="Tell what is wrong with bot and chat files.")
@plainly()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Bot and chat files.")],
    *,
    profile: Annotated[str | None, PROFILE] = None,
    states: Annotated[int, STATES] = 200_000,
    seconds: Annotated[float, SECONDS] = 60,
    megabytes: Annotated[int, MEGABYTES] = 1024,
    verbose: Annotated[bool, VERBOSE] = False,
    strict: Annotated[bool, STRICT] = False,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Read bot and chat files and tell every fault in them, and every rule that a bot breaks.

    Leaves with 0 if all is well, 1 if a rule is broken that the bot could keep or the search of a bot was cut, 2 if a
    file cannot be used.
    """
    from pytest_botpenguin_otp.cli import checking
    from pytest_botpenguin_otp.explorer import Bounds

    bounds = Bounds(states=states, seconds=seconds, megabytes=megabytes)
    raise typer.Exit(checking.check(files, profile, bounds, strict=strict, json=json, verbose=verbose))


@app.command(short_help="Show what can happen to a bot.")
@plainly()
def explore(
    bot: Annotated[str, typer.Argument(metavar="BOT", help="The bot file to explore.")],
    *,
    profile: Annotated[str | None, PROFILE] = None,
    states: Annotated[int, STATES] = 200_000,
    seconds: Annotated[float, SECONDS] = 60,
    megabytes: Annotated[int, MEGABYTES] = 1024,
    faults: Annotated[int, typer.Option(metavar="N", min=0, help="Let so many calls go wrong in one chat.")] = 2,
    replay: Annotated[str | None, typer.Option(metavar="TOKEN", help="Play the one way that a token tells.")] = None,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Show how many states a bot has, whether all were seen, how its chats can come out, and what is never reached.

    Leaves with 0 if all was seen, 1 if not, 2 if the bot cannot be read.
    """
    from pytest_botpenguin_otp.cli import exploring
    from pytest_botpenguin_otp.explorer import Bounds

    bounds = Bounds(states=states, seconds=seconds, megabytes=megabytes, faults=faults)
    raise typer.Exit(exploring.explore(bot, profile, bounds, replay=replay, json=json))


@app.command(short_help="Talk to a bot in the terminal.")
@plainly()
def chat(
    bot: Annotated[str, typer.Argument(metavar="BOT", help="The bot file to talk to.")],
    profile: Annotated[str | None, PROFILE] = None,
    seed: Annotated[int, SEED] = 0,
) -> None:
    """Type to a bot; the SMS appear beside it, and time passes at once. /help tells what else there is."""
    from pytest_botpenguin_otp.cli import talking

    talking.chat(bot, profile, seed)


@app.command(short_help="Show what BotPenguin leaves undocumented.")
@plainly()
def profiles(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Show this one only, with its sources.")] = None,
    *,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Show what BotPenguin leaves undocumented, and what each profile assumes, side by side."""
    from pytest_botpenguin_otp.cli import listing

    listing.profiles(name, json=json)


@app.command(short_help="Show the rules that bots are held against.")
@plainly()
def rules(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="Show this one only, such as AU01.")] = None,
    *,
    json: Annotated[bool, JSON] = False,
    markdown: Annotated[bool, MARKDOWN] = False,
) -> None:
    """Show every rule that a bot is held against; with a code, why it matters, what to do, and by which standards."""
    from pytest_botpenguin_otp.cli import ruling

    ruling.rules(code, json=json, markdown=markdown)


@app.command(short_help="Tell what a change does to a bot.")
@plainly()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The bot before: a file, or REV:path in git.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The bot after: a file, or REV:path in git.")],
    *,
    profile: Annotated[str | None, PROFILE] = None,
    states: Annotated[int, STATES] = 200_000,
    seconds: Annotated[float, SECONDS] = 60,
    megabytes: Annotated[int, MEGABYTES] = 1024,
    prove: Annotated[bool, PROVE] = False,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Compare two bots by what they do: prove them equal, or show the shortest chats in which they differ.

    Leaves with 0 if they are equal, 1 if they differ or the search was cut, 2 if one cannot be read.
    """
    from pytest_botpenguin_otp.cli import diffing
    from pytest_botpenguin_otp.explorer import Bounds

    bounds = Bounds(states=states, seconds=seconds, megabytes=megabytes)
    raise typer.Exit(diffing.diff(old, new, profile, bounds, prove=prove, json=json))


@app.command(short_help="Tell which changes no chat would notice.")
@plainly()
def mutate(
    bot: Annotated[str, typer.Argument(metavar="BOT", help="The bot file to change.")],
    *,
    chats: Annotated[list[str], CHATS],
    profile: Annotated[str | None, PROFILE] = None,
    floor: Annotated[float | None, FLOOR] = None,
    states: Annotated[int, STATES] = 200_000,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Change a bot, one edit at a time, and tell which changes none of its chats would notice, each with one that does.

    Changes that are proved to make no difference do not count. Leaves with 0 if all others are noticed, 1 if one is
    not, if fewer are than `--floor` asks for, or if the search was cut, 2 if a file cannot be used or a chat fails on
    the bot as it is.
    """
    from pytest_botpenguin_otp.cli import mutating
    from pytest_botpenguin_otp.explorer import Bounds

    raise typer.Exit(mutating.mutate(bot, chats, profile, Bounds(states=states), floor=floor, json=json))


@app.command(short_help="Write chats that notice every change.")
@plainly()
def generate(
    bot: Annotated[str, typer.Argument(metavar="BOT", help="The bot file to write chats for.")],
    *,
    output: Annotated[str | None, OUTPUT] = None,
    profile: Annotated[str | None, PROFILE] = None,
    states: Annotated[int, STATES] = 200_000,
) -> None:
    """Write a chat file that takes every way through a bot and notices every change to it, with no chat to spare.

    What no chat can cover is told on stderr, and at the top of the file. Leaves with 0, 1 if the search was cut, 2 if a
    file cannot be used.
    """
    from pytest_botpenguin_otp.cli import generating
    from pytest_botpenguin_otp.explorer import Bounds

    raise typer.Exit(generating.generate(bot, output, profile, Bounds(states=states)))
