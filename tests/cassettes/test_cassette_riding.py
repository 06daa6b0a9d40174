"""Recording obeys pytest-recording: its switches, fixtures, hook and mark; a project's own cassettes are left alone."""

import socket

import pytest
import yaml
from recorded_project import LOGIN, RECORD, SENSITIVE, TEST, ship

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.scan import scan
from pytest_botpenguin_otp.transports.server import LoopbackServer
from pytest_botpenguin_otp.wire import json_response

THEIRS = """
import httpx

@pytest.mark.vcr
def test_theirs():
    with httpx.Client(trust_env=False) as client:
        assert client.get("{url}/x").json() == {{"hello": 1}}
"""
MEDDLING = """

def pytest_recording_configure(config, vcr):
    from vcr.persisters.filesystem import FilesystemPersister

    print("asked to set up", type(vcr).__name__)
    vcr.register_persister(FilesystemPersister)
    vcr.before_record_response = lambda response: None
    vcr.filter_headers = ["authorization"]
    vcr.ignore_hosts = ["api.v7.botpenguin.com"]
    vcr.cassette_library_dir = "elsewhere"
    vcr.record_mode = "none"

@pytest.fixture
def vcr_config():
    return {"filter_headers": ["authorization"], "before_record_request": lambda request: None, "serializer": "json"}
"""


def overriding(scope="function", **fixture):
    """Return the text of a fixture of a project that takes the place of pytest-recording's."""
    [(name, value)] = fixture.items()
    return f"\n@pytest.fixture(scope={scope!r})\ndef {name}():\n    return {value!r}\n"


@pytest.fixture
def theirs():
    """Give the text of a test of a project with a cassette of its own, and serve what it asks for."""
    with LoopbackServer({"https://theirs.test": lambda _: json_response(200, {"hello": 1})}) as server:
        yield THEIRS.format(url=server.url("https://theirs.test"))


@pytest.mark.parametrize(
    ("args", "text", "told"),
    [
        (["--disable-recording"], "", "- a run without --disable-recording,*"),
        ([], overriding("session", disable_recording=True), "- a run without --disable-recording,*"),
        (["--block-network"], "", "- a run without --block-network*"),
        ([], "pytestmark = pytest.mark.block_network", "- this test without @pytest.mark.block_network"),
        (["--record-mode=none"], "", "- another record mode than 'none' (by --record-mode), which forbids*"),
        (["--record-mode=new_episodes"], "", "- another record mode than 'new_episodes'*never mixed*rewrite*once*"),
        (
            [],
            overriding(vcr_config={"record_mode": "none"}),
            "- another record mode than 'none' (by the fixture*",
        ),
        (
            [],
            overriding("session", record_mode="new_episodes"),
            "- another*the fixture record_mode)*",
        ),
        (
            [],
            "pytestmark = [pytest.mark.vcr, pytest.mark.default_cassette('x')]",
            "- this test without @pytest.mark.vcr*",
        ),
    ],
)
def test_switches_that_forbid(consenting, asked, args, text, told):
    """Each switch of pytest-recording that speaks against recording refuses it, by name, and nothing is sent."""
    consenting.file("test_module.py", LOGIN + text + TEST)
    result = consenting.run(*RECORD, *args)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["A live call was refused. Missing:", told, "Nothing was sent."])
    assert asked == []
    assert not (consenting.path / "cassettes").exists()


def test_switches_beside_consents(user):
    """What pytest-recording forbids is told together with every consent that is missing."""
    user.file("test_module.py", LOGIN + TEST)
    result = user.run("--otp-record", "--block-network", "--disable-recording")

    result.stdout.fnmatch_lines(["- *--otp-live", "- *BOTPENGUIN_OTP_LIVE=1", "- *--disable-recording,*"])
    result.stdout.fnmatch_lines(["- *--block-network*"])


@pytest.mark.parametrize("mode", ["--record-mode=all", "--record-mode=rewrite", None])
def test_modes_that_record_anew(consenting, asked, mode):
    """Under these modes the cassette is made anew, each time whole."""
    consenting.file("test_module.py", LOGIN + TEST)
    args = [*RECORD, *([mode] if mode else [])]
    for _ in "12":
        consenting.run(*args).assert_outcomes(passed=1)

    assert len(asked) == 4
    assert len(form.load(consenting.path / "cassettes" / "test_module" / "test_it.yaml").exchanges) == 2


@pytest.mark.parametrize("by", ["option", "vcr_config"])
def test_once(consenting, asked, by):
    """The mode `once` records what is not there; what is there is played, which is told, and needs no consent."""
    own = overriding(vcr_config={"record_mode": "once"}) if by == "vcr_config" else ""
    consenting.file("test_module.py", LOGIN + own + TEST)
    mode = [] if own else ["--record-mode=once"]
    consenting.run(*RECORD, *mode).assert_outcomes(passed=1)
    again = consenting.run_alone("--otp-record", *mode)

    again.assert_outcomes(passed=1)
    assert "test_it.yaml is there, so it was played: the record mode is 'once'" in again.stderr.str()
    assert len(asked) == 2


