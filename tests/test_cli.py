"""The command line: what a person reads, and the exit codes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import SOUND, run, told
from typer.testing import CliRunner

from pytest_botpenguin_otp import _version, profile
from pytest_botpenguin_otp.cli import app, main, starting


def test_demo():
    """Three chats, masked, each with a heading and its verdict, then what to do next; the same each time."""
    result = run("demo")

    assert result.exit_code == 0
    for heading in ("1. The right code", "2. A wrong code, then the right one", "3. Twilio refuses the number"):
        assert heading in result.stdout
    assert re.findall("=> (.*)", result.stdout) == [
        "verified, end_chat",
        "verified, end_chat",
        "not verified, live_chat",
    ]
    assert "21211" in result.stdout
    assert "[code 1]" in result.stdout
    assert "0123" not in result.stdout
    assert "Next: botpenguin-otp init DIR" in result.stdout
    assert "\x1b" not in result.stdout
    assert run("demo").stdout == result.stdout


@pytest.mark.parametrize("name", profile.PROFILES)
def test_demo_under_every_profile(name):
    """The demo plays to its end whatever BotPenguin answers."""
    result = run("demo", "--profile", name, "--seed", "7")

    assert result.exit_code == 0
    assert f"Profile {name}, seed 7;" in result.stdout


def test_demo_under_a_profile_of_ones_own(tmp_path):
    """Where the code is elsewhere in the answer, the bot hands over early, and the demo says so."""
    form = profile.to_json(profile.PROFILES["mismatch-400"])
    form["name"] = "elsewhere"
    form["fields"]["send_ok"]["value"]["body"] = {"success": True, "otp": "{{code}}", "message": "", "code": 200}
    path = tmp_path / "elsewhere.json"
    path.write_text(json.dumps(form), encoding="utf-8")
    result = run("demo", "--profile", str(path))

    assert result.exit_code == 0, result.output
    assert "not verified, live_chat" in result.stdout


def test_starter_bot_is_the_sound_example():
    """The bot that init writes is the one that is tested most."""
    assert starting.content("bot.yaml") == SOUND.read_text(encoding="utf-8")


def test_init(tmp_path):
    """The four files are there, and pytest passes on them as written."""
    folder = tmp_path / "my bot"
    result = run("init", str(folder))

    assert result.exit_code == 0
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")) == sorted(starting.FILES)
    assert f"cd '{folder}' && pytest" in result.stdout
    for name in starting.FILES:
        assert str(folder / name) in result.stdout
    strict = [
        "-W",
        "error",
        "--strict-markers",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
    ]  # it warns where it is not set up
    for options in ([], strict):
        ran = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "pytest", *options], cwd=folder, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert re.search(r"\b14 passed", ran.stdout), ran.stdout
    assert run("check", *map(str, folder.rglob("*.yaml"))).exit_code == 0


def test_init_overwrites_nothing(tmp_path):
    """Files that are there already are all named, and nothing is written."""
    (tmp_path / "tests").mkdir()
    for name in ("conftest.py", "test_phone_login.py"):
        (tmp_path / "tests" / name).write_text("mine", encoding="utf-8")
    said = told(run("init", str(tmp_path)))

    assert "tests/conftest.py: is there already." in said
    assert "tests/test_phone_login.py: is there already." in said
    assert "Nothing was written." in said
    assert not (tmp_path / "bots").exists()
    assert {path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.*")} == {"mine"}


def test_init_takes_everything_back(tmp_path, monkeypatch):
    """If a file cannot be written, those before it and their folders are gone again."""
    rename = Path.rename

    def full(self, target):
        if Path(target).suffix == ".py":
            raise OSError(28, "No space left on device", str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", full)
    said = told(run("init", str(tmp_path / "new")))

    assert "No space left on device" in said
    assert list(tmp_path.iterdir()) == []


def test_init_into_a_file(tmp_path):
    """A file is no folder, nor has it any."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")

    for name in ("file", "file/new"):
        assert told(run("init", str(tmp_path / name))).startswith(f"{tmp_path / 'file'}: is a file. Name a folder")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_init_here(tmp_path, monkeypatch):
    """Where the folder is this one, there is nowhere to go next."""
    monkeypatch.chdir(tmp_path)

    assert run("init", ".").stdout.splitlines()[-1] == "Next: pytest"


