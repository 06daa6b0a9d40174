"""Recording: over real sockets and vcrpy, every consent first, one try, and nothing of other people's recorders."""

import gzip
import logging
import re
import threading
from itertools import count
from queue import Queue

import httpx
import pytest
import vcr
from recordings import DAY, PHONE, post, record, secrets_of, send_request, verify_request

from pytest_botpenguin_otp import strategies
from pytest_botpenguin_otp.botpenguin import TOKEN
from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.errors import CassetteError, ConsentError
from pytest_botpenguin_otp.cassettes.live import Credentials, Live
from pytest_botpenguin_otp.cassettes.record import Keeper, recording
from pytest_botpenguin_otp.cassettes.replay import Replay
from pytest_botpenguin_otp.errors import NoResponseError
from pytest_botpenguin_otp.transports.server import LoopbackServer
from pytest_botpenguin_otp.wire import Response, json_response
from pytest_botpenguin_otp.world import BOTPENGUIN_URL, World

REAL = {
    "TWILIO_ACCOUNT_SID": "AC" + "0badc0de" * 4,
    "TWILIO_AUTH_TOKEN": "feedface" * 4,
    "BOTPENGUIN_TOKEN": "s3cret-token-of-mine",
}


def fakes_request(world, **more):
    """Return a send request with the fakes' own credentials, as a flow runner makes it."""
    return send_request(world.twilio.account_sid, world.twilio.auth_token, authorization=TOKEN, **more)


def test_real_credentials_are_put_in_last(tmp_path):
    """The service gets the real credentials, the caller and the file never hold one."""
    got = []

    def real(request):
        got.append(request)
        return json_response(200, {"success": True, "data": {"otp": "483920"}, "echo": request.body.decode()})

    path = tmp_path / "it.yaml"
    request = fakes_request(World())
    record(path, {BOTPENGUIN_URL: real}, lambda service: service(request), environment=REAL)
    text = path.read_text(encoding="utf-8")

    assert got[0].json()["accountSID"] == REAL["TWILIO_ACCOUNT_SID"]
    assert got[0].json()["authToken"] == REAL["TWILIO_AUTH_TOKEN"]
    assert got[0].header("authorization") == REAL["BOTPENGUIN_TOKEN"]
    assert not any(secret in text for secret in (*REAL.values(), "483920", PHONE))
    assert form.load(path).provenance.target == "fake"


def test_credentials_of_every_kind():
    """Basic auth, a form, the URL and other `${NAME}`s are filled too; what the environment lacks is named."""
    world = World()
    sid, token = world.twilio.account_sid, world.twilio.auth_token
    url = f"https://api.twilio.com/2010-04-01/Accounts/{sid}/Messages.json"
    asked = next(httpx.BasicAuth(sid, token).auth_flow(httpx.Request("POST", url)))
    request = post(url, {}, authorization=asked.headers["authorization"], headers=(("X", "fake-my_key"),))
    filled = Credentials(REAL | {"MY_KEY": "k"}).fill(request)

    assert filled.basic_auth() == (REAL["TWILIO_ACCOUNT_SID"], REAL["TWILIO_AUTH_TOKEN"])
    assert REAL["TWILIO_ACCOUNT_SID"] in filled.url
    assert Credentials({}).lacking(request) == tuple(
        f"the environment variable {name}" for name in ("MY_KEY", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
    )
    assert Credentials({}).fill(verify_request("1", "2")) == verify_request("1", "2")
    assert {seen.value for seen in Credentials(REAL).seen} == set(REAL.values())


@pytest.mark.parametrize(
    ("settings", "request_", "told"),
    [
        ({"budget": 0}, send_request(), "--otp-sms-budget"),
        ({"numbers": ()}, send_request(), "--otp-live-to"),
        ({}, send_request(to="+447700900123"), "this destination"),
        (
            {"budget": 0},
            fakes_request(World()),
            "SMS: --otp-sms-budget(.|\n)*the environment variable BOTPENGUIN_TOKEN",
        ),
        ({}, post("https://crm.example.test/", {}), "a contract for this call"),
    ],
)
def test_refused_before_anything_is_sent(tmp_path, settings, request_, told):
    """A call that lacks a consent reaches nobody, and leaves no file."""
    got = []
    with pytest.raises(ConsentError, match=told):
        record(tmp_path / "it.yaml", {BOTPENGUIN_URL: got.append}, lambda service: service(request_), **settings)

    assert got == []
    assert not (tmp_path / "it.yaml").exists()


def test_no_send_is_retried(tmp_path):
    """A lost answer is told as silence, the SMS counts, and the request went out once."""
    got = []

    def lost(request):
        got.append(request)
        raise NoResponseError("reset")

    def play(service):
        with pytest.raises(NoResponseError, match="reset"):
            service(send_request())
        with pytest.raises(ConsentError, match="all 1 are used"):
            service(send_request())

    told = []
    record(tmp_path / "it.yaml", {BOTPENGUIN_URL: lost}, play, budget=1, tell=told.append)
    assert len(got) == 1
    assert re.fullmatch("botpenguin-otp: api.v7.botpenguin.com gave no answer: [A-Za-z]+Error", told[1])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status):
    """A redirect is the answer: it would send once more, and elsewhere; a client that follows them does not here."""
    got = []

    def answer(request):
        got.append(str(request.url))
        return httpx.Response(status, headers={"Location": "https://elsewhere.test/send"})

    client = httpx.Client(transport=httpx.MockTransport(answer), follow_redirects=True)
    service = Live(NoGuard(), Credentials({"BOTPENGUIN_TOKEN": "s3cret-token-of-mine"}), client)
    given = service(post(f"{BOTPENGUIN_URL}/x", {"systemOtp": "1", "userOtp": "2"}))
    service.close()

    assert given.status == status
    assert got == [f"{BOTPENGUIN_URL}/x"]


