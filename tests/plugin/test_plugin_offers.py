"""What pytest tells of the plugin: options, ini settings, fixtures, marker."""

import re

import pytest

pytestmark = pytest.mark.usefixtures("no_sockets")

FIXTURES = (
    *("otp_world", "fake_twilio", "fake_botpenguin", "handset", "flow_runner", "async_flow_runner"),
    *("otp_profile", "otp_respx", "otp_server", "otp_cassette"),
)
CONSENTS = {"record", "live", "live-in-ci", "sms-budget"}
OFF = ("-p", "no:botpenguin-otp")
TITLE = "BotPenguin phone login:"


def lines(result):
    """Return the lines on stdout as a set, without the pytest header's."""
    return set(result.stdout.lines)


def test_fixtures(project):
    """`pytest --fixtures` tells of each fixture what it gives."""
    told = project.run("--fixtures").stdout.str()

    _, _, ours = told.partition("fixtures defined from pytest_botpenguin_otp.plugin")
    ours = ours.partition("--- fixtures defined from")[0]
    assert set(FIXTURES) <= set(re.findall(r"^(\w+)(?: \[\w+ scope\])? -- ", ours, re.MULTILINE))
    assert "no docstring available" not in ours


def test_scopes(project):
    """Every fixture of ours is function-scoped: a test shares none with another."""
    told = project.run("--fixtures").stdout.str()

    for name in FIXTURES:
        assert f"\n{name} -- " in told


def test_nothing_is_autouse(project):
    """A test that asks for nothing gets nothing."""
    project.file("test_plain.py", "def test_plain(): pass")

    told = project.run("--setup-plan").stdout.str()

    assert "test_plain.py::test_plain" in told
    assert not [name for name in FIXTURES if name in told]


def test_options(project):
    """All options stand in one group of `--help`, each with a sentence and, unless it is a consent, an ini twin."""
    told = project.run("--help").stdout.str()
    group = told.partition(f"\n{TITLE}\n")[2].partition("\n\n")[0]
    options = re.findall(r"^  --otp-([a-z-]+)", group, re.MULTILINE)

    assert {"profile", "seed", "allow-unused-faults"} <= set(options)
    assert len(re.findall(r"^  --otp-", told, re.MULTILINE)) == len(options)
    for option in set(options) - CONSENTS:
        assert re.search(rf"^  otp_{option.replace('-', '_')} \(\w+\):", told, re.MULTILINE), option


def test_names_of_others(project):
    """The plugin adds options and ini settings that begin with otp, and nothing else."""
    added = lines(project.run("--help")) - lines(project.run("--help", *OFF))
    names = {line.split()[0].rstrip(":=") for line in added if re.match(r"  \S", line)}

    assert names
    assert {name for name in names if not re.match(r"(--otp-|otp_)", name)} == set()
    assert TITLE in added


def test_marker(project):
    """`pytest --markers` tells what the marker takes."""
    told = project.run("--markers").stdout.str()

    assert "@pytest.mark.otp(profile, seed, allow_unused_faults, cassette, live): " in told


def test_strict(project):
    """A run with nothing but us, strict about everything, has no warning."""
    project.chat("  no sms yet:\n    - expect: {sms: 0}")
    project.file("test_own.py", "def test_own(otp_world, handset): assert not handset.messages")

    result = project.run("-W", "error", "--strict-markers", "--strict-config", "-p", "no:cacheprovider", "-rA")

    result.assert_outcomes(passed=2, warnings=0)


def test_switched_off(project):
    """Without the plugin nobody collects chat files."""
    project.chat("  no sms yet:\n    - expect: {sms: 0}")

    assert project.run(*OFF).ret == pytest.ExitCode.NO_TESTS_COLLECTED
