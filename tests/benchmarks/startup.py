"""What each plugin adds to the start of `pytest`, in millions of instructions, by `valgrind --tool=callgrind`.

Run by hand: `python tests/benchmarks/startup.py`; it takes minutes. One trivial test is run without plugins, then with
one at a time (`PYTEST_DISABLE_PLUGIN_AUTOLOAD=1`, `-p NAME`). Nothing is asserted.
"""

from __future__ import annotations

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


def count(folder: str, plugin: str | None) -> float:
    """Return millions of instructions of one run, the second of two: the first one compiles."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(("-p", plugin) if plugin else ())]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONHASHSEED": "0"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)  # noqa: S603
    traced = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command]
    done = subprocess.run(traced, cwd=folder, env=environment, check=True, capture_output=True, text=True)  # noqa: S603
    return int(re.search(r"Collected : ([0-9]+)", done.stderr)[1]) / 1e6


def main() -> None:
    """Print the table."""
    if shutil.which("valgrind") is None:
        raise SystemExit("There is no valgrind on PATH; it counts the instructions.")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_it.py").write_text("def test_it(): pass\n")
        bare = count(folder, None)
        print(f"{'bare pytest':18} {bare:7.1f} M")
        for name, plugin in PLUGINS.items():
            if find_spec(plugin.partition(".")[0]) is None:
                print(f"{name:18} not installed")
                continue
            added = count(folder, plugin) - bare
            print(f"{name:18} {added:+7.1f} M", f"(goal: at most {GOAL})" if name == "ours" else "", flush=True)


if __name__ == "__main__":
    main()
