"""What a bot author reads where a right code lets nobody in: the cause, its line, and what was meant."""

from dataclasses import replace

import pytest

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import checked, judge, relied_on
from pytest_botpenguin_otp.rules.causes import causes, differing
from pytest_botpenguin_otp.rules.secret_names import Note

BOT = """\
format: botpenguin-otp/bot@1
name: Login
apis:
  Send OTP:
    method: POST
    url: https://api.v7.botpenguin.com/integrations/custom-feature/send-otp-sms
    headers: {Authorization: "${BOTPENGUIN_TOKEN}"}
    body: {accountSID: "${A}", authToken: "${T}", fromNumber: "+15005550006", toNumber: "{{phone}}"}
    save:
      system_otp: data.otp
  Verify OTP:
    method: POST
    url: https://api.v7.botpenguin.com/integrations/custom-feature/verify-user-otp
    headers: {Authorization: "${BOTPENGUIN_TOKEN}"}
    body: {systemOtp: "{{system_otp}}", userOtp: "{{user_otp}}"}
    save: {verified: success}
flows:
  main:
    start: ask_phone
    components:
      ask_phone: {type: phone_number, message: "Phone?", save: phone, next: send_code}
      send_code: {type: api, api: Send OTP, responses: {"200": ask_code, others: bye, no_response: bye}}
      ask_code: {type: text_question, message: "Code?", save: user_otp, next: verify}
      verify: {type: api, api: Verify OTP, delay: 5, responses: {"200": is_right, others: wrong, no_response: bye}}
      is_right:
        type: if_else
        branches: [{when: {attribute: verified, equals: "true"}, next: welcome}]
        otherwise: wrong
      welcome: {type: message, message: "Welcome!", next: bye}
      wrong: {type: message, message: "That code is not right.", next: bye}
      bye: {type: end_chat}
protected: [welcome]
"""
ALL = tuple(PROFILES.values())


def edited(old, new):
    """Return the bot with one text in it changed."""
    assert old in BOT
    return bots.parse(BOT.replace(old, new), "login.bot.yaml")


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("data.otp", "data.opt", 10, "saves 'data.opt' to 'system_otp', and none of its answers has that under any"),
        ("data.otp", "data.opt", 10, " profile. Did you mean 'data.otp'? Known: code, data.otp, message, status, succ"),
        ("d: success", "d: sucess", 16, "Verify OTP saves 'sucess' to 'verified', and none of its answers has that"),
        ("d: success", "d: sucess", 16, "Did you mean 'success'?"),
        ('equals: "true"', 'equals: "yes"', 25, "the flow goes verify -> is_right -> wrong -> bye, to nothing that is"),
        (
            'equals: "true"',
            'equals: "yes"',
            25,
            "'is_right' asks for 'verified' equals 'yes', and Verify OTP saves 'tru",
        ),
        ('equals: "true"', 'any_of: ["1", "yes"]', 25, "asks for 'verified' any_of '1' or 'yes', and Verify OTP saves"),
        (
            '{"200": is_right, others',
            '{"200": wrong, others',
            24,
            "goes verify -> wrong -> bye, to nothing that is",
        ),
        ('{"200": is_right, others', '{"201": is_right, others', 24, "protected: 'verify' leads 200 there."),
    ],
)
def test_the_cause_is_told(old, new, line, told):
    """What no answer fulfils is told, where that stands, and what was meant."""
    (found,) = causes(edited(old, new), ALL)

    assert found.place == f"login.bot.yaml:{line}"
    assert told in found.told


