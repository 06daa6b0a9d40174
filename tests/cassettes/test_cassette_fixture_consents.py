"""Recording by `otp_cassette` needs every consent, and real credentials go to the hosts that may have them."""

from textwrap import indent

import pytest
from recorded_project import LOGIN, README_BOT, RECORD, SECRETS, TEST

from pytest_botpenguin_otp.twilio.accounts import DEFAULT


@pytest.mark.usefixtures("no_sockets")
def test_recording_without_consent(user):
    """`--otp-record` alone names everything that is missing at once, and sends nothing."""
    user.file("test_module.py", LOGIN + TEST.replace("(live=True)", "(seed=1)"))
    result = user.run("--otp-record")

    result.assert_outcomes(errors=1)
    for missing in ("--otp-live", "BOTPENGUIN_OTP_LIVE=1", "live=True", "--otp-live-to", "--otp-sms-budget N"):
        result.stdout.fnmatch_lines([f"- *{missing}*"])
    result.stdout.fnmatch_lines(["Nothing was sent."])
    assert not (user.path / "cassettes").exists()


def test_budget_and_destination(consenting):
    """The second SMS over the budget is refused, and so is another number."""
    consenting.file("test_module.py", LOGIN + TEST + TEST.replace("test_it", "test_more"))
    result = consenting.run(*RECORD[:3], "--otp-sms-budget=1")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*a larger --otp-sms-budget (all 1 are used)"])
    result = consenting.run("--otp-record", "--otp-live", "--otp-live-to=+14155550123", "--otp-sms-budget=1")
    result.stdout.fnmatch_lines(["*this destination among your own numbers"])


def test_ci_needs_its_own_switch(consenting, monkeypatch):
    """Under CI, recording asks for one consent more."""
    monkeypatch.setenv("CI", "true")
    consenting.file("test_module.py", LOGIN + TEST)
    consenting.run(*RECORD).stdout.fnmatch_lines(["*--otp-live-in-ci, since CI is set"])

    consenting.run(*RECORD, "--otp-live-in-ci").assert_outcomes(passed=1)


def test_one_budget_for_all_workers(consenting, asked):
    """Two workers that record each a cassette of their own share the budget of one SMS."""
    consenting.file("test_module.py", LOGIN + TEST + TEST.replace("test_it", "test_more"))
    result = consenting.run(*RECORD[:3], "--otp-sms-budget=1", "-n2")

    result.assert_outcomes(passed=1, failed=1)
    assert sum(request.path.endswith("send-otp-sms") for request in asked) == 1


@pytest.mark.parametrize(
    ("option", "place"),
    [("--otp-live", "ini"), ("--otp-live-in-ci", "ini"), ("--otp-sms-budget=2", "ini"), ("--otp-live", "environment")],
)
def test_a_standing_consent_is_none(consenting, asked, monkeypatch, option, place):
    """A consent in addopts, or in PYTEST_ADDOPTS, ends the run before anything is sent, and is named."""
    consenting.file("test_module.py", LOGIN + TEST)
    if place == "ini":
        own = (consenting.path / "pytest.ini").read_text(encoding="utf-8")
        consenting.file("pytest.ini", own.replace("addopts =", f"addopts = {option}"))
    else:
        monkeypatch.setenv("PYTEST_ADDOPTS", option)
    typed = [given for given in RECORD if given.partition("=")[0] != option.partition("=")[0]]
    result = consenting.run(*typed)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{option.partition('=')[0]}: a consent is typed for each run; *Nothing was sent."])
    assert asked == []


@pytest.mark.parametrize("workers", [(), ("-n1",)])
def test_a_consent_that_a_conftest_gives_is_none(consenting, asked, workers):
    """What code sets after the run has begun was typed by nobody either, and sends nothing."""
    consenting.file("test_module.py", LOGIN + TEST)
    own = (consenting.path / "conftest.py").read_text(encoding="utf-8")
    late = "\ndef pytest_sessionstart(session):\n    session.config.option.otp_live = True\n"
    consenting.file("conftest.py", own + late)
    result = consenting.run(*(given for given in RECORD if given != "--otp-live"), *workers)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*--otp-live: a consent is typed for each run; *Nothing was sent."])
    assert asked == []


