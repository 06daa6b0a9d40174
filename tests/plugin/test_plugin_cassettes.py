"""Conversations that a recording answers: `cassette: NAME` in the long form."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECORDED = """
format: botpenguin-otp/chat@1
bot: phone-login.bot.yaml
conversations:
  a wrong code, then the right one:
    cassette: login
    steps:
      - user: "+44 7700 900123"
      - user: {wrong}
      - bot: That code is not right.
      - do: restart
      - user: "+44 7700 900123"
      - user: "{{{{code}}}}"
      - bot: Welcome!
      - expect: {{verified: true, sms: 0, calls: {{Send OTP: 2, Verify OTP: 2}}}}
"""


@pytest.fixture
def play(project):
    """Play a conversation with the shipped recording of a login."""
    shutil.copy(ROOT / "tests" / "examples" / "readme" / "phone-login.bot.yaml", project.path)
    (project.path / "cassettes").mkdir()
    shutil.copy(ROOT / "cassettes" / "login-mismatch-400.yaml", project.path / "cassettes" / "login.yaml")

    def run(text, *options):
        project.file("test_recorded.chat.yaml", text)
        return project.run(*options)

    return run


def test_a_recording_answers(play):
    """The recording answers every call, and `{{code}}` is the code in its last send response."""
    play(RECORDED.format(wrong='"271828"')).assert_outcomes(passed=1)


def test_it_approves_no_wrong_code(play):
    """The right code where a wrong one was recorded is a miss that tells what differs; what is left unplayed, below."""
    result = play(RECORDED.format(wrong='"{{code}}"'))

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*userOtp*", "*these interactions were never played:", "- interaction 2 *", "- *4 *"])


def test_a_missing_recording_goes_nowhere(play):
    """A cassette that is not there fails the conversation; nothing goes live."""
    result = play(RECORDED.format(wrong='"271828"').replace("cassette: login", "cassette: logout"))

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*There is no cassette *logout.yaml. Nothing went live.*"])
