"""A fake Twilio on a clock of its own, and a client that speaks HTTP as values."""

from base64 import b64encode
from urllib.parse import urlencode

import pytest

from pytest_botpenguin_otp.clock import Clock
from pytest_botpenguin_otp.faults import FaultPlan
from pytest_botpenguin_otp.journal import Journal
from pytest_botpenguin_otp.twilio import FakeTwilio
from pytest_botpenguin_otp.wire import Request, Response

USER = "+14155550123"


class Client:
    """Asks a fake Twilio as `user` with `password`, by default its own default account."""

    def __init__(self, twilio, user=None, password=None, *, account_sid=None, clock=None):
        self.twilio = twilio
        self.clock = clock
        self.user = user or twilio.account_sid
        self.password = password or twilio.auth_token
        self.base = f"https://api.twilio.com/2010-04-01/Accounts/{account_sid or self.user}"

    def request(self, method, path, *form, **params):
        """Make the request that `send` sends."""
        secret = b64encode(f"{self.user}:{self.password}".encode()).decode()
        url = path if path.startswith("https:") else self.base + path
        body = urlencode([*form, *params.items()]).encode()
        return Request(method=method, url=url, headers=(("Authorization", f"Basic {secret}"),), body=body)

    def send(self, method, path, *form, **params):
        """Ask, and return the response."""
        return self.twilio(self.request(method, path, *form, **params))

    def create_request(self, *form, **params):
        """Make a request for a message that is fine, but for what `params` say; None leaves one out."""
        usual = {"To": USER, "From": self.twilio.number, "Body": "Your code is 123456"}
        return self.request("POST", "/Messages.json", *form, **_given(usual | params))

    def create(self, *form, **params):
        """Ask for a message that is fine, but for what `params` say; None leaves one out."""
        return self.twilio(self.create_request(*form, **params))

    def get(self, path):
        """Ask for a path below the account."""
        return self.send("GET", path)


def _given(params):
    return {name: value for name, value in params.items() if value is not None}


@pytest.fixture
def clock():
    """Give virtual time."""
    return Clock()


@pytest.fixture
def journal():
    """Give an empty journal."""
    return Journal()


@pytest.fixture
def faults():
    """Give a plan without faults."""
    return FaultPlan()


@pytest.fixture
def told():
    """Give the list of status callbacks that arrived."""
    return []


@pytest.fixture
def answers():
    """Give what the receiver of callbacks will answer, first to last; 200 once this is empty."""
    return []


@pytest.fixture
def twilio(clock, journal, faults, told, answers):
    """Give a fake Twilio."""

    def receive(request):
        told.append(request)
        answer = answers.pop(0) if answers else 200
        if isinstance(answer, Exception):
            raise answer
        return Response(status=answer)

    return FakeTwilio(clock=clock, journal=journal, seed=7, faults=faults, callback=receive)


@pytest.fixture
def client(twilio, clock):
    """Give a client of the default account, with the clock at hand."""
    return Client(twilio, clock=clock)


@pytest.fixture
def client_of():
    """Give what makes clients of other accounts."""
    return Client
