"""Whatever breaks below a cassette's service, no traceback shows what was on its way, and no answer is lost for it."""

import traceback

import httpx
import pytest
from recorded_project import LOGIN, RECORD, SECRETS, SENSITIVE, STAND_IN, TEST
from recordings import NoGuard, post

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.errors import CassetteError
from pytest_botpenguin_otp.cassettes.live import Credentials, Live
from pytest_botpenguin_otp.errors import NoResponseError
from pytest_botpenguin_otp.transports.server import LoopbackServer
from pytest_botpenguin_otp.wire import Response
from pytest_botpenguin_otp.world import BOTPENGUIN_URL

LOUD = ("--showlocals", "--tb=long", "--junitxml=junit.xml", "--log-level=DEBUG", "-ojunit_logging=all")


def broken(error):
    """Return a live service whose connection fails with an error."""

    def fail(request):
        raise error(f"s3cret {request.content}")

    credentials = Credentials({"BOTPENGUIN_TOKEN": SECRETS["BOTPENGUIN_TOKEN"]})
    return Live(NoGuard(), credentials, httpx.Client(transport=httpx.MockTransport(fail)))


@pytest.mark.parametrize(
    ("error", "raised", "told"),
    [
        (ZeroDivisionError, CassetteError, r"ZeroDivisionError at test_cassette_errors.py:[0-9]+\. Its values stay"),
        (httpx.DecodingError, NoResponseError, "no answer"),
        (KeyboardInterrupt, KeyboardInterrupt, "s3cret"),
        (pytest.fail.Exception, pytest.fail.Exception, "s3cret"),
    ],
)
def test_no_frame_below(error, raised, told):
    """An error of any kind comes up without the frames below, and a foreign one without its text."""
    service = broken(error)
    with pytest.raises(raised, match=told) as caught:
        service(post(f"{BOTPENGUIN_URL}/x", {"systemOtp": "1", "userOtp": "2"}))
    service.close()
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]

    assert names == ["test_no_frame_below", "__call__"]
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert ("s3cret" in str(caught.value)) is (raised is error)


def answering(body, encoding="identity"):
    """Return a service with one answer."""
    headers = (("Content-Type", "application/json"), ("Content-Encoding", encoding))
    return lambda _: Response(status=200, headers=headers, body=body)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (answering(b"\x1f\x8b no gzip, dear AliceCanary", "gzip"), "gave no answer: DecodingError"),
        (answering(b'{"ok": true, "data": {"otp": "483920"}, "name": "\\ud800AliceCanary"}'), ""),
    ],
)
def test_odd_answers(consenting, answer, outcome):
    """An answer that cannot be unpacked, or holds half a character, is kept as far as it can be, and nothing shown."""
    consenting.file("test_module.py", LOGIN + TEST.replace("assert chat.verified", "assert not chat.calls()"))
    with LoopbackServer({"https://api.v7.botpenguin.com": answer}) as server:
        port = server.url("https://api.v7.botpenguin.com").rpartition(":")[2]
        consenting.file("conftest.py", STAND_IN.format(port=port))
        result = consenting.run(*RECORD, *LOUD)
    shown = result.stdout.str() + result.stderr.str() + (consenting.path / "junit.xml").read_text(encoding="utf-8")
    kept = consenting.path / "cassettes" / "test_module" / "test_it.yaml.failed"

    result.assert_outcomes(failed=1)
    assert outcome in shown
    assert form.load(kept).exchanges
    assert [one for one in SENSITIVE if one in shown + kept.read_text(encoding="utf-8")] == []
