"""The pytest plugin: options, fixtures, collection. It translates pytest into calls, and imports them when used."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    import respx

    from pytest_botpenguin_otp.botpenguin import FakeBotPenguin
    from pytest_botpenguin_otp.cassettes.fixture import OtpCassette
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.runner import AsyncFlowRunner, FlowRunner
    from pytest_botpenguin_otp.transports.otp_server import OtpServer
    from pytest_botpenguin_otp.twilio import FakeTwilio, Handset
    from pytest_botpenguin_otp.world import World

WORLD: pytest.StashKey[World] = pytest.StashKey()
"""The world of a test that has one, by its item."""

OPTIONS = (
    ("profile", "NAME[,NAME]", "how BotPenguin answers: a shipped profile, or the path of one in JSON (mismatch-400)"),
    ("seed", "N", "the seed of all codes and ids, or 'random' (0)"),
    ("bots", "GLOB[,GLOB]", "bot files to hold against every rule, beside those named on the command line"),
    ("save-counterexamples", "DIR", "write chats that break a rule or property there, as files that fail until mended"),
    ("states", "N", "how many states of a bot are looked at under each profile before the search ends (200000)"),
    ("seconds", "N", "after how many seconds the search of a bot under a profile ends (60)"),
    ("megabytes", "N", "at how much memory for states the search of a bot under a profile ends (1024)"),
    ("baseline", "REV", "compare each bot file with itself at this revision of git; fail where it became more lax"),
    ("mutants", "PERCENT", "change each bot file, one edit at a time; fail where its chats notice less than this"),
)

BUDGETS = ("states", "seconds", "megabytes")

STRICT = "fail on every finding about a bot, also on what only an own backend can mend"

NO_PROPERTIES = "collect no property[...] items of bot files; what they try is for Hypothesis' own settings to say"

LIVE_OPTIONS = (
    ("record", None, "record the cassettes of the tests that run; needs every consent below"),
    ("live", None, "the first consent to real calls; also: BOTPENGUIN_OTP_LIVE=1 and @pytest.mark.otp(live=True)"),
    ("live-in-ci", None, "consent to real calls where CI is set"),
    ("sms-budget", "N", "how many real SMS this run may send (0)"),
)
LIVE_SETTINGS = (
    ("live-to", "NUMBER[,NUMBER]", "your own numbers, in E.164: no real SMS goes anywhere else"),
    ("code-command", "COMMAND", "a command that prints the newest code from your phone, where no answer tells it"),
)
"""What real calls need: consents, which are given anew for each run, and settings, which have an ini twin."""
CONSENTS = ("live", "live_in_ci", "sms_budget")

SUITE_SETTINGS = (
    ("target", "TARGET", "what pytest_botpenguin_otp.suite is run against: fake, cassettes, or the URL of a service"),
    ("cassettes", "PATH", "the recordings that it is run against (cassettes)"),
    ("max-age", "DAYS", "fail verified cassettes that are older"),
)
VERIFY = "collect cassettes too: each is held against contract and fakes, under --otp-profile or the one that it names"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the `--otp-*` options, each with an ini twin."""
    group = parser.getgroup("botpenguin-otp", "BotPenguin phone login")
    for name, metavar, text in OPTIONS:
        dest = f"otp_{name.replace('-', '_')}"
        group.addoption(f"--otp-{name}", dest=dest, metavar=metavar, default=None, help=text)
        parser.addini(dest, text)
    unused = "a planned fault that never strikes is no failure"
    group.addoption(
        "--otp-allow-unused-faults", dest="otp_allow_unused_faults", action="store_true", default=None, help=unused
    )
    parser.addini("otp_allow_unused_faults", unused, type="bool", default=False)
    group.addoption("--otp-strict", dest="otp_strict", action="store_true", default=None, help=STRICT)
    parser.addini("otp_strict", STRICT, type="bool", default=False)
    group.addoption("--otp-no-properties", dest="otp_no_properties", action="store_true", help=NO_PROPERTIES)
    parser.addini("otp_no_properties", NO_PROPERTIES, type="bool", default=False)
    group.addoption("--otp-verify-cassettes", dest="otp_verify_cassettes", action="store_true", help=VERIFY)
    parser.addini("otp_verify_cassettes", VERIFY, type="bool", default=False)
    for name, shown, text in (*LIVE_OPTIONS, *LIVE_SETTINGS, *SUITE_SETTINGS):
        dest = f"otp_{name.replace('-', '_')}"
        if shown is None:
            group.addoption(f"--otp-{name}", dest=dest, action="store_true", default=False, help=text)
        else:
            kind = int if shown == "N" else None
            group.addoption(f"--otp-{name}", dest=dest, metavar=shown, type=kind, default=None, help=text)
        if (name, shown, text) not in LIVE_OPTIONS:
            parser.addini(dest, text)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and look at what was chosen before anything is collected."""
    config.addinivalue_line(
        "markers",
        "otp(profile, seed, allow_unused_faults, cassette, live): how BotPenguin answers here, what may be left",
    )
    if any(_named(config, f"otp_{name}") for name in ("profile", "seed", *BUDGETS)):
        from pytest_botpenguin_otp import collecting

        collecting.settle(config)
        config.pluginmanager.register(collecting, "botpenguin-otp-chosen")
    if any(config.getoption(name) or config.getini(name) for name in ("otp_target", "otp_verify_cassettes")):
        from pytest_botpenguin_otp.suite import tally

        tally.settle(config)

    _consented(config)
    watched = ("bots", "baseline", "mutants", "save_counterexamples", "strict", *BUDGETS, "max_age", "cassettes")
    live = (*CONSENTS, *(name.replace("-", "_") for name, _, _ in LIVE_SETTINGS))
    if any(_named(config, f"otp_{name}") for name in watched) or any(config.getoption(f"otp_{name}") for name in live):
        from pytest_botpenguin_otp import selecting

        selecting.settle(config)


def _consented(config: pytest.Config) -> None:
    """Refuse a run whose consents to real calls stand in a file or in the environment."""
    given = [f"--otp-{name.replace('_', '-')}" for name in CONSENTS if config.getoption(f"otp_{name}")]
    if given and not hasattr(config, "workerinput"):  # its own command line was looked at
        from pytest_botpenguin_otp.cassettes import consent
        from pytest_botpenguin_otp.errors import OtpError

        try:
            consent.spoken(config.invocation_params.args, given)
        except OtpError as error:
            raise pytest.UsageError(str(error)) from None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect `test_*.chat.yaml`, and cassettes where they are to be verified, if their format line says so."""
    if file_path.suffix in (".yaml", ".yml") and (
        parent.config.getoption("otp_verify_cassettes") or parent.config.getini("otp_verify_cassettes")
    ):
        from pytest_botpenguin_otp.suite import collected

        found = collected.cassette_file(file_path, parent)
        if found is not None:
            return found
    if file_path.name.endswith(".bot.yaml"):
        if not (parent.session.isinitpath(file_path) or _named(parent.config, "otp_bots")):
            return None
        from pytest_botpenguin_otp import collecting_bots

        return collecting_bots.bot_file(file_path, parent)
    named = file_path.name.startswith("test_") or parent.session.isinitpath(file_path)
    if not (named and file_path.name.endswith(".chat.yaml")):
        return None
    from pytest_botpenguin_otp import collecting

    return collecting.chat_file(file_path, parent)


