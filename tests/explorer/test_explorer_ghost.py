"""What is known of the way to a state is never shown with its codes and numbers."""

from exploring import machine

from pytest_botpenguin_otp.explorer import Ghost, Sent, explore

CODE, OLD, NUMBER = "135790", "246801", "+14155550123"


def test_hidden():
    """Neither codes nor numbers are in a `repr`, and everything else is."""
    sent = Sent(code=CODE, to=NUMBER, call=1, turn=2)
    ghost = Ghost(sent=sent, newest=CODE, previous=OLD, phones=(NUMBER,), age_s=30)

    assert not [text for text in (CODE, OLD, NUMBER) if text in repr(ghost)]
    assert repr(ghost).startswith("Ghost(sent=Sent(call=1, turn=2, used=False), age_s=30, send_failed=False, ")


def test_hidden_wherever_a_search_comes():
    """That holds for every state of a search."""
    found = explore(machine("readme", "mismatch-400"))
    known = {text for node in found.arrivals for text in (node.ghost.newest, node.ghost.previous) if text is not None}

    assert known
    assert not [text for node in found.arrivals for text in known if text in repr(node.ghost)]
