"""What is typed at a question: each class once, and each as people and attackers write it."""

from dataclasses import replace

import pytest
from exploring import FILES, machine

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.explorer.bindings import Bindings
from pytest_botpenguin_otp.explorer.codes import FORMS, pool
from pytest_botpenguin_otp.explorer.ghost import Ghost
from pytest_botpenguin_otp.explorer.inputs import classes
from pytest_botpenguin_otp.machine.answers import phone

POOL = pool(6, 4)
GHOST = Ghost(newest=POOL.plain[0], previous=POOL.plain[1])


def typed(made, known):
    """Return what may be typed at a question of a bot, by name."""
    asked = made.bot.components[known]
    return {one.name: one.text for one in classes(asked, GHOST, Bindings(made), POOL, alone=False)}


def asking(countries):
    """Return the sound bot with a phone question for these countries."""
    sound = machine("sound", "mismatch-400")
    text = FILES["sound"].read_text(encoding="utf-8")
    return replace(sound, bot=bots.parse(text.replace("type: phone_number", f"type: phone_number\n{countries}", 1)))


def test_a_right_code_as_people_write_it():
    """Blanks, a hyphen, a dot, full-width digits: none is the code itself, and each is known again in an attribute."""
    given = typed(machine("sound", "mismatch-400"), "main/ask_code")
    written = {name: text for name, text in given.items() if name.startswith("right code ")}

    assert [name.removeprefix("right code ") for name in written] == [
        "with blanks", "with a hyphen", "with a dot", "in full-width digits"
    ]  # fmt: skip
    assert given["right code"] not in written.values()
    assert all(POOL.codes_in(text) == (GHOST.newest,) for text in written.values())
    assert len({form(GHOST.newest) for form in FORMS if form(GHOST.newest) != GHOST.newest}) >= len(written)


@pytest.mark.parametrize(("profile", "text"), [("pessimist", "{}"), ("mismatch-400", None)])
def test_what_an_unset_code_becomes(profile, text):
    """Where an unset attribute is sent as a text, that text is typed as a code: it equals a code that never came."""
    assert typed(machine("sound", profile), "main/ask_code").get("what an unset attribute becomes") == text


@pytest.mark.parametrize(
    ("countries", "zero", "national"),
    [
        ("        countries: [GB]", "+44 0 7700900123", "07700900123"),
        ("        countries: [US, GB]", "+44 0 7700900142", "07700900142"),
        ("        countries: [AU]", "+61 0 491570006", "0491570006"),
        ("        countries: [US]", None, None),
        ("", "+44 0 7700900123", "07700900123"),
    ],
)
def test_national_zeros(countries, zero, national):
    """A number of any country that writes a zero in front is typed with it, and is that very number or none."""
    made = asking(countries)
    given = typed(made, "main/ask_phone")
    read = phone(zero, made.bot.components["main/ask_phone"].countries) if zero else None

    assert given.get("phone with national zero") == zero
    assert given.get("national number with its zero") == national
    assert given["empty"] == ""
    assert read is None or read.e164 in {text.replace(" ", "") for text in given.values()}