def _named(config: pytest.Config, name: str) -> bool:
    return bool(config.getoption(name) or config.getini(name))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test whose messages broke a contract, or whose faults never struck."""
    result = yield
    world = item.stash.get(WORLD, None)
    if world is not None:
        from pytest_botpenguin_otp import collecting

        collecting.judge(item, world)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the transcript to a failure, leave our own frames out of it, and report nothing masked in clear."""
    world = item.stash.get(WORLD, None)
    if world is None and "pytest_botpenguin_otp.masks" not in sys.modules:
        return (yield)
    from pytest_botpenguin_otp import collecting

    if world is not None and call.excinfo is not None:
        collecting.trim(call.excinfo.value)
    report = yield
    collecting.cover(report)
    if (
        world is not None and report.failed and not item.config.getoption("otp_record")
    ):  # a real answer may tell anything
        report.sections.append(("botpenguin-otp", collecting.story(world)))
    return report


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Tell what differs between two values of ours, with nothing sensitive in clear."""
    sides = [side[0] if isinstance(side, tuple) and side else side for side in (left, right)]
    if not any(type(side).__module__.startswith("pytest_botpenguin_otp") for side in sides):
        return None
    from pytest_botpenguin_otp.report.differences import differences

    return differences(op, left, right)


@pytest.fixture
def otp_profile(request: pytest.FixtureRequest) -> Profile:
    """Choose how BotPenguin answers where its documents say nothing; override it, or `--otp-profile`."""
    from pytest_botpenguin_otp import collecting

    return collecting.chosen_profile(request)


@pytest.fixture
def otp_world(request: pytest.FixtureRequest, otp_profile: Profile) -> World:
    """Give one test's virtual clock, journal, seed, faults, fake Twilio, fake BotPenguin and handsets."""
    from pytest_botpenguin_otp import collecting

    world = collecting.make_world(request, otp_profile)
    request.node.stash[WORLD] = world
    return world


