"""Each static rule beyond its pair of bots: every way in which it may be broken, and what is no breach."""

from pathlib import Path

import pytest

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.rules import STATIC, check_file, judge, reading
from pytest_botpenguin_otp.rules.verdict import NEEDS
from pytest_botpenguin_otp.template import Ref

BOTS = Path(__file__).parents[1] / "bots"
BASE = (BOTS / "ER10-breaks.bot.yaml").read_text(encoding="utf-8").replace("delay: 1", "delay: 2")
CRM = (BOTS / "LK02-keeps.bot.yaml").read_text(encoding="utf-8")
OWN = (BOTS / "sound" / "own-backend.bot.yaml").read_text(encoding="utf-8")
VERIFY = 'body: {systemOtp: "{{system_otp}}", userOtp: "{{user_otp}}"}'
CODE = "max_length: 12, next: has_code}"


def check(bot):
    """Return what the file breaks, but for the code that every bot with BotPenguin's Send OTP leaves on the contact."""
    return tuple(finding for finding in check_file(bot) if finding.rule != "LK04")


def changed(*changes, base=BASE):
    """Return a sound bot with texts replaced, each wherever it stands."""
    for old, new in changes:
        assert old in base, f"the bot does not hold {old!r}"

        base = base.replace(old, new)
    return bots.parse(base)


def test_the_base_is_sound():
    """What the changes are made to breaks nothing."""
    assert [check(bots.parse(text)) for text in (BASE, CRM, OWN)] == [(), (), ()]


BREAKS = [
    ("AU05", "save: {system_otp: data.otp}", "save: {system_otp: data.otp, user_otp: data.otp}", "an API's answer"),
    ("AU06", VERIFY, 'body: {systemOtp: "1{{system_otp}}", userOtp: "{{user_otp}}"}', "holds more than an attribute"),
    ("AU06", VERIFY, 'body: {systemOtp: "${MASTER}", userOtp: "{{user_otp}}"}', "is a fixed text"),
    ("AU06", VERIFY, 'body: {systemOtp: 1, userOtp: ["{{user_otp}}"]}', "is a fixed text"),
    ("AU06", VERIFY, """body: '{"systemOtp": 123456, "userOtp": "{{user_otp}}"}'""", "is a fixed text"),
    ("AU06", VERIFY, 'body: {userOtp: "{{user_otp}}"}', "is missing"),
    ("AU06", VERIFY, 'body: {systemOtp: "{{phone}}", userOtp: "{{user_otp}}"}', "the user's answer to 'ask_phone'"),
    ("AU06", VERIFY + "\n    save: {", VERIFY + "\n    save: {system_otp: data, ", "the answer of Verify OTP"),
    ("AU15", "save: phone,", "save: phone, allow_skip: true,", "The phone question 'ask_phone' can be skipped"),
    ("AU15", CODE, f"skip_if_answered: true, {CODE}", "Turn off Skip Question If Already Answered"),
    ("AB09", "      bye:", "      lost: {type: end_chat}\n      bye:", "Nothing leads to 'lost'."),
    ("AB09", "bye: {type: end_chat}", "bye: {type: name, message: Who?, save: a, next: bye}", "No chat with this bot"),
    ("AB09", 'again later.", next: bye', 'again later.", next: sorry', "goes round without asking"),
    ("AU19", VERIFY, 'body: {systemOtp: "{{system_otp}}", userOtp: ["{{user_otp}}"]}', "userOtp of Verify OTP is no"),
    ("AU19", VERIFY, """body: '{"a": "\\"", "systemOtp": {{system_otp}}}'""", "systemOtp of Verify OTP is no text"),
    ("AU21", 'toNumber: "{{phone}}"', 'toNumber: "${MY_PHONE}"', "every contact's code goes to one phone"),
    ("AU22", "protected: [welcome]", "protected: [ask_code, has_code]", "a verified user answers 'ask_code'"),
    ("IN11", "max_length: 12", "max_length: 5", "'ask_code' takes 5 characters at most"),
    ("SE01", '"+15005550006"', f'"AC{"0" * 32}"', "a Twilio account SID"),
    (
        "SE01",
        'toNumber: "{{phone}}"',
        'toNumber: "{{phone}}"\n      crmSecretKey: "abc-def"',
        "secret of 'crmSecretKey'",
    ),
    ("SE01", VERIFY, "body: 'code={{user_otp}}&login_password=abcdef'", "the secret of 'login_password'"),
    ("SE01", '{Authorization: "${BOTPENGUIN_TOKEN}"}', '{X-Auth: "abc-def"}', "the secret of 'X-Auth'"),
    ("SE01", "Welcome!", f"Welcome! SK{'0' * 32}", "'welcome' holds a Twilio API key"),
    ("SE03", "https://api", "https://me:pw@api", "a user name"),
    ("SE03", "api.v7.botpenguin.com", "198.51.100.7", "by its address"),
    ("SE03", "api.v7.botpenguin.com", "api.v7.botpenguin.com.", "the plain name"),
    ("SE03", "api.v7.botpenguin.com", "{{phone}}.example", "the plain name"),
    ("SE03", "api.v7.botpenguin.com", "api.v7.xn--btpenguin-02h.com", "looks like"),
    ("SE03", "api.v7.botpenguin.com", "api.v7.b\u043etpenguin.com", "looks like"),
    ("SE01", "{{user_otp}}", "%s{{user_otp}}" % ("0" * 32), "32 hexadecimal digits"),
    ("SE03", "api.v7.botpenguin.com", "api.v7.botpenguin.com.example", "looks like BotPenguin's"),
    ("SE03", "api.v7.botpenguin.com", "api.v7.botpengiun.com", "letter by letter"),
    ("SE03", "https://api.v7.botpenguin.com/", "https://[api/", "no host that can be read"),
    ("SE05", "Welcome!", "Welcome! ${TWILIO_AUTH_TOKEN}", "to the user"),
    ("SE05", VERIFY, VERIFY.replace('}}"}', '}}", authToken: "${TWILIO_AUTH_TOKEN}"}'), "rules the Twilio account"),
    ("SE06", '    headers: {Authorization: "${BOTPENGUIN_TOKEN}"}\n    body: {sys', "    body: {sys", "has no Auth"),
    ("SE06", '"${BOTPENGUIN_TOKEN}"', '"Bearer xxxx"', "has a placeholder"),
    ("SE06", '"${BOTPENGUIN_TOKEN}"', '"Bearer {token}"', "has a placeholder"),
    ("SE06", '"${BOTPENGUIN_TOKEN}"', '"insert key here"', "has a placeholder"),
    ("IN02", '"+15005550006"', '"{{phone}}"', "is the number that the code goes to"),
    ("IN09", '"${BOTPENGUIN_TOKEN}"', '"Bearer {{Token}}"', "'Authorization'"),
    ("ER01", ", others: sorry, no_response: sorry", ", others: sorry", "'send_code', 'verify', 'verify_again'"),
    ("ER10", "delay: 5", "delay: 4", "4 s after Send OTP"),
]


