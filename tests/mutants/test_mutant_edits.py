"""Each kind of edit, shown on a bot; every mutant is another bot, told in words, with the place in the original."""

import json
from collections import Counter

import pytest
from mutating import SMALL, SOUND, SOUNDS, document, made

from pytest_botpenguin_otp import documents, mutants
from pytest_botpenguin_otp.mutants.making import built
from pytest_botpenguin_otp.mutants.probing import probes

REDIRECT = SOUNDS / "redirect.bot.yaml"
MENU = SOUNDS / "options-menu.bot.yaml"
FLAG = SOUNDS / "status-flag.bot.yaml"
EMAIL = SOUNDS / "email-before.bot.yaml"
NAME = SOUNDS / "known-name.bot.yaml"
SHOWN = {
    "delay": (SOUND, "verify waits 4 s, not 5 s"),
    "mapping dropped": (SOUND, "verify no longer maps 400"),
    "mappings swapped": (SOUND, "verify swaps where 200 and 400 lead"),
    "mapping led elsewhere": (SOUND, "400 of verify leads to welcome"),
    "attribute": (SOUND, "Verify OTP takes systemOtp from user_otp, not from system_otp"),
    "body field": (SOUND, "Send OTP is called without toNumber"),
    "header": (SOUND, "Verify OTP is called without its header Authorization"),
    "save": (SOUND, "Verify OTP no longer saves verified"),
    "operator": (SOUND, "is_verified asks for verified not_equals 'true', not for equals"),
    "value": (SOUND, "wants_again compares user_otp with 'something else', not with 'again'"),
    "group": (FLAG, "is_verified asks for all of its conditions, not for any"),
    "branches": (SOUND, "has_code goes to verify where it went to wrong_code"),
    "attempts": (SOUND, "ask_code_3 asks again after 400 of verify_3"),
    "question skipped": (SOUND, "ask_code is never asked"),
    "call skipped": (SOUND, "Verify OTP is not called at verify; the chat goes on as after 200"),
    "order": (SOUND, "ask_code_2 comes before wrong_code"),
    "options": (MENU, "menu no longer offers 'a colleague'"),
    "redirect": (REDIRECT, "login/go_on redirects to main, not to members"),
    "end": (SOUND, "bye is live_chat, not end_chat"),
    "protected": (SOUND, "welcome is no longer protected"),
    "countries": (REDIRECT, "login/ask_phone takes numbers of any country"),
    "length": (REDIRECT, "login/ask_code takes 13 signs, not 12"),
    "error message": (SOUND, "ask_phone has no error message"),
    "setting": (SOUND, "ask_code has allow_skip turned on"),
    "text": (SOUND, "welcome says something else"),
    "option text": (MENU, "menu calls the option 'a colleague' something else"),
}


def test_every_kind_is_shown():
    """No kind of edit is without an example here."""
    assert list(SHOWN) == list(mutants.EDITS)


@pytest.mark.parametrize("kind", SHOWN)
def test_a_kind(kind):
    """The edit is among the mutants of that bot, and its place is the line where the original has what it changes."""
    path, told = SHOWN[kind]
    (mutant,) = (one for one in made(path) if one.told == told)
    file, _, line = mutant.place.rpartition(":")

    assert mutant.kind == kind
    assert (file, str(mutant)) == (str(path), f"{told} ({mutant.place})")
    assert 0 < int(line) <= len(path.read_text(encoding="utf-8").splitlines())


def test_places():
    """A place is the line of the part that is changed, not of its component."""
    lines = SOUND.read_text(encoding="utf-8").splitlines()
    wanted = {
        "delay": "delay: 5",
        "mapping dropped": "responses:",
        "operator": "branches:",
        "body field": "toNumber:",
        "protected": "protected:",
    }
    for kind, text in wanted.items():
        (mutant,) = (one for one in made(SOUND) if one.told == SHOWN[kind][1])
        assert lines[int(mutant.place.rpartition(":")[2]) - 1].strip().startswith(text)


@pytest.mark.parametrize("path", [SMALL, SOUND, REDIRECT, MENU, FLAG, EMAIL, NAME], ids=lambda path: path.stem)
def test_each_is_another_bot_once(path):
    """No mutant is the original, none comes twice, all can be read, and they come in the same order each time."""
    found, original = made(path), document(path)

    assert original.tree not in [json.loads(one.source) for one in found]
    assert [one for one, times in Counter(one.source for one in found).items() if times > 1] == []
    assert [one.bot().name for one in found] == [original.tree["name"]] * len(found)
    assert mutants.made(original).mutants == found


def test_what_is_no_bot_is_counted():
    """An edit after which a bot cannot be run is left out, and counted."""
    text = SMALL.read_text(encoding="utf-8").replace("save: phone,", "save: phone, max_length: 999999999,")
    found = mutants.made(documents.parse(text, "long.bot.yaml"))

    assert found.invalid == 1
    assert [one.told for one in found.mutants if one.kind == "length"] == [
        "ask_phone takes an answer of any length",
        "ask_phone takes 999999998 signs, not 999999999",
    ]
    assert built(document(), {}) is None


def test_other_values():
    """A number in a condition becomes one more and one less; a list loses each of its values in turn."""
    text = SOUND.read_text(encoding="utf-8")
    number = text.replace("{attribute: user_otp, equals: again}", '{attribute: user_otp, greater: "9"}')
    several = text.replace("{attribute: user_otp, equals: again}", "{attribute: user_otp, any_of: [a, b]}")
    one = text.replace("{attribute: user_otp, equals: again}", "{attribute: user_otp, none_of: [a]}")
    told = [
        [
            mutant.told.removeprefix("wants_again ")
            for mutant in mutants.made(documents.parse(changed, "x.bot.yaml")).mutants
            if mutant.kind in ("value", "operator") and mutant.told.startswith("wants_again")
        ]
        for changed in (number, several, one)
    ]

    assert told == [
        ["asks for user_otp less '9', not for greater"]
        + [f"compares user_otp with '{other}', not with '9'" for other in ("10", "8")],
        ["asks for user_otp none_of ['a', 'b'], not for any_of"]
        + [f"compares user_otp with ['{other}'], not with ['a', 'b']" for other in "ba"],
        [
            "asks for user_otp any_of ['a'], not for none_of",
            "compares user_otp with ['something else'], not with ['a']",
        ],
    ]


def test_a_body_that_is_one_text():
    """In a raw body, too, an attribute is taken for another."""
    raw = """body: '{"systemOtp": "{{system_otp}}", "userOtp": "{{ user_otp }}"}'"""
    text = SMALL.read_text(encoding="utf-8").replace(
        'body: {systemOtp: "{{system_otp}}", userOtp: "{{user_otp}}"}', raw
    )
    found = mutants.made(documents.parse(text, "raw.bot.yaml")).mutants
    (mutant,) = (one for one in found if one.told == "Verify OTP takes user_otp from phone, not from user_otp")

    assert '{\\"systemOtp\\": \\"{{system_otp}}\\", \\"userOtp\\": \\"{{phone}}\\"}' in mutant.source


def test_probes():
    """There is a probe for each mapping, option and way out of a condition, under a name that the bot has not."""
    told = [one.told for one in probes(document(SOUNDS / "options-menu.bot.yaml"))]
    taken = SMALL.read_text(encoding="utf-8").replace("wrong_code", "probe")

    assert {"400 of verify", "'a colleague' of menu", "the way from is_sent to ask_code", "otherwise of is_sent"} <= {
        *told
    }
    assert len(list(probes(document()))) == 7
    assert all('"probe_0"' in one.source for one in probes(documents.parse(taken, "taken.bot.yaml")))