@pytest.mark.parametrize("given", ["1e9", "1.5", "many", "-1", "0", "21", ""])
def test_budgets_that_are_none(consenting, asked, given):
    """A budget is a small whole number; whatever else is said sends nothing."""
    consenting.file("test_module.py", LOGIN + TEST)
    result = consenting.run(*RECORD[:3], f"--otp-sms-budget={given}")

    assert result.ret != 0
    assert asked == []


@pytest.mark.parametrize(
    ("marks", "lives"),
    [
        (("", "live='yes'"), False),
        (("", "live=1"), False),
        (("live=True", "seed=1"), True),
        (("live=True", "live=False"), False),
    ],
)
def test_markers(consenting, asked, marks, lives):
    """The marker of a class holds for its tests, and a test may take it back; only True is a consent."""
    above, own = (f"@pytest.mark.otp({told})" if told else "" for told in marks)
    test = f"{own}\ndef test_it(self, flow_runner, otp_cassette): login(flow_runner, otp_cassette)"
    consenting.file("test_module.py", f"{LOGIN}\n{above}\nclass TestIt:\n{indent(test, '    ')}\n")
    result = consenting.run(*RECORD)

    assert (result.ret == 0, bool(asked)) == (lives, lives)


def test_a_test_that_is_run_again_sends_nothing(consenting, asked):
    """What runs a failed test once more, as plugins do, gets a refusal in place of a second SMS."""
    consenting.file("test_module.py", LOGIN + TEST.replace("assert chat.verified", "assert not chat.verified"))
    again = "\ndef pytest_runtest_protocol(item, nextitem):\n" + 2 * (
        "    for report in runtestprotocol(item, nextitem=nextitem): pass\n"
    )
    conftest = (consenting.path / "conftest.py").read_text(encoding="utf-8")
    consenting.file("conftest.py", f"from _pytest.runner import runtestprotocol\n{conftest}{again}    return True\n")
    result = consenting.run(*RECORD)

    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(["*A test that is run again records nothing more: no send is retried.*"])
    assert sum(request.path.endswith("send-otp-sms") for request in asked) == 1


@pytest.mark.parametrize(
    ("base", "told"),
    [
        ("http://api.v7.botpenguin.com", "not over http to api.v7.botpenguin.com;"),
        ("https://white-label.test", "not over https to white-label.test;"),
        ("https://api.v7.botpenguin.com.evil.test", "not over https to api.v7.botpenguin.com.evil.test;"),
    ],
)
def test_no_credentials_for_other_hosts(consenting, asked, base, told):
    """With every consent, a bot with another URL gets no connection, and the refusal names the way out."""
    consenting.file("login.bot.yaml", README_BOT.replace("https://api.v7.botpenguin.com", base))
    consenting.file("test_module.py", LOGIN + TEST)
    result = consenting.run(*RECORD)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"*{told}*BOTPENGUIN_OTP_HOST=HOST*", "*Nothing was sent."])
    assert asked == []


def test_a_host_of_ones_own(consenting, asked, monkeypatch):
    """The environment may name one host more."""
    monkeypatch.setenv("BOTPENGUIN_OTP_HOST", "white-label.test")
    consenting.file("login.bot.yaml", README_BOT.replace("api.v7.botpenguin.com", "white-label.test"))
    consenting.file("test_module.py", LOGIN + TEST)

    consenting.run(*RECORD).assert_outcomes(passed=1)
    assert asked[0].json()["authToken"] == SECRETS["TWILIO_AUTH_TOKEN"]


def test_loopback_gets_no_credentials(consenting, asked):
    """A service on this machine is recorded with the fakes' own credentials."""
    consenting.file("login.bot.yaml", README_BOT.replace("https://api.v7.botpenguin.com", consenting.url))
    consenting.file("test_module.py", LOGIN + TEST)

    consenting.run(*RECORD).assert_outcomes(passed=1)
    assert asked[0].json()["authToken"] == DEFAULT.auth_token
    assert not any(secret in f"{request.headers}{request.body}" for request in asked for secret in SECRETS.values())