def test_profiles():
    """All profiles side by side, every field with its meaning and provenance, differences marked; plain when piped."""
    result = run("profiles")

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    (header,) = [line for line in lines if line.startswith("| field")]
    assert [cell.strip() for cell in header.strip("|").split("|")] == ["field", "known", *profile.PROFILES]
    for name in profile.FIELDS:
        assert any(re.match(rf"\| {name} +\| (assumed|observed)", line) for line in lines), name
    assert max(map(len, lines)) <= 160
    assert result.stdout.isascii()
    (row,) = [line for line in lines if line.startswith("| code_type ")]
    assert [cell.strip() for cell in row.strip("|").split("|")][2:] == ["text", "text", "text", "* number", "text"]
    assert "| whether a sound bot" in result.stdout


def test_profiles_on_a_narrow_screen():
    """Where columns would be squeezed, each value is told once, with the profiles that have it."""
    result = CliRunner(env={"COLUMNS": "80"}).invoke(app, ["profiles"])

    assert result.exit_code == 0
    field = "code_type (assumed): whether the code comes as JSON text or number\n"
    values = "    mismatch-400, mismatch-200, status-envelope, pessimist: text\n  * numeric-code: number\n"
    assert field + values in result.stdout
    assert "    all: data.otp\n" in result.stdout
    for name in profile.FIELDS:
        assert f"\n{name} (" in result.stdout


def test_one_profile():
    """One profile with the source of every field."""
    result = run("profiles", "numeric-code")

    assert result.exit_code == 0
    assert "A sound bot cannot work under it." in result.stdout
    assert re.search(r"\| code_type +\| number +\| assumed 2026-11-22 +\|", result.stdout)
    assert result.stdout.count("relies on it") >= 5
    for name in profile.FIELDS:
        assert f"| {name} " in result.stdout


def test_profiles_as_json(tmp_path):
    """The JSON forms are the ones that a profile can be read from again."""
    every = json.loads(run("profiles", "--json").stdout)
    one = run("profiles", "pessimist", "--json").stdout
    path = tmp_path / "mine.json"
    path.write_text(one, encoding="utf-8")

    assert every == [profile.to_json(known) for known in profile.PROFILES.values()]
    assert json.loads(one) == profile.to_json(profile.PROFILES["pessimist"])
    assert json.loads(run("profiles", str(path), "--json").stdout) == json.loads(one)


@pytest.mark.parametrize("command", [["demo", "--profile"], ["chat", str(SOUND), "--profile"], ["profiles"]])
@pytest.mark.parametrize(
    "wrong",
    [
        ("pesimist", None, "There is no profile 'pesimist'. Did you mean 'pessimist'? Known: mismatch-200,"),
        ("x" * 5000, None, "There is no profile"),
        ("bad.json", b"{", "this is no profile in JSON"),
        ("bad.json", b"\xff", "this is no profile in JSON"),
        ("bad.json", b"{}", "format"),
        ("bad.json", b"[" * 100_000, "nested too deep"),
    ],
)
def test_unknown_profile(command, wrong, tmp_path, monkeypatch):
    """A profile that is none is told with the nearest fit."""
    name, content, part = wrong
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / name).write_bytes(content)

    assert part in told(run(*command, name))


def test_version_help_and_typos(capsys, monkeypatch):
    """The rest is as everywhere."""
    assert run("--version").stdout == f"botpenguin-otp {_version.__version__}\n"
    assert "Did you mean 'demo'?" in told(run("dmo"))
    assert "demo" in run("--help").stdout
    assert told(run("chat", "gone.bot.yaml")).startswith("gone.bot.yaml: there is no such file.")

    monkeypatch.setattr(sys, "argv", ["botpenguin-otp", "--version"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    assert capsys.readouterr().out == f"botpenguin-otp {_version.__version__}\n"
