"""What is known of the way to a state: why nobody counts as verified, and nothing of codes and numbers in clear."""

from exploring import OTP_APIS, machine

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.explorer import Ghost, Sent, explore
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.profile import PROFILES

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


def test_compared_with_itself():
    """One attribute in both places is compared with itself, also where it is unset and both are empty."""
    apis = OTP_APIS.replace('systemOtp: "{{system_otp}}"', 'systemOtp: "{{user_otp}}"')
    text = f"""\
format: botpenguin-otp/bot@1
name: itself
{apis}flows:
  main:
    start: verify
    components:
      verify: {{type: api, api: Verify OTP, responses: {{"200": bye, others: bye}}}}
      bye: {{type: end_chat}}
"""
    checks = []
    made = Machine(bot=bots.parse(text, "itself.bot.yaml"), profile=PROFILES["pessimist"])
    explore(made, watch=lambda transition: checks.append(transition.after.ghost.check))
    flaws = {check.flaw for check in checks if check is not None}

    assert "itself" in flaws
    assert "empty" not in flaws
