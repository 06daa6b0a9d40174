"""`cassettes show`: each exchange as a person reads it, and never a sensitive value."""

import json
from dataclasses import replace

import pytest
from commandline import run, told
from recordings import DAY, SHIPPED, send_request, verify_request

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange, Provenance
from pytest_botpenguin_otp.wire import Request, Response, json_response

LOGIN = SHIPPED / "login-mismatch-400.yaml"
SID = "AC" + "0123456789abcdef" * 2
PHONE = "+14155552671"
SCRUBBED = Provenance(kind="recorded", target="real", made=DAY, contracts="v1", scrubber="0.1.0")


def written(path, *pairs, provenance=None):
    """Write a cassette of pairs of request and response."""
    exchanges = tuple(Exchange(request=asked, response=given) for asked, given in pairs)
    form.write(Cassette(file=path.name, exchanges=exchanges, provenance=provenance), path)
    return str(path)


def test_show():
    """Who was asked what, in which form, and what came back; and whether the two codes were the same."""
    result = run("cassettes", "show", str(LOGIN))

    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    for line in (
        f"{LOGIN}: recorded, target fake, 2026-11-23, contracts v1, scrubbed by 0.1.0",
        "  the fakes of this package over loopback, profile mismatch-400, seed 7",
        "1. POST api.v7.botpenguin.com/integrations/custom-feature/send-otp-sms (Send OTP)",
        "   Authorization: bare",
        '   asks     {"accountSID": "<sid>", "authToken": "<token>", "fromNumber": "<phone>", "toNumber": "<phone>"}',
        '   asks     {"systemOtp": "<code>", "userOtp": "<code>"}  (two different codes)',
        '   asks     {"systemOtp": "<code>", "userOtp": "<code>"}  (the same code twice)',
        "   answers  400 application/json; charset=utf-8",
        '              "message": "OTP does not match",',
    ):
        assert line in result.stdout.splitlines()


def test_twilio():
    """A form is shown by its fields, a path without its SIDs."""
    shown = run("cassettes", "show", str(SHIPPED / "twilio-messages.yaml")).stdout

    assert "1. POST api.twilio.com/2010-04-01/Accounts/<sid>/Messages.json (Twilio's Messages)" in shown
    assert "Authorization: Basic" in shown
    assert "Body=<text>" in shown


def test_json():
    """The same for machines."""
    result = run("cassettes", "show", str(LOGIN), "--json")
    tree = json.loads(result.stdout)
    first, second, *_ = tree["exchanges"]

    assert result.exit_code == 0
    assert tree["provenance"]["target"] == "fake"
    assert tree["provenance"]["real"] is False
    assert first["body"]["data"] == {"otp": "100001"}
    assert (first["same_code"], second["same_code"]) == (None, False)
    assert "shown" not in first


@pytest.mark.parametrize("provenance", [None, SCRUBBED, replace(SCRUBBED, scrubber=None)])
def test_what_is_not_scrubbed_is_shown_scrubbed(tmp_path, provenance):
    """Whatever a file says of itself, what it holds is replaced before it is shown, and it is said."""
    sent = send_request(SID, "0123456789abcdef" * 2, PHONE, authorization="kept-by-nobody-7f3a")
    given = json_response(200, {"otp": "903817", "note": f"sent to {PHONE}"})
    verify = verify_request("903817", "903817")
    path = written(tmp_path / "old.yaml", (sent, given), (verify, Response(status=200)), provenance=provenance)
    for more in ((), ("--json",)):
        result = run("cassettes", "show", path, *more)

        assert result.exit_code == 0, result.output
        assert "is not scrubbed; its values are replaced here, not in the file" in result.stderr
        assert not any(told_ in result.output for told_ in (SID, PHONE, "903817", "7f3a", "4155552671"))
        assert "100001" in result.stdout
    assert ("says nothing of where it comes from" in run("cassettes", "show", path).stdout) is (provenance is None)
    assert ("not scrubbed" in run("cassettes", "show", path).stdout) is (
        provenance is not None and provenance.scrubber is None
    )


def test_no_json_and_odd_characters(tmp_path):
    """A page is shown as text; control characters play no tricks; half characters do no harm."""
    page = Response(
        status=502, headers=(("Content-Type", "text/html"),), body="<b>bad\x1b[2J \u202egateway</b>".encode()
    )
    half = Response(status=400, body=b'{"message": "\\ud800"}')
    query = Request(method="GET", url="https://api.twilio.com/2010-04-01/Accounts/x/Messages.json?To=%2B12125550100")
    documented = replace(SCRUBBED, kind="documented")
    path = written(tmp_path / "a.yaml", (send_request(), page), (query, half), provenance=documented)
    result = run("cassettes", "show", path)

    assert result.exit_code == 0, result.output
    assert "<b>bad\ufffd[2J \ufffdgateway</b>" in result.stdout
    assert '{"message": "\\ud800"}' in result.stdout
    assert "Messages.json?To=<phone> (Twilio's Messages)" in result.stdout
    assert run("cassettes", "show", path, "--json").exit_code == 0


def test_refusals(tmp_path):
    """What is no cassette is refused with a plain line."""
    path = tmp_path / "bad.yaml"
    path.write_text("interactions: [!!python/name:os.system '']", encoding="utf-8")

    assert "nothing in a cassette is ever run" in told(run("cassettes", "show", str(path)))
    assert "there is no such cassette" in told(run("cassettes", "show", str(tmp_path / "none.yaml")))
