"""Bugs planted in a sound bot, in how BotPenguin renders and in the services: each is found, whatever the seed."""

from dataclasses import replace

import pytest
from editing import SOUND
from hypothesis import Phase, settings
from planting import GONE, PROFILE, edited

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp import player
from pytest_botpenguin_otp.properties import PROPERTIES, Subject, hunt
from pytest_botpenguin_otp.properties.telling import UNSHOWN
from pytest_botpenguin_otp.wire import json_response

QUICK = settings(max_examples=100, derandomize=False, database=None, phases=[Phase.generate])
SMALL = settings(QUICK, phases=[Phase.generate, Phase.shrink])
SEEDS = range(10)
MOST_STEPS = 8
YES = {"200": "welcome", "400": "wrong_code", "others": "out_of_order", "no_response": "out_of_order"}
BACK_DOOR = [
    {"when": {"attribute": "user_otp", "equals": "again"}, "next": "send_again"},
    {"when": {"attribute": "user_otp", "equals": "424242"}, "next": "welcome"},
]
AUTH = ("headers", "Authorization")

IN_BOTS = {
    "no delay before the first verify": ("timing", [("verify", "delay", "0")]),
    "a delay of 4 seconds": ("timing", [("verify", "delay", "4")]),
    "1 second before a further verify": ("timing", [("verify_3", "delay", "1")]),
    "no Authorization on the verify call": ("auth", [("apis", "Verify OTP", "headers", {})]),
    "the placeholder of the guide": ("auth", [("apis", "Send OTP", *AUTH, "YOUR_TOKEN")]),
    "an Authorization that a user may leave out": ("auth", [("apis", "Verify OTP", *AUTH, "{{nick}}")]),
    "the number as userOtp": ("success", [("apis", "Verify OTP", "body", "userOtp", "{{phone}}")]),
    "the flag as systemOtp": ("success", [("apis", "Verify OTP", "body", "systemOtp", "{{verified}}")]),
    "the code is not saved": ("success", [("apis", "Send OTP", "save", {"other": "data.otp"})]),
    "the flag is not saved": ("success", [("apis", "Verify OTP", "save", GONE)]),
    "yes and no swapped": ("success", [("verify", "responses", YES | {"200": "wrong_code", "400": "welcome"})]),
    "no lets in": ("retry", [("verify", "responses", "400", "welcome")]),
    "any other answer lets in": ("retry", [("verify", "responses", "others", "welcome")]),
    "the last attempt comes back for ever": ("retry", [("too_often", "next", "ask_code_3")]),
    "the right code is refused at the second try": ("retry", [("is_verified_2", "branches", 0, "next", "too_often")]),
    "the second try forgets what was typed": ("retry", [("ask_code_2", "save", "user_otp_2")]),
    "no try but the first is listened to": (
        "retry",
        [("ask_code_2", "save", "again"), ("ask_code_3", "save", "again")],
    ),
    "the second try goes on without a welcome": ("success", [("verify_2", "responses", "200", "colleague")]),
    "a code that opens for everybody": ("retry", [("wants_again", "branches", BACK_DOOR)]),
    "what was typed is compared with itself": (
        "retry",
        [("apis", "Verify OTP", "body", "systemOtp", "{{user_otp}}")],
    ),
    "at most 5 characters": ("success", [("ask_code", "max_length", "5")]),
    "the code is asked for once in a lifetime": ("metamorphic", [("ask_code", "skip_if_answered", "true")]),
    "any text as a number": ("bodies", [("ask_phone", "type", "text_question")]),
    "the two codes swapped": (
        "bodies",
        [("apis", "Verify OTP", "body", {"systemOtp": "{{user_otp}}", "userOtp": "{{system_otp}}"})],
    ),
    "a number that may be skipped": ("bodies", [("ask_phone", "allow_skip", "true")]),
    "small codes are refused": (
        "metamorphic",
        [("is_sent", "branches", 0, "when", {"attribute": "system_otp", "greater": "150000"})],
    ),
}

NUMERIC = [(name, "type", "numeric_input") for name in ("ask_code", "ask_code_2", "ask_code_3")]


def deaf(service):
    """Say yes to every verify call."""

    def answer(request):
        return json_response(200, {"success": True}) if b"userOtp" in request.body else service(request)

    return answer


def short(service):
    """Send codes of which the bot is told all but the last digit."""

    def answer(request):
        response = service(request)
        if b"toNumber" not in request.body or response.status != 200:
            return response
        told = response.json()
        return json_response(200, told | {"data": {"otp": told["data"]["otp"][:-1]}})

    return answer


def forgetful():
    """Make a service that refuses the second number that it is asked about."""

    def layer(service):
        met = []

        def answer(request):
            if b"toNumber" in request.body:
                met.append(request.json()["toNumber"])
                if met[-1] != met[0]:
                    return json_response(500, {"success": False})
            return service(request)

        return answer

    return layer


