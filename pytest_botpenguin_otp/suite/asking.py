"""A service that is asked: the requests of each scenario, sent to the fakes or to a real one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import botpenguin
from pytest_botpenguin_otp.errors import NoCodeError
from pytest_botpenguin_otp.machine import paths
from pytest_botpenguin_otp.suite import scenario
from pytest_botpenguin_otp.suite.target import NotShownError, Shown
from pytest_botpenguin_otp.wire import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.wire import Response, Service

__all__ = ["Asked", "Caller"]

COSTLY = "it could send a real SMS, and shows no more than the same on Verify OTP does"
URLS = {operation: path for path, operation in botpenguin.PATHS.items()}
ANOTHER_DIGIT = str.maketrans("0123456789", "1234567890")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, where, and on whose phone an SMS would arrive."""

    base_url: str
    authorization: str = field(repr=False)
    send: Mapping[str, str] = field(repr=False)


class Asked:
    """A target that answers anew; it is asked for one SMS at most.

    `command` gives the code where no answer tells it; a `sparing` one is never asked for an SMS that it must refuse.
    """

    def __init__(
        self,
        service: Service,
        profile: Profile,
        caller: Caller,
        *,
        evidence: str,
        naming: bool = False,
        sparing: bool = False,
        command: Callable[[], str] | None = None,
    ) -> None:
        self.profile = profile
        self.evidence = evidence
        self.naming = naming
        self._service = service
        self._caller = caller
        self._sparing = sparing
        self._command = command
        self._sent: Response | None = None
        self._code: str | None = None

    def shown(self, name: str) -> tuple[Shown, ...]:
        """Ask what the scenario asks; raise `NotShownError` for what costs too much or cannot be known."""
        if self._sparing and name != scenario.SEND and name.startswith("send "):
            raise NotShownError(COSTLY)
        if name == scenario.SEND:
            return (Shown(where=self._caller.base_url, response=self._send()),)
        operation = scenario.operation_of(name)
        request = self._request(operation, self._body(operation, name), self._authorization(operation, name))
        return (Shown(where=self._caller.base_url, response=self._service(request)),)

    def opened(self) -> tuple[Service, Caller]:
        """Return the service and who asks it, to be asked for many SMS; raise `NotShownError` where those cost."""
        if self._sparing:
            raise NotShownError("each code that is tried would send a real SMS")
        return self._service, self._caller

    def _authorization(self, operation: str, name: str) -> str | None:
        if name == scenario.unsigned(operation):
            return None
        return "" if name == scenario.blank(operation) else self._caller.authorization

    def _body(self, operation: str, name: str) -> dict[str, str]:
        if operation == "send":
            body = dict(self._caller.send)
        else:
            code = self._told_code() if name in (scenario.RIGHT, scenario.WRONG, scenario.EMPTY) else "271828"
            typed = {scenario.WRONG: code.translate(ANOTHER_DIGIT), scenario.EMPTY: ""}.get(name, code)
            body = {"systemOtp": code, "userOtp": typed}
        return {key: value for key, value in body.items() if name != scenario.lacking(operation, key)}

    def _request(self, operation: str, body: Mapping[str, str], authorization: str | None) -> Request:
        signed = () if authorization is None else (("Authorization", authorization),)
        return Request(
            method="POST",
            url=f"{self._caller.base_url}{URLS[operation]}",
            headers=(*signed, ("Content-Type", "application/json")),
            body=json.dumps(body).encode(),
        )

    def _send(self) -> Response:
        if self._sent is None:
            self._sent = self._service(self._request("send", self._caller.send, self._caller.authorization))
        return self._sent

    def _told_code(self) -> str:
        if self._code is None:
            self._code = paths.at(paths.read(self._send().body), self.profile.code_path) or self._from_command()
        return self._code

    def _from_command(self) -> str:
        if self._command is None:
            raise NotShownError(
                f"the answer of Send OTP has no code at {self.profile.code_path!r} (profile {self.profile.name}), and "
                "there is no --otp-code-command that prints it"
            )
        try:
            return self._command()
        except NoCodeError as error:
            raise NotShownError(str(error)) from error
