"""Lets no Python process that a test starts reach further than the loopback; each imports this as it begins."""

import os
import re
import sys

LOOPBACK = re.compile(r"127\.[0-9.]+|::1|localhost|")
PLACES = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
}
"""Where each event holds what is reached for: an address or a host."""

LOG = os.environ.get("BOTPENGUIN_OTP_TRAP_LOG")


class TrappedError(AssertionError):
    """A child of a test did what no test may do."""


def trap(event, args):
    """Refuse every host but the loopback by name, and tell the parent, whatever becomes of the error here."""
    place = PLACES.get(event)
    if place is None:
        return
    told = args[place] or ""
    named = told if event.startswith("socket.get") else ""  # an address that is no tuple is the path of a local socket
    host = told[0] if isinstance(told, tuple) else named
    host = host.decode() if isinstance(host, bytes) else host
    if LOOPBACK.fullmatch(host):
        return
    if LOG:
        with open(LOG, "a", encoding="utf-8") as log:  # noqa: PTH123  # nothing more is imported than must be
            log.write(f"{host}\n")
    raise TrappedError(f"a child of a test reached for the network: {host}")


sys.addaudithook(trap)
