"""`cassettes learn` as it is typed: the profile on stdout or in a file, all else told on stderr."""

import json

from commandline import run, told
from lessons import cassette
from recordings import SHIPPED, send_request, verify_request

from pytest_botpenguin_otp import profile
from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.wire import Response, json_response


def test_command_on_stdout():
    """The profile alone is on stdout; what was learned and what not is on stderr; it can be used at once."""
    result = run("cassettes", "learn", str(SHIPPED / "login-status-envelope.yaml"), "--name", "mine")
    made = profile.from_json(json.loads(result.stdout))

    assert result.exit_code == 0, result.output
    assert made.name == "mine"
    assert made.verify_mismatch == profile.PROFILES["status-envelope"].verify_mismatch
    assert "Learned: send_ok, verify_ok, verify_mismatch, code_path" in result.stderr
    assert "None of it counts as recorded" in result.stderr
    assert "  sms_text (assumed): no recording tells it" in result.stderr


VERIFY = ("--operation", "verify")


def test_command_builds_on_another_profile(tmp_path):
    """Three pasted answers make one profile, one after the other, and it plays."""
    begun, more, out = (tmp_path / name for name in ("begun.json", "more.json", "mine.json"))
    send = tmp_path / "send.json"
    send.write_text('{"ok": "Y", "result": {"pin": "903817"}}', encoding="utf-8")
    first = run("cassettes", "learn", str(send), "--operation", "send", "-o", str(begun))
    second = run("cassettes", "learn", "-", *VERIFY, "--base", str(begun), "-o", str(more), typed='{"ok": true}')
    last = ("--base", str(more), "-o", str(out), "--mismatch", "--status", "200")
    third = run("cassettes", "learn", "-", *VERIFY, *last, typed='{"ok": false}')
    made = profile.find(str(out))

    assert [one.exit_code for one in (first, second, third)] == [0, 0, 0], first.output + second.output + third.output
    assert f"wrote {out}" in third.stdout
    assert (made.code_path, made.verify_mismatch.body) == ("result.pin", '{"ok": false}')
    assert made.how_known("send_ok").source == "send.json, an answer pasted from BotPenguin"
    assert "903817" not in out.read_text(encoding="utf-8")
    assert run("demo", "--profile", str(out)).exit_code == 0


def test_command_takes_no_status_for_granted():
    """Whether a wrong code is told by a 400 or a 200 is the open question: nobody's silence answers it."""
    result = run("cassettes", "learn", "-", *VERIFY, "--mismatch", typed='{"ok": false}')

    assert (result.exit_code, result.stdout) == (2, "")
    assert "stdin: say with which status a wrong code is told, such as --status 400" in result.stderr


def test_command_tells_contradictions(tmp_path):
    """Recordings that contradict each other end with 1 and both places."""
    paths_ = [tmp_path / name for name in ("a.yaml", "b.yaml")]
    for path, body in zip(paths_, ({"otp": "100001"}, {"data": {"otp": "100001"}}), strict=True):
        form.write(cassette((send_request(), json_response(200, body))), path)
    result = run("cassettes", "learn", *map(str, paths_))

    assert result.exit_code == 1
    assert "Contradiction: code_path: " in result.stderr
    assert "b.yaml: interaction 1" in result.stderr


def test_command_that_learns_nothing(tmp_path):
    """Where nothing was learned, no profile is made, and it says why."""
    path, out = tmp_path / "a.yaml", tmp_path / "mine.json"
    page = Response(status=200, headers=(("Content-Type", "text/html"),), body=b"<p>Sent</p>")
    form.write(cassette((send_request(), page), (verify_request("483920", "271828"), page)), path)
    result = run("cassettes", "learn", str(path), "-o", str(out))

    assert (result.exit_code, result.stdout, out.exists()) == (1, "", False)
    assert "Nothing was learned, so no profile was made." in result.stderr
    assert "verify_mismatch (assumed): " in result.stderr
    assert result.stderr.count("the answer is no JSON") == 2


def test_command_refusals(tmp_path):
    """What cannot be read, or would be overwritten, ends with 2 and a plain line."""
    path = tmp_path / "a.yaml"
    path.write_bytes((SHIPPED / "login-mismatch-400.yaml").read_bytes())
    big = tmp_path / "big.json"
    big.write_text("1" * 1_000_001, encoding="utf-8")
    broken = tmp_path / "broken.json"
    broken.write_text('{"a": ', encoding="utf-8")

    base = tmp_path / "base.json"
    made = run("cassettes", "learn", str(path), "-o", str(base))
    again = run("cassettes", "learn", str(path), "-o", str(base))
    (tmp_path / "link.yaml").hardlink_to(path)

    assert f"wrote {base}: the profile 'learned'; use it by --otp-profile" in made.stdout.replace("\n", " ")
    assert f"replaced {base}" in again.stdout
    assert "is one of the files to learn from" in told(
        run("cassettes", "learn", str(path), "--base", str(base), "-o", str(base))
    )
    assert "is one of the files to learn from" in told(
        run("cassettes", "learn", str(path), "-o", str(tmp_path / "link.yaml"))
    )
    assert "is one of the files to learn from" in told(run("cassettes", "learn", str(path), "-o", str(path)))
    assert "there is no such file" in told(run("cassettes", "learn", str(tmp_path / "none.yaml")))
    assert "larger than 1000 kB" in told(run("cassettes", "learn", str(big)))
    assert "this is no JSON" in told(run("cassettes", "learn", str(broken), "--operation", "send"))
    assert "no cassette. A pasted answer needs" in told(run("cassettes", "learn", "-", typed="{}"))
    assert "a profile name" in told(run("cassettes", "learn", str(path), "--name", "Not A Name"))
    assert path.read_bytes() == (SHIPPED / "login-mismatch-400.yaml").read_bytes()
