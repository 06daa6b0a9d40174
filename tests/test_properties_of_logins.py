"""Who logs in: only the right code does, in time, whatever fails; services and bots that are worse are told."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from promising import DEFAULT, FEW, HONEST, PHONE, QUIET, refuted, request

from pytest_botpenguin_otp import strategies as some
from pytest_botpenguin_otp.bot import Choice
from pytest_botpenguin_otp.journal import Answered, Calling
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.world import World

MOST_TURNS = 9
FAULTS = some.faults()
SELDOM = st.integers(0, 4)


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
