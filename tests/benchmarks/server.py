"""Measure loopback servers side by side: `python tests/benchmarks/server.py`; nothing here is part of the tests.

Each server runs in a process of its own and is asked by the same client, in another process, over 16 connections that
are kept open where the server allows it: POST with a small JSON body, which a handler parses and checks. Rounds are
interleaved, the first one is not counted (a JVM must warm up), and the median is shown. Start (until the first answer)
and stop are measured inside the server's process, as a test suite would meet them; for Node and Java servers they are
those of the process. CPU is what the server's process spent on one request: the client is Python too, and may be the
limit for the fastest. Peers not installed are named.
"""

import argparse
import asyncio
import json
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from statistics import median
from time import perf_counter

from server_peers import FIELDS, IN_PYTHON, JSON, PATH, YES, ask_once, request_for

CONNECTIONS = 16
PATIENCE_S = 30

SPEC_FILE, STUB_FILE = "openapi.json", "mappings/verify.json"
IN_NODE = {
    "Prism": ("prism", "mock -h 127.0.0.1 -p {port} --verboseLevel silent {folder}/openapi.json"),
    "mockoon": ("mockoon-cli", "start --data {folder}/openapi.json --port {port} --disable-log-to-file"),
}
IN_JAVA = {
    "WireMock": "--bind-address 127.0.0.1 --port {port} --root-dir {folder} --disable-banner --no-request-journal",
}
"""Without its journal of all requests, which would only slow it."""
SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "OTP", "version": "1"},
    "paths": {
        PATH: {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": list(FIELDS),
                                "properties": {name: {"type": "string"} for name in FIELDS},
                            }
                        }
                    },
                },
                "responses": {
                    "200": {"description": "ok", "content": {"application/json": {"example": json.loads(YES)}}}
                },
            }
        }
    },
}
STUB = {
    "request": {
        "method": "POST",
        "urlPath": PATH,
        "bodyPatterns": [{"matchesJsonPath": f"$.{name}"} for name in FIELDS],
    },
    "response": {"status": 200, "headers": JSON, "jsonBody": json.loads(YES)},
}


class Client(asyncio.Protocol):
    """One connection that asks again as soon as it has an answer, and connects again where it was closed."""

    def __init__(self, request, taken, again):
        self.request, self.taken, self.again = request, taken, again
        self.buffer, self.due = b"", False

    def connection_made(self, transport):
        """Ask for the first time."""
        self.transport = transport
        self.ask()

    def ask(self):
        """Send the request."""
        self.buffer, self.due, self.began = b"", True, perf_counter()
        self.transport.write(self.request)

    def data_received(self, data):
        """Ask again once the answer is whole."""
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *([0-9]+)", head)
        whole = len(body) >= int(length[1]) if length else body.endswith(b"0\r\n\r\n")
        if end and whole:
            self.done()
            if head.startswith(b"HTTP/1.0") or b"onnection: close" in head:
                self.transport.close()
            else:
                self.ask()

    def done(self):
        """Count an answer, if it is the right one."""
        if self.buffer.split(b" ", 2)[1] != b"200":
            raise SystemExit(f"a wrong answer: {self.buffer[:300]!r}")
        self.taken.append(perf_counter() - self.began)
        self.due = False

    def connection_lost(self, _error):
        """Take what the end of the connection completes, and connect again."""
        if self.due and self.buffer:
            self.done()
        self.again()


async def load(name, port, seconds):
    """Ask one server over all connections for some seconds."""
    loop, request, taken, tasks = asyncio.get_running_loop(), request_for(name), [], set()

    def connect():
        task = loop.create_task(loop.create_connection(lambda: Client(request, taken, connect), "127.0.0.1", port))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    for _ in range(CONNECTIONS):
        connect()
    await asyncio.sleep(seconds / 4)
    warm = len(taken)
    began = perf_counter()
    await asyncio.sleep(seconds)
    rate, measured = (len(taken) - warm) / (perf_counter() - began), sorted(taken[warm:])
    slow = measured[int(len(measured) * 0.99)]
    sys.stdout.write(json.dumps({"rate": rate, "p99": slow * 1000, "asked": len(taken)}))
    sys.stdout.flush()
    loop.stop()


