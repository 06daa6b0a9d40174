"""What a live call needs: several separate consents, each of which may be missing; pure but for the count of SMS."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes.errors import ConsentError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from pytest_botpenguin_otp.wire import Request

__all__ = ["ENVIRONMENT", "HARD_CAP", "Budget", "Consents", "destination", "masked", "numbers", "refusals", "spoken"]

ENVIRONMENT = "BOTPENGUIN_OTP_LIVE"
HARD_CAP = 20
ZERO = "(0)"
"""The national zero, which is dialled only at home: whoever writes it may mean either number."""
CI = ("CI", "BUILD_NUMBER", "TF_BUILD", "TEAMCITY_VERSION", "CODEBUILD_BUILD_ID")
"""What tells that nobody watches a run: most systems set the first; Jenkins, Azure, TeamCity and AWS their own."""
OFF = ("", "0", "false")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
ONE_MESSAGE = re.compile(r"/Messages/[A-Z]{2}[0-9A-Za-z]+\.json\Z")
"""A message that was sent already: to change it sends none."""
OF_CHATS = "on a conversation of a chat file by item.add_marker in pytest_collection_modifyitems"
NEVER = "Nothing was sent."


@dataclass(frozen=True, slots=True, kw_only=True)
class Consents:
    """What a user has consented to. `numbers` are the user's own, in E.164; `budget` is how many SMS a run may send.

    `ci` names the variable which tells that this is no person's own run; blank where none does.
    """

    option: bool = False
    environment: bool = False
    marker: bool = False
    numbers: frozenset[str] = field(default=frozenset(), repr=False)
    budget: int = 0
    ci: str = ""
    in_ci: bool = False

    @classmethod
    def given(
        cls,
        environment: Mapping[str, str],
        *,
        option: bool,
        marker: bool,
        own: frozenset[str],
        budget: int,
        in_ci: bool,
    ) -> Consents:
        """Read the environment's part: `BOTPENGUIN_OTP_LIVE` must be `1`, and CI systems ask for one consent more."""
        return cls(
            option=option,
            environment=environment.get(ENVIRONMENT) == "1",
            marker=marker,
            numbers=own,
            budget=budget,
            ci=next((name for name in CI if environment.get(name, "").strip().lower() not in OFF), ""),
            in_ci=in_ci,
        )


def spoken(arguments: Collection[str], chosen: Iterable[str]) -> None:
    """Raise `ConsentError` for consents that nobody has typed for this run: in addopts they would hold for all runs."""
    words = {argument.partition("=")[0] for argument in arguments}
    standing = [option for option in chosen if option not in words]
    if standing and not any(argument.startswith("@") for argument in arguments):
        raise ConsentError(
            f"{', '.join(standing)}: a consent is typed for each run; in addopts or PYTEST_ADDOPTS it is none. {NEVER}"
        )


def refusals(consents: Consents, *, to: str | None = None) -> tuple[str, ...]:
    """Name everything that is missing for a live call; `to` is where an SMS would go, where one would.

    A number is never repeated.
    """
    missing = [
        (consents.option, "the command line option --otp-live"),
        (consents.environment, f"the environment variable {ENVIRONMENT}=1"),
        (consents.marker, f"the marker @pytest.mark.otp(live=True) on this test ({OF_CHATS})"),
        (bool(consents.numbers), "your own numbers: --otp-live-to +..., or otp_live_to in the ini file"),
        (consents.budget > 0, f"a budget of SMS: --otp-sms-budget N, 1 to {HARD_CAP} (it is {consents.budget})"),
        (consents.budget <= HARD_CAP, f"a budget of at most {HARD_CAP} SMS"),
        (not consents.ci or consents.in_ci, f"the second switch --otp-live-in-ci, since {consents.ci} is set"),
        (to != "", "one destination: this call names none, or more than one"),
        (not to or not consents.numbers or to in consents.numbers, "this destination among your own numbers"),
    ]
    return tuple(what for there, what in missing if not there)


def numbers(told: str) -> frozenset[str]:
    """Read a list of numbers, parted by commas, blanks or lines; raise `ConsentError` for what is not in E.164."""
    found = [one if ZERO in one else re.sub(r"[().-]", "", one) for one in re.split(r"[,;\s]+", told) if one]
    if not all(E164.fullmatch(one) for one in found):
        raise ConsentError(f"A number in --otp-live-to is not in E.164 (a plus, then 7 to 15 digits). {NEVER}")
    return frozenset(found)


def destination(request: Request, operation: str | None) -> str | None:
    """Return where the SMS goes that a request would send: None where it sends none.

    Blank where it does not say, or says it more than once: a service may take another than we would.
    """
    if request.method.upper() != "POST" or operation is None:
        return None
    if operation == "twilio" and ONE_MESSAGE.search(request.path):
        return None
    key = "To" if operation == "twilio" else "toNumber"
    body = request.form() if operation == "twilio" else _in_json(request)
    told = [text for name, text in (*request.params(), *body) if name.casefold() == key.casefold()]
    if operation == "verify" and not told:
        return None
    return told[0] if len(told) == 1 else ""


def _in_json(request: Request) -> list[tuple[str, str]]:
    """Return the keys of the outermost object, each with its text, blank for what is none."""
    try:
        pairs = json.loads(bytes.decode(request.body), object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return []
    if not isinstance(pairs, tuple):
        return []
    return [(name, text if isinstance(text, str) else "") for name, text in pairs]


def masked(number: str) -> str:
    """Return a number with all but its first and its last two digits covered."""
    return f"{number[:2]}{'*' * max(len(number) - 4, 0)}{number[-2:]}"


class Budget:
    """How many SMS a run may still send, over all its processes.

    Each SMS takes one of the files `1` to `limit` in a folder that the processes share; only one can make a file, and
    none is ever given back, so that an SMS of which nothing is known counts too.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self.limit = limit

    def take(self) -> int | None:
        """Take one SMS and return its number, or None where none is left."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, self.limit + 1):
            if claim(self._folder / str(number)):
                return number
        return None


def claim(path: Path) -> bool:
    """Make an empty file; say whether it was this process that made it."""
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


class Guard:
    """Asks for every consent before each live call, and tells each SMS."""

    def __init__(self, consents: Consents, budget: Budget, tell: Callable[[str], None]) -> None:
        self._consents = consents
        self._budget = budget
        self._tell = tell

    def tell_silence(self, host: str, why: str) -> None:
        """Tell that a live call got no answer, and why: a name, no value."""
        self._tell(f"botpenguin-otp: {host} gave no answer: {why}")

    def check(self, request: Request, operation: str | None, lacking: tuple[str, ...] = ()) -> None:
        """Let a call pass, or raise `ConsentError`; one that sends an SMS takes it from the budget and tells it.

        `lacking` is what else is missing for this call.
        """
        to = destination(request, operation)
        missing = (*refusals(self._consents, to=to), *lacking)
        if missing:
            raise refused(missing)
        if to is None:
            return
        number = self._budget.take()
        if number is None:
            raise refused((f"a larger --otp-sms-budget (all {self._budget.limit} are used)",))
        self._tell(f"botpenguin-otp: real SMS {number} of at most {self._budget.limit}, to {masked(to)}")


def refused(missing: tuple[str, ...]) -> ConsentError:
    """Return the refusal that names what is missing."""
    return ConsentError("\n".join(("A live call was refused. Missing:", *(f"- {what}" for what in missing), NEVER)))
