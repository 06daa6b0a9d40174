"""Profiles, faults, bots and conversations."""

import json
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp import strategies as some
from pytest_botpenguin_otp.bot import ApiCall
from pytest_botpenguin_otp.bot.graph import loop_from
from pytest_botpenguin_otp.chat import Inject, User
from pytest_botpenguin_otp.machine import paths
from pytest_botpenguin_otp.player import play, world_for
from pytest_botpenguin_otp.profile import PROFILES, from_json, to_json
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.strategies import FLAWS, StrategyError
from pytest_botpenguin_otp.world import World

QUIET = settings(database=None, derandomize=True, deadline=None)
MANY = settings(QUIET, max_examples=70)
HUNT = settings(QUIET, max_examples=1000, phases=[Phase.generate])
DEFAULT = PROFILES["mismatch-400"]
SOUND = Path(__file__).parents[1] / "examples" / "sound" / "phone-login.bot.yaml"
PHONE = "+1 415 555 0123"


def happens(values, wanted):
    """Show that some value is as wanted."""

    def never(value):
        assert not wanted(value)

    with pytest.raises(AssertionError):
        HUNT(given(values)(never))()


def text_at(answer, path):
    """Return what an attribute gets from a profile's answer."""
    return paths.at(paths.read(answer.render(code="012345", message="No.")), path)


@MANY
@given(some.profiles())
def test_profiles_can_be_written_and_read(profile):
    """Each keeps the contract of profiles, and is itself again once it is read."""
    told = to_json(profile)
    again = from_json(json.loads(json.dumps(told)))

    assert contracts.check("profile", told) == ()
    assert to_json(again) == told


@MANY
@given(some.profiles(honest=True))
def test_honest_profiles_tell_yes_from_no(profile):
    """The code is at its path as text, and the flag at its own tells a match from every other answer."""
    others = (profile.verify_mismatch, profile.bad_request, profile.unauthorized, profile.not_found)

    assert profile.honest
    assert text_at(profile.send_ok, profile.code_path) == "012345"
    assert text_at(profile.verify_ok, profile.flag_path) == profile.flag_ok
    assert text_at(profile.verify_mismatch, profile.flag_path) == profile.flag_mismatch
    assert all(text_at(answer, profile.flag_path) != profile.flag_ok for answer in others)


def test_profiles_are_chosen_by_honesty():
    """Every shipped profile comes up, and only those that were asked for."""
    for name, known in PROFILES.items():
        happens(some.profiles(honest=known.honest), lambda profile, name=name: profile.name == name)
    happens(some.profiles(), lambda profile: profile.name not in PROFILES)

    MANY(given(some.profiles(honest=False))(lambda profile: _must(not profile.honest)))()


def _must(true):
    assert true


@MANY
@given(some.faults())
def test_no_fault_claims_a_success(fault):
    """A fault meets a call of a login, does something, and never says yes."""
    assert (fault.service, fault.operation) in {("twilio", "create"), ("botpenguin", "send"), ("botpenguin", "verify")}
    assert fault.effects
    assert fault.status is None or not 200 <= fault.status < 300
    assert "true" not in (fault.body or "")


@pytest.mark.parametrize("service", ["twilio", "botpenguin"])
def test_faults_of_one_service(service):
    """Only that service is met, and every fault of it can be carried out."""

    @MANY
    @given(some.faults(service))
    def carried_out(fault):
        world = World()
        world.faults.add(fault)
        bot = bots.load(SOUND)
        chat = FlowRunner(world).start(bot)
        chat.user(PHONE)

        assert fault.service == service
        assert chat.ended in ("waiting", "live_chat")

    carried_out()
    happens(some.faults(service), lambda fault: fault.timeout)
    happens(some.faults(service), lambda fault: fault.nth > 1)


def test_faults_of_no_service_are_refused():
    """The error names the services there are."""
    with pytest.raises(
        StrategyError, match=r"no service 'twillio'\. Did you mean 'twilio'\? Known: botpenguin, twilio"
    ):
        some.faults("twillio")


@MANY
@given(some.profiles(honest=True).flatmap(lambda profile: st.tuples(st.just(profile), some.sound_bots(profile))))
def test_sound_bots_are_bots(known):
    """Each file is read without a fault, is protected, can be followed to its ends, and logs in who has the code."""
    profile, written = known
    world = World(profile)
    chat = FlowRunner(world).start(bots.parse(written.text))
    chat.user(PHONE)
    chat.user(world.botpenguin.sent[-1].code)

    assert bots.parse(written.text, "generated.bot.yaml") == written.bot
    assert written.flaw is None
    assert "sound" in repr(written)
    assert written.bot.protected
    assert all(not loop_from(written.bot, component) for component in written.bot.components)
    assert chat.verified
    assert world.failures() == ()


