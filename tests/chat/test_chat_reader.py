"""A chat file becomes conversations, step by step, or is refused with every reason, those of its bot included."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp import chat
from pytest_botpenguin_otp.chat import Bot, Do, Early, Expect, Inject, Speaker, User, Wait
from pytest_botpenguin_otp.errors import FileError
from pytest_botpenguin_otp.faults import Fault

SOUND = Path(__file__).parent.parent / "examples" / "sound"
FILE = str(SOUND / "test_x.chat.yaml")
UNCLOSED = "missing ), unterminated subpattern at position 0."
ENDS = "end_chat, live_chat, unmapped, waiting."
KINDS = "as, bot, do, during_delay, expect, fault, user, wait."
OPERATIONS = "callback, create, delete, fetch, list, update."
PHONE_IS_1 = "attributes: {phone: 1}}"
ATTRIBUTES = "phone, system_otp, user_otp, verified."
STAND_INS = "Known: {{code}}, {{previous_code}}, {{code of NAME}}."
NOTHING = "This fault changes nothing: say a code, a status, a body, a delay or what breaks."
FAULT = "an HTTP status, a Twilio error code, or a mapping of at least one thing that goes wrong."
HEAD = "format: botpenguin-otp/chat@1\nbot: phone-login.bot.yaml\n"


def conversation(text):
    """Read a chat of one conversation, called a."""
    ((found),) = chat.parse(f"{HEAD}conversations:\n  a:\n{text}", FILE).conversations
    return found


def refused(text, file=FILE):
    """Return every line of the refusal of a chat."""
    with pytest.raises(FileError) as caught:
        chat.parse(text, file)
    return [line.replace(file, "x") for line in caught.value.faults]


def test_load():
    """A chat file holds its bot, read, and its conversations in the file's order."""
    path = SOUND / "test_phone_login.chat.yaml"
    found = chat.load(path)

    assert (found.file, found.bot.name) == (str(path), "Phone login")
    assert found.conversations[0].name == "right code, first time"
    assert found.conversations[0].place == f"{path}:4"
    assert found.conversations[0].steps[0] == Bot(place=f"{path}:5", how="equals", text="What is your phone number?")
    assert chat.load(str(path)) == found


@pytest.mark.parametrize(
    ("step", "made"),
    [
        ('user: "+1 415 555 0123"', User(place="x:5", text="+1 415 555 0123")),
        ("user: 012345", User(place="x:5", text="012345")),
        ('user: ""', User(place="x:5", text="")),
        ("user: true", User(place="x:5", text="true")),
        ("bot: Welcome!", Bot(place="x:5", how="equals", text="Welcome!")),
        ("bot: {contains: a}", Bot(place="x:5", how="contains", text="a")),
        ('bot: {matches: "^a+$"}', Bot(place="x:5", how="matches", text="^a+$")),
        ("wait: 30", Wait(place="x:5", seconds=30)),
        *((f"do: {action}", Do(place="x:5", action=action)) for action in ("skip", "back", "restart")),
        ("during_delay: hello?", Early(place="x:5", text="hello?")),
        ("as: anna", Speaker(place="x:5", name="anna")),
        (
            "expect: {verified: false, ended: waiting, sms: 0, elapsed: 2.5, calls: {Send OTP: 0}, " + PHONE_IS_1,
            Expect(
                place="x:5",
                verified=False,
                ended="waiting",
                sms=0,
                elapsed=2.5,
                calls=(("Send OTP", 0),),
                attributes=(("phone", "1"),),
            ),
        ),
        ("expect: {verified: true}", Expect(place="x:5", verified=True)),
        ("expect: {sms: 1}", Expect(place="x:5", sms=1)),
    ],
)
def test_steps(step, made):
    """Every kind of step is read; what an expectation does not say is not asked."""
    steps = chat.parse(f"{HEAD}conversations:\n  a:\n    - {step}\n", FILE).conversations[0].steps

    assert steps == (type(made)(**{name: getattr(made, name) for name in fields_of(made)} | {"place": f"{FILE}:5"}),)