@pytest.mark.parametrize(("code", "old", "new", "told"), BREAKS)
def test_broken(code, old, new, told):
    """A change breaks this rule, and the finding says what is wrong."""
    findings = check(changed((old, new)))

    assert code in {finding.rule for finding in findings}
    assert any(told in finding.message for finding in findings if finding.rule == code)
    assert {finding.needs for finding in findings} <= NEEDS.keys()


KEPT = [
    ('toNumber: "{{phone}}"', 'toNumber: "{{phone}}"\n      authType: "Key"\n      needsPassword: "true"'),
    (VERIFY, """body: '{"systemOtp": "{{system_otp}}", "userOtp": "{{user_otp}}"}'"""),
    ("max_length: 12", "max_length: 6"),
    ('"+15005550006"', '"${NUMBER}"'),
    ('{attribute: verified, equals: "true"}', '{all: [{attribute: verified, equals: "true"}]}'),
    ('{attribute: verified, equals: "true"}', '{attribute: verified, any_of: ["true", "1"]}'),
    ('{attribute: verified, equals: "true"}', '{attribute: verified, greater: "0"}'),
    ('{attribute: verified, equals: "true"}', '{attribute: verified, not_equals: ""}'),
]


@pytest.mark.parametrize(("old", "new"), KEPT)
def test_kept(old, new):
    """A change of style breaks nothing."""
    assert check(changed((old, new))) == ()


