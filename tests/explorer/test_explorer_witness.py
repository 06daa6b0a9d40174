"""The explorer and the fakes agree: what one says can happen, the other plays."""

import pytest
from exploring import FILES, HEAD, PROFILE_NAMES, machine

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import chat, player
from pytest_botpenguin_otp.errors import ChatError
from pytest_botpenguin_otp.explorer import explore, replay, witness
from pytest_botpenguin_otp.journal import BotSaid
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.profile import PROFILES

EVERY = {"readme": 6, "guide": 9, "sound": 20}


def sample(made, every):
    """Return shortest ways to every so-many-th state, and for every kind of move one that ends with it."""
    ways, seen = [], set()

    def note(transition):
        key = (transition.before.state.at, transition.move.key)
        if key not in seen:
            seen.add(key)
            ways.append(transition.path)

    found = explore(made, watch=note)
    return [*ways, *(found.path(node) for node in list(found.arrivals)[::every])]


@pytest.mark.parametrize("profile", PROFILE_NAMES)
@pytest.mark.parametrize("bot", FILES)
def test_every_way_is_played_alike(bot, profile):
    """A chat file made of a way says, verifies and ends as the explorer saw it, against the real fakes."""
    made = machine(bot, profile)
    for way in sample(made, EVERY[bot]):
        found = witness(made, way)
        if not found.playable:
            continue
        text = found.chat_file(str(FILES[bot]))
        (conversation,) = chat.parse(text, str(FILES[bot])).conversations
        world = player.world_for(conversation, PROFILES["mismatch-400"], 0)
        player.play(conversation, made.bot, world)
        speaker = "visitor" if "as: visitor" in text else "user"
        heard = tuple(event.text for event in world.journal.of(BotSaid) if event.contact == speaker)

        assert heard == found.said
        assert not world.faults.unused()


@pytest.mark.parametrize("bot", FILES)
def test_a_token_leads_the_same_way(bot):
    """A token is short and safe in an address, and tells the whole way."""
    made = machine(bot, "pessimist")
    for way in sample(made, 20):
        found = witness(made, way)
        again = replay(made, found.token)

        assert found.token.removeprefix("otp1-").isalnum()
        assert (again.labels(), again.said, again.ended) == (found.labels(), found.said, found.ended)
        assert found.labels() == tuple(move.label for move in way)


def test_lines_for_people():
    """A way is told as every run is told: with virtual times, calls and faults, and without a code."""
    found = replay(machine("readme", "mismatch-400"), "otp1-SAnrtT")
    lines = found.lines()

    assert found.labels()[-1] == "Verify OTP does not answer (timeout)"
    assert "That did not work" in lines
    assert "timeout" in lines
    assert found.said[-1] == "That did not work. Please try again later."
    assert (found.verified, found.ended) == (False, "end_chat")


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("otp1-", "is no replay token"),
        ("SAnr", "is no replay token"),
        ("otp1-Sr", r"Move 2 of the way \(r\) is not offered here: the chat is at main/ask_phone, asking. Known: A"),
    ],
)
def test_a_token_that_leads_nowhere(token, why):
    """What is no token, and a way that this bot does not have, are told with what there is instead."""
    with pytest.raises(ChatError, match=why):
        replay(machine("readme", "mismatch-400"), token)


def test_what_a_chat_file_cannot_say():
    """A fault before the first chat begins, and attributes left over in it, cannot both be written."""
    assert not replay(machine("guide", "pessimist"), "otp1-L0s500").playable


def test_a_code_that_begins_with_zero():
    """Where zeros may get lost, a seed is found whose codes begin with one where the way has it."""
    found = replay(machine("readme", "numeric-code"), "otp1-SANrtn")
    world = found.play()

    assert world.botpenguin.sent[0].code[0] == "0"
    assert found.said[-1] == "That code is not right."


AGAIN = """\
      ask_phone: {type: phone_number, message: Your number?, save: phone, next: send}
      hi: {type: message, message: Hello, next: ask_phone}
      send: {type: api, api: Send OTP, responses: {"200": told, others: again}}
      again: {type: api, api: Send OTP, responses: {"200": told, others: bye}}
      told: {type: text_question, message: "It is {{system_otp}}.", save: user_otp, next: bye}
      bye: {type: end_chat}
"""


@pytest.mark.parametrize("key", ["u", "s400", "X", "M"])
def test_codes_beyond_the_way(key):
    """The chat goes on behind its way with the codes that the fakes make then, whatever became of those before."""
    made = Machine(bot=bots.parse(f"{HEAD}{AGAIN}", "again.bot.yaml"), profile=PROFILES["mismatch-400"])

    assert replay(made, f"otp1-SA{key}").play().botpenguin.sent


ROUND = """\
      hi: {type: if_else, branches: [{when: {attribute: name, equals: ""}, next: ask}], otherwise: bye}
      ask: {type: name, message: Your name?, save: name, next: round}
      round: {type: message, message: And again., next: round}
      bye: {type: end_chat}
"""


def test_a_round_before_a_restart():
    """What goes round without asking cannot be played, also where the chat is begun anew behind it."""
    made = Machine(bot=bots.parse(f"{HEAD}{ROUND}", "round.bot.yaml"), profile=PROFILES["mismatch-400"])
    found = replay(made, "otp1-SwR")

    assert (found.ended, found.playable) == ("end_chat", False)
