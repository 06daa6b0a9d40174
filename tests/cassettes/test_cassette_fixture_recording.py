"""Recording by `otp_cassette`: which file comes of it, when there is none, and what nobody gets to see."""

import json
import shlex
import sys

import pytest
from recorded_project import CODE, LOGIN, RECORD, SENSITIVE, TEST

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.scan import scan
from pytest_botpenguin_otp.profile import PROFILES, to_json

HELD = """service, code, attributes, said = otp_cassette.service, otp_cassette.code(chat), chat.attributes, chat.said
    texts, calls = tuple(attributes.values()), chat.calls()
    assert not chat.verified, [code, attributes, said, texts, calls]"""

LOUD = ("--showlocals", "--junitxml=junit.xml", "-olog_cli=true", "--log-level=DEBUG", "-ojunit_logging=all")


def test_record_and_replay(consenting):
    """A recording leaves a clean file and nothing sensitive on the terminal, in JUnit, with locals; then it plays."""
    consenting.file("test_module.py", LOGIN + TEST)
    recorded = consenting.run_alone(*RECORD, *LOUD)
    path = consenting.path / "cassettes" / "test_module" / "test_it.yaml"
    text = path.read_text(encoding="utf-8")
    shown = recorded.stdout.str() + recorded.stderr.str() + (consenting.path / "junit.xml").read_text(encoding="utf-8")

    recorded.assert_outcomes(passed=1)
    assert "botpenguin-otp: real SMS 1 of at most 2, to +4*********23" in recorded.stderr.str()
    assert [secret for secret in (*SENSITIVE, "send-otp-sms> not in cassette") if secret in text + shown] == []
    assert scan(text) == ()
    assert form.load(path).provenance.target == "fake"
    assert form.load(path).provenance.source == "pytest --otp-record, profile mismatch-400"
    consenting.run().assert_outcomes(passed=1)


def test_a_failing_recording_shows_nothing(consenting):
    """A test that fails while recording shows no secret either, whatever pytest is asked to show."""
    failing = TEST.replace("assert chat.verified", HELD)
    consenting.file("test_module.py", LOGIN + failing)
    result = consenting.run(*RECORD, *LOUD)
    shown = result.stdout.str() + (consenting.path / "junit.xml").read_text(encoding="utf-8")

    result.assert_outcomes(failed=1)
    assert [secret for secret in SENSITIVE if secret in shown] == []


def test_classes_have_cassettes_of_their_own(consenting):
    """Tests of the same name in two classes are recorded into two files, and each plays its own."""
    method = (
        TEST.replace("\n@", "\n    @")
        .replace("\ndef test_it(", "\n    def test_it(self, ")
        .replace("\n    ", "\n        ")
    )
    classes = "".join(
        f"class Test{name}:{method}".replace("        @", "    @").replace("        def", "    def") for name in "AB"
    )
    consenting.file("test_module.py", LOGIN + classes)
    consenting.run(*RECORD).assert_outcomes(passed=2)
    folder = consenting.path / "cassettes" / "test_module"

    assert sorted(path.name for path in folder.iterdir()) == ["TestA.test_it.yaml", "TestB.test_it.yaml"]
    consenting.run().assert_outcomes(passed=2)


def test_the_place_is_looked_at_before_anything_is_sent(consenting, asked, tmp_path):
    """Where the cassette could not be written, nothing is sent: a file or a link where its folder is to be."""
    consenting.file("test_module.py", LOGIN + TEST)
    folder = consenting.path / "cassettes"
    folder.write_text("", encoding="utf-8")
    consenting.run(*RECORD).stdout.fnmatch_lines(
        ["*cassettes: is no folder that can be written into*Nothing was sent."]
    )
    folder.unlink()
    folder.symlink_to(tmp_path)
    consenting.run(*RECORD).stdout.fnmatch_lines(["*cassettes: is a link; *Nothing was sent."])
    folder.unlink()
    (folder / "test_module" / "test_it.yaml").mkdir(parents=True)
    consenting.run(*RECORD).stdout.fnmatch_lines(["*test_it.yaml: is a folder, *Nothing was sent."])
    (folder / "test_module" / "test_it.yaml").rmdir()
    (folder / "test_module" / "test_it.yaml.failed").symlink_to(tmp_path / "elsewhere")
    consenting.run(*RECORD).stdout.fnmatch_lines(["*test_it.yaml.failed: is a link; *Nothing was sent."])

    assert asked == []
    assert list(tmp_path.iterdir()) == []


