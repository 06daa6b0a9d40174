"""Whole conversations that nobody had to think of, with a bot or a service; needs the extra `properties`."""

from pytest_botpenguin_otp.errors import MissingExtraError

try:
    from pytest_botpenguin_otp.stateful.asking import Asking
    from pytest_botpenguin_otp.stateful.machine import OtpMachine
    from pytest_botpenguin_otp.stateful.magic import UnansweredError, magic_codes
    from pytest_botpenguin_otp.stateful.promises import PROMISES, BrokenPromiseError, MachineError, Promise
    from pytest_botpenguin_otp.stateful.running import UncheckedPromiseWarning
except ModuleNotFoundError as error:
    if error.name is None or error.name.partition(".")[0] != "hypothesis":
        raise
    raise MissingExtraError.of("pytest_botpenguin_otp.stateful", "properties") from error

__all__ = [
    "PROMISES",
    "Asking",
    "BrokenPromiseError",
    "MachineError",
    "OtpMachine",
    "Promise",
    "UnansweredError",
    "UncheckedPromiseWarning",
    "magic_codes",
]