def start_python(name, python):
    """Start a server written in Python: return its process and figures, or None where it is not installed."""
    command = [python, str(Path(__file__).with_name("server_peers.py")), name]
    with tempfile.TemporaryFile("w+") as said:  # no pipe: nobody reads it while the server runs, and a full one blocks
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True
        )
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE_S)
        line = process.stdout.readline() if ready else ""
        if line:
            return process, json.loads(line)
        process.kill()
        process.communicate()
        said.seek(0)
        error = said.read().strip() or f"it did not start within {PATIENCE_S} s"
    if "ModuleNotFoundError" not in error:
        sys.stderr.write(f"{name}: {error}\n")
    return None


def outside(options):
    """Return the command of each peer that is no Python, with holes for port and folder; None where it is missing."""
    commands = {}
    for name, (program, arguments) in IN_NODE.items():
        found = [path for folder in options.node if (path := Path(folder, "node_modules/.bin", program)).exists()]
        commands[name] = [str(found[0]), *arguments.split()] if found else None
    java = shutil.which("java")
    for name, arguments in IN_JAVA.items():
        commands[name] = [java, "-jar", options.wiremock, *arguments.split()] if java and options.wiremock else None
    return commands


def start_outside(name, command, folder):
    """Start a server that is no Python: return its process and figures, or None where it is not installed."""
    if command is None:
        return None
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]
    began = perf_counter()
    process = subprocess.Popen(  # noqa: S603
        [part.format(port=port, folder=folder) for part in command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    ask_once(port, request_for(name))
    return process, {"port": port, "start": (perf_counter() - began) * 1000, "stop": None}


def cpu_s(pid):
    """Return the seconds of CPU that a process has used, where the system tells."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return float("nan")
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def measure(name, pid, figures, seconds):
    """Run the client against one server in a process of its own."""
    worked = cpu_s(pid)
    command = [sys.executable, __file__, "--load", name, "--port", str(figures["port"]), "--seconds", str(seconds)]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=PATIENCE_S + seconds)  # noqa: S603
    if not done.stdout:
        raise SystemExit(f"{name}: {done.stderr}")
    said = json.loads(done.stdout)
    return {**said, "cpu": (cpu_s(pid) - worked) * 1e6 / said["asked"]}


def stop(process):
    """End a server's process, and return the milliseconds that took."""
    began = perf_counter()
    process.stdin.close()
    process.terminate()
    process.wait(PATIENCE_S)
    return (perf_counter() - began) * 1000


def compare(options):
    """Start all servers, ask them in turns, and print the table."""
    running, rounds = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for path, content in ((SPEC_FILE, SPEC), (STUB_FILE, STUB)):
            Path(folder, path).parent.mkdir(exist_ok=True)
            Path(folder, path).write_text(json.dumps(content))
        for name in IN_PYTHON:
            running[name] = start_python(name, sys.executable if name == "this project" else options.peers_python)
        for name, command in outside(options).items():
            running[name] = start_outside(name, command, folder)
        for _ in range(1 + options.rounds):
            for name, found in running.items():
                if found is not None:
                    rounds.setdefault(name, []).append(measure(name, found[0].pid, found[1], options.seconds))
        for found in filter(None, running.values()):
            spent = stop(found[0])
            found[1]["stop"] = found[1]["stop"] or spent
    mine = median(one["rate"] for one in rounds["this project"][1:])
    sys.stdout.write(
        f"{'server':<18}{'requests/s':>11}{'of ours':>9}{'CPU us':>8}{'p99 ms':>8}{'start ms':>10}{'stop ms':>9}\n"
    )
    for name, found in running.items():
        sys.stdout.write(f"{name:<18}{row(rounds[name], found[1], mine) if found else 'not installed':>11}\n")


def row(measured, figures, mine):
    """Return the figures of one server."""
    rate, cpu, slow = (median(one[figure] for one in measured[1:]) for figure in ("rate", "cpu", "p99"))
    return f"{rate:>11,.0f}{rate / mine:>9.2f}{cpu:>8.0f}{slow:>8.1f}{figures['start']:>10.2f}{figures['stop']:>9.2f}"


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--load", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each server is asked in each round")
    parser.add_argument(
        "--rounds", type=int, default=3, help="how often all servers are asked in turn, after once to warm up"
    )
    parser.add_argument(
        "--peers-python", default=sys.executable, help="the interpreter that the peers are installed in"
    )
    parser.add_argument(
        "--node", action="append", default=[], help="a folder with a node_modules that holds Node peers"
    )
    parser.add_argument("--wiremock", help="the path of a jar of WireMock standalone; it needs java on PATH")
    options = parser.parse_args()
    if options.load:
        with suppress(RuntimeError):  # the loop is stopped with connections still open
            asyncio.run(load(options.load, options.port, options.seconds))
    else:
        compare(options)


if __name__ == "__main__":
    main()