@pytest.mark.parametrize(
    ("condition", "kind", "told"),
    [
        ('{attribute: phone, equals: "+44 7700 900123"}', "phone_number", "a text that is not written as numbers"),
        ('{attribute: phone, any_of: ["+447700900123", "0044"]}', "phone_number", "a text that is not written"),
        ('{attribute: phone, equals: "+447700900123"}', "text_question", "'phone', a number as it was typed"),
        ('{any: [{attribute: nick, equals: "{{phone}}"}]}', "text_question", "'phone', a number as it was typed"),
        ('{attribute: phone, equals: "+447700900123"}', "phone_number", ""),
        ('{attribute: phone, equals: "{{phone}}"}', "phone_number", ""),
        ('{attribute: phone, not_equals: ""}', "text_question", ""),
        ('{attribute: nick, equals: "0044"}', "text_question", ""),
    ],
)
def test_spellings(condition, kind, told):
    """Numbers are compared as they are kept, and what is typed as text is kept as it was typed."""
    bot = changed(
        ("type: phone_number", f"type: {kind}"),
        ("countries: [US, GB], ", ""),
        ('message: "Welcome!", next: bye', 'message: "Welcome!", next: gate'),
        ("      bye:", GATE.replace("CONDITION", condition).replace("next: welcome", "next: bye") + "      bye:"),
    )
    found = [finding.message for finding in STATIC["IN13"](bot)]

    assert [told in message for message in found] == ([True] if told else [])


def test_what_overwrites_a_code():
    """A code is gone where an answer, or another API's, is saved over it on every way to an end."""
    bot = bots.parse(BASE)
    over = changed(("next: bye}", "next: thanks}"), ("      bye:", f"{THANKS}      bye:"))
    (kept,) = STATIC["LK04"](bot)

    assert "still in 'system_otp' when the chat ends at 'bye'" in kept.message
    assert list(STATIC["LK04"](over)) == []


THANKS = """\
      thanks: {type: name, message: "Who was it?", save: system_otp, next: bye}
"""
STRANGER = """\
      find:
        type: api
        api: Customer
        responses: {"200": gate, "404": gate, others: sorry, no_response: sorry}
      gate:
        type: if_else
        branches: [{when: CONDITION, next: NEXT}]
        otherwise: send_code
      hello: {type: message, message: "Good to see you again.", next: send_code}
"""


@pytest.mark.parametrize(
    ("condition", "following", "is_told"),
    [
        ('{attribute: nick, not_equals: ""}', "hello", True),
        ('{attribute: phone, not_equals: ""}', "hello", False),
        ('{attribute: nick, equals: "gold"}', "hello", True),
        ('{any: [{attribute: phone, equals: "+447700900123"}]}', "hello", True),
        ('{attribute: nick, equals: "gold"}', "send_code", False),
        ('{attribute: nick, equals: "gold"}', "ask_phone", True),
        ('{attribute: nick, equals: "gold"}', "gate", True),
        ('{attribute: nick, equals: "gold"}', "bye", True),
        ('{attribute: verified, equals: "gold"}', "hello", False),
    ],
)
def test_strangers(condition, following, is_told):
    """What a look-up says of a number is not told before that number is verified."""
    ways = STRANGER.replace("CONDITION", condition).replace("NEXT", following)
    bot = changed(
        ("countries: [US, GB], next: send_code", "countries: [US, GB], next: find"),
        ("      bye:", f"{ways}      bye:"),
        base=CRM,
    )
    found = [finding.place for finding in STATIC["ER05"](bot)]

    assert found == ([bot.components["main/gate"].place] if is_told else [])


GATE = """\
      gate:
        type: if_else
        branches: [{when: CONDITION, next: welcome}]
        otherwise: ask_phone
"""


@pytest.mark.parametrize(
    ("condition", "is_open"),
    [
        ('{attribute: verified, equals: "true"}', False),
        ('{attribute: verified, equals: ""}', True),
        ('{attribute: verified, equals: "{{phone}}"}', True),
        ('{attribute: verified, not_equals: "false"}', True),
        ('{attribute: verified, none_of: ["", "false"]}', False),
        ('{attribute: verified, less: "1"}', False),
        ('{attribute: phone, not_equals: ""}', True),
        ('{all: [{attribute: phone, not_equals: ""}, {attribute: verified, equals: "true"}]}', False),
        ('{any: [{attribute: phone, not_equals: ""}, {attribute: verified, equals: "true"}]}', True),
    ],
)
def test_a_gate_that_only_verify_otp_opens(condition, is_open):
    """A way round Verify OTP counts unless it needs something that nothing but Verify OTP can set."""
    bot = changed(
        ("start: ask_phone", "start: gate"), ("      bye:", GATE.replace("CONDITION", condition) + "      bye:")
    )
    found = list(STATIC["AU01"](bot))

    assert bool(found) == is_open
    assert all("gate -> welcome" in finding.message for finding in found)


def test_no_verify_at_all():
    """What is protected and never verified is told once, not again for what lies behind it."""
    (finding,) = STATIC["AU01"](
        changed(("start: ask_phone", "start: welcome"), ("protected: [welcome]", "protected: [welcome, bye]"))
    )

    assert "reached without any Verify OTP: welcome." in finding.message


