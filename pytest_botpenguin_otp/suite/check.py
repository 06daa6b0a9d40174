"""One scenario held against one target, as a test: it passes, fails with sentences, or is skipped with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp.errors import OtpError
from pytest_botpenguin_otp.suite.target import NotShownError, faults

if TYPE_CHECKING:
    from pytest_botpenguin_otp.suite.target import Target

__all__ = ["Check"]


class Check:
    """Holds scenarios against a target; neither its `repr` nor a failure holds a value of an answer."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def __repr__(self) -> str:
        return f"<check of {self._target.evidence} under {self._target.profile.name}>"

    @property
    def target(self) -> Target:
        """What is checked."""
        return self._target

    def __call__(self, name: str) -> None:
        """Fail the test for whatever is wrong with the answer to the scenario `name`; skip what cannot be shown."""
        try:
            found = faults(self._target, name)
        except NotShownError as error:
            raise pytest.skip.Exception(f"{name}: {error}") from None
        except OtpError as error:
            raise pytest.fail.Exception(f"{name}: {error}", pytrace=False) from None
        if found:
            pytest.fail("\n".join(found), pytrace=False)
