"""A real call needs every consent; what is missing is named at once, and nothing is sent."""

from itertools import product
from multiprocessing import get_context

import pytest
from recordings import PHONE, post, send_request, verify_request

from pytest_botpenguin_otp.cassettes.consent import (
    Budget,
    Consents,
    Guard,
    destination,
    masked,
    numbers,
    refusals,
    spoken,
)
from pytest_botpenguin_otp.cassettes.errors import ConsentError
from pytest_botpenguin_otp.cassettes.parts import endpoint
from pytest_botpenguin_otp.wire import Request

ALL = {"option": True, "environment": True, "marker": True, "numbers": frozenset([PHONE]), "budget": 1}
TWILIO = f"https://api.twilio.com/2010-04-01/Accounts/{'AC' + 'fa4e' * 8}"
TWICE = b'{"toNumber": "+447700900123", "toNumber": "+14155550123"}'
WORDS = (
    "option --otp-live",
    "BOTPENGUIN_OTP_LIVE=1",
    "@pytest.mark.otp(live=True)",
    "--otp-live-to",
    "--otp-sms-budget",
)


def test_each_is_needed():
    """Every combination but the full one is refused, and the refusal names exactly what is missing."""
    for given in product([True, False], repeat=5):
        told = {name: value for there, (name, value) in zip(given, ALL.items(), strict=True) if there}
        missing = refusals(Consents(**told))

        assert len(missing) == given.count(False)
        for there, word in zip(given, WORDS, strict=True):
            assert any(word in line for line in missing) is not there


def test_ci_needs_a_second_switch():
    """Under CI there is one consent more."""
    assert refusals(Consents(**ALL, ci="CI")) == ("the second switch --otp-live-in-ci, since CI is set",)
    assert refusals(Consents(**ALL, ci="CI", in_ci=True)) == ()


def test_budget_is_capped():
    """A budget that is no budget is refused."""
    assert refusals(Consents(**ALL | {"budget": 21})) == ("a budget of at most 20 SMS",)
    assert refusals(Consents(**ALL | {"budget": -1})) == ("a budget of SMS: --otp-sms-budget N, 1 to 20 (it is -1)",)


@pytest.mark.parametrize(
    ("environment", "there", "ci"),
    [
        ({}, False, ""),
        *(({"BOTPENGUIN_OTP_LIVE": text}, False, "") for text in ("", "0", "false", "true", "yes", "01", " 1", "1 ")),
        ({"BOTPENGUIN_OTP_LIVE": "1", "CI": "true"}, True, "CI"),
        ({"BOTPENGUIN_OTP_LIVE": "1", "CI": "false"}, True, ""),
        ({"CI": "0"}, False, ""),
        ({"CI": "", "BUILD_NUMBER": "77"}, False, "BUILD_NUMBER"),
        ({"TF_BUILD": "True"}, False, "TF_BUILD"),
        ({"CODEBUILD_BUILD_ID": "it:1"}, False, "CODEBUILD_BUILD_ID"),
    ],
)
def test_environment(environment, there, ci):
    """Only `1` is a consent; CI is what CI systems set."""
    told = Consents.given(environment, option=True, marker=True, own=frozenset(), budget=0, in_ci=False)

    assert (told.environment, told.ci) == (there, ci)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("", []),
        ("+14155550123,+447700900123\n+1(415)555-0124", 3),
        *(
            (told, None)
            for told in (" +1 ", "4155550123", "*", "+*", "+44*", "+447700900123?", "+44..", "all", "004477009")
        ),
        ("+44(0)7700900123", None),
    ],
)
def test_numbers(told, found):
    """A list of numbers is in E.164, or refused without repeating it."""
    if found is None:
        with pytest.raises(ConsentError, match=r"not in E\.164") as caught:
            numbers(told)
        assert told.strip() not in str(caught.value)
    else:
        assert len(numbers(told)) == (found or 0)


