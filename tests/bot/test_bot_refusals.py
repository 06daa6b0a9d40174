"""What is no bot: every fault is told at once, with its place, the nearest fit and the valid choices."""

import json

import pytest
from bot_files import HEAD, SOUND
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp import bot, documents
from pytest_botpenguin_otp.errors import FileError

TREE = documents.read(SOUND).tree


def refused(text):
    """Return every line of the refusal of a bot."""
    with pytest.raises(FileError) as caught:
        bot.parse(text, "b.yaml")
    return list(caught.value.faults)


FAULTY = """format: botpenguin-otp/bot@1
naem: B
apis: {Send OTP: {method: PSOT, url: x}}
flows:
  main:
    start: ask
    components:
      ask_phone: {type: phone_nubmer, message: x, save: phone, next: send}
      send_code: {type: api, api: Sned OTP, responses: {200: weclome, 20: welcome, others: 5}}
      again: {type: redirect, flow: mian}
      choose: {type: single_choice, message: x, options: [{text: a, next: nowhere}]}
      branch: {type: if_else, branches: [{when: {attribute: a, equals: b}, next: gone}], otherwise: lost}
      welcome: {type: end_chat, delay: soon}
protected: [welcom, other/welcome]
"""


def test_all_at_once():
    """Every fault of a bot is told in one go, each with its place, the nearest fit and the valid choices."""
    told = refused(FAULTY)
    where = "ask_phone, send_code, again, choose, branch, welcome"
    places = [line.split(": ")[0].removeprefix("b.yaml:") for line in told]

    assert sorted(places, key=lambda place: [int(part) for part in place.split(":")]) == [
        *("1:1", "2:1", "3:27", "6:12", "8:25", "8:70", "9:35", "9:62", "9:71", "9:92", "10:37"),
        *("11:75", "12:82", "12:101", "13:40", "14:13", "14:21"),
    ]
    known = ", ".join(sorted(where.split(", ")))
    assert f"b.yaml:6:12: There is no component 'ask'. Did you mean 'ask_phone'? Known: {known}." in told
    assert f"b.yaml:9:62: There is no component 'weclome'. Did you mean 'welcome'? Known: {known}." in told
    assert "b.yaml:9:35: There is no api 'Sned OTP'. Did you mean 'Send OTP'? Known: Send OTP." in told
    assert "b.yaml:10:37: There is no flow 'mian'. Did you mean 'main'? Known: main." in told
    assert f"b.yaml:14:13: There is no component 'welcom'. Did you mean 'welcome'? Known: {known}." in told


LISTED = "{type: api, api: P, responses: {200: [x]}}}}}"
FLOW = "{start: x, components: {x: {type: end_chat}}}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            f"flows: {{a: {FLOW}, b: {FLOW}}}",
            "b.yaml:3:1: With several flows, the one that a chat begins in is called 'main'.",
        ),
        ("flows: {main: {components: {x: {type: end_chat}}}}", "b.yaml:3:9: The key 'start' is missing."),
        ("flows: {}", "b.yaml:3:8: This is not a mapping of at least one flow name to its flow."),
        (
            "flows: {a/b: {start: x, components: {x: {type: end_chat}}}}",
            "b.yaml:3:9: The flow 'a/b' has a slash in its name, which divides a flow from its component.",
        ),
        (
            "apis: {P: {method: GET, url: x}}\nflows: {main: {start: x, components: {x: " + LISTED,
            "b.yaml:4:79: This is not a name of at least one letter or digit.",
        ),
        (
            "flows: {main: {start: x, components: {x: {type: api, api: P}}}}",
            "b.yaml:3:59: There is no api 'P'. None is defined.",
        ),
    ],
)
def test_refusals(text, told):
    """A bot that cannot be run is refused with one line for each reason."""
    assert refused(HEAD + text) == [told]


@pytest.mark.parametrize("text", ["", "a", "[a]", "{}", "format: x", "flows: [a]", "flows: {main: [a]}", "apis: 5"])
def test_no_bot(text):
    """A file of any other shape is refused, never anything else."""
    assert refused(text)


def paths_of(tree, path=()):
    """Yield the path of every part of a tree."""
    yield path
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, inner in pairs:
        yield from paths_of(inner, (*path, key))


PATHS = [path for path in paths_of(TREE) if path]
NAMES = [str(path[-1]) for path in PATHS if isinstance(path[-1], str)]


def test_a_bot_that_is_not_there(tmp_path, monkeypatch):
    """The nearest file is named, and of a path that is no whole one the folder that it was looked for in."""
    (tmp_path / "login.bot.yaml").touch()
    monkeypatch.chdir(tmp_path)
    told = {}
    for path in ("logn.bot.yaml", str(tmp_path / "logn.bot.yaml"), "bots/x.bot.yaml", "y" * 999):
        with pytest.raises(FileError) as caught:
            bot.load(path)
        (told[path],) = caught.value.faults

    from_here = f" Paths begin at {tmp_path}, where this was started."
    assert list(told.values())[:3] == [
        f"logn.bot.yaml: there is no such file. Did you mean 'login.bot.yaml'?{from_here}",
        f"{tmp_path}/logn.bot.yaml: there is no such file. Did you mean '{tmp_path}/login.bot.yaml'?",
        f"bots/x.bot.yaml: there is no such file.{from_here}",
    ]
    assert told["y" * 999].endswith("cannot be read: File name too long.")


PARTS = st.recursive(
    st.text() | st.sampled_from([*NAMES, "5", "-1", "", "https://[x", "{{a}}", "${A}", "redirect", "main"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | st.text(), inner, max_size=3),
    max_leaves=5,
)


def edited(tree, path, edit):
    """Return a copy of `tree` with `edit` done to the mapping or list that holds the last part of `path`."""
    key, *rest = path
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    if rest:
        copy[key] = edited(tree[key], rest, edit)
    else:
        edit(copy, key)
    return copy


@given(data=st.data())
def test_any_edit(data):
    """Whatever single thing is changed in a sound bot, it loads or is refused, each line with its place."""
    part = data.draw(PARTS)

    def rename(inside, key):
        value = inside.pop(key)
        if isinstance(inside, dict):
            inside[data.draw(st.sampled_from(NAMES) | st.text())] = value

    edits = [lambda inside, key: inside.pop(key), lambda inside, key: inside.__setitem__(key, part), rename]
    changed = edited(TREE, data.draw(st.sampled_from(PATHS)), data.draw(st.sampled_from(edits)))
    try:
        made = bot.parse(json.dumps(changed, ensure_ascii=False), "b.yaml")
    except FileError as error:
        faults = error.faults
    else:
        faults = ["b.yaml:"]
        assert made.start in made.components

    assert faults
    assert all(line.startswith("b.yaml:") for line in faults)
