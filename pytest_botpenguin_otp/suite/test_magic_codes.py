"""Magic codes: no code that everybody knows gets in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp.errors import MissingExtraError, OtpError
from pytest_botpenguin_otp.suite.asking import Asked
from pytest_botpenguin_otp.suite.target import NotShownError

try:
    from pytest_botpenguin_otp.stateful import MachineError, magic_codes
except MissingExtraError as error:
    pytest.skip(str(error), allow_module_level=True)

if TYPE_CHECKING:
    from pytest_botpenguin_otp.suite.check import Check

pytestmark = pytest.mark.otp(live=True)


def test_no_magic_code_gets_in(otp_check: Check) -> None:
    """Neither 000000 and its like, nor blanks, nor the code before the newest, nor another contact's gets in."""
    target = otp_check.target
    if not isinstance(target, Asked):
        pytest.skip("magic codes: a recording holds no code that nobody typed")
    try:
        service, caller = target.opened()
        send = {**caller.send, "toNumber": "{{phone}}"}
        where, token = caller.base_url, caller.authorization
        found = magic_codes(service, profile=target.profile, base_url=where, token=token, send=send)
    except (NotShownError, MachineError) as error:
        raise pytest.skip.Exception(f"magic codes: {error}") from None
    except OtpError as error:
        raise pytest.fail.Exception(f"magic codes: {error}", pytrace=False) from None
    if found:
        pytest.fail(f"These get in without being the code that was sent: {', '.join(found)}", pytrace=False)
