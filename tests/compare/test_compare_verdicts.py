"""What a change does is told as more strict, more lax or different, with the shortest chat, where it was made."""

from dataclasses import replace

import pytest
from editing import SOUND, shown

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.compare import compare, compare_under
from pytest_botpenguin_otp.explorer import Bounds
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.report import comparisons as report

TEXT = SOUND.read_text(encoding="utf-8")
OLD = bots.load(SOUND)
DEFAULT = PROFILES["mismatch-400"]
BOUNDS = Bounds(faults=1)


def changed(*changes):
    """Read the sound bot with texts replaced."""
    text = TEXT
    for old, new in changes:
        assert old in text

        text = text.replace(old, new, 1)
    return bots.parse(text, "new.bot.yaml")


def compared(*changes, **options):
    """Compare the sound bot with a changed one."""
    return compare(OLD, changed(*changes), DEFAULT, BOUNDS, **options)


CASES = {
    "a wrong code lets in": (
        [('"400": wrong_code,', '"400": welcome,')],
        ("text", "main/verify", "more lax"),
        "the user is verified here, and was not",
    ),
    "a shorter delay": (
        [("delay: 30", "delay: 10")],
        ("time", "main/send_again", "more lax"),
        "the delay is shorter: 10 s, and was 30 s",
    ),
    "a longer delay": (
        [("delay: 30", "delay: 60")],
        ("time", "main/send_again", "more strict"),
        "the delay is longer: 60 s, and was 30 s",
    ),
    "another text": ([("That code is not right.", "No.")], ("text", "main/wrong_code", "different"), None),
    "one attempt more": (
        [("next: bye}\n      could_not", "next: ask_code_3}\n      could_not")],
        ("way", "main/too_often", "more lax"),
        "one more attempt: the chat asks for a code, where it ended",
    ),
    "nobody is let in": (
        [('equals: "true"}, next: welcome}]\n        otherwise: wrong_code\n',
          'equals: "yes"}, next: welcome}]\n        otherwise: wrong_code\n')],
        ("text", "main/is_verified", "more strict"),
        "the user is no longer verified here",
    ),
    "no header": (
        [('    headers: {Authorization: "${BOTPENGUIN_TOKEN}"}\n    body: {systemOtp', "    body: {systemOtp")],
        ("request", "main/verify", "more lax"),
        "breaks SE06: Send OTP and Verify OTP carry a real Authorization.",
    ),
    "it may be skipped": (
        [("message: What is your phone number?", "message: What is your phone number?\n        allow_skip: true")],
        ("offer", "main/ask_phone", "different"),
        None,
    ),
    "another end": ([("colleague: {type: live_chat}", "colleague: {type: end_chat}")],
                    ("outcome", "main/colleague", "different"), None),
    "a shorter answer": (
        [("save: user_otp, next: wants_again", "save: user_otp, max_length: 8, next: wants_again")],
        ("text", "main/ask_code", "different"),
        None,
    ),
    "nothing is protected any more": (
        [("protected: [welcome]", "protected: []")],
        ("outcome", "main/welcome", "more lax"),
        "'welcome' is not protected any more",
    ),
    "more is protected": (
        [("protected: [welcome]", "protected: [welcome, colleague]")],
        ("outcome", "main/colleague", "more lax and more strict"),
        "'colleague' is protected now",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_verdicts(name):
    """The first difference is told by kind, component and verdict, with its reason."""
    changes, wanted, reason = CASES[name]
    found = compared(*changes)
    first = found.differences[0]

    assert not found.equal
    assert (first.kind if name != "a shorter answer" else "text", first.component) == wanted[:2]
    assert first.verdict.startswith(wanted[2]) or reason is None
    assert reason is None or reason in [mark.reason for mark in first.marks]


def test_the_shortest_chat():
    """The first difference has the fewest faults, then the fewest turns."""
    found = compared(('"400": wrong_code,', '"400": welcome,'))

    assert tuple(found.differences[0].cost) == (0, 0, 2, 6)
    assert found.differences[0].way[-1] == "Verify OTP finds the codes different"
    assert [one.cost for one in found.differences] == sorted(one.cost for one in found.differences)


def test_profiles_are_told():
    """A mismatch that comes as 200 needs a fault to show what 400 leads to, so each profile has its own chat."""
    new = changed(('"400": wrong_code,', '"400": out_of_order,'))
    found = compare_under(OLD, new, bounds=BOUNDS, rules=False)

    assert {name for one in found.differences for name in one.profiles} == set(PROFILES)
    assert found.differences[0].profiles == tuple(PROFILES)
    assert found.profiles == tuple(PROFILES)


def test_the_shortest_chat_of_all_profiles():
    """What takes a fault under one profile and a wrong code alone under another is shown by the wrong code."""
    chosen = [PROFILES["mismatch-400"], PROFILES["mismatch-200"]]
    found = compare_under(OLD, changed(('"200": is_verified,', '"200": welcome,')), chosen, BOUNDS, rules=False)
    (first,) = found.differences
    told = list(report.told(first, found.profiles))

    assert first.profiles == ("mismatch-400", "mismatch-200")
    assert first.cost.faults == 0
    assert "    shown under: mismatch-200" in told
    assert report.to_json(found)["differences"][0]["shown_under"] == "mismatch-200"


def test_moved_and_renamed_at_once():
    """A component that is renamed and changed is told by its new name, one that is gone by its old one."""
    renamed = compared(('wrong_code: {type: message, message: "That code is not right."',
                        'sorry: {type: message, message: "No."'),
                       ('"400": wrong_code,', '"400": sorry,'), ("otherwise: wrong_code", "otherwise: sorry"),
                       ("next: wrong_code}]", "next: sorry}]"))  # fmt: skip

    assert {one.component for one in renamed.differences} == {"main/sorry"}


def test_what_cut_it_is_said():
    """A budget that is used up proves nothing, and is told."""
    found = compare(OLD, changed(("wrong_code_2:", "wrong_code_2 :")), DEFAULT, Bounds(states=20), prove=True)

    assert not found.equal
    assert not found.exhaustive
    assert str(found).startswith("equal: not known")
    assert "cut by the budget of 20 states" in str(found)


def test_seconds_are_a_budget():
    """Time is looked at where a clock is given."""
    ticks = iter(range(0, 100_000, 100))
    found = compare(OLD, OLD, DEFAULT, BOUNDS, prove=True, clock=lambda: float(next(ticks)))

    assert found.cut == ("the budget of 60 seconds",)


def test_what_cannot_be_tried():
    """Countries without reserved numbers are told, rather than called equal."""
    found = compared(("save: phone", "save: phone\n        countries: [DE]"))

    assert any("numbers of DE" in apart for apart in found.apart)
    assert not found.exhaustive


def test_told_as_a_chat():
    """People see what is common once, then both ends, and where the chats are compared again."""
    lines = list(report.lines(compared(("delay: 5", "delay: 3"))))
    text = "\n".join(lines)

    assert lines[0].startswith("equal: no, 1 difference (")
    assert "main/verify (new.bot.yaml:" in text
    assert "more lax: the same comes at another time" in text
    assert "    -     5.0 s  call     Verify OTP: POST" in text
    assert "    +     3.0 s  call     Verify OTP: POST" in text
    assert "compared again from main/verify on" in text
    assert "ER10" in text


def test_told_to_machines():
    """JSON holds the same, in plain values."""
    told = report.to_json(compared(("delay: 5", "delay: 3")))
    (difference,) = told["differences"]

    assert told["equal"] is False
    assert difference["component"] == "main/verify"
    assert difference["verdict"] == "more lax"
    assert difference["compared_again_from"] == "main/verify"
    assert any(line.startswith("- ") for line in difference["chat"])


def test_rules_count_where_nothing_else_differs():
    """A rule that the file alone breaks is told though every chat is the same."""
    found = compared(('Authorization: "${BOTPENGUIN_TOKEN}"', 'Authorization: "secret-token-1234567890"'))

    assert found.is_lax
    assert "SE01" in {one.rule for one in found.broken}


def test_what_is_not_reached_any_more_is_not_called_mended():
    """Where nobody is let in any more, that is said beside the rules that no chat breaks now."""
    shut, changed_text = ('"{{system_otp}}", userOtp', '"{{user_otp}}", userOtp'), ("Welcome!", "Hello!")

    assert report.UNREACHED in list(report.lines(compared(shut)))
    assert report.UNREACHED not in list(report.lines(compared(changed_text)))


def test_a_difference_beyond_another():
    """Where both chats meet again they are compared on, and the later chat plays through the earlier difference."""
    found = compared(("delay: 5", "delay: 3"), ("delay: 5", "delay: 3"), ("That code is not right either.", "No."))
    later = next(one for one in found.differences if one.component == "main/wrong_code_2")

    assert "5 s pass" not in later.way
    assert shown(later.old_chat) != shown(later.new_chat)
    assert later.old_chat.said[-2] == "That code is not right either. One last try."
    assert later.new_chat.said[-2] == "No. One last try."


def test_what_cannot_be_played_is_told_in_words():
    """A button that only one bot shows cannot be pressed in the other: the way is told instead."""
    found = compared(
        ("message: What is your phone number?", "message: What is your phone number?\n        allow_skip: true")
    )
    text = "\n".join(report.lines(found))

    assert "the user is offered something else (skip)" in text
    assert "      the user skips the question\n    - (nothing)\n    + main/send_code calls\n" in text


def test_what_the_fakes_do_not_answer_is_told_in_words():
    """A call that no fake answers cannot be played: what either bot does in its place is told."""
    crm = "apis:\n  CRM: {method: POST, url: https://crm.example.com/contacts}\n"
    told = (
        "tell_crm: {type: api, api: CRM, responses: {others: bye, no_response: bye}}\n      too_often: {type: message"
    )
    found = compared(
        ("apis:\n", crm), ("too_often: {type: message", told), ('"Welcome!", next: bye', '"Welcome!", next: tell_crm')
    )
    text = "\n".join(report.lines(found))

    assert "    - main/bye ends the chat\n    + main/tell_crm calls\n" in text


def test_what_is_typed_is_told():
    """A code is masked in a chat, so that what is odd about it is said in words."""
    found = compared(("save: user_otp, next: wants_again", "save: user_otp, max_length: 6, next: wants_again"))
    (first,) = found.differences

    assert "    shown where the user types right code with blanks" in list(report.told(first))
    assert "shown where" not in "\n".join(report.lines(compared(("Send OTP\n", "Send OTP\n        delay: 1\n"))))


def test_another_service_is_called():
    """A call in the place of another one is another way, not the same request with other parts."""
    crm = "apis:\n  CRM: {method: GET, url: https://crm.example.com/contacts}\n"
    look_up = (
        "next: look_up\n      look_up: {type: api, api: CRM, responses: {others: send_code, no_response: send_code}}"
    )
    (first, *_) = compared(("apis:\n", crm), ("next: send_code", look_up)).differences
    (moved, *_) = compared(("custom-feature/verify", "other/verify")).differences

    assert (first.kind, first.component, first.parts) == ("way", "main/look_up", ())
    assert (moved.kind, moved.parts) == ("request", ("url",))


def test_everything_else_is_told():
    """What holds under some profiles only, rules that are kept now, and what was not tried, is said."""
    new = changed(("save: phone", "save: phone\n        countries: [US, DE]"))
    found = compare_under(OLD, new, [PROFILES["mismatch-400"], PROFILES["pessimist"]], BOUNDS)
    one = replace(found.differences[0], profiles=("pessimist",))
    text = "\n".join(report.lines(replace(found, differences=(one,))))

    assert "rules no longer broken:" in text
    assert "AB07" in text
    assert "    under: pessimist" in text
    assert "not compared: new.bot.yaml:" in text
