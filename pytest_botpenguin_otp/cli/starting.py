"""The command `init`: four files to begin with, all or none."""

from __future__ import annotations

import shlex
from contextlib import ExitStack
from importlib import resources
from pathlib import Path

from pytest_botpenguin_otp.cli.screen import Screen
from pytest_botpenguin_otp.errors import FileError

__all__ = ["FILES", "content", "init"]

FILES = {
    "bots/phone-login.bot.yaml": "bot.yaml",
    "tests/test_phone_login.chat.yaml": "chat.yaml",
    "tests/test_phone_login.py": "test.py.txt",
    "tests/conftest.py": "conftest.py.txt",
}
"""Where each file goes, and its name in the package."""


def content(name: str) -> str:
    """Return a starter file's text."""
    return (resources.files("pytest_botpenguin_otp") / "starter" / name).read_text(encoding="utf-8")


def init(folder: str) -> None:
    """Write the starter files under `folder`; raise `FileError`, with nothing written, where that cannot be."""
    root = Path(folder)
    try:
        for part in (root, *root.parents):
            if part.exists() and not part.is_dir():
                raise FileError([f"{part}: is a file. Name a folder, or one that is to be made."])
        there = [path for path in map(root.joinpath, FILES) if path.exists() or path.is_symlink()]
        if there:
            raise FileError(
                [
                    *(f"{path}: is there already." for path in there),
                    "Nothing was written. Choose another folder, or move these files away.",
                ]
            )
        _write(root)
    except OSError as error:
        raise FileError([f"{error.filename or folder}: cannot be written: {error.strerror}."]) from error
    screen = Screen()
    for name in FILES:
        screen.line(f"wrote {root / name}")
    screen.line("Next: pytest" if root == Path() else f"Next: cd {shlex.quote(folder)} && pytest", "bold")


def _write(root: Path) -> None:
    """Write to temporary names, then rename; take everything back if anything goes wrong."""
    with ExitStack() as back:
        pairs = []
        for name, source in FILES.items():
            path = root / name
            _make_folder(path.parent, back)
            temporary = path.with_name(f".{path.name}.part")
            back.callback(temporary.unlink, missing_ok=True)
            temporary.write_text(content(source), encoding="utf-8", newline="\n")
            pairs.append((temporary, path))
        for temporary, path in pairs:
            temporary.rename(path)
            back.callback(path.unlink, missing_ok=True)
        back.pop_all()


def _make_folder(folder: Path, back: ExitStack) -> None:
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    for part in reversed(missing):
        part.mkdir()
        back.callback(part.rmdir)
