"""A bot as its file is, or as git has it at some revision; git is read only."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.errors import OtpError

if TYPE_CHECKING:
    from pytest_botpenguin_otp.bot import Bot

__all__ = ["NotThereError", "RevisionError", "at_revision", "load"]

PATIENCE_S = 30
SHORT = 80
OTHERS = {"GIT_COMMON_DIR", "GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE"}
"""What git tells its hooks of the repository that they run for: it would be taken for the one of the folder."""
NOT_OURS = (
    "git reads no repository that somebody else owns. If you trust it: "
    "`git config --global --add safe.directory FOLDER`, with the folder that .git is in."
)
SHALLOW = " This clone is shallow: `git fetch --unshallow` brings the rest (in actions/checkout: fetch-depth: 0)."


class RevisionError(OtpError):
    """A bot cannot be read from git: no git, no repository, no such revision, or no such file in it."""


class NotThereError(RevisionError):
    """A revision has no such file."""


def load(named: str) -> Bot:
    """Read the bot at a path, or as `REV:path` in git; raise `FileError` or `RevisionError`.

    As in git, `path` begins at the top of the repository, or with `./` where one stands.
    """
    revision, colon, path = named.partition(":")
    if not colon or not revision or Path(named).exists():
        return bots.load(Path(named))
    return _parsed(revision, path, Path())


def at_revision(path: Path, revision: str) -> Bot:
    """Read a bot file as it was at a revision of the repository it is in; raise `FileError` or `RevisionError`.

    A file that git knows to have been renamed since is read by its old name, a link where it leads.
    """
    path = path.resolve()
    try:
        return _parsed(revision, f"./{path.name}", path.parent)
    except NotThereError:
        old = _renamed_from(path, revision)
        if old is None:
            raise
        return _parsed(revision, old, path.parent)


def _renamed_from(path: Path, revision: str) -> str | None:
    """Return the old name of a file, from the top of its repository, where git sees that it was renamed."""
    words = ("diff", "--no-ext-diff", "--find-renames", "--diff-filter=R", "--name-status", "-z", revision)
    known = _git(path.parent, *words).stdout.decode("utf-8", "replace").split("\0")
    top = _git(path.parent, "rev-parse", "--show-toplevel").stdout.decode("utf-8", "replace").strip()
    for old, new in zip(known[1::3], known[2::3], strict=False):
        if Path(top, new).resolve() == path.resolve():
            return old
    return None


def _parsed(revision: str, path: str, folder: Path) -> Bot:
    if not revision or revision.startswith("-"):
        raise RevisionError(f"{revision!r} is no revision of git. Name a branch, a tag or a commit.")
    if not path.strip("./"):
        raise RevisionError(f"{revision}:{path} names no file. Write REV:path, such as HEAD:bots/login.bot.yaml.")
    asked = _git(folder, "rev-parse", "--git-dir")
    if b"dubious ownership" in asked.stderr:
        raise RevisionError(f"{folder.resolve()}: {NOT_OURS}")
    if asked.returncode:
        raise RevisionError(f"{folder.resolve()} is in no git repository, so there is no {revision!r} to compare with.")
    if _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").returncode:
        shallow = _git(folder, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
        told = f"git knows no revision {_short(revision)!r}. Name a branch, a tag or a commit."
        raise RevisionError(f"{told}{SHALLOW if shallow else ''}")
    shown = _git(folder, "show", "--no-textconv", "--end-of-options", f"{revision}:{path}")
    if shown.returncode:
        raise NotThereError(
            f"git has no file {_short(path)!r} at {revision!r}. The path begins at the top of the repository, or with "
            "./ at this folder."
        )
    if shown.stdout.startswith(f"tree {revision}:".encode()):
        raise RevisionError(f"{revision}:{path} is a folder. Name a *.bot.yaml file in it.")
    file = f"{revision}:{path.removeprefix('./')}"
    try:
        text = shown.stdout.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RevisionError(f"{file}: not UTF-8 text (byte {error.start}).") from error
    return bots.parse(text, file)


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """Run git without a shell and without asking anybody anything."""
    ours = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_PAGER": "cat"}
    env = {name: value for name, value in os.environ.items() if name not in OTHERS} | ours
    try:
        return subprocess.run(  # noqa: S603  # words of a list, no shell
            ["git", *words],  # noqa: S607  # the user's own git
            cwd=folder,
            env=env,
            capture_output=True,
            check=False,
            timeout=PATIENCE_S,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError as error:
        raise RevisionError("git is not installed here, so no revision can be read. Name a file instead.") from error
    except subprocess.TimeoutExpired as error:
        raise RevisionError(f"git did not answer within {PATIENCE_S} s.") from error
    except OSError as error:
        raise RevisionError(f"git cannot be run in {folder}: {error.strerror}.") from error


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT]}..."
