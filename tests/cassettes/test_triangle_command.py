"""`botpenguin-otp cassettes verify`: what a person reads, what a machine reads, and the exit codes."""

import json

import pytest
from commandline import run, told
from recordings import SHIPPED

FORMAT = "botpenguin-otp/verify@1"
OLD = SHIPPED / "login-mismatch-400.yaml"


def verify(*args):
    """Run the command."""
    return run("cassettes", "verify", *map(str, args))


@pytest.fixture
def shelf(tmp_path):
    """Give a folder with one old cassette of ours, and a file that is none."""
    folder = tmp_path / "cassettes"
    (folder / "deep").mkdir(parents=True)
    text = OLD.read_text(encoding="utf-8").replace("2026-11-23", "2020-01-01")
    (folder / "deep" / "old.yaml").write_text(text, encoding="utf-8")
    (folder / "other.yaml").write_text("interactions: []\nversion: 1\n", encoding="utf-8")
    (folder / "notes.txt").write_text("format: botpenguin-otp/cassette@1", encoding="utf-8")
    return folder


def test_same(shelf):
    """A cassette that is the same leaves with 0, and says how old it is and what it proves."""
    result = verify(shelf)

    assert result.exit_code == 0
    assert "old.yaml: same (4 of 4 checked under mismatch-400)" in result.stdout
    assert "recorded from a fake: it proves nothing of the real service" in result.stdout
    assert "warning: It is " in result.stdout
    assert "1 cassette: 4 same; none from the real service, so nothing of it is proved." in result.stdout


def test_too_old(shelf):
    """An age that is too great leaves with 1, exchange by exchange."""
    result = verify(shelf, "--max-age", "30")

    assert result.exit_code == 1
    assert "stale" in result.stdout
    assert "at most 30 are allowed" in result.stdout


def test_drift(shelf):
    """Drift leaves with 1, and names the interaction, its line, and what differs."""
    result = verify(shelf, "--profile", "mismatch-200")

    assert result.exit_code == 1
    assert "interaction 2 (line 28), POST /integrations/custom-feature/verify-user-otp: drift" in result.stdout
    assert "HTTP status: recorded 400, the fake 200" in result.stdout
    assert "1 cassette: 3 same, 1 drift;" in result.stdout


def test_who_stands_alone(shelf):
    """The one that the other two agree against is named."""
    assert "the recording stands alone" in verify(shelf, "--profile", "numeric-code").stdout


def test_values(shelf):
    """A value counts where it is named."""
    result = verify(shelf, "--value", "code", "--value", "data.otp")

    assert result.exit_code == 1
    assert "the value at data.otp: recorded another value, the fake another value" in result.stdout
    assert verify(shelf, "--value", "code").exit_code == 0


def test_nothing(tmp_path):
    """A folder without cassettes leaves with 1: nothing was checked."""
    result = verify(tmp_path)

    assert result.exit_code == 1
    assert "Nothing was checked, and that is a failure." in result.stdout


def test_default_folder(shelf, monkeypatch):
    """Without a path it is the folder `cassettes`."""
    monkeypatch.chdir(shelf.parent)

    assert verify().exit_code == 0


def test_nothing_could_be_checked(shelf):
    """A cassette of what cannot be checked fails, and says why."""
    text = OLD.read_text(encoding="utf-8").replace("code: 200\n", "code: 503\n").replace("code: 400\n", "code: 503\n")
    (shelf / "down.yaml").write_text(text, encoding="utf-8")
    result = verify(shelf / "down.yaml")
    both = verify(shelf)

    assert result.exit_code == 1
    assert "503 tells of that day" in result.stdout
    assert "Nothing was checked" in result.stdout
    assert "4 same, 4 could not be checked" in both.stdout


def test_unreadable(shelf):
    """A file that cannot be used leaves with 2, and the others are told all the same."""
    result = verify(shelf, shelf / "nothing.yaml")

    assert "nothing.yaml: there is no such cassette." in told(result)
    assert "4 same" in result.stdout


@pytest.mark.parametrize("args", [("--profile", "mismatch"), ("--max-age", "-1"), ("--max-age", "soon")])
def test_usage(shelf, args):
    """What makes no sense leaves with 2."""
    assert verify(shelf, *args).exit_code == 2


def test_json(shelf):
    """`--json` prints one document with all of it."""
    result = verify(shelf, shelf / "nothing.yaml", "--profile", "mismatch-200", "--json")
    document = json.loads(result.stdout)
    (cassette,) = document["cassettes"]

    assert result.exit_code == 2
    assert (document["format"], document["failed"], document["checked"], document["checked_real"]) == (
        FORMAT,
        True,
        4,
        0,
    )
    assert len(document["faults"]) == 1
    assert (cassette["verdict"], cassette["real"], cassette["profile"]) == ("drift", False, "mismatch-200")
    assert [one["verdict"] for one in cassette["exchanges"]] == ["same", "drift", "same", "same"]
    assert cassette["exchanges"][1]["line"] == 28


def test_real(shelf):
    """What was recorded from the real service is counted apart."""
    path = shelf / "deep" / "old.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("target: fake", "target: real"), encoding="utf-8")

    assert "4 same; 4 from the real service." in verify(shelf).stdout


def test_the_profile_that_a_cassette_names():
    """Each shipped cassette is held against the profile of its source, all of them in one run."""
    result = verify(SHIPPED)

    assert result.exit_code == 0
    for name in ("mismatch-200", "mismatch-400", "numeric-code", "status-envelope"):
        assert f"login-{name}.yaml: same (4 of 4 checked under {name})" in result.stdout
    assert "--profile" not in result.stdout


def test_a_cassette_that_names_no_profile(tmp_path):
    """Where one that names none fails, the way to name one is told; not where one was named."""
    text = (SHIPPED / "login-mismatch-200.yaml").read_text(encoding="utf-8")
    path = tmp_path / "it.yaml"
    path.write_text(text.replace("profile mismatch-200", "a profile of ours"), encoding="utf-8")
    result = verify(path)

    assert result.exit_code == 1
    assert "A cassette that names no shipped profile is held against mismatch-400;" in result.stdout
    assert "names no shipped profile" not in verify(path, "--profile", "mismatch-400").stdout
    assert verify(path, "--profile", "mismatch-200").exit_code == 0