def test_each_sms_is_told(tmp_path):
    """One line per real SMS, its number covered."""
    told = []
    world = World()
    request = fakes_request(world)
    services = {BOTPENGUIN_URL: world}
    record(
        tmp_path / "it.yaml",
        services,
        lambda service: service(request),
        environment=secrets_of(world),
        tell=told.append,
    )

    assert told == ["botpenguin-otp: real SMS 1 of at most 5, to +1********23"]


def test_other_traffic_is_left_alone(tmp_path):
    """While we record, other calls pass unseen, and a project's own vcrpy cassette records as ever."""
    path, theirs = tmp_path / "it.yaml", tmp_path / "theirs.yaml"

    def hello(_):
        return Response(status=200, body=b"hello")

    with LoopbackServer({"https://other.test": hello}) as server:

        def play(service):
            with httpx.Client(trust_env=False) as client:
                assert client.get(server.url("https://other.test")).text == "hello"
            with vcr.use_cassette(str(theirs)), httpx.Client(trust_env=False) as client:
                client.get(f"{server.url('https://other.test')}/x")
            return service(verify_request("1", "2"))

        record(path, {BOTPENGUIN_URL: lambda _: json_response(400, {"success": False})}, play)
    assert len(form.load(path).exchanges) == 1
    assert len(form.load(theirs).exchanges) == 1


def test_other_threads_are_left_alone(tmp_path):
    """What another thread asks for while our call is on its way is none of ours."""
    path = tmp_path / "it.yaml"
    asked, answered = Queue(), Queue()

    def slow(_):
        asked.put("now")
        answered.get(timeout=10)
        return json_response(400, {"success": False})

    def elsewhere(url):
        asked.get(timeout=10)
        with httpx.Client(trust_env=False) as client:
            told.append(client.get(url).text)
        answered.put("done")

    told = []
    with LoopbackServer({"https://other.test": lambda _: Response(status=200, body=b"hello")}) as server:

        def play(service):
            thread = threading.Thread(target=elsewhere, args=(server.url("https://other.test"),))
            thread.start()
            service(verify_request("1", "2"))
            thread.join()

        record(path, {BOTPENGUIN_URL: slow}, play)

    assert told == ["hello"]
    assert len(form.load(path).exchanges) == 1


def test_nothing_is_logged(tmp_path, caplog):
    """However talkative logging is, nothing of a call of ours is logged; what others ask for is, as ever."""

    def okay(_):
        return Response(status=200)

    with (
        caplog.at_level(logging.DEBUG),
        LoopbackServer({"https://other.test": lambda _: Response(status=200)}) as server,
    ):

        def play(service):
            with httpx.Client(trust_env=False) as client:
                client.get(f"{server.url('https://other.test')}/of-others")
            return service(send_request())

        record(tmp_path / "it.yaml", {BOTPENGUIN_URL: World()}, play)
        logged = caplog.text
        httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))).get("https://other.test/later")

    assert "of-others" in logged
    assert "send-otp-sms" not in logged
    assert "Appending request" not in logged
    assert "other.test/later" in caplog.text


