"""Our replay beside vcrpy's own, of the same cassettes: load and play every exchange, in one run.

Run by hand: `python tests/benchmarks/replay.py`. It prints CPU milliseconds (least of several rounds) and the ratio;
ours answers in process, vcrpy through httpx, which is the way each is used. A third column gives ours through httpx
too, so that the client is in both. Nothing is asserted.
"""

from __future__ import annotations

import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import vcr

from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.replay import Replay
from pytest_botpenguin_otp.cassettes.scrub import Scrubber
from pytest_botpenguin_otp.transports.http import OtpTransport
from pytest_botpenguin_otp.wire import Request, json_response

URL = "https://api.v7.botpenguin.com/integrations/custom-feature/verify-user-otp"
DAY = datetime(2026, 11, 23, tzinfo=UTC).date()
SIZES = (100, 500, 1000)
MATCH = ["method", "scheme", "host", "port", "path", "query", "body"]


def requests(count: int) -> list[Request]:
    """Return verify requests, each with a code of its own."""
    bodies = [json.dumps({"systemOtp": f"{n:06d}", "userOtp": f"{n:06d}"}).encode() for n in range(1, count + 1)]
    headers = (("Authorization", "fake-token-1"), ("Content-Type", "application/json"))
    return [Request(method="POST", url=URL, headers=headers, body=body) for body in bodies]


def ours(path: Path, count: int) -> None:
    """Load and play in process."""
    replay = Replay(form.load(path))
    for exchange in replay.cassette.exchanges:
        replay(exchange.request)
    if replay.unplayed() or replay.played != count:
        raise SystemExit("not everything was played")


def ours_through_httpx(path: Path, count: int) -> None:
    """Load and play through an httpx client."""
    replay = Replay(form.load(path))
    with httpx.Client(transport=OtpTransport(replay), trust_env=False) as client:
        for exchange in replay.cassette.exchanges:
            client.post(URL, content=exchange.request.body, headers=list(exchange.request.headers))
    if replay.played != count:
        raise SystemExit("not everything was played")


def vcrpys(path: Path, told: list[Request]) -> None:
    """Load and play by vcrpy, through an httpx client."""
    with (
        vcr.use_cassette(str(path), record_mode="none", match_on=MATCH) as cassette,
        httpx.Client(trust_env=False) as client,
    ):
        for request in told:
            client.post(URL, content=request.body, headers=list(request.headers))
        if not cassette.all_played:
            raise SystemExit("not everything was played")


def least(subject, rounds: int) -> float:
    """Return the least CPU time of some rounds, in milliseconds."""
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        subject()
        taken.append((time.process_time() - began) * 1e3)
    return min(taken)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        for count in SIZES:
            path = Path(folder) / f"{count}.yaml"
            pairs = [(request, json_response(200, {"success": True})) for request in requests(count)]
            form.write(Scrubber().scrub(pairs, file="x", made=DAY, target="fake").cassette, path)
            told = [exchange.request for exchange in form.load(path).exchanges]
            rounds = 5 if count < 1000 else 2
            mine = least(lambda path=path, count=count: ours(path, count), rounds)
            door = least(lambda path=path, count=count: ours_through_httpx(path, count), rounds)
            theirs = least(lambda path=path, told=told: vcrpys(path, told), 3 if count == 100 else 1)
            print(
                f"{count:5} exchanges: ours {mine:8.1f} ms ({mine / count * 1e3:5.0f} us each)   "
                f"through httpx {door:8.1f} ms   vcrpy {theirs:9.1f} ms   "
                f"x{theirs / mine:5.1f} (x{theirs / door:4.1f} with the client in both)"
            )


if __name__ == "__main__":
    main()
