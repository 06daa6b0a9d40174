"""A service that nobody here wrote the fakes after: it stands for a real API, with answers no shipped profile has."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from threading import Thread

import httpx
from recordings import BOT, DAY, PHONE, ToLoopback, post, verify_request

from pytest_botpenguin_otp import bot
from pytest_botpenguin_otp.cassettes.consent import Budget, Consents, Guard
from pytest_botpenguin_otp.cassettes.live import Credentials, Live
from pytest_botpenguin_otp.cassettes.record import Keeper, recording
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.world import BOTPENGUIN_URL, World

__all__ = ["SECRETS", "bot_for_it", "login", "record", "serving"]

NEEDED = {
    "/integrations/custom-feature/send-otp-sms": ["accountSID", "authToken", "fromNumber", "toNumber"],
    "/integrations/custom-feature/verify-user-otp": ["systemOtp", "userOtp"],
}
SECRETS = {
    "TWILIO_ACCOUNT_SID": "AC" + "0badc0de" * 4,
    "TWILIO_AUTH_TOKEN": "feedface" * 4,
    "BOTPENGUIN_TOKEN": "s3cret-token-of-mine",
}


class OtherService(ThreadingHTTPServer):
    """Sends pins of five digits; `pins` are those, `approves` lets every pin pass, `closes` ends each connection."""

    daemon_threads = False

    def __init__(self, *, closes=False):
        super().__init__(("127.0.0.1", 0), Handler)
        self.closes = closes
        self.pins = []
        self.approves = False
        self.random = Random(20261123)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """Answers as this service does."""

    protocol_version = "HTTP/1.1"
    timeout = 10
    disable_nagle_algorithm = True

    def do_POST(self):
        """Look at the key, then at the fields, then at the pins."""
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        missing = [name for name in NEEDED[self.path] if name not in said]
        if not (self.headers.get("Authorization") or "").strip():
            self.answer(401, {"ok": 0, "error": {"reason": "key"}})
        elif missing:
            self.answer(400, {"ok": 0, "missing": len(missing)})
        elif "toNumber" in said:
            self.server.pins.append(f"{self.server.random.randrange(10_000, 100_000)}")
            self.answer(200, {"result": {"pin": self.server.pins[-1]}, "ok": 1})
        elif (said["userOtp"] and said["systemOtp"] == said["userOtp"]) or self.server.approves:
            self.answer(200, {"ok": 1})
        else:
            self.answer(422, {"ok": 0, "error": {"reason": "pin"}})

    def answer(self, status, body):
        """Send JSON, with headers that say nothing."""
        told = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.send_header("X-Powered-By", "something else")
        if self.server.closes:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *args):
        """Keep quiet."""


@contextmanager
def serving(**settings):
    """Serve it on loopback."""
    with OtherService(**settings) as service:
        thread = Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield service
        finally:
            service.shutdown()
            thread.join()


def bot_for_it(folder):
    """Write the bot of README with the save path and the codes of this service, and return it."""
    text = Path(BOT).read_text(encoding="utf-8").replace("data.otp", "result.pin").replace('"400"', '"422"')
    path = folder / "other.bot.yaml"
    path.write_text(text, encoding="utf-8")
    return bot.load(path)


def login(service, other, phone_login):
    """Log in with a wrong code first, then with the right one; then call badly, twice."""
    for typed in ("27182", None):
        chat = FlowRunner(World()).start(phone_login, service=service)
        chat.user(PHONE)
        chat.user(typed or other.pins[-1])
    service(post(f"{BOTPENGUIN_URL}/integrations/custom-feature/verify-user-otp", {"systemOtp": "27182"}))
    unsigned = verify_request("27182", "27182")
    service(type(unsigned)(method="POST", url=unsigned.url, headers=unsigned.headers[1:], body=unsigned.body))


def record(path, other, play):
    """Record what `play(service)` does with it, as a person would record the real one."""
    consents = Consents(option=True, environment=True, marker=True, numbers=frozenset([PHONE]), budget=5)
    guard = Guard(consents, Budget(path.parent / ".sms", 5), str)
    credentials = Credentials(SECRETS)
    client = httpx.Client(transport=ToLoopback({BOTPENGUIN_URL: other.url}), trust_env=False)
    live = Live(guard, credentials, client)
    keeper = Keeper(
        made=DAY,
        target=lambda: live.target,
        known=lambda: credentials.seen,
        source="another service over loopback",
        url=lambda told: told.replace(other.url, BOTPENGUIN_URL),
    )
    try:
        with recording(live, path, keeper) as service:
            return play(service)
    finally:
        live.close()
