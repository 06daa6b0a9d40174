"""Bodies, headers and forms, valid and with one fault, beside the contracts and the fakes."""

import json
from base64 import b64encode
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp import strategies as some
from pytest_botpenguin_otp.botpenguin import HOST, TOKEN
from pytest_botpenguin_otp.strategies import PREDICATES
from pytest_botpenguin_otp.twilio.errors import ERRORS
from pytest_botpenguin_otp.wire import Request
from pytest_botpenguin_otp.world import World

QUIET = settings(database=None, derandomize=True, deadline=None, max_examples=100)

EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"
VALID = {
    "botpenguin/headers": some.auth_headers(),
    "botpenguin/send-request": some.send_bodies() | some.send_bodies(own=False),
    "botpenguin/verify-request": some.verify_bodies(),
    "twilio/create-message": some.create_message_forms(),
    "twilio/error": some.twilio_errors(),
}
BROKEN = {
    "botpenguin/headers": some.broken_auth_headers(),
    "botpenguin/send-request": some.broken_send_bodies(),
    "botpenguin/verify-request": some.broken_verify_bodies(),
    "twilio/create-message": some.broken_create_message_forms(),
}


def listed(kind):
    """Return (contract, example) for every example of that kind of the contracts that have a predicate."""
    return [
        pytest.param(contract, path, id=f"{contract}/{path.stem}")
        for contract in sorted(PREDICATES)
        for path in sorted((EXAMPLES / contract / kind).glob("*.json"))
    ]


def create(world, form):
    """Ask the fake Twilio for a message."""
    caller = b64encode(f"{world.twilio.account_sid}:{world.twilio.auth_token}".encode()).decode()
    url = f"https://api.twilio.com/2010-04-01/Accounts/{world.twilio.account_sid}/Messages.json"
    body = urlencode(form, doseq=True).encode()
    return world(Request(method="POST", url=url, headers=(("Authorization", f"Basic {caller}"),), body=body))


def send(world, headers):
    """Send an empty body under these headers."""
    url = f"https://{HOST}/integrations/custom-feature/send-otp-sms"
    return world(Request(method="POST", url=url, headers=tuple(headers), body=b"{}"))


@pytest.mark.parametrize("contract", sorted(VALID))
def test_valid_values_keep_their_contract(contract):
    """Every generated value keeps the contract, and the predicate says so too."""

    @QUIET
    @given(VALID[contract])
    def kept(value):
        assert contracts.check(contract, value) == ()
        assert PREDICATES[contract](value)
        assert json.loads(json.dumps(value)) == value

    kept()


@pytest.mark.parametrize("contract", sorted(BROKEN))
def test_broken_values_break_one_thing(contract):
    """Every broken value breaks the contract once, at the field that it names; the predicate refuses it too."""

    @QUIET
    @given(BROKEN[contract])
    def broken_once(broken):
        (fault,) = contracts.check(contract, broken.body)

        assert broken.field in str(fault)
        assert not PREDICATES[contract](broken.body)

    broken_once()


@pytest.mark.parametrize(("contract", "path"), listed("valid"))
def test_valid_examples_are_accepted(contract, path):
    """What the contract shows as valid, the predicate takes."""
    assert PREDICATES[contract](json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("contract", "path"), listed("invalid"))
def test_invalid_examples_are_refused(contract, path):
    """What the contract shows as invalid, the predicate refuses."""
    assert not PREDICATES[contract](json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("contract", sorted(PREDICATES))
def test_predicates_and_contracts_agree_on_nonsense(contract):
    """Two independent opinions about any JSON are the same."""
    keys = st.sampled_from(["authorization", "accountSID", "systemOtp", "userOtp", "To", "From", "Body", "code", "a b"])
    leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
    trees = st.recursive(leaves, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=4))

    @QUIET
    @given(trees)
    def agreed(value):
        assert PREDICATES[contract](value) == (contracts.check(contract, value) == ())

    agreed()


@QUIET
@given(some.create_message_forms())
def test_twilio_takes_valid_forms(form):
    """The fake Twilio makes a message of each, to whom it was for."""
    world = World()

    assert create(world, form).status == 201
    assert [message.to for message in world.twilio.messages] == [form["To"]]


@QUIET
@given(some.broken_create_message_forms())
def test_twilio_refuses_broken_forms(broken):
    """The fake Twilio refuses each with the error that the value names, and sends nothing."""
    world = World()
    answer = create(world, broken.body)

    assert (answer.status, answer.json()["code"]) == (ERRORS[broken.code].status, broken.code)
    assert not world.twilio.messages


@QUIET
@given(some.headers())
def test_the_service_takes_valid_headers(headers):
    """Whatever the case and the order of the names, the token is found."""
    assert send(World(), headers).status == 400


@QUIET
@given(some.broken_auth_headers())
def test_the_service_refuses_broken_headers(broken):
    """Each gets a 401, but for those that HTTP does not mind."""
    assert send(World(), broken.body.items()).status == (400 if broken.tolerated else 401)


@QUIET
@given(some.auth_headers("fake-token-of-somebody-else"))
def test_a_token_of_ones_own_is_used(headers):
    """Headers carry the token that they were asked for."""
    assert headers["authorization"].endswith("fake-token-of-somebody-else")
    assert send(World(), headers.items()).status == 401


@QUIET
@given(some.send_bodies(own=False))
def test_credentials_of_others_are_refused_by_twilio(body):
    """A body of the right form with unknown credentials is refused by Twilio, not by the contract."""
    url = f"https://{HOST}/integrations/custom-feature/send-otp-sms"
    headers = (("Authorization", TOKEN),)
    answer = World()(Request(method="POST", url=url, headers=headers, body=json.dumps(body).encode()))

    assert answer.status == 400
    assert answer.json()["message"].startswith("Twilio error 20003")


@QUIET
@given(some.broken_send_bodies() | some.broken_verify_bodies())
def test_broken_values_do_not_show_themselves(broken):
    """A traceback names the fault and shows no body."""
    assert broken.field in repr(broken)
    assert "body" not in repr(broken)