def test_nothing_of_a_project_weakens_it(consenting):
    """The hook of pytest-recording is called; neither it nor `vcr_config` changes what is kept, or where."""
    path = consenting.path / "conftest.py"
    path.write_text(path.read_text(encoding="utf-8") + MEDDLING, encoding="utf-8")
    consenting.file("test_module.py", LOGIN + TEST)
    result = consenting.run(*RECORD, "-s")
    made = consenting.path / "cassettes" / "test_module" / "test_it.yaml"
    text = made.read_text(encoding="utf-8")

    result.assert_outcomes(passed=1)
    assert "asked to set up VCR" in result.stdout.str()
    assert [*consenting.path.rglob("*test_it*")] == [made]
    assert [name for name, _ in form.load(made).exchanges[0].request.headers if name.lower() == "authorization"]
    assert len(form.load(made).exchanges) == 2
    assert [secret for secret in SENSITIVE if secret in text] == []
    assert scan(text) == ()
    consenting.run().assert_outcomes(passed=1)


def test_installed_but_switched_off(consenting, asked):
    """Without pytest-recording in the run, nothing is recorded, and the way to have it is told."""
    consenting.file("test_module.py", LOGIN + TEST)
    result = consenting.run(*RECORD, "-p", "no:recording")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*installed but switched off in this run. Leave out -p no:recording;*"])
    assert asked == []


def test_loaded_by_another_name(consenting, monkeypatch):
    """Where plugins are not loaded by themselves, naming pytest-recording's module is enough."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    consenting.file("pytest.ini", "[pytest]\nfilterwarnings = error\n")
    consenting.file("test_module.py", LOGIN + TEST)
    ours = ("-p", "pytest_botpenguin_otp.plugin")
    result = consenting.run_alone(*ours, *RECORD)

    result.stdout.fnmatch_lines(["*switched off in this run.*say -p pytest_recording.plugin.*"])
    consenting.run_alone(*ours, "-p", "pytest_recording.plugin", *RECORD).assert_outcomes(passed=1)


def test_not_installed(consenting, asked):
    """Without pytest-recording, recording says which line installs it, and sends nothing."""
    consenting.file("test_module.py", f"import sys\nsys.modules['pytest_recording'] = None\n{LOGIN}{TEST}")
    result = consenting.run(*RECORD, "-p", "no:recording")

    result.stdout.fnmatch_lines(["*--otp-record needs an extra: pip install 'pytest-botpenguin-otp[[]record[]]'"])
    assert asked == []


def test_replay_needs_no_pytest_recording(user):
    """A cassette is played without pytest-recording, the same as with it."""
    ship(user)
    user.file("test_module.py", LOGIN + TEST)

    user.run("-p", "no:recording").assert_outcomes(passed=1)


@pytest.mark.parametrize("first", ["theirs", "ours"])
def test_both_kinds_record_in_one_run(consenting, theirs, first):
    """A project's own test records and plays exactly as without ours, before a recording of ours and after it."""
    tests = [theirs, TEST] if first == "theirs" else [TEST, theirs]
    consenting.file("test_module.py", LOGIN + "".join(tests))
    consenting.run(*RECORD, "--record-mode=rewrite").assert_outcomes(passed=2)
    folder = consenting.path / "cassettes" / "test_module"
    own = yaml.safe_load((folder / "test_theirs.yaml").read_text(encoding="utf-8"))

    assert [one["request"]["uri"].rpartition("/")[2] for one in own["interactions"]] == ["x"]
    assert own["interactions"][0]["request"]["headers"]["accept"] == ["*/*"]
    assert len(form.load(folder / "test_it.yaml").exchanges) == 2
    consenting.run("--block-network").assert_outcomes(passed=2)


def test_a_block_ends_without_taking_a_trap_away(user):
    """After a run with the network blocked, our own tests are as trapped as before."""
    trap = socket.socket.connect
    user.file("test_module.py", "def test_it(): pass")
    user.run("--block-network").assert_outcomes(passed=1)

    assert socket.socket.connect is trap


def test_one_test_with_both_marks(user, theirs):
    """One test may play both, each its own file; the same file for both is refused, and it stays as it was."""
    both = f"import httpx\n@pytest.mark.vcr\n{TEST.strip()}\n    with{theirs.partition('    with')[2]}"
    path = ship(user)
    before = path.read_bytes()
    user.file("test_module.py", LOGIN + both)
    result = user.run("--record-mode=new_episodes")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*test_it.yaml: @pytest.mark.vcr on this test has the same file*default_cassette(*"])
    assert path.read_bytes() == before
    user.file("test_module.py", LOGIN + both.replace(".vcr", ".default_cassette('x')\n@pytest.mark.vcr"))
    user.run("--record-mode=once").assert_outcomes(passed=1)
    user.run("--block-network").assert_outcomes(passed=1)
    assert path.read_bytes() == before
    assert "otp" not in (path.parent / "x.yaml").read_text(encoding="utf-8")
