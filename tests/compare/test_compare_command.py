"""The command `diff` shows what a change does, and its exit code says whether it does anything."""

import json

import pytest
from commandline import GUIDE, SOUND, run, told

from pytest_botpenguin_otp import contracts

TEXT = SOUND.read_text(encoding="utf-8")


@pytest.fixture
def new(tmp_path):
    """Write the sound bot with one delay cut short."""
    file = tmp_path / "new.bot.yaml"
    file.write_text(TEXT.replace("delay: 30", "delay: 10"), encoding="utf-8")
    return str(file)


def test_equal(tmp_path):
    """The same bot under other names leaves with 0, at once or with the proof."""
    file = tmp_path / "renamed.bot.yaml"
    file.write_text(TEXT.replace("wrong_code", "sorry").replace("user_otp", "typed"), encoding="utf-8")
    at_once, by_proof = run("diff", str(SOUND), str(SOUND)), run("diff", str(SOUND), str(file), "--profile=pessimist")

    assert (at_once.exit_code, by_proof.exit_code) == (0, 0)
    assert "equal: yes, exhaustive (the same text)" in at_once.stdout
    assert "equal: yes, exhaustive" in by_proof.stdout
    assert "pairs of states" in by_proof.stdout


def test_prove():
    """The proof is made where it is asked for."""
    result = run("diff", str(SOUND), str(SOUND), "--prove", "--profile", "mismatch-400")

    assert result.exit_code == 0
    assert "pairs of states" in result.stdout


def test_different(new):
    """A difference leaves with 1, and is shown as a chat."""
    result = run("diff", str(SOUND), new, "--profile", "mismatch-400")

    assert result.exit_code == 1
    assert "more lax: the same comes at another time" in result.stdout
    assert "the delay is shorter: 10 s, and was 30 s" in result.stdout
    assert "-    30.0 s  call     Send OTP" in result.stdout
    assert "+    10.0 s  call     Send OTP" in result.stdout


def test_json(new):
    """Machines get one document, and nothing else."""
    result = run("diff", str(SOUND), new, "--profile", "mismatch-400", "--json")
    found = json.loads(result.stdout)

    assert result.exit_code == 1
    assert contracts.check("output/diff", found) == ()
    assert found["format"] == "botpenguin-otp/diff@1"
    assert [one["verdict"] for one in found["differences"]] == ["more lax"]
    assert found["profiles"] == ["mismatch-400"]


def test_json_of_another_bot():
    """What two bots of different shapes differ in has the same form, their rules too."""
    found = json.loads(run("diff", str(GUIDE), str(SOUND), "--profile", "mismatch-200", "--json").stdout)

    assert contracts.check("output/diff", found) == ()
    assert found["differences"]
    assert found["mended"]


def test_unreadable(tmp_path, new):
    """Whatever is wrong with either is told, and leaves with 2."""
    broken = tmp_path / "broken.bot.yaml"
    broken.write_text(TEXT.replace("next: send_code", "next: send_cod"), encoding="utf-8")
    lines = told(run("diff", str(broken), str(tmp_path / "none.bot.yaml")))

    assert "There is no component 'send_cod'. Did you mean 'send_code'?" in lines
    assert "none.bot.yaml: there is no such file." in lines
    assert "git knows no revision" in told(run("diff", f"nowhere:{SOUND.name}", new))
    assert told(run("diff", "v1.2", new)).endswith(" A bot as it was at 'v1.2' in git is v1.2:PATH.\n")
    assert "There is no profile 'nobody'" in told(run("diff", new, new, "--profile", "nobody"))
