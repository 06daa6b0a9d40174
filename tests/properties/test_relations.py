"""Metamorphic checks: each holds on a sound bot, and each is broken by something that it is about."""

from dataclasses import replace

import pytest
from planting import PROFILE, edited

from pytest_botpenguin_otp.chat import Inject, User
from pytest_botpenguin_otp.faults import Fault
from pytest_botpenguin_otp.properties import RELATIONS, Subject
from pytest_botpenguin_otp.properties.cases import CODE, PLACE, Case, telling_seeds
from pytest_botpenguin_otp.wire import json_response

HOUR_MS = 3_600_000
NUMERIC = [("ask_code", "type", "numeric_input")]
CHOOSY = {"attribute": "system_otp", "greater": "150000"}


def refusing(world):
    """Know no number that ends with 8."""

    def answer(request):
        known = b"toNumber" not in request.body or not request.json()["toNumber"].endswith("8")
        return world(request) if known else json_response(500, {})

    return answer


def early_only(world):
    """Answer in the first hour alone."""
    return lambda request: world(request) if world.clock.now_ms < HOUR_MS else json_response(500, {})


def first_only(world):
    """Send codes to the first number alone."""
    met = []

    def answer(request):
        met.extend([request.json()["toNumber"]] if b"toNumber" in request.body else [])
        return world(request) if met[0] == met[-1] else json_response(500, {})

    return answer


def whole(world):
    """Tell of a send more than its code."""

    def answer(request):
        response = world(request)
        told = response.json()
        return json_response(200, told | {"data": told["data"] | {"id": "7"}}) if "data" in told else response

    return answer


BROKEN = {
    "digits": Subject(bot=edited(("is_sent", "branches", 0, "when", CHOOSY)), profile=PROFILE),
    "number": Subject(bot=edited(), profile=PROFILE, services=refusing),
    "blanks": Subject(bot=edited(*NUMERIC), profile=replace(PROFILE, numeric_storage="number")),
    "later": Subject(bot=edited(), profile=PROFILE, services=early_only),
    "second": Subject(bot=edited(("ask_code", "skip_if_answered", "true")), profile=PROFILE),
    "two": Subject(bot=edited(), profile=PROFILE, services=first_only),
    "order": Subject(bot=edited(("apis", "Send OTP", "save", {"system_otp": "data"})), profile=PROFILE, services=whole),
    "fields": Subject(bot=edited(("apis", "Send OTP", "save", {"system_otp": "data"})), profile=PROFILE),
    "failure": Subject(bot=edited(("is_verified_2", "branches", 0, "next", "too_often")), profile=PROFILE),
}


def case(seed):
    """Return the chat of somebody who has the code."""
    steps = (User(place=PLACE, text="+14155550123"), User(place=PLACE, text=CODE))
    return Case(steps=steps, seed=seed)


@pytest.mark.parametrize("name", RELATIONS)
def test_it_finds_what_it_is_about(name):
    """A bot or service for which it does make a difference is found on few chats, and the difference is told."""
    found = [RELATIONS[name].differs(BROKEN[name], case(seed)) for seed in telling_seeds(PROFILE)]

    assert any(found)
    assert all(" then " in differs.told or "not let in" in differs.told for differs in found if differs)


@pytest.mark.parametrize("name", RELATIONS)
def test_it_holds_on_a_sound_bot(name):
    """Where nothing depends on it, nothing is found."""
    subject = Subject(bot=edited(), profile=PROFILE)

    assert [RELATIONS[name].differs(subject, case(seed)) for seed in telling_seeds(PROFILE)] == [None] * 8


@pytest.mark.parametrize("name", RELATIONS)
@pytest.mark.parametrize("broken", ["malformed", "wrong_type", "timeout"])
def test_it_holds_where_a_service_fails(name, broken):
    """An answer that is no JSON object, or none at all, makes no difference of its own; nor does an empty chat."""
    subject = Subject(bot=edited(), profile=PROFILE)
    fault = Inject(place=PLACE, faults=(Fault.of("botpenguin", "verify", {broken: True}),))
    first, second = case(0).steps

    assert RELATIONS[name].differs(subject, Case(steps=(first, fault, second), seed=0)) is None
    assert RELATIONS[name].differs(subject, Case(steps=(), seed=0)) is None


def test_a_case_does_not_show_itself():
    """What stands in a traceback of Hypothesis holds no number and no code."""
    assert repr(case(0)) == "<a case of 2 steps>"
