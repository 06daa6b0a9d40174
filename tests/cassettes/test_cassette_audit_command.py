"""`cassettes audit`: which files it reads, what it prints, and how it leaves."""

import json

import pytest
from auditing import SENT, asked, found, source
from commandline import run, told
from recordings import SHIPPED, verify_request

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.profile import find
from pytest_botpenguin_otp.wire import json_response

OWN = json_response(200, {"result": {"passcode": "100001", "ttl": 300}, "state": "sent"})


def test_an_answer_of_ones_own(folder):
    """What a service of one's own answers breaks every contract of ours, and none once its profile was learned."""
    yes, no = ({"result": {"match": match}, "state": "checked"} for match in (True, False))
    verify = [verify_request("100001", typed, authorization="fake-token-1") for typed in ("100001", "100002")]
    one = source((asked(), OWN), (verify[0], json_response(200, yes)), (verify[1], json_response(200, no)))
    form.write(one.cassette, folder / "good.yaml")
    assert run("cassettes", "learn", "cassettes/good.yaml", "-o", "own.json").exit_code == 0
    broken = source((asked(), json_response(200, {"result": {"passcode": 100001}, "state": "sent"})))
    learned = find("own.json")

    assert run("cassettes", "audit").stdout.count(": contract: breaks botpenguin/") >= 3
    result = run("cassettes", "audit", "--profile", "own.json")
    assert result.exit_code == 0, result.output
    assert found(broken, "contract", profile=learned) != []
    assert "There is no profile" in told(run("cassettes", "audit", "--profile", "mismatch-40"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder of cassettes, the working directory's, with one of them good."""
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "cassettes"
    made.mkdir()
    (made / "good.yaml").write_bytes((SHIPPED / "login-mismatch-400.yaml").read_bytes())
    return made


def test_command(folder):
    """Without a path the folder cassettes is audited; 0 and a line for each."""
    result = run("cassettes", "audit")

    assert folder.is_dir()
    assert result.exit_code == 0, result.output
    assert "cassettes/good.yaml: recorded, target fake, 2026-11-23, contracts v1, scrubbed by 0.1.0; " in result.stdout
    assert "days old; 4 exchanges; nothing found" in result.stdout
    assert result.stdout.endswith("1 cassette, 0 findings.\n")


def test_command_finds(folder):
    """A finding ends with 1; each is told by file, place and check, and by no value."""
    typed = verify_request("903817", "100001", authorization="fake-token-1")
    form.write(source((typed, SENT), provenance=None).cassette, folder / "old.yaml")
    (folder / "test_x.py").write_text("X = 'old'", encoding="utf-8")
    result = run("cassettes", "audit", "cassettes", "--tests", ".")

    assert result.exit_code == 1
    assert "cassettes/old.yaml: says nothing of where it comes from; age unknown; 1 exchange\n" in result.stdout
    assert "  cassettes/old.yaml: interactions[0].request.body.systemOtp: secret: one-time code" in result.stdout
    assert "cassettes/good.yaml: orphan: no test names it." in result.stdout
    assert "903817" not in result.output
    assert run("cassettes", "audit", "cassettes/good.yaml", "--max-age", "0").exit_code in (0, 1)


OTHERS = """\
interactions:
- request:
    {headers: {Accept: ['*/*'], Authorization: ['TOKEN']}, body: null, method: GET, uri: 'https://shop.example/orders?page=2'}
  response: {body: {string: '{"code": "903817", "orders": [1]}'}, headers: {}, status: {code: 200, message: OK}}
version: 1
"""


@pytest.mark.parametrize("masked", ["DUMMY", "<redacted>", "***", "fake-token-1", "Bearer XXX"])
def test_cassettes_of_other_tests(folder, masked):
    """What other tests recorded by vcrpy is no concern of ours, and is told so in one line; nor is it an orphan."""
    (folder / "test_shop.yaml").write_text(OTHERS.replace("TOKEN", masked), encoding="utf-8")
    (folder / "test_x.py").write_text("X = 'good'", encoding="utf-8")
    result = run("cassettes", "audit", "--tests", ".")
    told_ = [line for line in result.stdout.splitlines() if "test_shop" in line]

    assert result.exit_code == 0, result.output
    assert told_ == ["cassettes/test_shop.yaml: not ours, since it holds none of our calls; searched for secrets only"]
    tree = json.loads(run("cassettes", "audit", "--json").stdout)
    assert [one["foreign"] for one in tree["cassettes"]] == [False, True]


@pytest.mark.parametrize("secret", ["Bearer kept-by-nobody-7f3a", "hunterhunterhunter", "AC" + "0123456789abcdef" * 2])
def test_secrets_in_cassettes_of_other_tests(folder, secret):
    """A secret is found in whatever file it is."""
    (folder / "test_shop.yaml").write_text(OTHERS.replace("TOKEN", secret), encoding="utf-8")
    result = run("cassettes", "audit")

    assert result.exit_code == 1
    assert "  cassettes/test_shop.yaml: interactions[0].request.headers: secret: " in result.stdout
    assert secret not in result.output


def test_command_json(folder):
    """The same for machines, alone on stdout, unreadable files included."""
    (folder / "half.yml").write_text("interactions: [", encoding="utf-8")
    (folder / "link.yaml").symlink_to(SHIPPED / "login-mismatch-400.yaml")
    result = run("cassettes", "audit", "--json")
    tree = json.loads(result.stdout)

    assert result.exit_code == 2
    assert [one["file"] for one in tree["cassettes"]] == ["cassettes/good.yaml"]
    assert tree["findings"] == []
    assert len(tree["unreadable"]) == 2
    assert "leads out of its folder" in result.stderr
    assert run("cassettes", "audit").stdout.endswith("3 cassettes, 0 findings, 2 could not be read.\n")


def test_command_json_findings(folder):
    """A finding says its file, check, place and message; a file without provenance has none."""
    form.write(source((asked(), SENT), provenance=None).cassette, folder / "good.yaml")
    result = run("cassettes", "audit", "--json")
    tree = json.loads(result.stdout)

    assert result.exit_code == 1
    assert tree["cassettes"][0]["provenance"] is None
    assert [(one["check"], one["place"]) for one in tree["findings"]] == [("provenance", "")]


def test_command_refusals(folder):
    """Nothing to audit is no success."""
    (folder / "good.yaml").unlink()

    assert "there is no cassette (*.yaml) in this folder; nothing was checked" in told(run("cassettes", "audit"))
    assert "there is no such cassette" in told(run("cassettes", "audit", "none.yaml"))
    (folder / "good.yaml").write_bytes((SHIPPED / "login-mismatch-400.yaml").read_bytes())
    assert "no such folder of tests" in told(run("cassettes", "audit", "--tests", "none"))
