"""The fixture `otp_cassette`: which file a test has, whether it is played or recorded, and what is wrong at the end."""

from __future__ import annotations

import os
import re
import sys
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp.cassettes import codes, consent, consenting, form, riding
from pytest_botpenguin_otp.cassettes.errors import CassetteError, bare
from pytest_botpenguin_otp.cassettes.replay import Replay
from pytest_botpenguin_otp.discretion import Discreet
from pytest_botpenguin_otp.errors import MissingExtraError
from pytest_botpenguin_otp.values import Masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.runner import FlowChat
    from pytest_botpenguin_otp.wire import Request, Response, Service

__all__ = ["OtpCassette", "cassette_path", "opened"]

FOLDER = "cassettes"
UNUSUAL = re.compile(r"[^0-9A-Za-z_.-]+")
PART = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]{0,99}")
RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
TELLING = re.compile(r"(?:[0-9][ ().-]*){4}|[0-9A-Za-z_]{16}")
LONGEST = 100
PARAMETERS = re.compile(r"(?:-.*)?-[0-9a-f]{8}")
SUFFIX = ".yaml"


ELSEWHERE = (
    "--otp-target is what the suite is run against; the calls of this test go where its bot file says. Leave it out, "
    "and record from a service of your own with its URL in the bot file. Nothing was sent."
)
NOTHING = (
    "{}: nothing was recorded. Either no call was made by otp_cassette.service, or another plugin answered it before "
    "it came to the network, as pytest-httpx does."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtpCassette(Discreet):
    """What a test gets: `service` answers its calls, from `file` or, while recording, from the real service."""

    service: Service
    file: Path
    profile: Profile
    recording: bool = False
    replay: Replay | None = None
    command: str = field(default="", repr=False)

    @property
    def unplayed(self) -> tuple[str, ...]:
        """Name the interactions that were not played yet."""
        return () if self.replay is None else self.replay.unplayed()

    def code(self, chat: FlowChat, back: int = 0) -> str:
        """Return the code that the user of `chat` would type: of the last Send OTP, or so many sends before it.

        Where no answer tells it, that is what a command has printed: now while recording, and then in a replay.
        """
        printed = partial(codes.from_command, self.command) if self.recording and self.command else None
        newest = printed if self.replay is None else self.replay.typed
        return Masked(codes.code_of(chat, self.profile, back=back, newest=newest))


def own_name(item: pytest.Item) -> str:
    """Return what a test's own cassette is named after: the test with its class, if it has one, and its parameters."""
    cls = getattr(item, "cls", None)
    return item.name if cls is None else f"{cls.__qualname__}.{item.name}"


def slug(name: str) -> str:
    """Return a file name for the name of a test; names that would fall together are told apart.

    Parameters in which a number, a code or a key may stand are not told.
    """
    test, bracket, parameters = name.partition("[")
    told = test if TELLING.search(parameters) else test + bracket + parameters
    plain = _plain(told)
    if plain == name and not RESERVED.fullmatch(plain):
        return plain
    return f"{plain}-{sha256(name.encode()).hexdigest()[:8]}".lstrip("-")


def is_named_after(stem: str, test: str) -> bool:
    """Say whether a file name is that of a test, or of the test with any parameters."""
    plain = _plain(test)
    return stem == slug(test) or (stem.startswith(plain) and PARAMETERS.fullmatch(stem, len(plain)) is not None)


def _plain(name: str) -> str:
    return UNUSUAL.sub("-", name).strip("-.")[:LONGEST]


def cassette_path(folder: Path, module: str, test: str, named: object = None) -> Path:
    """Return where a test's cassette is: `cassettes/<module>/<test>.yaml`, or `cassettes/<named>.yaml`.

    Raises `CassetteError` for a name that is none, or that leads out of the folder.
    """
    if named is None:
        return folder / FOLDER / slug(module) / f"{slug(test)}{SUFFIX}"
    parts = str(named).removesuffix(SUFFIX).split("/")
    if not all(PART.fullmatch(part) and not RESERVED.fullmatch(part) for part in parts):
        raise CassetteError(
            f"@pytest.mark.otp(cassette={named!r}): a cassette is named by letters, digits, '_', '-', '.' and by '/' "
            f"between folders, below {FOLDER}/."
        )
    return folder.joinpath(FOLDER, *parts[:-1], f"{parts[-1]}{SUFFIX}")


@contextmanager
def opened(request: pytest.FixtureRequest, profile: Profile) -> Iterator[OtpCassette]:
    """Open a test's cassette; at the end, fail a test that has not played all of it.

    One that has failed already keeps its one failure: what it did not play is told below that.
    """
    marked = {
        name: value for mark in reversed([*request.node.iter_markers("otp")]) for name, value in mark.kwargs.items()
    }
    try:
        path = cassette_path(request.path.parent, request.path.stem, own_name(request.node), marked.get("cassette"))
        riding.refuse_conflict(request, path)
        manager = _recorded if request.config.getoption("otp_record") else _replayed
        with (
            _watched(request) as passed,
            manager(request, path, profile, passed, live=marked.get("live") is True) as cassette,
        ):
            yield cassette
            failed, wrong = not passed(), "\n".join(_wrong(cassette, passed=passed()))
    except Exception as error:  # noqa: BLE001  # a traceback would show what a recorder holds
        raise pytest.fail.Exception(str(bare(error)), pytrace=False) from None
    if wrong and failed:
        request.node.add_report_section("teardown", "botpenguin-otp", wrong)
    elif wrong:
        pytest.fail(wrong, pytrace=False)


def _wrong(cassette: OtpCassette, *, passed: bool) -> Iterator[str]:
    """Tell what was not played, and each miss that a test has passed in spite of."""
    if cassette.unplayed:
        yield f"{cassette.file}: these interactions were never played:"
        yield from (f"- {name}" for name in cassette.unplayed)
    if passed and cassette.replay is not None and cassette.replay.missed:
        yield f"{cassette.file}: the test passed, although these requests had no answer:"
        yield from (f"- {miss}" for miss in cassette.replay.missed)


@contextmanager
def _replayed(
    request: pytest.FixtureRequest, path: Path, profile: Profile, passed: Callable[[], bool], *, live: bool
) -> Iterator[OtpCassette]:
    del request, passed, live
    if not path.is_file():
        raise CassetteError(
            f"There is no cassette {path}. Nothing went live. Record it: pytest --otp-record, with the consents that "
            "pytest --help lists beside it."
        )
    folder = next(parent for parent in path.parents if parent.name == FOLDER)
    replay = Replay(form.load(path, root=folder))
    yield OtpCassette(service=_shown(replay), file=path, profile=profile, replay=replay)


@contextmanager
def _recorded(
    request: pytest.FixtureRequest, path: Path, profile: Profile, passed: Callable[[], bool], *, live: bool
) -> Iterator[OtpCassette]:
    if "://" in str(request.config.getoption("otp_target") or ""):
        raise CassetteError(ELSEWHERE)
    ride = riding.ride(request)
    if ride.keeps and path.is_file():
        _teller(request.config)(f"botpenguin-otp: {path} is there, so it was played: the record mode is {ride.mode!r}")
        manager = _replayed(request, path, profile, passed, live=live)
    else:
        consents = consenting.given(request.config, marker=live)
        missing = (*consent.refusals(consents), *ride.refusals)
        if missing:
            raise consent.refused(missing)
        manager = _live(request, path, profile, passed, consents=consents, ride=ride)
    with manager as cassette:
        yield cassette


@contextmanager
def _live(
    request: pytest.FixtureRequest,
    path: Path,
    profile: Profile,
    passed: Callable[[], bool],
    *,
    consents: consent.Consents,
    ride: riding.Ride,
) -> Iterator[OtpCassette]:
    """Record what really answers; every consent that needs no call to be known is there."""
    try:
        from pytest_botpenguin_otp.cassettes.live import Credentials, Live
        from pytest_botpenguin_otp.cassettes.record import Keeper, recording
    except ImportError:
        raise MissingExtraError.of("--otp-record", "record") from None
    tell, credentials = _teller(request.config), Credentials(os.environ)
    budget = consent.Budget(_claimed(request, path) / "sms", consents.budget)
    service = Live(consent.Guard(consents, budget, tell), credentials)
    keeper = Keeper(
        made=_today(),
        target=lambda: service.target,
        known=lambda: credentials.seen,
        source=f"pytest --otp-record, profile {profile.name}",
        tell=tell,
    )
    command = _setting(request.config, "otp_code_command")
    with closing(service), recording(service, path, keeper, passed, ride.configure) as recorded:
        yield OtpCassette(service=_shown(recorded), file=path, profile=profile, recording=True, command=command)
    if passed() and keeper.empty:
        raise CassetteError(NOTHING.format(path))


class _Watch:
    """Sees whether a test has passed; one that was interrupted, skipped or never called has not."""

    def __init__(self, item: pytest.Item) -> None:
        self._item = item
        self.passed = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Note how the call of the test ended, before its fixtures are torn down."""
        if item is self._item and call.when == "call":
            self.passed = call.excinfo is None


@contextmanager
def _watched(request: pytest.FixtureRequest) -> Iterator[Callable[[], bool]]:
    watch = _Watch(request.node)
    manager = request.config.pluginmanager
    manager.register(watch)
    try:
        yield lambda: watch.passed
    finally:
        manager.unregister(watch)


def _shown(service: Service) -> Service:
    """Let an error of ours begin where the test called: the frames below hold what a traceback must not show."""

    def answer(request: Request) -> Response:
        __tracebackhide__ = True
        asked = request.plain()
        try:
            return service(asked).shown()
        except BaseException as error:  # noqa: BLE001  # whatever it is, it is raised again, with nothing below it
            told = bare(error)
        raise told

    return answer


def _setting(config: pytest.Config, name: str) -> str:
    return str(config.getoption(name) or config.getini(name) or "")


def _claimed(request: pytest.FixtureRequest, path: Path) -> Path:
    """Take a cassette for this test alone; return a folder that every process of this run knows, and no other run."""
    for place in (path, form.beside(path)):
        form.ready(place, request.path.parent / FOLDER)
    factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    base = factory.getbasetemp()
    worker = hasattr(request.config, "workerinput")
    shared = (base.parent if worker else base) / "botpenguin-otp"
    shared.mkdir(exist_ok=True)
    if not consent.claim(shared / f"writes-{sha256(str(path.absolute()).casefold().encode()).hexdigest()[:32]}"):
        raise CassetteError(
            f"{path}: another test of this run records into it; give each a cassette of its own. (A test that is run "
            "again records nothing more: no send is retried.)"
        )
    return shared


def _teller(config: pytest.Config) -> Callable[[str], None]:
    """Return what prints a line past the capture, on the terminal of whoever started the run."""
    capture = config.pluginmanager.getplugin("capturemanager")

    def tell(line: str) -> None:
        with capture.global_and_fixture_disabled() if capture is not None else nullcontext():
            sys.stderr.write(f"\n{line}\n")
            sys.stderr.flush()

    return tell


def _today() -> date:
    return datetime.now(UTC).date()  # noqa: TID251  # the day a recording is made is a fact, and no test's result
