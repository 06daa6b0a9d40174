"""The guide as published: what it does to a chat, and what is said about it."""

from pathlib import Path

import pytest

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp import player
from pytest_botpenguin_otp.rules import order
from pytest_botpenguin_otp.transcript import transcript
from pytest_botpenguin_otp.world import World

EXAMPLES = Path(__file__).parent / "examples"
GUIDE = EXAMPLES / "guide"


def test_its_chat_goes_as_told_and_breaks_the_contract():
    """Send OTP gets an empty toNumber, is refused, and no SMS is ever sent."""
    chat = chats.load(GUIDE / "guide.chat.yaml")
    world = World()
    for conversation in chat.conversations:
        player.play(conversation, chat.bot, world)

    assert len(chat.conversations) == 1
    (failure,) = [told for told in world.failures() if "send-request" in told]
    assert "toNumber" in failure
    assert "The flow broke the contract botpenguin/send-request" in failure
    assert "Send OTP: 400" in transcript(world.journal)


def test_both_faults_are_found_each_once():
    """Send OTP before the phone question, and no question for the code."""
    early, unasked = order(bots.load(GUIDE / "phone-login.bot.yaml"))

    assert "Send OTP runs before the phone number is asked" in early.message
    assert "'ask_phone'" in early.message
    assert "Nothing asks for the code" in unasked.message
    assert {early.rule, unasked.rule} == {"AU13"}
    assert (early.severity, unasked.severity) == ("high", "high")
    lines = (GUIDE / "phone-login.bot.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[early.line - 1].strip() == "send_otp:"
    assert lines[unasked.line - 1].strip() == "verify_otp:"


def test_the_sound_bot_has_no_finding():
    """A bot in the right order is left in peace."""
    assert order(bots.load(EXAMPLES / "sound" / "phone-login.bot.yaml")) == ()


def bot_of(components, apis="", tail=""):
    """Return a bot of these components, the first being the start."""
    lines = "\n".join(f"      {line}" for line in components)
    start = components[0].partition(":")[0]
    flows = f"flows:\n  main:\n    start: {start}\n    components:\n{lines}\n"
    return bots.parse(f"format: botpenguin-otp/bot@1\nname: A bot\n{apis}{flows}{tail}")


BYE = "bye: {type: end_chat}"


@pytest.mark.parametrize(
    ("components", "told"),
    [
        (['hi: {type: message, message: "Hi {{nick}}", next: bye}', BYE], ["'hi' reads 'nick'", "Nothing in this bot"]),
        (
            [
                'hi: {type: message, message: "Hi {{nick}}", next: ask}',
                'ask: {type: name, message: "Name?", save: nick, next: bye}',
                'bye: {type: end_chat, message: "Bye {{nick}}"}',
            ],
            ["'hi' reads 'nick'", "Let the question 'ask'"],
        ),
        (
            [
                'pick: {type: single_choice, message: "?", options: [{text: a, next: ask}, {text: b, next: bye}]}',
                'ask: {type: name, message: "Name?", save: nick, next: bye}',
                'bye: {type: end_chat, message: "Bye {{nick}}"}',
            ],
            ["'bye' reads 'nick'", "Let the question 'ask'"],
        ),
        (
            [
                "s: {type: if_else, branches: [{when: {any: [{attribute: v, equals: a}]}, next: ask}], otherwise: ask}",
                'ask: {type: single_choice, message: "?", save: v, options: [{text: a, next: bye}]}',
                BYE,
            ],
            ["'s' reads 'v'", "Let the question 'ask'"],
        ),
    ],
)
def test_read_before_set(components, told):
    """What a way leads to unset is told once, with what to do; it weighs more where nothing sets it at all."""
    (finding,) = order(bot_of(components))
    severity = "high" if "Nothing in this bot sets it" in finding.message else "medium"

    assert (finding.rule, finding.severity) == ("AU13", severity)
    for part in told:
        assert part in finding.message


@pytest.mark.parametrize(
    "components",
    [
        [
            'see: {type: if_else, branches: [{when: {attribute: nick, equals: ""}, next: bye}], otherwise: hi}',
            'hi: {type: message, message: "Hi {{nick}}", next: bye}',
            BYE,
        ],
        [
            'see: {type: if_else, branches: [{when: {attribute: nick, not_equals: ""}, next: hi}], otherwise: bye}',
            'hi: {type: message, message: "Hi {{nick}}", next: bye}',
            BYE,
        ],
        [
            'pick: {type: single_choice, message: "?", save: nick, options: [{text: a, next: hi}]}',
            'hi: {type: message, message: "Hi {{nick}}", next: bye}',
            BYE,
        ],
        [BYE, 'lost: {type: message, message: "Hi {{nick}}", next: bye}'],
        ["ask: {type: name, message: Name?, save: nick, next: ask}"],
    ],
)
def test_nothing_to_say(components):
    """A flow that asks whether an attribute is set, or cannot be reached, or goes round by a question, is fine."""
    assert order(bot_of(components)) == ()


APIS = """\
apis:
  Look up:
    method: GET
    url: https://crm.example/contacts
    save: {nick: name}
"""


def test_an_answer_that_never_came_sets_nothing():
    """What an API saves is set on every way but no_response."""
    call = "call: {type: api, api: Look up, responses: {'200': hi, no_response: sorry}}"
    rest = ['hi: {type: message, message: "Hi {{nick}}", next: bye}', BYE]
    (finding,) = order(bot_of([call, 'sorry: {type: message, message: "Sorry {{nick}}", next: bye}', *rest], APIS))

    assert "'sorry' reads 'nick'" in finding.message
    assert "Let the call 'call'" in finding.message


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('body: {systemOtp: "1", userOtp: "2"}', "Check sends no attribute as userOtp"),
        ("params: {a: b}", "Check sends no answer of the user"),
    ],
)
def test_verify_without_the_users_code(body, told):
    """A verify call that sends no attribute as userOtp, or an own one that sends none, sees nothing that is typed."""
    apis = f"apis:\n  Check:\n    method: POST\n    url: https://login.example/check\n    role: verify\n    {body}\n"
    (finding,) = order(bot_of(["check: {type: api, api: Check, responses: {others: bye}}", BYE], apis))

    assert f"Nothing asks for the code: {told}" in finding.message