def test_gzip_is_decoded(tmp_path):
    """A compressed answer is scrubbed as what it says."""
    body = gzip.compress(b'{"otp": "483920"}')
    headers = (("Content-Type", "application/json"), ("Content-Encoding", "gzip"))
    path = tmp_path / "it.yaml"
    record(
        path,
        {BOTPENGUIN_URL: lambda _: Response(status=200, headers=headers, body=body)},
        lambda service: service(send_request()),
    )

    assert form.load(path).exchanges[0].response.json() == {"otp": "100001"}


def test_a_long_answer_is_kept(tmp_path):
    """An answer that is longer than a bot file may ever be is recorded, and plays."""
    path = tmp_path / "it.yaml"
    body = {"success": True, "rows": [{"status": "queued", "message": f"row {n % 7}"} for n in range(20_000)]}

    def play(service):
        return len(service(verify_request("1", "2")).json()["rows"])

    assert record(path, {BOTPENGUIN_URL: lambda _: json_response(200, body)}, play) == 20_000
    assert path.stat().st_size > 800_000
    assert play(Replay(form.load(path))) == 20_000


def test_binary_answers(tmp_path):
    """An answer that is no text is kept as the fact that it was none."""
    path = tmp_path / "it.yaml"
    record(
        path,
        {BOTPENGUIN_URL: lambda _: Response(status=500, body=b"\xff\xfe\x00")},
        lambda service: service(send_request()),
    )

    assert form.load(path).exchanges[0].response.body == b"[not text]"


def test_a_recording_begins_anew(tmp_path):
    """A second recording replaces the first; vcrpy never replays for us."""
    path = tmp_path / "it.yaml"
    for _ in range(2):
        record(path, {BOTPENGUIN_URL: World()}, lambda service: service(verify_request("1", "2")))

    assert len(form.load(path).exchanges) == 1
    with pytest.raises(CassetteError, match="not by vcrpy"):
        Keeper(made=DAY, target=str).deserialize("")


def test_target():
    """What came over no connection is a fake's, from a private address anybody's; of mixed answers the worst counts."""

    class Stream:
        def __init__(self, host, *, closed=False):
            self.host = host
            self.closed = closed

        def get_extra_info(self, _):
            if self.closed:
                raise OSError
            return (self.host, 443)

    def live(*hosts):
        told = iter(hosts)

        def answer(request):
            host = next(told)
            if host is None:
                return httpx.Response(200)
            gone = host.startswith("closed ")
            stream = Stream(host.removeprefix("closed "))
            request.extensions["trace"]("connection.connect_tcp.started", {})
            request.extensions["trace"]("connection.connect_tcp.complete", {"return_value": stream})
            return httpx.Response(200, extensions={"network_stream": Stream("", closed=True) if gone else stream})

        credentials = Credentials({"BOTPENGUIN_OTP_HOST": "white-label.test"})
        return Live(NoGuard(), credentials, httpx.Client(transport=httpx.MockTransport(answer)))

    for hosts, url, target in (
        ((None,), BOTPENGUIN_URL, "fake"),
        ((PUBLIC,), BOTPENGUIN_URL, "real"),
        (("::ffff:" + PUBLIC,), BOTPENGUIN_URL, "real"),
        ((PUBLIC,), "https://white-label.test", "unknown"),
        ((PUBLIC, "127.0.0.1"), BOTPENGUIN_URL, "fake"),
        (("::ffff:127.0.0.1",), BOTPENGUIN_URL, "fake"),
        *(((private,), BOTPENGUIN_URL, "unknown") for private in ("172.18.0.2", "10.0.0.1", "192.168.1.4", "fd00::1")),
        (("?",), BOTPENGUIN_URL, "fake"),
        ((f"closed {PUBLIC}", PUBLIC), BOTPENGUIN_URL, "real"),
        (("closed 127.0.0.1", PUBLIC), BOTPENGUIN_URL, "fake"),
    ):
        service = live(*hosts)
        assert service.target == "unknown"
        for _ in hosts:
            service(post(f"{url}/x", {"systemOtp": "1", "userOtp": "2"}))
        assert service.target == target
        assert repr(service) == "<live service>"
        service.close()


PUBLIC = "8.8.8.8"


class NoGuard:
    """Lets everything pass."""

    def check(self, request, operation, lacking=()):
        """Say nothing."""

    def tell_silence(self, host, why):
        """Say nothing."""


def test_recorded_plays(tmp_path):
    """What was recorded plays through."""
    path = tmp_path / "it.yaml"
    world = World()

    def play(service):
        code = service(fakes_request(world)).json()["data"]["otp"]
        return service(verify_request(code, code, authorization=TOKEN)).status

    recorded = record(path, {BOTPENGUIN_URL: world}, play, environment=secrets_of(world))
    replay = Replay(form.load(path))

    assert play(replay) == recorded == 200
    assert replay.unplayed() == ()


