"""The promises of the product, each held against every input that the strategies can think of.

Each promise is a function that raises AssertionError where it is broken; below the tests that it holds stand the tests
that it breaks for services and bots that were spoiled by hand.
"""

from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from promising import DEFAULT, FEW, HONEST, OTHER_PHONE, PATHS, PHONE, QUIET, refuted, request

from pytest_botpenguin_otp import contracts, template
from pytest_botpenguin_otp import strategies as some
from pytest_botpenguin_otp.journal import UserSaid
from pytest_botpenguin_otp.player import play
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.transports.http import OtpTransport
from pytest_botpenguin_otp.wire import json_response
from pytest_botpenguin_otp.world import World

VALID = {"send": some.send_bodies(), "verify": some.verify_bodies()}
BROKEN = {"send": some.broken_send_bodies(), "verify": some.broken_verify_bodies()}


def through_httpx(service, asked):
    """Ask `service` over httpx and return the status and the JSON body."""
    with httpx.Client(transport=OtpTransport(service)) as client:
        given_back = client.request(asked.method, asked.url, headers=list(asked.headers), content=asked.body)
    return given_back.status_code, given_back.json()


def accepted(operation, make, body):
    """Promise: a valid body keeps its contract, and the service takes it, in process and over httpx alike."""
    asked = request(operation, body)
    answer = make()(asked)
    same = operation == "verify" and body["systemOtp"] == body["userOtp"] != ""

    assert contracts.check(f"botpenguin/{operation}-request", body) == ()
    assert answer.status == (200 if operation == "send" or same else 400)
    assert operation == "send" or answer.json()["message"] in ("", "OTP does not match")
    assert through_httpx(make(), asked) == (answer.status, answer.json())


def refused(operation, make, broken):
    """Promise: one fault in a body breaks its contract once, and gets a 400; both name the field."""
    asked = request(operation, broken.body)
    faults = contracts.check(f"botpenguin/{operation}-request", broken.body)
    answer = make()(asked)

    assert len(faults) == 1
    assert broken.field in str(faults[0])
    assert answer.status == 400
    assert broken.field in answer.json()["message"]
    assert answer.json()["message"].count("$") == 1
    assert through_httpx(make(), asked) == (answer.status, answer.json())


@pytest.mark.parametrize("operation", sorted(PATHS))
def test_valid_bodies_are_accepted_everywhere(operation):
    """What keeps the contract is taken by the fake, whichever door it comes through."""
    QUIET(given(VALID[operation])(lambda body: accepted(operation, World, body)))()


@pytest.mark.parametrize("operation", sorted(PATHS))
def test_one_fault_is_refused_everywhere_and_named(operation):
    """What breaks the contract in one place gets a 400 that names the place, whichever door it comes through."""
    QUIET(given(BROKEN[operation])(lambda broken: refused(operation, World, broken)))()


def test_a_deaf_service_breaks_both_promises():
    """A service that says yes to everything, or no to everything, is noticed."""
    refuted(
        lambda broken: refused("send", lambda: lambda _: json_response(200, {"message": ""}), broken), BROKEN["send"]
    )
    refuted(lambda body: accepted("send", lambda: lambda _: json_response(400, {"message": ""}), body), VALID["send"])
    refuted(
        lambda body: accepted("verify", lambda: lambda _: json_response(200, {"message": ""}), body), VALID["verify"]
    )


def test_a_vague_service_breaks_the_promise_of_names():
    """A 400 that does not say which field is wrong is noticed."""
    vague = json_response(400, {"message": "$: bad request"})

    refuted(lambda broken: refused("send", lambda: lambda _: vague, broken), BROKEN["send"])
    refuted(lambda broken: refused("verify", lambda: lambda _: vague, broken), BROKEN["verify"])


def unauthorised(operation, service, headers):
    """Promise: without its token the service says 401, over httpx too."""
    asked = request(operation, {}, headers)

    assert service(asked).status == 401
    assert through_httpx(service, asked)[0] == 401


def breach_named(world, bot):
    """Promise: a flow that sends such a header breaks the contract of headers, and is told so."""
    FlowRunner(world).start(bot).user(PHONE)

    assert any("botpenguin/headers" in told and "authorization" in told for told in world.failures())
    assert not world.twilio.messages


