"""The commands `cassettes ...`: what a person types about recordings; each command imports what it needs."""

from __future__ import annotations

from typing import Annotated

import typer

from pytest_botpenguin_otp.cli.errors import plainly

__all__ = ["app"]

app = typer.Typer(
    name="cassettes",
    help="Look after recordings of the real service, and learn from them.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

JSON = typer.Option("--json", help="Print the result as one JSON document, and nothing else, on stdout.")
FOLDER = "cassettes"


@app.command(short_help="Tell what is wrong with cassettes.")
@plainly()
def audit(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH", help="Cassettes, or folders of them; else: cassettes.")
    ] = None,
    *,
    max_age: Annotated[int | None, typer.Option(metavar="DAYS", min=0, help="Find fault with what is older.")] = None,
    tests: Annotated[
        str | None, typer.Option(metavar="DIR", help="Find fault with cassettes that no test in here names.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Answers of this profile keep their contract too; of a name, or in JSON."),
    ] = None,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Search cassettes for secrets, and hold them against their age, provenance and contracts; shows no value.

    Leaves with 0 if all is well, 1 if something was found, 2 if a file cannot be read.
    """
    from pytest_botpenguin_otp.cli import taping

    raise typer.Exit(taping.audit(paths or [FOLDER], max_age=max_age, tests=tests, profile=profile, json=json))


@app.command(short_help="Scrub an old cassette of vcrpy's.")
@plainly()
def scrub(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A cassette, as vcrpy wrote it.")],
    *,
    made: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day it was recorded, where the file does not tell.")
    ] = None,
) -> None:
    """Write FILE once more, as FILE.scrubbed.yaml, with a pseudonym for each sensitive value; overwrites nothing.

    What cannot be scrubbed safely is not written. Nothing in the file is run.
    """
    from pytest_botpenguin_otp.cli import taping

    taping.scrub(file, made)


@app.command(short_help="Show a cassette as a person reads it.")
@plainly()
def show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The cassette.")],
    *,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Show each exchange of a cassette; sensitive values appear as pseudonyms, whatever the file holds."""
    from pytest_botpenguin_otp.cli import taping

    taping.show(file, json=json)


@app.command(short_help="Make a profile of recordings.")
@plainly()
def learn(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="Cassettes; or the JSON body of an answer, pasted; - reads stdin."),
    ],
    *,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="PROFILE.json", help="Write it here, not on stdout.")
    ] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="The name of the profile.")] = "learned",
    base: Annotated[
        str | None, typer.Option(metavar="NAME", help="The profile to begin with: a shipped one, or one in JSON.")
    ] = None,
    operation: Annotated[
        str, typer.Option(metavar="send|verify", help="What was called, where an answer is pasted.")
    ] = "",
    status: Annotated[
        int | None,
        typer.Option(metavar="N", min=100, max=599, help="The status of a pasted answer: 200, but to a wrong code."),
    ] = None,
    mismatch: Annotated[bool, typer.Option("--mismatch", help="The pasted answer is one to a wrong code.")] = False,
) -> None:
    """Make a profile of what recordings, or answers pasted out of BotPenguin's API Logs or Test panel, show.

    What they do not show stays as in the profile to begin with, and is listed on stderr. Leaves with 1 if they
    contradict each other, or show nothing at all.
    """
    from pytest_botpenguin_otp.cli import taping

    paste = taping.Paste(operation=operation, status=status, mismatch=mismatch)
    raise typer.Exit(taping.learn(files, paste, output=output, name=name, base=base))


@app.command(short_help="Hold contract, recording and fake against each other.")
@plainly()
def verify(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH", help="Cassettes, or folders of them; else: cassettes.")
    ] = None,
    *,
    profile: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="A shipped profile, or the path of one in JSON; else the one that a cassette names."
        ),
    ] = None,
    max_age: Annotated[int | None, typer.Option(metavar="DAYS", min=0, help="Fail for what is older.")] = None,
    value: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="A path in the answers whose value must be the same too; may be repeated."),
    ] = None,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Replay recorded requests into the fakes, and tell which of contract, recording and fake stands alone.

    Leaves with 0 if all is the same, 1 for drift, for what is too old and where nothing was checked, 2 if a file
    cannot be used.
    """
    from pytest_botpenguin_otp.cli import verifying

    raise typer.Exit(verifying.verify(paths or [FOLDER], profile, max_age=max_age, values=value or [], json=json))
