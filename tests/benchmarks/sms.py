"""100,000 messages created in one world: the time of each 10,000, and the memory they keep.

Run by hand: `python tests/benchmarks/sms.py`. The time must not grow from row to row. Nothing is asserted.
"""

from __future__ import annotations

import gc
import time
import tracemalloc
from base64 import b64encode
from urllib.parse import urlencode

from pytest_botpenguin_otp.wire import Request
from pytest_botpenguin_otp.world import World

STEP, STEPS = 10_000, 10


def create(world: World) -> Request:
    """Make the request that creates a message."""
    twilio = world.twilio
    secret = b64encode(f"{twilio.account_sid}:{twilio.auth_token}".encode()).decode()
    return Request(
        method="POST",
        url=f"https://api.twilio.com/2010-04-01/Accounts/{twilio.account_sid}/Messages.json",
        headers=(("Authorization", f"Basic {secret}"),),
        body=urlencode({"To": "+14155550123", "From": twilio.number, "Body": "Your code is 135790"}).encode(),
    )


def main() -> None:
    """Print the table: first the times, then, in another run that is slowed by it, the memory."""
    world = World()
    request = create(world)
    for step in range(1, STEPS + 1):
        began = time.process_time()
        for _ in range(STEP):
            world(request)
        print(f"{step * STEP:7,} messages: {(time.process_time() - began) / STEP * 1e6:5.1f} us each")
    began = time.process_time()
    world.handset().code()
    print(f"reading the newest code then: {(time.process_time() - began) * 1e6:.0f} us")
    del world
    gc.collect()
    tracemalloc.start()
    world = World()
    for _ in range(STEP):
        world(request)
    print(f"memory: {tracemalloc.get_traced_memory()[0] / STEP:,.0f} bytes a message, the journal's events among them")


if __name__ == "__main__":
    main()
