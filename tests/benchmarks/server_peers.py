"""The servers that `server.py` compares, each as a context manager that yields its port; run by `server.py` alone."""

import json
import logging
import socket
import sys
import threading
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from statistics import median
from time import perf_counter

CYCLES = 5
PATIENCE_S = 30
PATH = "/integrations/custom-feature/verify-user-otp"
FIELDS = ("systemOtp", "userOtp")
BODY = json.dumps({"systemOtp": "123456", "userOtp": "123456"}).encode()
SMS = b"Action=Publish&PhoneNumber=%2B14155550123&Message=Your+code+is+123456&Version=2010-03-31"
FORM = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/sns/aws4_request, SignedHeaders=h, Signature=x",
}
YES, NO = b'{"success": true, "message": "OTP verified"}', b'{"success": false, "message": "bad request"}'
JSON = {"Content-Type": "application/json"}


def handle(body):
    """Do what every handler here does: parse, check, answer with status and body."""
    try:
        said = json.loads(body)
    except ValueError:
        return 400, NO
    valid = (
        isinstance(said, dict) and said.keys() == set(FIELDS) and all(isinstance(said[name], str) for name in FIELDS)
    )
    return (200, YES) if valid else (400, NO)


@contextmanager
def ours():
    """Serve by this project."""
    from pytest_botpenguin_otp.transports.server import LoopbackServer
    from pytest_botpenguin_otp.wire import Response

    def service(request):
        status, body = handle(request.body)
        return Response(status=status, headers=tuple(JSON.items()), body=body)

    with LoopbackServer({"https://api.v7.botpenguin.com": service}) as server:
        yield int(server.url("https://api.v7.botpenguin.com").rpartition(":")[2])


@contextmanager
def http_server(version):
    """Serve by the standard library, the way people write it: head and body in two writes."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        protocol_version = version

        def do_POST(self):
            status, body = handle(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.socket.close()


@contextmanager
def pytest_httpserver():
    """Serve by pytest-httpserver."""
    from pytest_httpserver import HTTPServer
    from werkzeug import Response

    def answer(request):
        status, body = handle(request.get_data())
        return Response(body, status=status, content_type="application/json")

    logging.getLogger("werkzeug").disabled = True
    with HTTPServer(host="127.0.0.1") as server:
        server.expect_request(PATH, method="POST").respond_with_handler(answer)
        yield server.port


@contextmanager
def moto():
    """Serve by moto's server: SNS Publish, the nearest it has."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").disabled = True
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


@contextmanager
def uvicorn(**settings):
    """Serve a bare ASGI app by uvicorn."""
    import uvicorn

    async def app(_scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        status, answer = handle(body)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    for needed in {"httptools", "uvloop"} & set(settings.values()):
        import_module(needed)  # here, since uvicorn would find it missing in its thread, and never be started
    config = uvicorn.Config(app, port=0, log_level="critical", access_log=False, lifespan="off", **settings)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        threading.Event().wait(0.001)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


IN_PYTHON = {
    "this project": ours,
    "http.server": partial(http_server, "HTTP/1.0"),
    "http.server, 1.1": partial(http_server, "HTTP/1.1"),
    "pytest-httpserver": pytest_httpserver,
    "moto server": moto,
    "uvicorn, plain": partial(uvicorn, http="h11", loop="asyncio"),
    "uvicorn, C": partial(uvicorn, http="httptools", loop="uvloop"),
}


def request_for(name):
    """Return the bytes of the request that a server is asked."""
    path, headers, body = ("/", FORM, SMS) if name == "moto server" else (PATH, JSON, BODY)
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: */*", "User-Agent: benchmark"]
    lines += [f"{key}: {value}" for key, value in headers.items()]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def ask_once(port, request):
    """Ask until the server answers for the first time."""
    deadline = perf_counter() + PATIENCE_S
    while perf_counter() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.sendall(request)
            if client.recv(4096).startswith(b"HTTP/1."):
                return
        threading.Event().wait(0.002)
    raise TimeoutError(f"Nothing answered at port {port}.")


def serve(name):
    """Measure start and stop of a server, then serve until standard input ends."""
    door, request, starts, stops = IN_PYTHON[name], request_for(name), [], []
    with suppress(ImportError), door():
        pass  # imports are paid for before the clock runs
    for _ in range(CYCLES):
        began = perf_counter()
        with door() as port:
            ask_once(port, request)
            starts.append(perf_counter() - began)
            began = perf_counter()
        stops.append(perf_counter() - began)
    with door() as port:
        figures = {"port": port, "start": median(starts) * 1000, "stop": median(stops) * 1000}
        sys.stdout.write(json.dumps(figures) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    serve(sys.argv[1])
