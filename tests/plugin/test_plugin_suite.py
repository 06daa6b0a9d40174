"""The contract suite on its three targets, and cassettes as items, as a user runs them."""

import json
import re

import pytest
from other_service import bot_for_it, login, record, serving
from recordings import SHIPPED
from suiting import ALL, SUITE

from pytest_botpenguin_otp import profile
from pytest_botpenguin_otp.cassettes import learn, samples, shelf

NOTHING = "*nothing was checked, and that is a failure.*"


@pytest.fixture
def shelved(project):
    """Give a project with our shipped cassette in its folder of cassettes."""
    text = (SHIPPED / "login-mismatch-400.yaml").read_text(encoding="utf-8")
    project.file("cassettes/login.yaml", text)
    return project


def learned(path, folder):
    """Write the profile that a recording teaches, and return its path."""
    found = learn.learn(samples.samples(shelf.load(path)), base=profile.PROFILES[profile.DEFAULT])
    file = folder / "learned.json"
    file.write_text(json.dumps(profile.to_json(found.profile)), encoding="utf-8")
    return file


@pytest.mark.usefixtures("no_sockets")
@pytest.mark.parametrize("name", profile.PROFILES)
def test_fakes(project, name):
    """The fakes show every scenario under every profile, and keep it."""
    result = project.run(*SUITE, "--otp-target", "fake", "--otp-profile", name)

    result.assert_outcomes(passed=ALL)
    result.stdout.fnmatch_lines(["*the fakes of this package: 15 checked, 0 could not be shown*"])


def test_fakes_by_ini_and_workers(project):
    """The target may stand in the ini file, and workers count together."""
    project.ini("otp_target = fake")
    result = project.run_alone(*SUITE, "-n", "2")

    result.assert_outcomes(passed=ALL)
    result.stdout.fnmatch_lines(["*15 checked, 0 could not be shown*"])


def test_recordings(shelved):
    """Recordings show what they hold; the rest is skipped with a reason, and what they prove is told."""
    result = shelved.run(*SUITE, "--otp-target", "cassettes", "-rs")

    result.assert_outcomes(passed=3, skipped=ALL - 3)
    result.stdout.fnmatch_lines(["*empty code: no recording in cassettes shows it*"])
    result.stdout.fnmatch_lines(["*1 cassette, 0 of them from the real service: 3 checked, 12 could not be shown*"])


@pytest.mark.parametrize("name", ["mismatch-200", "mismatch-400", "numeric-code", "status-envelope"])
def test_shipped_recordings(project, name):
    """Each cassette that ships keeps the suite under its own profile, and breaks it under another."""
    path = SHIPPED / f"login-{name}.yaml"
    other = "mismatch-400" if name == "mismatch-200" else "mismatch-200"
    asked = (*SUITE, "--otp-target", "cassettes", "--otp-cassettes", path, "--otp-profile")

    project.run(*asked, name).assert_outcomes(passed=3, skipped=ALL - 3)
    assert project.run(*asked, other).parseoutcomes()["failed"] >= 1


def test_recordings_tell_no_value(shelved):
    """A failure names place, scenario and difference, and no recorded value, with every local shown."""
    result = shelved.run(*SUITE, "--otp-target", "cassettes", "--otp-profile", "mismatch-200", "--showlocals")

    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["*cassettes/login.yaml:28: wrong code: HTTP status: answered 400, the profile says 200"]
    )
    assert not re.search(r"10000[1-9]|fa4efa4e|\+1212", result.stdout.str())


@pytest.mark.parametrize(
    "args",
    [
        ("--otp-target", "cassettes"),
        ("--otp-target", "cassettes", "--otp-cassettes", "nowhere"),
        ("--otp-target", "fake", "-k", "nothing_like_it"),
    ],
)
def test_nothing_checked_fails(project, args):
    """A run that was to check something and has checked nothing fails."""
    result = project.run(*SUITE, *args)

    assert result.ret == 1
    result.stdout.fnmatch_lines([NOTHING])


def test_paths_of_the_ini_file(project, monkeypatch):
    """A profile and recordings that the ini file names count from it, wherever pytest is started."""
    project.file("profiles/ours.json", json.dumps(profile.to_json(profile.PROFILES["mismatch-200"])))
    project.file("shelf/login.yaml", (SHIPPED / "login-mismatch-200.yaml").read_text(encoding="utf-8"))
    project.ini("otp_profile = profiles/ours.json", "otp_cassettes = shelf", "otp_target = cassettes")
    project.file("deep/test_it.py", "def test_it(otp_profile): assert otp_profile.name == 'mismatch-200'\n")
    monkeypatch.chdir(project.path / "deep")

    project.run(*SUITE).assert_outcomes(passed=3, skipped=ALL - 3)
    project.run("test_it.py").assert_outcomes(passed=1)


