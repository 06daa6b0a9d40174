"""Hypothesis strategies for everything that is sent, typed, answered and built here; needs the extra `properties`."""

from pytest_botpenguin_otp.errors import MissingExtraError

try:
    from pytest_botpenguin_otp.strategies.bodies import (
        broken_send_bodies,
        broken_verify_bodies,
        send_bodies,
        verify_bodies,
    )
    from pytest_botpenguin_otp.strategies.bots import flawed_bots, sound_bots
    from pytest_botpenguin_otp.strategies.broken import Broken, StrategyError
    from pytest_botpenguin_otp.strategies.codes import codes, typed_codes, wrong_codes
    from pytest_botpenguin_otp.strategies.conversations import conversations, user_turns
    from pytest_botpenguin_otp.strategies.credentials import (
        account_sids,
        auth_headers,
        auth_tokens,
        broken_auth_headers,
        headers,
        message_sids,
    )
    from pytest_botpenguin_otp.strategies.faults import faults
    from pytest_botpenguin_otp.strategies.flaws import FLAWS, Flaw
    from pytest_botpenguin_otp.strategies.forms import broken_create_message_forms, create_message_forms, twilio_errors
    from pytest_botpenguin_otp.strategies.phones import nearly_numbers, phone_numbers, possible_numbers, typed_numbers
    from pytest_botpenguin_otp.strategies.predicates import PREDICATES
    from pytest_botpenguin_otp.strategies.profiles import profiles
    from pytest_botpenguin_otp.strategies.shapes import Shape, Written
except ModuleNotFoundError as error:
    if error.name is None or error.name.partition(".")[0] != "hypothesis":
        raise
    raise MissingExtraError.of("pytest_botpenguin_otp.strategies", "properties") from error

__all__ = [
    "FLAWS",
    "PREDICATES",
    "Broken",
    "Flaw",
    "Shape",
    "StrategyError",
    "Written",
    "account_sids",
    "auth_headers",
    "auth_tokens",
    "broken_auth_headers",
    "broken_create_message_forms",
    "broken_send_bodies",
    "broken_verify_bodies",
    "codes",
    "conversations",
    "create_message_forms",
    "faults",
    "flawed_bots",
    "headers",
    "message_sids",
    "nearly_numbers",
    "phone_numbers",
    "possible_numbers",
    "profiles",
    "send_bodies",
    "sound_bots",
    "twilio_errors",
    "typed_codes",
    "typed_numbers",
    "user_turns",
    "verify_bodies",
    "wrong_codes",
]