IN_RENDERERS = {
    "text pasted into JSON": ("bodies", replace(PROFILE, body_rendering="pasted"), []),
    "a number without its plus": ("bodies", replace(PROFILE, phone_rendering="digits"), []),
    "a number without its country": ("bodies", replace(PROFILE, phone_rendering="national"), []),
    "a number as empty braces": ("bodies", replace(PROFILE, phone_rendering="braces"), []),
    "unset attributes by their name": (
        "auth",
        replace(PROFILE, unset_rendering="{{nick}}"),
        [("apis", "Verify OTP", *AUTH, "${BOTPENGUIN_TOKEN}{{nick}}")],
    ),
    "codes as JSON numbers": ("success", replace(PROFILE, code_type="number"), []),
    "typed codes as numbers": ("success", replace(PROFILE, numeric_storage="number"), NUMERIC),
    "typed codes as numbers, by their digits": ("metamorphic", replace(PROFILE, numeric_storage="number"), NUMERIC),
    "references expanded again": ("retry", replace(PROFILE, references="recursive"), []),
    "pasted text that names a second code": (
        "retry",
        replace(PROFILE, body_rendering="pasted"),
        [],
    ),
    "codes compared as numbers": ("retry", replace(PROFILE, comparison="number"), []),
    "left-over flags after an error": (
        "metamorphic",
        replace(PROFILE, saves_when="success"),
        [("verify", "responses", "400", "is_verified")],
    ),
}

IN_SERVICES = {
    "yes to every verify": ("retry", deaf),
    "a code cut short": ("success", short),
    "a service that knows one number only": ("metamorphic", forgetful()),
}


def found(held, subject):
    """Show that the property finds the bug on every seed, and with few steps where it may look for a smaller case."""
    missed = [seed for seed in SEEDS if hunt(PROPERTIES[held], subject, seed=seed, settings=QUICK) is None]
    smallest = hunt(PROPERTIES[held], subject, seed=1, settings=SMALL)

    assert missed == []
    assert [len(chat.steps) for chat in smallest.chats if len(chat.steps) > MOST_STEPS] == []


ALONE = (
    "no delay before the first verify",
    "no Authorization on the verify call",
    "the number as userOtp",
    "no lets in",
    "what was typed is compared with itself",
    "the right code is refused at the second try",
    "any text as a number",
)


@pytest.mark.parametrize("name", ALONE)
def test_a_bug_is_found_by_chance_too(name):
    """What Hypothesis thinks of finds bugs without the cases that are tried first, on ten seeds of ten."""
    held, edits = IN_BOTS[name]
    untold = replace(PROPERTIES[held], first=lambda _: None, traps=lambda _: ())
    subject = Subject(bot=edited(*edits), profile=PROFILE)

    assert [seed for seed in SEEDS if hunt(untold, subject, seed=seed, settings=QUICK) is None] == []
    assert len(hunt(untold, subject, seed=1, settings=SMALL).chats[0].steps) <= MOST_STEPS


def test_a_derandomised_run_finds_the_same_every_time():
    """Under a profile as Hypothesis has it for CI, two runs tell one and the same failure."""
    untold = replace(PROPERTIES["retry"], first=lambda _: None, traps=lambda _: ())
    subject = Subject(bot=edited(*IN_BOTS["no lets in"][1]), profile=PROFILE)
    first, second = (hunt(untold, subject, settings=settings(SMALL, derandomize=True)) for _ in range(2))

    assert first == second
    assert (first.chats, first.lines) == (second.chats, second.lines)


def fails(conversation, bot):
    """Play a conversation as the plugin does, and say whether it fails."""
    world = player.world_for(conversation, PROFILE, 0)
    try:
        player.play(conversation, bot, world)
    except player.ExpectationError:
        return True
    return bool(world.failures())


@pytest.mark.parametrize("name", IN_BOTS)
def test_its_chat_shows_it(name):
    """The chat of a failure, written and read again, fails for the bot with the bug and passes for the sound one."""
    held, edits = IN_BOTS[name]
    broken = edited(*edits)
    smallest = hunt(PROPERTIES[held], Subject(bot=broken, profile=PROFILE), seed=1, settings=SMALL)
    (shown,) = chats.parse(chats.written(smallest.chats, SOUND.name), str(SOUND.with_name("a.chat.yaml"))).conversations

    assert fails(shown, broken) != (smallest.note == UNSHOWN)
    assert smallest.note or not fails(shown, edited())


@pytest.mark.parametrize("name", IN_BOTS)
def test_a_bug_in_a_bot_is_found(name):
    """One wrong setting in a sound bot breaks the property that is about it, on ten seeds of ten."""
    held, edits = IN_BOTS[name]

    found(held, Subject(bot=edited(*edits), profile=PROFILE))


@pytest.mark.parametrize("name", IN_RENDERERS)
def test_a_bug_in_a_renderer_is_found(name):
    """What BotPenguin may make of a text is noticed by the property that it breaks, on ten seeds of ten."""
    held, profile, edits = IN_RENDERERS[name]

    found(held, Subject(bot=edited(*edits), profile=profile))


@pytest.mark.parametrize("name", IN_SERVICES)
def test_a_bug_in_a_service_is_found(name):
    """A service that answers wrongly is noticed from what becomes of the chats, on ten seeds of ten."""
    held, services = IN_SERVICES[name]

    found(held, Subject(bot=edited(), profile=PROFILE, services=services))