@pytest.mark.parametrize(
    ("name", "needs"), [("ask_code", "attributes left over from an earlier chat"), ("ask_again", "nothing")]
)
def test_skipped_within_one_chat_or_over_two(name, needs):
    """A code question that is passed over matters at once only where an answer may be there already."""
    bot = changed((f"{name}: {{type: text_question,", f"{name}: {{type: text_question, skip_if_answered: true,"))
    (finding,) = check(bot)

    assert (finding.rule, finding.needs) == ("AU15", needs)
    assert judge(finding) == ("fails" if needs == "nothing" else "if BotPenguin")


def test_another_api_sets_the_mark():
    """An API that saves to the verified mark too is for an own backend to judge, a question is the flow's mistake."""
    (finding,) = check(changed(("save: {nick: name}", "save: {verified: name}"), base=CRM))

    assert (finding.rule, judge(finding)) == ("AU14", "in part")
    assert "Customer saves to 'verified' too" in finding.message


def test_asked_for_ever():
    """A question that leads to itself is found, where the rest of the bot can end."""
    ever = "      ever: {type: name, message: Who?, save: nick, next: ever}\n"
    (finding,) = check(
        changed(('begin anew.", next: bye', 'begin anew.", next: ever'), ("      bye:", ever + "      bye:"))
    )

    assert (finding.rule, finding.severity) == ("AB09", "medium")
    assert "From 'wrong_code' on, no way leads to an end" in finding.message


def test_a_round_that_sends_is_told_once():
    """A round with a send in it is AB08, not AB09 as well."""
    findings = check(changed(('"200": is_sent, others: sorry', '"200": is_sent, others: send_code')))

    assert [finding.rule for finding in findings] == ["AB08"]


def test_sends_that_nothing_reaches():
    """A send that stands apart is AB09 alone."""
    apart = "      apart: {type: api, api: Send OTP, responses: {others: apart, no_response: apart}}\n"

    assert [finding.rule for finding in check(changed(("      bye:", apart + "      bye:")))] == ["AB09"]


def test_a_body_that_is_no_json():
    """Of a body with bare holes the attributes are read all the same, and an odd one breaks nothing."""
    raw = 'body: \'{"systemOtp": {{system_otp}}, "userOtp": {{system_otp}}, "n": [\''

    assert {finding.rule for finding in check(changed((VERIFY, raw)))} >= {"AU05"}


ODD = {
    "marks": '{"a": "\ue0007\ue001{{phone}}"}',
    "open": "[" * 9999 + "{{phone}}",
    "deep": f'{"[" * 500}"{{{{phone}}}}"{"]" * 500}',
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_odd_bodies(body):
    """Whatever a body looks like, its attributes are found."""
    bot = changed(('{phone: "{{phone}}"}', f"'{body}'"), base=OWN)
    read = [part for field in reading.fields(bot.apis["Send code"]) for part in field.text if isinstance(part, Ref)]

    assert [part.attribute for part in read] == ["phone"]


def test_secrets_in_a_query():
    """A literal token in a query is found by its name; an unknown name or a short text is no secret."""
    bot = changed(
        ("https://crm.example/customers", "https://crm.example/customers?token=not-a-real-one&page=1"), base=CRM
    )
    (finding,) = check(bot)

    assert "Customer holds the secret of 'token'" in finding.message
    assert "not-a-real-one" not in repr(finding)


@pytest.mark.parametrize(
    "url", ["https://crm.example/{id}", "https://crm.example/{id}/{{{{nick_id}}}}", "https://m\u00fcller.example"]
)
def test_urls_that_are_fine(url):
    """An id in a path is no secret, and another alphabet alone no trap."""
    ask = "      ask_phone: {type: phone_number"
    asked = f"      ask_id: {{type: name, message: Id?, save: nick_id, next: ask_phone}}\n{ask}"
    bot = changed(
        ("https://crm.example/customers", url.format(id="0" * 32)),
        ("start: ask_phone", "start: ask_id"),
        (ask, asked),
        base=CRM,
    )

    assert check(bot) == ()


def test_an_own_backend_may_need_no_token():
    """Only BotPenguin's endpoints are known to want an Authorization, and the guide's delays."""
    bot = changed(('    headers: {Authorization: "${LOGIN_TOKEN}"}\n', ""), ("delay: 5", "delay: 1"), base=OWN)

    assert check(bot) == ()


def test_an_own_backend_that_hands_out_its_code():
    """What answers with a code called otp hands it out, whoever runs it."""
    (finding,) = check(changed(("save: {sent: sent}", "save: {sent: sent, otp: otp}"), base=OWN))

    assert finding.rule == "LK08"