def test_a_recording_of_nothing_is_a_failure(consenting):
    """A test that passes without one call through the cassette is told so, and leaves no file."""
    consenting.file("test_module.py", LOGIN + "@pytest.mark.otp(live=True)\ndef test_it(otp_cassette): pass\n")
    result = consenting.run(*RECORD)

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*test_it.yaml: nothing was recorded. Either no call was made*"])
    assert not (consenting.path / "cassettes").exists()


def test_a_recording_goes_where_the_bot_says(consenting, asked):
    """A target for the suite moves no call of a test: it is refused before anything is sent."""
    consenting.file("test_module.py", LOGIN + TEST)
    result = consenting.run(*RECORD, f"--otp-target={consenting.url}")

    result.stdout.fnmatch_lines(["*the calls of this test go where its bot file says.*Nothing was sent."])
    assert asked == []


def test_under_xdist(consenting):
    """Workers share one budget; two of them never write one file."""
    tests = "".join(
        TEST.replace("test_it", f"test_{n}").replace("live=True", "live=True, cassette='one'") for n in "ab"
    )
    consenting.file("test_module.py", LOGIN + tests)
    result = consenting.run_alone(*RECORD, "-n2")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*another test of this run records into it; give each a cassette of its own. *"])


def test_without_the_extra(consenting, monkeypatch):
    """Without vcrpy, recording says which line installs it, and sends nothing."""
    monkeypatch.setitem(sys.modules, "pytest_botpenguin_otp.cassettes.record", None)
    consenting.file("test_module.py", LOGIN + TEST)

    consenting.run(*RECORD).stdout.fnmatch_lines(["*needs an extra: pip install 'pytest-botpenguin-otp[[]record[]]'"])


def test_code_command(consenting, asked):
    """Where the answer holds no code at its place, the user types what the command prints, or in a replay printed."""
    consenting.file("code.py", f"print({CODE})")
    consenting.file("test_module.py", LOGIN + TEST)
    profile = consenting.file("profile.json", _profile_without_code())
    command = shlex.join([sys.executable, str(consenting.path / "code.py")])
    result = consenting.run(*RECORD, f"--otp-profile={profile}", f"--otp-code-command={command}")
    text = (consenting.path / "cassettes" / "test_module" / "test_it.yaml").read_text(encoding="utf-8")

    result.assert_outcomes(passed=1)
    assert [request.json().get("userOtp") for request in asked] == [None, CODE]
    assert [secret for secret in SENSITIVE if secret in text + result.stdout.str()] == []
    consenting.run(f"--otp-profile={profile}").assert_outcomes(passed=1)


def test_no_code_command(consenting):
    """Without a command, the refusal says both ways out."""
    consenting.file("test_module.py", LOGIN + TEST)
    profile = consenting.file("profile.json", _profile_without_code())
    result = consenting.run(*RECORD, f"--otp-profile={profile}")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*Learn a profile from the recording, or say --otp-code-command COMMAND, which prints the code."]
    )


@pytest.mark.parametrize("ending", ["assert not chat.verified", "pytest.skip()", "raise KeyboardInterrupt"])
def test_a_recording_that_does_not_pass_replaces_nothing(consenting, ending):
    """An earlier cassette stays as it was; what was sent is kept beside it, scrubbed, and told."""
    consenting.file("test_module.py", LOGIN + TEST)
    consenting.run_alone(*RECORD).assert_outcomes(passed=1)
    path = consenting.path / "cassettes" / "test_module" / "test_it.yaml"
    good = path.read_bytes()
    consenting.file("test_module.py", LOGIN + TEST.replace("assert chat.verified", ending))
    told = consenting.run_alone(*RECORD).stderr.str()
    beside = path.with_name("test_it.yaml.failed").read_text(encoding="utf-8")

    assert path.read_bytes() == good
    assert f"{path} stays as it was, this recording is {path}.failed" in told
    assert "send-otp-sms" in beside
    assert [secret for secret in SENSITIVE if secret in beside] == []


def test_a_first_recording_that_fails_is_kept_beside(consenting):
    """Where there is no earlier cassette, a failing test leaves none that is played; a profile can be learned of it."""
    consenting.file("test_module.py", LOGIN + TEST.replace("assert chat.verified", "assert not chat.verified"))
    consenting.run(*RECORD).assert_outcomes(failed=1)
    path = consenting.path / "cassettes" / "test_module" / "test_it.yaml"

    assert not path.exists()
    assert len(form.load(path.with_name("test_it.yaml.failed")).exchanges) == 2


def _profile_without_code():
    told = to_json(PROFILES["mismatch-400"])
    told["fields"]["code_path"]["value"] = "data.elsewhere"
    return json.dumps(told)