def test_no_such_recordings(project):
    """A path to recordings that is not there is named."""
    result = project.run(*SUITE, "--otp-target", "cassettes", "--otp-cassettes", "nowhere", "-k", "right_code")

    result.stdout.fnmatch_lines(["There is no file or folder of cassettes 'nowhere'. Name one: --otp-cassettes PATH."])


def test_nothing_checked_beside_others(project):
    """It fails also where a test of another kind has passed, and with workers."""
    project.file("test_other.py", "def test_other(): pass")

    for extra in ((), ("-n", "2")):
        result = project.run_alone("--otp-target", "fake", *extra)
        assert result.ret == 1
        result.stdout.fnmatch_lines([NOTHING])


def test_nothing_by_ini(project):
    """A setting in the ini file alone does not ask every run for checks, but skipping them all fails."""
    project.ini("otp_target = cassettes")
    project.file("test_other.py", "def test_other(): pass")

    assert project.run("test_other.py").ret == 0
    assert project.run(*SUITE).ret == 1
    assert project.run("--collect-only", *SUITE).ret == 0


@pytest.mark.parametrize("target", ["real", "ftp://a.test"])
def test_wrong_target(project, target):
    """A target that is none stops the run at once, and the way out is told."""
    result = project.run(*SUITE, "--otp-target", target)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --otp-target * wants fake, cassettes, or the URL*; not '{target}'."])


@pytest.mark.parametrize("target", ["", None])
def test_no_target(project, target):
    """Without a target each test fails, and says what there is."""
    result = project.run(*SUITE, *(() if target is None else ("--otp-target", target)))

    assert result.ret == 1
    result.stdout.fnmatch_lines(["*--otp-target fake, cassettes, or the URL of a service*"])


def test_unreadable_recording(shelved):
    """A cassette that cannot be read fails the tests, and is named."""
    shelved.file("cassettes/bad.yaml", "botpenguin_otp:\n  format: botpenguin-otp/cassette@9\n")
    result = shelved.run(*SUITE, "--otp-target", "cassettes")

    assert result.ret == 1
    result.stdout.fnmatch_lines(["*cassettes/bad.yaml:2:*another version*"])


def test_no_service_there(project):
    """A service that does not answer fails the test in a sentence."""
    result = project.run(*SUITE, "--otp-target", "http://127.0.0.1:9", "-k", "right_code")

    result.assert_outcomes(failed=1, deselected=ALL - 1)
    result.stdout.fnmatch_lines(["*right code: no answer: reset"])


def test_another_service(project):
    """A service with answers of its own is recorded and learned: then live, recordings and triangle all agree."""
    path = project.path / "cassettes" / "other.yaml"
    path.parent.mkdir()
    with serving() as other:
        phone_login = bot_for_it(project.path)
        record(path, other, lambda service: login(service, other, phone_login))
        chosen = ("--otp-profile", str(learned(path, project.path)))
        live = project.run(*SUITE, "--otp-target", other.url, *chosen)
        shipped = project.run(*SUITE, "--otp-target", other.url)
        other.approves = True
        careless = project.run(*SUITE, "--otp-target", f"{other.url}/", *chosen)

    live.assert_outcomes(passed=ALL)
    live.stdout.fnmatch_lines(["*a service on this machine: 15 checked*"])
    shipped.assert_outcomes(failed=ALL - 4, skipped=4)  # without a code at its place four cannot be shown
    careless.assert_outcomes(passed=ALL - 3, failed=3)
    careless.stdout.fnmatch_lines(["*wrong code: this was accepted*"])
    project.run(*SUITE, "--otp-target", "cassettes", *chosen).assert_outcomes(passed=5, skipped=ALL - 5)
    project.run(*SUITE, "--otp-target", "fake", *chosen).assert_outcomes(passed=ALL)
    project.run("--otp-verify-cassettes", *chosen).assert_outcomes(passed=1)


def test_one_sms(project):
    """A live target is asked for a code once for all tests that need one, and gets no real credential."""
    with serving() as other:
        project.run(*SUITE, "--otp-target", other.url, "-k", "(code and not magic) or send_answers").parseoutcomes()

        assert len(other.pins) == 1


def test_verified_cassettes(shelved):
    """Each cassette is an item, chosen by -k and told to JUnit; without the option there is none."""
    shelved.file("cassettes/notes.yaml", "some: notes")
    shelved.file("test_other.py", "def test_other(): pass")

    shelved.run().assert_outcomes(passed=1)
    shelved.run("--otp-verify-cassettes").assert_outcomes(passed=2)
    result = shelved.run("--otp-verify-cassettes", "-k", "verify", "-v", "--junitxml=told.xml")
    result.assert_outcomes(passed=1, deselected=1)
    result.stdout.fnmatch_lines(["*cassettes/login.yaml::verify PASSED*"])
    result.stdout.fnmatch_lines(
        ["*recorded from a fake: it proves nothing of the real service, under mismatch-400: 1 checked*"]
    )
    assert 'name="otp_checked"' in (shelved.path / "told.xml").read_text(encoding="utf-8")


