"""Everything that can happen to a bot: each reachable state, cheapest first, and the chat that leads there."""

from pytest_botpenguin_otp.explorer.bounds import Bounds, Cost
from pytest_botpenguin_otp.explorer.environment import Environment
from pytest_botpenguin_otp.explorer.ghost import Check, Ghost, Sent
from pytest_botpenguin_otp.explorer.moves import Move
from pytest_botpenguin_otp.explorer.outcomes import Outcomes, outcomes
from pytest_botpenguin_otp.explorer.search import Exploration, Node, Transition, explore, left_out
from pytest_botpenguin_otp.explorer.services import Reply, ready
from pytest_botpenguin_otp.explorer.strangers import is_strange, refusal, unanswered
from pytest_botpenguin_otp.explorer.tokens import decode, encode
from pytest_botpenguin_otp.explorer.witness import Witness, replay, witness

__all__ = [
    "Bounds",
    "Check",
    "Cost",
    "Environment",
    "Exploration",
    "Ghost",
    "Move",
    "Node",
    "Outcomes",
    "Reply",
    "Sent",
    "Transition",
    "Witness",
    "decode",
    "encode",
    "explore",
    "is_strange",
    "left_out",
    "outcomes",
    "ready",
    "refusal",
    "replay",
    "unanswered",
    "witness",
]