def fields_of(value):
    """Return the names of a value's fields."""
    return value.__dataclass_fields__


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        ("{twilio: {create: 21211}}", [Fault(service="twilio", operation="create", code=21211)]),
        ("{twilio: {create: 503}}", [Fault(service="twilio", operation="create", status=503)]),
        (
            "{botpenguin: {send: 500, verify: {timeout: true}}, twilio: {create: {reset: true}}}",
            [
                Fault(service="botpenguin", operation="send", status=500),
                Fault(service="botpenguin", operation="verify", timeout=True),
                Fault(service="twilio", operation="create", reset=True),
            ],
        ),
        (
            "{botpenguin: {verify: {status: 502, body: '<p>', delay: 3, nth: 2, times: 4, share: 0.5, lost: false}}}",
            [
                Fault(
                    service="botpenguin",
                    operation="verify",
                    status=502,
                    body="<p>",
                    delay=3,
                    nth=2,
                    times=4,
                    share=0.5,
                )
            ],
        ),
        (
            "{twilio: {create: {code: 30003, phone: '+14155550123', slow: true}}}",
            [Fault(service="twilio", operation="create", code=30003, phone="+14155550123", slow=True)],
        ),
        (
            "{twilio: {create: {status: 503, share: 0.25, seed: 0}}}",
            [Fault(service="twilio", operation="create", status=503, share=0.25, seed=0)],
        ),
        (
            "{botpenguin: {send: {malformed: true, empty: true, huge: true, wrong_type: true}}}",
            [Fault(service="botpenguin", operation="send", malformed=True, empty=True, huge=True, wrong_type=True)],
        ),
        (
            "{twilio: {callback: {callback: late}}}",
            [Fault(service="twilio", operation="callback", callback="late")],
        ),
    ],
)
def test_faults(told, faults):
    """Every field of a fault can be said in a chat, for each operation of each service."""
    assert conversation(f"    - fault: {told}").steps == (Inject(place=f"{FILE}:5", faults=tuple(faults)),)


def test_long_form():
    """The long form says profile, seed and attributes of an earlier chat too."""
    found = conversation(
        "    profile: mismatch-200\n    seed: 7\n    attributes: {b: 012, a: x}\n    steps:\n      - user: a\n"
    )

    assert (found.profile, found.seed, found.attributes) == ("mismatch-200", 7, (("b", "012"), ("a", "x")))
    assert found.steps == (User(place=f"{FILE}:9", text="a"),)


