"""The promises of the product, each held against every input that the strategies can think of.

Each promise is a function that raises AssertionError where it is broken; below the tests that it holds stand the tests
that it breaks for services and bots that were spoiled by hand.
"""

import json
from dataclasses import replace

import httpx
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pytest_botpenguin_otp import contracts, template
from pytest_botpenguin_otp import strategies as some
from pytest_botpenguin_otp.bot import Choice
from pytest_botpenguin_otp.botpenguin import HOST, TOKEN
from pytest_botpenguin_otp.journal import Answered, Calling, UserSaid
from pytest_botpenguin_otp.player import play
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.transports.http import OtpTransport
from pytest_botpenguin_otp.wire import Request, json_response
from pytest_botpenguin_otp.world import World

QUIET = settings(database=None, derandomize=True, deadline=None, max_examples=100)
FEW = settings(QUIET, max_examples=50)
HUNT = settings(QUIET, max_examples=600, phases=[Phase.generate], report_multiple_bugs=False)

PATHS = {"send": "send-otp-sms", "verify": "verify-user-otp"}
VALID = {"send": some.send_bodies(), "verify": some.verify_bodies()}
BROKEN = {"send": some.broken_send_bodies(), "verify": some.broken_verify_bodies()}
DEFAULT = PROFILES["mismatch-400"]
PHONE, OTHER_PHONE = "+14155550123", "+447700900123"
MOST_TURNS = 9
HONEST = some.profiles(honest=True).flatmap(lambda known: st.tuples(st.just(known), some.sound_bots(known)))
FAULTS = some.faults()
SELDOM = st.integers(0, 4)


def refuted(promise, *given_values):
    """Show that `promise` is broken by some of the given values."""
    with pytest.raises(AssertionError):
        HUNT(given(*given_values)(promise))()


def request(operation, body, headers=(("Authorization", TOKEN),)):
    """Build a request to the OTP service."""
    url = f"https://{HOST}/integrations/custom-feature/{PATHS[operation]}"
    sent = (*headers, ("Content-Type", "application/json"))
    return Request(method="POST", url=url, headers=sent, body=json.dumps(body).encode())


def through_httpx(service, asked):
    """Ask `service` over httpx and return the status and the JSON body."""
    with httpx.Client(transport=OtpTransport(service)) as client:
        given_back = client.request(asked.method, asked.url, headers=list(asked.headers), content=asked.body)
    return given_back.status_code, given_back.json()


# Bodies.


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


# Authorization.


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


# Chats.


def said_next(data, world, chat, bot):
    """Draw what the user says: at a choice one of its options mostly, at a code question the code or anything else."""
    asked = bot.components[chat.at]
    if isinstance(asked, Choice):
        return data.draw(some.user_turns(asked))
    code = world.botpenguin.sent[-1].code
    near = st.sampled_from(["again", code, f"0{code}"])
    return data.draw(st.one_of(near, some.wrong_codes(code), some.typed_codes(code)))


def turns(data, world, bot, *, faulty):
    """Chat with a bot; yield the chat and the user's words after each turn, and before it the code in force."""
    if faulty and data.draw(SELDOM) == 0:
        world.faults.add(data.draw(FAULTS))
    chat = FlowRunner(world).start(bot)
    chat.user(PHONE)
    for _ in range(MOST_TURNS):
        if chat.ended != "waiting":
            return
        if faulty and data.draw(SELDOM) == 0:
            world.faults.add(data.draw(FAULTS))
        code = world.botpenguin.sent[-1].code
        text = said_next(data, world, chat, bot)
        chat.user(text)
        yield chat, text, code


def gaps(journal):
    """Yield, from the journal alone, for each verify the seconds since the answer before it, and what that was to."""
    roles, last = {}, {}
    for event in journal.events:
        if isinstance(event, Calling):
            roles[event.contact, event.call] = event.role
            if event.role == "verify":
                before, answered_ms = last[event.contact]
                yield before, (event.now_ms - answered_ms) / 1000
        elif isinstance(event, Answered):
            last[event.contact] = roles[event.contact, event.call], event.now_ms


def in_time(data, profile, written):
    """Promise: the first verify comes 5 seconds or more after its send, each other 2 or more after the one before."""
    world = World(profile)
    for _ in turns(data, world, written.bot, faulty=True):
        for before, passed in gaps(world.journal):
            assert passed >= {"send": 5, "verify": 2}[before]
        assert world.failures(unused_faults=False) == ()


def haste_told(data, profile, written):
    """Promise: a verify that comes too early is told in the turn in which it comes."""
    step = "main/verify_2" if written.flaw == "short-retry" else "main/verify"
    world = World(profile)
    for _ in turns(data, world, written.bot, faulty=True):
        taken = any(event.component == step for event in world.journal.of(Calling))
        told = [told for told in world.failures(unused_faults=False) if "contract timing" in told]

        assert bool(told) == taken


