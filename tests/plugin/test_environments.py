"""What is installed is small, complete, and silent: the wheel in an environment with the core dependencies alone."""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from pytest_botpenguin_otp import contracts

ROOT = Path(__file__).parent.parent.parent
SOUND = ROOT / "tests" / "examples" / "sound"
OURS = {"pytest_botpenguin_otp", "pytest_botpenguin_otp.plugin"}
OFF = ("-p", "no:botpenguin-otp")
MODULES = """
import json
import sys

def pytest_unconfigure():
    with open("modules.json", "w") as file:
        json.dump(sorted(sys.modules), file)
"""


class Environment:
    """An interpreter with the wheel and the core dependencies, and a folder to run pytest in."""

    def __init__(self, path):
        venv.create(path, symlinks=True)
        self.site = Path(sysconfig.get_path("purelib", "venv", vars={"base": str(path)}))
        self.python = Path(sysconfig.get_path("scripts", "venv", vars={"base": str(path)})) / "python"

    def install(self, wheel, names):
        """Unpack the wheel and link the distributions beside it."""
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(self.site)
        for name in names:
            for entry in top_level(name):
                (self.site / entry.name).symlink_to(entry)

    def run(self, *args, cwd):
        """Run the interpreter without any setting of the outer run."""
        trap = {"PYTHONPATH": str(ROOT / "tests" / "support" / "trap")}
        kept = trap | {
            name: text for name, text in os.environ.items() if not name.startswith(("PYTEST", "PYTHON", "COV"))
        }
        command = [str(self.python), *args]
        return subprocess.run(command, cwd=cwd, env=kept, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603

    def pytest(self, *args, cwd):
        """Run pytest and return what the user reads."""
        done = self.run("-m", "pytest", "-p", "no:cacheprovider", "-W", "error", *args, cwd=cwd)
        return done.stdout + done.stderr


def top_level(name):
    """Return the files and folders of a distribution that stand in site-packages."""
    found = importlib.metadata.distribution(name)
    parts = {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}
    return [Path(found.locate_file(part)) for part in sorted(parts)]


def required(name, seen):
    """Add to `seen` the names of what the distribution needs without extras, and of what that needs."""
    for line in importlib.metadata.requires(name) or ():
        wanted = Requirement(line)
        if wanted.name not in seen and (wanted.marker is None or wanted.marker.evaluate({"extra": ""})):
            seen.add(wanted.name)
            required(wanted.name, seen)
    return seen


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """Build the wheel."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return next(target.glob("*.whl"))


@pytest.fixture(scope="session")
def core(wheel, tmp_path_factory):
    """Install the wheel with what it needs, and nothing else."""
    environment = Environment(tmp_path_factory.mktemp("core") / "venv")
    environment.install(wheel, required("pytest-botpenguin-otp", set()))
    return environment


@pytest.fixture
def names(wheel):
    """List the files in the wheel."""
    with zipfile.ZipFile(wheel) as packed:
        return packed.namelist()


def test_core(core, tmp_path):
    """The core brings no HTTP client, and none of the plugins that cost every run their start."""
    asked = "import importlib.util as u; print([n for n in {!r} if u.find_spec(n)])"
    absent = ["httpx", "respx", "hypothesis", "vcr", "pytest_recording", "anyio", "xdist", "twilio"]
    found = core.run("-c", asked.format([*absent, "pytest", "yaml"]), cwd=tmp_path)

    assert found.stdout == "['pytest', 'yaml']\n", found.stderr


def test_nothing_unless_asked(core, tmp_path):
    """A run that uses none of this imports our entry module, and no third-party module because of us."""
    (tmp_path / "conftest.py").write_text(MODULES, encoding="utf-8")
    (tmp_path / "test_own.py").write_text("def test_own(tmp_path): pass\n", encoding="utf-8")
    imported = {}
    for switch in ((), OFF):
        told = core.pytest(*switch, cwd=tmp_path)
        assert "1 passed" in told, told
        imported[switch] = set(json.loads((tmp_path / "modules.json").read_text(encoding="utf-8")))

    assert {name for name in imported[()] if name.startswith("pytest_botpenguin_otp")} == OURS
    assert imported[()] - imported[OFF] == OURS


def test_chat_files(core, tmp_path):
    """Chat files and the fixtures of the core run there, in a strict project."""
    shutil.copytree(SOUND, tmp_path, dirs_exist_ok=True)
    (tmp_path / "test_own.py").write_text(
        "def test_own(flow_runner, handset):\n"
        "    chat = flow_runner.start('phone-login.bot.yaml')\n"
        "    chat.user('+1 415 555 0123')\n"
        "    chat.user(handset.code())\n"
        "    assert chat.verified\n",
        encoding="utf-8",
    )

    told = core.pytest("--strict-markers", "--strict-config", cwd=tmp_path)

    assert "16 passed" in told


def test_missing_extra(core, tmp_path):
    """A fixture whose extra is missing says which line installs it, and nothing more."""
    (tmp_path / "test_own.py").write_text("def test_own(otp_respx): pass\n", encoding="utf-8")

    told = core.pytest(cwd=tmp_path)

    assert "The fixture otp_respx needs an extra: pip install 'pytest-botpenguin-otp[http]'" in told
    assert "1 error" in told
    assert "Traceback" not in told
    assert "collecting.py" not in told
    assert "ModuleNotFoundError" not in told


def test_missing_hypothesis(core, tmp_path):
    """Without Hypothesis the properties of a bot are skipped with the line that installs it; rules are held anyway."""
    shutil.copy(SOUND / "phone-login.bot.yaml", tmp_path)

    told = core.pytest("phone-login.bot.yaml", "-k", "property or AU02", "-rs", cwd=tmp_path)

    assert "1 passed, 6 skipped" in told
    assert "needs an extra: pip install 'pytest-botpenguin-otp[properties]'" in told


def test_contracts(core, names, tmp_path):
    """The contracts are found in the wheel and in an editable install, and are the same."""
    asked = "from pytest_botpenguin_otp import contracts as c; print(c.directory()); print(*c.names())"
    place, listed = core.run("-c", asked, cwd=tmp_path).stdout.splitlines()
    files = [path for path in contracts.directory().rglob("*.json") if "examples" not in path.parts]

    assert Path(place) == core.site / "pytest_botpenguin_otp" / "_contracts"
    assert contracts.directory() == ROOT / "contracts"
    assert listed.split() == list(contracts.names())
    for file in files:
        packed = Path(place) / file.relative_to(contracts.directory())
        assert packed.read_bytes() == file.read_bytes()
    assert len([name for name in names if "/_contracts/" in name]) == len(files)


def test_wheel(names):
    """The wheel is small, since every file of it costs each start of pytest: no examples, no tests."""
    tops = {name.partition("/")[0].partition("-")[0] for name in names}

    assert len(names) < 340
    assert tops == {"pytest_botpenguin_otp"}
    tests = [name for name in names if Path(name).name.startswith("test_")]
    assert {Path(name).parent.as_posix() for name in tests} == {"pytest_botpenguin_otp/suite"}  # what users run
    assert [name for name in names if "/examples/" in name] == []
    assert "pytest_botpenguin_otp/py.typed" in names


def test_entry_module():
    """The module that every pytest start imports has nothing but pytest and typing at its top."""
    asked = (
        "import json, sys, pytest\nbefore = set(sys.modules)\nimport pytest_botpenguin_otp.plugin\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603

    assert set(json.loads(done.stdout)) == OURS
