"""Ports of this machine for a run: below the range from which the system hands out ports by itself.

Between the moment in which a port is chosen and the one in which a program takes it lie seconds. Whoever
else asks meanwhile, in this process or in another one, is given another port: each port that was handed out
is held by a name that only one process may own (an abstract socket, which leaves nothing behind). Asterisk
takes any free port of its range for speech, so these ranges lie apart and may overlap.
"""

from __future__ import annotations

import random
import socket
from collections import deque
from contextlib import ExitStack

LOWEST, SPEECH, HIGHEST = 15_000, 22_000, 32_000
"""Single ports up to `SPEECH`, ranges for speech from there."""
TRIES = 2000
HELD = 200
"""So many requests stay held in a process: whoever made an older one has long taken the port, or needs it no
more."""

NAME = "\0pbx-bridge port "
"""What a held port is called, before its number."""
_held: deque[list[socket.socket]] = deque()


def free_port() -> int:
    """A port that is free for TCP and UDP on loopback, and that nobody else is given. Raises OSError."""
    return free_ports(1).start


def free_ports(count: int) -> range:
    """`count` such ports in a row, starting at an even one. Raises OSError."""
    for _ in range(TRIES):
        start = random.randrange(LOWEST, SPEECH - count, 2)  # noqa: S311 (no secret, only spread)
        if _hold(range(start, start + count)):
            return range(start, start + count)
    raise OSError(f"No {count} free ports in a row between {LOWEST} and {SPEECH}.")


def speech_ports(count: int) -> range:
    """A range of `count` ports from which an Asterisk takes those that are free."""
    start = random.randrange(SPEECH, HIGHEST - count, 2)  # noqa: S311 (as above)
    return range(start, start + count)


def _hold(ports: range) -> bool:
    """Whether all of them were free; they are ours then."""
    with ExitStack() as opened:
        names = [opened.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) for _ in ports]
        try:
            for name, port in zip(names, ports, strict=True):
                name.bind(f"{NAME}{port}")
                _probe(port)
        except OSError:
            return False
        opened.pop_all()
    while len(_held) >= HELD:
        for name in _held.popleft():
            name.close()
    _held.append(names)
    return True


def _probe(port: int) -> None:
    """Raises OSError when something has taken it without asking here."""
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            probe.bind(("127.0.0.1", port))
