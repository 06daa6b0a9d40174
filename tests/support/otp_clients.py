"""HTTP clients that nobody here wrote: each posts, and says what came back or raises its own error."""

import asyncio
import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass

import aiohttp
import httpx
import httpx2
import pytest
import requests

PATIENCE_S = 10
BROKEN_PROXY = "http://127.0.0.1:9"
NODE = """
    const [url, body, headers, patience] = JSON.parse(process.argv[1]);
    try {
        const signal = AbortSignal.timeout(patience * 1000);
        const answer = await fetch(url, {method: "POST", body, headers, signal});
        console.log(JSON.stringify({status: answer.status, body: await answer.text()}));
    } catch (error) {
        console.log(JSON.stringify({error: error.cause?.code ?? error.name}));
    }
"""


class NodeTimeoutError(Exception):
    """Node's fetch gave up."""


class NodeResetError(Exception):
    """Node's fetch met a connection that broke."""


@dataclass(frozen=True)
class Client:
    """A client: how it posts, and what it raises when no answer comes, or the connection breaks."""

    name: str
    post: object
    timeout: type
    reset: type


def by_requests(url, body, headers, patience_s):
    """Post by requests."""
    with requests.Session() as session, session.post(url, data=body, headers=headers, timeout=patience_s) as answer:
        return answer.status_code, answer.content


def by_urllib(url, body, headers, patience_s):
    """Post by urllib, to which an error status is an exception."""
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=patience_s) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def by_httpx(url, body, headers, patience_s, library=httpx):
    """Post by httpx."""
    with library.Client(timeout=patience_s) as client:
        answer = client.post(url, content=body, headers=headers)
        return answer.status_code, answer.content


def by_httpx2(url, body, headers, patience_s):
    """Post by httpx2."""
    return by_httpx(url, body, headers, patience_s, httpx2)


def by_httpx_async(url, body, headers, patience_s):
    """Post by httpx's async client."""

    async def post():
        async with httpx.AsyncClient(timeout=patience_s) as client:
            answer = await client.post(url, content=body, headers=headers)
            return answer.status_code, answer.content

    return asyncio.run(post())


def by_aiohttp(url, body, headers, patience_s):
    """Post by aiohttp."""

    async def post():
        timeout = aiohttp.ClientTimeout(total=patience_s)
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            session.post(url, data=body, headers=headers) as answer,
        ):
            return answer.status, await answer.read()

    return asyncio.run(post())


def by_node(url, body, headers, patience_s):
    """Post by Node's fetch."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("There is no node on PATH.")
    said = json.dumps([url, body.decode(), headers, patience_s])
    done = subprocess.run(  # noqa: S603
        [node, "--input-type=module", "-e", NODE, said],
        capture_output=True,
        check=True,
        env={**os.environ, "NODE_USE_ENV_PROXY": "1"},
        timeout=60,
    )
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise {"TimeoutError": NodeTimeoutError, "ECONNRESET": NodeResetError}[answer["error"]]
    return answer["status"], answer["body"].encode()


CLIENTS = (
    Client("requests", by_requests, requests.ReadTimeout, requests.ConnectionError),
    Client("urllib", by_urllib, TimeoutError, ConnectionResetError),
    Client("httpx", by_httpx, httpx.ReadTimeout, httpx.ReadError),
    Client("httpx async", by_httpx_async, httpx.ReadTimeout, httpx.ReadError),
    Client("httpx2", by_httpx2, httpx2.ReadTimeout, httpx2.ReadError),
    Client("aiohttp", by_aiohttp, TimeoutError, aiohttp.ClientOSError),
    Client("node", by_node, NodeTimeoutError, NodeResetError),
)


class Backend:
    """A bot project's own backend: it sends and verifies codes by one of the clients, at the base URLs it is given."""

    def __init__(self, client, server, world):
        self.client = client
        self.base = f"{server.botpenguin_url}/integrations/custom-feature"
        self.headers = {"Authorization": world.botpenguin.token, "Content-Type": "application/json"}
        self.credentials = {"accountSID": world.twilio.account_sid, "authToken": world.twilio.auth_token}
        self.sender = world.twilio.number

    def send(self, number="+14155550123", patience_s=PATIENCE_S):
        """Have a code sent; return status and body."""
        return self._post(
            "send-otp-sms", {**self.credentials, "fromNumber": self.sender, "toNumber": number}, patience_s
        )

    def verify(self, system, user, patience_s=PATIENCE_S):
        """Have a code verified; return status and body."""
        return self._post("verify-user-otp", {"systemOtp": system, "userOtp": user}, patience_s)

    def _post(self, path, said, patience_s):
        return self.client.post(f"{self.base}/{path}", json.dumps(said).encode(), self.headers, patience_s)


def behind_a_proxy(monkeypatch, no_proxy):
    """Have the environment name a proxy that answers nobody, and `no_proxy` as what goes past it."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        value = no_proxy if name == "no_proxy" else BROKEN_PROXY
        monkeypatch.setenv(name, value)
        monkeypatch.setenv(name.upper(), value)
