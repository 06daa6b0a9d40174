"""The async runner works under every event loop there is, and makes none."""

import pytest

pytestmark = pytest.mark.usefixtures("no_sockets")

UNKNOWN = ("-W", "ignore::pytest.PytestConfigWarning")
BODY = """
    chat = await async_flow_runner.start("phone-login.bot.yaml")
    await chat.user("+1 415 555 0123")
    await chat.user(handset.code())
    assert chat.verified and chat.now == 5
"""


def test_asyncio_plugin(project):
    """It runs in a test of pytest-asyncio."""
    project.file(
        "test_it.py", f"import pytest\n@pytest.mark.asyncio\nasync def test_it(async_flow_runner, handset):{BODY}"
    )

    project.run("-p", "no:anyio").assert_outcomes(passed=1)


def test_anyio_plugin(project):
    """It runs in a test of anyio's plugin."""
    project.file(
        "test_it.py",
        "import pytest\n@pytest.fixture\ndef anyio_backend(): return 'asyncio'\n"
        f"@pytest.mark.anyio\nasync def test_it(async_flow_runner, handset):{BODY}",
    )

    project.run("-p", "no:asyncio", *UNKNOWN).assert_outcomes(passed=1)


def test_no_plugin(project):
    """It runs under `asyncio.run` in a plain test, and stepped by hand without any loop."""
    project.file(
        "test_it.py",
        f"""
import asyncio

async def chat(async_flow_runner, handset):{BODY}

def test_run(async_flow_runner, handset):
    asyncio.run(chat(async_flow_runner, handset))

def test_by_hand(async_flow_runner, handset):
    try:
        chat(async_flow_runner, handset).send(None)
    except StopIteration:
        return
    assert False, "it waited for a loop"
""",
    )

    project.run("-p", "no:asyncio", "-p", "no:anyio", *UNKNOWN).assert_outcomes(passed=2)


def test_awaited_service(project):
    """The service may be any that is awaited, such as an httpx client."""
    project.file(
        "test_it.py",
        """
import httpx
import pytest
from pytest_botpenguin_otp.transports.http import AsyncOtpTransport, through_async

@pytest.mark.asyncio
async def test_it(async_flow_runner, handset, otp_world):
    async with httpx.AsyncClient(transport=AsyncOtpTransport(otp_world)) as client:
        chat = await async_flow_runner.start("phone-login.bot.yaml", service=through_async(client))
        await chat.user("+1 415 555 0123")
        await chat.user(handset.code())
        await chat.wait(2.5)
    assert chat.verified and chat.now == 7.5
""",
    )

    project.run().assert_outcomes(passed=1)


def test_failure(project):
    """A failing async test shows its chat, and breaches fail it, as with a sync one."""
    bot = project.changed_bot(("delay: 5", "delay: 0"))
    wrong = BODY.replace("phone-login.bot.yaml", bot).replace(" and chat.now == 5", "")
    project.file(
        "test_it.py",
        f"import pytest\npytestmark = pytest.mark.asyncio\nasync def test_it(async_flow_runner, handset):{wrong}\n"
        f"async def test_other(async_flow_runner, handset):{wrong}    assert False\n",
    )

    result = project.run()

    result.assert_outcomes(failed=2)
    assert "The flow broke the contract timing" in result.stdout.str()
    assert result.stdout.str().count("- botpenguin-otp -") == 2
