"""Recordings of our fakes over loopback, through vcrpy and every safeguard; run by hand, it writes the shipped ones."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx

from pytest_botpenguin_otp import profile
from pytest_botpenguin_otp.botpenguin import TOKEN
from pytest_botpenguin_otp.cassettes.consent import ENVIRONMENT, Budget, Consents, Guard
from pytest_botpenguin_otp.cassettes.live import Credentials, Live
from pytest_botpenguin_otp.cassettes.record import Keeper, recording
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.transports.server import LoopbackServer
from pytest_botpenguin_otp.wire import Request, json_response
from pytest_botpenguin_otp.world import BOTPENGUIN_URL, TWILIO_URL, World

__all__ = [
    "BOT",
    "DAY",
    "PHONE",
    "SHIPPED",
    "NoGuard",
    "make",
    "post",
    "record",
    "secrets_of",
    "send_request",
    "verify_request",
]

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "cassettes"
BOT = ROOT / "tests" / "examples" / "readme" / "phone-login.bot.yaml"
DAY = datetime(2026, 11, 23, tzinfo=UTC).date()
PHONE = "+14155550123"
SOURCE = "the fakes of this package over loopback, profile {}, seed 7"
PATH = f"{BOTPENGUIN_URL}/integrations/custom-feature"
PROFILES = ("mismatch-200", "mismatch-400", "numeric-code", "status-envelope")


def post(url, body, *, authorization="some-token-of-a-user", headers=()):
    """Return a request with a JSON body."""
    told = json_response(200, body).body
    return Request(method="POST", url=url, headers=(("Authorization", authorization), *headers), body=told)


def send_request(sid="AC" + "fa4e" * 7 + "beef", token="fa4e" * 7 + "cafe", to=PHONE, **more):
    """Return a request for a code."""
    body = {"accountSID": sid, "authToken": token, "fromNumber": "+15005550006", "toNumber": to}
    return post(f"{PATH}/send-otp-sms", body, **more)


def verify_request(system, user, **more):
    """Return a request that verifies."""
    return post(f"{PATH}/verify-user-otp", {"systemOtp": system, "userOtp": user}, **more)


class NoGuard:
    """Lets everything pass."""

    def check(self, request, operation, lacking=()):
        """Say nothing."""

    def tell_silence(self, host, why):
        """Say nothing."""


class ToLoopback(httpx.BaseTransport):
    """Sends what is meant for a base URL to the server that stands for it."""

    def __init__(self, urls):
        self._urls = urls
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request):
        url = httpx.URL(self._urls[f"{request.url.scheme}://{request.url.host}"])
        request.url = url.copy_with(raw_path=request.url.raw_path)
        return self._inner.handle_request(request)

    def close(self):
        self._inner.close()


def secrets_of(world):
    """Return an environment in which the fakes' own credentials are the real ones."""
    return {
        "TWILIO_ACCOUNT_SID": world.twilio.account_sid,
        "TWILIO_AUTH_TOKEN": world.twilio.auth_token,
        "BOTPENGUIN_TOKEN": TOKEN,
        ENVIRONMENT: "1",
    }


def record(path, services, play, *, numbers=(PHONE,), budget=5, environment=None, source="", tell=str):
    """Record into `path` what `play(service)` does with `services`, served over loopback by base URL."""
    consents = Consents(option=True, environment=True, marker=True, numbers=frozenset(numbers), budget=budget)
    guard = Guard(consents, Budget(path.parent / f".{path.name}.sms", budget), tell)
    with LoopbackServer(services) as server:
        urls = {base: server.url(base) for base in services}
        back = {url: base for base, url in urls.items()}

        def url(told):
            base = next(one for one in back if told.startswith(one))
            return back[base] + told.removeprefix(base)

        client = httpx.Client(transport=ToLoopback(urls), trust_env=False)
        credentials = Credentials(environment or {})
        live = Live(guard, credentials, client)
        keeper = Keeper(made=DAY, target=lambda: live.target, known=lambda: credentials.seen, source=source, url=url)
        try:
            with recording(live, path, keeper) as service:
                return play(service)
        finally:
            live.close()


def _login(world, service):
    """Log in with a wrong code first, and then with the right one."""
    for typed in ("271828", None):
        chat = FlowRunner(world).start(BOT, service=service)
        chat.user(PHONE)
        chat.user(typed or world.handset().code())


def _texts(world, service):
    """Send two SMS by Twilio itself: one is accepted, the other has no recipient; then list."""
    sid, token = world.twilio.account_sid, world.twilio.auth_token
    url = f"{TWILIO_URL}/2010-04-01/Accounts/{sid}/Messages.json"
    auth = httpx.BasicAuth(sid, token)
    for body in ("Your code is 483920", "A second one"):
        form = {"To": PHONE, "From": world.twilio.number, "Body": body}
        asked = next(auth.auth_flow(httpx.Request("POST", url, data=form)))
        service(
            Request(
                method="POST",
                url=url,
                headers=tuple((name.decode(), text.decode()) for name, text in asked.headers.raw if name != b"Host"),
                body=asked.content,
            )
        )


def make(folder):
    """Record every cassette that ships into `folder`: the same bytes each time."""
    for name in PROFILES:
        world = World(profile.PROFILES[name], seed=7)
        services = {TWILIO_URL: world, BOTPENGUIN_URL: world}
        record(
            folder / f"login-{name}.yaml",
            services,
            partial(_login, world),
            environment=secrets_of(world),
            source=SOURCE.format(name),
        )
    world = World(seed=7)
    record(
        folder / "twilio-messages.yaml",
        {TWILIO_URL: world},
        partial(_texts, world),
        environment=secrets_of(world),
        source=SOURCE.format("mismatch-400"),
    )


if __name__ == "__main__":
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        make(Path(made))
        SHIPPED.mkdir(exist_ok=True)
        for cassette in Path(made).glob("*.yaml"):
            shutil.copy(cassette, SHIPPED)