def test_short_form():
    """The short form leaves all that to the run."""
    found = conversation("    - user: a\n")

    assert (found.profile, found.seed, found.attributes) == (None, None, ())


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("- bot: {matches: '('}", "x:5:22: Not a regular expression: " + UNCLOSED),
        ("- user: '{{code of anna}}'", "x:5:13: There is no contact 'anna'. Known: user."),
        (
            "- as: anna\n    - user: 'a {{ code of ana }}'",
            "x:6:13: There is no contact 'ana'. Did you mean 'anna'? Known: anna, user.",
        ),
        (
            "- expect: {calls: {Send OPT: 1}}",
            "x:5:34: There is no api 'Send OPT'. Did you mean 'Send OTP'? Known: Send OTP, Verify OTP.",
        ),
        ("- during_delay: '{{code of anna}}'", "x:5:21: There is no contact 'anna'. Known: user."),
        (
            "- expect: {attributes: {usr_otp: 1}}",
            "x:5:38: There is no attribute 'usr_otp'. Did you mean 'user_otp'? Known: " + ATTRIBUTES,
        ),
        *(
            (
                f"- {kind}: 'it is {{{{{wrong}}}}}'",
                f"x:5:{9 + len(kind)}: Nothing is filled in for '{{{{{wrong}}}}}'. Did you mean '{{{{{right}}}}}'? "
                + STAND_INS,
            )
            for kind, wrong, right in (
                ("user", "cod", "code"),
                ("user", "Code", "code"),
                ("during_delay", "codes", "code"),
                ("user", "previous code", "previous_code"),
                ("user", "prev_code", "previous_code"),
                ("user", "code of", "code of NAME"),
                ("user", "code for anna", "code of NAME"),
            )
        ),
        (
            "- do: skp",
            "x:5:11: 'skp' is none of the choices here. Did you mean 'skip'? Known: back, restart, skip.",
        ),
        (
            "- expect: {ended: wating}",
            "x:5:23: 'wating' is none of the choices here. Did you mean 'waiting'? Known: " + ENDS,
        ),
        (
            "- usr: a",
            "x:5:7: There is no key 'usr' here. Did you mean 'user'? Known: " + KINDS,
        ),
        ("- {user: a, bot: b}", "x:5:7: 2 steps stand in one: begin 'bot' with '- ', too."),
        ("- wait: soon", "x:5:13: 'soon' is not a whole number of seconds, 0 or more."),
        ("- fault: {twilio: {create: {delay: 0}}}", "x:5:7: " + NOTHING),
        (
            "- fault: {twilio: {create: 7}}",
            "x:5:32: '7' is not " + FAULT,
        ),
        (
            "- fault: {twillio: {create: 500}}",
            "x:5:15: There is no key 'twillio' here. Did you mean 'twilio'? Known: botpenguin, twilio.",
        ),
        (
            "- fault: {twilio: {crate: 500}}",
            "x:5:24: There is no key 'crate' here. Did you mean 'create'? Known: " + OPERATIONS,
        ),
        ("- fault: {twilio: {create: {nth: two, timeout: true}}}", "x:5:38: 'two' is not a whole number, 1 or more."),
        (
            "- fault: {twilio: {create: {timeout: true, share: 0.5, seed: x}}}",
            "x:5:66: 'x' is not a whole number, 0 or more.",
        ),
        ("- fault: {twilio: {create: {status: 50, timeout: true}}}", "x:5:41: '50' is not an HTTP status, 100 to 599."),
    ],
)
def test_refusals(steps, told):
    """What no conversation can do is refused at its place, once, with the nearest fit and the choices."""
    assert refused(f"{HEAD}conversations:\n  a:\n    {steps}\n") == [told]


@pytest.mark.parametrize(
    "text",
    ["{{code}}", "{{ previous_code }}", "{{phone}}", "{{user_otp}}", "{{7*7}}", "{{}}", "{code}", "${code}", "{{otp}}"],
)
def test_typed_as_it_stands(text):
    """What is like no stand-in is a text that a user may try, such as a reference to an attribute."""
    assert conversation(f"    - user: '{text}'\n").steps[0].text == text


def test_an_attribute_called_like_a_stand_in(tmp_path):
    """What a bot calls an attribute may be typed in braces, and what an earlier chat left over may be expected."""
    bot = (SOUND / "phone-login.bot.yaml").read_text(encoding="utf-8").replace("system_otp", "codes")
    (tmp_path / "phone-login.bot.yaml").write_text(bot, encoding="utf-8")
    text = f"{HEAD}conversations:\n  a:\n    attributes: {{old: x}}\n    steps:\n"
    text += "      - user: '{{codes}}'\n      - expect: {attributes: {old: x}}\n"

    (found,) = chat.parse(text, str(tmp_path / "x")).conversations
    assert found.steps[0].text == "{{codes}}"


@pytest.mark.parametrize(
    ("name", "near"), [("usr_otp", "user_otp"), ("sys_otp", "system_otp"), ("verfied", "verified"), ("phones", "phone")]
)
def test_left_over_attribute_misspelt(name, near):
    """What is left over under nearly a name of the bot's is told with that name."""
    text = f"{HEAD}conversations:\n  a:\n    attributes: {{old: x, {name}: y}}\n    steps: [{{user: a}}]\n"

    told = f"There is no attribute {name!r}. Did you mean {near!r}? Known: {ATTRIBUTES}"
    assert refused(text) == [f"x:5:{28 + len(name)}: {told}"]


