"""A bot file's chats are held against every change to it, and a floor."""

import pytest
from mutating import SMALL, SMALL_CHAT

NAME = "login.bot.yaml"


@pytest.fixture
def small(project):
    """Give a user's project with README's bot and its chats in a folder of tests."""
    project.file(NAME, SMALL.read_text(encoding="utf-8"))
    chats = SMALL_CHAT.read_text(encoding="utf-8").replace("phone-login", "../login")
    project.file("tests/test_login.chat.yaml", chats)
    return project


def run(project, *args):
    """Run the item alone."""
    return project.run(f"{NAME}::mutants", *args)


def test_below_the_floor(small):
    """Chats that notice too little fail, with every change that goes unnoticed and a chat that would notice."""
    result = run(small, "--otp-mutants=70")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "below the floor of 70 %: 67.6 % of the changes to login.bot.yaml are noticed: 46 noticed, 22 unnoticed",
            "graded: 2 conversations in tests/test_login.chat.yaml",
            "this change would go unnoticed: sorry says something else (login.bot.yaml:36)",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_above_the_floor(small):
    """Chats that notice enough pass; what they miss is in the report. The ini file asks for it as well."""
    small.ini("otp_mutants = 60", "testpaths = tests")
    result = run(small, "-rP")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["this change would go unnoticed: sorry says something else (login.bot.yaml:36)"])


def test_unused_faults(small):
    """A chat whose fault never strikes cannot grade, unless the project allows such."""
    chats = small.path / "tests" / "test_login.chat.yaml"
    unused = "\n    - fault: {botpenguin: {send: {status: 500, nth: 9}}}\n    - user:"
    chats.write_text(chats.read_text(encoding="utf-8").replace("\n    - user:", unused, 1), encoding="utf-8")
    refused = run(small, "--otp-mutants=60")
    graded = run(small, "--otp-mutants=60", "--otp-allow-unused-faults", "-rP")

    refused.assert_outcomes(failed=1)
    refused.stdout.fnmatch_lines(["*fails on the bot as it is: A fault never struck as planned: *"])
    graded.assert_outcomes(passed=1)
    graded.stdout.fnmatch_lines(["67.6 % of the changes to login.bot.yaml are noticed: 46 noticed, 22 unnoticed"])


def test_chats_elsewhere(small):
    """Chats that stand outside of the project's testpaths do not count, and that is said plainly."""
    small.ini("otp_mutants = 60", "testpaths = tests/other")
    (small.path / "tests" / "other").mkdir()
    result = run(small)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["no test_[*].chat.yaml under tests/other names login.bot.yaml, so that every change*"])


@pytest.mark.parametrize("floor", ["x", "101", "-1"])
def test_no_floor(small, floor):
    """What is no floor is refused with what is wanted."""
    result = small.run(NAME, f"--otp-mutants={floor}")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [f"*--otp-mutants (or otp_mutants in the ini file) wants a number from 0 to 100*{floor}*"]
    )


def test_not_asked(small):
    """Without the option there is no such item."""
    assert "::mutants" not in small.run(NAME, "--collect-only", "-q").stdout.str()
