"""What is read by somebody whose bot has a component that only waits, or a branch without its `when`."""

import pytest

from pytest_botpenguin_otp import bot
from pytest_botpenguin_otp.errors import FileError

BOT = """\
format: botpenguin-otp/bot@1
name: Hello
flows:
  main:
    start: hi
    components:
      hi: {type: text_question, message: Hi, save: nick, next: is_known}
      is_known:
        type: if_else
        branches:
          - {when: {attribute: nick, equals: Ann}, next: bye}
        otherwise: bye
      bye: {type: end_chat}
"""
WHEN = "belongs to a condition: when: {attribute: ..., equals: ...}, next: ..."


def refused(old, new):
    """Return the lines by which a bot is refused that has one text changed."""
    assert old in BOT
    with pytest.raises(FileError) as caught:
        bot.parse(BOT.replace(old, new), "b.yaml")
    return list(caught.value.faults)


@pytest.mark.parametrize("kind", ["delay", "wait"])
def test_a_component_that_waits(kind):
    """The guide has delays added, and the dashboard has none to add: the setting that is meant is told, once."""
    assert refused("bye: {type: end_chat}", f"bye: {{type: {kind}}}") == [
        "b.yaml:13:19: No component only waits: write 'delay: SECONDS' in the one that is to come later."
    ]


def test_a_branch_without_when():
    """A condition that stands in the branch itself is told how to be written."""
    assert refused("when: {attribute: nick, equals: Ann}", "attribute: nick, equals: Ann") == [
        "b.yaml:11:13: The key 'when' is missing.",
        f"b.yaml:11:14: 'attribute' {WHEN}",
        f"b.yaml:11:31: 'equals' {WHEN}",
    ]


@pytest.mark.parametrize("tree", ["flows: []", "flows: {main: {components: {a: {branches: [x]}}}}"])
def test_other_shapes(tree):
    """Whatever else is wrong is told as ever."""
    with pytest.raises(FileError) as caught:
        bot.parse(f"format: botpenguin-otp/bot@1\nname: x\n{tree}\n", "b.yaml")
    assert not [line for line in caught.value.faults if "delay" in line or "condition" in line]