def test_verified_cassettes_by_ini_and_workers(shelved):
    """The option has an ini twin, and works with workers."""
    shelved.ini("otp_verify_cassettes = true")
    result = shelved.run_alone("-n", "2")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*1 checked*"])


def test_verified_cassettes_under_a_fixture(shelved):
    """The profile is that of the fixture `otp_profile`, which a conftest may override."""
    shelved.file(
        "conftest.py",
        "import pytest\nfrom pytest_botpenguin_otp import profile\n"
        "@pytest.fixture\ndef otp_profile(): return profile.PROFILES['mismatch-200']\n",
    )
    result = shelved.run("--otp-verify-cassettes")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*login.yaml: drift (4 of 4 checked under mismatch-200)"])
    result.stdout.fnmatch_lines(["*HTTP status: recorded 400, the fake 200"])


def test_verified_cassettes_under_their_own_profiles(project):
    """A cassette is held against the profile that it names, unless a run names one; either is told."""
    for name in ("mismatch-200", "status-envelope", "mismatch-400"):
        shipped = SHIPPED / f"login-{name}.yaml"
        project.file(f"cassettes/{name}.yaml", shipped.read_text(encoding="utf-8"))
    own = project.run("--otp-verify-cassettes")
    chosen = project.run("--otp-verify-cassettes", "--otp-profile=mismatch-400")
    project.ini("otp_profile = mismatch-200")
    by_ini = project.run("--otp-verify-cassettes")

    own.assert_outcomes(passed=3)
    for name in ("mismatch-200", "status-envelope", "mismatch-400"):
        own.stdout.fnmatch_lines([f"*nothing of the real service, under {name}: 1 checked, 0 could not be shown"])
    chosen.assert_outcomes(passed=1, failed=2)
    chosen.stdout.fnmatch_lines(["*mismatch-200.yaml: drift (4 of 4 checked under mismatch-400)"])
    by_ini.assert_outcomes(passed=1, failed=2)
    by_ini.stdout.fnmatch_lines(["*mismatch-400.yaml: drift (4 of 4 checked under mismatch-200)"])


def test_a_verified_cassette_that_names_no_shipped_profile(project):
    """Where it fails under the default profile, the option that names another is told."""
    text = (SHIPPED / "login-mismatch-200.yaml").read_text(encoding="utf-8")
    project.file("cassettes/it.yaml", text.replace("profile mismatch-200", "profile mine"))
    guessed = project.run("--otp-verify-cassettes")
    chosen = project.run("--otp-verify-cassettes", "--otp-profile=mismatch-400")

    guessed.assert_outcomes(failed=1)
    guessed.stdout.fnmatch_lines(["*names no shipped profile is held against mismatch-400; * say --otp-profile NAME."])
    chosen.stdout.no_fnmatch_line("*names no shipped profile*")


def test_no_cassettes(project):
    """To verify no cassette at all is a failure, also beside tests that pass."""
    project.file("test_other.py", "def test_other(): pass")
    result = project.run("--otp-verify-cassettes")

    assert result.ret == 1
    result.stdout.fnmatch_lines(["*--otp-verify-cassettes: nothing was checked*"])


def test_ages(shelved):
    """An old cassette is warned about, and fails where a greatest age is given."""
    path = shelved.path / "cassettes" / "login.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-11-23", "2020-01-01"), encoding="utf-8")
    warned = shelved.run("--otp-verify-cassettes")

    warned.assert_outcomes(passed=1)
    warned.stdout.fnmatch_lines(["botpenguin-otp: warning: cassettes/login.yaml: It is * days old; record it again*"])
    shelved.run("--otp-verify-cassettes", "--otp-max-age", "30").assert_outcomes(failed=1)
    shelved.ini("otp_max_age = 30")
    shelved.run("--otp-verify-cassettes").assert_outcomes(failed=1)
    refused = shelved.run("--otp-verify-cassettes", "--otp-max-age", "soon")
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    refused.stderr.fnmatch_lines(["*wants a number of days, not 'soon'.*"])


def test_a_cassette_that_cannot_be_read(shelved):
    """A file of ours that cannot be read fails as an item of its own."""
    shelved.file("cassettes/bad.yml", "botpenguin_otp:\n  format: botpenguin-otp/cassette@1\n")
    result = shelved.run("--otp-verify-cassettes")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*cassettes/bad.yml:*is missing*"])


def test_a_cassette_in_which_nothing_can_be_checked(project):
    """A cassette that can be held against nothing fails, and is not counted as checked."""
    text = (SHIPPED / "login-mismatch-400.yaml").read_text(encoding="utf-8")
    project.file(
        "cassettes/down.yaml", text.replace("code: 200\n", "code: 503\n").replace("code: 400\n", "code: 503\n")
    )
    result = project.run("--otp-verify-cassettes")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*503 tells of that day*", NOTHING])