def test_nobody_gets_in():
    """A bot that nobody gets into fails with what keeps everybody out."""
    (found,) = (one for one in checked(edited("data.otp", "data.opt"), ALL[:1]).findings if one.rule == "SO01")

    assert judge(found) == "fails"
    assert found.remedy == "What your account answers, you see in its API Logs."
    assert f"{found.place}: {found.message}" == (
        "login.bot.yaml:10: Nobody is ever let in: Send OTP saves 'data.opt' to 'system_otp', and none of its answers "
        "has that under mismatch-400. Did you mean 'data.otp'? Known: code, data.otp, message, success. What your "
        "account answers, you see in its API Logs."
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("data.otp", "data.otp"),  # all is well
        ('equals: "true"', 'not_equals: "false"'),
        ('verified, equals: "true"', 'user_otp, equals: "{{system_otp}}"'),  # what was typed decides, not the answer
        ('verified, equals: "true"', 'verified, equals: "{{user_otp}}"'),
        ("protected: [welcome]", "protected: []"),
        ('{"200": is_right, others: wrong, no_response: bye}', "{}"),  # the chat ends there: ER01
        (
            "url: https://api.v7.botpenguin.com/integrations/custom-feature/verify-user-otp\n",
            "url: https://a.example\n",
        ),
    ],
)
def test_no_cause_where_none_is_known(old, new):
    """What may let somebody in, and what other rules tell, is called no cause."""
    assert causes(edited(old, new), ALL[:1]) == ()


def test_another_try_is_no_way_in():
    """Where the code is asked for again, the way in is another right code's, not this one's."""
    again = BOT.replace('equals: "true"', 'equals: "yes"').replace('right.", next: bye}', 'right.", next: ask_code}')
    (found,) = causes(bots.parse(again, "login.bot.yaml"), ALL[:1])

    assert "the flow goes verify -> is_right -> wrong -> ask_code, to nothing that is protected" in found.told


def test_another_question_may_follow():
    """A right code that leads to a question before what is protected is no cause."""
    asking = 'type: text_question, message: "Name?", save: name, next: welcome}\n      welcome: {type: message'
    bot = bots.parse(
        BOT.replace("next: welcome}]", "next: name}]").replace("welcome: {type: message", f"name: {{{asking}"),
        "login.bot.yaml",
    )

    assert causes(bot, ALL[:2]) == ()


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("IN02", "+15005550006", "my number"),
        ("IN11", "save: user_otp", "save: user_otp, max_length: 4"),
    ],
)
def test_another_rule_comes_first(rule, old, new):
    """Where another finding may keep everybody out, that one is to be mended first."""
    found = {finding.rule: finding for finding in checked(edited(old, new), ALL[:1]).findings}

    assert found["SO01"].message.endswith(found["SO01"].remedy)
    assert found["SO01"].remedy == f"That may follow from {rule}: mend that first."
    assert rule in found


def test_nobody_under_one_profile():
    """A bot that lets nobody in under some profiles is told what it relies on, and fails for nothing of that."""
    found = checked(edited("data.otp", "data.otp"), ALL[1:3])
    (note,) = relied_on(found.bot, found.explorations)

    assert note == Note(
        place="login.bot.yaml:16",
        message="Under status-envelope nobody is let in: Verify OTP saves 'success' to 'verified', and none of its "
        "answers has that under status-envelope. Known: message, status. Your flow relies on the other profiles here. "
        "What your account answers, you see in its API Logs.",
    )
    assert "SO01" not in {finding.rule for finding in found.findings}


def test_where_no_cause_is_known():
    """Without a cause in the file it is told in what the profile differs; where several let nobody in, which do."""
    letters = replace(PROFILES["numeric-code"], name="long-code", code_length=12)
    chosen = [PROFILES["mismatch-400"], PROFILES["status-envelope"], letters]
    found = checked(edited("save: user_otp", "save: user_otp, max_length: 10"), chosen)
    told = [note.message for note in relied_on(found.bot, found.explorations)]

    assert len(told) == 2
    assert told[1].startswith("Under long-code nobody is let in: it differs in code_type (whether the code comes as")
    assert "code_length (how many digits a code has)" in told[1]
    assert "Your flow relies on mismatch-400 here." in told[1]


@pytest.mark.parametrize("chosen", [ALL[:1], ALL[2:3]])
def test_no_note_where_all_are_alike(chosen):
    """Where every profile that was tried lets somebody in, or none does, no line tells of profiles."""
    found = checked(edited("data.otp", "data.otp"), chosen)

    assert list(relied_on(found.bot, found.explorations)) == []


def test_the_nearest_profile():
    """A profile is held against the one that it is most like."""
    assert differing(PROFILES["mismatch-200"], ALL[:1]).startswith("verify_mismatch (")
    assert differing(PROFILES["numeric-code"], ALL[:3]) == differing(PROFILES["numeric-code"], ALL[:1])
