"""Own backends: their calls fail and are refused in every way, and what their yes leads to is never called proved."""

from dataclasses import replace

import pytest
from checking import BOTS

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import compare
from pytest_botpenguin_otp.explorer import explore, outcomes, unanswered
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import check, exit_code, judge

PATH = BOTS / "sound" / "own-backend.bot.yaml"
OWN = PATH.read_text(encoding="utf-8")
SHUT = '"400": wrong_code, others: sorry, no_response: sorry'
USUAL = PROFILES["mismatch-400"]
FIND = "  Find: {method: POST, url: 'https://crm.example/find', save: {phone: contact.phone}}\n"
FOUND = """\
      find: {type: api, api: Find, responses: {"200": is_known, others: sorry, no_response: sorry}}
      is_known:
        type: if_else
        branches: [{when: {attribute: phone, not_equals: ""}, next: send_code}]
        otherwise: sorry
"""
SAID = ("true", "later", "unknown")


def own(old="", new=""):
    """Return the sound bot with an own backend, with `new` in place of `old`."""
    assert old in OWN

    return bots.parse(OWN.replace(old, new), "own.bot.yaml")


def _seen(bot):
    """Return every transition of a bot."""
    found = []
    explore(Machine(bot=bot, profile=USUAL), watch=found.append)
    return found


@pytest.mark.parametrize(
    ("responses", "rule"),
    [
        ('"400": wrong_code, others: welcome, no_response: sorry', "AU16"),
        ('"400": welcome, others: sorry, no_response: sorry', "AU16"),
        ('"400": wrong_code, others: welcome, no_response: welcome', "AU16"),
    ],
)
def test_a_verification_that_opens_when_it_fails(responses, rule):
    """A call whose yes is not known still fails, and whoever is let in by that is found, with the way there."""
    findings = check(own(SHUT, responses), [USUAL])
    failing = [finding for finding in findings if judge(finding) == "fails"]

    assert rule in {finding.rule for finding in failing}
    assert all(finding.token for finding in failing)
    assert exit_code(findings) == 1


def test_every_mapping_is_followed():
    """A send that needs a field to go on gets it; each mapping of both calls is followed, and a no comes to an end."""
    found = outcomes(Machine(bot=own(), profile=USUAL))

    assert found.never_mapped == ()
    assert found.never_reached == ("main/welcome",)
    assert ("end_chat", False) in found.reached


def test_a_service_without_a_role():
    """What a condition asks of its answer is found there: each text, and another one."""
    bot = own(
        '      is_sent: {type: if_else, branches: [{when: {attribute: sent, equals: "true"}, next: ask_code}]',
        '      is_sent: {type: if_else, branches: [{when: {attribute: sent, any_of: ["true", later]}, next: ask_code}]',
    )
    lone = replace(bot, apis={name: replace(api, role=None) for name, api in bot.apis.items()})
    told = {
        one.path[-1].label for one in _seen(lone) if one.before.state.at == "main/send_code" and not one.cost.beyond
    }
    found = outcomes(Machine(bot=lone, profile=USUAL))

    assert {f"Send code answers 200{how}" for how in ("", *(f" with sent {text!r}" for text in SAID))} <= told
    assert (found.never_reached, found.exploration.exhaustive) == ((), True)


def test_what_its_yes_leads_to_is_not_proved():
    """Neither an exploration nor a check calls that exhaustive; a sound bot is told so, and does not fail for it."""
    bot = own()
    exploration = outcomes(Machine(bot=bot, profile=USUAL)).exploration
    findings = check(bot, [USUAL])
    (unproved,) = (finding for finding in findings if finding.rule == "SO03")

    assert [call.name for call in unanswered(bot)] == ["verify"]
    assert (exploration.exhaustive, exploration.cut) == (False, ())
    assert "exhaustive: no, how Check code says yes is not known" in str(exploration)
    assert "what follows its yes is not proved" in unproved.message
    assert (judge(unproved), exit_code(findings), exit_code(findings, strict=True)) == ("own backend", 0, 1)


def test_two_are_not_equal_where_only_the_yes_tells_them_apart():
    """Bots that differ behind a yes alone are not proved equal; where a failure tells them apart, that is found."""
    behind = compare.compare(own(), own("Welcome!", "Come in!"), USUAL, rules=False)
    before = compare.compare(own(), own(SHUT, SHUT.replace("others: sorry", "others: welcome")), USUAL, rules=False)

    assert (behind.differences, behind.equal, behind.exhaustive) == ((), False, False)
    assert "what follows a yes of Check code" in behind.apart[0]
    assert before.differences


@pytest.mark.parametrize(
    "text",
    [
        OWN.replace("/codes/check", "/integrations/custom-feature/verify-user-otp"),
        OWN.replace("{phone:", '{systemOtp: "{{sent}}", phone:'),
    ],
)
def test_the_documented_calls_are_no_strangers(text):
    """What has the documented address, or the documented fields, is answered by the fakes as ever."""
    assert unanswered(bots.parse(text, "own.bot.yaml")) == ()


def test_a_number_that_another_service_knows():
    """A code may go to the number that a customer's own records hold: the service says one, and its code lets in."""
    start, asks, rest = (BOTS / "SO01-keeps.bot.yaml").read_text(encoding="utf-8").partition("      ask_phone: ")
    found = start.replace("start: ask_phone", "start: find").replace("flows:", f"{FIND}flows:")
    bot = bots.parse(f"{found}{FOUND}{rest.partition(chr(10))[2]}", "crm.bot.yaml")

    assert asks
    assert outcomes(Machine(bot=bot, profile=USUAL)).never_reached == ()
    assert not {finding.rule for finding in check(bot, [USUAL])} & {"IN01", "SO01", "SO02"}
