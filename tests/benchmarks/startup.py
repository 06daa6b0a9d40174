"""What each plugin adds to the start of `pytest`, in millions of instructions, by `valgrind --tool=callgrind`.

Run by hand: `python tests/benchmarks/startup.py`; it takes minutes. One trivial test is run without plugins, then with
one at a time (`PYTEST_DISABLE_PLUGIN_AUTOLOAD=1`, `-p NAME`). With `-p`, pytest looks through the metadata of all that
is installed, for any plugin alike; so an empty one is measured too, and "own" is what a plugin costs beyond that.

`--python PYTHON` names the interpreter of an environment that pytest and the wheel of this project are installed in:
what a user's start pays, entry point and list of files included, is then printed beside it. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

GOAL = 8
PLUGINS = {
    "ours": "pytest_botpenguin_otp.plugin",
    "pytest-recording": "pytest_recording.plugin",
    "pytest-xdist": "xdist.plugin",
    "pytest-asyncio": "pytest_asyncio.plugin",
    "pytest-httpserver": "pytest_httpserver.pytest_plugin",
    "respx": "respx.plugin",
    "hypothesis": "_hypothesis_pytestplugin",
}


def count(folder: str, *options: str, python: str = sys.executable, autoload: bool = False) -> float:
    """Return millions of instructions of one run, the second of two: the first one compiles."""
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    environment = {**os.environ, "PYTHONPATH": folder, "PYTHONHASHSEED": "0"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if not autoload:
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)  # noqa: S603
    traced = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command]
    done = subprocess.run(traced, cwd=folder, env=environment, check=True, capture_output=True, text=True)  # noqa: S603
    return int(re.search(r"Collected : ([0-9]+)", done.stderr)[1]) / 1e6


def plugins(folder: str) -> None:
    """Print what each plugin adds, and what of that is its own."""
    bare = count(folder)
    empty = count(folder, "-p", "empty_plugin") - bare
    print(f"{'bare pytest':18} {bare:7.1f} M")
    print(f"{'an empty plugin':18} {empty:+7.1f} M")
    for name, plugin in PLUGINS.items():
        if find_spec(plugin.partition(".")[0]) is None:
            print(f"{name:18} not installed")
            continue
        added = count(folder, "-p", plugin) - bare
        goal = f" (goal: at most {GOAL})" if name == "ours" else ""
        print(f"{name:18} {added:+7.1f} M, own {added - empty:+7.1f} M{goal}", flush=True)


def installed(folder: str, python: str) -> None:
    """Print what the installed wheel adds to the start that its users have."""
    whole = count(folder, python=python, autoload=True)
    unlisted = count(folder, "-p", "no:botpenguin-otp", python=python, autoload=True)
    print(f"{'installed, all':18} {whole:7.1f} M; not loaded, but its files listed {unlisted:7.1f} M")


def main() -> None:
    """Print the table."""
    if shutil.which("valgrind") is None:
        raise SystemExit("There is no valgrind on PATH; it counts the instructions.")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--python", help="an interpreter that pytest and the wheel of this project are installed in")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_it.py").write_text("def test_it(): pass\n")
        Path(folder, "empty_plugin.py").write_text("")
        plugins(folder)
        if options.python:
            installed(folder, options.python)


if __name__ == "__main__":
    main()
