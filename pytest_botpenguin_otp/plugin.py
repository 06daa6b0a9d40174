"""The pytest plugin: options, fixtures, collection. It translates pytest into calls, and imports them when used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    import respx

    from pytest_botpenguin_otp.botpenguin import FakeBotPenguin
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.runner import AsyncFlowRunner, FlowRunner
    from pytest_botpenguin_otp.twilio import FakeTwilio, Handset
    from pytest_botpenguin_otp.world import World

OPTIONS = (
    ("profile", "NAME[,NAME]", "how BotPenguin answers: a shipped profile, or the path of one in JSON (mismatch-400)"),
    ("seed", "N", "the seed of all codes and ids, or 'random' (0)"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the `--otp-*` options, each with an ini twin."""
    group = parser.getgroup("botpenguin-otp", "BotPenguin phone login")
    for name, metavar, text in OPTIONS:
        group.addoption(f"--otp-{name}", dest=f"otp_{name}", metavar=metavar, default=None, help=text)
        parser.addini(f"otp_{name}", text)
    unused = "a planned fault that never strikes is no failure"
    group.addoption(
        "--otp-allow-unused-faults", dest="otp_allow_unused_faults", action="store_true", default=None, help=unused
    )
    parser.addini("otp_allow_unused_faults", unused, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and settle a random seed before workers start."""
    config.addinivalue_line(
        "markers", "otp(profile, seed, allow_unused_faults): how BotPenguin answers in this test, and what may be left"
    )
    if config.getoption("otp_seed") == "random":
        from random import SystemRandom

        config.option.otp_seed = str(SystemRandom().randrange(1_000_000))


def pytest_report_header(config: pytest.Config) -> str | None:
    """Name the seed where one was chosen."""
    seed = config.getoption("otp_seed")
    return None if seed is None else f"botpenguin-otp: seed {seed}"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect `test_*.chat.yaml`, if its format line says that it is ours."""
    if not (file_path.name.startswith("test_") and file_path.name.endswith(".chat.yaml")):
        return None
    from pytest_botpenguin_otp import collecting

    return collecting.chat_file(file_path, parent)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test whose messages broke a contract, or whose faults never struck."""
    result = yield
    world = getattr(item, "funcargs", {}).get("otp_world")
    if world is not None:
        from pytest_botpenguin_otp import collecting

        collecting.judge(item, world)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the transcript to a failure."""
    report = yield
    world = getattr(item, "funcargs", {}).get("otp_world")
    if world is not None and report.failed:
        from pytest_botpenguin_otp import collecting

        report.sections.append(("botpenguin-otp", collecting.story(world)))
    return report


@pytest.fixture
def otp_profile(request: pytest.FixtureRequest) -> Profile:
    """Choose how BotPenguin answers where its documents say nothing; override it, or `--otp-profile`."""
    from pytest_botpenguin_otp import collecting

    return collecting.chosen_profile(request)


@pytest.fixture
def otp_world(request: pytest.FixtureRequest, otp_profile: Profile) -> World:
    """Give one test's virtual clock, journal, seed, faults, fake Twilio, fake BotPenguin and handsets."""
    from pytest_botpenguin_otp import collecting

    return collecting.make_world(request, otp_profile)


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
