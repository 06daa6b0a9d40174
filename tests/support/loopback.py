"""A service that behaves as its path says, and clients that nobody here wrote."""

import asyncio
import io
import json
import shutil
import socket
import subprocess
import urllib.error
import urllib.request

import aiohttp
import httpx
import httpx2
import pytest
import requests

from pytest_botpenguin_otp.errors import NoResponseError, OtpError, UnmatchedRequestError
from pytest_botpenguin_otp.wire import Response, json_response

BASE = "https://api.twilio.com"
OTHER = "https://api.v7.botpenguin.com"
PATIENCE_S = 10
SHORT_S = 0.05
JUST_HEAD = b"GET /%s HTTP/1.1\r\nHost: a.test\r\n\r\n"


RAISED = {
    "silent": NoResponseError("timeout", elapsed_ms=10),
    "lost": NoResponseError("lost", elapsed_ms=10),
    "reset": NoResponseError("reset", elapsed_ms=10),
    "nowhere": UnmatchedRequestError("Nothing here answers GET /nowhere."),
    "ours": OtpError("A message of ours."),
    "theirs": KeyError("a secret"),
    "outcome": pytest.fail.Exception("not an Exception"),
}
ANSWERS = {
    "slow": Response(status=200, body=b"slow", elapsed_ms=60_000),
    "nothing": None,
    "text": Response(status=200, body="text"),
    "split": Response(status=200, headers=(("X", "a\r\nb"),)),
    "empty": Response(status=204, body=b"ignored"),
    "huge": Response(status=200, body=b"x" * (1 << 20)),
}


def echo(request):
    """Answer with what was asked, or as the path asks for."""
    name = request.path.strip("/")
    if name in RAISED:
        raise RAISED[name]
    if name in ANSWERS:
        return ANSWERS[name]
    said = {"method": request.method, "url": request.url, "body": request.body.decode("latin-1")}
    return json_response(201, {**said, "host": request.header("host"), "x": request.header("x-test")})


def dial(server, base=BASE):
    """Open a TCP connection to one of the ports."""
    host, port = server.url(base).removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE_S)


def talk(server, data, *, half_close=True):
    """Send raw bytes and return all that comes back until the other side closes."""
    with dial(server) as client:
        client.sendall(data)
        if half_close:
            client.shutdown(socket.SHUT_WR)
        with client.makefile("rb") as answers:
            return answers.read()


def send_for_ever(client):
    """Send until the connection breaks."""
    while True:
        client.sendall(b"x" * 1000)


def send_by_requests(url, body, headers):
    """Post by requests."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(url, data=body, headers=headers, timeout=PATIENCE_S)
        return answer.status_code, answer.json()


def send_by_urllib(url, body, headers):
    """Post by urllib."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310
    with opener.open(request, timeout=PATIENCE_S) as answer:
        return answer.status, json.load(answer)


def send_by_httpx(url, body, headers, library=httpx):
    """Post by httpx."""
    with library.Client(trust_env=False, timeout=PATIENCE_S) as client:
        answer = client.post(url, content=body, headers=headers)
        return answer.status_code, answer.json()


def send_by_httpx2(url, body, headers):
    """Post by httpx2."""
    return send_by_httpx(url, body, headers, httpx2)


def send_by_aiohttp(url, body, headers):
    """Post by aiohttp."""

    async def post():
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=io.BytesIO(body), headers=headers) as answer,
        ):
            return answer.status, await answer.json()

    return asyncio.run(post())


def send_by_node(url, body, headers):
    """Post by Node's fetch."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("There is no node on PATH.")
    script = """
        const [url, body, headers] = JSON.parse(process.argv[1]);
        const answer = await fetch(url, {method: "POST", body: Buffer.from(body, "latin1"), headers});
        console.log(JSON.stringify([answer.status, await answer.json()]));
    """
    said = json.dumps([url, body.decode("latin-1"), headers])
    command = [node, "--input-type=module", "-e", script, said]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)  # noqa: S603
    return tuple(json.loads(done.stdout))


def get(server, path, method="GET", **settings):
    """Return httpx's own answer."""
    with httpx.Client(trust_env=False, timeout=PATIENCE_S) as client:
        return client.request(method, f"{server.url(BASE)}/{path}", **settings)


CLIENTS = [send_by_requests, send_by_urllib, send_by_httpx, send_by_httpx2, send_by_aiohttp, send_by_node]
