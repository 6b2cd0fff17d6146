"""A port to listen on, for tests that start a server which must know its own before."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

FIRST, BEHIND = 20_000, 32_000  # below the range that outgoing connections take theirs from


def free_port() -> int:
    """Return a port that nobody listens on, nor any connection will take meanwhile."""
    while True:
        port = random.randrange(FIRST, BEHIND)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