def login_holds(data, profile, written, *, faulty=True):
    """Promise: the right code always logs in, nothing else ever does, and nobody may try for ever."""
    world = World(profile)
    for chat, text, code in turns(data, world, written.bot, faulty=faulty):
        verified = bool(world.botpenguin.verified)
        if not faulty and text == code:
            assert chat.verified
        if chat.verified:
            assert text == code
            assert verified
        last = chat.calls()[-1]
        if last.role == "verify" and (last.status is None or last.status >= 300):
            assert not chat.verified
        assert len(chat.calls("Verify OTP")) <= written.shape.attempts
        assert len(chat.calls("Send OTP")) <= 1 + (written.shape.resend != "none")
    assert world.failures(unused_faults=False) == ()


@QUIET
@given(st.data(), HONEST)
def test_every_delay_is_kept(data, known):
    """On sound bots no answer, resend or fault brings a verify too early."""
    in_time(data, *known)


@QUIET
@given(st.data(), some.flawed_bots(flaws=["missing-delay", "short-delay", "short-retry"]))
def test_a_shortened_delay_is_told_as_soon_as_it_is_taken(data, written):
    """A breach of timing is reported in the turn of the hasty verify, and not before."""
    haste_told(data, DEFAULT, written)


@QUIET
@given(st.data(), HONEST)
def test_only_the_right_code_logs_in(data, known):
    """At every attempt that is left the right code logs in, any other text does not, and attempts are bounded."""
    login_holds(data, *known, faulty=False)


@QUIET
@given(st.data(), HONEST)
def test_no_fault_logs_anybody_in(data, known):
    """Whatever goes wrong at the services, nobody gets in without the code."""
    login_holds(data, *known)


@FEW
@given(HONEST, st.integers(1, 4), st.booleans())
def test_the_right_code_works_at_the_last_attempt(known, at, resent):
    """After wrong codes, and after a resend where the bot offers one, the newest code logs in."""
    profile, written = known
    world = World(profile)
    chat = FlowRunner(world).start(written.bot)
    chat.user(PHONE)
    for number in range(1, min(at, written.shape.attempts)):
        word = resent and written.shape.resend == "word" and written.shape.resend_at == number
        chat.user("again" if word else "no code")
        if isinstance(written.bot.components[chat.at], Choice):
            chat.user("Send a new code" if resent else "Try again")
    chat.user(world.botpenguin.sent[-1].code)

    assert chat.verified
    assert chat.ended == "end_chat"


SPOILED_SERVICES = {
    "yes to everything": replace(DEFAULT, verify_mismatch=DEFAULT.verify_ok),
    "yes to the same number": replace(DEFAULT, comparison="number"),
    "no to everything": replace(DEFAULT, verify_ok=DEFAULT.verify_mismatch),
    "yes without a yes": replace(DEFAULT, verify_ok=replace(DEFAULT.verify_ok, status=204)),
}


@pytest.mark.parametrize("name", sorted(SPOILED_SERVICES))
def test_a_service_that_compares_badly_breaks_the_promise(name):
    """A lying service is noticed by the promise of logins."""
    profile = SPOILED_SERVICES[name]

    refuted(lambda data, written: login_holds(data, profile, written, faulty=False), st.data(), some.sound_bots())


def test_a_code_with_zeros_in_front_is_lost_as_a_number():
    """A service that sends the code as a number is noticed where the code begins with 0."""
    seed = next(seed for seed in range(1000) if _first_code(seed).startswith("0"))

    def right_code(written):
        world = World(PROFILES["numeric-code"], seed)
        chat = FlowRunner(world).start(written.bot)
        chat.user(PHONE)
        chat.user(world.botpenguin.sent[-1].code)

        assert chat.verified

    refuted(right_code, some.sound_bots())


def _first_code(seed):
    world = World(DEFAULT, seed)
    world(request("send", _send_body(world)))
    return world.botpenguin.sent[0].code


def _send_body(world):
    twilio = world.twilio
    sender = {"accountSID": twilio.account_sid, "authToken": twilio.auth_token, "fromNumber": twilio.number}
    return sender | {"toNumber": PHONE}


@pytest.mark.parametrize(
    "flaw", ["mismatch-welcomes", "swapped-mapping", "self-compare", "typed-system-otp", "endless"]
)
def test_a_bot_that_branches_badly_breaks_the_promise(flaw):
    """A bot that lets in who has no code, or lets anybody try for ever, is noticed."""
    spoiled = some.flawed_bots(flaws=[flaw])

    refuted(lambda data, written: login_holds(data, DEFAULT, written, faulty=False), st.data(), spoiled)


@pytest.mark.parametrize("flaw", ["others-welcome", "silence-welcomes"])
def test_a_bot_that_fails_open_breaks_the_promise(flaw):
    """A bot that lets in whom it could not check is noticed once something goes wrong."""
    refuted(lambda data, written: login_holds(data, DEFAULT, written), st.data(), some.flawed_bots(flaws=[flaw]))


@pytest.mark.parametrize("flaw", ["missing-delay", "short-delay", "short-retry"])
def test_a_hasty_bot_breaks_the_promise(flaw):
    """A delay that is too short is noticed from the journal alone."""
    refuted(lambda data, written: in_time(data, DEFAULT, written), st.data(), some.flawed_bots(flaws=[flaw]))


def test_nobody_is_told_off_for_keeping_the_delays():
    """Of a sound bot no breach of timing is told, so the promise to tell one is broken."""
    refuted(lambda data, written: haste_told(data, DEFAULT, written), st.data(), some.sound_bots())


# Nothing else.


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