@pytest.fixture
def fake_twilio(otp_world: World) -> FakeTwilio:
    """Give the fake Twilio: `account_sid`, `auth_token`, `number`, `messages`, `to(number)`, `fail(create=21211)`."""
    return otp_world.twilio


@pytest.fixture
def fake_botpenguin(otp_world: World) -> FakeBotPenguin:
    """Give the fake BotPenguin OTP service: `token`, `sent`, `verified`, `fail(verify=500)`."""
    return otp_world.botpenguin


@pytest.fixture
def handset(otp_world: World) -> Handset:
    """Give the user's phone: `messages`, and `code()` reads the newest code."""
    return otp_world.handset()


@pytest.fixture
def flow_runner(otp_world: World) -> FlowRunner:
    """Give a runner of bots: `flow_runner.start(bot)` gives a chat with `user(text)`, `wait(seconds)`, `said`, ..."""
    from pytest_botpenguin_otp.runner import FlowRunner

    return FlowRunner(otp_world)


@pytest.fixture
def async_flow_runner(otp_world: World) -> AsyncFlowRunner:
    """Give a runner for awaited services: `await async_flow_runner.start(bot)`; any event loop will do."""
    from pytest_botpenguin_otp.runner import AsyncFlowRunner

    return AsyncFlowRunner(otp_world)


@pytest.fixture
def otp_respx(otp_world: World) -> Iterator[respx.MockRouter]:
    """Mount the two hosts as respx routes `send_otp`, `verify_otp`, `create_message`, for this test; needs [http]."""
    from pytest_botpenguin_otp import collecting

    with collecting.respx_door(otp_world) as router:
        yield router


@pytest.fixture
def otp_server(request: pytest.FixtureRequest, otp_world: World) -> Iterator[OtpServer]:
    """Serve the two hosts on loopback for any client in any language: `twilio_url`, `botpenguin_url`, `no_proxy`."""
    from pytest_botpenguin_otp import collecting

    with collecting.serve(request.node, otp_world) as server:
        yield server


@pytest.fixture
def otp_cassette(request: pytest.FixtureRequest, otp_profile: Profile) -> Iterator[OtpCassette]:
    """Replay `cassettes/<module>/<test>.yaml` strictly: `service` for a flow runner, `code(chat)`, `unplayed`."""
    from pytest_botpenguin_otp.cassettes import fixture

    with fixture.opened(request, otp_profile) as cassette:
        yield cassette