@pytest.mark.parametrize(
    "wanted",
    [
        lambda shape: shape.attempts == 1,
        lambda shape: shape.attempts == 4,
        lambda shape: shape.resend == "word",
        lambda shape: shape.resend == "choice",
        lambda shape: shape.branch == "status",
        lambda shape: shape.branch == "not_flag",
        lambda shape: shape.branch == "any_of",
        lambda shape: shape.whole,
        lambda shape: shape.redirect,
        lambda shape: shape.own_urls,
        lambda shape: shape.scheme,
        lambda shape: shape.delays[0] > 5,
        lambda shape: shape.delays[1:2] == (2,),
        lambda shape: shape.attempts > 2 and not any(shape.guarded),
    ],
)
def test_sound_bots_are_of_every_shape(wanted):
    """Everything that may vary does."""
    happens(some.sound_bots(), lambda written: wanted(written.shape))


def test_where_the_status_tells_nothing_no_bot_branches_by_it():
    """Under a profile that tells a mismatch by 200, a sound bot looks at the flag."""
    MANY(given(some.sound_bots(PROFILES["mismatch-200"]))(lambda written: _must(written.shape.branch != "status")))()


def test_every_delay_is_long_enough_wherever_it_stands():
    """No sound bot has a verify with less than 2 seconds, nor a first one with less than 5."""

    @MANY
    @given(some.sound_bots())
    def long_enough(written):
        delays = [
            known.delay_ms
            for known in written.bot.components.values()
            if isinstance(known, ApiCall) and written.bot.apis[known.api].role == "verify"
        ]

        assert len(delays) == written.shape.attempts
        assert max(delays) >= 5000
        assert min(delays) >= 2000

    long_enough()


@pytest.mark.parametrize("flaw", sorted(FLAWS))
@pytest.mark.parametrize("profile", ["mismatch-400", "status-envelope"])
def test_flawed_bots_have_one_flaw(profile, flaw):
    """Each file is read without a fault, carries its flaw's name, and differs from what is sound."""

    @settings(QUIET, max_examples=5)
    @given(some.flawed_bots(PROFILES[profile], flaws=[flaw]))
    def spoiled(written):
        assert bots.parse(written.text, "generated.bot.yaml") == written.bot
        assert written.flaw == flaw
        assert flaw in repr(written)
        assert FLAWS[flaw].summary

    spoiled()


def test_flaws_need_no_status_that_tells():
    """The mapping of a mismatch can be spoiled under a profile that tells it by 200 too."""
    profile = PROFILES["mismatch-200"]

    @settings(QUIET, max_examples=20)
    @given(some.flawed_bots(profile, flaws=["mismatch-welcomes", "swapped-mapping"]))
    def welcomed(written):
        world = World(profile)
        chat = FlowRunner(world).start(written.bot)
        chat.user(PHONE)
        chat.user("no code")

        assert chat.verified == (written.flaw == "mismatch-welcomes")

    welcomed()


def test_an_unknown_flaw_is_refused():
    """The error names the nearest flaw."""
    with pytest.raises(StrategyError, match=r"no flaw 'skipp'\. Did you mean 'skip'\?"):
        some.flawed_bots(flaws=["skipp"])


@MANY
@given(
    some.profiles(honest=True).flatmap(
        lambda profile: some.sound_bots(profile).flatmap(
            lambda written: st.tuples(
                st.just(profile), st.just(written.bot), some.conversations(written.bot, profile=profile, seed=3)
            )
        )
    )
)
def test_conversations_can_be_played(known):
    """Each is played to its end without a failure, under the profile and the seed that it was made for."""
    profile, bot, conversation = known
    world = world_for(conversation, profile, 3)
    play(conversation, bot, world)

    assert all(isinstance(step, User | Inject) for step in conversation.steps)
    assert world.failures(unused_faults=False) == ()


def test_conversations_without_faults():
    """Without faults users do all the talking, six turns at most or as many as were asked for."""
    bot = bots.load(SOUND)

    @QUIET
    @given(some.conversations(bot, faulty=False, max_turns=3))
    def only_talk(conversation):
        assert len(conversation.steps) <= 3
        assert all(isinstance(step, User) for step in conversation.steps)

    only_talk()
    happens(some.conversations(bot), lambda conversation: any(isinstance(step, Inject) for step in conversation.steps))
    happens(some.conversations(bot), lambda conversation: len(conversation.steps) > 3)


LOOP = """
format: botpenguin-otp/bot@1
name: Round and round
flows:
  main:
    start: ask
    components:
      ask: {type: text_question, message: Go on?, save: answer, next: one}
      one: {type: message, message: One, next: two}
      two: {type: message, message: Two, next: one}
"""


def test_a_bot_that_goes_round_is_not_talked_to():
    """A turn after which the flow never asks again is left out."""

    @QUIET
    @given(some.conversations(bots.parse(LOOP), faulty=False))
    def nothing_said(conversation):
        assert conversation.steps == ()

    nothing_said()