def with_authorization(bot, text):
    """Return a bot whose APIs send this Authorization, or none."""
    told = () if text is None else (("Authorization", template.parse(text, field="authorization")),)
    return replace(bot, apis={name: replace(api, headers=told) for name, api in bot.apis.items()})


@pytest.mark.parametrize("operation", sorted(PATHS))
def test_who_does_not_show_the_token_is_refused(operation):
    """Missing, blank, placeholder and foreign tokens get a 401 from each endpoint."""
    broken = some.broken_auth_headers().filter(lambda known: not known.tolerated and "line feed" not in known.what)
    foreign = some.headers("fake-token-of-somebody-else")
    sent = broken.map(lambda known: tuple(known.body.items())) | foreign

    QUIET(given(sent)(lambda headers: unauthorised(operation, World(), headers)))()


@QUIET
@given(some.headers(), st.sampled_from(sorted(PATHS)))
def test_who_shows_the_token_is_let_in(headers, operation):
    """The token is taken bare or after Bearer, whatever the case of the header's name and whatever is beside it."""
    assert World()(request(operation, {}, headers)).status == 400


@FEW
@given(some.broken_auth_headers().filter(lambda known: not known.tolerated), some.sound_bots())
def test_a_flow_without_its_token_breaks_the_contract(broken, written):
    """What a flow sends instead of a token is a breach, named with its header."""
    text = broken.body.get("authorization")

    if text is None or "${" not in text:  # a secret is how a bot file holds a token
        breach_named(World(), with_authorization(written.bot, text))


def test_an_open_service_and_a_good_flow_break_the_promises_of_headers():
    """A service that looks at no header is noticed; nobody blames a flow that sends its token."""
    anyone = some.headers("fake-token-of-somebody-else")

    refuted(lambda headers: unauthorised("send", lambda _: json_response(200, {}), headers), anyone)
    refuted(lambda written: breach_named(World(), written.bot), some.sound_bots())


def strangers(profile, written):
    """Promise: nobody gets in with the code of another contact, and no handset shows it."""
    world = World(profile)
    runner = FlowRunner(world)
    mine, theirs = runner.start(written.bot), runner.start(written.bot, contact="anna")
    mine.user(PHONE)
    theirs.user(OTHER_PHONE)
    mine.user(world.handset("anna").code())
    theirs.user(world.handset().code())

    assert world.handset().code() != world.handset("anna").code()
    assert not mine.verified
    assert not theirs.verified


def repeated(known, first=0, second=0):
    """Promise: one conversation in two worlds of the same seed leaves the same journal."""
    bot, conversation = known
    worlds = [World(DEFAULT, first), World(DEFAULT, second)]
    for world in worlds:
        play(conversation, bot, world)

    assert worlds[0].journal.events == worlds[1].journal.events


CONVERSATIONS = some.sound_bots().flatmap(
    lambda written: st.tuples(st.just(written.bot), some.conversations(written.bot))
)


@FEW
@given(HONEST)
def test_contacts_do_not_share_codes(known):
    """Two contacts who swap their codes both stay outside."""
    strangers(*known)


@FEW
@given(CONVERSATIONS)
def test_the_same_seed_gives_the_same_journal(known):
    """Nothing of a run depends on anything but its seed and what is said."""
    repeated(known)


@FEW
@given(CONVERSATIONS)
def test_worlds_do_not_share_anything(known):
    """What happened in one world leaves no trace in the next."""
    bot, conversation = known
    first, between, second = World(), World(seed=1), World()
    play(conversation, bot, first)
    FlowRunner(between).start(bot).user(OTHER_PHONE)
    play(conversation, bot, second)

    assert first.journal.events == second.journal.events
    assert [event.text for event in second.journal.of(UserSaid)] == [event.text for event in first.journal.of(UserSaid)]


def test_a_bot_for_whom_all_are_alike_breaks_the_promise():
    """A bot that compares what was typed with itself lets strangers in, which is noticed."""
    refuted(lambda written: strangers(DEFAULT, written), some.flawed_bots(flaws=["typed-system-otp"]))


def test_another_seed_gives_another_journal():
    """Two worlds of different seeds do differ, so that equal journals mean something."""
    known = some.sound_bots().flatmap(
        lambda written: st.tuples(st.just(written.bot), some.conversations(written.bot, faulty=False))
    )

    refuted(lambda pair: repeated(pair, 0, 1), known)
