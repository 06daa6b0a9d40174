"""Codes that let everybody in: whether a service has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from pytest_botpenguin_otp import profile as profiles
from pytest_botpenguin_otp.errors import NoResponseError, OtpError
from pytest_botpenguin_otp.profile import Profile
from pytest_botpenguin_otp.stateful.arguments import check
from pytest_botpenguin_otp.stateful.asking import How, asking_of
from pytest_botpenguin_otp.stateful.guesses import MAGIC
from pytest_botpenguin_otp.stateful.phones import fresh, same
from pytest_botpenguin_otp.stateful.promises import MachineError
from pytest_botpenguin_otp.stateful.verdicts import verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytest_botpenguin_otp.stateful.asking import Asking, Issued
    from pytest_botpenguin_otp.wire import Response, Service

__all__ = ["LAST_CODE", "OTHERS_CODE", "UnansweredError", "magic_codes", "tried_codes"]

BLANKS = {
    "nothing": "",
    "a blank": " ",
    "a tab": "\t",
    "six blanks": " " * 6,
    "a blank that does not break": "\N{NBSP}",
}
LAST_CODE = "the last code, after a new one was sent"
OTHERS_CODE = "another contact's code"


class UnansweredError(OtpError):
    """A service did not answer, so that nothing is known of the code that was to be tried."""


def magic_codes(
    service: Service | None = None,
    *,
    url: str | None = None,
    profile: Profile | str = profiles.DEFAULT,
    phones: Sequence[str] | None = None,
    **how: Unpack[How],
) -> tuple[str, ...]:
    """Return every code that gets in and must not: of `MAGIC`, blanks, the last code, another contact's code.

    The service is one in this process or at a `url`, which must be on loopback unless `guard` asks for every consent;
    `how` it is asked, see `Asking`. Each code is tried with a number of fiction that no other was tried with, so that
    no lock hides it; or with the first of two `phones`. A code is told as it is typed, or in words; one that is by
    chance the right one is left out. Raises `MachineError` where no code is sent, `UnansweredError`
    where no answer comes.
    """
    check({"service": service, "url": url, "profile": profile, "phones": phones} | how)
    if (service is None) == (url is None):
        raise MachineError("Magic codes are looked for in one of two: a service, or url=.")
    known = profile if isinstance(profile, Profile) else profiles.find(profile)
    asking = asking_of(service, url, known, how)
    contacts = fresh() if phones is None else same(phones)
    texts = dict(tried_codes()) | {LAST_CODE: None, OTHERS_CODE: None}
    return tuple(what for what, text in texts.items() if _gets_in(asking, contacts(), what, text))


def tried_codes() -> Iterator[tuple[str, str]]:
    """Yield each code that is the same for every service: what it is called, and its text."""
    yield from ((code, code) for code in MAGIC)
    yield from BLANKS.items()


def _gets_in(asking: Asking, phones: Sequence[str], what: str, text: str | None) -> bool:
    first, *others = phones
    issued = _sent(asking, first, what)
    if what == LAST_CODE:
        text, issued = issued.code, _sent(asking, first, what)
    elif what == OTHERS_CODE:
        text = _sent(asking, others[0], what).code
    if text is None or text == issued.code:
        return False
    answer = _answered(
        f"Verify OTP at {asking.base_url + asking.verify_path}",
        what,
        lambda: asking.ask_verify(first, issued.reference, text),
    )
    return verdict(asking.profile, answer) == "yes"


def _answered(call: str, what: str, ask: Callable[[], Response]) -> Response:
    """Return what a call is answered; raise `UnansweredError` where nothing comes."""
    try:
        return ask()
    except NoResponseError as error:
        why = "nobody listens there, or the connection was dropped" if error.kind == "reset" else "none came in time"
        raise UnansweredError(
            f"{call} gave no answer when {what!r} was to be tried ({why}), so that nothing is known of this code "
            "and those after it. Start the service, or let it answer every text: silence is neither yes nor no."
        ) from error


def _sent(asking: Asking, phone: str, what: str) -> Issued:
    answer = _answered(f"Send OTP at {asking.base_url + asking.send_path}", what, lambda: asking.ask_send(phone))
    issued = asking.issued(phone, answer)
    if issued is None:
        raise MachineError(f"Send OTP answered {answer.status} and sent no code, so that none can be tried.")
    return issued
