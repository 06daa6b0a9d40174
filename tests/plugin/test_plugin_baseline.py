"""A bot file is held against what it was at a revision, and only what became more lax fails."""

import subprocess

import pytest

NAME = "phone-login.bot.yaml"


@pytest.fixture
def repository(project, monkeypatch):
    """Give a user's project under git, with the sound bot in it."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(project.path / "none"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.path.parent))
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    for words in (("init", "--quiet"), ("add", NAME), ("commit", "--quiet", "-m", "one")):
        subprocess.run(["git", *who, *words], cwd=project.path, check=True, capture_output=True)  # noqa: S603, S607
    return project


def run(project, *args):
    """Run the baseline item alone."""
    return project.run(f"{NAME}::baseline", "--otp-profile=mismatch-400", *args)


def test_unchanged(repository):
    """A bot that is what it was passes."""
    run(repository, "--otp-baseline=HEAD").assert_outcomes(passed=1)


def test_more_lax(repository):
    """A shorter delay fails, with the chat that shows it."""
    repository.file(NAME, repository.bot.replace("delay: 30", "delay: 10"))
    result = run(repository, "--otp-baseline=HEAD")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*phone-login.bot.yaml is more lax than at HEAD.", "*the delay is shorter: 10 s, and was 30 s*"]
    )
    assert "Traceback" not in result.stdout.str()


def test_workers(repository):
    """Workers of pytest-xdist compare with the revision as one process does."""
    repository.file(NAME, repository.bot.replace("delay: 30", "delay: 10"))
    args = (f"{NAME}::baseline", "--otp-profile=mismatch-400", "--otp-baseline=HEAD", "-n", "2", "--dist", "loadfile")
    result = repository.run_alone(*args)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the delay is shorter: 10 s, and was 30 s*"])


def test_merely_different(repository):
    """Another text passes and is listed, also where the ini file asks for it."""
    repository.file(NAME, repository.bot.replace("Welcome!", "Hello!"))
    repository.ini("otp_baseline = HEAD")
    result = run(repository, "-rP")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*different: the user hears something else*"])


def test_a_budget(repository):
    """A comparison that was cut proves nothing, and fails."""
    repository.file(NAME, repository.bot.replace("Welcome!", "Hello!"))
    result = run(repository, "--otp-baseline=HEAD", "--otp-states=3")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*not proved: the search was cut by the budget of 3 states.*"])


def test_what_was_not_compared(repository):
    """A difference behind which nothing can be compared proves nothing, and the item says so instead of passing."""
    repository.file(NAME, repository.bot.replace("colleague: {type: live_chat}", ASKED))
    result = run(repository, "--otp-baseline=HEAD", "-rs")

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*not proved: after the difference at main/colleague nothing could be compared.*"])


ASKED = """colleague: {type: name, message: "Who are you?", save: nick, next: over}
      over: {type: live_chat}"""


def test_renamed(repository):
    """A file that git knows under another name is compared with what it was."""
    subprocess.run(["git", "mv", NAME, "other.bot.yaml"], cwd=repository.path, check=True)  # noqa: S603, S607
    lax = repository.bot.replace("delay: 30", "delay: 10")
    repository.file("other.bot.yaml", lax)
    result = repository.run("other.bot.yaml::baseline", "--otp-profile=mismatch-400", "--otp-baseline=HEAD")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*other.bot.yaml is more lax than at HEAD.", "*shorter: 10 s, and was 30 s*"])


def test_new_here(repository):
    """A bot that was not there yet has nothing to be compared with."""
    repository.changed_bot(("Welcome!", "Hello!"), name="other.bot.yaml")
    result = repository.run("other.bot.yaml::baseline", "--otp-baseline=HEAD", "-rs")

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*nothing to compare with: git has no file*"])


def test_no_such_revision(repository):
    """A revision that is unknown fails in a sentence."""
    result = run(repository, "--otp-baseline=nowhere")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["git knows no revision 'nowhere'. Name a branch, a tag or a commit."])
    result.stdout.no_fnmatch_line("*another exception*")


def test_not_asked_for(repository):
    """Without the option there is no such item."""
    assert "baseline" not in repository.run(NAME, "--collect-only", "-q").stdout.str()
