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
from recorded_project import SECRETS
from recordings import DAY, PHONE, post, record, secrets_of, send_request, verify_request

from pytest_botpenguin_otp import strategies
from pytest_botpenguin_otp.botpenguin import TOKEN
from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.errors import CassetteError, ConsentError
from pytest_botpenguin_otp.cassettes.record import Keeper, recording
from pytest_botpenguin_otp.cassettes.replay import Replay
from pytest_botpenguin_otp.errors import NoResponseError
from pytest_botpenguin_otp.transports.server import LoopbackServer
from pytest_botpenguin_otp.wire import Response, json_response
from pytest_botpenguin_otp.world import BOTPENGUIN_URL, World


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
    record(path, {BOTPENGUIN_URL: real}, lambda service: service(request), environment=SECRETS)
    text = path.read_text(encoding="utf-8")

    assert got[0].json()["accountSID"] == SECRETS["TWILIO_ACCOUNT_SID"]
    assert got[0].json()["authToken"] == SECRETS["TWILIO_AUTH_TOKEN"]
    assert got[0].header("authorization") == SECRETS["BOTPENGUIN_TOKEN"]
    assert not any(secret in text for secret in (*SECRETS.values(), "483920", PHONE))
    assert form.load(path).provenance.target == "fake"


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


@pytest.mark.parametrize("status", [299, 600, 999])
def test_statuses_of_no_document(tmp_path, status):
    """Whatever three digits a gateway answers with, the recording can be read, and plays."""
    path = tmp_path / "it.yaml"

    def play(service):
        return service(verify_request("1", "2")).status

    assert record(path, {BOTPENGUIN_URL: lambda _: Response(status=status)}, play) == status
    assert play(Replay(form.load(path))) == status


def test_a_recording_begins_anew(tmp_path):
    """A second recording replaces the first; vcrpy never replays for us."""
    path = tmp_path / "it.yaml"
    for _ in range(2):
        record(path, {BOTPENGUIN_URL: World()}, lambda service: service(verify_request("1", "2")))

    assert len(form.load(path).exchanges) == 1
    with pytest.raises(CassetteError, match="not by vcrpy"):
        Keeper(made=DAY, target=str).deserialize("")


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


def test_no_secret_in_the_database_of_hypothesis(tmp_path):
    """What hypothesis keeps of a failing test with real credentials and a recording holds none of them."""
    hypothesis = pytest.importorskip("hypothesis")
    numbers = count()

    @hypothesis.settings(
        database=hypothesis.database.DirectoryBasedExampleDatabase(tmp_path / "examples"),
        max_examples=5,
        phases=[hypothesis.Phase.generate],  # what is kept is kept before anything is made smaller
        deadline=None,
    )
    @hypothesis.given(typed=strategies.codes())
    def play(typed):
        path = tmp_path / f"{next(numbers)}.yaml"
        record(path, {BOTPENGUIN_URL: World()}, lambda service: service(fakes_request(World())), environment=SECRETS)
        assert typed == ""

    with pytest.raises(AssertionError, match="assert"):
        play()
    kept = [file.read_bytes() for file in (tmp_path / "examples").rglob("*") if file.is_file()]
    assert kept
    assert not any(secret.encode() in text for secret in (*SECRETS.values(), PHONE) for text in kept)