def test_an_error_after_a_send_keeps_what_was_sent(tmp_path):
    """An SMS that was paid for is recorded whatever happens then, and never where a cassette would be."""
    path, beside = tmp_path / "it.yaml", tmp_path / "it.yaml.failed"

    def fail(service):
        service(send_request())
        raise ZeroDivisionError

    def again(play):
        with pytest.raises(ZeroDivisionError):
            record(path, {BOTPENGUIN_URL: World()}, play)

    again(fail)
    assert not path.exists()
    assert "send-otp-sms" in beside.read_text(encoding="utf-8")
    beside.unlink()
    record(path, {BOTPENGUIN_URL: World()}, lambda service: service(verify_request("1", "2")))
    good = path.read_bytes()
    again(fail)

    assert path.read_bytes() == good
    assert "send-otp-sms" in beside.read_text(encoding="utf-8")


def test_an_error_before_a_send_leaves_no_file(tmp_path):
    """Where nothing was sent there is nothing to keep."""
    keeper = Keeper(made=DAY, target=lambda: "fake")
    with pytest.raises(ZeroDivisionError), recording(str, tmp_path / "it.yaml", keeper):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


WHITE = {"BOTPENGUIN_OTP_HOST": "White-Label.test:8443"}


@pytest.mark.parametrize(
    ("base", "more", "target", "goes"),
    [
        ("https://api.v7.botpenguin.com", {}, "", True),
        ("https://api.twilio.com", {}, "", True),
        ("https://API.v7.botpenguin.com:443", {}, "", True),
        ("https://white-label.test:8443", WHITE, "", True),
        ("https://white-label.test", {}, "https://white-label.test/x", True),
        ("http://api.v7.botpenguin.com", {}, "", False),
        ("http://api.twilio.com", {}, "", False),
        ("http://white-label.test", {}, "http://white-label.test", False),
        ("http://white-label.test:8443", WHITE, "", False),
        ("https://white-label.test", WHITE, "", False),
        ("https://api.v7.botpenguin.com:8443", {}, "", False),
        ("https://api.v7.botpenguin.com@evil.test", {}, "", False),
        ("https://evil.test", {"BOTPENGUIN_OTP_HOST": "*"}, "", False),
        ("https://192.0.2.1", {}, "", False),
        ("https://[", {}, "", False),
    ],
)
def test_where_real_credentials_go(base, more, target, goes):
    """Only over https, and only to the documents' hosts and one that the user has named; else nothing is filled."""
    credentials = Credentials(REAL | more, target=target)
    request = post(f"{base}/integrations/custom-feature/verify-user-otp", {"k": TOKEN}, authorization=TOKEN)

    if goes:
        assert credentials.fill(request).header("authorization") == REAL["BOTPENGUIN_TOKEN"]
        return
    with pytest.raises(ConsentError, match=r"over https(.|\n)*BOTPENGUIN_OTP_HOST=HOST(.|\n)*Nothing was sent"):
        credentials.fill(request)


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "https://localhost", "http://[::1]:9"])
def test_this_machine_gets_the_fakes_own(base):
    """A service on this machine needs no credentials, and gets none."""
    request = post(f"{base}/x", {"k": TOKEN}, authorization=TOKEN)

    assert Credentials(REAL).fill(request) == request
    assert Credentials({}).lacking(request) == ()


def test_no_secret_in_the_database_of_hypothesis(tmp_path):
    """What hypothesis keeps of a failing test with real credentials and a recording holds none of them."""
    hypothesis = pytest.importorskip("hypothesis")
    numbers = count()

    @hypothesis.settings(
        database=hypothesis.database.DirectoryBasedExampleDatabase(tmp_path / "examples"),
        max_examples=5,
        deadline=None,
    )
    @hypothesis.given(typed=strategies.codes())
    def play(typed):
        path = tmp_path / f"{next(numbers)}.yaml"
        record(path, {BOTPENGUIN_URL: World()}, lambda service: service(fakes_request(World())), environment=REAL)
        assert typed == ""

    with pytest.raises(AssertionError, match="assert"):
        play()
    kept = [file.read_bytes() for file in (tmp_path / "examples").rglob("*") if file.is_file()]
    assert kept
    assert not any(secret.encode() in text for secret in (*REAL.values(), PHONE) for text in kept)
