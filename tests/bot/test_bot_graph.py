"""Which components follow which, and where a flow goes round without asking."""

import pytest

from pytest_botpenguin_otp import bot
from pytest_botpenguin_otp.bot.graph import following, loop_from

HEAD = "format: botpenguin-otp/bot@1\nname: B\napis: {A: {method: GET, url: 'https://a.test/'}}\n"
ALL = bot.parse(
    HEAD
    + """
flows:
  main:
    start: m
    components:
      m: {type: message, message: x, next: q}
      q: {type: text_question, message: x, save: a, next: c}
      c: {type: single_choice, message: x, options: [{text: a, next: m}, {text: b, next: api}]}
      api: {type: api, api: A, responses: {200: i, others: r}}
      i: {type: if_else, branches: [{when: {attribute: a, equals: b}, next: m}], otherwise: e}
      r: {type: redirect, flow: other}
      e: {type: end_chat}
  other:
    start: e
    components:
      e: {type: live_chat}
"""
)


@pytest.mark.parametrize(
    ("component", "after"),
    [
        ("m", ("main/q",)),
        ("q", ("main/c",)),
        ("c", ("main/m", "main/api")),
        ("api", ("main/i", "main/r")),
        ("i", ("main/m", "main/e")),
        ("r", ("other/e",)),
        ("e", ()),
    ],
)
def test_following(component, after):
    """What may come after a component is what its file says, in the file's order."""
    assert following(ALL.components[f"main/{component}"]) == after


def bot_of(**components):
    """Make a bot of message components and questions by what follows them."""
    lines = [f"      {name}: {{{told}}}\n" for name, told in components.items()]
    return bot.parse(f"{HEAD}flows:\n  main:\n    start: {next(iter(components))}\n    components:\n{''.join(lines)}")


MESSAGE = "type: message, message: x, next: "
QUESTION = "type: text_question, message: x, save: a, next: "
END = "type: end_chat"


@pytest.mark.parametrize(
    ("components", "loop"),
    [
        ({"a": MESSAGE + "a"}, ("main/a",)),
        ({"a": MESSAGE + "b", "b": MESSAGE + "a"}, ("main/a", "main/b")),
        ({"a": MESSAGE + "b", "b": QUESTION + "a"}, ()),
        ({"a": MESSAGE + "b", "b": "skip_if_answered: true, " + QUESTION + "a"}, ("main/a", "main/b")),
        ({"a": MESSAGE + "b", "b": END}, ()),
        ({"a": MESSAGE + "b", "b": MESSAGE + "c", "c": MESSAGE + "b"}, ()),
        (
            {
                "a": "type: if_else, branches: [{when: {attribute: a, equals: b}, next: b}], otherwise: c",
                "b": END,
                "c": MESSAGE + "d",
                "d": MESSAGE + "a",
            },
            ("main/a", "main/c", "main/d"),
        ),
    ],
)
def test_loop(components, loop):
    """A round trip back to where it began, on which no question must be answered, is told in order."""
    assert loop_from(bot_of(**components), "main/a") == loop
