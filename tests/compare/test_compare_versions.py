"""A bot is read from a file or from git, and whatever cannot be read is told in words."""

import subprocess

import pytest
from editing import SOUND

from pytest_botpenguin_otp.compare import NotThereError, RevisionError, at_revision, load, versions
from pytest_botpenguin_otp.errors import FileError

TEXT = SOUND.read_text(encoding="utf-8")


def git(folder, *words):
    """Run git in a repository of a test, as nobody in particular."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Give a repository with the sound bot in a folder, changed since."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    bots = tmp_path / "bots"
    bots.mkdir()
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    (bots / "login.bot.yaml").write_text(TEXT, encoding="utf-8")
    (bots / "broken.bot.yaml").write_bytes(b"\xff\xfe")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "one")
    (bots / "login.bot.yaml").write_text(TEXT.replace("Welcome!", "Hello!"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_and_a_revision(repository):
    """The same path is read as it is now, and as it was."""
    now, then = load("bots/login.bot.yaml"), load("HEAD:bots/login.bot.yaml")

    assert now.components != then.components
    assert then.file == "HEAD:bots/login.bot.yaml"
    assert at_revision(repository / "bots" / "login.bot.yaml", "main").components.keys() == then.components.keys()


def test_a_link(repository):
    """A link to a bot is compared with what the bot was: git keeps of the link no more than where it leads."""
    link = repository / "link.bot.yaml"
    link.symlink_to(repository / "bots" / "login.bot.yaml")
    git(repository, "add", "link.bot.yaml")
    git(repository, "commit", "--quiet", "-m", "a link")

    assert at_revision(link, "HEAD").components.keys() == load("HEAD:bots/login.bot.yaml").components.keys()


@pytest.mark.parametrize(
    ("named", "error", "told"),
    [
        ("nowhere:bots/login.bot.yaml", RevisionError, "git knows no revision 'nowhere'"),
        ("HEAD:bots/other.bot.yaml", NotThereError, "git has no file 'bots/other.bot.yaml' at 'HEAD'"),
        ("HEAD:bots", RevisionError, "HEAD:bots is a folder"),
        ("HEAD:", RevisionError, "names no file"),
        ("--output=x:bots/login.bot.yaml", RevisionError, "is no revision of git"),
        ("HEAD:bots/broken.bot.yaml", RevisionError, "not UTF-8 text"),
        ("bots/nothing.bot.yaml", FileError, "there is no such file"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_what_cannot_be_read(named, error, told):
    """An unknown revision or path, an option in disguise, a folder: each is told for what it is."""
    with pytest.raises(error, match=told):
        load(named)


def test_outside_of_a_repository(tmp_path, monkeypatch):
    """Where there is no repository, that is what is said."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)

    with pytest.raises(RevisionError, match="is in no git repository"):
        load("HEAD:login.bot.yaml")


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (FileNotFoundError(), "git is not installed here"),
        (subprocess.TimeoutExpired("git", 1), "git did not answer within"),
        (PermissionError(13, "Permission denied"), "git cannot be run in .*: Permission denied"),
    ],
)
def test_without_git(monkeypatch, failure, told):
    """A git that is missing or stuck is told, with the way out."""

    def fail(*_, **__):
        raise failure

    monkeypatch.setattr(versions.subprocess, "run", fail)
    with pytest.raises(RevisionError, match=told):
        load("HEAD:login.bot.yaml")


def test_under_a_hook_of_git(repository, monkeypatch):
    """A hook's git names the repository that it runs for, which changes nothing about where a file is looked for."""
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository / ".git" / "index.lock"))
    monkeypatch.chdir(repository / "bots")

    assert load("HEAD:./login.bot.yaml").file == "HEAD:login.bot.yaml"
    assert at_revision(repository / "bots" / "login.bot.yaml", "HEAD").components


@pytest.mark.usefixtures("repository")
def test_somebody_elses_repository(monkeypatch):
    """What git does not read since somebody else owns it, as in many containers, is not called no repository."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

    with pytest.raises(RevisionError, match=r"git reads no repository that somebody else owns\..* safe\.directory"):
        load("HEAD:bots/login.bot.yaml")


def test_a_shallow_clone(repository, tmp_path, monkeypatch):
    """Where a clone is shallow, as on many build servers, a revision that is unknown may be one to be fetched."""
    git(repository, "commit", "--quiet", "--all", "-m", "two")
    git(repository, "clone", "--quiet", "--depth", "1", repository.as_uri(), str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")

    with pytest.raises(RevisionError, match=r"no revision 'HEAD~1'.* This clone is shallow: `git fetch --unshallow`"):
        load("HEAD~1:bots/login.bot.yaml")


@pytest.mark.usefixtures("repository")
def test_nothing_is_written(repository):
    """Reading a revision leaves the repository as it was."""
    before = sorted((file.name, file.stat().st_mtime_ns) for file in repository.rglob("*") if file.is_file())
    load("HEAD:bots/login.bot.yaml")

    assert sorted((file.name, file.stat().st_mtime_ns) for file in repository.rglob("*") if file.is_file()) == before
