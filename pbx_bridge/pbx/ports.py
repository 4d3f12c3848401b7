"""Free loopback ports for a run: below the range from which the system hands out ports by itself."""

from __future__ import annotations

import random
import socket
from contextlib import ExitStack

LOWEST, HIGHEST = 15_000, 32_000
TRIES = 200


def free_port() -> int:
    """A port that is free for TCP and UDP on loopback right now."""
    return free_ports(1).start


def free_ports(count: int) -> range:
    """`count` ports in a row, starting at an even one, as RTP wants them. Raises OSError."""
    for _ in range(TRIES):
        start = random.randrange(LOWEST, HIGHEST - count, 2)  # noqa: S311 (no secret, only spread)
        if all(_is_free(port) for port in range(start, start + count)):
            return range(start, start + count)
    raise OSError(f"No {count} free ports in a row between {LOWEST} and {HIGHEST}.")


def _is_free(port: int) -> bool:
    with ExitStack() as opened:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            probe = opened.enter_context(socket.socket(socket.AF_INET, kind))
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
