"""A failure shows the whole chat and where it went another way; a success shows nothing."""

import pytest

pytestmark = pytest.mark.usefixtures("no_sockets")

TITLE = "- botpenguin-otp -"
GOOD = """
    - user: "+1 415 555 0123"
    - user: "{{code}}"
    - bot: Welcome!
"""


def sections(result):
    """Return how often the section of ours was shown."""
    return result.stdout.str().count(TITLE)


def test_section(project):
    """A failed conversation says where, what was expected and what was said; then the whole chat, in virtual time."""
    project.chat("""
  wrong greeting:
    - fault: {botpenguin: {send: {delay: 3}}}
    - user: "+1 415 555 0123"
    - user: "{{code}}"
    - bot: Welcome back!
""")

    result = project.run("--otp-seed=7", "--otp-profile=mismatch-200")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "test_login.chat.yaml:8: the bot was to say 'Welcome back!'",
            "but said   'Welcome!'",
            "-*- botpenguin-otp -*-",
            "profile mismatch-200, seed 7 (again: --otp-seed=7)",
            "    0.0 s  bot      What is your phone number?",
            "           user     [[]phone 1[]]",
            "           call     Send OTP: POST api.v7.botpenguin.com/integrations/custom-feature/send-otp-sms*",
            "           sms      to [[]phone 1[]]: Your verification code is [[]code 1[]].",
            "           twilio   create: 201",
            "           fault    botpenguin send: delay 3 s",
            "    3.0 s  answer   Send OTP: 200*",
            "    8.0 s  call     Verify OTP: POST*",
            "           answer   Verify OTP: 200*",
            "           bot      Welcome!",
            "           FAILED   the bot was to say 'Welcome back!'",
        ],
        consecutive=False,
    )
    assert "collecting.py" not in result.stdout.str()
    assert "player.py" not in result.stdout.str()


def test_expectations(project):
    """Everything that differs from an `expect` step is told in one go, and in the section too."""
    project.chat(f"""
  all wrong:{GOOD}
    - expect: {{verified: false, ended: live_chat, sms: 2, calls: {{Send OTP: 3}}, elapsed: 4}}
""")

    result = project.run()

    told, _, section = result.stdout.str().partition(TITLE)
    for line in (
        "expected verified to be false, but it is true",
        "expected ended to be 'live_chat', but it is 'end_chat'",
        "expected sms to be 2, but it is 1",
        "expected elapsed to be 4, but it is 5",
        "expected calls of Send OTP to be 3, but it is 1",
    ):
        assert line in told
        assert f"FAILED   {line}" in section


def test_silence(project):
    """A run in which nothing fails shows no section."""
    project.chat(f"  fine:{GOOD}")
    project.file("test_fine.py", "def test_fine(flow_runner): flow_runner.start('phone-login.bot.yaml')")

    result = project.run("-vv")

    result.assert_outcomes(passed=2)
    assert sections(result) == 0


def test_python_tests(project):
    """A Python test gets the same section when it fails, and only then; one without a world gets none."""
    project.file(
        "test_python.py",
        """
def test_fails(flow_runner, handset):
    chat = flow_runner.start("phone-login.bot.yaml")
    chat.user("+1 415 555 0123")
    chat.user(handset.code())
    assert "Welcome!" not in chat.said

def test_passes(flow_runner):
    flow_runner.start("phone-login.bot.yaml")

def test_without():
    assert not "a world"
""",
    )

    result = project.run("--otp-seed=7")

    result.assert_outcomes(failed=2, passed=1)
    result.stdout.fnmatch_lines(
        ["profile mismatch-400, seed 7 (again: --otp-seed=7)", "*Verify OTP: 200*", "*end_chat"]
    )
    assert sections(result) == 1


def test_world_asked_for_late(project):
    """A world that a test asks for while it runs is judged and shown like any other."""
    project.file(
        "test_late.py",
        """
def test_fails(request):
    request.getfixturevalue("flow_runner").start("phone-login.bot.yaml")
    assert False

def test_unused(request):
    request.getfixturevalue("fake_twilio").fail(create=21211)
""",
    )

    result = project.run()

    result.assert_outcomes(failed=2)
    assert sections(result) == 2
    assert "A fault never struck as planned: twilio create: code 21211" in result.stdout.str()


def test_errors_around(project):
    """A fixture that fails before or after the test shows the section too."""
    project.file(
        "test_around.py",
        """
import pytest

@pytest.fixture
def before(flow_runner):
    flow_runner.start("phone-login.bot.yaml")
    raise RuntimeError

@pytest.fixture
def after(flow_runner):
    yield
    raise RuntimeError

def test_before(before): pass
def test_after(after): pass
""",
    )

    result = project.run()

    result.assert_outcomes(errors=2, passed=1)
    assert sections(result) == 2


def test_own_frames(project):
    """An error of ours ends at the user's own line, which is shown; how we came to it is not."""
    project.file(
        "test_own.py",
        """
import pytest

@pytest.fixture
def chat(flow_runner):
    return flow_runner.start("phone-login.bot.yaml")

@pytest.fixture
def gone(flow_runner):
    return flow_runner.start("phone-logout.bot.yaml")

def test_call(chat):
    chat.do("back")

def test_setup(gone): pass
""",
    )

    result = project.run("--tb=long")

    told = result.stdout.str()
    result.assert_outcomes(failed=1, errors=1)
    assert '>       chat.do("back")' in told
    assert '>       return flow_runner.start("phone-logout.bot.yaml")' in told
    assert "pytest_botpenguin_otp/" not in told
    assert "direct cause" not in told


def test_junit(project):
    """The JUnit file holds the expectation that failed."""
    project.chat("  wrong:\n    - expect: {sms: 5}")
    project.run("--junit-xml=out.xml").assert_outcomes(failed=1)

    assert "expected sms to be 5, but it is 0" in (project.path / "out.xml").read_text(encoding="utf-8")
