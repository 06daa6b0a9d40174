"""The live service: where real credentials go, what is never followed, and what kind of service has answered."""

import httpx
import pytest
from recorded_project import SECRETS
from recordings import NoGuard, post, verify_request

from pytest_botpenguin_otp.botpenguin import TOKEN
from pytest_botpenguin_otp.cassettes.errors import ConsentError
from pytest_botpenguin_otp.cassettes.live import Credentials, Live
from pytest_botpenguin_otp.world import BOTPENGUIN_URL, World


def test_credentials_of_every_kind():
    """Basic auth, a form, the URL and other `${NAME}`s are filled too; what the environment lacks is named."""
    world = World()
    sid, token = world.twilio.account_sid, world.twilio.auth_token
    url = f"https://api.twilio.com/2010-04-01/Accounts/{sid}/Messages.json"
    asked = next(httpx.BasicAuth(sid, token).auth_flow(httpx.Request("POST", url)))
    request = post(url, {}, authorization=asked.headers["authorization"], headers=(("X", "fake-my_key"),))
    filled = Credentials(SECRETS | {"MY_KEY": "k"}).fill(request)

    assert filled.basic_auth() == (SECRETS["TWILIO_ACCOUNT_SID"], SECRETS["TWILIO_AUTH_TOKEN"])
    assert SECRETS["TWILIO_ACCOUNT_SID"] in filled.url
    assert Credentials({}).lacking(request) == tuple(
        f"the environment variable {name}" for name in ("MY_KEY", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
    )
    assert Credentials({}).fill(verify_request("1", "2")) == verify_request("1", "2")
    assert {seen.value for seen in Credentials(SECRETS).seen} == set(SECRETS.values())


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
        ("https://api.v7.botpenguin.com\n", {}, "", False),
    ],
)
def test_where_real_credentials_go(base, more, target, goes):
    """Only over https, and only to the documents' hosts and one that the user has named; else nothing is filled."""
    credentials = Credentials(SECRETS | more, target=target)
    request = post(f"{base}/integrations/custom-feature/verify-user-otp", {"k": TOKEN}, authorization=TOKEN)

    if goes:
        assert credentials.fill(request).header("authorization") == SECRETS["BOTPENGUIN_TOKEN"]
        return
    with pytest.raises(ConsentError, match=r"over https(.|\n)*BOTPENGUIN_OTP_HOST=HOST(.|\n)*Nothing was sent"):
        credentials.fill(request)


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "https://localhost", "http://[::1]:9"])
def test_this_machine_gets_the_fakes_own(base):
    """A service on this machine needs no credentials, and gets none."""
    request = post(f"{base}/x", {"k": TOKEN}, authorization=TOKEN)

    assert Credentials(SECRETS).fill(request) == request
    assert Credentials({}).lacking(request) == ()


@pytest.mark.parametrize("token", ["s3cret-tökén", "s3cret-token\n", " s3cret-token", "s3cret\u2028token"])
def test_credentials_that_cannot_be_sent(token):
    """A credential that no header can hold is named before anything is sent, and not repeated."""
    request = post(f"{BOTPENGUIN_URL}/x", {}, authorization=TOKEN)

    assert Credentials({"BOTPENGUIN_TOKEN": "s3cret-token"}).lacking(request) == ()
    assert Credentials({"BOTPENGUIN_TOKEN": token}).lacking(request) == (
        "the environment variable BOTPENGUIN_TOKEN in plain ASCII, with no blank or line end around it",
    )
