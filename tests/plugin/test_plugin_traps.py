"""The traps of this suite do trap, so a green test shows that nothing reached for the network and nobody slept."""

import ast
import asyncio
import inspect
import socket
import time

import httpx
import pytest

import pytest_botpenguin_otp


@pytest.mark.parametrize("host", ["192.0.2.1", "api.twilio.com", b"api.v7.botpenguin.com"])
def test_network(host):
    """No test resolves or reaches another host."""
    with pytest.raises(AssertionError, match="reached for the network"):
        socket.getaddrinfo(host, 443)
    with socket.socket() as client, pytest.raises(AssertionError, match="reached for the network"):
        client.connect((host, 443))


def test_network_of_clients():
    """No HTTP client gets out either, sync or async."""

    async def get():
        async with httpx.AsyncClient() as client:
            await client.get("https://api.twilio.com")

    with pytest.raises(AssertionError, match=r"network: api\.twilio\.com"):
        httpx.get("https://api.twilio.com")
    with pytest.raises(AssertionError, match=r"network: api\.twilio\.com"):
        asyncio.run(get())


def test_loopback():
    """The loopback is open, for the tests of servers."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


@pytest.mark.usefixtures("no_sockets")
def test_no_loopback():
    """Where a run is to stay in its process, the loopback is closed too."""
    with socket.socket() as client, pytest.raises(AssertionError, match=r"network: 127\.0\.0\.1"):
        client.connect(("127.0.0.1", 9))


@pytest.mark.usefixtures("no_sockets")
def test_no_sleep():
    """And nobody sleeps there."""
    with pytest.raises(AssertionError, match="slept for 0 s"):
        time.sleep(0)  # noqa: TID251  # it is trapped


@pytest.mark.usefixtures("no_sockets")
def test_inside_runs(project):
    """The traps hold in the pytest runs inside this process."""
    project.file("test_get.py", "import httpx\ndef test_get(): httpx.get('http://127.0.0.1:9')")

    result = project.run()

    result.assert_outcomes(failed=1)
    assert "reached for the network: 127.0.0.1" in result.stdout.str()


def test_package_module():
    """The package itself imports nothing, since pytest imports it at every start."""
    tree = ast.parse(inspect.getsource(pytest_botpenguin_otp))

    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