@pytest.mark.parametrize(
    ("request_", "to"),
    [
        (send_request(), PHONE),
        (verify_request("1", "2"), None),
        (send_request(to=5), ""),
        (Request(method="POST", url=send_request().url, body=b"{"), ""),
        (Request(method="POST", url=send_request().url, body=b"[]"), ""),
        (Request(method="POST", url=f"{TWILIO}/Messages.json", body=b"To=%2B14155550123"), PHONE),
        (Request(method="POST", url=send_request().url, body=b'[{"toNumber": "+14155550123"}]'), ""),
        (Request(method="POST", url=send_request().url, body=TWICE), ""),
        (Request(method="POST", url=f"{send_request().url}?toNumber=%2B447700900123", body=send_request().body), ""),
        (Request(method="POST", url=f"{TWILIO}/Messages.json", body=b"Body=1"), ""),
        (Request(method="POST", url=f"{TWILIO}/Messages.json?To=%2B447700900123", body=b"To=%2B14155550123"), ""),
        (Request(method="POST", url=f"{TWILIO}/Messages.json", body=b"To=%2B14155550123&To=%2B447700900123"), ""),
        (Request(method="POST", url=send_request().url, body=b'{"toNumber": ["+14155550123"]}'), ""),
        (Request(method="POST", url=send_request().url, body=b'"+14155550123"'), ""),
        (Request(method="post", url=send_request().url, body=b'{"toNumber": "+14155550123"}'), PHONE),
        (Request(method="GET", url=f"{TWILIO}/Messages.json"), None),
        (Request(method="POST", url=f"{TWILIO}/Messages/SM1.json"), None),
        (Request(method="POST", url=f"{TWILIO}/Messages/%2e%2e%2fMessages.json", body=b"To=%2B14155550123"), PHONE),
        (Request(method="POST", url=f"{TWILIO}/Messages.json", body=b"To=%2B14155550123&to=%2B447700900123"), ""),
        (post(send_request().url, {"toNumber": PHONE, "tonumber": "+447700900123"}), ""),
        (post(f"{send_request().url};/integrations/custom-feature/verify-user-otp", {"toNumber": PHONE}), PHONE),
        (post(f"{send_request().url}#/integrations/custom-feature/verify-user-otp", {"toNumber": PHONE}), PHONE),
    ],
)
def test_destinations(request_, to):
    """Whatever would send an SMS is known, and where to; two destinations are as good as none."""
    assert destination(request_, endpoint(request_)) == to


@pytest.mark.parametrize(
    "to",
    ["+1 415 555 0123", "+1 (415) 555-0123", "14155550123", "4155550123", "0014155550123", "+141555501234",
     "+1415555012", "+14155550123,+447700900123", " +14155550123", "+\uff1114155550123", "whatsapp:+14155550123", ""],
)  # fmt: skip
def test_a_number_that_is_written_otherwise(to):
    """Only the very number that was allowed is: neither a part of it, nor more than it, nor another writing of it."""
    what = (
        "this destination among your own numbers" if to else "one destination: this call names none, or more than one"
    )
    assert refusals(Consents(**ALL), to=to) == (what,)


@pytest.mark.parametrize(
    ("typed", "standing"),
    [
        (["--otp-live", "--otp-sms-budget=1", "--otp-live-in-ci"], []),
        (["-x", "--otp-live", "--otp-sms-budget", "1", "--otp-live-in-ci"], []),
        (["@consents.txt"], []),
        (["--otp-live"], ["--otp-sms-budget", "--otp-live-in-ci"]),
        (["-o", "addopts=--otp-live"], ["--otp-live", "--otp-sms-budget", "--otp-live-in-ci"]),
    ],
)  # fmt: skip
def test_a_consent_is_typed(typed, standing):
    """An option that stands in addopts or in the environment is no consent, and all of them are named."""
    options = ["--otp-live", "--otp-sms-budget", "--otp-live-in-ci"]
    if not standing:
        spoken(typed, options)
        return

    with pytest.raises(ConsentError) as caught:
        spoken(typed, options)
    assert str(caught.value).startswith(f"{', '.join(standing)}: a consent is typed for each run;")
    assert str(caught.value).endswith("Nothing was sent.")


def test_guard(tmp_path):
    """A call passes with every consent, each SMS is told with its number covered; another number never passes."""
    told = []
    guard = Guard(Consents(**ALL), Budget(tmp_path / "sms", 1), told.append)
    guard.check(verify_request("1", "2"), "verify")
    with pytest.raises(ConsentError, match="this destination among your own numbers") as caught:
        guard.check(send_request(to="+447700900123"), "send")
    assert "900123" not in str(caught.value)
    with pytest.raises(ConsentError, match="one destination: this call names none, or more than one"):
        guard.check(post(send_request().url, {}), "send")
    assert told == []

    guard.check(send_request(), "send")
    with pytest.raises(ConsentError, match="all 1 are used"):
        guard.check(send_request(), "send")
    assert told == ["botpenguin-otp: real SMS 1 of at most 1, to +1********23"]
    assert masked(PHONE) == "+1********23"


def _take(folder, taken):
    budget = Budget(folder, 10)
    for _ in range(10):
        taken.put(budget.take())


def test_budget_over_processes(tmp_path):
    """Three processes together send no more than the budget."""
    context = get_context("spawn")
    taken = context.Queue()
    processes = [context.Process(target=_take, args=(tmp_path / "sms", taken)) for _ in range(3)]
    for process in processes:
        process.start()
    found = [taken.get(timeout=60) for _ in range(30)]
    for process in processes:
        process.join()
    taken.close()
    taken.join_thread()

    assert sorted(number for number in found if number is not None) == list(range(1, 11))