def test_going_round_without_asking():
    """Each way round that asks nothing is told once; a way into it and out of it is no part of it. None ends here."""
    components = [
        "hi: {type: message, message: Hi, next: one}",
        "one: {type: message, message: One, next: two}",
        "two: {type: if_else, branches: [{when: {attribute: a, equals: ''}, next: one}], otherwise: out}",
        "out: {type: message, message: Out, next: alone}",
        "alone: {type: message, message: Alone, next: alone}",
    ]
    first, second = order(bot_of(components))

    assert "goes round without asking the user: one -> two -> one. Put a question" in first.message
    assert "alone -> alone" in second.message
    assert (first.rule, first.severity, first.file) == ("AB09", "high", "bot.yaml")


def test_ignored():
    """A rule that the bot ignores is not told."""
    components = ['hi: {type: message, message: "Hi {{nick}}", next: bye}', BYE]

    assert order(bot_of(components, tail='ignore: [{rule: AU13, reason: "The site sets it."}]\n')) == ()


def test_redirected():
    """What a flow sets counts in the flow that it leads to, and what a redirect says is read."""
    bot = bots.parse(
        "format: botpenguin-otp/bot@1\nname: A bot\nflows:\n"
        "  main:\n    start: go\n    components:\n"
        "      go: {type: redirect, flow: other, message: 'Hi {{nick}}'}\n"
        "  other:\n    start: bye\n    components:\n      bye: {type: end_chat, message: 'Bye {{nick}}'}\n"
    )
    (finding,) = order(bot)

    assert "'go' reads 'nick'" in finding.message


def test_a_returning_user():
    """A condition on what only a later call sets is not told to let that call come first: it would come round again."""
    api = "apis: {A: {method: POST, url: 'https://a.example', save: {verified: ok}}}\n"
    components = [
        'known: {type: if_else, branches: [{when: {attribute: verified, equals: "true"}, next: bye}], otherwise: call}',
        'call: {type: api, api: A, responses: {"200": bye, others: bye, no_response: bye}}',
        BYE,
    ]
    (finding,) = order(bot_of(components, api))

    assert (finding.rule, finding.severity) == ("AU13", "medium")
    assert "Only what comes after it sets it: 'call' (" in finding.message
    assert "come first" not in finding.message