def test_left_over_attribute_that_is_read(tmp_path):
    """A name that the bot only reads, in a text, a condition or a call, is none that is misspelt."""
    bot = (SOUND / "phone-login.bot.yaml").read_text(encoding="utf-8")
    for old, new in (
        ('message: "Welcome!"', 'message: "Welcome {{phones}}!"'),
        ("{attribute: user_otp, equals: again}", "{any: [{attribute: user_otps, equals: '{{user_otpp}}'}]}"),
        ('{Authorization: "${BOTPENGUIN_TOKEN}"}', '{Authorization: "${BOTPENGUIN_TOKEN}", X-Was: "{{verifie}}"}'),
    ):
        assert old in bot
        bot = bot.replace(old, new)
    (tmp_path / "phone-login.bot.yaml").write_text(bot, encoding="utf-8")
    names = ("phones", "user_otps", "user_otpp", "verifie", "system_otp")
    given = ", ".join(f"{name}: x" for name in names)
    text = f"{HEAD}conversations:\n  a:\n    attributes: {{{given}}}\n    steps: [{{user: a}}]\n"

    (found,) = chat.parse(text, str(tmp_path / "x")).conversations
    assert tuple(name for name, _ in found.attributes) == names


def test_unknown_profile():
    """A profile that does not exist is told where it is named."""
    (told,) = refused(f"{HEAD}conversations:\n  a:\n    profile: mismatch-401\n    steps: [{{user: a}}]\n")

    assert told.startswith("x:5:14: There is no profile 'mismatch-401'. Did you mean 'mismatch-400'?")


def test_all_at_once(tmp_path):
    """The faults of a chat and those of its bot are told in one go, each with its own file, by line."""
    (tmp_path / "b.bot.yaml").write_text("format: botpenguin-otp/bot@1\nflows: {}\n", encoding="utf-8")
    text = (
        "format: botpenguin-otp/chat@1\nbot: b.bot.yaml\nconversations:\n"
        "  a: [{do: skp}, {expect: {calls: {Any: 1}}}]\n  b: [{bot: {matches: '['}}]\n"
    )
    told = refused(text, str(tmp_path / "x"))

    assert [line.partition(": ")[0] for line in told] == [
        "x:4:12",
        "x:5:23",
        f"{tmp_path}/b.bot.yaml:1:1",
        f"{tmp_path}/b.bot.yaml:2:8",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "a", "[a]", "{}", "bot: [a]", f"{HEAD}", f"{HEAD}conversations: [a]", f"{HEAD}conversations: {{a: b}}"],
)
def test_no_chat(text):
    """A file of any other shape is refused, never anything else."""
    assert refused(text)


WORDS = ["user", "bot", "fault", "twilio", "create", "botpenguin", "send", "expect", "calls", "steps", "as", "contains"]
WORDS += ["profile", "seed", "attributes", "matches", "nth", "share", "5", "0", "500", "21211", "(", "{{code of x}}"]
STEPS = st.recursive(
    st.sampled_from(WORDS) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=2),
    max_leaves=8,
)


@given(STEPS | st.lists(st.dictionaries(st.sampled_from(WORDS), STEPS, min_size=1, max_size=1), min_size=1))
def test_any_conversation(tree):
    """Whatever stands for a conversation, it is read or refused, each line with its place."""
    told = {"format": "botpenguin-otp/chat@1", "bot": "phone-login.bot.yaml", "conversations": {"a": tree}}
    try:
        found = chat.parse(json.dumps(told, ensure_ascii=False), FILE)
    except FileError as error:
        faults = error.faults
    else:
        faults = [FILE]
        assert found.conversations[0].steps

    assert faults
    assert all(line.startswith(FILE) for line in faults)
